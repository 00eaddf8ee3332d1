"""One-sided tests of two proportions, in one table and over strata."""

import math

import numpy as np
import numpy.typing as npt
from scipy import special, stats

from sdtm2adam.analysis.estimate import Estimate, not_estimable
from sdtm2adam.analysis.score_interval import checked_counts
from sdtm2adam.errors import UsageError

CHISQ, CHISQ_CC, FISHER, LRT, CMH = "CHISQ", "CHISQ_CC", "FISHER", "LRT", "CMH"


def one_sided_test(x1: int, n1: int, x2: int, n2: int, fisher_below: float = 5) -> Estimate:
    """One-sided test that the treatment arm has the higher proportion.

    Pearson's test with the pooled rate, without continuity correction: z = (p1 - p2) / sqrt(p (1 - p) (1/n1 + 1/n2)),
    p = 1 - Phi(z). Where an expected count of the 2 x 2 table is below 5, Fisher's exact test: the upper tail of the
    responders in the treatment arm. Where none or all respond, or an arm is empty, not estimable.

    Args:
        x1: responders in the treatment arm.
        n1: subjects in the treatment arm.
        x2: responders in the control arm.
        n2: subjects in the control arm.
        fisher_below: least expected count for Pearson's test; 0 for always Pearson.

    Returns:
        p (one-sided, upper), test (CHISQ or FISHER) and statistic (z, for CHISQ).

    Raises:
        UsageError: the counts are not whole, or not 0 <= x <= n.

    Source: R prop.test(alternative = "greater", correct = FALSE), fisher.test(alternative = "greater"); SAS PROC FREQ.

    >>> one_sided_test(6, 7, 0, 5).test, round(one_sided_test(6, 7, 0, 5).p, 4)
    ('FISHER', 0.0076)
    >>> one_sided_test(39, 53, 22, 48).test, round(one_sided_test(39, 53, 22, 48).p, 4)
    ('CHISQ', 0.0022)
    """
    (x1, n1), (x2, n2) = checked_counts(x1, n1), checked_counts(x2, n2)
    responders, total = x1 + x2, n1 + n2
    if n1 == 0 or n2 == 0:
        return not_estimable("no subjects in an arm")
    if responders in (0, total):
        return not_estimable("no responders" if responders == 0 else "all respond")
    if min(n1, n2) * min(responders, total - responders) < fisher_below * total:
        return Estimate(p=float(stats.hypergeom.sf(x1 - 1, total, responders, n1)), test=FISHER)
    pooled = responders / total
    z = (x1 / n1 - x2 / n2) / math.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2))
    return Estimate(p=float(special.ndtr(-z)), test=CHISQ, statistic=z)


def two_sided_test(x1: int, n1: int, x2: int, n2: int, test: str = FISHER) -> Estimate:
    """Two-sided test that the proportions of two arms differ.

    Fisher's exact test adds the tables that are no more probable than the one seen. Pearson's chi-square of 1 degree of
    freedom, without or with Yates' correction; or the likelihood ratio chi-square. Where none or all respond, or an arm
    is empty, not estimable.

    Args:
        x1: responders in the treatment arm.
        n1: subjects in the treatment arm.
        x2: responders in the control arm.
        n2: subjects in the control arm.
        test: FISHER, CHISQ, CHISQ_CC or LRT.

    Returns:
        p (two-sided), test, and but for FISHER statistic (chi-square) and df.

    Raises:
        UsageError: the counts are not whole, not 0 <= x <= n, or the test is unknown.

    Source: R fisher.test, chisq.test(correct =), SAS PROC FREQ CHISQ.

    >>> round(two_sided_test(6, 7, 0, 5).p, 4)
    0.0152
    """
    (x1, n1), (x2, n2) = checked_counts(x1, n1), checked_counts(x2, n2)
    if test not in (FISHER, CHISQ, CHISQ_CC, LRT):
        raise UsageError(f"test = {test}", where="two_sided_test", mend=f"one of {FISHER}, {CHISQ}, {CHISQ_CC}, {LRT}")
    if n1 == 0 or n2 == 0:
        return not_estimable("no subjects in an arm", test)
    if x1 + x2 in (0, n1 + n2):
        return not_estimable("no responders" if x1 + x2 == 0 else "all respond", test)
    seen = np.array([[x1, n1 - x1], [x2, n2 - x2]])
    if test == FISHER:
        return Estimate(p=float(stats.fisher_exact(seen).pvalue), test=test)
    ratio = "log-likelihood" if test == LRT else "pearson"
    chi_square, p, df, _ = stats.chi2_contingency(seen, correction=test == CHISQ_CC, lambda_=ratio)
    return Estimate(p=float(p), test=test, statistic=float(chi_square), df=int(df))


