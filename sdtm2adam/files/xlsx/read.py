"""Reading one sheet of an Excel workbook as a table of texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa

from sdtm2adam.errors import InputError, InputErrors, Sdtm2adamError
from sdtm2adam.files.raw_names import name_errors, named, plain_name
from sdtm2adam.files.raw_notice import MOST_PLACES, Notice, RawTable
from sdtm2adam.files.xlsx.package import SheetPlace, choose_sheet, open_workbook
from sdtm2adam.files.xlsx.sheet import Area, Row, Seen, letters, read_rows
from sdtm2adam.model import Severity

_PIECE = 1 << 14
"""Rows that are held as Python texts at a time."""


def read_xlsx(path: Path, sheet: str | None = None, header: Sequence[int] = (1,)) -> RawTable:
    """Read one sheet of a workbook as texts, each cell as it is stored.

    Numbers are the shortest decimals that they are, whatever their format rounds them to; dates and times are ISO 8601
    with the parts that their format shows; TRUE and FALSE stand for themselves. A row without any value is no record.
    The value of merged cells belongs to the first of them, except in the header, whose names spread. Cells with an
    error (`#N/A`) are missing and told, and so are hidden rows, columns and sheets, whose values are read.

    Args:
        path: the workbook (.xlsx).
        sheet: its name; needed if there are several, hidden ones included.
        header: the rows with the names of the columns, as Excel numbers them; the names of two rows are joined by `_`.

    Returns:
        The records below the header, what is to be told of them, and the names of the other sheets.

    Raises:
        InputError: the workbook is damaged or protected, the sheet is not there, a formula has no value.
        InputErrors: columns without a name, or named alike.

    Source: ISO/IEC 29500-1 (SpreadsheetML).
    """
    with open_workbook(path) as workbook:
        place = choose_sheet(workbook, sheet)
        seen = Seen()
        heads: dict[int, Row] = {}
        records = _Records()
        for number, row in read_rows(workbook, place, header[0], seen):
            if number in header:
                heads[number] = row
            else:
                records.add(number, row)
        others = tuple(other.name for other in workbook.sheets if other.name != place.name)
    where = f"{path}: {place.name}, row {header[0] if len(header) == 1 else f'{header[0]} to {header[-1]}'}"
    names = _names(heads, header, seen.merged, where, records)
    frame = records.table(sorted(names), [names[column] for column in sorted(names)])
    return RawTable(frame, tuple(_notices(place, seen, names, header[-1])), others)


class _Records:
    """The records, made into Arrow columns piece by piece."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.pieces: list[tuple[int, dict[int, pa.Array]]] = []
        self.first: dict[int, int] = {}
        """The row in which each column first holds something."""

    def add(self, number: int, row: Row) -> None:
        for column in row:
            if column not in self.first:
                self.first[column] = number
        self.rows.append(row)
        if len(self.rows) == _PIECE:
            self._pack()

    def _pack(self) -> None:
        columns = {column: pa.array([row.get(column) for row in self.rows], pa.string()) for column in self.first}
        self.pieces.append((len(self.rows), columns))
        self.rows = []

    def table(self, columns: Sequence[int], names: Sequence[str]) -> pa.Table:
        self._pack()
        arrays = [
            pa.chunked_array(
                [piece[column] if column in piece else pa.nulls(count, pa.string()) for count, piece in self.pieces],
                pa.string(),
            )
            for column in columns
        ]
        return pa.table(arrays, schema=named(names))


def _names(
    heads: dict[int, Row], header: Sequence[int], merged: Sequence[Area], where: str, records: _Records
) -> dict[int, str]:
    """The name of each column, from one header row or several; merged names spread.

    Raises:
        InputErrors: a column with values has no name, or two have one.
    """
    names = joined_names(heads, header, merged)
    if not names:
        mend = "say where the names of the columns stand: read: {header: 4} in its contract"
        raise InputError("there is nothing in the header row", where=where, mend=mend)
    errors: list[Sdtm2adamError] = [
        InputError(
            f"column {letters(column)} has no name, and a value in row {row}",
            where=where,
            mend="say where the names stand: read: {header: 4}, or [3, 4] for two rows; or name the column in the file",
        )
        for column, row in sorted(records.first.items())
        if column not in names
    ]
    errors += _alike(names, header, merged, where)
    if errors:
        raise InputErrors(errors)
    return names


