"""From the words of the command line to one cell of an output."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence

from sdtm2adam.errors import UsageError
from sdtm2adam.trace.printed import TOTAL, Printed, PrintedCell, PrintedRow

_MARKER = re.compile(r"\s*\[[a-z]\]")
_SIGNS = str.maketrans({"≥": ">=", "≤": "<=", "_": " ", "\u00a0": " "})
_MOST = 12


def find_cell(grid: Printed, row: str, column: str) -> tuple[PrintedRow, PrintedCell]:
    """The cell that a row and a column name.

    Args:
        grid: the output.
        row: `r3`, or labels as printed, those above first where needed: `Best response, n (%)|CR/CRi`. `N` or `r0` is
            the column N.
        column: `c1` (the stub is not counted), or heads as printed: `CD22 ≥90%|InO`.

    Raises:
        UsageError: nothing, or several things, have the name; with what there is.
    """
    if not grid.rows:
        raise UsageError("has no cell that was made from results", where=grid.output, mend="there is nothing to trace")
    found = find_row(grid, row)
    columns = _columns(grid, column)
    cells = [cell for cell in found.cells if any(cell.first <= at < cell.beyond for at in columns)]
    if len(cells) == 1:
        return found, cells[0]
    there = _listed([f"c{cell.first + 1} {head_of(grid, cell)}: {cell.text}" for cell in found.cells])
    what = f"{len(cells)} cells of this row are" if cells else "no cell of this row is"
    raise UsageError(f"{what} under {column!r}", where=_row_shown(found), mend=f"its cells: {there}")


def find_row(grid: Printed, said: str) -> PrintedRow:
    """The row of a number or of labels.

    Raises:
        UsageError: no row, or several, have the name.
    """
    number = _number(said, "r")
    if number is not None:
        numbered = [row for row in grid.rows if row.number == number]
        if not numbered:
            last = f"rows are r{grid.rows[0].number} to r{grid.rows[-1].number} (headings and blank rows do not count)"
            raise UsageError(f"there is no row {said}", where=grid.output, mend=last)
        if len(numbered) > 1:
            names = _listed([row.said for row in numbered])
            raise UsageError(f"{len(numbered)} rows are {said}", where=grid.output, mend=f"say their labels: {names}")
        return numbered[0]
    rows = [row for row in grid.rows if _leads(row.path, said, last=True)]
    if not rows and said.strip().isdigit():
        return find_row(grid, f"r{said.strip()}")
    to_the_letter = [row for row in rows if said in (row.said, row.path[-1])]
    if len(rows) == 1 or len(to_the_letter) == 1:
        return (to_the_letter or rows)[0]
    if rows:
        alike = len({row.said for row in rows}) == 1
        names = _listed([_row_shown(row) + (_begins(row) if alike else "") for row in rows])
        what = f"{len(rows)} rows are called {said!r}"
        raise UsageError(what, where=grid.output, mend=f"say the labels above as well, or the number: {names}")
    names = _listed([_row_shown(row) for row in _near(said, grid.rows)])
    raise UsageError(f"no row is called {said!r}", where=grid.output, mend=f"rows: {names}")


def _columns(grid: Printed, said: str) -> set[int]:
    """The columns, counted from 0, that a number or heads name."""
    number = _number(said, "c")
    if number is None:
        found = {at for at, path in enumerate(grid.columns) if _leads(path, said, last=False)}
        number = int(said) if not found and said.strip().isdigit() else None
        if found:
            return found
    if number is not None and 1 <= number <= len(grid.columns):
        return {number - 1}
    names = _listed([f"c{at} {'|'.join(path)}" for at, path in enumerate(grid.columns, 1)])
    raise UsageError(f"there is no column {said!r}", where=grid.output, mend=f"columns: {names}")


def _number(said: str, letter: str) -> int | None:
    found = re.fullmatch(rf"{letter}(\d+)", said.strip(), re.IGNORECASE)
    return int(found[1]) if found else None


def _leads(path: Sequence[str], said: str, *, last: bool) -> bool:
    """Whether the words that were said stand in a path in their order, the last of them at its end if that is asked."""
    words, labels = [plain_label(word) for word in said.split("|")], [plain_label(label) for label in path]
    if plain_label(said) == plain_label("|".join(path)):
        return True
    if last and (not labels or labels[-1] != words[-1]):
        return False
    rest = iter(labels)
    return all(any(label == word for label in rest) for word in words)


def plain_label(label: str) -> str:
    """A label as it is compared: without markers, number of subjects, case and doubled blanks, `≥` as `>=`.

    >>> plain_label("CD22  ≥90% [a]"), plain_label("InO (N=164)")
    ('cd22 >=90%', 'ino')
    """
    return " ".join(TOTAL.sub("", _MARKER.sub("", label)).translate(_SIGNS).split()).casefold()


def _near(said: str, rows: Sequence[PrintedRow]) -> Sequence[PrintedRow]:
    """The rows most like what was said; all, if none is like it."""
    word = plain_label(said)
    labels = {plain_label(text) for row in rows for text in (row.path[-1], row.said)}
    near = set(difflib.get_close_matches(word, labels, n=_MOST, cutoff=0.6))
    near |= {label for label in labels if word and word in label}
    return [row for row in rows if {plain_label(row.path[-1]), plain_label(row.said)} & near] or rows


def head_of(grid: Printed, cell: PrintedCell) -> str:
    """The heads over a cell; of one over several columns those that they share."""
    paths = grid.columns[cell.first : cell.beyond]
    shared = [head for head in paths[0] if all(head in path for path in paths)]
    return "|".join(shared if len(paths) > 1 else paths[0])


def _begins(row: PrintedRow) -> str:
    """What the cells of a row begin with, to tell it from rows of the same labels."""
    return ": " + " | ".join(cell.text for cell in row.cells if cell.text.strip())[:40]


def _row_shown(row: PrintedRow) -> str:
    return f"r{row.number} {row.said}"


def _listed(names: Sequence[str]) -> str:
    """Names in one line, cut after twelve; labels may hold commas."""
    more = f"; and {len(names) - _MOST} more" if len(names) > _MOST else ""
    return "; ".join(names[:_MOST]) + more
