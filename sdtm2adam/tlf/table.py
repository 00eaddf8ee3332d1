"""Lays out a table: rows with cells, from results or, without them, as a shell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from itertools import zip_longest

from sdtm2adam.model import Cell, Column, Results, Row, Section
from sdtm2adam.spec.display_model import TableText
from sdtm2adam.spec.display_plan import DisplayRow, DisplaySpec, Factor, Leaf, place_of, spans
from sdtm2adam.spec.methods import COMPARING
from sdtm2adam.spec.patterns import fields
from sdtm2adam.spec.report import Report
from sdtm2adam.tlf.cells import cell_text
from sdtm2adam.tlf.chosen_methods import filled
from sdtm2adam.tlf.frequency import frequency_order
from sdtm2adam.tlf.identity import Group, Naming


class Table:
    """One table on its way to a display.

    Args:
        spec: the table.
        report: what displays share.
        results: its results; None for the shell.
        page: the level of the page group that is laid out; empty where pages have no groups.
    """

    def __init__(self, spec: DisplaySpec, report: Report, results: Results | None, page: str = "") -> None:
        self.spec, self.report, self.naming, self.page = spec, report, Naming(spec.id, report), page
        self.leaves = tuple(leaf for leaf in spec.leaves if not page or leaf.levels[0] == page)
        self._results = results
        self._patterns: dict[int, tuple[str, tuple[str, ...]]] = {}
        self._found = None if results is None else _by_id(results)

    @cached_property
    def _levels(self) -> dict[tuple[str, tuple[str, ...]], list[str]]:
        """The levels of row factors that the results have."""
        return {} if self._results is None else _levels(self._results, len(self.spec.leaves[0].groupings))

    def columns(self) -> tuple[Column, ...]:
        """The stub and the leaf columns with their heads; the innermost carries N."""
        assert isinstance(self.spec.text, TableText)
        column_set = self.report.column_sets[self.spec.text.columns]
        stub = Column((str(self.spec.text.stub_head),), column_set.stub, align="left")
        return (stub, *(Column(self._heads(leaf), column_set.width, leaf.levels) for leaf in self.leaves))

    def _heads(self, leaf: Leaf) -> tuple[str, ...]:
        assert isinstance(self.spec.text, TableText)
        nests = self.report.column_sets[self.spec.text.columns].nest
        total = "xxx"
        if self._found is not None:
            name = self.naming.id_of(self.naming.total, "n", self.naming.column_groups(leaf))
            total = self._found[name][0]
        labels = [
            self.report.groupings[name].head_of(level)
            for name, level in zip(leaf.groupings[-len(nests) :], leaf.levels[-len(nests) :], strict=True)
        ]
        return tuple(
            str(nest.head).replace("{label}", label).replace("{N}", total)
            for nest, label in zip(nests, labels, strict=True)
        )

    def section(self) -> Section:
        """The rows of the page group, under columns of their own; without page groups all rows."""
        rows = tuple(row for top in self.spec.rows for row in self._rows(top, (), 0, (), False))
        if not self.page:
            return Section(rows)
        assert isinstance(self.spec.text, TableText)
        label = self.report.groupings[self.spec.page].label_of(self.page)
        title = str(self.spec.text.page_by[0].label).replace("{label}", label)
        return Section(rows, title, self.columns())

    def _rows(
        self, row: DisplayRow, levels: tuple[str, ...], indent: int, parents: tuple[str, ...], continued: bool
    ) -> Iterator[Row]:
        """The lines of a row, of its second lines and of the rows under it, once per level."""
        for label, here in self._instances(row, levels):
            own = self._lines(row, label, here, indent, parents, continued)
            below_parents = (*parents, own[0].label)
            below = [
                line
                for child, following in zip_longest(row.rows, row.rows[1:])
                for line in self._kept_with_interval(
                    list(self._rows(child, here, indent + 1, below_parents, continued or row.continued)), following
                )
            ]
            yield from _bound([*own, *below], _lines_in_unit(row, own, below))

    def _kept_with_interval(self, lines: list[Row], following: DisplayRow | None) -> list[Row]:
        """An interval never parts from the estimate above it."""
        opens = following is not None and following.indent > 0 and str((*following.format, "")[0]).startswith("(")
        if lines and opens:
            lines[-1] = replace(lines[-1], keep_with_next=True)
        return lines

    def _lines(
        self,
        row: DisplayRow,
        label: str,
        levels: tuple[str, ...],
        indent: int,
        parents: tuple[str, ...],
        continued: bool,
    ) -> list[Row]:
        return [
            Row(
                label=label if line is row else filled(line.label, self.report.params),
                cells=self._cells(line, levels),
                indent=indent + line.indent,
                gap=line.gap,
                keep_with_next=line is row and row.glued is not None,
                block=indent == 0 and line is row and not row.continued,
                parents=parents,
                continued=continued,
                break_before=row.break_before if line is row else "",
            )
            for line in row.own_lines
        ]

    def _instances(self, row: DisplayRow, levels: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
        """The labels a row is printed with, and the levels of each."""
        factor = row.each
        if factor is None:
            label = filled(row.label, self.report.params)
            return [(label, levels)] if not row.optional or self._printed(row, levels) else []
        if self._found is None:
            return [(label, (*levels, label)) for label in factor.shell_labels()]
        labels = self._sorted(row, factor, levels) if factor.data_driven else self._listed(row, factor, levels)
        return [(label, (*levels, label)) for label in labels]

    def _listed(self, row: DisplayRow, factor: Factor, levels: tuple[str, ...]) -> list[str]:
        """The levels of the spec; `Missing` only where somebody has it."""
        return [
            level.label for level in factor.levels if not level.missing or self._printed(row, (*levels, level.label))
        ]

    def _printed(self, row: DisplayRow, levels: tuple[str, ...]) -> bool:
        """Whether the results have the row: not if nobody is in it and the spec lets it be left out."""
        first = next(leaf for leaf in self.leaves if row.applies(leaf))
        groups = self.naming.column_groups(first, row.factors, levels)
        return self._found is None or self.naming.id_of(row, _counted(row), groups) in self._found

    def _sorted(self, row: DisplayRow, factor: Factor, levels: tuple[str, ...]) -> list[str]:
        """The levels found in the data, most frequent first."""
        by_path = {leaf.levels: leaf for leaf in self.spec.leaves}
        columns = [by_path[path] for path in factor.sort if path in by_path]
        found = [name for name in self._levels.get((row.analysis, levels), []) if self._printed(row, (*levels, name))]
        return frequency_order(
            {name: tuple(self._counts(row, (*levels, name), columns)) for name in found}, factor.missing
        )

    def _counts(self, row: DisplayRow, levels: tuple[str, ...], columns: list[Leaf]) -> list[float]:
        assert self._found is not None
        groups = [self.naming.column_groups(leaf, row.factors, levels) for leaf in columns]
        names = [self.naming.id_of(row, _counted(row), group) for group in groups]
        return [float(self._found[name][1]) if name in self._found else 0.0 for name in names]

    def _cells(self, row: DisplayRow, levels: tuple[str, ...]) -> tuple[Cell, ...]:
        if not row.analysis:
            return ()
        if row.place == "column" and row.method in COMPARING:
            pairs = [self.naming.pair(leaf, self.leaves) if row.applies(leaf) else None for leaf in self.leaves]
            return tuple(
                self._cell(row, self.naming.column_groups(pair[0]), self.naming.comparison(pair)) if pair else Cell("")
                for pair in pairs
            )
        if row.place == "column":
            return tuple(
                self._cell(row, self.naming.column_groups(leaf, row.factors, levels)) if row.applies(leaf) else Cell("")
                for leaf in self.leaves
            )
        under = spans(self.leaves)
        printed = place_of(self.leaves, row.place)
        return tuple(
            self._cell(row, self.naming.span_groups(columns), self.naming.comparison(columns), len(columns))
            if head in printed
            else Cell("", len(columns))
            for head, columns in under.items()
        )

    def _cell(self, row: DisplayRow, groups: tuple[Group, ...], comparison: str = "", span: int = 1) -> Cell:
        statistic, parts = self._shown(row)
        if self._found is None:
            return Cell(statistic, span, stat_class=statistic)
        names = [self.naming.id_of(row, part, groups, comparison) for part in parts]
        texts = [self._found[name][0] for name in names]
        printed = tuple(name for name, text in zip(names, texts, strict=True) if text)
        text = cell_text(row, dict(zip(parts, texts, strict=True)))
        return Cell(text, span, stat_class=statistic, result_ids=printed)

    def _shown(self, row: DisplayRow) -> tuple[str, tuple[str, ...]]:
        """The patterns of a row's cells, and the statistics in them; told once for each row."""
        if id(row) not in self._patterns:
            names = tuple(dict.fromkeys(part.name for part in fields(row.format)))
            self._patterns[id(row)] = cell_text(row, None), names
        return self._patterns[id(row)]


