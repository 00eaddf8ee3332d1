"""The statistics of the tables computed a second time, by scipy, statsmodels and formulas written out here."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import optimize, stats
from statsmodels.duration.hazard_regression import PHReg
from statsmodels.duration.survfunc import SurvfuncRight, survdiff
from statsmodels.stats.contingency_tables import StratifiedTable

Pair = tuple[float | None, float | None]
NONE: Pair = (None, None)


def quartile(values: pd.Series, q: float) -> float:
    """SAS PCTLDEF=5: the mean of two neighbours where n times q is whole."""
    ordered, place = sorted(values), len(values) * q
    if abs(place - round(place)) < 1e-9:
        return float(ordered[round(place) - 1] + ordered[round(place)]) / 2
    return float(ordered[int(np.ceil(place)) - 1])


def clopper_pearson(x: int, n: int, conf: float) -> Pair:
    """Exact limits of a proportion, in percent."""
    if not n:
        return NONE
    a = (1 - conf) / 2
    lower = stats.beta.ppf(a, x, n - x + 1) if x else 0.0
    upper = stats.beta.ppf(1 - a, x + 1, n - x) if x < n else 1.0
    return 100 * lower, 100 * upper


def miettinen_nurminen(x1: int, n1: int, x2: int, n2: int, conf: float) -> Pair:
    """Score limits of p1 - p2 in percent: where the score statistic with the factor n / (n - 1) meets its quantile."""
    z, estimate = stats.norm.ppf((1 + conf) / 2), x1 / n1 - x2 / n2

    def score(delta: float) -> float:
        p2 = _restricted(x1, n1, x2, n2, delta)
        variance = (p2 + delta) * (1 - p2 - delta) / n1 + p2 * (1 - p2) / n2
        return (estimate - delta) / np.sqrt(max(variance, 1e-300) * (n1 + n2) / (n1 + n2 - 1))

    edge = 1 - 1e-9
    lower = optimize.brentq(lambda d: score(d) - z, -edge, estimate, xtol=1e-12) if estimate > -edge else -1.0
    upper = optimize.brentq(lambda d: score(d) + z, estimate, edge, xtol=1e-12) if estimate < edge else 1.0
    return 100 * lower, 100 * upper


def _restricted(x1: int, n1: int, x2: int, n2: int, delta: float) -> float:
    """The p2 of greatest likelihood where p1 = p2 + delta: the root of the score, which falls steadily."""
    low, high = max(0.0, -delta) + 1e-13, min(1.0, 1 - delta) - 1e-13

    def slope(p: float) -> float:
        return x1 / (p + delta) - (n1 - x1) / (1 - p - delta) + x2 / p - (n2 - x2) / (1 - p)

    if slope(low) <= 0:
        return low
    return high if slope(high) >= 0 else float(optimize.brentq(slope, low, high, xtol=1e-15))


def proportion_test(x1: int, n1: int, x2: int, n2: int) -> tuple[float | None, bool]:
    """1-sided p that p1 is the greater: z with the pooled variance, Fisher's where an expected count is below 5."""
    pooled = (x1 + x2) / (n1 + n2)
    if pooled in (0, 1):
        return None, False
    if min(pooled, 1 - pooled) * min(n1, n2) < 5:
        table = [[x1, n1 - x1], [x2, n2 - x2]]
        return float(stats.fisher_exact(table, alternative="greater").pvalue), True
    z = (x1 / n1 - x2 / n2) / np.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2))
    return float(stats.norm.sf(z)), False


def cochran_mantel_haenszel(arm: pd.Series, response: pd.Series, strata: pd.Series) -> float | None:
    """1-sided p over strata, without correction; strata with one arm only say nothing."""
    tables = []
    for _, rows in pd.DataFrame({"arm": arm, "yes": response}).groupby(strata):
        table = pd.crosstab(~rows["arm"], ~rows["yes"])
        table = table.reindex(index=[False, True], columns=[False, True], fill_value=0)
        if (table.sum(axis=1) > 0).all():
            tables.append(table.to_numpy(dtype=float))
    excess = sum(t[0, 0] - t[0].sum() * t[:, 0].sum() / t.sum() for t in tables)
    if not tables or not sum(t[:, 0].sum() * t[:, 1].sum() for t in tables):
        return None
    chi = StratifiedTable(tables).test_null_odds(correction=False).statistic
    return float(stats.norm.sf(np.sign(excess) * np.sqrt(chi)))


def logistic_interaction(arm: pd.Series, response: pd.Series, group: pd.Series) -> float:
    """2-sided p of the likelihood ratio test of arm by group, logistic regression."""
    a, g = arm.to_numpy(float), group.to_numpy(float)
    plain = np.column_stack([np.ones(len(a)), a, g])
    designs = plain, np.column_stack([plain, a * g])
    both = [sm.Logit(response.to_numpy(float), design).fit(disp=0).llf for design in designs]
    return float(stats.chi2.sf(2 * (both[1] - both[0]), 1))


