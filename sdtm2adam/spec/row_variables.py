"""Ready summaries of a variable: a block of statistics, one row per level, or subjects with a flag."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from sdtm2adam.errors import SpecError
from sdtm2adam.spec.conditions import Comparison, Condition, both
from sdtm2adam.spec.display_model import NoteText, RowText, TableText
from sdtm2adam.spec.display_plan import DisplayRow, Factor, RowLevel
from sdtm2adam.spec.faults import Faults
from sdtm2adam.spec.methods import METHOD_STATISTICS
from sdtm2adam.spec.patterns import Field, Format, fields, settle, split_fields
from sdtm2adam.spec.report import Report
from sdtm2adam.spec.yaml import Map, Text

NOTE = "note"
"""The place of analyses whose numbers stand in footnotes."""


def variable_row(
    entry: RowText, row: DisplayRow, datasets: tuple[str, ...], report: Report, faults: Faults
) -> tuple[DisplayRow, Condition | None]:
    """The rows of a variable, and the condition of the rows under it.

    Args:
        entry: the row as written: `var` is a variable of ADSL, or DATASET.VARIABLE.
        row: a row with its analysis, condition and records.
        datasets: those the row may name.
        report: its blocks and formats.
        faults: gets what is wrong.
    """
    where = entry.place_in_file
    dataset, variable = dataset_and_variable(entry.var or Text(""), datasets, faults)
    _check_way(entry, where, faults)
    head = DisplayRow(
        str(entry.label or entry.var), gap=entry.gap, indent=entry.indent, continued=entry.continued, where=where
    )
    if entry.flag is not None:
        yes = both(row.condition, Comparison(dataset, variable, "=", (str(entry.flag),)))
        form = _count_format(report, where, faults)
        counted = replace(
            head, analysis=row.analysis, method="M_CNT", format=form, condition=yes, base=row.base,
            source=row.source, population=row.population,
        )  # fmt: skip
        return counted, yes
    row = replace(row, where=where)
    lines: tuple[DisplayRow, ...] = ()
    if entry.levels is not None:
        lines = (_level_line(entry, row, dataset, variable, _count_format(report, where, faults)),)
    elif entry.block is not None:
        if entry.before is not None and dataset_and_variable(entry.before, datasets, faults)[0] != dataset:
            faults.add(f"{entry.before} is of another dataset than {entry.var}", where, "pair values of one record")
        lines = _block_lines(entry, replace(row, dataset=dataset, variable=variable), report, faults)
    return replace(head, rows=lines), row.condition


def _check_way(entry: RowText, where: str, faults: Faults) -> None:
    ways = [key for key in ("block", "levels", "flag") if getattr(entry, key) is not None]
    if len(ways) != 1:
        faults.add(
            f"the variable {entry.var} has {' and '.join(ways) or 'no summary'}",
            where,
            "give one of block, levels, flag",
        )
    if entry.before is not None and entry.block is None:
        faults.add("before: needs a block of paired values", where, "give block:, or drop before:")


def dataset_and_variable(name: Text, datasets: tuple[str, ...], faults: Faults) -> tuple[str, str]:
    """The dataset and the variable of a name; without a dataset it is a variable of ADSL."""
    dataset, point, variable = name.upper().partition(".")
    if not point:
        return "ADSL", str(name)
    if dataset not in datasets:
        faults.unknown("dataset of a variable", dataset, datasets, name.where)
    return dataset, variable


def _count_format(report: Report, where: str, faults: Faults) -> Format:
    if "n_pct" not in report.formats:
        faults.unknown("format", "n_pct", report.formats, where)
        return ()
    return faults.format(report.formats["n_pct"], where)


def _level_line(entry: RowText, row: DisplayRow, dataset: str, variable: str, form: Format) -> DisplayRow:
    missing = str(entry.missing or "Missing")
    factor = Factor(
        f"{dataset}.{variable}", dataset, variable, listed_levels(entry.levels or {}, missing),
        missing=missing, missing_in_shell=entry.missing is not None,
    )  # fmt: skip
    return replace(
        row, dataset=dataset, variable=variable, method="M_CNT", format=form, listed=row.condition, factors=(factor,),
        each=factor,
    )  # fmt: skip


def _block_lines(entry: RowText, row: DisplayRow, report: Report, faults: Faults) -> tuple[DisplayRow, ...]:
    where, name = entry.place_in_file, str(entry.block)
    if name not in report.blocks:
        faults.unknown("block", name, report.blocks, where)
    method = "M_CONT" if entry.before is None else "M_PAIR"
    lines = []
    for label, form in report.blocks.get(name, ()):
        checked = checked_format(faults.format(form, form.where), method, where, faults)
        pattern = settle(checked, entry.decimals, entry.digits)
        line = replace(row, label=str(label), method=method, format=pattern)
        lines.append(replace(line, before=str(entry.before or "").upper().rpartition(".")[2]))
    return tuple(lines)


def checked_format(form: Format, method: str, where: str, faults: Faults) -> Format:
    """The format; a statistic that the method does not give is noted."""
    given = METHOD_STATISTICS.get(method, ())
    for part in fields(form):
        if given and part.name not in given:
            faults.add(
                f"the format asks for {part.name!r}, which {method} does not give",
                where,
                f"it gives {', '.join(given)}",
            )
    return form


def note_rows(text: TableText, numbers: Callable[[], str], faults: Faults) -> tuple[DisplayRow, ...]:
    """The analyses behind numbers of footnotes: variables summarised over all columns.

    The statistics and their patterns are those that the footnotes ask for as `{ID.statistic:pattern}`.

    Args:
        text: the table as written.
        numbers: gives the id of the next analysis.
        faults: gets what is wrong.
    """
    asked = _asked(text, faults)
    for part in asked:
        name = part.name.partition(".")[0]
        if name not in {str(note.id) for note in text.notes}:
            faults.unknown("id in a footnote", name, [str(note.id) for note in text.notes], text.id.where)
    return tuple(_note_row(note, asked, text, numbers(), faults) for note in text.notes)


def _asked(text: TableText, faults: Faults) -> list[Field]:
    """The fields of the footnotes that name a result."""
    lines = [line for note in text.footnotes if isinstance(note, Map) for line in note.values()]
    found: list[Field] = []
    for line in lines:
        try:
            found += [part for part in fields(split_fields(str(line), line.where)) if "." in part.name]
        except SpecError as error:
            faults.found.append(error)
    return found


def _note_row(note: NoteText, asked: list[Field], text: TableText, analysis: str, faults: Faults) -> DisplayRow:
    datasets = tuple(dict.fromkeys((str(text.data.dataset), "ADSL")))
    dataset, variable = dataset_and_variable(note.var, datasets, faults)
    own = [replace(part, name=part.name.partition(".")[2]) for part in asked if part.name.startswith(f"{note.id}.")]
    if not own:
        faults.add(
            f"no footnote prints {note.id}", note.id.where, f"write {{{note.id}.median:xx.x}} in one, or drop it"
        )
    form = checked_format(tuple(dict.fromkeys(own)), "M_CONT", note.id.where, faults)
    condition = faults.condition(note.where, datasets)
    return DisplayRow(
        str(note.id), analysis, "M_CONT", form, dataset, variable, condition, place=NOTE, where=note.id.where
    )


def listed_levels(levels: Mapping[str, str], missing: str) -> tuple[RowLevel, ...]:
    """One row per label, in the order written; values with the same label share it; `Missing` comes last."""
    values: dict[str, tuple[str, ...]] = {}
    for value, label in levels.items():
        values[str(label)] = (*values.get(str(label), ()), value)
    unknown = values.pop(missing, ())
    return (*(RowLevel(label, known) for label, known in values.items()), RowLevel(missing, unknown, missing=True))
