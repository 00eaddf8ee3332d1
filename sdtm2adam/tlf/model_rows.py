"""Lays out a table of a model: numbers of subjects, then a line per term."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from sdtm2adam.model import Cell, Column, Results, Row, Section
from sdtm2adam.spec.display_plan import DisplayRow, DisplaySpec
from sdtm2adam.spec.patterns import Format, fields, parse_format
from sdtm2adam.spec.regression_model import Covariate, RegressionText
from sdtm2adam.spec.report import Report
from sdtm2adam.tlf.cells import cell_text
from sdtm2adam.tlf.identity import Group, Naming
from sdtm2adam.tlf.model_terms import EVENTS, IN_MODEL, LEFT_OUT, counting, state_groups, term_groups


def columns(text: RegressionText) -> tuple[Column, ...]:
    """The stub and the columns as the spec writes them."""
    first, *others = text.columns
    return (
        Column((str(first.label),), first.width, align="left"),
        *(Column((str(column.label),), column.width, (str(at),)) for at, column in enumerate(others)),
    )


def sections(spec: DisplaySpec, report: Report, results: Results | None) -> tuple[Section, ...]:
    """The rows of the table; without results those of the shell."""
    return (Section(tuple(_ModelTable(spec, report, results).rows())),)


@dataclass
class _ModelTable:
    spec: DisplaySpec
    report: Report
    results: Results | None

    def __post_init__(self) -> None:
        assert isinstance(self.spec.text, RegressionText)
        self.text = self.spec.text
        self.naming = Naming(self.spec.id, self.report)
        shown = [str(column.show) for column in self.text.columns[1:]]
        self.formats = [parse_format(self.report.formats[name]) for name in shown]
        frame = None if self.results is None else self.results.frame
        self.found = None if frame is None else dict(zip(frame["result_id"], frame["formatted"], strict=True))

    def rows(self) -> Iterator[Row]:
        for label, state in zip(self.text.counts, (IN_MODEL, EVENTS, LEFT_OUT), strict=True):
            yield Row(str(label), self._cells(state_groups(state), counted=True, rated=False))
        for covariate in self.text.covariates:
            yield from self._covariate(covariate)

    def _covariate(self, covariate: Covariate) -> Iterator[Row]:
        label = str(covariate.label)
        if covariate.levels is None:
            yield Row(label, self._cells(term_groups(covariate, ""), counted=True, rated=True), gap=True, block=True)
            return
        yield Row(label, gap=True, block=True)
        for level in covariate.labels:
            rated = level != covariate.reference
            name = level if rated else f"{level} (reference)"
            cells = self._cells(term_groups(covariate, level), counted=True, rated=rated)
            yield Row(name, cells, indent=1, parents=(label,))

    def _cells(self, groups: tuple[Group, ...], *, counted: bool, rated: bool) -> tuple[Cell, ...]:
        row = self.spec.rows[0]
        cells = []
        for form in self.formats:
            counts = fields(form)[0].name == "n"
            own = replace(counting(row) if counts else row, format=form)
            cells.append(self._cell(own, form, groups) if (counted if counts else rated) else Cell(""))
        return tuple(cells)

    def _cell(self, row: DisplayRow, form: Format, groups: tuple[Group, ...]) -> Cell:
        shape = cell_text(row, None)
        if self.found is None:
            return Cell(shape, stat_class=shape)
        ids: dict[str, Any] = {part.name: self.naming.id_of(row, part.name, groups) for part in fields(form)}
        texts = {name: str(self.found[one]) for name, one in ids.items()}
        return Cell(cell_text(row, texts), stat_class=shape, result_ids=tuple(ids.values()))
