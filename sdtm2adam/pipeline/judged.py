"""What a study's data were judged to be: the report of all engines, and its findings with their states."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from sdtm2adam.model import Dataset, Issue, Severity
from sdtm2adam.pipeline.drift import Drift
from sdtm2adam.pipeline.package import UNREADABLE
from sdtm2adam.pipeline.to_check import ToCheck
from sdtm2adam.validate.beside import Beside
from sdtm2adam.validate.core import CoreAnswer
from sdtm2adam.validate.examine import Examined, examine
from sdtm2adam.validate.life import Cut, Life, compare_findings, exit_code, findings_of, issues_still_open
from sdtm2adam.validate.ran import what_ran
from sdtm2adam.validate.raw import check_raw
from sdtm2adam.validate.report import in_order
from sdtm2adam.validate.run import Report
from sdtm2adam.validate.sql.meta_define import define_tables
from sdtm2adam.validate.sql.meta_files import file_tables
from sdtm2adam.validate.sql.store import Store

MOST_FINDINGS = {Severity.ERROR: 500, Severity.WARNING: 200, Severity.NOTE: 50}
"""How many records of one issue become findings of their own, by its weight; issues.json names up to 10,000."""

_TERM = "codelist"


@dataclass(frozen=True)
class Judged:
    """The report on what was checked, the findings in it compared with the cut before, and what each engine says.

    `datasets` are those of the `stage` that is told; None for all.
    """

    case: ToCheck
    report: Report
    examined: Examined
    life: Life
    before: Cut
    said: tuple[str, ...] = ()
    answer: CoreAnswer | None = None
    datasets: frozenset[str] | None = None
    stage: str = "all"

    @property
    def cut(self) -> Cut:
        """The findings of this cut, with how many there were before."""
        history = self.before.trend if self.before.study or self.before.cut else ()
        return Cut(self.life.findings, self.case.name, self.case.cut, history)

    @property
    def exit_code(self) -> int:
        """1 if an open finding of the stage weighs as much as `fail_at`, or a gate is broken, else 0."""
        of = self.case.datasets
        told = [one for one in self.life.findings if self.stage in ("all", _stage_of(one.dataset, of))]
        return max(exit_code(told, self.case.fail_at), int(bool(self.report.gates_broken)))

    @property
    def open_errors(self) -> list[Issue]:
        """The errors that nobody has accepted."""
        found = issues_still_open(self.report.issues, self.life.findings)
        return [issue for issue in found if issue.severity == Severity.ERROR]

    def with_more(self, *issues: Issue) -> Judged:
        """The same with issues that were met later."""
        if not issues:
            return self
        report = with_issues(self.report, *issues)
        return replace(
            self, report=report, life=_life(self.case, report, self.examined, self.before, self.datasets, None)
        )

    def with_report(self, other: Report) -> Judged:
        """The same with what was looked at and found elsewhere."""
        looked_at = (*self.report.looked_at, *other.looked_at)
        return replace(self, report=replace(self.report, looked_at=looked_at)).with_more(*other.issues)


def judge(
    case: ToCheck,
    files: Mapping[str, Path] = {},
    *,
    stage: str = "all",
    before: Cut | None = None,
    answer: CoreAnswer | None = None,
    part: bool = False,
    ready: Beside | None = None,
) -> Judged:
    """Puts suites, rules and edit checks to the data of a study, and compares what is found with the cut before.

    Args:
        case: what is checked.
        files: the files of the datasets, by name, for the rules of files.
        stage: raw, sdtm, adam or all: whose issues are told.
        before: the findings of the cut before.
        answer: of CDISC CORE, where it was asked.
        part: the datasets are a part of a package; those of a study are, until somebody packs them.
        ready: a process for the suites, started before.
    """
    examined = examine(
        case.datasets, case.checks, suites=case.suites, raw=case.raw, terminology=case.terminology,
        meta=_of_files(case, files), part=part or case.specs is not None, raw_keys=case.raw_keys,
        ready=ready,
    )  # fmt: skip
    found = without_the_unreadable(examined, case.issues)
    report = with_drift(with_issues(found, *case.issues, *(answer.issues if answer else ())), case.drift)
    if case.specs is not None and case.raw_files:
        raw = check_raw(case.specs, case.raw_files, case.raw_keys, case.issues)
        report = replace(with_issues(report, *raw.issues), looked_at=(*report.looked_at, *raw.looked_at))
    report = _of_stage(report, stage, case.datasets)
    told = None if stage == "all" else _names(stage, case)
    before = before or Cut()
    life = _life(case, report, examined, before, told, answer)
    said = (*examined.said, *([answer.summary] if answer else []))
    return Judged(case, report, examined, life, before, said, answer, told, stage)


def _of_files(case: ToCheck, files: Mapping[str, Path]) -> dict[str, Callable[[Store], pa.Table]]:
    """What rules may ask of files; of a study's own only what is in them, for they are in no package yet."""
    tables = {**file_tables(files.values()), **define_tables(*case.defines)} if files else {}
    return {name: maker for name, maker in tables.items() if case.specs is None or name != "folders"}


