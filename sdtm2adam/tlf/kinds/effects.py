"""Kind `effects`: one row per endpoint and level of a grouping, with both arms, the effect and its tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from sdtm2adam.model import Column, Results, Section
from sdtm2adam.spec.display_model import DisplayText
from sdtm2adam.spec.display_plan import DisplaySpec
from sdtm2adam.spec.effects_check import can_be_planned, check_effects
from sdtm2adam.spec.effects_model import EffectsText
from sdtm2adam.spec.effects_plan import endpoints
from sdtm2adam.spec.faults import Faults
from sdtm2adam.spec.kind import Plan
from sdtm2adam.spec.report import Report
from sdtm2adam.tlf import effects_rows
from sdtm2adam.tlf.context import Context
from sdtm2adam.tlf.effects import analyse_effects
from sdtm2adam.tlf.kind import OutputKind


class Compared(OutputKind):
    """Differences of proportions and hazard ratios of endpoints in subgroups; how they are shown is left open."""

    text: ClassVar[type[DisplayText]] = EffectsText

    def plan(self, text: EffectsText, report: Report, faults: Faults) -> Plan:
        """The endpoints as parts, each with its analyses."""
        if not can_be_planned(text, report, faults):
            return Plan()
        parts = endpoints(text, report, faults)
        return Plan(tuple(row for part in parts for row in part.rows), parts=parts)

    def check(self, text: EffectsText, report: Report, plan: Plan, faults: Faults) -> None:
        """Note columns, labels and fields that do not fit."""
        if plan.parts:
            check_effects(text, report, faults)

    def labels(self, text: EffectsText) -> Iterable[tuple[str, str]]:
        """Heads, endpoints and the rows of trends."""
        columns = [column.label for column in text.columns]
        trends = [entry.trend for entry in text.subgroups if not isinstance(entry, str) and entry.trend]
        endpoints = [endpoint.label for endpoint in text.endpoints]
        return [(label, label.where) for label in (text.stub_head, *columns, *endpoints, *trends)]

    def analyse(self, context: Context, read: Mapping[str, Results]) -> None:
        """The numbers of every endpoint in every subgroup."""
        del read
        analyse_effects(context)


class Effects(Compared):
    """They stand side by side in rows."""

    name = "effects"
    stub: ClassVar[bool] = True

    def columns(self, spec: DisplaySpec, report: Report, results: Results | None) -> tuple[Column, ...]:
        """The columns as the spec writes them."""
        del report, results
        return effects_rows.columns(spec)

    def sections(self, spec: DisplaySpec, report: Report, results: Results | None) -> tuple[Section, ...]:
        """The rows."""
        return effects_rows.sections(spec, report, results)


KIND = Effects()
