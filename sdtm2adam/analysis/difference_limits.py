"""Confidence limits of a difference of two proportions, by each method that has a name."""

import math
from collections.abc import Callable

from sdtm2adam.analysis.estimate import two_sided_z
from sdtm2adam.analysis.rate_limits import wilson, wilson_cc
from sdtm2adam.analysis.score_interval import miettinen_nurminen

Limits = tuple[float, float]


def score_limits(x1: int, n1: int, x2: int, n2: int, conf: float) -> Limits:
    """Miettinen and Nurminen's score limits, with N / (N - 1) on the variance.

    Source: Miettinen and Nurminen 1985, Statistics in Medicine 4, 213.

    >>> [round(limit, 4) for limit in score_limits(84, 107, 33, 93, 0.95)]
    [0.2987, 0.5465]
    """
    return miettinen_nurminen(x1, n1, x2, n2, two_sided_z(conf))


def mee_limits(x1: int, n1: int, x2: int, n2: int, conf: float) -> Limits:
    """Mee's score limits: those of Miettinen and Nurminen without N / (N - 1).

    Source: Mee 1984, Biometrics 40, 1175; R ratesci::scoreci(bcf = FALSE, skew = FALSE).

    >>> [round(limit, 4) for limit in mee_limits(84, 107, 33, 93, 0.95)]
    [0.2991, 0.5463]
    """
    return miettinen_nurminen(x1, n1, x2, n2, two_sided_z(conf), inflated=False)


def newcombe_limits(x1: int, n1: int, x2: int, n2: int, conf: float, *, corrected: bool = False) -> Limits:
    """Newcombe's limits, put together from the Wilson limits of the two rates.

    Source: Newcombe 1998, Statistics in Medicine 17, 873, methods 10 and 11.

    >>> [round(limit, 4) for limit in newcombe_limits(84, 107, 33, 93, 0.95)]
    [0.2967, 0.5423]
    """
    one = wilson_cc if corrected else wilson
    (lower1, upper1), (lower2, upper2) = one(x1, n1, conf), one(x2, n2, conf)
    p1, p2 = x1 / n1, x2 / n2
    estimate = p1 - p2
    return estimate - math.hypot(p1 - lower1, upper2 - p2), estimate + math.hypot(upper1 - p1, p2 - lower2)


def newcombe_cc_limits(x1: int, n1: int, x2: int, n2: int, conf: float) -> Limits:
    """Newcombe's limits from Wilson limits with continuity correction.

    >>> [round(limit, 4) for limit in newcombe_cc_limits(84, 107, 33, 93, 0.95)]
    [0.2893, 0.5485]
    """
    return newcombe_limits(x1, n1, x2, n2, conf, corrected=True)


def wald_limits(x1: int, n1: int, x2: int, n2: int, conf: float) -> Limits:
    """Estimate -/+ z times the unpooled standard error, not cut at -1 and 1.

    >>> [round(limit, 4) for limit in wald_limits(84, 107, 33, 93, 0.95)]
    [0.3057, 0.5548]
    """
    p1, p2 = x1 / n1, x2 / n2
    half = two_sided_z(conf) * math.sqrt(p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2)
    return p1 - p2 - half, p1 - p2 + half


def wald_cc_limits(x1: int, n1: int, x2: int, n2: int, conf: float) -> Limits:
    """Wald's limits wider by (1/n1 + 1/n2) / 2 on both sides, cut at -1 and 1.

    Source: SAS PROC FREQ RISKDIFF (CL = WALD CORRECT); R prop.test, which corrects small differences less.

    >>> [round(limit, 4) for limit in wald_cc_limits(84, 107, 33, 93, 0.95)]
    [0.2956, 0.5648]
    """
    lower, upper = wald_limits(x1, n1, x2, n2, conf)
    more = (1 / n1 + 1 / n2) / 2
    return max(-1.0, lower - more), min(1.0, upper + more)


def anderson_hauck_limits(x1: int, n1: int, x2: int, n2: int, conf: float) -> Limits | None:
    """Wald's limits with n - 1 in the variances, wider by 1 / (2 min(n1, n2)), cut at -1 and 1; none with n = 1.

    Source: Hauck and Anderson 1986, American Statistician 40, 318; SAS PROC FREQ RISKDIFF (CL = HA).

    >>> [round(limit, 4) for limit in anderson_hauck_limits(84, 107, 33, 93, 0.95)]
    [0.2996, 0.5608]
    """
    if min(n1, n2) == 1:
        return None
    p1, p2 = x1 / n1, x2 / n2
    error = math.sqrt(p1 * (1 - p1) / (n1 - 1) + p2 * (1 - p2) / (n2 - 1))
    half = 1 / (2 * min(n1, n2)) + two_sided_z(conf) * error
    return max(-1.0, p1 - p2 - half), min(1.0, p1 - p2 + half)


METHODS: dict[str, Callable[[int, int, int, int, float], Limits | None]] = {
    "anderson_hauck": anderson_hauck_limits,
    "mee": mee_limits,
    "miettinen_nurminen": score_limits,
    "newcombe": newcombe_limits,
    "newcombe_cc": newcombe_cc_limits,
    "wald": wald_limits,
    "wald_cc": wald_cc_limits,
}
"""The methods by the words of the setting ci_diff."""