def _life(
    case: ToCheck,
    report: Report,
    examined: Examined,
    before: Cut,
    datasets: frozenset[str] | None,
    answer: CoreAnswer | None,
) -> Life:
    named = [_first_records(issue) for issue in report.issues]
    now = findings_of(named, case.datasets, case.raw_keys)
    columns = {name: one.frame.column_names for name, one in case.datasets.items()}
    columns |= {f"raw.{form}": table.column_names for form, table in case.raw.items()}
    ran = what_ran(examined, report, before.findings, datasets, answer, columns)
    return compare_findings(now, before.findings, case.accepted, ran=ran, gates=report.gates_broken)


def _first_records(issue: Issue) -> Issue:
    """An issue that names no more records than a person follows one by one; it still counts them all."""
    most = MOST_FINDINGS[Severity.ERROR if issue.queries else issue.severity]
    if len(issue.keys) <= most:
        return issue
    keys, values, queries = (texts[:most] for texts in (issue.keys, issue.values, issue.queries))
    return replace(issue, keys=keys, values=values, queries=queries)


def _names(stage: str, case: ToCheck) -> frozenset[str]:
    """The datasets of a stage; of the raw stage, the forms."""
    if stage == "raw":
        return frozenset(f"raw.{form}" for form in case.raw)
    return frozenset(name for name, dataset in case.datasets.items() if dataset.stage == stage)


def _of_stage(report: Report, stage: str, datasets: Mapping[str, Dataset]) -> Report:
    """What was found and looked at in one stage; all stages are checked, since one is checked against the other."""
    if stage == "all":
        return report
    return Report(
        tuple(issue for issue in report.issues if _stage_of(issue.dataset, datasets) == stage),
        tuple(looked for looked in report.looked_at if _stage_of(looked.dataset, datasets) == stage),
        tuple(gate for gate in report.gates_broken if _stage_of(gate[0], datasets) == stage),
    )


def _stage_of(name: str, datasets: Mapping[str, Dataset]) -> str:
    """The stage of a dataset or form; of a dataset that is not there, by its name."""
    if name in datasets:
        return datasets[name].stage
    raw = name.startswith("raw.") or name == "STUDY"
    return "raw" if raw else "adam" if name.startswith("AD") else "sdtm"


def with_issues(report: Report, *issues: Issue) -> Report:
    """A report with more issues, in the order of all; a term the engine could not map is not told again as no term."""
    unmapped = {(one.dataset, one.variable, one.value) for one in issues if one.rule == "codelist-unmapped"}
    found = [
        one for one in report.issues if (one.dataset, one.variable, one.value) not in unmapped or one.rule != _TERM
    ]
    return Report(in_order((*issues, *found)), report.looked_at, report.gates_broken)


def without_the_unreadable(examined: Examined, issues: Collection[Issue]) -> Report:
    """The report, where what asks for a dataset of a complete package does not miss one whose file cannot be read."""
    unreadable = {issue.dataset for issue in issues if issue.rule == UNREADABLE}
    asking = {one.check.id for one in examined.rules.ran if one.check.about in unreadable}
    kept = tuple(issue for issue in examined.report.issues if issue.rule not in asking)
    return replace(examined.report, issues=kept)


def with_drift(report: Report, drift: Drift | None) -> Report:
    """A report with what has changed since the previous transfer; what the build told as well is told once."""
    if drift is None:
        return report
    told = {(issue.dataset, issue.rule, issue.variable) for issue in report.issues}
    new = [issue for issue in drift.issues if (issue.dataset, issue.rule, issue.variable) not in told]
    return with_issues(report, *new)
