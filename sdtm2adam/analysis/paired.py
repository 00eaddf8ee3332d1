"""Paired change: the same subjects before and after."""

import math

import numpy as np
import numpy.typing as npt
from scipy import stats

from sdtm2adam.analysis.estimate import Estimate, not_estimable
from sdtm2adam.errors import UsageError

_EXACT_UP_TO = 25
EXACT, NORMAL = "WILCOXON EXACT", "WILCOXON NORMAL"


def signed_rank_test(before: npt.ArrayLike, after: npt.ArrayLike) -> Estimate:
    """Wilcoxon's signed-rank test of the change, two-sided.

    Pairs with a missing value and changes of zero are dropped. Exact with at most 25 changes and no ties among their
    sizes; else the normal approximation with continuity correction and the variance corrected for ties. Without a
    change not estimable.

    Args:
        before: baseline values, NaN where missing.
        after: values of the same subjects afterwards.

    Returns:
        p (two-sided), test (WILCOXON EXACT or WILCOXON NORMAL) and statistic (sum of the ranks of the increases).

    Raises:
        UsageError: the lengths differ, or a value is infinite.

    Source: R wilcox.test(after, before, paired = TRUE, exact =, correct = TRUE), zeros taken out first.

    >>> round(signed_rank_test([10, 20, 30, 40], [8, 15, 29, 37]).p, 4)
    0.125
    """
    first, second = (np.asarray(values, dtype=np.float64).ravel() for values in (before, after))
    if first.size != second.size:
        raise UsageError(f"{first.size} values before, {second.size} after", where="paired change", mend="give pairs")
    change = _changes(first, second)
    if not change.size:
        return not_estimable("no change in any pair")
    ranks = stats.rankdata(np.abs(change))
    exact = change.size <= _EXACT_UP_TO and np.unique(ranks).size == change.size
    result = stats.wilcoxon(change, correction=not exact, method="exact" if exact else "asymptotic")
    increases = float(ranks[change > 0].sum())
    return Estimate(p=float(result.pvalue), test=EXACT if exact else NORMAL, statistic=increases)


def _changes(first: npt.NDArray[np.float64], second: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The changes that are not zero, without the noise of binary fractions: 10.3 - 10.1 ties with 20.3 - 20.1."""
    paired = ~np.isnan(first) & ~np.isnan(second)
    first, second = first[paired], second[paired]
    largest = max(np.abs(first).max(initial=0), np.abs(second).max(initial=0))
    if not np.isfinite(largest):
        raise UsageError("a value is infinite", where="paired change", mend="set it missing or correct it")
    digits = 12 - math.ceil(math.log10(largest)) if largest else 0
    change = np.round(second - first, digits)
    moved: npt.NDArray[np.float64] = change[change != 0]
    return moved
