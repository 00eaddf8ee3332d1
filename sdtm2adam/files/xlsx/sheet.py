"""The cells of a worksheet, row by row, as texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sdtm2adam.errors import InputError
from sdtm2adam.files.faults import damaged_at
from sdtm2adam.files.raw_notice import Tally
from sdtm2adam.files.raw_text import decimal_text
from sdtm2adam.files.safe_xml import elements, forget, local_name
from sdtm2adam.files.xlsx.dates import is_coarse, iso_text, serial_text
from sdtm2adam.files.xlsx.formats import Shown
from sdtm2adam.files.xlsx.package import SheetPlace, Workbook, plain_text, text_of

_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_DIGITS = re.compile(r"-?[1-9][0-9]*|0")
_GENERAL = Shown()

Row = dict[int, str]
"""The cells of a row that hold something, by the number of their column (A is 0)."""


@dataclass(frozen=True, slots=True)
class Area:
    """Merged cells: first and last row (1 is the first) and column (0 is A)."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def text(self) -> str:
        """As Excel writes it."""
        return f"{letters(self.left)}{self.top}:{letters(self.right)}{self.bottom}"


@dataclass(slots=True)
class Seen:
    """What was met on the way: by column, cells with errors, strange dates, percentages; rows and columns hidden."""

    errors: dict[tuple[int, str], Tally] = field(default_factory=dict)
    strange_dates: dict[int, Tally] = field(default_factory=dict)
    coarse_dates: dict[int, Tally] = field(default_factory=dict)
    percents: dict[int, Tally] = field(default_factory=dict)
    hidden_rows: Tally = field(default_factory=Tally)
    hidden_columns: list[Area] = field(default_factory=list)
    merged: list[Area] = field(default_factory=list)


def letters(column: int) -> str:
    """The letters of a column.

    >>> letters(0), letters(26)
    ('A', 'AA')
    """
    text, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text


def read_rows(workbook: Workbook, sheet: SheetPlace, first: int, seen: Seen) -> Iterator[tuple[int, Row]]:
    """The rows of a sheet that hold something, from row `first` on, with their numbers.

    Raises:
        InputError: a formula has no value, or the sheet is damaged.
    """
    reader = _Cells(workbook, sheet, seen)
    where = f"{workbook.path}: {sheet.name}"
    number = 0
    with workbook.part(sheet.part) as file:
        for _, element in elements(file, ["row", "col", "mergeCell"], where):
            kind = local_name(element)
            if kind == "row":
                number = int(element.get("r") or number + 1)
                if number >= first and (row := reader.row(element, number)):
                    if element.get("hidden") in ("1", "true"):
                        seen.hidden_rows.add(f"row {number}")
                    yield number, row
                forget(element)
            elif kind == "mergeCell":
                seen.merged.append(_area(element.get("ref", ""), where))
            elif element.get("hidden") in ("1", "true"):
                seen.hidden_columns.append(Area(0, int(element.get("min")) - 1, 0, int(element.get("max")) - 1))


def _area(text: str, where: str) -> Area:
    (left, top), (right, bottom) = (_place(part, where) for part in (f"{text}:{text}").split(":")[:2])
    return Area(top, left, bottom, right)


def _place(text: str, where: str) -> tuple[int, int]:
    """Column (0 is A) and row of an address."""
    match = _ADDRESS.fullmatch(text)
    if match is None:
        raise damaged_at(where, f"{text!r} is no address of a cell")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return column - 1, int(match[2])


class _Cells:
    """Turns the cells of one sheet into texts."""

    def __init__(self, workbook: Workbook, sheet: SheetPlace, seen: Seen) -> None:
        self.workbook, self.seen = workbook, seen
        self.where = f"{workbook.path}: {sheet.name}"
        self.columns: dict[str, int] = {}
        """The number of each column by its letters."""

    def row(self, element: Any, number: int) -> Row:
        """The cells of a row that hold something."""
        found: Row = {}
        column = -1
        for cell in element.iterchildren("{*}c"):
            address = cell.get("r")
            column = column + 1 if address is None else self.column(address)
            text = self.text(cell, column, number)
            if text:
                found[column] = text
        return found

    def column(self, address: str) -> int:
        """The number of the column of an address."""
        name = address.rstrip("0123456789")
        known = self.columns.get(name)
        if known is None:
            known = self.columns[name] = _place(address, self.where)[0]
        return known

    def text(self, cell: Any, column: int, row: int) -> str | None:
        """The text of a cell; None if there is none."""
        kind = cell.get("t", "n")
        value, formula = None, False
        for part in cell:
            name = local_name(part)
            if name == "v":
                value = part.text or ""
            elif name == "f":
                formula = True
            elif name == "is":
                return text_of(part)
        if formula and (value is None or (not value and kind != "str")):
            what = (
                f"the formula in cell {letters(column)}{row} has no value: a program wrote it, and no one computed it"
            )
            mend = "open the workbook in Excel, let it calculate, and save it; or export values instead of formulas"
            raise InputError(what, where=self.where, mend=mend)
        if value is None or not value:
            return None
        if kind == "s":
            return self.shared(value, column, row)
        if kind == "str":
            return plain_text(value)
        if kind == "b":
            return "TRUE" if value.strip() in ("1", "true") else "FALSE"
        if kind == "e":
            self.seen.errors.setdefault((column, value), Tally()).add(f"{letters(column)}{row}")
            return None
        return self.number(value, kind, self.shown(cell), column, row)

    def shared(self, value: str, column: int, row: int) -> str:
        """A text that the workbook keeps once for all its cells."""
        try:
            return self.workbook.texts[int(value)]
        except (ValueError, IndexError) as error:
            raise damaged_at(self.where, f"cell {letters(column)}{row} refers to a text that is not there") from error

    def shown(self, cell: Any) -> Shown:
        """What the format of a cell shows."""
        style = int(cell.get("s") or 0)
        return self.workbook.formats[style] if style < len(self.workbook.formats) else _GENERAL

    def number(self, value: str, kind: str, shown: Shown, column: int, row: int) -> str:
        """A number, or a date or time if its format shows one."""
        place = f"{letters(column)}{row}"
        if kind == "d":
            text = iso_text(value, shown)
        else:
            try:
                number = float(value)
            except ValueError as error:
                raise damaged_at(self.where, f"cell {place} holds {value!r}, which is no number") from error
            if not shown.dated:
                if shown.percent:
                    self.seen.percents.setdefault(column, Tally()).add(place)
                return value if _DIGITS.fullmatch(value) else decimal_text(number)
            text = serial_text(number, shown, self.workbook.since_1904)
        if text is None:
            self.seen.strange_dates.setdefault(column, Tally()).add(place)
            return value
        if is_coarse(shown):
            self.seen.coarse_dates.setdefault(column, Tally()).add(place)
        return text
