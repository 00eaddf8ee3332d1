"""Kind `forest`: effects with their intervals in a picture, subgroup by subgroup, one endpoint per page."""

from __future__ import annotations

from typing import ClassVar

from sdtm2adam.model import Figure, Results
from sdtm2adam.spec.display_model import DisplayText
from sdtm2adam.spec.display_plan import DisplaySpec
from sdtm2adam.spec.effects_check import check_forest
from sdtm2adam.spec.effects_model import EffectsText, ForestText
from sdtm2adam.spec.faults import Faults
from sdtm2adam.spec.kind import Plan
from sdtm2adam.spec.report import Report
from sdtm2adam.tlf import forest
from sdtm2adam.tlf.kinds.effects import Compared


class Forest(Compared):
    """Analysed as a table of effects is; its numbers stand in the picture."""

    name = "forest"
    text: ClassVar[type[DisplayText]] = ForestText

    def check(self, text: EffectsText, report: Report, plan: Plan, faults: Faults) -> None:
        """Note what does not fit, and an axis that cannot be drawn."""
        super().check(text, report, plan, faults)
        if plan.parts and isinstance(text, ForestText):
            check_forest(text, faults)

    def figures(self, spec: DisplaySpec, report: Report, results: Results | None) -> tuple[Figure, ...]:
        """One picture per endpoint."""
        return forest.figures(spec, report, results)


KIND = Forest()
