"""The log-rank test, the Cox model and its interaction test: edges. Values stand in tests/reference."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdtm2adam.analysis.survival import cox, cox_interaction, log_rank, log_rank_groups
from sdtm2adam.errors import UsageError

subjects = st.tuples(st.integers(1, 10), st.booleans(), st.integers(0, 1), st.integers(1, 3))
trials = st.lists(subjects, min_size=1, max_size=40)


def columns(trial):
    """Time, event, arm, strata."""
    return (np.array(column) for column in zip(*trial, strict=True))


@given(trials)
def test_exchanging_the_arms_turns_the_test_and_the_ratio_round(trial):
    time, event, arm, strata = columns(trial)
    there, back = log_rank(time, event, arm, strata), log_rank(time, event, 1 - arm, strata)
    assert there.status == back.status
    if there.status == "OK":
        assert there.statistic == pytest.approx(-back.statistic, abs=1e-9)
        assert there.p + back.p == pytest.approx(1)
    hr, inverse = cox(time, event, arm, strata), cox(time, event, 1 - arm, strata)
    assert hr.status == inverse.status
    if hr.status == "OK":
        assert np.log([hr.estimate, hr.lower, hr.upper]) == pytest.approx(
            -np.log([inverse.estimate, inverse.upper, inverse.lower]), abs=1e-6
        )


@given(trials)
def test_a_hazard_ratio_is_finite_and_within_its_limits_or_not_estimable(trial):
    time, event, arm, strata = columns(trial)
    for by in (None, strata):
        hr = cox(time, event, arm, by)
        if hr.status == "OK":
            assert 0 < hr.lower <= hr.estimate <= hr.upper < np.inf
            assert 0 <= hr.p <= 1
        else:
            assert hr.reason
            assert (hr.estimate, hr.lower, hr.upper, hr.p) == (None,) * 4


@given(trials)
def test_the_order_of_the_subjects_does_not_matter(trial):
    forth, back = list(columns(trial)), list(columns(trial[::-1]))
    assert log_rank(*forth) == log_rank(*back)
    assert cox(*forth) == cox(*back)
    assert cox_interaction(*forth) == cox_interaction(*back)


@given(trials, st.sampled_from(["efron", "breslow"]))
def test_the_interaction_test_is_finite_or_not_estimable(trial, ties):
    test = cox_interaction(*columns(trial), ties)
    assert test.status == "NE" or (0 <= test.statistic < np.inf and 0 <= test.p <= 1 and test.df >= 1)


def test_fewer_events_in_the_treatment_arm_give_a_small_p_and_a_ratio_below_one():
    time, event = [1, 2, 3, 4, 5, 6, 7, 8], [1] * 8
    arm = [0, 0, 1, 0, 0, 1, 1, 1]
    assert log_rank(time, event, arm).p < 0.05
    assert cox(time, event, arm).estimate < 1


def test_one_stratum_is_no_stratum():
    time, event, arm = [1, 2, 3, 4, 5, 6], [1, 1, 0, 1, 1, 1], [0, 1, 0, 1, 1, 0]
    assert log_rank(time, event, arm, [7] * 6) == log_rank(time, event, arm)
    assert cox(time, event, arm, ["x"] * 6) == cox(time, event, arm)


def test_strata_with_one_arm_only_add_nothing_and_are_not_counted():
    time, event, arm, strata = [1, 2, 3, 4, 5, 6], [1] * 6, [0, 1, 0, 1, 1, 1], [1, 1, 1, 1, 2, 2]
    four = slice(0, 4)
    for method in (log_rank, cox):
        whole, kept = method(time, event, arm, strata), method(time[four], event[four], arm[four], strata[four])
        assert (whole.statistic, whole.p) == pytest.approx((kept.statistic, kept.p))
        assert (whole.strata, kept.strata) == (1, 1)


@pytest.mark.parametrize(
    ("time", "event", "arm", "reason"),
    [
        ([], [], [], "no events"),
        ([1, 2, 3, 4], [0, 0, 0, 0], [0, 1, 0, 1], "no events"),
        ([1, 2, 3, 4], [1, 0, 1, 0], [0, 1, 0, 1], "no events in an arm"),
        ([1, 2, 3, 4], [1, 1, 1, 1], [1, 1, 1, 1], "no events in an arm"),
        ([1, 2, 3, 4], [1, 1, 1, 1], [1, 1, 0, 0], "while both arms are at risk, all events are in one arm"),
    ],
)
def test_a_ratio_without_a_maximum_is_not_estimable(time, event, arm, reason):
    hr = cox(time, event, arm)
    assert (hr.status, hr.reason, hr.estimate, hr.lower, hr.upper, hr.p) == ("NE", reason, None, None, None, None)


def test_a_ratio_without_a_risk_set_of_both_arms_is_not_estimable():
    hr = cox([1, 2, 3, 4], [1, 1, 1, 1], [1, 1, 0, 0], [1, 1, 2, 2])
    assert (hr.status, hr.reason) == ("NE", "no event while both arms are at risk")


@pytest.mark.parametrize(
    ("time", "event", "arm"),
    [
        ([], [], []),
        ([1, 2], [0, 0], [0, 1]),
        ([1, 2], [1, 1], [1, 1]),
        ([5, 5], [1, 1], [0, 1]),  # all at once: nothing to compare
    ],
)
def test_a_log_rank_test_without_variance_is_not_estimable(time, event, arm):
    test = log_rank(time, event, arm)
    assert (test.status, test.p, test.statistic) == ("NE", None, None)


def test_an_interaction_needs_two_groups_with_events_in_both_arms_at_risk():
    time, event, arm = [1, 2, 3, 4, 5, 6, 7, 8], [1] * 8, [0, 1, 1, 0, 0, 1, 0, 1]
    assert cox_interaction(time, event, arm, [1] * 8).status == "NE"
    assert cox_interaction(time, [1, 1, 1, 1, 0, 0, 0, 0], arm, [1] * 4 + [2] * 4).status == "NE"
    assert cox_interaction(time, event, [0, 1, 1, 0, 1, 1, 1, 1], [1] * 4 + [2] * 4).status == "NE"
    assert cox_interaction([], [], [], []).status == "NE"


def test_a_group_without_events_takes_no_degree_of_freedom():
    # R counts one for it: anova(coxph(s ~ arm + g), coxph(s ~ arm * g)) gives the same chi-square on 2 df, not 1
    time, event = [1, 2, 3, 4, 5, 6, 7, 8, 3, 6], [1] * 8 + [0, 0]
    arm, group = [0, 1, 1, 0, 0, 1, 0, 1, 0, 1], [1] * 4 + [2] * 4 + [3] * 2
    whole, kept = (cox_interaction(time[:n], event[:n], arm[:n], group[:n]) for n in (10, 8))
    assert (whole.df, whole.statistic) == (1, kept.statistic)


def test_an_unknown_treatment_of_ties_is_refused():
    with pytest.raises(UsageError, match="efron, breslow"):
        cox([1, 2], [1, 1], [0, 1], ties="exact")


def test_arms_are_coded_zero_and_one():
    for method in (log_rank, cox):
        with pytest.raises(UsageError, match="arm holds values other than 0 and 1"):
            method([1, 2], [1, 1], [1, 2])
        with pytest.raises(UsageError, match="1 values of arm for 2 subjects"):
            method([1, 2], [1, 1], [1])
        with pytest.raises(UsageError, match="strata is missing"):
            method([1, 2], [1, 1], [0, 1], [None, "a"])


@given(trials, st.sampled_from(["logrank", "peto_peto"]))
def test_two_groups_have_the_square_of_the_test_of_two_arms(trial, weight):
    time, event, arm, strata = columns(trial)
    two, groups = log_rank(time, event, arm, strata, weight), log_rank_groups(time, event, arm, strata, weight)
    assert two.status == groups.status
    if two.status == "OK":
        assert (groups.statistic, groups.df) == (pytest.approx(two.statistic**2, abs=1e-9), 1)


def test_a_group_that_is_never_at_risk_with_others_takes_no_degree_of_freedom():
    time, event, group = [1, 2, 3, 4, 5, 6], [0, 0, 1, 1, 1, 1], ["early", "early", "b", "c", "b", "c"]
    assert log_rank_groups(time, event, group).df == 1


@pytest.mark.parametrize("weight", ["logrank", "peto_peto"])
def test_groups_that_cannot_be_compared_are_not_estimable(weight):
    for time, event, group in (([], [], []), ([1, 2], [0, 0], "ab"), ([1, 2], [1, 1], "aa"), ([5, 5], [1, 1], "ab")):
        test = log_rank_groups(time, event, list(group), None, weight)
        assert (test.status, test.p, bool(test.reason)) == ("NE", None, True)


def test_a_level_that_is_missing_is_refused():
    with pytest.raises(UsageError, match="group is missing"):
        log_rank_groups([1, 2], [1, 1], ["a", None])
    with pytest.raises(UsageError, match="strata is missing"):
        log_rank_groups([1, 2], [1, 1], ["a", "b"], [None, 1])
