"""Proportions: rates, differences and one-sided tests. Percentages in comments and vectors are published or from R."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdtm2adam.analysis.proportions import cmh_test, difference, logistic_interaction, one_sided_test, proportion
from sdtm2adam.compute.rounding import format_fixed
from sdtm2adam.errors import UsageError


def arm(largest):
    return st.integers(1, largest).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def percents(*values):
    return [format_fixed(None if value is None else 100 * value, 1) for value in values]


@pytest.mark.parametrize(
    ("x", "n", "lower", "upper"),
    [
        (0, 35, "0.0", "10.0"),
        (35, 35, "90.0", "100.0"),
        (84, 107, "69.5", "85.9"),
        (23, 35, "47.8", "80.9"),
        (88, 109, "72.1", "87.7"),  # the published intervals
        (32, 109, "21.0", "38.8"),
        (121, 164, "66.4", "80.3"),
        (50, 162, "23.9", "38.6"),
        (69, 88, "68.4", "86.5"),
        (9, 32, "13.7", "46.7"),
    ],
)
def test_exact_intervals_of_the_trial(x, n, lower, upper):
    rate = proportion(x, n)
    assert percents(rate.lower, rate.upper) == [lower, upper]


def test_a_rate_without_subjects_is_not_estimable():
    assert (proportion(0, 0).status, proportion(0, 0).lower_status) == ("NE", "NE")


@given(arm(300))
def test_exact_intervals_mirror_and_hold_the_rate(counts):
    x, n = counts
    rate, mirror = proportion(x, n), proportion(n - x, n)
    assert 0 <= rate.lower <= rate.estimate <= rate.upper <= 1
    assert (1 - rate.upper, 1 - rate.lower) == pytest.approx((mirror.lower, mirror.upper), abs=1e-12)


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        # ratesci::scoreci(x1, n1, x2, n2, contrast = "RD", skew = FALSE), ratesci 1.0.0
        ((84, 107, 33, 93), ["43.0", "29.9", "54.7"]),
        ((23, 35, 11, 36), ["35.2", "11.9", "54.8"]),
        ((121, 164, 50, 162), ["42.9", "32.7", "52.2"]),
        ((0, 10, 0, 12), ["0.0", "-25.1", "28.7"]),
    ],
)
def test_score_intervals_of_the_trial(table, expected):
    effect = difference(*table)
    assert percents(effect.estimate, effect.lower, effect.upper) == expected


@pytest.mark.parametrize(
    ("table", "limits"),
    [((56, 70, 48, 80), [0.0528, 0.3382]), ((9, 10, 3, 10), [0.1700, 0.8406])],
)
def test_score_intervals_of_tables_that_break_other_programs(table, limits):
    # in R: the restricted rate by optimize() over the binomial likelihood, the limits by uniroot() of the score test
    effect = difference(*table)
    assert [effect.lower, effect.upper] == pytest.approx(limits, abs=5e-5)


def test_the_wald_interval_of_the_trial():
    effect = difference(88, 109, 32, 109, conf=0.975, method="wald")
    assert percents(effect.lower, effect.upper) == ["38.4", "64.3"]
    assert percents(difference(6, 7, 0, 5, method="wald").upper) == ["111.6"]  # why it is not the default


@given(arm(60), arm(60))
def test_score_intervals_mirror_and_hold_the_difference(treatment, control):
    there, back = difference(*treatment, *control), difference(*control, *treatment)
    assert -1 <= there.lower <= there.estimate <= there.upper <= 1
    assert there.lower < there.upper
    assert (there.lower, there.upper) == pytest.approx((-back.upper, -back.lower), abs=1e-9)


def test_a_full_difference_ends_at_one():
    assert (difference(5, 5, 0, 5).upper, difference(0, 5, 5, 5).lower) == (1.0, -1.0)


def test_a_difference_with_an_empty_arm_is_not_estimable():
    assert [difference(0, 0, 1, 2).status, difference(1, 2, 0, 0).status] == ["NE", "NE"]


def test_an_unknown_method_is_refused():
    with pytest.raises(UsageError, match="ci_diff = exact"):
        difference(1, 2, 1, 2, method="exact")
    with pytest.raises(UsageError, match="one of clopper_pearson, wilson"):
        proportion(1, 2, method="exact")


@pytest.mark.parametrize("conf", [0, 1, 95])
def test_a_confidence_level_is_a_fraction(conf):
    with pytest.raises(UsageError, match="conf"):
        difference(1, 2, 1, 2, conf)
    with pytest.raises(UsageError, match="conf"):
        proportion(1, 2, conf)


@pytest.mark.parametrize(
    ("table", "test", "p"),
    [
        ((39, 53, 22, 48), "CHISQ", "0.0022"),  # published
        ((6, 7, 0, 5), "FISHER", "0.0076"),
        ((5, 5, 1, 8), "FISHER", "0.0047"),
    ],
)
def test_one_sided_tests_of_the_trial(table, test, p):
    result = one_sided_test(*table)
    assert (result.test, format_fixed(result.p, 4)) == (test, p)


def test_fisher_is_taken_where_an_expected_count_is_below_five_and_not_where_it_is_five():
    assert one_sided_test(4, 10, 6, 10).test == "CHISQ"  # expected responders 5.0
    assert one_sided_test(4, 10, 5, 10).test == "FISHER"  # expected responders 4.5
    assert one_sided_test(4, 10, 5, 10, fisher_below=0).test == "CHISQ"


def test_without_responders_or_with_responders_only_the_test_is_not_estimable():
    tables = ((0, 9, 0, 9), (9, 9, 9, 9), (0, 0, 3, 9), (3, 9, 0, 0))
    assert {one_sided_test(*table).status for table in tables} == {"NE"}


@pytest.mark.parametrize(("x", "n"), [(3, 2), (-1, 2), (0.5, 2), (float("nan"), 2)])
def test_responders_outside_their_arm_are_refused(x, n):
    for method in (one_sided_test, difference):
        with pytest.raises(UsageError, match="responders of"):
            method(x, n, 1, 2)
    with pytest.raises(UsageError, match="responders of"):
        proportion(x, n)
    with pytest.raises(UsageError, match="not part of their arm"):
        cmh_test([x], [n], [1], [2])


def test_strata_with_one_arm_only_or_one_outcome_only_are_dropped():
    whole = cmh_test([5, 8, 3, 0, 4], [10, 10, 4, 0, 4], [2, 4, 0, 3, 5], [10, 12, 0, 9, 5])
    kept = cmh_test([5, 8], [10, 10], [2, 4], [10, 12])
    assert (whole.statistic, whole.p, whole.strata) == (kept.statistic, kept.p, 2)
    # pnorm(-sqrt(mantelhaen.test(array(c(5, 2, 5, 8, 8, 4, 2, 8), c(2, 2, 2)), correct = FALSE)$statistic))
    assert kept.p == pytest.approx(0.006173075, rel=1e-6)


def test_no_informative_stratum_is_not_estimable():
    assert {cmh_test([0], [3], [0], [3]).status, cmh_test([], [], [], []).status} == {"NE"}
    assert cmh_test([1], [2], [0], [0]).status == "NE"


def test_the_stratified_test_of_one_stratum_is_pearson_with_n_minus_one():
    plain, one = one_sided_test(39, 53, 22, 48), cmh_test([39], [53], [22], [48])
    assert one.statistic == pytest.approx(plain.statistic * np.sqrt(100 / 101))


def expand(*cells):
    """Subjects of cells (responders, subjects) in the order group 1 treatment, control, group 2 treatment, ..."""
    response = np.concatenate([[1] * x + [0] * (n - x) for x, n in cells])
    arms = np.concatenate([[1 - i % 2] * n for i, (_, n) in enumerate(cells)])
    groups = np.concatenate([[i // 2] * n for i, (_, n) in enumerate(cells)])
    return response, arms, groups


def test_equal_odds_ratios_do_not_interact():
    test = logistic_interaction(*expand((8, 10), (5, 10), (16, 20), (10, 20)))
    assert (test.statistic, test.p) == pytest.approx((0, 1), abs=1e-6)


def test_two_empty_cells_of_responders_keep_the_interaction_finite():
    test = logistic_interaction(*expand((10, 10), (5, 10), (5, 10), (0, 10)))
    assert 0 <= test.statistic < 1
    opposite = logistic_interaction(*expand((10, 10), (5, 10), (0, 10), (5, 10)))
    assert opposite.p < 0.001


def test_a_group_without_information_takes_no_degree_of_freedom():
    tables = ((8, 10), (5, 10), (6, 10), (7, 10))
    whole = logistic_interaction(*expand(*tables, (0, 5), (0, 6)))
    assert (whole.statistic, whole.df) == (pytest.approx(logistic_interaction(*expand(*tables)).statistic), 1)
    one_arm = logistic_interaction(*expand(*tables, (3, 5), (0, 0)))
    assert one_arm.df == 1


def test_fewer_than_two_groups_are_not_estimable():
    assert logistic_interaction(*expand((8, 10), (5, 10))).status == "NE"
    assert logistic_interaction(*expand((8, 10), (5, 10), (0, 10), (0, 10))).status == "NE"
    assert logistic_interaction([], [], []).status == "NE"


def test_the_names_of_the_groups_do_not_matter_but_for_a_trend():
    response, arms, groups = expand((8, 10), (5, 10), (6, 10), (7, 10))
    names = np.array(["GE90", "LT90"])[groups]
    assert logistic_interaction(response, arms, names).p == logistic_interaction(response, arms, groups).p
    with pytest.raises(UsageError, match="trend"):
        logistic_interaction(response, arms, names, trend=True)


def test_a_missing_group_is_refused():
    with pytest.raises(UsageError, match="group is missing"):
        logistic_interaction([1, 0], [1, 0], [1.0, np.nan])
