"""raw compare: the raw data of a study beside those of a previous transfer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sdtm2adam.errors import InputError, UsageError
from sdtm2adam.pipeline.drift import Drift, compare_transfers, write_listing
from sdtm2adam.pipeline.folder import check_out, data_folders, inputs_of
from sdtm2adam.pipeline.settings import read_settings
from sdtm2adam.spec.library import read_specs
from sdtm2adam.validate.report import in_order, write_issues

Progress = Callable[[str], None]


@dataclass(frozen=True)
class CompareResult:
    """What has changed, and the exit code that says how much it weighs."""

    drift: Drift
    previous: Path
    exit_code: int


def raw_compare(
    previous: Path | None,
    study: Path,
    *,
    data: Mapping[str, str] = {},
    out: Path | None = None,
    progress: Progress = lambda _: None,
) -> CompareResult:
    """Compares two transfers of raw data by the contracts of a study; its specs say what depends on what.

    Args:
        previous: the folder of the previous transfer; None for that of study.yaml.
        study: the study folder.
        data: folders of the data by kind, instead of those study.yaml names.
        out: a folder for the issues and the listing of all differences; None to write nothing.
        progress: told what is being done.

    Raises:
        SpecErrors: specs are wrong.
        UsageError: no previous transfer is named, or nothing to compare it with.
        InputError: the folder of the previous transfer is not there.
        InputErrors: files that cannot be read.
    """
    if previous is not None and not previous.is_dir():
        mend = "name the folder with the raw files of the previous transfer"
        raise InputError("this folder is not there", where=str(previous), mend=mend)
    specs = read_specs(study)
    settings = read_settings(specs)
    said = {**data, **({"previous": str(previous)} if previous is not None else {})}
    folders = data_folders(specs, said)
    if folders.previous is None:
        mend = "name its folder: sdtm2adam raw compare PREVIOUS STUDY, or data: {previous: DIR} in study.yaml"
        raise UsageError("no previous transfer is named", where=str(study), mend=mend)
    if folders.raw is None:
        raise UsageError("the study has no raw data", where=str(study), mend="name them with --data raw=DIR")
    place = check_out(out, specs, folders) if out is not None else None
    drift = compare_transfers(specs, folders.previous, inputs_of(specs, folders), progress)
    if place is not None:
        write_issues(in_order(drift.issues), place)
        write_listing(drift.listing, place)
    return CompareResult(drift, folders.previous, settings.exit_code(drift.issues))
