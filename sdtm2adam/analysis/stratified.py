"""The difference of two proportions over strata: weighted mean of the differences, with score or Wald limits."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import optimize

from sdtm2adam.analysis.estimate import Estimate, not_estimable, two_sided_z
from sdtm2adam.analysis.proportion_tests import counts_by_stratum
from sdtm2adam.analysis.rate_limits import wilson
from sdtm2adam.analysis.risk import Floats
from sdtm2adam.analysis.score_interval import restricted_rate
from sdtm2adam.analysis.settings import allowed
from sdtm2adam.errors import UsageError

_PRECISION = 1e-13
_ROUNDS = 200
_LEAST = 1e-12  # of a variance that is divided by


def stratified_difference(
    x1: npt.ArrayLike,
    n1: npt.ArrayLike,
    x2: npt.ArrayLike,
    n2: npt.ArrayLike,
    conf: float = 0.95,
    method: str = "miettinen_nurminen",
    weights: str = "mantel_haenszel",
) -> Estimate:
    """Difference of two proportions over strata, treatment minus control.

    Weighted mean of the differences within the strata. Score limits (Miettinen-Nurminen): the common differences that
    the weighted score test does not reject, with the restricted maximum likelihood variance of each stratum times
    N / (N - 1). Wald limits: sum of the squared weights times the unpooled variances; with Mantel-Haenszel weights
    n1 n2 / (n1 + n2) this is the CMH-weighted difference. Weights of the score method: Mantel-Haenszel; inverse of the
    restricted variance without N / (N - 1); or those of Miettinen and Nurminen, found by iteration. The weights of
    the last two depend on the difference, and the estimate is the one at which the score is 0. Strata with one arm
    only add nothing; where none is left, not estimable.

    Args:
        x1: responders in the treatment arm, one per stratum.
        n1: subjects in the treatment arm, one per stratum.
        x2: responders in the control arm, one per stratum.
        n2: subjects in the control arm, one per stratum.
        conf: confidence level.
        method: `miettinen_nurminen`, `newcombe`, `wald` or `sato` (setting ci_diff_strat); the last three have
            Mantel-Haenszel weights only.
        weights: `mantel_haenszel`, `miettinen_nurminen` or `inverse_variance` (setting weights).

    Returns:
        estimate, lower and upper as proportions (-1 to 1), and strata (those with both arms).

    Raises:
        UsageError: the counts are not whole, not 0 <= x <= n, or of different lengths, or a word is unknown.

    Source: Miettinen and Nurminen 1985; R ratesci::scoreci(stratified = TRUE, skew = FALSE), tern::prop_diff_cmh,
        metafor::rma.mh(measure = "RD"); Sato 1989, Biometrics 45, 1323; Yan and Su 2010; SAS PROC FREQ
        RISKDIFF(COMMON).

    >>> effect = stratified_difference([62, 7, 63], [110, 10, 95], [86, 7, 53], [118, 10, 76])
    >>> [round(value, 4) for value in (effect.estimate, effect.lower, effect.upper)], effect.strata
    ([-0.1042, -0.1933, -0.0132], 3)
    """
    z, method, weights = two_sided_z(conf), allowed("ci_diff_strat", method), allowed("weights", weights)
    if method != "miettinen_nurminen" and weights != "mantel_haenszel":
        raise UsageError(f"{method} with weights {weights}", where="stratified_difference", mend="mantel_haenszel")
    counts = counts_by_stratum(x1, n1, x2, n2)
    both = (counts[1] > 0) & (counts[3] > 0)
    strata = Strata(*(part[both] for part in counts))
    if not both.any():
        return not_estimable("no stratum with both arms")
    if method == "miettinen_nurminen":
        estimate, lower, upper = _score(strata, weights, z)
    else:
        estimate = float(strata.share @ strata.difference)
        limits = _closed(strata, method, estimate, conf)
        if limits is None:
            return Estimate(estimate=estimate, reason="limits not estimable where none or all of an arm respond")
        lower, upper = limits
    return Estimate(estimate=estimate, lower=lower, upper=upper, strata=int(both.sum()))


@dataclass(frozen=True, slots=True)
class Strata:
    """Responders and subjects of the two arms, one per stratum."""

    x1: Floats
    n1: Floats
    x2: Floats
    n2: Floats

    @property
    def difference(self) -> Floats:
        """The difference within each stratum."""
        return self.x1 / self.n1 - self.x2 / self.n2

    @property
    def share(self) -> Floats:
        """Mantel-Haenszel weights n1 n2 / (n1 + n2), adding up to 1."""
        weight = self.n1 * self.n2 / (self.n1 + self.n2)
        shares: Floats = weight / weight.sum()
        return shares


def _closed(strata: Strata, method: str, estimate: float, conf: float) -> tuple[float, float] | None:
    """Limits with a closed form: Wald, Sato, Newcombe."""
    z, share = two_sided_z(conf), strata.share
    if method == "newcombe":
        return _newcombe(strata, estimate, conf)
    if method == "wald":
        p1, p2 = strata.x1 / strata.n1, strata.x2 / strata.n2
        variance = float(share**2 @ (p1 * (1 - p1) / strata.n1 + p2 * (1 - p2) / strata.n2))
    else:
        variance = _sato(strata, estimate)
    half = z * math.sqrt(variance)
    return estimate - half, estimate + half


def _sato(strata: Strata, estimate: float) -> float:
    """Sato's variance of the Mantel-Haenszel difference, sound for few large and for many small strata."""
    x1, n1, x2, n2 = strata.x1, strata.n1, strata.x2, strata.n2
    total = n1 + n2
    p = (n1**2 * x2 - n2**2 * x1 + n1 * n2 * (n2 - n1) / 2) / total**2
    q = (x1 * (n2 - x2) + x2 * (n1 - x1)) / (2 * total)
    return float((estimate * p.sum() + q.sum()) / (n1 * n2 / total).sum() ** 2)


