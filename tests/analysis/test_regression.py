"""Models of several covariates: edges. Values stand in tests/reference."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sdtm2adam.analysis.covariates import design_of
from sdtm2adam.analysis.logistic import logistic_model
from sdtm2adam.analysis.regression import COLLINEAR, RUNS_AWAY
from sdtm2adam.analysis.survival import cox, cox_model, split_at
from sdtm2adam.errors import UsageError

NAN = float("nan")
TIME, EVENT = [5, 8, 3, 9, 4, 7, 2, 6], [1, 1, 1, 0, 1, 1, 1, 1]
ARM, AGE = [0, 1, 0, 1, 1, 0, 0, 1], [61, 50, 70, 44, 52, 66, 48, 59]

subjects = st.tuples(
    st.integers(1, 9), st.booleans(), st.integers(0, 1), st.sampled_from("AABC"), st.integers(20, 80),
    st.integers(0, 2), st.one_of(st.none(), st.integers(0, 8)),
)  # fmt: skip
trials = st.lists(subjects, min_size=1, max_size=30)


def models(trial):
    """A stratified, a plain and a time-dependent Cox model, and a logistic model, of one trial."""
    time, event, arm, level, age, strata, change = (list(column) for column in zip(*trial, strict=True))
    covariates = {"arm": arm, "level": level, "age": age}
    rows = split_at(time, event, [NAN if at is None else at for at in change])
    later = {name: np.array(values)[rows.subject] for name, values in covariates.items()} | {"hsct": rows.changed}
    yield cox_model(time, event, covariates, strata=strata)
    yield cox_model(time, event, covariates, ties="breslow")
    yield cox_model(rows.stop, rows.event, later, start=rows.start, subject=rows.subject)
    yield logistic_model(event, covariates)


@settings(max_examples=25, deadline=None)
@given(trials)
def test_a_term_is_finite_and_within_its_limits_or_has_a_reason(trial):
    for model in models(trial):
        for each in model.effects:
            ratio = each.ratio
            if ratio.status == "OK":
                assert 0 < ratio.lower <= ratio.estimate <= ratio.upper < np.inf
                assert 0 <= ratio.p <= 1
                assert ratio.upper / ratio.lower < 1e300
            else:
                assert ratio.reason
                assert (ratio.estimate, ratio.lower, ratio.upper, ratio.p, ratio.statistic) == (None,) * 5


@settings(max_examples=15, deadline=None)
@given(trials)
def test_the_order_of_the_subjects_does_not_matter(trial):
    for forth, back in zip(models(trial), models(trial[::-1]), strict=True):
        assert forth == back


@settings(max_examples=25, deadline=None)
@given(trials)
def test_one_covariate_has_the_ratio_of_the_model_of_treatment_alone(trial):
    time, event, arm, _, _, strata, _ = (list(column) for column in zip(*trial, strict=True))
    for by in (None, strata):
        ours, alone = cox_model(time, event, {"arm": arm}, strata=by).effect("arm"), cox(time, event, arm, by)
        assert ours.status == alone.status
        if ours.status == "OK":
            assert np.log([ours.estimate, ours.upper]) == pytest.approx(np.log([alone.estimate, alone.upper]), abs=1e-6)


def test_a_covariate_that_is_a_combination_of_others_is_not_estimable_and_changes_nothing():
    double = cox_model(TIME, EVENT, {"arm": ARM, "age": AGE, "again": [2 * a - 7 for a in AGE]})
    single = cox_model(TIME, EVENT, {"arm": ARM, "age": AGE})
    assert (double.effect("again").status, double.effect("again").reason) == ("NE", COLLINEAR)
    assert double.effect("age").estimate == pytest.approx(single.effect("age").estimate)
    assert double.likelihood_ratio.df == 2


def test_a_constant_covariate_is_not_estimable():
    for model in (
        cox_model(TIME, EVENT, {"one": [0.1] * 8, "age": AGE}),
        logistic_model(EVENT[::-1], {"one": [0.1] * 8, "age": AGE}),
    ):
        assert (model.effect("one").status, model.effect("age").status) == ("NE", "OK")


def test_a_covariate_that_is_constant_within_strata_is_not_estimable():
    model = cox_model(TIME, EVENT, {"site": [1, 1, 1, 1, 2, 2, 2, 2], "age": AGE}, strata=[1, 1, 1, 1, 2, 2, 2, 2])
    assert (model.effect("site").reason, model.effect("age").status) == (COLLINEAR, "OK")


@pytest.mark.bad_input("B094")
def test_complete_separation_is_not_estimable():
    model = logistic_model([0, 0, 0, 0, 1, 1, 1, 1], {"x": [1, 2, 3, 4, 5, 6, 7, 8]})
    assert (model.effect("x").reason, model.wald.status) == (RUNS_AWAY, "NE")
    assert model.likelihood_ratio.statistic == pytest.approx(2 * 8 * np.log(2))  # the supremum of the likelihood


def test_two_terms_that_separate_only_together_are_both_not_estimable():
    # y = 1 exactly where a exceeds b: the direction (1, -1) has no end
    a, b = [1, 2, 3, 4, 5, 6, 7, 8], [2, 1, 4, 3, 6, 5, 8, 7]
    model = logistic_model([int(x > y) for x, y in zip(a, b, strict=True)], {"a": a, "b": b})
    assert {each.ratio.reason for each in model.effects} == {RUNS_AWAY}


@pytest.mark.parametrize(
    ("time", "event", "reason"),
    [([], [], "no row has all covariates"), ([4], [0], "no events"), ([1, 2], [0, 0], "no events")],
)
def test_without_events_nothing_is_estimable(time, event, reason):
    model = cox_model(time, event, {"x": np.arange(len(time), dtype=float)})
    assert (model.status, model.reason, model.effect("x").reason) == ("NE", reason, reason)
    assert model.likelihood_ratio.status == "NE"


def test_one_subject_with_an_event_tells_nothing():
    assert cox_model([4], [1], {"x": [3.0]}).effect("x").reason == COLLINEAR
    assert logistic_model([1], {"x": [3.0]}).effect("x").reason == "all respond"
    assert logistic_model([0, 0], {"x": [3.0, 4.0]}).effect("x").reason == "no responders"
    assert logistic_model([], {"x": []}).effect("x").reason == "no row has all covariates"


def test_rows_with_a_missing_covariate_are_left_out_and_counted():
    holes = [61, 50, NAN, 44, 52, 66, NAN, 59]
    kept = [k for k in range(8) if holes[k] == holes[k]]
    whole, less = cox_model(TIME, EVENT, {"age": holes}), cox_model(
        [TIME[k] for k in kept], [EVENT[k] for k in kept], {"age": [holes[k] for k in kept]}
    )  # fmt: skip
    assert (whole.counts.omitted, whole.counts.rows) == (2, 6)
    assert whole.effect("age") == less.effect("age")
    assert cox_model(TIME, EVENT, {"age": [NAN] * 8}).reason == "no row has all covariates"


def test_factors_are_told_against_their_reference():
    level = ["CR", "CRi", "NR", "CR", " ", "NR", "CRi", "CR"]
    first, named = (cox_model(TIME, EVENT, {"l": level}, reference=ref) for ref in (None, {"l": "NR"}))
    assert [each.term.level for each in first.effects] == ["CRi", "NR"]
    assert [each.term.level for each in named.effects] == ["CR", "CRi"]
    assert first.effect("l", "NR").estimate == pytest.approx(1 / named.effect("l", "CR").estimate)
    assert first.counts.omitted == 1  # the blank
    assert first.by_covariate["l"].statistic == pytest.approx(named.by_covariate["l"].statistic)


def test_a_categorical_keeps_the_order_of_its_categories():
    level = pd.Categorical(["low", "high", "mid", "low", "high", "mid", "low", "high"], ["low", "mid", "high", "none"])
    assert [each.term.level for each in cox_model(TIME, EVENT, {"l": level}).effects] == ["mid", "high"]


def test_a_reference_that_no_row_has_makes_its_levels_not_estimable():
    model = cox_model(TIME, EVENT, {"l": list("ABABABAB"), "age": AGE}, reference={"l": "C"})
    assert {model.effect("l", level).reason for level in "AB"} == {"no row has the reference level C of l"}
    free = cox_model(TIME, EVENT, {"l": list("ABABABAB"), "age": AGE})
    assert model.effect("age").estimate == pytest.approx(free.effect("age").estimate)  # adjusted all the same


def test_a_factor_of_one_level_is_told():
    model = cox_model(TIME, EVENT, {"l": ["A"] * 8, "age": AGE})
    assert model.effect("l", "A").reason == "l has one level only"
    assert model.effect("age").status == "OK"


def test_flags_numbers_and_nullable_types_are_numbers():
    for values in (ARM, [bool(a) for a in ARM], pd.array(ARM, dtype="Int64"), np.array(ARM, dtype=object)):
        assert [term.level for term in design_of(8, {"x": values}).terms] == [""]


def test_covariates_that_say_nothing_are_refused():
    for covariates, reference, message in (
        ({}, None, "no covariate"),
        ({"x": [1, 2]}, None, "2 values of x for 8 rows"),
        ({"x": [np.inf, *AGE[1:]]}, None, "infinite value of x"),
        ({"x": AGE}, {"x": "A"}, "reference for x"),
        ({"x": AGE}, {"y": "A"}, "reference for y"),
    ):
        with pytest.raises(UsageError, match=message):
            cox_model(TIME, EVENT, covariates, reference=reference)


def test_a_term_is_asked_for_by_its_name():
    with pytest.raises(KeyError, match="sex"):
        cox_model(TIME, EVENT, {"age": AGE}).effect("sex")


@pytest.mark.parametrize(
    ("start", "subject", "message"),
    [
        ([0] * 8, None, "without subjects"),
        ([0, 8, 0, 0, 0, 0, 0, 0], range(8), "1 rows do not start before"),
        ([NAN] * 8, range(8), "8 rows do not start before"),
        ([0, 4, 0, 0, 0, 0, 0, 0], [1, 1, 3, 4, 5, 6, 7, 8], "overlap"),
        ([0, 5, 0, 0, 0, 0, 0, 0], [1, 1, 3, 4, 5, 6, 7, 8], "after its event"),
        (None, [1, 1, 3, 4, 5, 6, 7, 8], "several rows"),
    ],
)
def test_rows_that_cannot_stand_beside_each_other_are_refused(start, subject, message):
    with pytest.raises(UsageError, match=message):
        cox_model(TIME, EVENT, {"age": AGE}, start=start, subject=None if subject is None else list(subject))


def test_a_constant_covariate_in_two_rows_is_the_model_of_one_row():
    rows = split_at(TIME, EVENT, [3, 4, 1, 2, NAN, 5, NAN, 1])
    cut = cox_model(rows.stop, rows.event, {"age": np.array(AGE)[rows.subject]}, start=rows.start, subject=rows.subject)
    whole = cox_model(TIME, EVENT, {"age": AGE})
    assert cut.effect("age").estimate == pytest.approx(whole.effect("age").estimate)
    assert (cut.counts.rows, cut.counts.subjects) == (14, 8)


def test_a_change_counts_from_the_day_after_it():
    rows = split_at([10, 10, 10, 10], [1, 1, 1, 1], [0, 10, 11, NAN])
    assert (rows.changed.tolist(), rows.stop.tolist()) == ([1, 0, 0, 0], [10.0] * 4)
    assert split_at([], [], []).subject.size == 0


@pytest.mark.parametrize(
    ("time", "change", "message"), [([0, 4], [1, 1], "not above 0"), ([3, 4], [1, np.inf], "infinite")]
)
def test_times_that_cannot_be_cut_are_refused(time, change, message):
    with pytest.raises(UsageError, match=message):
        split_at(time, [1, 1], change)


def test_the_input_is_not_changed():
    time, age = np.array([3.0, 1.0, 2.0, 4.0]), np.array([50.0, NAN, 60.0, 40.0])
    cox_model(time, [1, 1, 0, 1], {"age": age})
    assert (time.tolist(), age.tolist()[2:]) == ([3, 1, 2, 4], [60.0, 40.0])
