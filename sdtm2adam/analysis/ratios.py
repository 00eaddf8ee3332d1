"""Ratios of two arms: relative risk and odds ratio of one table, and the common odds ratio over strata."""

import math

import numpy as np
import numpy.typing as npt

from sdtm2adam.analysis.estimate import Estimate, not_estimable, ratio_by_wald, two_sided_z
from sdtm2adam.analysis.proportion_tests import counts_by_stratum
from sdtm2adam.analysis.score_interval import checked_counts


def odds_ratio(x1: int, n1: int, x2: int, n2: int, conf: float = 0.95) -> Estimate:
    """Odds ratio of treatment to control, with Woolf's interval.

    x1 (n2 - x2) / (x2 (n1 - x1)); Wald limits and two-sided Wald p-value on the log scale, with the variance
    1/x1 + 1/(n1 - x1) + 1/x2 + 1/(n2 - x2). With an empty cell not estimable; nothing is added to the cells.

    Args:
        x1: responders in the treatment arm.
        n1: subjects in the treatment arm.
        x2: responders in the control arm.
        n2: subjects in the control arm.
        conf: confidence level.

    Returns:
        estimate, lower, upper, p and statistic (z).

    Raises:
        UsageError: the counts are not whole, not 0 <= x <= n, or conf is not strictly between 0 and 1.

    Source: Woolf 1955, Annals of Human Genetics 19, 251; SAS PROC FREQ OR(CL = WALD); R glm(binomial) of one factor.

    >>> ratio = odds_ratio(132, 215, 146, 204)
    >>> [round(value, 4) for value in (ratio.estimate, ratio.lower, ratio.upper)]
    [0.6318, 0.4194, 0.9518]
    """
    (x1, n1), (x2, n2) = checked_counts(x1, n1), checked_counts(x2, n2)
    z, cells = two_sided_z(conf), (x1, n1 - x1, x2, n2 - x2)
    if min(cells) == 0:
        return not_estimable("an empty cell")
    error = math.sqrt(sum(1 / cell for cell in cells))
    return ratio_by_wald(math.log(cells[0] * cells[3] / (cells[1] * cells[2])), error, z)


def relative_risk(x1: int, n1: int, x2: int, n2: int, conf: float = 0.95) -> Estimate:
    """Relative risk of treatment to control, with Wald limits on the log scale.

    (x1 / n1) / (x2 / n2); variance 1/x1 - 1/n1 + 1/x2 - 1/n2. Without a responder in an arm not estimable; where all
    respond in both arms the variance is 0 and the limits are not estimable.

    Args:
        x1: responders in the treatment arm.
        n1: subjects in the treatment arm.
        x2: responders in the control arm.
        n2: subjects in the control arm.
        conf: confidence level.

    Returns:
        estimate, lower, upper, p and statistic (z).

    Raises:
        UsageError: the counts are not whole, not 0 <= x <= n, or conf is not strictly between 0 and 1.

    Source: Katz et al. 1978, Biometrics 34, 469; SAS PROC FREQ RELRISK(CL = WALD).

    >>> ratio = relative_risk(132, 215, 146, 204)
    >>> [round(value, 4) for value in (ratio.estimate, ratio.lower, ratio.upper)]
    [0.8579, 0.7482, 0.9836]
    """
    (x1, n1), (x2, n2) = checked_counts(x1, n1), checked_counts(x2, n2)
    z = two_sided_z(conf)
    if x1 == 0 or x2 == 0:
        return not_estimable("no responders in an arm")
    if (x1, x2) == (n1, n2):
        return Estimate(estimate=1.0, reason="limits not estimable where all respond")
    return ratio_by_wald(math.log(x1 * n2 / (x2 * n1)), math.sqrt(1 / x1 - 1 / n1 + 1 / x2 - 1 / n2), z)


def common_odds_ratio(
    x1: npt.ArrayLike, n1: npt.ArrayLike, x2: npt.ArrayLike, n2: npt.ArrayLike, conf: float = 0.95
) -> Estimate:
    """Mantel-Haenszel odds ratio over strata, with the limits of Robins, Breslow and Greenland.

    sum(x1 (n2 - x2) / n) / sum(x2 (n1 - x1) / n); Wald limits and two-sided p-value on the log scale. Strata with one
    arm only, or where none or all respond, add nothing. Where one of the two sums is 0, not estimable.

    Args:
        x1: responders in the treatment arm, one per stratum.
        n1: subjects in the treatment arm, one per stratum.
        x2: responders in the control arm, one per stratum.
        n2: subjects in the control arm, one per stratum.
        conf: confidence level.

    Returns:
        estimate, lower, upper, p, statistic (z) and strata (the informative ones).

    Raises:
        UsageError: the counts are not whole, not 0 <= x <= n, or of different lengths, or conf is no level.

    Source: Robins, Breslow and Greenland 1986, Biometrics 42, 311; R mantelhaen.test; SAS PROC FREQ CMH.

    >>> ratio = common_odds_ratio([62, 7, 63], [110, 10, 95], [86, 7, 53], [118, 10, 76])
    >>> [round(value, 4) for value in (ratio.estimate, ratio.lower, ratio.upper)]
    [0.6269, 0.4162, 0.9442]
    """
    a, size1, c, size2 = counts_by_stratum(x1, n1, x2, n2)
    z, total = two_sided_z(conf), size1 + size2
    told = (size1 > 0) & (size2 > 0) & (a + c > 0) & (a + c < total)
    a, b, c, d, total = (part[told] for part in (a, size1 - a, c, size2 - c, total))
    r, s = a * d / total, b * c / total
    if not r.sum() or not s.sum():
        return not_estimable("no stratum compares responders and non-responders of both arms")
    p, q = (a + d) / total, (b + c) / total
    one, two, three = (p * r).sum() / r.sum() ** 2, (p * s + q * r).sum() / (r.sum() * s.sum()), (q * s).sum()
    variance = float(one + two + three / s.sum() ** 2) / 2
    log_ratio = math.log(float(r.sum() / s.sum()))
    return ratio_by_wald(log_ratio, math.sqrt(variance), z, strata=int(np.count_nonzero(told)))