def pages_of(spec: DisplaySpec) -> tuple[str, ...]:
    """The levels of the page group, in the order of the spec; one empty level where pages have no groups."""
    return tuple(dict.fromkeys(leaf.levels[0] for leaf in spec.leaves)) if spec.page else ("",)


def _counted(row: DisplayRow) -> str:
    """The statistic that tells whether a row has results, and sorts its levels: the count, where it is printed."""
    names = [part.name for part in fields(row.format)]
    return "n" if "n" in names or not names else names[0]


def _lines_in_unit(row: DisplayRow, own: list[Row], below: list[Row]) -> int:
    """How many lines from the row on never part.

    A unit holds all rows under it. A row that is repeated on the next page may break anywhere but before the first of
    its levels. Others hold together as their lines say.
    """
    if row.unit:
        return len(own) + len(below)
    if not row.continued or not below:
        return 0
    leading = next((at for at, child in enumerate(row.rows) if child.each is not None), len(row.rows))
    return min(len(own) + leading + 1, len(own) + len(below))


def _bound(lines: list[Row], count: int) -> list[Row]:
    """The lines with the first `count` of them bound to each other."""
    return [replace(line, keep_with_next=True) if at < count - 1 else line for at, line in enumerate(lines)]


def _by_id(results: Results) -> dict[str, tuple[str, float]]:
    """The text and the value of each result."""
    names, texts, values = (results.frame[name].tolist() for name in ("result_id", "formatted", "stat"))
    return dict(zip(names, zip(texts, values, strict=True), strict=True))


def _levels(results: Results, outer: int) -> dict[tuple[str, tuple[str, ...]], list[str]]:
    """The levels of row factors, by analysis and the levels above them."""
    names = [f"g{place}_level" for place in range(outer + 1, 5)]
    frame = results.frame[["analysis_id", *names]].drop_duplicates()
    found: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for analysis, *levels in frame.itertuples(index=False):
        path = tuple(level for level in levels if level)
        if path:
            found.setdefault((analysis, path[:-1]), []).append(path[-1])
    return found
