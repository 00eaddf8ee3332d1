"""From the grids of a shift table as written to rows with their analyses."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

from sdtm2adam.spec.display_plan import DisplayRow, Factor, Leaf, RowLevel
from sdtm2adam.spec.faults import Faults
from sdtm2adam.spec.patterns import Format
from sdtm2adam.spec.report import Report
from sdtm2adam.spec.row_variables import checked_format, dataset_and_variable
from sdtm2adam.spec.shift_model import ShiftRow, ShiftText, Side


def shift_rows(text: ShiftText, report: Report, faults: Faults) -> tuple[DisplayRow, ...]:
    """One row per grid; under it the grid itself, its agreement, and the subjects who are not in it.

    Args:
        text: the table as written.
        report: its formats.
        faults: gets what is wrong.
    """
    numbers = count(10, 10)
    form: Format = ()
    if text.show in report.formats:
        form = checked_format(
            faults.format(report.formats[text.show], text.show.where), "M_SHIFT", text.show.where, faults
        )
    else:
        faults.unknown("format", text.show, report.formats, text.show.where)
    return tuple(_grid(entry, text, form, numbers, faults) for entry in text.rows)


def _grid(entry: ShiftRow, text: ShiftText, form: Format, numbers: count[int], faults: Faults) -> DisplayRow:
    datasets = tuple(dict.fromkeys((str(text.data.dataset), "ADSL")))
    factors = tuple(_factor(side, datasets, faults) for side in (entry.from_, entry.to))
    condition = faults.condition(entry.where, datasets)
    bare = DisplayRow("", format=form, condition=condition, factors=factors)
    lines = [
        replace(bare, label=str(label), analysis=f"A_{text.id}_{next(numbers):03d}", method=method, where=label.where)
        for label, method in ((entry.label, "M_SHIFT"), (text.agreement, "M_AGREE"), (text.unpaired, "M_CNT"))
        if label is not None
    ]
    return DisplayRow(str(entry.label), rows=tuple(lines), gap=entry.gap, where=entry.label.where)


def _factor(side: Side, datasets: tuple[str, ...], faults: Faults) -> Factor:
    """The levels of one side; a missing value is none of them."""
    dataset, variable = dataset_and_variable(side.var, datasets, faults)
    values: dict[str, tuple[str, ...]] = {}
    for value, label in side.levels.items():
        values[str(label)] = (*values.get(str(label), ()), value)
    levels = tuple(RowLevel(label, known) for label, known in values.items())
    return Factor(f"{dataset}.{variable}", dataset, variable, levels)


def shift_leaves(text: ShiftText, report: Report, faults: Faults) -> tuple[Leaf, ...]:
    """The arms."""
    grouping = report.groupings.get(text.columns.by)
    if grouping is None:
        faults.unknown("grouping", text.columns.by, report.groupings, text.columns.by.where)
        return ()
    if grouping.dataset != "ADSL":
        faults.add(f"{text.columns.by} groups no subjects", text.columns.by.where, "take a grouping of ADSL")
        return ()
    return tuple(Leaf((str(text.columns.by),), (level,)) for level in grouping.levels)


def check_grid(text: ShiftText, report: Report, arms: int, faults: Faults) -> None:
    """Note grids of different sizes, columns that do not fill the line, and cells that do not fit."""
    place = text.columns.by.where
    sizes = {len(row.to.labels) for row in text.rows}
    if len(sizes) > 1:
        faults.add("the grids differ in the number of columns", place, "give each the same number of levels in to:")
    if text.columns.arms == "rows" and len({row.to.labels for row in text.rows}) > 1:
        faults.add("the grids differ in the levels of to:", place, "place the arms in columns:")
    blocks = arms if text.columns.arms == "columns" else 1
    width = text.columns.stub + blocks * (max(sizes) + 1) * text.columns.width
    if arms and text.layout in report.layouts and width != report.width(text.layout):
        what = f"the widths of the columns sum to {width}, not {report.width(text.layout)}"
        faults.add(what, place, "change a width")
    widest = max((label for row in text.rows for label in (*row.to.labels, str(text.total), "999 (100.0)")), key=len)
    if len(widest) > text.columns.width - 1:
        what = f"{widest!r} does not fit a cell of {text.columns.width - 1} characters"
        faults.add(what, place, "widen the columns, or shorten the label")
