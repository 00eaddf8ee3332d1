"""continuous and categorical variables of the subjects."""

from __future__ import annotations

import numpy as np

from sdtm2adam.analysis.summary import summarise
from sdtm2adam.spec.display_plan import DisplayRow
from sdtm2adam.tlf.cells import Statistic
from sdtm2adam.tlf.collect import Place
from sdtm2adam.tlf.context import Context
from sdtm2adam.tlf.members import Part


def summarise_variable(context: Context, row: DisplayRow) -> None:
    """n, mean, SD, median, quartiles (SAS definition 5), minimum and maximum of an ADSL variable, per column."""
    records = context.adsl
    values = records.column("ADSL", row.variable).to_numpy(dtype=float, na_value=np.nan)
    met = records.meeting(row.condition) & ~np.isnan(values)
    for at, leaf in enumerate(context.spec.leaves):
        chosen = np.flatnonzero(met & context.membership[:, at])
        members = context.collector.members.put(Part(records, chosen, "VALUE"))
        summary = summarise(values[chosen])
        statistics = {name: _statistic(value, chosen.size) for name, value in summary.items()}
        context.collector.add(row, Place(context.naming.column_groups(leaf), members=members), statistics)


def _statistic(value: float | None, n: int) -> Statistic:
    if value is None:
        return Statistic(None, "", "NE", "no values" if n == 0 else "fewer than 2 values")
    return Statistic(float(value))
