"""Kind `shift`: baseline against worst level after it, or one source of a factor against the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar

from sdtm2adam.model import Column, Results, Section
from sdtm2adam.spec.display_model import DisplayText
from sdtm2adam.spec.display_plan import DisplayRow, DisplaySpec, all_rows
from sdtm2adam.spec.faults import Faults
from sdtm2adam.spec.kind import Plan
from sdtm2adam.spec.report import Report
from sdtm2adam.spec.shift_model import ShiftText
from sdtm2adam.spec.shift_rows import check_grid, shift_leaves, shift_rows
from sdtm2adam.tlf.context import Context
from sdtm2adam.tlf.kind import OutputKind
from sdtm2adam.tlf.methods.shifts import count_agreement, count_unpaired, cross_levels
from sdtm2adam.tlf.shift_table import ShiftTable


class Shift(OutputKind):
    """Grids of two levels with their sums, per arm."""

    name = "shift"
    text: ClassVar[type[DisplayText]] = ShiftText
    methods: ClassVar[Mapping[str, Callable[[Context, DisplayRow], None]]] = {
        "M_SHIFT": cross_levels,
        "M_AGREE": count_agreement,
        "M_CNT": count_unpaired,
    }
    stub: ClassVar[bool] = True

    def plan(self, text: ShiftText, report: Report, faults: Faults) -> Plan:
        """A row per grid, under the arms."""
        return Plan(shift_rows(text, report, faults), {}, shift_leaves(text, report, faults))

    def check(self, text: ShiftText, report: Report, plan: Plan, faults: Faults) -> None:
        """Note grids and widths that do not fit."""
        check_grid(text, report, len(plan.leaves), faults)

    def analyse(self, context: Context, read: Mapping[str, Results]) -> None:
        """The column N, then each grid with the lines under it."""
        del read
        context.count_columns()
        for row in all_rows(context.spec.rows):
            if row.analysis:
                self.methods[row.method](context, row)

    def columns(self, spec: DisplaySpec, report: Report, results: Results | None) -> tuple[Column, ...]:
        """The stub, and the levels across the grid."""
        return ShiftTable(spec, report, results).columns()

    def sections(self, spec: DisplaySpec, report: Report, results: Results | None) -> tuple[Section, ...]:
        """The grids, one below the other."""
        return ShiftTable(spec, report, results).sections()


KIND = Shift()
