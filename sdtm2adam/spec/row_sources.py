"""Rows that read other records than their output does, or take another set of subjects as denominator."""

from __future__ import annotations

from collections.abc import Mapping

from sdtm2adam.spec.conditions import Condition, comparisons
from sdtm2adam.spec.display_model import RowText, Source
from sdtm2adam.spec.display_plan import DisplayRow, RowSource
from sdtm2adam.spec.faults import Faults
from sdtm2adam.spec.patterns import fields
from sdtm2adam.spec.yaml import Text

TIMED = ("M_KMQ", "M_KMT", "M_KMTD", "M_RMST", "M_RKM", "M_LR", "M_COX")
"""Methods that read a time and its censoring."""


def other_source(entry: RowText, above: Condition | None, faults: Faults) -> RowSource:
    """The records that `data` of a row names; the conditions of the rows above must be able to judge them.

    Args:
        entry: the row.
        above: the condition of the rows above.
        faults: gets what is wrong.
    """
    assert entry.data is not None
    known = tuple(dict.fromkeys((str(entry.data.dataset), "ADSL")))
    for other in sorted({part.dataset for part in comparisons(above)} - set(known)):
        faults.add(
            f"the row reads {known[0]}, a row above it has a condition on {other}",
            entry.data.dataset.where,
            "put the row outside of that row",
        )
    return RowSource(entry.data, faults.condition(entry.data.where, known))


def own_source(entry: RowText, source: RowSource | None) -> RowSource | None:
    """The records of the row itself: a row that names a population and no condition counts its subjects in ADSL."""
    if entry.population is None or entry.data is not None or entry.where is not None:
        return source
    return RowSource(Source(dataset=Text("ADSL", entry.population.where)))


def check_base(row: DisplayRow, named: Mapping[str, DisplayRow], faults: Faults) -> None:
    """Note a base that is no count of the row's population, or one that is needed and not there."""
    divides = row.method == "M_CP" or "pct" in {part.name for part in fields(row.format)}
    if row.population and divides and not row.base:
        faults.add(
            f"the row is of the population {row.population} and has no denominator in it",
            row.where,
            "count the population in a row with an id, and name it as base:",
        )
    base = next((other for other in named.values() if row.base and other.analysis == row.base), None)
    if base is None:
        return
    if base.method != "M_CNT" or base.factors:
        faults.add("the base is no count of subjects", row.where, "name a row of M_CNT that is one row")
    elif base.population != row.population:
        faults.add("the base is of another population", row.where, "name a row of the same population")


def check_times(row: DisplayRow, source: RowSource, faults: Faults) -> None:
    """Note a method of times where the data have none."""
    if row.method in TIMED and (source.text.time is None or source.text.censor is None):
        faults.add(f"{row.method} needs a time and its censoring", row.where, "add time: and censor: to data")
