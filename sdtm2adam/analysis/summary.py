"""Summary statistics of a continuous variable."""

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from sdtm2adam.analysis.settings import allowed
from sdtm2adam.errors import UsageError

_TOLERANCE = 1e-9  # n * p this near to a whole number is that number


def summarise(values: npt.ArrayLike, percentiles: str = "sas5") -> dict[str, float | None]:
    """Number, mean, standard deviation, quartiles, minimum and maximum of the non-missing values.

    The standard deviation has n - 1 in the denominator. Median and quartiles are by default those of SAS PCTLDEF=5 (R
    type 2): the average of two neighbours where n * p is whole, else the next value. With no value all but n are None
    (not estimable); with one value the standard deviation is None. The result does not depend on the order of the
    values.

    Args:
        values: the values in any unit; NaN is missing.
        percentiles: definition of the percentiles, `sas5`, `sas4` or `r7` (setting percentile).

    Returns:
        n, mean, sd, median, q1, q3, min and max, unrounded.

    Raises:
        UsageError: a value is infinite, or the definition of percentiles is unknown.

    Source: SAS PROC MEANS, QNTLDEF=5; R quantile(type = 2).

    >>> summarise([4.0, 2.0, 3.0, 1.0])["q1"], summarise([4.0, 2.0, 3.0, 1.0])["q3"]
    (1.5, 3.5)
    >>> summarise([4.0, 2.0, 3.0, 1.0], "r7")["q1"]
    1.75
    """
    present, of = _present(values), _DEFINITIONS[allowed("percentile", percentiles)]
    n = present.size
    names = ("mean", "sd", "median", "q1", "q3", "min", "max")
    if n == 0:
        return {"n": 0, **dict.fromkeys(names)}
    mean, sd = _mean_and_sd(present)
    numbers = (mean, sd, *(of(present, p) for p in (0.5, 0.25, 0.75)), float(present[0]), float(present[-1]))
    return {"n": n, **dict(zip(names, numbers, strict=True))}


def percentile(values: npt.ArrayLike, p: float, definition: str = "sas5") -> float | None:
    """Percentile by a named definition.

    `sas5`: empirical distribution with averaging; with n values in order and n * p = j + g, the average of the j-th and
    the next where g = 0, else the next. `sas4`: between the values at (n + 1) p. `r7`: between the values at
    1 + (n - 1) p. Positions beyond the ends are the ends.

    Args:
        values: the values; NaN is missing.
        p: fraction from 0 (minimum) to 1 (maximum).
        definition: `sas5`, `sas4` or `r7` (setting percentile).

    Returns:
        The percentile, or None without a value.

    Raises:
        UsageError: p is not between 0 and 1, a value is infinite, or the definition is unknown.

    Source: SAS PCTLDEF=5 and 4; R quantile(type = 2, 6, 7); Hyndman and Fan 1996.

    >>> [percentile([1.0, 2.0, 3.0, 4.0], 0.25, word) for word in ("sas5", "sas4", "r7")]
    [1.5, 1.25, 1.75]
    """
    if not 0 <= p <= 1:
        raise UsageError(f"p = {p}", where="percentile", mend="give a fraction from 0 to 1")
    present, of = _present(values), _DEFINITIONS[allowed("percentile", definition)]
    return of(present, p) if present.size else None


def percentile5(values: npt.ArrayLike, p: float) -> float | None:
    """Percentile by SAS definition 5 (R type 2): empirical distribution function with averaging.

    With n values in order and n * p = j + g: the average of the j-th and the next where g = 0, else the next.

    Args:
        values: the values; NaN is missing.
        p: fraction from 0 (minimum) to 1 (maximum).

    Returns:
        The percentile, or None without a value.

    Raises:
        UsageError: p is not between 0 and 1, or a value is infinite.

    Source: SAS PCTLDEF=5; R quantile(type = 2).

    >>> percentile5([1.0, 2.0, 3.0], 0.5), percentile5([1.0, 2.0], 0.5)
    (2.0, 1.5)
    """
    return percentile(values, p)


def summarise_geometric(values: npt.ArrayLike) -> dict[str, float | None]:
    """Geometric mean and geometric coefficient of variation of the non-missing values.

    Mean and variance (n - 1) of the natural logarithms: exp(mean), and 100 sqrt(exp(variance) - 1) in percent. With no
    value, or with a value that is not above 0, both are None (not estimable); with one value the coefficient is None.

    Args:
        values: the values in any unit; NaN is missing.

    Returns:
        geo_mean in the unit of the values and geo_cv in percent, unrounded.

    Raises:
        UsageError: a value is infinite.

    >>> round(summarise_geometric([10.0, 1000.0])["geo_mean"], 6)
    100.0
    """
    present = _present(values)
    if not present.size or present[0] <= 0:
        return {"geo_mean": None, "geo_cv": None}
    mean, sd = _mean_and_sd(np.log(present))
    return {"geo_mean": math.exp(mean), "geo_cv": None if sd is None else 100 * math.sqrt(math.expm1(sd**2))}


def _present(values: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """The non-missing values in order."""
    numbers = np.asarray(values, dtype=np.float64).ravel()
    if np.isinf(numbers).any():
        raise UsageError("a value is infinite", where="summary statistics", mend="set it missing or correct it")
    return np.sort(numbers[~np.isnan(numbers)])


def _mean_and_sd(present: npt.NDArray[np.float64]) -> tuple[float, float | None]:
    n = present.size
    if present[0] == present[-1]:  # equal values: exact, no noise from the division
        return float(present[0]), (0.0 if n > 1 else None)
    mean = math.fsum(present) / n
    return mean, math.sqrt(math.fsum((present - mean) ** 2) / (n - 1))


def _sas5(present: npt.NDArray[np.float64], p: float) -> float:
    n = present.size
    position = n * p
    whole = round(position)
    if abs(position - whole) > _TOLERANCE * max(1.0, position):
        return float(present[math.ceil(position) - 1])
    below, above = present[max(whole - 1, 0)], present[min(whole, n - 1)]
    return float(below + above) / 2


def _sas4(present: npt.NDArray[np.float64], p: float) -> float:
    return _between(present, (present.size + 1) * p - 1)


def _r7(present: npt.NDArray[np.float64], p: float) -> float:
    return _between(present, (present.size - 1) * p)


def _between(present: npt.NDArray[np.float64], place: float) -> float:
    """The value at a place from 0, on the line between its neighbours."""
    place = min(max(place, 0.0), present.size - 1.0)
    whole = round(place)
    if abs(place - whole) <= _TOLERANCE * max(1.0, place):
        return float(present[whole])
    below = math.floor(place)
    low, high = float(present[below]), float(present[below + 1])
    return min(high, low + (place - below) * (high - low))


_DEFINITIONS: dict[str, Callable[[npt.NDArray[np.float64], float], float]] = {"r7": _r7, "sas4": _sas4, "sas5": _sas5}
