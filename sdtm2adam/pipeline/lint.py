"""lint: all specs of a study, before any data are read: datasets, displays, suites, settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sdtm2adam.build.coverage import coverage_issues
from sdtm2adam.build.named_terms import named_terms
from sdtm2adam.build.study import Inputs, uses_without_data, without_data
from sdtm2adam.build.study import lint as lint_datasets
from sdtm2adam.errors import Sdtm2adamError, SpecError, SpecErrors
from sdtm2adam.model import Issue, Severity
from sdtm2adam.pipeline.folder import data_folders, inputs_of
from sdtm2adam.pipeline.outputs import ReportSpecs, read_report, unknown_variables
from sdtm2adam.pipeline.settings import read_settings
from sdtm2adam.resources import shelf
from sdtm2adam.spec.library import Specs, read_specs
from sdtm2adam.validate.expectation import Suite
from sdtm2adam.validate.suites import read_suites


@dataclass(frozen=True)
class Linted:
    """What was looked at, what a person should know, and columns of contracts that are lost or contradict them."""

    datasets: int
    columns: int
    contracts: int
    outputs: int
    suites: int
    terminology: str = ""
    notes: tuple[Issue, ...] = ()
    issues: tuple[Issue, ...] = ()
    exit_code: int = 0


def lint(folder: Path, *, data: Mapping[str, str] = {}) -> Linted:
    """Checks every spec of a study folder.

    Args:
        folder: the study folder.
        data: folders of the data by kind, instead of those study.yaml names; only names of columns are read.

    Raises:
        SpecErrors: all that is wrong, each with file and line.
    """
    specs = read_specs(folder)
    settings = read_settings(specs)
    inputs = inputs_of(specs, data_folders(specs, data))
    report = check_specs(specs, inputs)
    columns, empty = without_data(specs, inputs)
    if errors := unknown_variables(report, empty):
        raise SpecErrors({error.message: error for error in errors}.values())
    terms = named_terms(specs)
    issues = tuple(coverage_issues(specs, uses_without_data(specs, inputs)))
    return Linted(
        len(specs.datasets),
        columns,
        len(specs.contracts),
        len(report.outputs),
        len(list(study_suites(specs))),
        specs.terminology.shown,
        (*terms.notes, *terms.unchecked, *unused_settings(specs, report)),
        issues,
        settings.exit_code(issues),
    )


def check_specs(specs: Specs, inputs: Inputs) -> ReportSpecs:
    """Checks datasets, suites and displays together; the display specs, for they are needed next.

    Raises:
        SpecErrors: all that is wrong in all of them.
    """
    errors: list[Sdtm2adamError] = [*_strays(specs), *named_terms(specs).errors]
    report = ReportSpecs(None, {})
    try:
        lint_datasets(specs, inputs)
    except SpecError as error:
        errors += _each(error)
    try:
        suites_of(specs)
    except SpecError as error:
        errors += _each(error)
    try:
        report = read_report(specs)
    except SpecError as error:
        errors += _each(error)
    if errors:
        raise SpecErrors({error.message: error for error in errors}.values())  # a format may be wrong for many rows
    return report


def unused_settings(specs: Specs, report: ReportSpecs) -> Iterator[Issue]:
    """A note for each setting that no spec of a dataset or an output names: it decides nothing."""
    for name, setting in sorted(specs.study.settings.items()):
        if name not in specs.settings_used | report.settings_used:
            text = f"the setting {name} is named by no spec, so it decides nothing; write ${name} where it counts"
            yield Issue("STUDY", "setting-unused", Severity.NOTE, text, variable=name, source=setting.text.where)


def unchecked_lists(specs: Specs) -> tuple[Issue, ...]:
    """Notes of codelists that the data cannot be judged by, for no term of them is at hand."""
    return named_terms(specs).unchecked


def _strays(specs: Specs) -> list[SpecError]:
    """Files that look like specs and are read by nobody, and a study without any spec."""
    mend = "name it .yaml, or move it out of the specs; it would be passed over in silence"
    errors = [
        SpecError("is no .yaml file, so it is not read as a spec", where=str(path), mend=mend)
        for name in ("raw", "sdtm", "adam", "tlf")
        for path in sorted((specs.shelf / name).glob("*"))
        if path.suffix.lower() in (".yml", ".yaml", ".json") and path.suffix != ".yaml"
    ]
    if not specs.datasets and not errors:
        mend = f"write specs into {specs.shelf / 'sdtm'} or {specs.shelf / 'adam'}, one file per dataset"
        errors.append(SpecError("the study has no dataset specs", where=str(specs.folder), mend=mend))
    return errors


def suites_of(specs: Specs) -> tuple[Suite, ...]:
    """The suites written by hand: the bundled ones, and the study's own, which win."""
    folders = [shelf("validation") / "suites", specs.folder / "validation" / "suites"]
    return read_suites(*(folder for folder in folders if folder.is_dir()))


def study_suites(specs: Specs) -> list[Path]:
    """The files of the study's own suites."""
    return sorted((specs.folder / "validation" / "suites").glob("*.yaml"))


def _each(error: SpecError) -> tuple[Sdtm2adamError, ...]:
    return error.errors if isinstance(error, SpecErrors) else (error,)
