"""run: brings the whole output of a study up to date, from its data to its documents."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from sdtm2adam.build.study import Built, Inputs, build
from sdtm2adam.errors import InputError, InputErrors, Sdtm2adamError
from sdtm2adam.files.lock import lock_folder
from sdtm2adam.files.parquet import read_parquet, write_parquet
from sdtm2adam.model import Dataset, Issue
from sdtm2adam.pipeline.datasets import write_data, write_transport
from sdtm2adam.pipeline.desk import write_desk
from sdtm2adam.pipeline.drift import compare_transfers, write_listing
from sdtm2adam.pipeline.folder import check_out, data_folders, inputs_of
from sdtm2adam.pipeline.judged import Judged, judge
from sdtm2adam.pipeline.lint import check_specs
from sdtm2adam.pipeline.outputs import ReportSpecs, make_outputs
from sdtm2adam.pipeline.record import write_record
from sdtm2adam.pipeline.results_data import MEMBERS, STATISTICS
from sdtm2adam.pipeline.settings import FINAL, Settings, read_settings
from sdtm2adam.pipeline.staging import publish, staged
from sdtm2adam.pipeline.to_check import case_of
from sdtm2adam.spec.library import Specs, read_specs
from sdtm2adam.validate.examine import Checks, read_checks
from sdtm2adam.validate.report import summarise_report, write_issues
from sdtm2adam.validate.results import check_results
from sdtm2adam.validate.run import Report

Progress = Callable[[str], None]
"""Told what is being done, in words for a person."""


def _silent(_: str) -> None:
    """Tells nobody."""


@dataclass
class Timer:
    """Seconds of each step."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Times the block."""
        start = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - start, 3)


@dataclass(frozen=True)
class RunResult:
    """What a run made and found."""

    out: Path
    datasets: dict[str, Dataset]
    judged: Judged
    outputs: tuple[str, ...]
    files: int

    @property
    def report(self) -> Report:
        """What was found."""
        return self.judged.report

    @property
    def exit_code(self) -> int:
        """1 if an open finding weighs as much as `fail_at`, else 0."""
        return self.judged.exit_code

    @property
    def summary(self) -> str:
        """What was looked at and what was found, in words."""
        return "\n".join([summarise_report(self.report), *self.judged.said])


def run(
    folder: Path,
    out: Path | None = None,
    *,
    data: Mapping[str, str] = {},
    threads: int | None = None,
    memory: str | None = None,
    checks: bool = False,
    progress: Progress = _silent,
) -> RunResult:
    """Builds, checks and writes everything of a study.

    Args:
        folder: the study folder.
        out: where the output goes; by default `output/` of the study.
        data: folders of the data by kind, instead of those study.yaml names.
        threads: for DuckDB; None for all cores.
        memory: DuckDB's limit, beyond which it spills to disk.
        checks: put rules and edit checks to the data too, and write all reports of `check`. A report that is declared
            FINAL is always checked so.
        progress: told what is being done.

    Raises:
        SpecErrors: specs are wrong; found before data are read.
        InputErrors: the data stop the run.
    """
    timer = Timer()
    progress("reading specs")
    with timer.step("specs"):
        specs = read_specs(folder)
        settings = read_settings(specs)
        folders = data_folders(specs, data)
        inputs = inputs_of(specs, folders)
        out = check_out(out or folder / "output", specs, folders)
    with lock_folder(out):
        progress("checking specs")
        with timer.step("lint"):
            report_specs = check_specs(specs, inputs)
        everything = checks or settings.status == FINAL
        own = read_checks(specs.folder) if everything else Checks()
        drift = None
        if folders.previous is not None:
            with timer.step("compare"):
                drift = compare_transfers(specs, folders.previous, inputs, progress)
            drift.refuse()
        progress(f"building {', '.join(specs.datasets)}")
        with timer.step("build"):
            built = build(specs, inputs, threads=threads, memory=memory, keep_raw=everything)
        progress("checking data")
        with timer.step("check"):
            raw = inputs.raw if everything else {}
            case = case_of(specs, settings, folders, built, own, drift, raw, report_specs.report)
            judged = judge(case)
        return _write(specs, settings, report_specs, inputs, built, judged, out, timer, progress)


