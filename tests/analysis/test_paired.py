"""The signed-rank test of a paired change.

In R: d <- after - before; d <- d[d != 0]; wilcox.test(d, exact = TRUE or FALSE, correct = TRUE).
"""

import numpy as np
import pytest

from sdtm2adam.analysis.paired import paired_change, signed_rank_test
from sdtm2adam.errors import UsageError

# fmt: off
BEFORE = [41.03, 51.85, 65.88, 38.70, 49.20, 51.32, 57.08, 47.60, 69.84, 48.61, 54.18, 59.82, 46.07, 39.60, 67.82,
          26.89, 58.79, 50.36, 60.13, 54.32, 70.91, 38.00, 65.90, 69.55, 50.05, 25.48, 54.77, 44.03, 57.92, 52.90]
AFTER = [43.46, 51.76, 70.34, 35.00, 42.54, 45.75, 44.72, 40.18, 64.49, 45.13, 49.88, 46.07, 39.02, 49.02, 69.55,
         36.84, 54.96, 47.81, 57.03, 45.13, 63.88, 48.40, 60.53, 75.20, 41.76, 11.68, 50.83, 47.65, 62.76, 60.93]
# fmt: on


@pytest.mark.parametrize(
    ("pairs", "name", "v", "p"),
    [
        (12, "WILCOXON EXACT", 8, 0.01220703125),
        (25, "WILCOXON EXACT", 95, 0.0709836483002),
        (30, "WILCOXON NORMAL", 154, 0.108641228241),  # more than 25
    ],
)
def test_the_test_is_exact_up_to_25_pairs(pairs, name, v, p):
    test = signed_rank_test(BEFORE[:pairs], AFTER[:pairs])
    assert (test.test, test.statistic) == (name, v)
    assert test.p == pytest.approx(p, rel=1e-9)


def test_ties_take_the_normal_approximation_and_zeros_are_dropped():
    test = signed_rank_test([5, 7, 9, 4, 6, 8, 7, 5, 6, 9], [4, 5, 9, 5, 4, 5, 6, 3, 7, 4])
    assert (test.test, test.statistic, test.p) == ("WILCOXON NORMAL", 5, pytest.approx(0.0414316183367))


def test_ties_are_seen_through_the_noise_of_binary_fractions():
    assert 10.3 - 10.1 != 20.3 - 20.1
    assert signed_rank_test([10.1, 20.1, 5.0], [10.3, 20.3, 9.0]).test == "WILCOXON NORMAL"
    assert signed_rank_test([0.3, 1.0], [0.1 + 0.2, 2.0]).statistic == 1  # the first is no change


def test_pairs_with_a_missing_value_are_dropped():
    whole = signed_rank_test([1, 2, np.nan, 4, 9], [3, 5, 7, np.nan, 8])
    assert whole == signed_rank_test([1, 2, 9], [3, 5, 8])


def test_without_a_change_the_test_is_not_estimable():
    for before, after in (([], []), ([1, 2], [1, 2]), ([np.nan], [1]), ([0, 0], [0, 0])):
        assert signed_rank_test(before, after).status == "NE"


def test_values_that_are_no_pairs_are_refused():
    with pytest.raises(UsageError, match="give pairs"):
        signed_rank_test([1], [1, 2])
    with pytest.raises(UsageError, match="infinite"):
        signed_rank_test([1], [np.inf])


def test_paired_changes_are_told_over_the_complete_pairs():
    assert paired_change([10, 20, 30, 40, np.nan], [8, 15, 29, np.nan, 1]) == {
        "n": 3,
        "median_before": 20,
        "median_after": 15,
        "median_change": -2,
        "min_change": -5,
        "max_change": -1,
    }


def test_without_a_pair_only_n_is_known_and_one_pair_is_all_of_it():
    nothing = paired_change([1.0], [np.nan])
    assert nothing.pop("n") == 0
    assert set(nothing.values()) == {None}
    assert list(paired_change([10.1], [10.3]).values()) == [1, 10.1, 10.3, 0.2, 0.2, 0.2]


def test_the_exact_test_ends_where_it_is_told():
    assert signed_rank_test(BEFORE[:12], AFTER[:12], exact_up_to=11).test == "WILCOXON NORMAL"
    # wilcox.test(d, exact = TRUE) of all 30
    assert signed_rank_test(BEFORE, AFTER, exact_up_to=49).p == pytest.approx(0.1094320584089)
