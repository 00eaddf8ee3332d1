"""Miettinen and Nurminen's score interval for a difference of proportions."""

import math

from scipy import optimize

from sdtm2adam.errors import UsageError

_PRECISION = 1e-14


def checked_counts(x: int, n: int) -> tuple[int, int]:
    """Responders and subjects as whole numbers with 0 <= x <= n.

    Raises:
        UsageError: they are not.
    """
    if not (float(x).is_integer() and float(n).is_integer() and 0 <= x <= n):
        raise UsageError(
            f"{x} responders of {n} subjects",
            where="proportion",
            mend="count the responders among the subjects of the arm",
        )
    return int(x), int(n)


def miettinen_nurminen(x1: int, n1: int, x2: int, n2: int, z: float, *, inflated: bool = True) -> tuple[float, float]:
    """The lowest and the highest difference p1 - p2 that the score test does not reject at z.

    The test compares the observed difference with the one in question, in units of the standard error under it, with
    N / (N - 1) on the variance.

    Args:
        x1: responders in the treatment arm.
        n1: subjects in the treatment arm, at least 1.
        x2: responders in the control arm.
        n2: subjects in the control arm, at least 1.
        z: normal quantile of the interval.
        inflated: False for the variance without N / (N - 1), which is Mee's interval.

    >>> [round(limit, 4) for limit in miettinen_nurminen(84, 107, 33, 93, 1.959964)]
    [0.2987, 0.5465]
    """
    estimate, total = x1 / n1 - x2 / n2, n1 + n2
    width = z * math.sqrt(total / (total - 1)) if inflated else z

    def excess(difference: float) -> float:
        """How far the gap to the estimate is beyond z standard errors; below 0 is inside the interval."""
        gap = abs(estimate - difference)
        return gap - width * math.sqrt(restricted_variance(x1, n1, x2, n2, difference)) if gap else -z

    lower = -1.0 if estimate == -1 else optimize.brentq(excess, -1.0, estimate, xtol=_PRECISION)
    upper = 1.0 if estimate == 1 else optimize.brentq(excess, estimate, 1.0, xtol=_PRECISION)
    return float(lower), float(upper)


def restricted_variance(x1: int, n1: int, x2: int, n2: int, difference: float) -> float:
    """The variance of the observed difference where the true one is as given, without N / (N - 1).

    >>> round(restricted_variance(84, 107, 33, 93, 0.0), 6)
    0.004879
    """
    p1 = restricted_rate(x1, n1, x2, n2, difference)
    p2 = min(max(p1 - difference, 0.0), 1.0)
    return p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2


def restricted_rate(x1: int, n1: int, x2: int, n2: int, difference: float) -> float:
    """The maximum likelihood estimate of p1 where p1 - p2 is the given difference.

    The root of the score between the bounds that the difference leaves to p1. The score falls from end to end, so
    halving the bracket is exact where the closed solution of the cubic loses half its digits, near 0 and 1.

    >>> round(restricted_rate(84, 107, 33, 93, 0.0), 6)
    0.585
    """
    low, high = max(0.0, difference), min(1.0, 1.0 + difference)

    def score(p1: float) -> float:
        p2 = p1 - difference
        return _per(x1, p1) - _per(n1 - x1, 1 - p1) + _per(x2, p2) - _per(n2 - x2, 1 - p2)

    if high - low <= _PRECISION or score(low) <= 0:
        return low
    return high if score(high) >= 0 else float(optimize.bisect(score, low, high, xtol=_PRECISION))


def _per(count: int, rate: float) -> float:
    """count / rate, where no count is 0 and a rate of 0 is a wall."""
    if count == 0:
        return 0.0
    return count / rate if rate > 0 else math.inf
