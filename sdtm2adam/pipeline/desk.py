"""The reports of a check: issues and findings as data, a workbook, a dashboard, the queries to the sites."""

from __future__ import annotations

from pathlib import Path

from sdtm2adam.files.atomic import write_bytes, write_text
from sdtm2adam.model import State
from sdtm2adam.pipeline.judged import Judged
from sdtm2adam.validate.as_yaml import suites_as_yaml
from sdtm2adam.validate.desk import About, render_dashboard
from sdtm2adam.validate.desk import Cut as CutTold
from sdtm2adam.validate.examine import Examined
from sdtm2adam.validate.life import as_json, write_findings, write_queries, write_workbook
from sdtm2adam.validate.life.files import CutCount
from sdtm2adam.validate.report import write_issues
from sdtm2adam.validate.sql.run import NOT_RUN, Findings

_OPEN = (State.NEW, State.OPEN, State.CHANGED)


def write_desk(judged: Judged, folder: Path) -> tuple[Path, ...]:
    """Writes all reports into a folder, each whole or not at all; the files.

    `issues.html` and `issues.xlsx` are for people, `queries.csv` for the EDC, `checks.json` for programs; `suites.yaml`
    has the expectations that were made from metadata; `issues` and `findings` are the data, which the check of the
    next cut reads.
    """
    case, cut, looked_at = judged.case, judged.cut, judged.report.looked_at
    dashboard, workbook = folder / "issues.html", folder / "issues.xlsx"
    queries, checks, suites = folder / "queries.csv", folder / "checks.json", folder / "suites.yaml"
    written = [*write_issues(judged.report.issues, folder), *write_findings(cut, folder)]
    write_workbook(workbook, cut, looked_at, created=case.created.replace(tzinfo=None), notes=judged.said)
    write_queries(cut.findings, queries)
    write_text(checks, as_json(cut, looked_at, {"said": judged.said, "checks": _checks(judged.examined)}))
    ran = (*judged.examined.rules.ran, *judged.examined.edit_checks.ran)
    failed = sum(one.state == NOT_RUN for one in ran)
    page = render_dashboard(
        cut.findings, looked_at, case.datasets, raw=case.raw, raw_keys=case.raw_keys,
        history=[_told(one) for one in cut.trend],
        about=About(study=cut.study, marks=case.marks, cut=cut.cut, said=judged.said, failed=failed),
    )  # fmt: skip
    write_bytes(dashboard, page)
    write_text(suites, suites_as_yaml(case.datasets, case.specs, case.report))
    return (*written, workbook, queries, checks, suites, dashboard)


def _checks(examined: Examined) -> dict[str, list[dict[str, object]]]:
    """What came of each check written as SQL."""
    return {"rules": _each(examined.rules), "edit_checks": _each(examined.edit_checks)}


def _each(found: Findings) -> list[dict[str, object]]:
    return [
        {
            "id": one.check.id, "text": one.check.text, "severity": one.check.severity.value,
            "ids": list(one.check.ids), "state": one.state, "datasets": list(one.datasets), "why": one.why,
            "issues": one.issues,
        }
        for one in found.ran
    ]  # fmt: skip


def _told(count: CutCount) -> CutTold:
    """One cut of the trend: what was open by severity, and what was new or resolved."""
    opened = {
        severity: sum(number for state, number in states.items() if state in _OPEN)
        for severity, states in count.counts.items()
    }
    new, resolved = (sum(states[state] for states in count.counts.values()) for state in (State.NEW, State.RESOLVED))
    return CutTold(count.cut, opened["error"], opened["warning"], opened["note"], new, resolved)
