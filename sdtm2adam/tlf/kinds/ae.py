"""Kind `ae`: subjects with adverse events by levels found in the data, sorted by frequency."""

from typing import ClassVar

from sdtm2adam.spec.display_model import TableText
from sdtm2adam.spec.display_plan import all_rows
from sdtm2adam.spec.faults import Faults
from sdtm2adam.spec.kind import Plan
from sdtm2adam.spec.report import Report
from sdtm2adam.tlf.kind import TableKind
from sdtm2adam.tlf.methods.counts import count_subjects
from sdtm2adam.tlf.methods.incidence import adjust_for_exposure
from sdtm2adam.tlf.methods.proportions import compare_proportions


class AdverseEvents(TableKind):
    """Rows per system organ class and preferred term, by worst grade, or as rates over exposure."""

    name = "ae"
    methods: ClassVar = {"M_CNT": count_subjects, "M_EAIR": adjust_for_exposure, "M_DIFF": compare_proportions}

    def check(self, text: TableText, report: Report, plan: Plan, faults: Faults) -> None:
        """Note what is wrong with the columns, and rates without a time at risk."""
        super().check(text, report, plan, faults)
        rate = next((row for row in all_rows(plan.rows) if row.method == "M_EAIR"), None)
        if rate is not None and text.risk is None:
            mend = "add risk: {event: DATASET.VARIABLE, end: ADSL.VARIABLE}"
            faults.add("M_EAIR needs the time at risk", rate.where, mend)
        if text.risk is not None:
            _check_risk(text, faults)


def _check_risk(text: TableText, faults: Faults) -> None:
    assert text.risk is not None
    wanted = ((text.risk.event, str(text.data.dataset)), (text.risk.end, "ADSL"))
    for name, dataset in wanted:
        if name.upper().split(".")[:-1] != [dataset]:
            faults.add(f"{str(name)!r} is no variable of {dataset}", name.where, f"write {dataset}.VARIABLE")


KIND = AdverseEvents()
