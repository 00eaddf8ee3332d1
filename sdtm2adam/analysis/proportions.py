"""Proportions of responders: rates, differences and tests. Every method, from one door."""

from sdtm2adam.analysis import difference_limits, rate_limits
from sdtm2adam.analysis.estimate import Estimate, fraction, not_estimable
from sdtm2adam.analysis.interaction import logistic_interaction
from sdtm2adam.analysis.logistic import logistic_model
from sdtm2adam.analysis.proportion_tests import cmh_test, one_sided_test, two_sided_test
from sdtm2adam.analysis.ratios import common_odds_ratio, odds_ratio, relative_risk
from sdtm2adam.analysis.score_interval import checked_counts
from sdtm2adam.analysis.settings import allowed
from sdtm2adam.analysis.stratified import stratified_difference

__all__ = [
    "cmh_test",
    "common_odds_ratio",
    "difference",
    "logistic_interaction",
    "logistic_model",
    "odds_ratio",
    "one_sided_test",
    "proportion",
    "relative_risk",
    "stratified_difference",
    "two_sided_test",
]


def proportion(x: int, n: int, conf: float = 0.95, method: str = "clopper_pearson") -> Estimate:
    """Proportion with an exact (Clopper-Pearson) interval, or another by name.

    The estimate is x / n. Clopper-Pearson: BetaInv(a/2; x, n - x + 1) and BetaInv(1 - a/2; x + 1, n - x); the lower
    limit is 0 at x = 0, the upper 1 at x = n. Without subjects it is not estimable.

    Args:
        x: responders.
        n: subjects.
        conf: confidence level.
        method: `clopper_pearson`, `wilson`, `wilson_cc`, `agresti_coull`, `jeffreys` or `wald` (setting ci_prop).

    Returns:
        estimate, lower and upper as proportions (0 to 1); limits of agresti_coull and wald are not cut there.

    Raises:
        UsageError: the counts are not whole, not 0 <= x <= n, or conf or method is unknown.

    Source: R binom.test(x, n)$conf.int, prop.test(correct = FALSE); SAS PROC FREQ BINOMIAL.

    >>> rate = proportion(84, 107)
    >>> round(rate.lower, 3), round(rate.upper, 3)
    (0.695, 0.859)
    >>> rate = proportion(84, 107, method="wilson")
    >>> round(rate.lower, 3), round(rate.upper, 3)
    (0.698, 0.852)
    """
    x, n = checked_counts(x, n)
    level, limits = fraction(conf, "conf"), rate_limits.METHODS[allowed("ci_prop", method)]
    if n == 0:
        return not_estimable("no subjects")
    lower, upper = limits(x, n, level)
    return Estimate(estimate=x / n, lower=lower, upper=upper)


def difference(x1: int, n1: int, x2: int, n2: int, conf: float = 0.95, method: str = "miettinen_nurminen") -> Estimate:
    """Difference of two proportions, treatment minus control, with a score interval or another by name.

    The estimate is x1/n1 - x2/n2. Miettinen-Nurminen: the differences that a score test with the restricted maximum
    likelihood variance, times N / (N - 1), does not reject; unstratified. Wald: estimate -/+ z times the unpooled
    standard error, not cut at -1 and 1. Without subjects in an arm it is not estimable.

    Args:
        x1: responders in the treatment arm.
        n1: subjects in the treatment arm.
        x2: responders in the control arm.
        n2: subjects in the control arm.
        conf: confidence level.
        method: `miettinen_nurminen`, `mee`, `newcombe`, `newcombe_cc`, `wald`, `wald_cc` or `anderson_hauck`
            (setting ci_diff).

    Returns:
        estimate, lower and upper as proportions (-1 to 1), not percent.

    Raises:
        UsageError: the counts are not whole, not 0 <= x <= n, or conf or method is unknown.

    Source: Miettinen and Nurminen 1985, Statistics in Medicine 4, 213; R ratesci::scoreci(..., skew = FALSE).

    >>> effect = difference(84, 107, 33, 93)
    >>> [round(100 * value, 1) for value in (effect.estimate, effect.lower, effect.upper)]
    [43.0, 29.9, 54.7]
    """
    (x1, n1), (x2, n2) = checked_counts(x1, n1), checked_counts(x2, n2)
    level, method = fraction(conf, "conf"), allowed("ci_diff", method)
    if n1 == 0 or n2 == 0:
        return not_estimable("no subjects in an arm")
    limits = difference_limits.METHODS[method](x1, n1, x2, n2, level)
    estimate = x1 / n1 - x2 / n2
    if limits is None:
        return Estimate(estimate=estimate, reason="limits not estimable with one subject in an arm")
    return Estimate(estimate=estimate, lower=limits[0], upper=limits[1])
