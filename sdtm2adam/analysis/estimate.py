"""What a statistical method hands back: numbers, or the reason why there are none."""

import math
from dataclasses import dataclass
from statistics import NormalDist

from scipy import special

from sdtm2adam.errors import UsageError

OK, NOT_ESTIMABLE, NOT_CALCULATED = "OK", "NE", "NC"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A point estimate with limits, or a test with its p-value; unrounded, never NaN or infinite.

    `status` speaks of the main number of the method: the estimate, or for a test the p-value. A limit can be
    missing although the estimate is there (`(12.0, NE)`), and a lower limit can be there although the estimate is
    not (a median not reached): `lower_status` and `upper_status` tell.

    Args:
        estimate: proportion, difference, time, survival rate or hazard ratio; None for a pure test.
        lower: lower confidence limit.
        upper: upper confidence limit.
        p: p-value, one- or two-sided as the method says.
        status: OK, NE (not estimable) or NC (not calculated by the size rule).
        reason: why status is not OK, or why a limit is missing.
        test: the test behind the p-value, such as CHISQ or FISHER.
        statistic: the test statistic behind the p-value, z or chi-square.
        df: degrees of freedom of a chi-square statistic.
        strata: number of informative strata.
    """

    estimate: float | None = None
    lower: float | None = None
    upper: float | None = None
    p: float | None = None
    status: str = OK
    reason: str = ""
    test: str = ""
    statistic: float | None = None
    df: int | None = None
    strata: int | None = None

    @property
    def lower_status(self) -> str:
        """OK, NE or NC, of the lower limit alone."""
        return self._limit_status(self.lower)

    @property
    def upper_status(self) -> str:
        """OK, NE or NC, of the upper limit alone."""
        return self._limit_status(self.upper)

    def _limit_status(self, limit: float | None) -> str:
        if limit is not None:
            return OK
        return NOT_CALCULATED if self.status == NOT_CALCULATED else NOT_ESTIMABLE


def not_estimable(reason: str, test: str = "") -> Estimate:
    """No number, because the records cannot give one.

    >>> not_estimable("no events").status
    'NE'
    """
    return Estimate(status=NOT_ESTIMABLE, reason=reason, test=test)


def too_small(
    n1: int, n0: int, events: int | None = None, *, min_subjects: int = 5, min_events: int = 10
) -> Estimate | None:
    """The size rule for comparisons: NC, or None where the groups are large enough.

    A comparison needs a least number of subjects in each arm and, for a time to event, a least number of events over
    both arms. Estimates within an arm are not under the rule.

    Args:
        n1: subjects in the treatment arm.
        n0: subjects in the control arm.
        events: events over both arms; None for a response.
        min_subjects: least number of subjects in each arm.
        min_events: least number of events over both arms.

    >>> too_small(4, 20).reason
    'fewer than 5 subjects in an arm'
    >>> too_small(20, 20, events=9).reason
    'fewer than 10 events'
    >>> too_small(20, 20, events=10) is None
    True
    """
    if min(n1, n0) < min_subjects:
        return Estimate(status=NOT_CALCULATED, reason=f"fewer than {min_subjects} subjects in an arm")
    if events is not None and events < min_events:
        return Estimate(status=NOT_CALCULATED, reason=f"fewer than {min_events} events")
    return None


def fraction(value: float, name: str) -> float:
    """A level or a fraction, refused where it is not strictly between 0 and 1.

    Raises:
        UsageError: outside.
    """
    if not 0 < value < 1:
        raise UsageError(f"{name} = {value}", where=name, mend="give a fraction between 0 and 1, such as 0.95")
    return value


def two_sided_z(conf: float) -> float:
    """The normal quantile of a two-sided interval.

    Raises:
        UsageError: the confidence level is not strictly between 0 and 1.

    >>> round(two_sided_z(0.95), 4)
    1.96
    """
    return NormalDist().inv_cdf(0.5 + fraction(conf, "conf") / 2)


def ratio_by_wald(log_ratio: float, error: float, z: float, strata: int | None = None) -> Estimate:
    """A ratio with Wald limits and two-sided Wald p-value, made on the log scale.

    Args:
        log_ratio: natural logarithm of the ratio.
        error: its standard error, above 0.
        z: normal quantile of the limits.
        strata: number of informative strata, where there are strata.

    >>> ratio = ratio_by_wald(math.log(0.5), 0.25, two_sided_z(0.95))
    >>> [round(value, 4) for value in (ratio.estimate, ratio.lower, ratio.upper, ratio.p)]
    [0.5, 0.3063, 0.8162, 0.0056]
    """
    return Estimate(
        estimate=math.exp(log_ratio),
        lower=math.exp(log_ratio - z * error),
        upper=math.exp(log_ratio + z * error),
        p=float(2 * special.ndtr(-abs(log_ratio / error))),
        test="WALD",
        statistic=log_ratio / error,
        strata=strata,
    )
