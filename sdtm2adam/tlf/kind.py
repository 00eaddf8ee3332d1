"""What every kind of output does: analyse its records, lay out its results. One file per kind stands in `kinds/`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar

from sdtm2adam.model import Column, Figure, Results, Section
from sdtm2adam.spec.display_check import check_columns, page_nests
from sdtm2adam.spec.display_model import DisplayText, TableText
from sdtm2adam.spec.display_plan import DisplayRow, DisplaySpec, all_rows, leaves
from sdtm2adam.spec.display_rows import expand
from sdtm2adam.spec.faults import Faults
from sdtm2adam.spec.kind import Kind, Plan
from sdtm2adam.spec.report import Report
from sdtm2adam.tlf.context import Context
from sdtm2adam.tlf.methods.continuous import summarise_variable
from sdtm2adam.tlf.table import Table, pages_of

Method = Callable[[Context, DisplayRow], None]
"""Makes the results of one row of a table: reads and collects through the context."""


class OutputKind(Kind):
    """A kind of output whole: what its specs say, how its results are made and how they are laid out.

    `stub` tells that the first column of the display holds the labels of the rows.
    """

    stub: ClassVar[bool] = False

    def analyse(self, context: Context, read: Mapping[str, Results]) -> None:
        """Collect the results of an output in `context.collector`.

        Args:
            context: the output, its records and columns.
            read: the results of the outputs that it reads.
        """
        raise NotImplementedError

    def finished(self, context: Context, results: Results, read: Mapping[str, Results]) -> Results:
        """The results with what the output takes over from others; most take nothing."""
        del context, read
        return results

    def columns(self, spec: DisplaySpec, report: Report, results: Results | None) -> tuple[Column, ...]:
        """The columns of the display; without results those of the shell."""
        del spec, report, results
        return ()

    def sections(self, spec: DisplaySpec, report: Report, results: Results | None) -> tuple[Section, ...]:
        """The rows of the display; without results those of the shell."""
        del spec, report, results
        return ()

    def repeated(self, spec: DisplaySpec) -> int:
        """How many columns on the left stand in every panel of a display that is wider than the page."""
        del spec
        return int(self.stub)

    def figures(self, spec: DisplaySpec, report: Report, results: Results | None) -> tuple[Figure, ...]:
        """The pictures of the display; without results empty frames."""
        del spec, report, results
        return ()


class TableKind(OutputKind):
    """A table of rows by columns: each row names a method, and its kind says which function that is."""

    text: ClassVar[type[DisplayText]] = TableText
    methods: ClassVar[Mapping[str, Method]] = {}
    stub: ClassVar[bool] = True

    def plan(self, text: TableText, report: Report, faults: Faults) -> Plan:
        """Rows with their analyses, under the leaf columns of the column set, those of each page group for itself."""
        if text.columns not in report.column_sets:
            return Plan()
        columns = leaves(report, (*page_nests(text, report, faults), *report.column_sets[text.columns].nest))
        rows, named, notes = expand(text, report, columns, self.methods, faults)
        return Plan(rows, named, columns, notes)

    def check(self, text: TableText, report: Report, plan: Plan, faults: Faults) -> None:
        """Note a column set that is not there or does not fit."""
        check_columns(text, report, plan.rows, faults)

    def analyse(self, context: Context, read: Mapping[str, Results]) -> None:
        """The column N, then the results of each row in print order."""
        del read
        context.count_columns()
        for row in all_rows(context.spec.rows):
            if row.analysis:
                self.methods[row.method](context.of_population(row.population), row)
        for note in context.spec.notes:
            summarise_variable(context, note)

    def columns(self, spec: DisplaySpec, report: Report, results: Results | None) -> tuple[Column, ...]:
        """The stub and the leaf columns; those of the first pages, where pages have their own."""
        return Table(spec, report, results, pages_of(spec)[0]).columns()

    def sections(self, spec: DisplaySpec, report: Report, results: Results | None) -> tuple[Section, ...]:
        """The rows; a section per page group."""
        return tuple(Table(spec, report, results, page).section() for page in pages_of(spec))


def kind_of(spec: DisplaySpec) -> OutputKind:
    """The kind of an output."""
    kind: OutputKind = spec.made_by
    return kind
