"""Exposure-adjusted incidence rates."""

import math

from scipy import special

from sdtm2adam.analysis.estimate import Estimate, fraction, not_estimable
from sdtm2adam.errors import UsageError


def exposure_adjusted_rate(subjects: int, patient_years: float, conf: float = 0.95) -> Estimate:
    """Subjects with an event per 100 patient-years at risk, with an exact Poisson (Garwood) interval.

    Rate = 100 x / T. Limits are chi-square quantiles: 100 q(a/2; 2x) / 2T and 100 q(1 - a/2; 2x + 2) / 2T; the lower
    limit is 0 at x = 0. Without exposure it is not estimable.

    Args:
        subjects: subjects with at least one event.
        patient_years: time at risk of all subjects, each to the first event or the end of observation, in years.
        conf: confidence level.

    Raises:
        UsageError: the count is not whole or negative, the exposure is negative or not finite, or conf is not strictly
            between 0 and 1.

    Source: Garwood 1936, Biometrika 28, 437; R poisson.test(x, T).

    >>> rate = exposure_adjusted_rate(23, 40.2)
    >>> [round(value, 1) for value in (rate.estimate, rate.lower, rate.upper)]
    [57.2, 36.3, 85.8]
    """
    tail = (1 - fraction(conf, "conf")) / 2
    if not float(subjects).is_integer() or subjects < 0 or not 0 <= patient_years < math.inf:
        raise UsageError(
            f"{subjects} subjects in {patient_years} patient-years",
            where="exposure_adjusted_rate",
            mend="give a whole count and a finite exposure, neither below 0",
        )
    if patient_years == 0:
        return not_estimable("no exposure")
    lower = 0.0 if subjects == 0 else float(special.gammaincinv(subjects, tail))
    upper = float(special.gammainccinv(subjects + 1, tail))
    per = 100 / patient_years
    return Estimate(estimate=subjects * per, lower=lower * per, upper=upper * per)
