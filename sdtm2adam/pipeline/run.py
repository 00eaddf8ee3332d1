"""run: brings the whole output of a study up to date, from its data to its documents."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from sdtm2adam.build.study import Built, Inputs, build
from sdtm2adam.errors import InputError, InputErrors, Sdtm2adamError
from sdtm2adam.files.lock import lock_folder
from sdtm2adam.files.parquet import write_parquet
from sdtm2adam.files.xpt import write_xpt
from sdtm2adam.model import Dataset, Issue, Severity
from sdtm2adam.pipeline.drift import Drift, compare_transfers, write_listing
from sdtm2adam.pipeline.folder import check_out, data_folders, folder_issues, inputs_of
from sdtm2adam.pipeline.lengths import with_lengths
from sdtm2adam.pipeline.lint import check_specs, suites_of, unchecked_lists
from sdtm2adam.pipeline.outputs import ReportSpecs, make_outputs
from sdtm2adam.pipeline.record import write_record
from sdtm2adam.pipeline.settings import Settings, read_settings
from sdtm2adam.pipeline.staging import publish, staged
from sdtm2adam.pipeline.transport import for_transport
from sdtm2adam.spec.library import Specs, read_specs
from sdtm2adam.validate.report import in_order, summarise_report, write_issues
from sdtm2adam.validate.run import Report, check_datasets

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
        drift = None
        if folders.previous is not None:
            with timer.step("compare"):
                drift = compare_transfers(specs, folders.previous, inputs, progress)
            drift.refuse()
        progress(f"building {', '.join(specs.datasets)}")
        with timer.step("build"):
            built = build(specs, inputs, threads=threads, memory=memory)
        progress("checking data")
        with timer.step("check"):
            report = check_datasets(built.datasets, suites=suites_of(specs))
            found = (*built.issues, *built.coverage, *folder_issues(specs, folders, built.raw_rows))
            report = with_drift(with_issues(report, *found, *unchecked_lists(specs)), drift)
        return _write(specs, settings, report_specs, inputs, built, report, drift, out, timer, progress)


def _write(
    specs: Specs,
    settings: Settings,
    report_specs: ReportSpecs,
    inputs: Inputs,
    built: Built,
    report: Report,
    drift: Drift | None,
    out: Path,
    timer: Timer,
    progress: Progress,
) -> RunResult:
    _stop_at_gates(report, out)
    _refuse_final(specs, settings, report, out)
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
        report = with_issues(report, *replaced, *documents.issues)
        _refuse_final(specs, settings, report, out)
        write_issues(report.issues, stage / "issues")
        if drift is not None:
            write_listing(drift.listing, stage / "issues")
        previous = drift.files if drift is not None else {}
        files = write_record(specs, inputs, built, report, stage, timer.seconds, previous)
        publish(stage, out)
    return RunResult(out, built.datasets, report, documents.outputs, files, settings.exit_code(report.issues))


_TERM = "codelist"
_MOST_NAMED = 3
"""How many open errors are named where a report is refused."""


def with_issues(report: Report, *issues: Issue) -> Report:
    """A report with more issues, in the order of all; a term the engine could not map is not told again as no term."""
    unmapped = {(one.dataset, one.variable, one.value) for one in issues if one.rule == "codelist-unmapped"}
    found = [
        one for one in report.issues if (one.dataset, one.variable, one.value) not in unmapped or one.rule != _TERM
    ]
    return Report(in_order((*issues, *found)), report.looked_at, report.gates_broken)


def with_drift(report: Report, drift: Drift | None) -> Report:
    """A report with what has changed since the previous transfer; what the build told as well is told once."""
    if drift is None:
        return report
    told = {(issue.dataset, issue.rule, issue.variable) for issue in report.issues}
    new = [issue for issue in drift.issues if (issue.dataset, issue.rule, issue.variable) not in told]
    return with_issues(report, *new)


def _refuse_final(specs: Specs, settings: Settings, report: Report, out: Path) -> None:
    """A report declared FINAL is not written while errors are open; they are told, and the last outputs stay."""
    errors = [issue for issue in report.issues if issue.severity == Severity.ERROR]
    if settings.status != "FINAL" or not errors:
        return
    write_issues(report.issues, out / "issues")
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


def write_dataset(dataset: Dataset, specs: Specs, out: Path, created: datetime) -> list[Issue]:
    """Writes one dataset for itself: Parquet and lineage always, XPT where it is delivered and has records."""
    write_data(dataset, out)
    return write_transport([dataset], specs, out, created)


def write_data(dataset: Dataset, out: Path) -> None:
    """Writes one dataset and its lineage as Parquet."""
    write_parquet(dataset.frame, out / "data" / f"{dataset.name}.parquet")
    write_parquet(dataset.lineage, out / "lineage" / f"{dataset.name}.parquet")
    if dataset.edges is not None:
        write_parquet(dataset.edges, out / "lineage" / f"{dataset.name}.edges.parquet")


def write_transport(datasets: Iterable[Dataset], specs: Specs, out: Path, created: datetime) -> list[Issue]:
    """Writes the XPT files of those that are delivered and have records; what a file has otherwise than the data.

    Raises:
        InputErrors: what the format does not hold.
    """
    delivered = [for_transport(dataset) for dataset in datasets if _is_delivered(dataset, specs)]
    files, issues = with_lengths(dataset for dataset, _ in delivered)
    for dataset in files:
        write_xpt(dataset, out / dataset.stage / f"{dataset.name.lower()}.xpt", created)
    return [*(issue for _, replaced in delivered for issue in replaced), *issues]


def _is_delivered(dataset: Dataset, specs: Specs) -> bool:
    spec = specs.datasets.get(dataset.name) or specs.datasets.get(dataset.name.removeprefix("SUPP"))
    return (spec is None or spec.output) and dataset.frame.num_rows > 0


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
