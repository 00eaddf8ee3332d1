"""Kaplan-Meier: the curve, its band, its quantiles, and the numbers at risk under it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sdtm2adam.analysis.estimate import NOT_ESTIMABLE, OK, Estimate, fraction, two_sided_z
from sdtm2adam.analysis.risk import Floats, Ints, check_times

_TOLERANCE = 1e-9  # S(t) this near to 1 - q is 1 - q


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


def quantile(km: KaplanMeier, q: float, conf: float = 0.95) -> Estimate:
    """Quantile of the time to event, such as the median (q = 0.5), with a Brookmeyer-Crowley interval.

    The quantile is the first time with S(t) <= 1 - q. Where S(t) equals 1 - q it is the midpoint of that time and the
    next event time (of the last observed time where no event follows). The limits are the times at which the pointwise
    log-log band contains 1 - q: the lower limit is the first time whose lower band is <= 1 - q, the upper limit the
    first time whose upper band is < 1 - q. What is not reached is not estimable.

    Args:
        km: the curve.
        q: fraction of subjects with the event, strictly between 0 and 1.
        conf: confidence level.

    Raises:
        UsageError: q or conf is not strictly between 0 and 1.

    Source: R quantile(survfit(..., conf.type = "log-log")); Brookmeyer and Crowley 1982.

    >>> quantile(kaplan_meier([1, 2, 3, 4], [1, 1, 1, 1]), 0.5).estimate
    2.5
    """
    level = 1 - fraction(q, "q")
    lower_band, upper_band = log_log_band(km, conf)
    point = _quantile_point(km, level)
    reached = point is not None
    return Estimate(
        estimate=point,
        lower=_first(km.time, lower_band <= level + _TOLERANCE),
        upper=_first(km.time, upper_band < level - _TOLERANCE),
        status=OK if reached else NOT_ESTIMABLE,
        reason="" if reached else _why_not_reached(km),
    )


def _quantile_point(km: KaplanMeier, level: float) -> float | None:
    here = np.flatnonzero(km.survival <= level + _TOLERANCE)
    if not here.size:
        return None
    first = int(here[0])
    if abs(km.survival[first] - level) > _TOLERANCE:
        return float(km.time[first])
    later = np.flatnonzero(km.events[first + 1 :])
    end = first + 1 + int(later[0]) if later.size else km.time.size - 1
    return float(km.time[first] + km.time[end]) / 2


def _why_not_reached(km: KaplanMeier) -> str:
    if not km.time.size:
        return "no subjects"
    return "quantile not reached" if km.events.any() else "no events"


def follow_up(time: npt.ArrayLike, event: npt.ArrayLike, conf: float = 0.95) -> Estimate:
    """Median follow-up by reverse Kaplan-Meier: a censoring is the event, an event is censored.

    Args:
        time: time to event or censoring of each subject, any unit.
        event: 1 (True) for an event, 0 for a censoring.
        conf: confidence level of the limits.

    Raises:
        UsageError: a time is missing or infinite, a flag is not 0 or 1, or the lengths differ.

    Source: Schemper and Smith 1996, Controlled Clinical Trials 17, 343.

    >>> follow_up([5, 1, 6, 7], [0, 1, 0, 0]).estimate
    6.0
    """
    times, flags = check_times(time, event)
    return quantile(kaplan_meier(times, ~flags), 0.5, conf)


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


def log_log_band(km: KaplanMeier, conf: float = 0.95) -> tuple[Floats, Floats]:
    """Pointwise confidence band of a curve on the log(-log) scale.

    Before the first event the band is 1 to 1; where S(t) = 0 it is NaN, for it does not exist there.

    Args:
        km: the curve.
        conf: confidence level.

    Raises:
        UsageError: conf is not strictly between 0 and 1.

    Source: R survfit(conf.type = "log-log"); Kalbfleisch and Prentice.
    """
    z = two_sided_z(conf)
    lower, upper = np.where(km.survival == 0, np.nan, 1.0), np.where(km.survival == 0, np.nan, 1.0)
    inside = (km.survival > 0) & (km.survival < 1)
    s = km.survival[inside]
    spread = z * np.sqrt(km.variance[inside]) / (s * -np.log(s))
    lower[inside], upper[inside] = s ** np.exp(spread), s ** np.exp(-spread)
    return lower, upper


def _first(time: Floats, where: npt.NDArray[np.bool_]) -> float | None:
    found = np.flatnonzero(where)
    return float(time[found[0]]) if found.size else None