def cmh_test(
    x1: npt.ArrayLike, n1: npt.ArrayLike, x2: npt.ArrayLike, n2: npt.ArrayLike, *, correction: bool = False
) -> Estimate:
    """One-sided Cochran-Mantel-Haenszel test that the treatment arm has the higher proportion, over strata.

    z = sum(x1 - E) / sqrt(sum V) with the hypergeometric mean and variance of the responders in the treatment arm
    within each stratum, without continuity correction; p = 1 - Phi(z), the signed root of the chi-square. Strata with
    one arm only, or where none or all respond, add nothing. Where no stratum is left, not estimable.

    Args:
        x1: responders in the treatment arm, one per stratum.
        n1: subjects in the treatment arm, one per stratum.
        x2: responders in the control arm, one per stratum.
        n2: subjects in the control arm, one per stratum.
        correction: take 1/2 from the distance between responders and expectation, where it is 1/2 or more.

    Returns:
        p (one-sided, upper), test (CMH), statistic (z) and strata (the informative ones).

    Raises:
        UsageError: the counts are not whole, not 0 <= x <= n, or of different lengths.

    Source: R mantelhaen.test(correct = correction), signed root; SAS PROC FREQ CMH.

    >>> round(cmh_test([5, 8], [10, 10], [2, 4], [10, 12]).p, 4)
    0.0062
    """
    a, size1, b, size2 = counts_by_stratum(x1, n1, x2, n2)
    responders, total = a + b, size1 + size2
    both = (size1 > 0) & (size2 > 0)
    a, size1, size2, responders, total = (part[both] for part in (a, size1, size2, responders, total))
    variance = size1 * size2 * responders * (total - responders) / (total**2 * (total - 1))
    if not variance.any():
        return not_estimable("no stratum with both arms, responders and non-responders", CMH)
    distance = float((a - size1 * responders / total).sum())
    if correction and abs(distance) >= 0.5:
        distance -= math.copysign(0.5, distance)
    z = distance / math.sqrt(variance.sum())
    return Estimate(p=float(special.ndtr(-z)), test=CMH, statistic=z, strata=int(np.count_nonzero(variance)))


def counts_by_stratum(*counts: npt.ArrayLike) -> tuple[npt.NDArray[np.float64], ...]:
    """Counts of the strata as arrays of one length, 0 <= x <= n in each.

    Args:
        counts: x1, n1, x2 and n2, one of each per stratum.

    Raises:
        UsageError: they are not.

    >>> [part.tolist() for part in counts_by_stratum([1], [2], [0], [3])]
    [[1.0], [2.0], [0.0], [3.0]]
    """
    x1, n1, x2, n2 = (np.atleast_1d(np.asarray(part, dtype=np.float64)) for part in counts)
    sound = x1.shape == n1.shape == x2.shape == n2.shape and all(
        bool(((x >= 0) & (x <= n) & (x % 1 == 0) & (n % 1 == 0)).all()) for x, n in ((x1, n1), (x2, n2))
    )
    if not sound:
        raise UsageError(
            "the counts are not whole, not part of their arm, or not one per stratum",
            where="counts by stratum",
            mend="give whole x1 <= n1 and x2 <= n2, one of each per stratum",
        )
    return x1, n1, x2, n2
