"""check: the data of a study, built in memory and checked; nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sdtm2adam.build.study import Built, build
from sdtm2adam.pipeline.drift import compare_transfers
from sdtm2adam.pipeline.folder import data_folders, folder_issues, inputs_of
from sdtm2adam.pipeline.lint import check_specs, suites_of, unchecked_lists
from sdtm2adam.pipeline.run import with_drift, with_issues
from sdtm2adam.pipeline.settings import read_settings
from sdtm2adam.spec.library import read_specs
from sdtm2adam.validate.report import summarise_report
from sdtm2adam.validate.run import Report, check_datasets


@dataclass(frozen=True)
class CheckResult:
    """What was found."""

    report: Report
    exit_code: int

    @property
    def summary(self) -> str:
        """What was looked at and what was found, in words."""
        return summarise_report(self.report)


def check(
    folder: Path, *, stage: str = "all", data: Mapping[str, str] = {}, progress: Callable[[str], None] = lambda _: None
) -> CheckResult:
    """Builds the datasets of a study and checks them.

    Args:
        folder: the study folder.
        stage: raw, sdtm, adam or all: whose issues are told.
        data: folders of the data by kind, instead of those study.yaml names.
        progress: told what is being done.

    Raises:
        SpecErrors: specs are wrong.
        InputErrors: the data stop the build.
    """
    progress("reading and checking specs")
    specs = read_specs(folder)
    settings = read_settings(specs)
    folders = data_folders(specs, data)
    inputs = inputs_of(specs, folders)
    check_specs(specs, inputs)
    drift = compare_transfers(specs, folders.previous, inputs, progress) if folders.previous is not None else None
    if drift is not None:
        drift.refuse()
    progress("building datasets")
    built = build(specs, inputs)
    progress("checking data")
    report = check_datasets(built.datasets, suites=suites_of(specs))
    found = (*built.issues, *built.coverage, *folder_issues(specs, folders, built.raw_rows), *unchecked_lists(specs))
    report = _of_stage(with_drift(with_issues(report, *found), drift), stage, built)
    return CheckResult(report, max(settings.exit_code(report.issues), int(bool(report.gates_broken))))


def _of_stage(report: Report, stage: str, built: Built) -> Report:
    """What was found and looked at in one stage; all stages are checked, since one is checked against the other."""
    if stage == "all":
        return report
    stages = {name: dataset.stage for name, dataset in built.datasets.items()}
    return Report(
        tuple(issue for issue in report.issues if stages.get(issue.dataset, "raw") == stage),
        tuple(looked for looked in report.looked_at if stages.get(looked.dataset) == stage),
        tuple(gate for gate in report.gates_broken if stages.get(gate[0]) == stage),
    )
