"""The cells of an output as its display.json or, for a figure, its results hold them, each with its place in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sdtm2adam.trace.figure_places import places_in_figure

TOTAL = re.compile(r"\s*\(N=([^)]*)\)")
"""The number of subjects, where it is printed beside a head or a label."""
_CONTINUED = re.compile(r"\s*\(continued\)$")
INDENT = 2


@dataclass(frozen=True)
class PrintedCell:
    """One cell: its text, the results it was made from, and the columns `first` to before `beyond` it stands over."""

    text: str
    result_ids: tuple[str, ...]
    first: int
    beyond: int
    page: int


@dataclass(frozen=True)
class PrintedRow:
    """A row with cells: its number from 1 (0 is the column N of the heads) and its labels, outermost first."""

    number: int
    path: tuple[str, ...]
    cells: tuple[PrintedCell, ...]

    @property
    def said(self) -> str:
        """The labels as they are written on the command line."""
        return "|".join(self.path)


@dataclass
class Printed:
    """An output as a grid: the titles of all pages, the heads of each column, outermost first, rows that have cells.

    `totals` are the numbers of subjects in the heads of each page group, which bear no result ids of their own.
    """

    output: str
    titles: tuple[str, ...]
    status: str
    columns: list[tuple[str, ...]] = field(default_factory=list)
    rows: list[PrintedRow] = field(default_factory=list)
    totals: dict[tuple[str, ...], list[PrintedCell]] = field(default_factory=dict)

    def cells(self) -> Iterator[tuple[PrintedRow, PrintedCell]]:
        """All cells that were made from results, row by row."""
        return ((row, cell) for row in self.rows for cell in row.cells)


def printed_pages(output: str, pages: list[dict[str, Any]]) -> Printed:
    """The grid of a table or listing.

    Rows without any result (labels, blank rows, heads) are not counted. A display that is wider than the page is cut
    into panels of columns: the rows of each panel are counted from 1 again, its columns follow those of the one before.

    Args:
        output: its id.
        pages: display.json.
    """
    common = [line for line in pages[0]["titles"] if all(line in page["titles"] for page in pages)]
    grid = Printed(output, tuple(common), str(pages[0]["header"][-1][1]))
    stub = not any(row["result_ids"] and row["result_ids"][0] for page in pages for row in page["body"])
    panels: dict[tuple[tuple[str, ...], ...], _Panel] = {}
    rows: dict[int, PrintedRow] = {}
    for page in pages:
        heads = tuple(_heads(page))[int(stub) :]
        bare = tuple(tuple(part for head in path for part in _without_total(head)) for path in heads)
        if bare not in panels:
            panels[bare] = _Panel(len(grid.columns))
            grid.columns += bare
        title = tuple(line for line in page["titles"] if line not in common)
        known = grid.totals.setdefault(title, [])
        known += [one for one in panels[bare].totals(page, stub) if (one.first, one.beyond) not in map(_place, known)]
        for row in panels[bare].read(page, stub, title):
            before = rows.get(row.number)
            rows[row.number] = row if before is None else PrintedRow(row.number, before.path, before.cells + row.cells)
    grid.rows = [rows[number] for number in sorted(rows)]
    return grid


@dataclass
class _Panel:
    """The rows of one panel of columns while they are read: where its columns begin, the labels above a row."""

    offset: int
    number: int = 0
    above: list[tuple[int, str]] = field(default_factory=list)
    last: str = ""

    def totals(self, page: dict[str, Any], stub: bool) -> Iterator[PrintedCell]:
        """The numbers of subjects in the heads of a page."""
        for row in page["head"]:
            column = self.offset - int(stub)
            for text, span in zip(row["texts"], row["spans"], strict=True):
                if found := TOTAL.search(" ".join(text.split())):
                    yield PrintedCell(found[1], (), column, column + span, page["number"])
                column += span

    def read(self, page: dict[str, Any], stub: bool, title: tuple[str, ...]) -> Iterator[PrintedRow]:
        for row in page["body"]:
            path = self._labels(row["texts"][0]) if stub else self._first(row["texts"][0])
            if any(row["result_ids"]):
                self.number += 1
                yield PrintedRow(self.number, (*title, *path), tuple(self._cells(row, stub, page["number"])))

    def _labels(self, text: str) -> tuple[str, ...]:
        """The labels of a row of a table: those above it are further out."""
        if text.strip():
            indent = len(text) - len(text.lstrip(" "))
            self.above = [one for one in self.above if one[0] < indent]
            self.above.append((indent, _CONTINUED.sub("", " ".join(text.split()))))
        return tuple(label for _, label in self.above)

    def _first(self, text: str) -> tuple[str, ...]:
        """The first column of a listing; where a record goes on, that of the row above."""
        self.last = " ".join(text.split()) or self.last
        return (self.last,)

    def _cells(self, row: dict[str, Any], stub: bool, page: int) -> Iterator[PrintedCell]:
        column = self.offset - int(stub)
        for text, span, ids in zip(row["texts"], row["spans"], row["result_ids"], strict=True):
            if ids:
                yield PrintedCell(" ".join(text.split()), tuple(ids), column, column + span, page)
            column += span


def _heads(page: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """The heads of each column of a page, outermost first; heads that are blank are left out."""
    for column in range(len(page["widths"])):
        texts = (_over(row, column) for row in page["head"])
        yield tuple(" ".join(text.split()) for text in texts if text.strip())


def _without_total(head: str) -> Iterator[str]:
    """A head without the number of subjects; what is printed below that number is a head of its own."""
    return (part.strip() for part in TOTAL.sub("\n", head).split("\n") if part.strip())


def _over(row: dict[str, Any], column: int) -> str:
    place = 0
    for text, span in zip(row["texts"], row["spans"], strict=True):
        place += span
        if column < place:
            return str(text)
    return ""


def _place(cell: PrintedCell) -> tuple[int, int]:
    return cell.first, cell.beyond


def printed_results(output: str, pages: list[dict[str, Any]], results: list[dict[str, Any]]) -> Printed:
    """The grid of a figure, whose numbers are in a picture: a row per statistic and time, a column per curve.

    Where they are is in `places_in_figure`.
    """
    grid = Printed(output, tuple(pages[0]["titles"]), str(pages[0]["header"][-1][1]))
    columns: dict[tuple[str, ...], int] = {}
    rows: dict[tuple[str, ...], list[PrintedCell]] = {}
    for one, path, head in places_in_figure(results):
        place = columns.setdefault(head, len(columns))
        text = one["formatted"] or ("" if one["stat"] is None else f"{one['stat']:.6g}") or one["stat_c"]
        rows.setdefault(path, []).append(PrintedCell(text, (one["result_id"],), place, place + 1, 1))
    grid.columns = list(columns)
    first = 0 if ("N",) in rows else 1
    paths = sorted(rows, key=lambda path: path != ("N",))
    grid.rows = [PrintedRow(number, path, tuple(rows[path])) for number, path in enumerate(paths, first)]
    return grid
