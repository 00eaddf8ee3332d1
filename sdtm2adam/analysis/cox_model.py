"""The Cox model of several covariates: strata, factors, and covariates that change in time."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from sdtm2adam.analysis.counting import CountingLikelihood, Rows
from sdtm2adam.analysis.covariates import design_of
from sdtm2adam.analysis.estimate import two_sided_z
from sdtm2adam.analysis.regression import Counts, Model, fit_terms, model_of, standardised, without_terms
from sdtm2adam.analysis.risk import Floats, check_lengths, check_times, codes
from sdtm2adam.analysis.settings import allowed
from sdtm2adam.errors import UsageError

Mask = npt.NDArray[np.bool_]


def cox_model(
    time: npt.ArrayLike,
    event: npt.ArrayLike,
    covariates: Mapping[str, npt.ArrayLike],
    *,
    start: npt.ArrayLike | None = None,
    subject: npt.ArrayLike | None = None,
    strata: npt.ArrayLike | None = None,
    reference: Mapping[str, str] | None = None,
    ties: str = "efron",
    conf: float = 0.95,
) -> Model:
    """Hazard ratios of several covariates by a Cox model, stratified or not.

    Partial likelihood with Efron's (or Breslow's) handling of ties; Wald limits and two-sided Wald p-value for each
    term on the log scale. A covariate that changes in time has one row per interval (start, time] of a subject: the row
    is at risk after its start. Rows with a missing covariate are left out and counted. A term is not
    estimable where it is a combination of the terms before it, or constant among the subjects at risk, or where the
    likelihood has no maximum (an infinite ratio); the other terms keep their estimates, as in R.

    Args:
        time: time to event or censoring of each row, any unit.
        event: 1 (True) where the row ends in the event, 0 for a censoring or the end of an interval.
        covariates: values by name, one per row: numbers, or texts as factors.
        start: start of each row, before its time; None where all are at risk from the beginning.
        subject: who each row belongs to; needed with start, and refused where rows of one subject overlap.
        strata: level of each row; None for the unstratified model.
        reference: reference level of factors by name; else the first level.
        ties: `efron` or `breslow` (setting ties).
        conf: confidence level of the limits.

    Returns:
        The model; its effects are hazard ratios.

    Raises:
        UsageError: a time is missing or infinite, a row does not start before its time, rows of a subject overlap or
            have two events, a flag is not 0 or 1, lengths differ, or a name or word is unknown.

    Source: R survival::coxph(Surv(start, time, event) ~ ... + strata(strata)); SAS PROC PHREG with CLASS / REF=.

    >>> model = cox_model([5, 8, 3, 9, 4, 7], [1, 1, 1, 0, 1, 1], {"AGE": [61, 50, 70, 44, 52, 66]})
    >>> round(model.effect("AGE").estimate, 4), model.counts.events
    (1.1241, 5)
    """
    z, ties = two_sided_z(conf), allowed("ties", ties)
    times, flags = check_times(time, event)
    begin = _starts(times, flags, start, subject)
    design = design_of(times.size, covariates, reference)
    levels = None if strata is None else codes(strata, "strata")
    if levels is not None:
        check_lengths(times.size, strata=levels)
    kept = design.complete
    subjects = int(kept.sum()) if subject is None else int(pd.Series(np.asarray(subject)[kept]).nunique())
    times, flags, levels = times[kept], flags[kept], None if levels is None else levels[kept]
    rows = Rows.of(times, flags, None if begin is None else begin[kept], levels, design.columns)
    counts = Counts(
        rows=times.size,
        omitted=int(np.count_nonzero(~kept)),
        subjects=subjects,
        events=int(flags.sum()),
        strata=int(np.count_nonzero(np.diff(rows.times // rows.steps, prepend=-1))),
    )
    if not counts.events:
        return without_terms(design.terms, "no events" if times.size else "no row has all covariates", counts)
    columns, spread = standardised(np.take(design.columns, rows.order, axis=1))
    fitted = fit_terms(lambda x: CountingLikelihood(rows, x, ties), columns, counts.events)
    return model_of(design.terms, fitted, spread, z, counts)


def _starts(times: Floats, flags: Mask, start: npt.ArrayLike | None, subject: npt.ArrayLike | None) -> Floats | None:
    """The start of each row, where given; refused where the rows of a subject cannot stand beside each other."""
    if start is None:
        if subject is not None and pd.Series(np.asarray(subject)).duplicated().any():
            raise UsageError("a subject has several rows", where="Cox model", mend="give the start of each row")
        return None
    begin = np.asarray(start, dtype=np.float64).ravel()
    check_lengths(times.size, start=begin)
    if subject is None:
        raise UsageError("rows with a start, but without subjects", where="Cox model", mend="give subject=")
    if not (begin < times).all():
        bad = np.count_nonzero(~(begin < times))
        raise UsageError(f"{bad} rows do not start before they end", where="Cox model", mend="give start < time")
    who = codes(subject, "subject")
    check_lengths(times.size, subject=who)
    order = np.lexsort((begin, who))
    same = who[order][1:] == who[order][:-1]
    if (same & (begin[order][1:] < times[order][:-1])).any():
        raise UsageError("rows of a subject overlap", where="Cox model", mend="cut them where the covariate changes")
    if (same & flags[order][:-1]).any():
        raise UsageError("a subject has a row after its event", where="Cox model", mend="end its rows with the event")
    return begin
