"""Exposure-adjusted rates. In R: 100 * poisson.test(x, T)$conf.int."""

import pytest

from sdtm2adam.analysis.rates import exposure_adjusted_rate
from sdtm2adam.errors import UsageError


@pytest.mark.parametrize(
    ("x", "years", "conf", "lower", "upper"),
    [
        (23, 40.2, 0.95, 36.2687239727, 85.8489873006),
        (0, 12.5, 0.95, 0.0, 29.5110356329),
        (7, 33.3, 0.90, 9.86581288857, 39.48382523253),
    ],
)
def test_exact_intervals_equal_poisson_test(x, years, conf, lower, upper):
    rate = exposure_adjusted_rate(x, years, conf)
    assert (rate.estimate, rate.lower, rate.upper) == pytest.approx((100 * x / years, lower, upper), rel=1e-9)


def test_without_exposure_a_rate_is_not_estimable():
    assert exposure_adjusted_rate(0, 0.0).status == "NE"


@pytest.mark.parametrize(
    ("x", "years"), [(-1, 1.0), (0.5, 1.0), (1, -1.0), (1, float("nan")), (1, float("inf")), (float("nan"), 1.0)]
)
def test_counts_and_exposures_that_cannot_be_are_refused(x, years):
    with pytest.raises(UsageError, match="patient-years"):
        exposure_adjusted_rate(x, years)
