"""What check looks at: the datasets of a study, built here, or datasets that somebody made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sdtm2adam.build.study import Built, build
from sdtm2adam.errors import UsageError
from sdtm2adam.model import Dataset, Issue, Severity
from sdtm2adam.pipeline.datasets import write_transport
from sdtm2adam.pipeline.drift import Drift, compare_transfers
from sdtm2adam.pipeline.folder import DataFolders, data_folders, folder_issues, inputs_of
from sdtm2adam.pipeline.lint import check_specs, suites_of, unchecked_lists
from sdtm2adam.pipeline.package import is_package, read_package
from sdtm2adam.pipeline.settings import FINAL, Settings, read_settings
from sdtm2adam.spec.codelists import Terminology
from sdtm2adam.spec.library import Specs, read_specs
from sdtm2adam.spec.report import Report as ReportSpec
from sdtm2adam.validate.examine import Checks, read_checks
from sdtm2adam.validate.expectation import Suite
from sdtm2adam.validate.life import Accepted, read_accepted

Progress = Callable[[str], None]
_EPOCH = datetime(1980, 1, 1)
_SYNTHETIC_FILE = "SYNTHETIC.txt"
"""The file that the simulator puts beside its data."""


@dataclass(frozen=True)
class ToCheck:
    """What is checked: datasets, whoever made them, and what is known of them."""

    datasets: Mapping[str, Dataset]
    name: str
    checks: Checks
    raw: Mapping[str, pa.Table] = field(default_factory=dict)
    raw_keys: Mapping[str, Any] = field(default_factory=dict)
    raw_files: Mapping[str, Path] = field(default_factory=dict)
    cut: str = ""
    marks: tuple[str, ...] = ()
    fail_at: Severity = Severity.ERROR
    created: datetime = _EPOCH
    terminology: Terminology | None = None
    suites: tuple[Suite, ...] | None = None
    accepted: Accepted = field(default_factory=Accepted)
    files: Mapping[str, Path] = field(default_factory=dict)
    defines: tuple[Path, ...] = ()
    issues: tuple[Issue, ...] = ()
    drift: Drift | None = None
    specs: Specs | None = None
    report: ReportSpec | None = None


def what_to_check(folder: Path, data: Mapping[str, str], progress: Progress) -> ToCheck:
    """The data of a study folder, or of a folder of datasets without study.yaml.

    Raises:
        SpecErrors: specs are wrong.
        InputErrors: the data stop the build, or cannot be read.
        UsageError: `data` names what there is not, or the folder has neither study.yaml nor datasets.
    """
    no_study = not (folder / "study.yaml").is_file()
    if is_package(folder) or (no_study and {"sdtm", "adam"} & set(data)):
        return of_package(folder, data, progress)
    if no_study and folder.is_dir():
        mend = "name a study folder or one with .xpt or .parquet files, or make a study: sdtm2adam new DIR"
        raise UsageError("has neither study.yaml nor datasets", where=str(folder), mend=mend)
    return of_study(folder, data, progress)


def of_study(folder: Path, data: Mapping[str, str], progress: Progress) -> ToCheck:
    """A study, its datasets built."""
    progress("reading and checking specs")
    specs = read_specs(folder)
    settings = read_settings(specs)
    folders = data_folders(specs, data)
    inputs = inputs_of(specs, folders)
    report = check_specs(specs, inputs).report
    checks = read_checks(specs.folder)
    read_accepted(specs.folder)
    drift = compare_transfers(specs, folders.previous, inputs, progress) if folders.previous is not None else None
    if drift is not None:
        drift.refuse()
    progress("building datasets")
    built = build(specs, inputs, keep_raw=True)
    return case_of(specs, settings, folders, built, checks, drift, inputs.raw, report)


def case_of(
    specs: Specs,
    settings: Settings,
    folders: DataFolders,
    built: Built,
    checks: Checks,
    drift: Drift | None,
    raw_files: Mapping[str, Path],
    report: ReportSpec | None,
) -> ToCheck:
    """A study that has been built, as what is checked; without `raw_files` its raw forms are not looked at again."""
    found = (*built.issues, *built.coverage, *folder_issues(specs, folders, built.raw_rows), *unchecked_lists(specs))
    synthetic = folders.raw is not None and (folders.raw / _SYNTHETIC_FILE).is_file()
    marks = ((settings.status,) if settings.status != FINAL else ()) + (("SYNTHETIC",) if synthetic else ())
    return ToCheck(
        built.datasets, str(specs.study.study), checks, built.raw, built.raw_keys, raw_files,
        str(specs.study.cutoff or ""), marks, settings.fail_at, settings.created, specs.terminology, suites_of(specs),
        read_accepted(specs.folder),
        issues=found, drift=drift, specs=specs, report=report,
    )  # fmt: skip


def of_package(folder: Path, data: Mapping[str, str], progress: Progress) -> ToCheck:
    """Datasets without a study: those of the folder, or of the folders that `--data` names."""
    progress("reading datasets")
    for kind in data:
        if kind not in ("sdtm", "adam"):
            raise UsageError(
                f"--data {kind}=...: there is no study", where=str(folder), mend="say sdtm=DIR or adam=DIR"
            )
    package = read_package({kind: Path(place) for kind, place in data.items()} or {"": folder})
    return ToCheck(
        package.datasets, study_of(package.datasets), read_checks(folder), cut=folder.resolve().name,
        accepted=read_accepted(folder), files=package.files, defines=package.defines, issues=package.issues,
    )  # fmt: skip


def study_of(datasets: Mapping[str, Dataset]) -> str:
    """The STUDYID of DM, else of ADSL, else of all datasets; of several, all of them; empty where there is none."""
    having = {name: one for name, one in datasets.items() if "STUDYID" in one.frame.column_names}
    named = [having[name] for name in ("DM", "ADSL") if name in having][:1] or list(having.values())
    values = {value for one in named for value in pc.unique(one.frame["STUDYID"]).to_pylist() if value}
    return ", ".join(sorted(map(str, values)))


def transport_files(case: ToCheck, place: Path) -> dict[str, Path]:
    """The transport files of a study, written for the checks of files and for CORE."""
    for dataset in case.datasets.values():
        if case.specs is not None:
            write_transport([dataset], case.specs, place, case.created)
    return {path.stem.upper(): path for path in sorted(place.rglob("*.xpt"))}
