"""time to event by Kaplan-Meier, log-rank and Cox."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sdtm2adam.analysis import survival
from sdtm2adam.analysis.estimate import Estimate, too_small
from sdtm2adam.errors import InputError
from sdtm2adam.spec.display_model import Source
from sdtm2adam.spec.display_plan import DisplayRow, RowSource
from sdtm2adam.tlf.cells import Statistic
from sdtm2adam.tlf.collect import Place
from sdtm2adam.tlf.context import Arms, Context
from sdtm2adam.tlf.members import Part
from sdtm2adam.tlf.methods.interaction import first_too_small, interaction_groups
from sdtm2adam.tlf.population import Mask
from sdtm2adam.tlf.records import Records


@dataclass(frozen=True, slots=True)
class Times:
    """Time and event of each subject, in the unit shown, and the records they come from, one per subject."""

    records: Records
    time: npt.NDArray[np.float64]
    event: Mask


def times_of(context: Context, row: DisplayRow | None = None) -> Times:
    """The time to event of every subject of the analysis set, from the records of the row or else of the output.

    Raises:
        InputError: a subject has no record or several, or a record has no usable time.
    """
    source = context.spec.source_of(row or DisplayRow(""))
    kept: dict[Any, Times] = context.kept.setdefault("times", {})
    key = source.dataset, source.condition, source.text.time, source.text.censor
    if key not in kept:
        kept[key] = _read_times(context, source)
    return kept[key]


def _read_times(context: Context, source: RowSource) -> Times:
    data, records = source.text, context.records_of(source)
    assert data.time is not None
    assert data.censor is not None
    counts = np.bincount(records.subject, minlength=len(context.population))
    _refuse(context, data, counts == 0, "have no record of the time to event", "derive one per subject of the set")
    _refuse(context, data, counts > 1, "have more than one record of the time to event", "narrow data: where")
    days = records.numbers(str(data.dataset), str(data.time.var))
    flags = records.numbers(str(data.dataset), str(data.censor))
    bad = ~np.isfinite(days) | (days < 0) | ~np.isfinite(flags)
    _refuse(context, data, bad, "have no time, a negative time or no censoring flag", "correct the derivation")
    unit = context.report.params.days_per_month if data.time.unit == "months" else 1.0
    return Times(records, days / unit, flags == 0)


def _refuse(context: Context, data: Source, bad: Mask, what: str, mend: str) -> None:
    if bad.any():
        first = context.population.subjects.iloc[int(np.flatnonzero(bad)[0])]
        raise InputError(
            f"{int(bad.sum())} subjects {what} (first: {first})",
            where=f"{data.dataset} {data.where or ''}".strip(),
            mend=mend,
        )


def parts_of(times: Times, subjects: Mask) -> tuple[Part, Part]:
    """The records behind a curve or a model: those with an event and those censored."""
    events, censored = np.flatnonzero(subjects & times.event), np.flatnonzero(subjects & ~times.event)
    return Part(times.records, events, "EVENT"), Part(times.records, censored, "CENSOR")


def estimate_curve(context: Context, row: DisplayRow) -> None:
    """Quantile, landmark rate, range or median follow-up of each column."""
    times = times_of(context, row)
    for at, leaf in enumerate(context.spec.leaves):
        subjects = context.membership[:, at]
        members = context.collector.members.put(*parts_of(times, subjects))
        place = Place(context.naming.column_groups(leaf), members=members)
        time, event = times.time[subjects], times.event[subjects]
        if row.quantile == "range":
            context.collector.add(row, place, _range(time, event))
        else:
            context.collector.add_estimate(row, place, _curve_estimate(context, row, time, event))


def _curve_estimate(context: Context, row: DisplayRow, time: Any, event: Any) -> Estimate:
    params = context.report.params
    if row.method == "M_RKM":
        return survival.follow_up(time, event, row.conf, params.km_ci, params.km_quantile)
    curve = survival.kaplan_meier(time, event)
    if row.method == "M_KMT":
        return survival.survival_rate(curve, row.times[0], row.conf, params.km_ci)
    if row.method == "M_RMST":
        return survival.restricted_mean(curve, row.times[0], row.conf)
    return survival.quantile(curve, float(row.quantile), row.conf, params.km_ci, params.km_quantile)


def _range(time: Any, event: Any) -> dict[str, Statistic]:
    """Least and greatest time; `+` where it is censored and no event is tied with it."""
    if not time.size:
        none = Statistic(None, "", "NE", "no subjects")
        return {"min": none, "max": none, "minc": Statistic(), "maxc": Statistic()}
    found = {}
    for name, extreme in (("min", time.min()), ("max", time.max())):
        found[name] = Statistic(float(extreme))
        found[f"{name}c"] = Statistic(None, "" if event[time == extreme].any() else "+")
    return found


def compare_arms(context: Context, row: DisplayRow) -> None:
    """Hazard ratio, log-rank test or difference of landmark rates, per span, under the size rule."""
    times = times_of(context, row)
    for arms in context.comparisons(row):
        small = _too_small(context, arms, times)
        estimate = small or _COMPARISONS[row.method](context, row, arms, times)
        place = context.span_place(row, arms, *parts_of(times, arms.both))
        context.collector.add_estimate(row, place, estimate)


def _too_small(context: Context, arms: Arms, times: Times) -> Estimate | None:
    params = context.report.params
    return too_small(
        int(arms.treatment.sum()),
        int(arms.control.sum()),
        int((arms.both & times.event).sum()),
        min_subjects=params.min_arm,
        min_events=params.min_events,
    )


def _hazard_ratio(context: Context, row: DisplayRow, arms: Arms, times: Times) -> Estimate:
    used = arms.both
    strata = context.strata(used) if row.stratified else None
    ties = context.report.params.ties
    return survival.cox(times.time[used], times.event[used], arms.treatment[used], strata, ties, row.conf)


def _log_rank(context: Context, row: DisplayRow, arms: Arms, times: Times) -> Estimate:
    used = arms.both
    strata = context.strata(used) if row.stratified else None
    weight = context.report.params.log_rank
    return survival.log_rank(times.time[used], times.event[used], arms.treatment[used], strata, weight)


def _rate_difference(context: Context, row: DisplayRow, arms: Arms, times: Times) -> Estimate:
    del context
    curves = [survival.kaplan_meier(times.time[arm], times.event[arm]) for arm in (arms.treatment, arms.control)]
    return survival.rate_difference(curves[0], curves[1], row.times[0], row.conf)


_COMPARISONS: dict[str, Callable[[Context, DisplayRow, Arms, Times], Estimate]] = {
    "M_COX": _hazard_ratio,
    "M_LR": _log_rank,
    "M_KMTD": _rate_difference,
}


def compare_groups(context: Context, row: DisplayRow) -> None:
    """Treatment by group interaction or trend: unstratified Cox, likelihood ratio, two-sided, under the size rule."""
    times = times_of(context, row)
    for arms in context.comparisons(row):
        group = interaction_groups(context, row, arms)
        used = group >= 0
        small = first_too_small(context, row, arms, group, used, times.event)
        estimate = small or survival.cox_interaction(
            times.time[used],
            times.event[used],
            arms.treatment[used],
            group[used],
            context.report.params.ties,
            trend=row.method == "M_TREND",
        )
        place = context.span_place(row, arms, *parts_of(times, used))
        context.collector.add_estimate(row, place, estimate)
