"""Times read off a Kaplan-Meier curve: quantiles, median follow-up, restricted mean."""

import numpy as np
import numpy.typing as npt

from sdtm2adam.analysis.estimate import NOT_ESTIMABLE, OK, Estimate, fraction, not_estimable, two_sided_z
from sdtm2adam.analysis.kaplan_meier import KaplanMeier, band, kaplan_meier
from sdtm2adam.analysis.risk import Floats, check_times
from sdtm2adam.analysis.settings import allowed
from sdtm2adam.errors import UsageError

_TOLERANCE = 1e-9  # S(t) this near to 1 - q is 1 - q


def quantile(
    km: KaplanMeier, q: float, conf: float = 0.95, conf_type: str = "loglog", definition: str = "midpoint"
) -> Estimate:
    """Quantile of the time to event, such as the median (q = 0.5), with a Brookmeyer-Crowley interval.

    The quantile is the first time with S(t) <= 1 - q. Where S(t) equals 1 - q it is the midpoint of that time and the
    next event time (of the last observed time where no event follows); with `first` it is that time itself. The limits
    are the times at which the pointwise band contains 1 - q: the lower limit is the first time whose lower band is
    <= 1 - q, the upper limit the first time whose upper band is < 1 - q. What is not reached is not estimable.

    Args:
        km: the curve.
        q: fraction of subjects with the event, strictly between 0 and 1.
        conf: confidence level.
        conf_type: scale of the band, `loglog`, `log` or `plain` (setting km_ci).
        definition: `midpoint` or `first` (setting km_quantile).

    Raises:
        UsageError: q or conf is not strictly between 0 and 1, or a word is unknown.

    Source: R quantile(survfit(..., conf.type = "log-log")); SAS PROC LIFETEST CONFTYPE=; Brookmeyer and Crowley 1982.

    >>> quantile(kaplan_meier([1, 2, 3, 4], [1, 1, 1, 1]), 0.5).estimate
    2.5
    """
    level = 1 - fraction(q, "q")
    lower_band, upper_band = band(km, conf, conf_type)
    point = _quantile_point(km, level, halfway=allowed("km_quantile", definition) == "midpoint")
    reached = point is not None
    return Estimate(
        estimate=point,
        lower=_first(km.time, lower_band <= level + _TOLERANCE),
        upper=_first(km.time, upper_band < level - _TOLERANCE),
        status=OK if reached else NOT_ESTIMABLE,
        reason="" if reached else _why_not_reached(km),
    )


def _quantile_point(km: KaplanMeier, level: float, *, halfway: bool) -> float | None:
    here = np.flatnonzero(km.survival <= level + _TOLERANCE)
    if not here.size:
        return None
    first = int(here[0])
    if not halfway or abs(km.survival[first] - level) > _TOLERANCE:
        return float(km.time[first])
    later = np.flatnonzero(km.events[first + 1 :])
    end = first + 1 + int(later[0]) if later.size else km.time.size - 1
    return float(km.time[first] + km.time[end]) / 2


def _why_not_reached(km: KaplanMeier) -> str:
    if not km.time.size:
        return "no subjects"
    return "quantile not reached" if km.events.any() else "no events"


def follow_up(
    time: npt.ArrayLike,
    event: npt.ArrayLike,
    conf: float = 0.95,
    conf_type: str = "loglog",
    definition: str = "midpoint",
) -> Estimate:
    """Median follow-up by reverse Kaplan-Meier: a censoring is the event, an event is censored.

    Args:
        time: time to event or censoring of each subject, any unit.
        event: 1 (True) for an event, 0 for a censoring.
        conf: confidence level of the limits.
        conf_type: scale of the band, `loglog`, `log` or `plain` (setting km_ci).
        definition: `midpoint` or `first` (setting km_quantile).

    Raises:
        UsageError: a time is missing or infinite, a flag is not 0 or 1, the lengths differ, or a word is unknown.

    Source: Schemper and Smith 1996, Controlled Clinical Trials 17, 343.

    >>> follow_up([5, 1, 6, 7], [0, 1, 0, 0]).estimate
    6.0
    """
    times, flags = check_times(time, event)
    return quantile(kaplan_meier(times, ~flags), 0.5, conf, conf_type, definition)


def restricted_mean(km: KaplanMeier, until: float, conf: float = 0.95) -> Estimate:
    """Mean time without the event up to a time: the area under the curve, with a Wald interval.

    The variance sums, over the event times, the squared area that is left times d / (n (n - d)). A curve that has not
    come down to 0 is carried forward from the last observed time. Without subjects not estimable; without an event
    before that time the limits are not.

    Args:
        km: the curve.
        until: end of the area, above 0, in the unit of the curve.
        conf: confidence level.

    Raises:
        UsageError: until is not a finite number above 0, or conf is not strictly between 0 and 1.

    Source: Irwin 1949; R print(survfit(...), print.rmean = TRUE, rmean = until).

    >>> round(restricted_mean(kaplan_meier([1, 2, 3, 4], [1, 1, 1, 1]), 4).estimate, 4)
    2.5
    """
    z = two_sided_z(conf)
    if not 0 < until < np.inf:
        raise UsageError(f"until = {until}", where="restricted_mean", mend="give a finite time above 0")
    if not km.time.size:
        return not_estimable("no subjects")
    before = km.time < until
    time, left = km.time[before], (km.at_risk - km.events)[before].astype(float)
    height = np.concatenate(([1.0], km.survival[before]))
    areas = height * np.diff(np.concatenate(([0.0], time, [until])))
    ahead = np.cumsum(areas[::-1])[::-1][1:]
    terms = np.zeros(time.size)
    np.divide(km.events[before], km.at_risk[before] * left, out=terms, where=left > 0)
    if not km.events[before].any():
        return Estimate(estimate=until, reason="limits not estimable without an event")
    mean, half = float(areas.sum()), z * float(np.sqrt(np.sum(ahead**2 * terms)))
    return Estimate(estimate=mean, lower=mean - half, upper=mean + half)


def _first(time: Floats, where: npt.NDArray[np.bool_]) -> float | None:
    found = np.flatnonzero(where)
    return float(time[found[0]]) if found.size else None
