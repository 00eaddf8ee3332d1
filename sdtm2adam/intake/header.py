"""Where the names of the columns stand in a sheet: proposed from its cells, to be confirmed by a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sdtm2adam.files.xlsx.package import SheetPlace, Workbook
from sdtm2adam.files.xlsx.read import joined_names
from sdtm2adam.files.xlsx.sheet import Area, Row, Seen, read_rows

_LOOKED_AT = 50
"""The rows at the top of a sheet among which the header is sought."""


@dataclass(frozen=True)
class Header:
    """The rows with the names of the columns, as Excel numbers them, and why they may be so; empty for the first."""

    rows: tuple[int, ...]
    why: str = ""


def header_of(workbook: Workbook, sheet: SheetPlace) -> Header | None:
    """The header of a sheet; None where nothing in it is a table of two columns or more.

    Raises:
        InputError: a formula has no value, or the sheet is damaged.
    """
    seen, top = Seen(), {}
    last: dict[int, int] = {}
    for number, row in read_rows(workbook, sheet, 1, seen):
        last |= dict.fromkeys(row, number)
        if number <= _LOOKED_AT:
            top[number] = row
    return propose_header(top, last, seen.merged)


def propose_header(top: Mapping[int, Row], last: Mapping[int, int], merged: Sequence[Area]) -> Header | None:
    """The first row, or two under merged names, that has a name for each column with a value below it.

    Where a row above it is as wide as a table, that row is the header though it lacks a name: reading it then says
    which, where a record taken for a header would be lost.

    Args:
        top: the first rows that hold something, by their numbers.
        last: the last row in which each column holds something.
        merged: the merged cells of the sheet.
    """
    for number in sorted(top):
        pairs = [(number, number + 1)] if _has_groups(number, last, merged) else []
        for rows in (*pairs, (number,)):
            names = joined_names(top, rows, merged if len(rows) > 1 else [])
            below = {column for column, row in last.items() if row > rows[-1]}
            if len(names) > 1 and below and below <= set(names):
                wide = [above for above in sorted(top) if above < number and len(top[above]) > max(2, len(names) / 2)]
                return _header((wide[0],) if wide else rows, top)
    if len(last) < 2 or not top:
        return None
    widest = max(len(row) for row in top.values())
    return _header((next(number for number in sorted(top) if len(top[number]) > widest / 2),), top)


def _has_groups(number: int, last: Mapping[int, int], merged: Sequence[Area]) -> bool:
    """Whether a row has names over some of the columns; a title is over all of them."""
    left, right = min(last), max(last)
    areas = [area for area in merged if area.top == area.bottom == number and area.left < area.right]
    return any(area.left > left or area.right < right for area in areas)


def _header(rows: tuple[int, ...], top: Mapping[int, Row]) -> Header:
    if rows == (1,):
        return Header(rows)
    above = [number for number in sorted(top) if number < rows[0]]
    if len(rows) > 1:
        why = f"row {rows[0]} has merged names over those in row {rows[1]}"
    else:
        why = f"row {rows[0]} is the first with a name for each column that has values below it"
    titles = [next(iter(top[number].values())).strip() for number in above]
    return Header(rows, why + (f"; above it: {'; '.join(repr(title[:40]) for title in titles[:3])}" if titles else ""))
