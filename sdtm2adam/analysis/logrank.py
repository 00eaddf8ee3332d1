"""The log-rank test, of two arms and of several groups, and its Peto-Peto variant."""

import numpy as np
import numpy.typing as npt
from scipy import special

from sdtm2adam.analysis.estimate import Estimate, not_estimable
from sdtm2adam.analysis.risk import (
    Floats,
    RiskTable,
    arms_and_strata,
    check_lengths,
    check_times,
    codes,
    risk_table,
)
from sdtm2adam.analysis.settings import allowed

_NAMES = {"logrank": "LOGRANK", "peto_peto": "PETO-PETO"}
_TRACE = 1e-9  # of the variance
_NO_COMPARISON = "no event time compares the {}"


def log_rank(
    time: npt.ArrayLike,
    event: npt.ArrayLike,
    arm: npt.ArrayLike,
    strata: npt.ArrayLike | None = None,
    weight: str = "logrank",
) -> Estimate:
    """Log-rank test, stratified or not, one-sided for fewer events in the treatment arm.

    z = (O - E) / sqrt(V) of the treatment arm, with E and the hypergeometric variance V summed over the event times,
    and over the strata; p = Phi(z). With `peto_peto` each event time counts by the pooled survival just before it.
    Strata in which the arms are never at risk together add nothing. Without an event, or with V = 0, the test is not
    estimable.

    Args:
        time: time to event or censoring of each subject, any unit.
        event: 1 (True) for an event, 0 for a censoring.
        arm: 1 for treatment, 0 for control.
        strata: level of each subject; None for the unstratified test.
        weight: `logrank` or `peto_peto` (setting log_rank).

    Returns:
        p (one-sided), statistic (z; its square is the chi-square of 1 df) and strata (the informative ones).

    Raises:
        UsageError: a time is missing or infinite, a flag is not 0 or 1, the lengths differ, or weight is unknown.

    Source: R survival::survdiff(Surv(time, event) ~ arm + strata(strata), rho = 0 or 1); SAS PROC LIFETEST with
        STRATA / GROUP=.

    >>> round(log_rank([1, 2, 3, 4], [1, 1, 1, 1], [0, 0, 1, 1]).p, 4)
    0.0448
    """
    times, flags = check_times(time, event)
    arms, levels = arms_and_strata(times.size, arm, strata)
    name = _NAMES[allowed("log_rank", weight)]
    if not flags.any():
        return not_estimable("no events", name)
    table = risk_table(times, flags, arms, 2, levels)
    n, d = table.at_risk.sum(axis=1), table.deaths.sum(axis=1)
    share, counts = table.at_risk[:, 1] / n, _weights(table, weight)
    variance = counts**2 * d * share * (1 - share) * (n - d) / np.maximum(n - 1, 1)
    if not variance.any():
        return not_estimable(_NO_COMPARISON.format("arms"), name)
    z = float((counts * (table.deaths[:, 1] - d * share)).sum() / np.sqrt(variance.sum()))
    informative = np.unique(table.stratum[variance > 0]).size
    return Estimate(p=float(special.ndtr(z)), test=name, statistic=z, strata=informative)


def log_rank_groups(
    time: npt.ArrayLike,
    event: npt.ArrayLike,
    group: npt.ArrayLike,
    strata: npt.ArrayLike | None = None,
    weight: str = "logrank",
) -> Estimate:
    """Log-rank test that two or more groups have one survival, two-sided, stratified or not.

    Chi-square of the differences O - E of the groups with their hypergeometric covariance, summed over the event times
    and over the strata. A group that is never at risk together with another takes no degree of freedom. Without an
    event, or with fewer than two groups to compare, not estimable.

    Args:
        time: time to event or censoring of each subject, any unit.
        event: 1 (True) for an event, 0 for a censoring.
        group: level of each subject.
        strata: level of each subject; None for the unstratified test.
        weight: `logrank` or `peto_peto` (setting log_rank).

    Returns:
        p (two-sided), statistic (chi-square) and df.

    Raises:
        UsageError: a time is missing or infinite, a flag is not 0 or 1, a level is missing, the lengths differ, or
            weight is unknown.

    Source: R survival::survdiff(Surv(time, event) ~ group + strata(strata), rho = 0 or 1); SAS PROC LIFETEST.

    >>> test = log_rank_groups([1, 2, 3, 4, 5, 6], [1] * 6, ["a", "a", "b", "b", "c", "c"])
    >>> round(test.statistic, 4), test.df
    (7.2504, 2)
    """
    times, flags = check_times(time, event)
    members = codes(group, "group")
    check_lengths(times.size, group=members)
    levels = None if strata is None else codes(strata, "strata")
    if levels is not None:
        check_lengths(times.size, strata=levels)
    name = _NAMES[allowed("log_rank", weight)]
    if not flags.any():
        return not_estimable("no events", name)
    table = risk_table(times, flags, members, int(members.max()) + 1, levels)
    score, covariance = _score(table, _weights(table, weight))
    values, vectors = np.linalg.eigh(covariance)
    told = values > _TRACE * max(float(values.max()), _TRACE)  # the differences add up to 0: one direction has none
    df = int(told.sum())
    if df == 0:
        return not_estimable(_NO_COMPARISON.format("groups"), name)
    chi_square = float(((score @ vectors[:, told]) ** 2 / values[told]).sum())
    return Estimate(p=float(special.chdtrc(df, chi_square)), test=name, statistic=chi_square, df=df)


def _score(table: RiskTable, counts: Floats) -> tuple[Floats, Floats]:
    """O - E of each group and their covariance."""
    n, d = table.at_risk.sum(axis=1), table.deaths.sum(axis=1)
    share = table.at_risk / n[:, None]
    score = (counts[:, None] * (table.deaths - d[:, None] * share)).sum(axis=0)
    each = counts**2 * d * (n - d) / np.maximum(n - 1, 1)
    weighted = share * each[:, None]
    return score, np.diag(weighted.sum(axis=0)) - np.einsum("ij,ik->jk", share, weighted)


def _weights(table: RiskTable, weight: str) -> Floats:
    """What each event time counts: 1, or the pooled survival just before it, within its stratum."""
    n, d = table.at_risk.sum(axis=1), table.deaths.sum(axis=1)
    if weight == "logrank":
        return np.ones(n.size)
    logs = np.log(np.where(n > d, 1 - d / n, 1.0))  # where all have the event, nothing follows in the stratum
    before = np.cumsum(logs) - logs
    first = np.searchsorted(table.stratum, table.stratum, side="left")
    weights: Floats = np.exp(before - before[first])
    return weights
