"""Survival rates at a landmark time, and their difference between two arms."""

import numpy as np

from sdtm2adam.analysis.estimate import Estimate, not_estimable, two_sided_z
from sdtm2adam.analysis.kaplan_meier import KaplanMeier, band
from sdtm2adam.errors import UsageError


def survival_rate(km: KaplanMeier, t: float, conf: float = 0.95, conf_type: str = "loglog") -> Estimate:
    """Survival rate at a landmark time, by default with a log-log interval.

    S(t) by Kaplan-Meier. Before the first event it is 1 and the limits are not estimable. After the last observed time
    it is not estimable, unless all have had the event: then it is 0, without limits. Nothing is carried forward.

    Args:
        km: the curve.
        t: landmark, in the unit of the curve.
        conf: confidence level.
        conf_type: scale of the band, `loglog`, `log` or `plain` (setting km_ci).

    Raises:
        UsageError: t is missing, infinite or below 0, conf is not strictly between 0 and 1, or the scale is unknown.

    Source: R summary(survfit(..., conf.type = "log-log"), times = t), without extend.

    >>> from sdtm2adam.analysis.kaplan_meier import kaplan_meier
    >>> survival_rate(kaplan_meier([1, 2, 3, 4], [1, 1, 1, 1]), 2).estimate
    0.5
    """
    if not 0 <= t < np.inf:
        raise UsageError(f"t = {t}", where="landmark", mend="give a finite time, 0 or later")
    lower_band, upper_band = band(km, conf, conf_type)
    if not km.time.size:
        return not_estimable("no subjects")
    if t > km.time[-1] and km.survival[-1] > 0:
        return not_estimable("after the last observed time")
    at = int(np.searchsorted(km.time, t, side="right")) - 1
    if at < 0 or km.survival[at] == 1:
        return Estimate(estimate=1.0, reason="limits not estimable before the first event")
    if km.survival[at] == 0:
        return Estimate(estimate=0.0, reason="limits not estimable where no subject is left")
    return Estimate(estimate=float(km.survival[at]), lower=float(lower_band[at]), upper=float(upper_band[at]))


def rate_difference(km1: KaplanMeier, km0: KaplanMeier, t: float, conf: float = 0.95) -> Estimate:
    """Difference of the survival rates of two arms at a landmark time, with a Wald interval.

    S1(t) - S0(t); variance is the sum of the Greenwood variances. The difference is not estimable where a rate is not,
    its limits are not where those of a rate are not.

    Args:
        km1: the curve of the treatment arm.
        km0: the curve of the control arm.
        t: landmark, in the unit of the curves.
        conf: confidence level.

    Raises:
        UsageError: t is missing, infinite or below 0, or conf is not strictly between 0 and 1.

    Source: Klein et al. 2007, Statistics in Medicine 26, 4505 (the untransformed statistic).

    >>> from sdtm2adam.analysis.kaplan_meier import kaplan_meier
    >>> rate_difference(kaplan_meier([2, 4, 6, 8], [1] * 4), kaplan_meier([1, 2, 6, 8], [1] * 4), 3).estimate
    0.25
    """
    rate1, rate0 = survival_rate(km1, t, conf), survival_rate(km0, t, conf)
    if rate1.estimate is None or rate0.estimate is None:
        return not_estimable(rate1.reason or rate0.reason)
    difference = rate1.estimate - rate0.estimate
    if rate1.lower is None or rate0.lower is None:
        return Estimate(estimate=difference, reason=rate1.reason or rate0.reason)
    half = two_sided_z(conf) * float(np.sqrt(_variance_at(km1, t) + _variance_at(km0, t)))
    return Estimate(estimate=difference, lower=difference - half, upper=difference + half)


def _variance_at(km: KaplanMeier, t: float) -> float:
    return float(km.variance[np.searchsorted(km.time, t, side="right") - 1])
