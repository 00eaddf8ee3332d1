"""The Cox model with treatment alone."""

import math

import numpy as np
import numpy.typing as npt

from sdtm2adam.analysis.estimate import Estimate, not_estimable, ratio_by_wald, two_sided_z
from sdtm2adam.analysis.likelihood import PartialLikelihood, maximise
from sdtm2adam.analysis.risk import RiskTable, arms_and_strata, check_times, risk_table


def cox(
    time: npt.ArrayLike,
    event: npt.ArrayLike,
    arm: npt.ArrayLike,
    strata: npt.ArrayLike | None = None,
    ties: str = "efron",
    conf: float = 0.95,
) -> Estimate:
    """Hazard ratio of treatment to control by a Cox model with treatment alone, stratified or not.

    Partial likelihood with Efron's (or Breslow's) handling of ties, Newton's method; Wald limits and two-sided Wald
    p-value on the log scale. Not estimable where the likelihood has no maximum: no event in an arm, no event while
    both arms are at risk together, or all such events in one arm.

    Args:
        time: time to event or censoring of each subject, any unit.
        event: 1 (True) for an event, 0 for a censoring.
        arm: 1 for treatment, 0 for control.
        strata: level of each subject; None for the unstratified model.
        ties: `efron` or `breslow`.
        conf: confidence level of the limits.

    Returns:
        estimate (hazard ratio; below 1 favours treatment), lower, upper, p (two-sided), statistic (z) and strata (the
        informative ones).

    Raises:
        UsageError: a time is missing or infinite, a flag is not 0 or 1, lengths differ, ties or conf unknown.

    Source: R survival::coxph(Surv(time, event) ~ arm + strata(strata), ties = "efron"); SAS PROC PHREG TIES=EFRON.

    >>> round(cox([1, 2, 3, 4], [1, 1, 1, 1], [0, 1, 0, 1]).estimate, 4)
    0.3904
    """
    times, flags = check_times(time, event)
    arms, levels = arms_and_strata(times.size, arm, strata)
    z = two_sided_z(conf)
    table = risk_table(times, flags, arms, 2, levels)
    likelihood = PartialLikelihood.of(table, ties)
    reason = _why_no_maximum(table)
    if reason:
        return not_estimable(reason, "WALD")
    fit = maximise(likelihood, np.array([[0.0], [1.0]]))
    if not fit.converged:
        return not_estimable("the model did not converge", "WALD")
    return ratio_by_wald(float(fit.beta[0]), 1 / math.sqrt(fit.information[0, 0]), z, _informative(table))


def _why_no_maximum(table: RiskTable) -> str:
    """Why the partial likelihood has no maximum at a finite hazard ratio; empty where it has one."""
    deaths = table.deaths.sum(axis=0)
    if not deaths.any():
        return "no events"
    if not deaths.all():
        return "no events in an arm"
    together = table.deaths[table.at_risk.all(axis=1)].sum(axis=0)
    if not together.any():
        return "no event while both arms are at risk"
    return "" if together.all() else "while both arms are at risk, all events are in one arm"


def _informative(table: RiskTable) -> int:
    """Strata with an event while both arms are at risk."""
    return int(np.unique(table.stratum[table.at_risk.all(axis=1)]).size)
