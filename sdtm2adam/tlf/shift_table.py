"""Lays out shift tables: grids of cells from results or, without them, as a shell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sdtm2adam.model import Cell, Column, Results, Row, Section
from sdtm2adam.spec.display_plan import DisplayRow, DisplaySpec, Leaf
from sdtm2adam.spec.patterns import fields
from sdtm2adam.spec.report import Report
from sdtm2adam.spec.shift_model import ShiftText
from sdtm2adam.tlf.cells import cell_text
from sdtm2adam.tlf.identity import Naming


class ShiftTable:
    """One shift table on its way to a display.

    Args:
        spec: the table.
        report: what displays share.
        results: its results; None for the shell.
    """

    def __init__(self, spec: DisplaySpec, report: Report, results: Results | None) -> None:
        assert isinstance(spec.text, ShiftText)
        self.spec, self.report, self.text, self.naming = spec, report, spec.text, Naming(spec.id, report)
        self.heads = [(*row.to.labels, str(self.text.total)) for row in self.text.rows]
        self.same_heads = len(set(self.heads)) == 1
        self.beside = self.text.columns.arms == "columns"
        self._found: dict[str, str] | None = None
        if results is not None:
            self._found = dict(zip(results.frame["result_id"], results.frame["formatted"], strict=True))

    def columns(self) -> tuple[Column, ...]:
        """The stub, then the levels across the grid under each arm, or once where arms stand below each other."""
        words, width = self.text.columns, self.text.columns.width
        stub = Column((str(self.text.stub_head),), words.stub, align="left")
        levels = self.heads[0] if self.same_heads else ("",) * len(self.heads[0])
        blocks = [(leaf.levels, (self._arm(leaf),)) for leaf in self.spec.leaves] if self.beside else [((), ())]
        across = (str(words.across),) if words.across else ()
        return (
            stub,
            *(
                Column((*over, *across, level), width, (*path, str(place)))
                for path, over in blocks
                for place, level in enumerate(levels)
            ),
        )

    def _arm(self, leaf: Leaf) -> str:
        total = "xxx"
        if self._found is not None:
            total = self._found[self.naming.id_of(self.naming.total, "n", self.naming.column_groups(leaf))]
        label = self.report.groupings[leaf.groupings[0]].head_of(leaf.arm)
        return str(self.text.columns.head).replace("{label}", label).replace("{N}", total)

    def sections(self) -> tuple[Section, ...]:
        """The grids, one below the other."""
        return (Section(tuple(line for at, row in enumerate(self.spec.rows) for line in self._grid(at, row))),)

    def _grid(self, at: int, row: DisplayRow) -> Iterator[Row]:
        heads = () if self.same_heads else self.heads[at] * (len(self.spec.leaves) if self.beside else 1)
        top = Row(row.label, tuple(Cell(head, align="center") for head in heads), gap=row.gap, head=bool(heads))
        yield replace(top, block=True, keep_with_next=True)
        if self.beside:
            yield from _bound(list(self._lines(row, self.spec.leaves, 1, (row.label,))))
            return
        for leaf in self.spec.leaves:
            label = self._arm(leaf).replace("|", " ")
            lines = self._lines(row, (leaf,), 2, (row.label, label))
            yield from _bound([Row(label, indent=1, parents=(row.label,), continued=True), *lines])

    def _lines(self, row: DisplayRow, leaves: tuple[Leaf, ...], indent: int, parents: tuple[str, ...]) -> Iterator[Row]:
        """The rows of a grid for some arms, the row of sums, then what is told of the grid as a whole."""
        grid, *others = row.rows
        down, across = (tuple(level.label for level in factor.levels) for factor in grid.factors)
        for first, label in (*((level, level) for level in down), ("", str(self.text.total))):
            cells = [self._cell(grid, leaf, (first, second)) for leaf in leaves for second in (*across, "")]
            yield Row(label, tuple(cells), indent, parents=parents, continued=True)
        for other in others:
            cells = [self._cell(other, leaf, ("", ""), len(across) + 1) for leaf in leaves]
            yield Row(other.label, tuple(cells), indent, parents=parents, continued=True)

    def _cell(self, row: DisplayRow, leaf: Leaf, levels: tuple[str, str], span: int = 1) -> Cell:
        pattern = cell_text(row, None)
        if self._found is None:
            return Cell(pattern, span, stat_class=pattern)
        groups = self.naming.column_groups(leaf, row.factors, levels)
        names: dict[str, str] = {part.name: self.naming.id_of(row, part.name, groups) for part in fields(row.format)}
        texts: dict[str, Any] = {name: self._found[name_id] for name, name_id in names.items()}
        printed = tuple(names[name] for name, text in texts.items() if text)
        return Cell(cell_text(row, texts), span, stat_class=pattern, result_ids=printed)


def _bound(lines: list[Row]) -> list[Row]:
    """Lines that never part."""
    return [replace(line, keep_with_next=at < len(lines) - 1) for at, line in enumerate(lines)]
