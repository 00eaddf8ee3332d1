"""Confidence limits of one proportion, by each method that has a name."""

import math
from collections.abc import Callable

from scipy import special
from scipy.stats import norm

Limits = tuple[float, float]


def clopper_pearson(x: int, n: int, conf: float) -> Limits:
    """Exact: BetaInv(a/2; x, n - x + 1) and BetaInv(1 - a/2; x + 1, n - x); 0 at x = 0 and 1 at x = n.

    Source: Clopper and Pearson 1934, Biometrika 26, 404; R binom.test; SAS PROC FREQ BINOMIAL (EXACT).

    >>> [round(limit, 4) for limit in clopper_pearson(84, 107, 0.95)]
    [0.6951, 0.8586]
    """
    tail = (1 - conf) / 2
    lower = 0.0 if x == 0 else float(special.betaincinv(x, n - x + 1, tail))
    upper = 1.0 if x == n else float(special.betainccinv(x + 1, n - x, tail))
    return lower, upper


def wilson(x: int, n: int, conf: float) -> Limits:
    """Score: the rates that the score test does not reject.

    Source: Wilson 1927, JASA 22, 209; R prop.test(correct = FALSE); SAS PROC FREQ BINOMIAL (WILSON).

    >>> [round(limit, 4) for limit in wilson(84, 107, 0.95)]
    [0.6981, 0.8523]
    """
    z = _z(conf)
    middle, scale = x + z * z / 2, n + z * z
    half = z * math.sqrt(x * (n - x) / n + z * z / 4)
    return (0.0 if x == 0 else (middle - half) / scale), (1.0 if x == n else (middle + half) / scale)


def wilson_cc(x: int, n: int, conf: float) -> Limits:
    """Score with continuity correction: the Wilson limits of half a responder less, and of half a responder more.

    Source: Newcombe 1998, Statistics in Medicine 17, 857, method 4; SAS PROC FREQ BINOMIAL (WILSON CORRECT). R's
    prop.test makes the correction smaller where x is within 0.5 of n/2.

    >>> [round(limit, 4) for limit in wilson_cc(84, 107, 0.95)]
    [0.693, 0.8562]
    """
    z = _z(conf)
    scale = n + z * z

    def root(count: float, sign: int) -> float:
        return (count + z * z / 2 + sign * z * math.sqrt(count * (n - count) / n + z * z / 4)) / scale

    return (0.0 if x == 0 else max(0.0, root(x - 0.5, -1))), (1.0 if x == n else min(1.0, root(x + 0.5, 1)))


def agresti_coull(x: int, n: int, conf: float) -> Limits:
    """Wald's limits after z^2/2 responders and z^2/2 others are added; can pass 0 and 1.

    Source: Agresti and Coull 1998, American Statistician 52, 119; SAS PROC FREQ BINOMIAL (AGRESTICOULL).

    >>> [round(limit, 4) for limit in agresti_coull(84, 107, 0.95)]
    [0.6974, 0.8529]
    """
    z = _z(conf)
    return _around((x + z * z / 2) / (n + z * z), n + z * z, z)


def jeffreys(x: int, n: int, conf: float) -> Limits:
    """Quantiles of the beta distribution x + 1/2, n - x + 1/2; 0 at x = 0 and 1 at x = n.

    Source: Brown, Cai and DasGupta 2001, Statistical Science 16, 101; SAS PROC FREQ BINOMIAL (JEFFREYS).

    >>> [round(limit, 4) for limit in jeffreys(84, 107, 0.95)]
    [0.7003, 0.8546]
    """
    tail = (1 - conf) / 2
    lower = 0.0 if x == 0 else float(special.betaincinv(x + 0.5, n - x + 0.5, tail))
    upper = 1.0 if x == n else float(special.betainccinv(x + 0.5, n - x + 0.5, tail))
    return lower, upper


def wald(x: int, n: int, conf: float) -> Limits:
    """Rate -/+ z sqrt(p (1 - p) / n), not cut at 0 and 1; of no width where none or all respond.

    >>> [round(limit, 4) for limit in wald(84, 107, 0.95)]
    [0.7072, 0.8629]
    """
    return _around(x / n, n, _z(conf))


METHODS: dict[str, Callable[[int, int, float], Limits]] = {
    "agresti_coull": agresti_coull,
    "clopper_pearson": clopper_pearson,
    "jeffreys": jeffreys,
    "wald": wald,
    "wilson": wilson,
    "wilson_cc": wilson_cc,
}
"""The methods by the words of the setting ci_prop."""


def _around(rate: float, n: float, z: float) -> Limits:
    half = z * math.sqrt(rate * (1 - rate) / n)
    return rate - half, rate + half


def _z(conf: float) -> float:
    return float(norm.isf((1 - conf) / 2))
