"""M_CONT: continuous variables of the subjects."""

from __future__ import annotations

from typing import Any

import numpy as np

from sdtm2adam.analysis.summary import summarise, summarise_geometric
from sdtm2adam.spec.display_plan import DisplayRow
from sdtm2adam.spec.method_settings import DEFAULTS
from sdtm2adam.spec.row_variables import NOTE
from sdtm2adam.tlf.cells import Statistic
from sdtm2adam.tlf.collect import Place
from sdtm2adam.tlf.context import Context
from sdtm2adam.tlf.identity import Group
from sdtm2adam.tlf.members import Part
from sdtm2adam.tlf.records import Records, refuse_several


def summarise_variable(context: Context, row: DisplayRow) -> None:
    """n, mean, SD, median, quartiles (setting `percentile`), extremes and geometric mean of a variable, per column.

    A row of a footnote is summarised over the subjects of all columns; its quartiles are cut points, which ADaM takes
    by SAS definition 5, and so does it. Each subject has one value at most.

    Raises:
        InputError: a subject has several records that meet the row.
    """
    records = context.home(row)
    values = records.numbers(row.dataset, row.variable)
    met = records.meeting(row.condition) & ~np.isnan(values)
    refuse_several(row, records, met)
    inside = context.inside(row)[records.subject]
    if row.place == NOTE:
        groups = context.naming.pooled_groups(context.spec.leaves[0])
        return _store(context, row, groups, records, values, np.flatnonzero(met & inside.any(axis=1)))
    for at, leaf in enumerate(context.spec.leaves):
        if row.applies(leaf):
            chosen = np.flatnonzero(met & inside[:, at])
            _store(context, row, context.naming.column_groups(leaf), records, values, chosen)
    return None


def _store(
    context: Context, row: DisplayRow, groups: tuple[Group, ...], records: Records, values: Any, chosen: Any
) -> None:
    members = context.collector.members.put(Part(records, chosen, "VALUE"))
    of_chosen = values[chosen]
    percentiles = DEFAULTS["percentile"] if row.place == NOTE else context.report.params.percentile
    statistics = {name: _statistic(value, chosen.size) for name, value in summarise(of_chosen, percentiles).items()}
    for name, value in summarise_geometric(of_chosen).items():
        above_zero = bool(chosen.size) and bool((of_chosen > 0).all())
        reason = "" if above_zero or not chosen.size else "a value is not above 0"
        statistics[name] = _statistic(value, chosen.size, reason)
    context.collector.add(row, Place(groups, members=members), statistics)


def _statistic(value: float | None, n: int, reason: str = "") -> Statistic:
    if value is None:
        return Statistic(None, "", "NE", reason or ("no values" if n == 0 else "fewer than 2 values"))
    return Statistic(float(value))
