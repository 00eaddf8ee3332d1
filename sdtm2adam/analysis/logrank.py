"""The log-rank test."""

import numpy as np
import numpy.typing as npt
from scipy import special

from sdtm2adam.analysis.estimate import Estimate, not_estimable
from sdtm2adam.analysis.risk import arms_and_strata, check_times, risk_table

_TEST = "LOGRANK"


def log_rank(
    time: npt.ArrayLike, event: npt.ArrayLike, arm: npt.ArrayLike, strata: npt.ArrayLike | None = None
) -> Estimate:
    """Log-rank test, stratified or not, one-sided for fewer events in the treatment arm.

    z = (O - E) / sqrt(V) of the treatment arm, with E and the hypergeometric variance V summed over the event times,
    and over the strata; p = Phi(z). Strata in which the arms are never at risk together add nothing. Without an event,
    or with V = 0, the test is not estimable.

    Args:
        time: time to event or censoring of each subject, any unit.
        event: 1 (True) for an event, 0 for a censoring.
        arm: 1 for treatment, 0 for control.
        strata: level of each subject; None for the unstratified test.

    Returns:
        p (one-sided), statistic (z; its square is the chi-square of 1 df) and strata (the informative ones).

    Raises:
        UsageError: a time is missing or infinite, a flag is not 0 or 1, or the lengths differ.

    Source: R survival::survdiff(Surv(time, event) ~ arm + strata(strata)); SAS PROC LIFETEST with STRATA / GROUP=.

    >>> round(log_rank([1, 2, 3, 4], [1, 1, 1, 1], [0, 0, 1, 1]).p, 4)
    0.0448
    """
    times, flags = check_times(time, event)
    arms, levels = arms_and_strata(times.size, arm, strata)
    if not flags.any():
        return not_estimable("no events", _TEST)
    table = risk_table(times, flags, arms, 2, levels)
    n, d = table.at_risk.sum(axis=1), table.deaths.sum(axis=1)
    share = table.at_risk[:, 1] / n
    variance = d * share * (1 - share) * (n - d) / np.maximum(n - 1, 1)
    if not variance.any():
        return not_estimable("no event time compares the arms", _TEST)
    z = float((table.deaths[:, 1] - d * share).sum() / np.sqrt(variance.sum()))
    informative = np.unique(table.stratum[variance > 0]).size
    return Estimate(p=float(special.ndtr(z)), test=_TEST, statistic=z, strata=informative)