def _write(
    specs: Specs,
    settings: Settings,
    report_specs: ReportSpecs,
    inputs: Inputs,
    built: Built,
    judged: Judged,
    out: Path,
    timer: Timer,
    progress: Progress,
) -> RunResult:
    _stop_at_gates(judged.report, out)
    _refuse_final(specs, settings, judged, out)
    drift = judged.case.drift
    with staged(out) as stage:
        progress("writing datasets")
        with timer.step("write datasets"):
            for dataset in built.datasets.values():
                write_data(dataset, stage)
            replaced = write_transport(built.datasets.values(), specs, stage, settings.created)
            for form, keys in built.raw_keys.items():
                assert isinstance(keys, pa.Table)
                write_parquet(keys, stage / "lineage" / f"{form}.parquet")
        progress("making outputs")
        with timer.step("outputs"):
            documents = make_outputs(report_specs, built.datasets, stage, settings.created, settings.status, progress)
        judged = judged.with_more(*replaced, *documents.issues)
        _refuse_final(specs, settings, judged, out)
        if judged.case.checks == Checks():
            write_issues(judged.report.issues, stage / "issues")
        else:
            with timer.step("reports"):
                judged = judged.with_report(_results(report_specs, built, stage))
                _refuse_final(specs, settings, judged, out)
                write_desk(judged, stage / "issues")
        if drift is not None:
            write_listing(drift.listing, stage / "issues")
        previous = drift.files if drift is not None else {}
        files = write_record(specs, inputs, built, judged.report, stage, timer.seconds, previous)
        publish(stage, out)
    return RunResult(out, built.datasets, judged, documents.outputs, files)


def _results(report_specs: ReportSpecs, built: Built, stage: Path) -> Report:
    """What was found in the results of the outputs."""
    statistics, members = (stage / "results" / f"{name}.parquet" for name in (STATISTICS, MEMBERS))
    if not statistics.is_file():
        return Report((), ())
    return check_results(read_parquet(statistics), read_parquet(members), built.datasets, report_specs.report)


_MOST_NAMED = 3
"""How many open errors are named where a report is refused."""


def _refuse_final(specs: Specs, settings: Settings, judged: Judged, out: Path) -> None:
    """A report declared FINAL is not written while errors are open; they are told, and the last outputs stay."""
    errors = judged.open_errors
    if settings.status != FINAL or not errors:
        return
    write_desk(judged, out / "issues")
    raise InputError(
        f"the report is declared FINAL while {len(errors)} error{'s are' if len(errors) > 1 else ' is'} open; "
        f"no data and no documents were written\n{_named_first(errors)}",
        where=specs.study.status.where or "study.yaml",
        mend=f"resolve the errors listed in {out / 'issues' / 'issues.json'}, or say status: DRAFT",
    )


def _named_first(errors: Sequence[Issue]) -> str:
    """The first of many errors, one a line."""
    lines = [
        f"    {f'{issue.dataset}.{issue.variable}'.rstrip('.')} {issue.rule}: {issue.text}{_first_of(issue)}"
        for issue in errors[:_MOST_NAMED]
    ]
    rest = len(errors) - len(lines)
    return "\n".join([*lines, *([f"    and {rest:,} more"] if rest else [])])


def _stop_at_gates(report: Report, out: Path) -> None:
    """A dataset whose structure is broken does not leave its stage: the issues are written, and nothing else."""
    broken = set(report.gates_broken)
    place = out / "issues" / "issues.json"
    errors: list[Sdtm2adamError] = [
        InputError(
            f"{issue.text}{_first_of(issue)}",
            where=f"{issue.dataset}.{issue.variable}".rstrip("."),
            mend=f"correct the data or the spec; all {len(report.issues)} issues are in {place}",
        )
        for issue in report.issues
        if (issue.dataset, issue.rule) in broken
    ]
    if errors:
        write_issues(report.issues, out / "issues")
        raise InputErrors(errors)


def _first_of(issue: Issue) -> str:
    """How many records an issue has, and the first of them."""
    count = f"{issue.records:,} record{'' if issue.records == 1 else 's'}"
    return f" ({count}; first: {'; '.join(issue.keys[:2])})" if issue.keys else f" ({count})"