def _newcombe(strata: Strata, estimate: float, conf: float) -> tuple[float, float] | None:
    """Newcombe's limits from stratified Wilson limits of the two rates; none where a rate has no variance."""
    rate1 = _stratified_wilson(strata.x1, strata.n1, strata.share, conf)
    rate2 = _stratified_wilson(strata.x2, strata.n2, strata.share, conf)
    if rate1 is None or rate2 is None:
        return None
    (lower1, upper1), (lower2, upper2) = rate1, rate2
    z = two_sided_z(conf)
    spread1, spread2 = (float(strata.share**2 @ (1 / n)) for n in (strata.n1, strata.n2))
    down = math.sqrt(spread1 * lower1 * (1 - lower1) + spread2 * upper2 * (1 - upper2))
    up = math.sqrt(spread1 * upper1 * (1 - upper1) + spread2 * lower2 * (1 - lower2))
    return estimate - z * down, estimate + z * up


def _stratified_wilson(x: Floats, n: Floats, share: Floats, conf: float) -> tuple[float, float] | None:
    """Weighted means of the Wilson limits of the strata, at a quantile that makes their mean hold the level."""
    rate = x / n
    error = np.sqrt(rate * (1 - rate) / n)
    if not error.any():
        return None
    z = two_sided_z(conf) * math.sqrt(float(share**2 @ error**2)) / float(share @ error)
    level = math.erf(z / math.sqrt(2))
    limits = np.array([wilson(int(a), int(b), level) for a, b in zip(x, n, strict=True)])
    return float(share @ limits[:, 0]), float(share @ limits[:, 1])


def _score(strata: Strata, weights: str, z: float) -> tuple[float, float, float]:
    """Where the weighted score test is 0, and where it reaches z on either side."""

    def test(common: float) -> float:
        """The weighted gap between the observed differences and a common one, in standard errors."""
        p1, p2 = _restricted(strata, common)
        total = strata.n1 + strata.n2
        variance = p1 * (1 - p1) / strata.n1 + p2 * (1 - p2) / strata.n2
        weight = _weights(strata, weights, p1, p2, variance)
        gap = float(weight @ (strata.difference - common))
        error = math.sqrt(float(weight**2 @ (variance * total / (total - 1))))
        return gap / error if error else (math.inf * np.sign(gap) if gap else 0.0)

    fixed = weights == "mantel_haenszel"
    estimate = float(strata.share @ strata.difference) if fixed else _root(test, -1.0, 1.0, 0.0)
    return estimate, _root(test, -1.0, estimate, z), _root(test, estimate, 1.0, -z)


def _root(test: Callable[[float], float], low: float, high: float, target: float) -> float:
    """Where the falling test statistic passes the target; an end where it does not."""
    if test(low) <= target:
        return low
    if test(high) >= target:
        return high
    return float(optimize.bisect(lambda common: test(common) - target, low, high, xtol=_PRECISION, maxiter=_ROUNDS))


def _restricted(strata: Strata, common: float) -> tuple[Floats, Floats]:
    """The rates of each stratum, restricted to the common difference."""
    counts = zip(strata.x1.tolist(), strata.n1.tolist(), strata.x2.tolist(), strata.n2.tolist(), strict=True)
    p1 = np.array([restricted_rate(int(x1), int(n1), int(x2), int(n2), common) for x1, n1, x2, n2 in counts])
    return p1, np.clip(p1 - common, 0.0, 1.0)


def _weights(strata: Strata, weights: str, p1: Floats, p2: Floats, variance: Floats) -> Floats:
    """Weights of the strata at a common difference."""
    if weights == "mantel_haenszel":
        return strata.share
    if weights == "inverse_variance":
        weight = 1 / np.maximum(variance, _LEAST)
        return weight / float(weight.sum())
    weight = strata.share
    for _ in range(_ROUNDS):
        mean1, mean2 = float(weight @ p1), float(weight @ p2)
        spread1, spread2 = max(mean1 * (1 - mean1), _LEAST), max(mean2 * (1 - mean2), _LEAST)
        new = 1 / (spread1 / spread2 / strata.n1 + 1 / strata.n2)
        new = new / new.sum()
        if np.abs(new - weight).max() < _PRECISION:
            break
        weight = new
    return weight