def joined_names(heads: Mapping[int, Row], header: Sequence[int], merged: Sequence[Area]) -> dict[int, str]:
    """The names in one header row or several, by column; a merged name stands in each column it covers."""
    filled = {row: dict(heads.get(row, {})) for row in header}
    for area in merged:
        value = heads.get(area.top, {}).get(area.left)
        for row in filled if value else ():
            if area.top <= row <= area.bottom:
                filled[row] = {**dict.fromkeys(range(area.left, area.right + 1), str(value)), **filled[row]}
    parts: dict[int, list[str]] = {}
    for cells in filled.values():
        for column, text in cells.items():
            if text.strip() and text.strip() not in parts.setdefault(column, [])[-1:]:
                parts[column].append(text.strip())
    return {column: "_".join(said) for column, said in parts.items() if said}


def _alike(names: dict[int, str], header: Sequence[int], merged: Sequence[Area], where: str) -> list[InputError]:
    columns = sorted(names)
    errors = name_errors(
        [names[column] for column in columns], [f"column {letters(c)}" for c in columns], where, "name it in the file"
    )
    wide = [area for area in merged if area.left < area.right and header[0] <= area.top <= header[-1]]
    if not errors or not wide:
        return errors
    rows = ", ".join(str(row) for row in (*header, header[-1] + 1))
    mend = f"the header is merged ({wide[0].text}): if the row below it holds names too, say read: {{header: [{rows}]}}"
    return [InputError(error.what, where=error.where, mend=mend) for error in errors]


def _notices(place: SheetPlace, seen: Seen, names: dict[int, str], last_head: int) -> list[Notice]:
    found = []
    for (column, value), tally in sorted(seen.errors.items()):
        name, cells = _of(names, column), tuple(tally.places)
        what = (
            f"the error {value} stands in {_count(tally.count, 'cell')}, read as missing: {_listed(cells, tally.count)}"
        )
        found.append(Notice("raw-cell-error", Severity.ERROR, what, name, value, tally.count, cells))
    for tallies, rule, severity, says in (
        (seen.strange_dates, "raw-date-cell", Severity.ERROR, "formatted as a date without holding one; kept as it is"),
        (seen.coarse_dates, "raw-date-coarse", Severity.WARNING,
         "a date shown without its day; Excel stores the first of the month for what was typed as month and year"),
        (seen.percents, "raw-percent", Severity.WARNING, "shown as a percentage; read as the fraction that is stored"),
    ):  # fmt: skip
        for column, tally in sorted(tallies.items()):
            cells = tuple(tally.places)
            what = f"{_count(tally.count, 'cell')}: {says}: {_listed(cells, tally.count)}"
            found.append(Notice(rule, severity, what, _of(names, column), "", tally.count, cells))
    return found + _hidden(place, seen, names) + _merged(seen.merged, last_head)


def _hidden(place: SheetPlace, seen: Seen, names: dict[int, str]) -> list[Notice]:
    found = []
    if place.hidden:
        what = f"the sheet {place.name} is hidden in its workbook; its records are read"
        found.append(Notice("raw-hidden", Severity.WARNING, what))
    if (tally := seen.hidden_rows).count:
        what = f"{_count(tally.count, 'row')} of the sheet hidden or filtered out, and read: "
        what += _listed(tally.places, tally.count)
        found.append(Notice("raw-hidden", Severity.WARNING, what, "", "", tally.count, tuple(tally.places)))
    for area in seen.hidden_columns:
        for column in sorted(set(names) & set(range(area.left, area.right + 1))):
            what = f"column {letters(column)} of the sheet is hidden; it is read"
            found.append(Notice("raw-hidden", Severity.WARNING, what, _of(names, column)))
    return found


def _merged(merged: Sequence[Area], last_head: int) -> list[Notice]:
    cells = sorted((area.top, area.left, area.text) for area in merged if area.bottom > last_head)
    if not cells:
        return []
    places = tuple(text for _, _, text in cells[:MOST_PLACES])
    what = (
        f"{_count(len(cells), 'area')} of merged cells; the value belongs to the first cell, the others are missing: "
    )
    return [
        Notice("raw-merged", Severity.WARNING, what + _listed(places, len(cells)), records=len(cells), places=places)
    ]


def _of(names: dict[int, str], column: int) -> str:
    return plain_name(names[column]) if column in names else letters(column)


def _listed(places: Sequence[str], count: int) -> str:
    return ", ".join(places) + (f" and {count - len(places):,} more" if count > len(places) else "")


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
