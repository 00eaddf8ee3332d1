"""Differences, ratios and tests over strata, and of one table: edges. Values stand in tests/reference."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sdtm2adam.analysis.proportions import (
    common_odds_ratio,
    difference,
    odds_ratio,
    proportion,
    relative_risk,
    stratified_difference,
    two_sided_test,
)
from sdtm2adam.errors import UsageError

WEIGHTS = ("mantel_haenszel", "miettinen_nurminen", "inverse_variance")
METHODS = ("miettinen_nurminen", "newcombe", "wald", "sato")


def arm():
    return st.integers(0, 12).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


tables = st.lists(st.tuples(arm(), arm()), min_size=1, max_size=5)


def counts(strata):
    return [[table[k][part] for table in strata] for k in (0, 1) for part in (0, 1)]


@settings(max_examples=25, deadline=None)
@given(tables, st.sampled_from(WEIGHTS))
def test_score_limits_hold_the_estimate_or_there_is_a_reason(strata, weights):
    effect = stratified_difference(*counts(strata), weights=weights)
    if effect.status == "OK":
        assert -1 <= effect.lower <= effect.estimate <= effect.upper <= 1
    else:
        assert not any(a[1] and b[1] for a, b in strata)


@settings(max_examples=15, deadline=None)
@given(tables)
def test_exchanging_the_arms_turns_the_difference_round(strata):
    there, back = (stratified_difference(*counts(each)) for each in (strata, [table[::-1] for table in strata]))
    assert there.status == back.status
    if there.status == "OK":
        assert (there.estimate, there.lower, there.upper) == pytest.approx(
            (-back.estimate, -back.upper, -back.lower), abs=1e-9
        )


@pytest.mark.parametrize("weights", WEIGHTS)
def test_one_stratum_is_the_unstratified_difference(weights):
    one, plain = stratified_difference([84], [107], [33], [93], weights=weights), difference(84, 107, 33, 93)
    assert (one.estimate, one.lower, one.upper) == pytest.approx((plain.estimate, plain.lower, plain.upper))
    wald = stratified_difference([84], [107], [33], [93], method="wald")
    expected = difference(84, 107, 33, 93, method="wald")
    assert (wald.lower, wald.upper) == pytest.approx((expected.lower, expected.upper))


@pytest.mark.parametrize("method", METHODS)
def test_strata_with_one_arm_only_are_dropped(method):
    whole = stratified_difference([5, 8, 3, 0], [10, 10, 4, 0], [2, 4, 0, 0], [10, 12, 0, 9], method=method)
    kept = stratified_difference([5, 8], [10, 10], [2, 4], [10, 12], method=method)
    assert (whole, whole.strata) == (kept, 2)


@pytest.mark.parametrize("method", METHODS)
def test_no_stratum_with_both_arms_is_not_estimable(method):
    for empty in (([], [], [], []), ([1], [2], [0], [0]), ([1, 0], [2, 0], [0, 1], [0, 3])):
        assert stratified_difference(*empty, method=method).reason == "no stratum with both arms"


def test_strata_without_variance_have_score_limits_but_none_of_newcombe():
    full = ([4, 6], [4, 6], [0, 0], [5, 5])
    score, newcombe = stratified_difference(*full), stratified_difference(*full, method="newcombe")
    assert (score.estimate, score.upper) == (1.0, 1.0)
    assert score.lower < 1
    assert (newcombe.status, newcombe.lower_status) == ("OK", "NE")
    for weights in WEIGHTS:  # none respond anywhere
        none = stratified_difference([0, 0], [4, 6], [0, 0], [5, 5], weights=weights)
        assert none.estimate == pytest.approx(0, abs=1e-9)
        assert none.lower < 0 < none.upper


def test_one_subject_in_each_arm_still_has_score_limits():
    effect = stratified_difference([1, 0], [1, 1], [0, 0], [1, 1])
    assert (effect.status, effect.estimate) == ("OK", 0.5)
    assert -1 <= effect.lower < 0.5 < effect.upper <= 1


def test_closed_forms_have_their_own_weights():
    with pytest.raises(UsageError, match="wald with weights inverse_variance"):
        stratified_difference([1], [2], [1], [2], method="wald", weights="inverse_variance")
    with pytest.raises(UsageError, match="not part of their arm"):
        stratified_difference([3], [2], [1], [2])


def test_ratios_with_an_empty_cell_are_not_estimable():
    for table in ((0, 9, 3, 9), (9, 9, 3, 9), (3, 9, 0, 9), (3, 9, 9, 9), (0, 0, 3, 9)):
        assert odds_ratio(*table).reason == "an empty cell"
    for table in ((0, 9, 3, 9), (3, 9, 0, 9), (0, 0, 1, 2)):
        assert relative_risk(*table).reason == "no responders in an arm"
    full = relative_risk(9, 9, 4, 4)
    assert (full.estimate, full.lower_status, full.upper_status) == (1.0, "NE", "NE")


def test_a_common_odds_ratio_needs_both_kinds_of_discordance():
    one = common_odds_ratio([84, 0], [107, 0], [33, 5], [93, 9])
    assert (one.estimate, one.strata) == (pytest.approx(odds_ratio(84, 107, 33, 93).estimate), 1)
    for empty in (([], [], [], []), ([3], [3], [1], [4]), ([0], [3], [1], [4]), ([1], [2], [0], [0])):
        assert common_odds_ratio(*empty).status == "NE"


@pytest.mark.parametrize("test", ["FISHER", "CHISQ", "CHISQ_CC", "LRT"])
def test_two_sided_tests_without_two_outcomes_or_two_arms_are_not_estimable(test):
    for table in ((0, 9, 0, 9), (9, 9, 9, 9), (0, 0, 3, 9), (3, 9, 0, 0)):
        result = two_sided_test(*table, test)
        assert (result.status, result.p, bool(result.reason)) == ("NE", None, True)
    assert two_sided_test(1, 1, 0, 1, test).status == "OK"
    with pytest.raises(UsageError, match="test = other"):
        two_sided_test(1, 2, 1, 2, "other")


@pytest.mark.parametrize("method", ["wilson", "wilson_cc", "jeffreys"])
def test_limits_of_one_rate_stay_within_0_and_1_and_end_there(method):
    none, whole, one = (proportion(*table, method=method) for table in ((0, 7), (7, 7), (1, 1)))
    assert (none.lower, whole.upper, one.upper) == (0.0, 1.0, 1.0)
    assert 0 < none.upper < 1
    assert 0 < whole.lower < 1
    assert proportion(0, 0, method=method).status == "NE"


@given(st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_limits_are_where_the_score_test_stands_at_its_critical_value(table):
    x, n = table
    rate = proportion(x, n, method="wilson")
    for limit in (rate.lower, rate.upper):
        if 0 < limit < 1:
            z = (x / n - limit) / np.sqrt(limit * (1 - limit) / n)
            assert abs(z) == pytest.approx(1.959963984540054)
