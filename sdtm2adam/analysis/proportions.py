"""Proportions of responders: rates, differences and tests. Every method, from one door."""

import math

from scipy import special

from sdtm2adam.analysis.estimate import Estimate, fraction, not_estimable, two_sided_z
from sdtm2adam.analysis.interaction import logistic_interaction
from sdtm2adam.analysis.proportion_tests import cmh_test, one_sided_test
from sdtm2adam.analysis.score_interval import checked_counts, miettinen_nurminen
from sdtm2adam.errors import UsageError

__all__ = ["cmh_test", "difference", "logistic_interaction", "one_sided_test", "proportion"]


def proportion(x: int, n: int, conf: float = 0.95) -> Estimate:
    """Proportion with an exact (Clopper-Pearson) interval.

    Limits are quantiles of beta distributions: BetaInv(a/2; x, n - x + 1) and BetaInv(1 - a/2; x + 1, n - x); the lower
    limit is 0 at x = 0, the upper 1 at x = n. Without subjects it is not estimable.

    Args:
        x: responders.
        n: subjects.
        conf: confidence level.

    Returns:
        estimate, lower and upper as proportions (0 to 1).

    Raises:
        UsageError: the counts are not whole, not 0 <= x <= n, or conf is not strictly between 0 and 1.

    Source: R binom.test(x, n)$conf.int; SAS PROC FREQ BINOMIAL (EXACT). Clopper and Pearson 1934.

    >>> rate = proportion(84, 107)
    >>> round(rate.lower, 3), round(rate.upper, 3)
    (0.695, 0.859)
    """
    x, n = checked_counts(x, n)
    tail = (1 - fraction(conf, "conf")) / 2
    if n == 0:
        return not_estimable("no subjects")
    lower = 0.0 if x == 0 else float(special.betaincinv(x, n - x + 1, tail))
    upper = 1.0 if x == n else float(special.betainccinv(x + 1, n - x, tail))
    return Estimate(estimate=x / n, lower=lower, upper=upper)


def difference(x1: int, n1: int, x2: int, n2: int, conf: float = 0.95, method: str = "miettinen_nurminen") -> Estimate:
    """Difference of two proportions, treatment minus control, with a score or a Wald interval.

    The estimate is x1/n1 - x2/n2. Miettinen-Nurminen: the differences that a score test with the restricted maximum
    likelihood variance, times N / (N - 1), does not reject; unstratified. Wald: estimate -/+ z times the unpooled
    standard error, not cut at -1 and 1. Without subjects in an arm it is not estimable.

    Args:
        x1: responders in the treatment arm.
        n1: subjects in the treatment arm.
        x2: responders in the control arm.
        n2: subjects in the control arm.
        conf: confidence level.
        method: `miettinen_nurminen` or `wald`.

    Returns:
        estimate, lower and upper as proportions (-1 to 1), not percent.

    Raises:
        UsageError: the counts are not whole, not 0 <= x <= n, or conf or method is unknown.

    Source: Miettinen and Nurminen 1985, Statistics in Medicine 4, 213; R ratesci::scoreci(..., skew = FALSE).

    >>> effect = difference(84, 107, 33, 93)
    >>> [round(100 * value, 1) for value in (effect.estimate, effect.lower, effect.upper)]
    [43.0, 29.9, 54.7]
    """
    (x1, n1), (x2, n2) = checked_counts(x1, n1), checked_counts(x2, n2)
    z = two_sided_z(conf)
    if method not in ("miettinen_nurminen", "wald"):
        raise UsageError(f"method = {method}", where="difference", mend="one of miettinen_nurminen, wald")
    if n1 == 0 or n2 == 0:
        return not_estimable("no subjects in an arm")
    limits = miettinen_nurminen(x1, n1, x2, n2, z) if method == "miettinen_nurminen" else _wald(x1, n1, x2, n2, z)
    return Estimate(estimate=x1 / n1 - x2 / n2, lower=limits[0], upper=limits[1])


def _wald(x1: int, n1: int, x2: int, n2: int, z: float) -> tuple[float, float]:
    p1, p2 = x1 / n1, x2 / n2
    half = z * math.sqrt(p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2)
    return p1 - p2 - half, p1 - p2 + half
