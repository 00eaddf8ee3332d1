"""Writing Excel workbooks as laboratories and committees send them: titles, several sheets, real dates beside texts."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import xlsxwriter

from sdtm2adam.errors import UsageError
from sdtm2adam.files.archive import without_clock
from sdtm2adam.files.atomic import write_atomically

_CREATED = datetime(1980, 1, 1)
_MOST_ROWS, _MOST_COLUMNS, _MOST_CHARACTERS = 1_048_576, 16_384, 32_767
_FORMATS = {"date": "dd\\-mmm\\-yyyy", "datetime": "dd\\-mmm\\-yyyy\\ hh:mm:ss", "time": "hh:mm:ss"}
_ERRORS = {"#N/A": "=NA()", "#DIV/0!": "=1/0", "#VALUE!": '=VALUE("x")', "#REF!": "=#REF!"}


@dataclass(frozen=True, slots=True)
class CellError:
    """A cell with an error, as Excel shows it (`#N/A`)."""

    code: str = "#N/A"


Cell = str | int | float | bool | date | datetime | time | CellError | None


@dataclass(frozen=True)
class Sheet:
    """One sheet to write.

    `columns` are the values by the name of their column; each cell is of the kind of its value, so that a date may
    stand beside a text. Above the names stand `titles`, one row each, and, if there are any, a row of `groups`: names
    merged over the columns from the first to the last one named.
    `formats` are Excel formats of columns instead of the usual ones of their dates and numbers.
    """

    name: str
    columns: Mapping[str, Sequence[Cell]]
    titles: Sequence[str] = ()
    groups: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=dict)
    hidden: bool = False

    @property
    def header(self) -> tuple[int, ...]:
        """The rows with the names of the columns, as a contract names them."""
        first = len(self.titles) + 1
        return (first, first + 1) if self.groups else (first,)


def write_xlsx(path: Path, sheets: Sequence[Sheet]) -> None:
    """Write a workbook, whole or not at all; the same sheets give the same bytes.

    Rows are written as they come: memory does not grow with their number beyond the values themselves.

    Raises:
        UsageError: a sheet has more rows or longer texts than Excel holds, columns of unequal length, or a value of no
            kind that a cell knows; or the file cannot be written.
    """
    for sheet in sheets:
        _check(path, sheet)

    def lay(workbook: Any) -> None:
        for sheet in sheets:
            _Writer(workbook, sheet, path).write()

    lay_workbook(path, lay, {"created": _CREATED}, default_date_format=_FORMATS["date"])


def lay_workbook(path: Path, lay: Callable[[Any], None], properties: Mapping[str, Any], **options: Any) -> None:
    """Writes a workbook row by row, whole or not at all, the same bytes each time.

    Args:
        path: the file.
        lay: lays the sheets into the open workbook of xlsxwriter, each from its first row to its last.
        properties: of the document; `created` without a clock of its own.
        options: of xlsxwriter, beside those that keep rows out of memory.
    """

    def write(temporary: Path) -> None:
        with tempfile.TemporaryDirectory(prefix="sdtm2adam-") as folder:
            made = Path(folder) / "workbook.xlsx"
            workbook = xlsxwriter.Workbook(str(made), {"constant_memory": True, "tmpdir": folder, **options})
            workbook.set_properties(dict(properties))
            try:
                lay(workbook)
            except BaseException:
                for page in workbook.worksheets():
                    page.row_data_fh.close()  # the rows written so far; only closing the workbook would close it
                raise
            workbook.close()
            without_clock(made, temporary)

    write_atomically(path, write)


def _check(path: Path, sheet: Sheet) -> None:
    where, names = f"{path}: {sheet.name}", list(sheet.columns)
    lengths = {len(values) for values in sheet.columns.values()}
    rows = max(lengths, default=0) + sheet.header[-1]
    if len(lengths) > 1:
        raise UsageError("the columns are not of one length", where=where, mend="give each column a value per record")
    if not names or rows > _MOST_ROWS or len(names) > _MOST_COLUMNS:
        what = f"{rows:,} rows of {len(names):,} columns do not fit into a sheet of Excel"
        raise UsageError(what, where=where, mend="write the records as CSV or Parquet")
    for group, (first, last) in sheet.groups.items():
        if first not in names or last not in names[names.index(first) :]:
            what = f"the group {group} is over {first} to {last}, which are no columns in this order"
            raise UsageError(what, where=where, mend=f"the columns are {', '.join(names)}")


class _Writer:
    """Writes one sheet from top to bottom."""

    def __init__(self, workbook: Any, sheet: Sheet, path: Path) -> None:
        self.sheet, self.where = sheet, f"{path}: {sheet.name}"
        self.page = workbook.add_worksheet(sheet.name)
        self.bold = workbook.add_format({"bold": True, "align": "center", "valign": "vcenter"})
        self.usual = {kind: workbook.add_format({"num_format": code}) for kind, code in _FORMATS.items()}
        self.own = {name: workbook.add_format({"num_format": code}) for name, code in sheet.formats.items()}
        if sheet.hidden:
            self.page.hide()

    def write(self) -> None:
        """Titles, names, records."""
        for row, title in enumerate(self.sheet.titles):
            self.text(row, 0, title)
        self.heads()
        names = list(self.sheet.columns)
        for row, cells in enumerate(zip(*self.sheet.columns.values(), strict=True), start=self.sheet.header[-1]):
            for column, value in enumerate(cells):
                if value is not None:
                    self.cell(row, column, value, self.own.get(names[column]))

    def heads(self) -> None:
        """The names of the columns, under their groups; rows must be written from top to bottom."""
        names, top = list(self.sheet.columns), self.sheet.header[0] - 1
        for group, (first, last) in sorted(self.sheet.groups.items(), key=lambda item: names.index(item[1][0])):
            left, right = names.index(first), names.index(last)
            if left < right:
                self.page.merge_range(top, left, top, right, group, self.bold)
            else:
                self.text(top, left, group, self.bold)
        for column, name in enumerate(names):
            self.text(self.sheet.header[-1] - 1, column, name, self.bold)

    def cell(self, row: int, column: int, value: Any, own: Any) -> None:
        """One cell, of the kind of its value."""
        if isinstance(value, str):
            self.text(row, column, value)
        elif isinstance(value, bool):
            self.page.write_boolean(row, column, value)
        elif isinstance(value, int | float):
            self.page.write_number(row, column, value, own)
        elif isinstance(value, CellError):
            self.page.write_formula(row, column, _ERRORS.get(value.code, "=NA()"), None, value.code)
        elif isinstance(value, date | time):
            kind = "datetime" if isinstance(value, datetime) else "date" if isinstance(value, date) else "time"
            self.page.write_datetime(row, column, value, own or self.usual[kind])
        else:
            what = f"row {row + 1} holds {value!r}, a {type(value).__name__}, which no cell can"
            raise UsageError(what, where=self.where, mend="give texts, numbers, dates, times, True, False or nothing")

    def text(self, row: int, column: int, text: str, form: Any = None) -> None:
        """A text, never taken for a formula, a link or a number."""
        if len(text) > _MOST_CHARACTERS:
            what = f"the text in row {row + 1} has {len(text):,} characters; a cell holds {_MOST_CHARACTERS:,}"
            raise UsageError(what, where=self.where, mend="write the records as CSV or Parquet")
        self.page.write_string(row, column, text, form)
