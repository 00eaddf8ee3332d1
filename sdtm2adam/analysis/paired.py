"""Paired change: the same subjects before and after."""

import math

import numpy as np
import numpy.typing as npt
from scipy import stats

from sdtm2adam.analysis.estimate import Estimate, not_estimable
from sdtm2adam.analysis.risk import Floats
from sdtm2adam.analysis.summary import percentile, summarise
from sdtm2adam.errors import UsageError

EXACT, NORMAL = "WILCOXON EXACT", "WILCOXON NORMAL"


def paired_change(before: npt.ArrayLike, after: npt.ArrayLike, percentiles: str = "sas5") -> dict[str, float | None]:
    """Medians before and after, and median and range of the change, over the complete pairs.

    Change is after minus before. Pairs with a missing value are left out everywhere, so all statistics have the same
    subjects. Without a pair all but n are None (not estimable).

    Args:
        before: baseline values, NaN where missing.
        after: values of the same subjects afterwards.
        percentiles: definition of the medians, `sas5`, `sas4` or `r7` (setting percentile).

    Returns:
        n, median_before, median_after, median_change, min_change and max_change, unrounded.

    Raises:
        UsageError: the lengths differ, a value is infinite, or the definition is unknown.

    >>> paired_change([10, 20, 30, 40], [8, 15, 29, float("nan")])["median_change"]
    -2.0
    """
    first, second = _pairs(before, after)
    change = _rounded(first, second)
    of_change = summarise(change, percentiles)
    return {
        "n": first.size,
        "median_before": percentile(first, 0.5, percentiles),
        "median_after": percentile(second, 0.5, percentiles),
        "median_change": of_change["median"],
        "min_change": of_change["min"],
        "max_change": of_change["max"],
    }


def signed_rank_test(before: npt.ArrayLike, after: npt.ArrayLike, exact_up_to: int = 25) -> Estimate:
    """Wilcoxon's signed-rank test of the change, two-sided.

    Pairs with a missing value and changes of zero are dropped. Exact with at most 25 changes and no ties among
    their sizes; else the normal approximation with continuity correction and the variance corrected for ties. Without a
    change not estimable.

    Args:
        before: baseline values, NaN where missing.
        after: values of the same subjects afterwards.
        exact_up_to: most changes for the exact test; SAS has 20, R 49.

    Returns:
        p (two-sided), test (WILCOXON EXACT or WILCOXON NORMAL) and statistic (sum of the ranks of the increases).

    Raises:
        UsageError: the lengths differ, or a value is infinite.

    Source: R wilcox.test(after, before, paired = TRUE, exact =, correct = TRUE), zeros taken out first.

    >>> round(signed_rank_test([10, 20, 30, 40], [8, 15, 29, 37]).p, 4)
    0.125
    """
    change = _rounded(*_pairs(before, after))
    change = change[change != 0]
    if not change.size:
        return not_estimable("no change in any pair")
    ranks = stats.rankdata(np.abs(change))
    exact = change.size <= exact_up_to and np.unique(ranks).size == change.size
    result = stats.wilcoxon(change, correction=not exact, method="exact" if exact else "asymptotic")
    increases = float(ranks[change > 0].sum())
    return Estimate(p=float(result.pvalue), test=EXACT if exact else NORMAL, statistic=increases)


def _pairs(before: npt.ArrayLike, after: npt.ArrayLike) -> tuple[Floats, Floats]:
    """The values of the complete pairs."""
    first, second = (np.asarray(values, dtype=np.float64).ravel() for values in (before, after))
    if first.size != second.size:
        raise UsageError(f"{first.size} values before, {second.size} after", where="paired change", mend="give pairs")
    paired = ~np.isnan(first) & ~np.isnan(second)
    first, second = first[paired], second[paired]
    if np.isinf(first).any() or np.isinf(second).any():
        raise UsageError("a value is infinite", where="paired change", mend="set it missing or correct it")
    return first, second


def _rounded(first: Floats, second: Floats) -> Floats:
    """The changes without the noise of binary fractions: 10.3 - 10.1 ties with 20.3 - 20.1."""
    largest = max(np.abs(first).max(initial=0), np.abs(second).max(initial=0))
    digits = 12 - math.ceil(math.log10(largest)) if largest else 0
    change: Floats = np.round(second - first, digits)
    return change
