"""The second computation is right by itself: published confidence limits and p-values, and cases done by hand."""

import numpy as np
import pandas as pd
import pytest
from printed_cells import count, fitted, fixed, interval, p_value, ratio
from recomputed_statistics import (
    clopper_pearson,
    kaplan_meier,
    log_rank,
    miettinen_nurminen,
    proportion_test,
    quartile,
)


@pytest.mark.parametrize(
    ("x", "n", "printed"),
    [
        (88, 109, "(72.1, 87.7)"),
        (32, 109, "(21.0, 38.8)"),
        (0, 35, "(0.0, 10.0)"),
        (35, 35, "(90.0, 100.0)"),
        (84, 107, "(69.5, 85.9)"),
        (23, 35, "(47.8, 80.9)"),
    ],
)
def test_exact_limits_are_the_published_ones(x: int, n: int, printed: str) -> None:
    assert interval(*clopper_pearson(x, n, 0.95), 1) == printed


@pytest.mark.parametrize(
    ("counts", "printed"),
    [
        ((84, 107, 33, 93), "(29.9, 54.7)"),
        ((23, 35, 11, 36), "(11.9, 54.8)"),
        ((121, 164, 50, 162), "(32.7, 52.2)"),
        ((0, 10, 0, 12), "(-25.1, 28.7)"),
    ],
)
def test_score_limits_are_those_of_r(counts: tuple[int, int, int, int], printed: str) -> None:
    assert interval(*miettinen_nurminen(*counts, 0.95), 1) == printed


@pytest.mark.parametrize(
    ("counts", "printed"),
    [((39, 53, 22, 48), "0.0022"), ((6, 7, 0, 5), "0.0076 F"), ((5, 5, 1, 8), "0.0047 F")],
)
def test_p_values_of_proportions_are_the_published_ones(counts: tuple[int, int, int, int], printed: str) -> None:
    assert p_value(*proportion_test(*counts)) == printed


def test_quantiles_take_the_middle_of_a_step() -> None:
    values = pd.Series([1.0, 2.0, 3.0, 4.0])
    assert (quartile(values, 0.25), quartile(values, 0.75)) == (1.5, 3.5)
    assert kaplan_meier(values, pd.Series([True] * 4)).quantile(0.5) == 2.5
    censored = kaplan_meier(values, pd.Series([True, True, False, False]))
    assert censored.quantile(0.5) == 3.0  # the middle of 2 and 4, the last time observed
    assert censored.quantile(0.75) is None


def test_arms_alike_have_no_difference_and_the_better_arm_a_small_p() -> None:
    time = pd.Series(np.arange(1.0, 21.0))
    dies = pd.Series([True] * 20)
    late = time > 10
    assert log_rank(time, dies, late) < 0.0001
    assert log_rank(time, dies, ~late) > 0.9999
    twice = pd.concat([time, time], ignore_index=True)
    same = log_rank(twice, pd.Series([True] * 40), pd.Series([True] * 20 + [False] * 20))
    assert same == pytest.approx(0.5)


def test_numbers_are_rounded_once_half_away_from_zero() -> None:
    assert [count(n, 32) for n in (2, 6, 10, 32, 0)] == ["2 (6.3)", "6 (18.8)", "10 (31.3)", "32 (100.0)", "0"]
    assert (count(1, 2500), count(2499, 2500)) == ("1 (<0.1)", "2499 (>99.9)")
    assert [fixed(100 * 0.285, 0), fixed(-0.04, 1), fixed(-2.25, 1), fixed(None, 1)] == ["29", "0.0", "-2.3", "NE"]
    assert (ratio(100.0), ratio(0.004), ratio(0.7749)) == (">99.99", "<0.01", "0.77")
    assert [p_value(p) for p in (0.00009, 0.99995, 0.00005, 0.0001)] == ["<0.0001", ">0.9999", "<0.0001", "0.0001"]
    assert fitted(["(90.0, 100.0)", "(1.0, 2.0)"], 12) == ["(90.0,100.0)", "(1.0,2.0)"]
