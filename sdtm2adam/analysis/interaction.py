"""Tests of treatment by group interaction: one likelihood ratio, for a response and for a time to event."""

import numpy as np
import numpy.typing as npt
from scipy import special

from sdtm2adam.analysis.estimate import Estimate, not_estimable
from sdtm2adam.analysis.likelihood import BinomialLikelihood, Likelihood, PartialLikelihood, maximise
from sdtm2adam.analysis.risk import Floats, Ints, check_flags, check_lengths, check_times, codes, risk_table
from sdtm2adam.errors import UsageError

_TEST = "LRT"


def logistic_interaction(
    response: npt.ArrayLike, arm: npt.ArrayLike, group: npt.ArrayLike, *, trend: bool = False
) -> Estimate:
    """Test of treatment by group interaction for a response, on the odds scale.

    Logistic regression; likelihood ratio of the model with treatment, group and their interaction against the one
    without the interaction, two-sided, k - 1 degrees of freedom for k groups. With an empty cell of responders the
    supremum of the likelihood is used, so the test stays finite. A group in which none or all respond, or with one arm
    only, tells nothing about the interaction and takes no degree of freedom; with fewer than two others the test is
    not estimable.

    Args:
        response: 1 (True) for a responder, 0 for none.
        arm: 1 for treatment, 0 for control.
        group: level of each subject; with `trend` a number.
        trend: test the product of treatment and the number of the group alone, 1 degree of freedom.

    Returns:
        p (two-sided), statistic (likelihood-ratio chi-square) and df.

    Raises:
        UsageError: a flag is not 0 or 1, a group is missing, or the lengths differ.

    Source: R anova(glm(response ~ arm + group, binomial), glm(response ~ arm * group, binomial), test = "LRT").

    >>> r = [1] * 8 + [0] * 2 + [1] * 3 + [0] * 7 + [1] * 5 + [0] * 5 + [1] * 5 + [0] * 5
    >>> test = logistic_interaction(r, ([1] * 10 + [0] * 10) * 2, [1] * 20 + [2] * 20)
    >>> round(test.statistic, 4), test.df
    (2.7601, 1)
    """
    flags, arms = check_flags(response, "response"), check_flags(arm, "arm")
    check_lengths(flags.size, arm=arms, group=np.asarray(group).ravel())
    level, scores = _levels(group, trend)
    cell, cells = 2 * level + arms, 2 * scores.size
    n = np.bincount(cell, minlength=cells).astype(float)
    x = np.bincount(cell[flags], minlength=cells).astype(float)
    mixed = (_by_group(x) > 0) & (_by_group(x) < _by_group(n))
    used = np.flatnonzero((n > 0) & np.repeat(mixed, 2))
    constant = np.ones((used.size, 1))
    return _likelihood_ratio(BinomialLikelihood(x[used], n[used]), constant, used, scores, trend)


def cox_interaction(
    time: npt.ArrayLike,
    event: npt.ArrayLike,
    arm: npt.ArrayLike,
    group: npt.ArrayLike,
    ties: str = "efron",
    *,
    trend: bool = False,
) -> Estimate:
    """Test of treatment by group interaction for a time to event, on the hazard scale.

    Unstratified Cox model; likelihood ratio of the model with treatment, group and their interaction against the one
    without the interaction, two-sided, k - 1 degrees of freedom for k groups. With an empty cell of events the supremum
    of the likelihood is used, so the test stays finite. A group without events, or with one arm only, tells nothing
    about the interaction and takes no degree of freedom; with fewer than two others the test is not estimable.

    Args:
        time: time to event or censoring of each subject, any unit.
        event: 1 (True) for an event, 0 for a censoring.
        arm: 1 for treatment, 0 for control.
        group: level of each subject; with `trend` a number.
        ties: `efron` or `breslow`.
        trend: test the product of treatment and the number of the group alone, 1 degree of freedom.

    Returns:
        p (two-sided), statistic (likelihood-ratio chi-square) and df.

    Raises:
        UsageError: a time is missing or infinite, a flag is not 0 or 1, a group is missing, lengths differ, or ties is
            unknown.

    Source: R anova(coxph(Surv(time, event) ~ arm + group), coxph(Surv(time, event) ~ arm * group)).

    >>> test = cox_interaction([1, 2, 3, 4, 5, 6, 7, 8], [1] * 8, [0, 1, 0, 1, 1, 0, 1, 0], [1, 1, 1, 1, 2, 2, 2, 2])
    >>> test.df
    1
    """
    times, flags = check_times(time, event)
    arms = check_flags(arm, "arm")
    check_lengths(times.size, arm=arms, group=np.asarray(group).ravel())
    level, scores = _levels(group, trend)
    cell, cells = 2 * level + arms, 2 * scores.size
    with_events = _by_group(np.bincount(cell[flags], minlength=cells)) > 0
    kept = with_events[level]
    table = risk_table(times[kept], flags[kept], cell[kept], cells, None)
    likelihood = PartialLikelihood.of(table, ties)
    used = np.flatnonzero(table.at_risk.any(axis=0))
    shrunk = PartialLikelihood(likelihood.risk[:, used], likelihood.weight, likelihood.deaths[used])
    return _likelihood_ratio(shrunk, np.empty((used.size, 0)), used, scores, trend)


def _levels(group: npt.ArrayLike, trend: bool) -> tuple[Ints, Floats]:
    """Each subject's group as 0, 1, 2, ..., and the number each group stands for in a trend."""
    level = codes(group, "group")
    values = np.unique(np.asarray(group).ravel())
    if not trend:
        return level, np.arange(values.size, dtype=np.float64)
    if values.dtype.kind not in "iuf" and values.size:
        raise UsageError("a trend over groups without numbers", where="group", mend="give the groups as numbers")
    return level, values.astype(np.float64)


def _by_group(counts: Floats | Ints) -> Floats | Ints:
    """Counts per arm within group, summed over the arms."""
    summed: Floats | Ints = counts.reshape(-1, 2).sum(axis=1)
    return summed


def _likelihood_ratio(likelihood: Likelihood, constant: Floats, used: Ints, scores: Floats, trend: bool) -> Estimate:
    """The ratio of the two models over the cells in use; `constant` is the intercept, where the model has one."""
    arm, level = used % 2, used // 2
    groups = (level[:, None] == np.unique(level)[1:]).astype(float)
    additive = np.column_stack((constant, arm, groups))
    own = arm * scores[level] if trend else np.eye(used.size)
    whole = np.column_stack((additive, own))
    df = _rank(whole) - _rank(additive)
    if df < 1:
        return not_estimable("fewer than two groups tell of the interaction", _TEST)
    small, large = maximise(likelihood, additive), maximise(likelihood, whole)
    if not (small.converged and large.converged):
        return not_estimable("a model did not converge", _TEST)
    chi_square = max(0.0, 2 * (large.value - small.value))
    return Estimate(p=float(special.chdtrc(df, chi_square)), test=_TEST, statistic=chi_square, df=df)


def _rank(design: Floats) -> int:
    """Free coefficients of a model beside its intercept."""
    return int(np.linalg.matrix_rank(np.column_stack((np.ones(design.shape[0]), design)))) - 1
