"""Entries that stand for several rows, and rows that some columns have not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sdtm2adam.spec.display_model import RowText
from sdtm2adam.spec.display_plan import DisplayRow, Leaf, WorstLevel
from sdtm2adam.spec.faults import Faults
from sdtm2adam.spec.yaml import Text


def written_out(entry: RowText) -> list[RowText]:
    """An entry once per landmark time (`{t}` in its label) or worst level (`{level}`), else as it is."""
    if entry.t and entry.label is not None and "{t}" in entry.label:
        return [_at_time(entry, time) for time in entry.t]
    if entry.worst is None or entry.worst.level is not None:
        return [entry]
    rows = [_at_level(entry, level, str(entry.label)) for level in entry.worst.take]
    return rows if entry.worst.missing is None else [*rows, _at_level(entry, None, entry.worst.missing)]


def _at_time(entry: RowText, time: float) -> RowText:
    label = Text(str(entry.label).replace("{t}", f"{time:g}"), entry.place_in_file)
    then = entry.then.model_copy(update={"t": (time,)}) if entry.then is not None else None
    return entry.model_copy(update={"label": label, "t": (time,), "then": then})


def _at_level(entry: RowText, level: float | None, label: str) -> RowText:
    assert entry.worst is not None
    named = Text(label if level is None else label.replace("{level}", f"{level:g}"), entry.place_in_file)
    return entry.model_copy(update={"label": named, "worst": entry.worst.model_copy(update={"level": level})})


def worst_of(entry: RowText, datasets: tuple[str, ...], faults: Faults) -> WorstLevel | None:
    """The worst level that a row counts; what is wrong with it goes to `faults`."""
    if entry.worst is None:
        return None
    dataset, _, variable = entry.worst.of.upper().partition(".")
    if dataset not in datasets or not variable:
        faults.unknown("variable", entry.worst.of, [f"{name}.VARIABLE" for name in datasets], entry.worst.of.where)
    if entry.method != "M_CNT":
        faults.add("worst: belongs to rows that count subjects", entry.worst.of.where, "take the method M_CNT")
    return WorstLevel(dataset, variable, entry.worst.level, entry.worst.take)


def restricted(row: DisplayRow, only: tuple[Text, ...], columns: Iterable[Leaf], faults: Faults) -> DisplayRow:
    """The row and all under it, with cells in the columns of some levels alone."""
    if not only:
        return row
    known = sorted({level for leaf in columns for level in leaf.levels})
    for level in only:
        if level not in known:
            faults.unknown("level of the columns", level, known, level.where)
    return _within(row, tuple(map(str, only)), faults)


def _within(row: DisplayRow, only: tuple[str, ...], faults: Faults) -> DisplayRow:
    if row.place != "column":
        faults.add("only: restricts columns, and the row stands over several", row.where, "leave one of the two out")
    return replace(
        row,
        only=only,
        rows=tuple(_within(child, only, faults) for child in row.rows),
        glued=None if row.glued is None else _within(row.glued, only, faults),
    )
