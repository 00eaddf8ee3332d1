"""M_PAIR: an earlier and a later value of the same subjects."""

from __future__ import annotations

from typing import Any

import numpy as np

from sdtm2adam.analysis.paired import signed_rank_test
from sdtm2adam.analysis.summary import summarise
from sdtm2adam.spec.display_plan import DisplayRow
from sdtm2adam.tlf.cells import Statistic
from sdtm2adam.tlf.collect import Place
from sdtm2adam.tlf.context import Context
from sdtm2adam.tlf.members import Part
from sdtm2adam.tlf.records import refuse_several


def summarise_pairs(context: Context, row: DisplayRow) -> None:
    """Pairs, medians before and after, change with its extremes, and Wilcoxon's signed-rank test, per column.

    A pair is a record with both values; the change is the later one less the earlier one.

    Raises:
        InputError: a subject has several pairs.
    """
    records = context.home(row)
    before, after = (records.numbers(row.dataset, name) for name in (row.before, row.variable))
    met = records.meeting(row.condition) & ~np.isnan(before) & ~np.isnan(after)
    refuse_several(row, records, met)
    inside = context.inside(row)[records.subject]
    for at, leaf in enumerate(context.spec.leaves):
        chosen = np.flatnonzero(met & inside[:, at])
        members = context.collector.members.put(Part(records, chosen, "VALUE"))
        place = Place(context.naming.column_groups(leaf), members=members)
        context.collector.add(row, place, _statistics(before[chosen], after[chosen]))


def _statistics(before: Any, after: Any) -> dict[str, Statistic]:
    change = summarise(after - before)
    values = {
        "before": summarise(before)["median"],
        "after": summarise(after)["median"],
        "change": change["median"],
        "min": change["min"],
        "max": change["max"],
    }
    test = signed_rank_test(before, after)
    found = {name: _statistic(value) for name, value in values.items()}
    found["p"] = Statistic(test.p, test.test, test.status, test.reason)
    return {"n": Statistic(float(before.size)), **found}


def _statistic(value: float | None) -> Statistic:
    return Statistic(None, "", "NE", "no pairs") if value is None else Statistic(float(value))
