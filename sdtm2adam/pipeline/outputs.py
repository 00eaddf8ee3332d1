"""The outputs of a study's report: results, displays and documents."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from sdtm2adam.display.check import check_display
from sdtm2adam.errors import Sdtm2adamError, SpecError, SpecErrors
from sdtm2adam.files.parquet import write_parquet
from sdtm2adam.model import Dataset, Display, Issue, Results
from sdtm2adam.pipeline.documents import DocumentWriter
from sdtm2adam.pipeline.kinds import kinds_of
from sdtm2adam.pipeline.report_data import write_report_data
from sdtm2adam.spec.display import load_display_specs
from sdtm2adam.spec.display_plan import DisplaySpec
from sdtm2adam.spec.library import Specs
from sdtm2adam.spec.report import Report, load_report
from sdtm2adam.spec.settings import Naming
from sdtm2adam.submit.ars import ReportParts
from sdtm2adam.tlf.outputs import analyse, lay_out


@dataclass(frozen=True)
class ReportSpecs:
    """What displays share, the outputs, those first that others read, and the settings of the study that they name."""

    report: Report | None
    outputs: dict[str, DisplaySpec]
    settings_used: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Documents:
    """The outputs that were made, their files, and what was found in their texts."""

    outputs: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()
    issues: tuple[Issue, ...] = ()


def read_report(specs: Specs) -> ReportSpecs:
    """The display specs of a study, if it has any; checked before data are read.

    Raises:
        SpecErrors: all that is wrong with them.
    """
    shared = specs.shelf / "report.yaml"
    paths = sorted((specs.shelf / "tlf").glob("*.yaml"))
    if not paths:
        return ReportSpecs(None, {})
    if not shared.is_file():
        mend = "write it beside raw/, sdtm/ and adam/: populations, columns, formats and the page that outputs share"
        raise SpecError(f"there are {len(paths)} specs of outputs and no report.yaml", where=str(shared), mend=mend)
    naming = Naming(specs.study.settings)
    report = load_report(shared, naming)
    _check_study(specs, report)
    found = load_display_specs(paths, report, kinds_of(report, specs.study.packages), naming)
    outputs = _those_read_first(found)
    return ReportSpecs(report, outputs, frozenset(naming.used))


def _those_read_first(found: dict[str, DisplaySpec]) -> dict[str, DisplaySpec]:
    """The outputs by id, but for those that another one reads: they come before it.

    Raises:
        SpecError: two outputs read each other.
    """
    ordered: dict[str, DisplaySpec] = {}

    def put(name: str, readers: tuple[str, ...]) -> None:
        if name in readers:
            what = f"{name} reads numbers of an output that reads {name}"
            raise SpecError(what, where=found[name].text.id.where, mend="let one of them compute its numbers")
        if name not in ordered:
            for other in found[name].reads:
                put(other, (*readers, name))
            ordered[name] = found[name]

    for name in sorted(found):
        put(name, ())
    return ordered


def _check_study(specs: Specs, report: Report) -> None:
    """The page header may not name another study or another cut-off than the data are of."""
    pairs = [("id", report.study.id, "study", specs.study.study)]
    if specs.study.cutoff is not None:
        pairs.append(("cutoff", report.study.cutoff, "cutoff", specs.study.cutoff))
    errors = [
        SpecError(
            f"study: {name}: is {str(said)!r}, and study.yaml says {known}: {str(truth)!r}",
            where=said.where or "report.yaml",
            mend="write the same in both",
        )
        for name, said, known, truth in pairs
        if str(said) != str(truth)
    ]
    if report.study.status == "FINAL" and specs.study.status != "FINAL":
        what, mend = "declares the report FINAL, and the study does not", "say status: FINAL in study.yaml alone"
        errors.append(SpecError(what, where=report.study.id.where or "report.yaml", mend=mend))
    if errors:
        raise SpecErrors(errors)


def report_files(specs: Specs) -> list[Path]:
    """The files the display specs are read from."""
    return [
        path for path in [specs.shelf / "report.yaml", *sorted((specs.shelf / "tlf").glob("*.yaml"))] if path.is_file()
    ]


def make_outputs(
    specs: ReportSpecs,
    datasets: Mapping[str, Dataset],
    out: Path,
    created: datetime,
    status: str,
    progress: Callable[[str], None],
) -> Documents:
    """Makes every output of a report: results, display, RTF, DOCX, HTML, and all of them as one report.

    Args:
        specs: of the report.
        datasets: by name; the ADaM ones are analysed.
        out: the output folder.
        created: the time the documents bear.
        status: DRAFT or FINAL.
        progress: told what is being done.
    """
    if specs.report is None:
        return Documents()
    frames = {name: as_pandas(dataset) for name, dataset in datasets.items() if dataset.stage == "adam"}
    made: dict[str, Results] = {}
    documents = DocumentWriter(out, created, status)
    displays: dict[str, Display] = {}
    files: list[Path] = []
    issues: list[Issue] = []
    for name, spec in specs.outputs.items():
        progress(f"making {spec.text.number}")
        made[name] = analyse(spec, specs.report, frames, made)
        displays[name] = display = lay_out(spec, specs.report, made[name], status=status, created=created)
        issues += check_display(display)
        files += _write_results(made[name], out)
        files += documents.add(display)
    progress("making the report of all outputs")
    files += documents.finish()
    progress("writing the results of the report")
    whole = ReportParts(specs.report, specs.outputs, made, displays, tuple(path.relative_to(out) for path in files))
    more, found = write_report_data(whole, out, created)
    strangers = dict.fromkeys(issue for results in made.values() for issue in results.issues)
    files, issues = [*files, *more], [*strangers, *issues, *found]
    return Documents(tuple(specs.outputs), tuple(files), tuple(issues))


def unknown_variables(specs: ReportSpecs, datasets: Mapping[str, Dataset]) -> list[SpecError]:
    """What outputs read and no dataset has, found by making their results from datasets without records.

    The first fault of each output is told. An output that cannot do without records is told nothing of.
    """
    if specs.report is None:
        return []
    frames = {name: as_pandas(dataset) for name, dataset in datasets.items() if dataset.stage == "adam"}
    made: dict[str, Results] = {}
    errors: list[SpecError] = []
    for name, spec in specs.outputs.items():
        if not set(spec.reads) <= made.keys():
            continue
        try:
            made[name] = analyse(spec, specs.report, frames, made)
        except SpecError as error:
            errors.append(error)
        except Sdtm2adamError:
            continue
    return errors


def make_shells(specs: ReportSpecs, out: Path, created: datetime) -> Documents:
    """Makes the shell of every output of a report; no data are needed.

    Args:
        specs: of the report.
        out: the folder they go to, laid out as that of a run.
        created: the time the documents bear.
    """
    assert specs.report is not None
    documents = DocumentWriter(out, created, "SHELL")
    files: list[Path] = []
    issues: list[Issue] = []
    for spec in specs.outputs.values():
        display = lay_out(spec, specs.report, None, created=created)
        issues += check_display(display)
        files += documents.add(display)
    files += documents.finish()
    return Documents(tuple(specs.outputs), tuple(files), tuple(issues))


def as_pandas(dataset: Dataset) -> Any:
    """A dataset as pandas sees it: texts of the text type, dates as timestamps, missing as missing."""
    return dataset.frame.to_pandas(date_as_object=False)


def _write_results(results: Results, out: Path) -> list[Path]:
    own = results.frame[results.frame["output_id"] == results.output_id]
    paths = [out / "results" / f"{results.output_id}.parquet", out / "results" / f"{results.output_id}.members.parquet"]
    for frame, path in zip((own, results.members), paths, strict=True):
        write_parquet(pa.Table.from_pandas(frame.reset_index(drop=True), preserve_index=False), path)
    return paths
