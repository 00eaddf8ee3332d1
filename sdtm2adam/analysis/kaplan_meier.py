"""Kaplan-Meier: the curve, its band, and the numbers at risk under it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sdtm2adam.analysis.estimate import two_sided_z
from sdtm2adam.analysis.risk import Floats, Ints, check_times
from sdtm2adam.analysis.settings import allowed


@dataclass(frozen=True, slots=True)
class KaplanMeier:
    """A product-limit curve: one entry per distinct time, of an event or a censoring, in order.

    Args:
        time: the distinct times.
        at_risk: subjects with a time >= this one.
        events: events at the time.
        censored: censorings at the time, after the events.
        survival: S(t), from this time until the next.
        variance: Greenwood's variance of S(t); NaN where S(t) = 0.
    """

    time: Floats
    at_risk: Ints
    events: Ints
    censored: Ints
    survival: Floats
    variance: Floats


def kaplan_meier(time: npt.ArrayLike, event: npt.ArrayLike) -> KaplanMeier:
    """Kaplan-Meier estimate of survival.

    Product-limit estimate; at tied times events come before censorings; variance by Greenwood.

    Args:
        time: time to event or censoring of each subject, any unit.
        event: 1 (True) for an event, 0 for a censoring.

    Raises:
        UsageError: a time is missing or infinite, a flag is not 0 or 1, or the lengths differ.

    Source: R survival::survfit(Surv(time, event) ~ 1); SAS PROC LIFETEST.

    >>> [float(s) for s in kaplan_meier([1, 2, 2, 3], [1, 1, 0, 0]).survival]
    [0.75, 0.5, 0.5]
    """
    times, flags = check_times(time, event)
    order = np.argsort(times, kind="stable")
    times, flags = times[order], flags[order]
    starts = (
        np.flatnonzero(np.concatenate(([True], np.diff(times) != 0))) if times.size else np.zeros(0, dtype=np.int64)
    )
    leaving = np.diff(starts, append=times.size)
    deaths = np.add.reduceat(flags, starts, dtype=np.int64) if starts.size else np.zeros(0, dtype=np.int64)
    at_risk = times.size - starts
    survival = np.cumprod((at_risk - deaths) / at_risk, dtype=np.float64)
    variance: Floats = survival**2 * _greenwood_sum(at_risk, deaths)
    return KaplanMeier(times[starts], at_risk, deaths, leaving - deaths, survival, variance)


def _greenwood_sum(at_risk: Ints, deaths: Ints) -> Floats:
    """The sum of d / (n (n - d)) up to each time; NaN once all have had the event."""
    left = at_risk - deaths
    terms = np.full(at_risk.size, np.nan)
    np.divide(deaths, at_risk * left.astype(float), out=terms, where=left > 0)
    terms[(left == 0) & (deaths == 0)] = 0.0
    return np.cumsum(terms)


def band(km: KaplanMeier, conf: float = 0.95, conf_type: str = "loglog") -> tuple[Floats, Floats]:
    """Pointwise confidence band of a curve.

    On the log(-log) scale it lies within 0 and 1; on the log scale and without transformation it is cut there. Before
    the first event the band is 1 to 1; where S(t) = 0 it is NaN, for it does not exist there.

    Args:
        km: the curve.
        conf: confidence level.
        conf_type: `loglog`, `log` or `plain` (setting km_ci).

    Returns:
        Lower and upper band, one value per time of the curve.

    Raises:
        UsageError: conf is not strictly between 0 and 1, or the scale is unknown.

    Source: R survfit(conf.type =); Kalbfleisch and Prentice.

    >>> lower, upper = band(kaplan_meier([1, 2, 3, 4], [1, 1, 1, 0]), conf_type="plain")
    >>> lower.round(3).tolist(), upper.round(3).tolist()
    ([0.326, 0.01, 0.0, 0.0], [1.0, 0.99, 0.674, 0.674])
    """
    z, scale = two_sided_z(conf), allowed("km_ci", conf_type)
    lower, upper = np.where(km.survival == 0, np.nan, 1.0), np.where(km.survival == 0, np.nan, 1.0)
    inside = (km.survival > 0) & (km.survival < 1)
    s, error = km.survival[inside], np.sqrt(km.variance[inside])
    if scale == "loglog":
        spread = z * error / (s * -np.log(s))
        lower[inside], upper[inside] = s ** np.exp(spread), s ** np.exp(-spread)
    elif scale == "log":
        lower[inside], upper[inside] = s * np.exp(-z * error / s), np.minimum(1.0, s * np.exp(z * error / s))
    else:
        lower[inside], upper[inside] = np.maximum(0.0, s - z * error), np.minimum(1.0, s + z * error)
    return lower, upper


def at_risk(time: npt.ArrayLike, times: npt.ArrayLike) -> Ints:
    """Number at risk under a curve: subjects with a time >= each tick; at 0 all of them.

    Args:
        time: time to event or censoring of each subject.
        times: the ticks, in the same unit.

    >>> at_risk([1, 2, 3], [0, 2, 9]).tolist()
    [3, 2, 0]
    """
    ordered, ticks = np.sort(np.asarray(time, dtype=np.float64)), np.asarray(times, dtype=np.float64)
    left: Ints = ordered.size - np.searchsorted(ordered, ticks, side="left")
    return np.where(ticks == 0, ordered.size, left)
