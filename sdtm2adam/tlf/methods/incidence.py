"""M_EAIR: subjects with an event per 100 patient-years at risk."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sdtm2adam.analysis.estimate import Estimate
from sdtm2adam.analysis.rates import exposure_adjusted_rate
from sdtm2adam.errors import InputError
from sdtm2adam.spec.display_model import TableText
from sdtm2adam.spec.display_plan import DisplayRow
from sdtm2adam.tlf.cells import Statistic
from sdtm2adam.tlf.collect import Place
from sdtm2adam.tlf.context import Context
from sdtm2adam.tlf.methods.counts import Levels, cells_of, row_levels, subjects_by_level
from sdtm2adam.tlf.population import Mask
from sdtm2adam.tlf.records import Records

Days = npt.NDArray[np.float64]


def adjust_for_exposure(context: Context, row: DisplayRow) -> None:
    """Subjects with an event, the patient-years up to it or to the end of risk, and the rate with its exact interval.

    A subject is at risk from day 1 to the first event of the row, or to its last day at risk where it has none. An
    event of which the day is not known does not shorten the time.
    """
    records = context.home(row)
    levels = row_levels(context, row, records)
    met = records.meeting(row.condition)
    counts = subjects_by_level(levels, records.subject, met, context.membership)
    days = days_at_risk(context, row, records, levels, met)
    per_year = 12 * context.report.params.days_per_month
    for at, code, part in cells_of(context, row, records, levels, met, counts):
        groups = context.naming.column_groups(context.spec.leaves[at], row.factors, levels.labels[code])
        place = Place(groups, "", context.collector.members.put(part), "", context.denominators[""][at][0])
        years = float(days[code, at]) / per_year
        rate = exposure_adjusted_rate(int(counts[code, at]), years, row.conf)
        context.collector.add(row, place, _statistics(int(counts[code, at]), years, rate))


def _statistics(count: int, years: float, rate: Estimate) -> dict[str, Statistic]:
    def told(value: float | None) -> Statistic:
        return Statistic(None, "", rate.status, rate.reason) if value is None else Statistic(value)

    return {
        "n": Statistic(float(count)),
        "years": Statistic(years),
        "est": told(rate.estimate),
        "lower": told(rate.lower),
        "upper": told(rate.upper),
    }


def days_at_risk(context: Context, row: DisplayRow, records: Records, levels: Levels, met: Mask) -> Days:
    """Days at risk of the subjects of each column, for each level of the row: levels by columns.

    Raises:
        InputError: a subject has no last day at risk, or an event stands before the first one.
    """
    assert isinstance(context.spec.text, TableText)
    risk = context.spec.text.risk
    assert risk is not None
    end = _end_of_risk(context, str(risk.end).split(".")[-1])
    dataset, variable = str(risk.event).upper().split(".")
    day = records.numbers(dataset, variable)
    kept = np.flatnonzero(met & (levels.codes >= 0))
    _refuse_early(row, str(risk.event), day[kept], records.usubjid()[kept])
    size = max(len(context.population), 1)
    pairs = levels.codes[kept] * size + records.subject[kept]
    lasting = np.fmin(day[kept], end[records.subject[kept]])
    first = np.lexsort((lasting, pairs))
    each, starts = np.unique(pairs[first], return_index=True)
    saved = np.zeros((len(levels.labels), len(context.spec.leaves)))
    less = end[each % size] - lasting[first][starts]
    np.add.at(saved, each // size, less[:, None] * context.membership[each % size])
    return np.asarray((end[:, None] * context.membership).sum(axis=0) - saved, dtype=np.float64)


def _end_of_risk(context: Context, variable: str) -> Days:
    end = context.population.numbers(variable)
    unknown = np.isnan(end) | (end < 1)
    if unknown.any():
        first = context.population.subjects[unknown].iloc[0]
        raise InputError(
            f"{int(unknown.sum())} subjects have no time at risk (first: {first})",
            where=f"ADSL.{variable}",
            mend="a subject of the analysis set is at risk for a day or more: correct ADSL, or take another set",
        )
    return end


def _refuse_early(row: DisplayRow, name: str, day: Days, subjects: npt.NDArray[np.object_]) -> None:
    early = day < 1
    if early.any():
        raise InputError(
            f"{int(early.sum())} events stand before the first day at risk (first: {subjects[early][0]})",
            where=row.where,
            mend=f"count events by a condition that keeps those from day 1 of {name} on",
        )
