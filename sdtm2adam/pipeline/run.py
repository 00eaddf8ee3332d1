"""run: brings the whole output of a study up to date, from its data to its documents."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from os import environ
from pathlib import Path

import pyarrow as pa

from sdtm2adam.build.study import Built, Inputs, build, lint
from sdtm2adam.errors import InputError, InputErrors, Sdtm2adamError, SpecError
from sdtm2adam.files.lock import lock_folder
from sdtm2adam.files.parquet import write_parquet
from sdtm2adam.files.xpt import write_xpt
from sdtm2adam.model import Dataset, Issue, Severity
from sdtm2adam.pipeline.folder import data_folders, inputs_of
from sdtm2adam.pipeline.outputs import ReportSpecs, make_outputs, read_report
from sdtm2adam.pipeline.record import write_record
from sdtm2adam.resources import shelf
from sdtm2adam.spec.library import Specs, read_specs
from sdtm2adam.validate.expectation import Suite
from sdtm2adam.validate.report import in_order, summarise_report, write_issues
from sdtm2adam.validate.run import Report, check_datasets
from sdtm2adam.validate.suites import read_suites

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
    report: Report
    outputs: tuple[str, ...]
    files: int
    exit_code: int

    @property
    def summary(self) -> str:
        """What was looked at and what was found, in words."""
        return summarise_report(self.report)


def suites_of(specs: Specs) -> tuple[Suite, ...]:
    """The suites written by hand: the bundled ones, and the study's own, which win."""
    folders = [shelf("validation") / "suites", specs.folder / "validation" / "suites"]
    return read_suites(*(folder for folder in folders if folder.is_dir()))


def created_at(specs: Specs) -> datetime:
    """The time written into files: SOURCE_DATE_EPOCH, else the study's run_time, else the cut-off at 00:00 UTC.

    Raises:
        SpecError: the study declares none of them in a form that can be read.
    """
    if epoch := environ.get("SOURCE_DATE_EPOCH"):
        return datetime.fromtimestamp(int(epoch), UTC)
    said = specs.study.run_time or specs.study.cutoff
    if said is None:
        return datetime(1980, 1, 1, tzinfo=UTC)
    try:
        moment = datetime.fromisoformat(str(said))
    except ValueError as error:
        raise SpecError(
            f"{said!r} is no ISO 8601 date", where=said.where, mend="write 2016-03-08 or 2016-03-08T12:00"
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def run(
    folder: Path,
    out: Path | None = None,
    *,
    data: Mapping[str, str] = {},
    threads: int | None = None,
    memory: str | None = None,
    progress: Progress = _silent,
) -> RunResult:
    """Builds, checks and writes everything of a study.

    Args:
        folder: the study folder.
        out: where the output goes; by default `output/` of the study.
        data: folders of the data by kind, instead of those study.yaml names.
        threads: for DuckDB; None for all cores.
        memory: DuckDB's limit, beyond which it spills to disk.
        progress: told what is being done.

    Raises:
        SpecErrors: specs are wrong; found before data are read.
        InputErrors: the data stop the run.
    """
    out = out or folder / "output"
    timer = Timer()
    with lock_folder(out):
        progress("reading specs")
        with timer.step("specs"):
            specs = read_specs(folder)
            inputs = inputs_of(specs, data_folders(specs, data))
        progress("checking specs")
        with timer.step("lint"):
            lint(specs, inputs)
            report_specs = read_report(specs)
        progress(f"building {', '.join(specs.datasets)}")
        with timer.step("build"):
            built = build(specs, inputs, threads=threads, memory=memory)
        progress("checking data")
        with timer.step("check"):
            report = check_datasets(built.datasets, suites=suites_of(specs))
            report = Report(in_order((*built.issues, *report.issues)), report.looked_at, report.gates_broken)
        return _write(specs, report_specs, inputs, built, report, out, timer, progress)


def _write(
    specs: Specs,
    report_specs: ReportSpecs,
    inputs: Inputs,
    built: Built,
    report: Report,
    out: Path,
    timer: Timer,
    progress: Progress,
) -> RunResult:
    created = created_at(specs)
    write_issues(report.issues, out / "issues")
    _stop_at_gates(report)
    progress("writing datasets")
    written: list[Path] = [out / "issues" / "issues.json", out / "issues" / "issues.parquet"]
    with timer.step("write datasets"):
        for dataset in built.datasets.values():
            written += write_dataset(dataset, specs, out, created)
        for form, keys in built.raw_keys.items():
            path = out / "lineage" / f"{form}.parquet"
            assert isinstance(keys, pa.Table)
            write_parquet(keys, path)
            written.append(path)
    progress("making outputs")
    with timer.step("outputs"):
        documents = make_outputs(
            report_specs, built.datasets, out, created, report_status(specs, report.issues), progress
        )
    written += documents.files
    if documents.issues:
        report = Report(in_order((*report.issues, *documents.issues)), report.looked_at, report.gates_broken)
        write_issues(report.issues, out / "issues")
    write_record(specs, inputs, built, report, out, written, timer.seconds)
    return RunResult(out, built.datasets, report, documents.outputs, len(written), exit_code_of(specs, report.issues))


def report_status(specs: Specs, issues: tuple[Issue, ...]) -> str:
    """What the documents say they are.

    Raises:
        InputError: the study says FINAL while errors are open.
    """
    errors = sum(issue.severity == Severity.ERROR for issue in issues)
    if str(specs.study.status) == "FINAL" and errors:
        raise InputError(
            f"the report is declared FINAL while {errors} errors are open",
            where=specs.study.status.where or "study.yaml",
            mend="resolve the errors in issues/issues.json, or say status: DRAFT",
        )
    return str(specs.study.status)


def write_dataset(dataset: Dataset, specs: Specs, out: Path, created: datetime) -> list[Path]:
    """Writes one dataset: Parquet and lineage always, XPT where it is delivered and has records."""
    paths = [out / "data" / f"{dataset.name}.parquet", out / "lineage" / f"{dataset.name}.parquet"]
    write_parquet(dataset.frame, paths[0])
    write_parquet(dataset.lineage, paths[1])
    delivered = dataset.name not in specs.datasets or specs.datasets[dataset.name].output
    if delivered and dataset.frame.num_rows:
        paths.append(out / dataset.stage / f"{dataset.name.lower()}.xpt")
        write_xpt(dataset, paths[-1], created)
    return paths


def _stop_at_gates(report: Report) -> None:
    """A dataset whose structure is broken does not leave its stage; nothing is written then."""
    errors: list[Sdtm2adamError] = [
        InputError(
            f"{issue.text} ({issue.records:,} records; first: {'; '.join(issue.keys[:2])})",
            where=f"{issue.dataset}.{issue.variable}".rstrip("."),
            mend="correct the data or the spec; the other issues are in issues/issues.json",
        )
        for issue in report.issues
        if (issue.dataset, issue.rule) in set(report.gates_broken)
    ]
    if errors:
        raise InputErrors(errors)


def exit_code_of(specs: Specs, issues: tuple[Issue, ...]) -> int:
    """1 if an issue weighs as much as `fail_at`, else 0."""
    order = [Severity.NOTE, Severity.WARNING, Severity.ERROR]
    limit = order.index(Severity(str(specs.study.fail_at)))
    return int(any(order.index(issue.severity) >= limit for issue in issues))
