"""check: the data of a study, built in memory and checked; nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sdtm2adam.build.study import build, lint
from sdtm2adam.pipeline.folder import data_folders, inputs_of
from sdtm2adam.pipeline.run import exit_code_of, suites_of
from sdtm2adam.spec.library import read_specs
from sdtm2adam.validate.report import in_order, summarise_report
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
    inputs = inputs_of(specs, data_folders(specs, data))
    lint(specs, inputs)
    progress("building datasets")
    built = build(specs, inputs)
    progress("checking data")
    datasets = {n: d for n, d in built.datasets.items() if stage in ("all", d.stage)}
    report = check_datasets(datasets, suites=suites_of(specs))
    stages = {**{n: d.stage for n, d in built.datasets.items()}, **dict.fromkeys(built.raw_rows, "raw")}
    own = [issue for issue in built.issues if stage in ("all", stages.get(issue.dataset, "raw"))]
    report = Report(in_order((*own, *report.issues)), report.looked_at, report.gates_broken)
    return CheckResult(report, exit_code_of(specs, report.issues))