@dataclass(frozen=True)
class Curve:
    """A Kaplan-Meier curve: event times, survival and Greenwood variance just after each; `last` is the last time."""

    times: np.ndarray
    survival: np.ndarray
    variance: np.ndarray
    last: float

    def band(self, conf: float) -> tuple[np.ndarray, np.ndarray]:
        """Pointwise limits on the log-log scale; none where the curve is at zero."""
        z = stats.norm.ppf((1 + conf) / 2)
        with np.errstate(divide="ignore", invalid="ignore"):
            log = np.log(self.survival)
            half = z * np.sqrt(self.variance) / (self.survival * np.abs(log))
            lower, upper = np.exp(log * np.exp(half)), np.exp(log * np.exp(-half))
        there = self.survival > 0
        return np.where(there, lower, np.nan), np.where(there, upper, np.nan)

    def quantile(self, q: float) -> float | None:
        """First time at which survival is 1 - q or less; on a step at 1 - q the middle of the step."""
        level = 1 - q
        reached = np.flatnonzero(self.survival <= level + 1e-9)
        if not len(reached):
            return None
        first = reached[0]
        if abs(self.survival[first] - level) > 1e-9:
            return float(self.times[first])
        following = self.times[first + 1] if first + 1 < len(self.times) else self.last
        return float(self.times[first] + following) / 2

    def quantile_limits(self, q: float, conf: float) -> Pair:
        """Brookmeyer-Crowley: the times at which the band holds 1 - q."""
        lower, upper = self.band(conf)
        with np.errstate(invalid="ignore"):
            begins, ends = np.flatnonzero(lower <= 1 - q), np.flatnonzero(upper < 1 - q)
        return _at(self.times, begins), _at(self.times, ends)

    def at(self, t: float, conf: float) -> tuple[float | None, float | None, float | None, float | None]:
        """Survival at a time, its limits and its variance."""
        place = np.searchsorted(self.times, t, side="right") - 1
        if place < 0:
            return 1.0, None, None, 0.0
        if t > self.last and self.survival[place] > 0:
            return None, None, None, None
        lower, upper = (None if np.isnan(side[place]) else float(side[place]) for side in self.band(conf))
        return float(self.survival[place]), lower, upper, float(self.variance[place])


def _at(times: np.ndarray, places: np.ndarray) -> float | None:
    return float(times[places[0]]) if len(places) else None


def kaplan_meier(time: pd.Series, event: pd.Series) -> Curve:
    """The curve of some subjects; statsmodels' survival, Greenwood's sum written out."""
    values, happened = time.to_numpy(float), event.to_numpy(bool)
    if not happened.any():
        return Curve(np.array([]), np.array([]), np.array([]), float(values.max()))
    fitted = SurvfuncRight(values, happened.astype(int))
    some = fitted.n_events > 0
    times, survival = fitted.surv_times[some], fitted.surv_prob[some]
    n, d = fitted.n_risk[some], fitted.n_events[some]
    with np.errstate(divide="ignore", invalid="ignore"):
        sums = np.cumsum(d / (n * (n - d)))
        variance = np.where(survival > 0, survival**2 * sums, 0.0)
    return Curve(times, np.where(survival < 1e-12, 0.0, survival), variance, float(values.max()))


def log_rank(time: pd.Series, event: pd.Series, arm: pd.Series, strata: pd.Series | None = None) -> float | None:
    """1-sided p that the arm lives longer; the size by survdiff, the sign by events observed less expected."""
    if not event.any():
        return None
    parts = [np.ones(len(time), bool)] if strata is None else [(strata == s).to_numpy() for s in strata.unique()]
    t, e, a = time.to_numpy(float), event.to_numpy(bool), arm.to_numpy(bool)
    excess = 0.0
    for part in parts:
        for moment in np.unique(t[part & e]):
            risk, dies = part & (t >= moment), part & e & (t == moment)
            excess += (dies & a).sum() - dies.sum() * (risk & a).sum() / risk.sum()
    chi, _ = survdiff(t, e.astype(int), a.astype(int), strata=None if strata is None else strata.to_numpy())
    return float(stats.norm.cdf(np.sign(excess) * np.sqrt(chi)))


def hazard_ratio(
    time: pd.Series, event: pd.Series, arm: pd.Series, strata: pd.Series | None = None, conf: float = 0.95
) -> tuple[float | None, float | None, float | None]:
    """Cox model with Efron's ties: ratio and Wald limits."""
    if not event[arm].any() or not event[~arm].any():
        return None, None, None
    codes = None if strata is None else pd.factorize(strata)[0]
    model = PHReg(time.to_numpy(float), arm.to_numpy(float)[:, None], event.to_numpy(int), strata=codes, ties="efron")
    found = model.fit()
    half = stats.norm.ppf((1 + conf) / 2) * found.bse[0]
    return tuple(float(np.exp(found.params[0] + shift)) for shift in (0, -half, half))  # type: ignore[return-value]


def cox_interaction(time: pd.Series, event: pd.Series, arm: pd.Series, group: pd.Series) -> float:
    """2-sided p of the likelihood ratio test of arm by group, Cox model."""
    a, g = arm.to_numpy(float), group.to_numpy(float)
    both = [
        PHReg(time.to_numpy(float), np.column_stack(columns), event.to_numpy(int), ties="efron").fit().llf
        for columns in ((a, g), (a, g, a * g))
    ]
    return float(stats.chi2.sf(2 * (both[1] - both[0]), 1))
