"""Numbers that are printed beside the body of an output: the column N in heads and labels, and those in footnotes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from sdtm2adam.trace.printed import TOTAL, Printed, PrintedCell, PrintedRow

N, FOOTNOTES = "N", "Footnotes"


def with_totals(grid: Printed, results: Sequence[dict[str, Any]]) -> Printed:
    """The grid with the column N as row 0.

    Where pages have groups, each group has such a row under its title; where the arms are labels of rows, each arm.
    Totals are taken in the order of the spec, which is that of print: first by their number in the heads, else by the
    number of columns.
    """
    totals = [one for one in results if one["analysis_id"] == f"A_{grid.output}_000"]
    if totals and not any(row.number == 0 for row in grid.rows):
        found = list(_in_heads(grid)) or list(_in_labels(grid)) or list(_by_columns(grid, totals))
        if len(found) == len(totals):
            rows: dict[tuple[str, ...], list[PrintedCell]] = {}
            for (path, cell), one in zip(found, totals, strict=True):
                rows.setdefault(path, []).append(replace(cell, result_ids=(one["result_id"],)))
            grid.rows = [*(PrintedRow(0, path, tuple(cells)) for path, cells in rows.items()), *grid.rows]
    return grid


def _in_heads(grid: Printed) -> Iterator[tuple[tuple[str, ...], PrintedCell]]:
    return (((*title, N), cell) for title, cells in grid.totals.items() for cell in cells)


def _in_labels(grid: Printed) -> Iterator[tuple[tuple[str, ...], PrintedCell]]:
    """Those in labels: an arm that heads many rows has one N."""
    said: set[str] = set()
    for row in grid.rows:
        for label in row.path:
            found = TOTAL.search(label)
            if found and label not in said:
                said.add(label)
                cell = PrintedCell(found[1], (), 0, len(grid.columns), row.cells[0].page)
                yield (TOTAL.sub("", label), N), cell


def _by_columns(grid: Printed, totals: Sequence[dict[str, Any]]) -> Iterator[tuple[tuple[str, ...], PrintedCell]]:
    """One for each column, where they are printed in words of their own."""
    if len(totals) == len(grid.columns):
        for place, one in enumerate(totals):
            yield (N,), PrintedCell(one["formatted"], (), place, place + 1, 1)


def with_notes(grid: Printed, pages: Sequence[dict[str, Any]], results: Sequence[dict[str, Any]]) -> Printed:
    """The grid with the numbers of footnotes as its last rows, each under all columns: `Footnotes|MESFBL, Median`."""
    known = {one["result_id"]: one for one in results}
    noted = [known[name] for page in pages[:1] for name in page.get("noted", ()) if name in known]
    said = Counter(_named(one) for one in noted)
    text = " ".join(line for page in pages[:1] for line in page["footnotes"])
    last = max((row.number for row in grid.rows), default=0)
    for number, one in enumerate(noted, last + 1):
        named = _named(one)
        path = (FOOTNOTES, named) if said[named] == 1 else (FOOTNOTES, one["analysis_id"], named)
        shown = one["formatted"] if one["formatted"] in text else ""
        cell = PrintedCell(shown, (one["result_id"],), 0, len(grid.columns), 1)
        grid.rows.append(PrintedRow(number, path, (cell,)))
    return grid


def _named(one: dict[str, Any]) -> str:
    return f"{one['variable']}, {one['stat_label']}"
