"""The study folder: where its data lie, what may lie outside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from sdtm2adam.build.study import Inputs
from sdtm2adam.errors import InputError, SpecError, SpecErrors, UsageError, nearest
from sdtm2adam.model import Issue, Severity
from sdtm2adam.pipeline.staging import SHELVES
from sdtm2adam.spec.library import Specs
from sdtm2adam.spec.reading import ENDINGS, file_kind
from sdtm2adam.spec.study import Contract

DATA = ("raw", "sdtm", "previous")
_DATA_FILES = {*ENDINGS, ".xls", ".xlsb"} - {".txt"}
"""Endings of files that hold data; text files are mostly notes."""


@dataclass(frozen=True)
class DataFolders:
    """The folders with the data of a run; None where the study has none of the kind.

    `previous` holds the raw files of the transfer before.
    """

    raw: Path | None
    sdtm: Path | None
    previous: Path | None = None


def data_folders(specs: Specs, said: Mapping[str, str] = {}) -> DataFolders:
    """The data folders: `--data NAME=DIR` before study.yaml, before `raw/` of the study folder.

    Raises:
        UsageError: `--data` names another kind of data.
        InputError: a folder that was named is not there.
    """
    for name in said:
        if name not in DATA:
            raise UsageError(f"--data {name}=...: no such kind of data", where="--data", mend=nearest(name, DATA))
    raw = _folder(specs, "raw", said.get("raw"), specs.study.data.raw)
    if raw is None and specs.shelf != specs.folder and (specs.folder / "raw").is_dir():
        raw = _nameable((specs.folder / "raw").resolve())
    sdtm = _folder(specs, "sdtm", said.get("sdtm"), specs.study.data.sdtm)
    return DataFolders(raw, sdtm, _previous(specs, said.get("previous"), raw))


def _previous(specs: Specs, said: str | None, raw: Path | None) -> Path | None:
    """The folder of the previous transfer: another one than that of this transfer.

    Raises:
        UsageError: it is the same.
    """
    previous = _folder(specs, "previous", said, specs.study.data.previous)
    if previous is not None and previous == raw:
        where = f"--data previous={said}" if said is not None else "study.yaml: data: previous"
        mend = "name the folder of the transfer before this one; keep each transfer in a folder of its own"
        raise UsageError("the previous transfer is the one that is read", where=where, mend=mend)
    return previous


def _folder(specs: Specs, kind: str, said: str | None, declared: str | None) -> Path | None:
    if said is None and declared is None:
        return None
    path = Path(said) if said is not None else specs.folder / str(declared)
    if not path.is_dir():
        where = f"--data {kind}={said}" if said is not None else f"study.yaml: data: {kind}: {declared}"
        raise InputError("this folder is not there", where=where, mend=f"correct it, or run with --data {kind}=DIR")
    return _nameable(path.resolve())


def _nameable(path: Path) -> Path:
    """The engine takes paths as Unicode text; one with bytes that the locale cannot read is told at once."""
    try:
        str(path).encode("utf-8")
    except UnicodeEncodeError as error:
        mend = "rename it, or set the locale to UTF-8 (LC_ALL=C.UTF-8)"
        raise UsageError(
            "the name of this folder is no text in the locale", where=ascii(str(path)), mend=mend
        ) from error
    return path


def inputs_of(specs: Specs, folders: DataFolders) -> Inputs:
    """The files of the data folders, by form and by dataset.

    Raises:
        SpecErrors: a contract names a file elsewhere, or a file has two contracts.
        InputError: a link leads out of the folder, or two files are the same form or dataset.
    """
    _check_names(specs)
    raw = raw_files(specs, folders.raw) if folders.raw is not None else {}
    return Inputs(raw, _sdtm_files(folders.sdtm) if folders.sdtm else {}, folders.raw)


def raw_files(specs: Specs, folder: Path) -> dict[str, Path]:
    """The files of a raw folder that contracts name, by form.

    Raises:
        InputError: a link leads out of the folder, or two files are the same form.
    """
    found = {form: _raw_file(folder, form, contract) for form, contract in specs.contracts.items()}
    return {form: path for form, path in found.items() if path is not None}


def _check_names(specs: Specs) -> None:
    """A contract names a file of the raw folder, never one elsewhere; and a file has one contract."""
    errors: list[SpecError] = []
    seen: dict[tuple[str, str], str] = {}
    for contract in specs.contracts.values():
        parts = PurePosixPath(str(contract.file).replace("\\", "/")).parts
        where = contract.file.where or "specs/raw"
        if not parts or parts[0] == "/" or ".." in parts or ":" in parts[0]:
            mend = "write the name of a file in the raw folder; another folder is named with --data raw=DIR"
            errors.append(
                SpecError(f"file: {str(contract.file)!r} leads out of the raw folder", where=where, mend=mend)
            )
        elif (first := seen.setdefault((str(contract.file).lower(), contract.read.part), where)) != where:
            mend = "keep one contract for each file, or for each sheet or group of a file that has several"
            errors.append(SpecError(f"file: {contract.file!s} has another contract at {first}", where=where, mend=mend))
    if errors:
        raise SpecErrors(errors)


def _raw_file(folder: Path, form: str, contract: Contract) -> Path | None:
    """The file that a contract names, or the same form as Parquet; never one of two."""
    names = dict.fromkeys((str(contract.file), _as_parquet(form, contract)))
    found = [path for other in names if (path := _inside(folder, other))]
    if len(found) > 1:
        what = f"{found[0].name} and {found[1].name} are the same form"
        raise InputError(what, where=str(folder), mend="keep the one that is right; none is preferred")
    return found[0] if found else None


def _as_parquet(form: str, contract: Contract) -> str:
    """The name of a form as Parquet: that of its CSV file, else of the form; other files may hold several."""
    return f"{Path(str(contract.file)).stem if file_kind(str(contract.file)) == 'text' else form}.parquet"


def folder_issues(specs: Specs, folders: DataFolders, raw_rows: Mapping[str, int]) -> list[Issue]:
    """Warnings for data files that no contract names, and for forms without any record: both are easily lost unseen.

    Args:
        specs: of the study.
        folders: of the data.
        raw_rows: records by form (`raw.AE`), of the forms that were read.
    """
    empty = [
        Issue(
            dataset=form,
            rule="raw-file-empty",
            severity=Severity.WARNING,
            records=0,
            text=f"{specs.contracts[form.removeprefix('raw.')].file} has no record that its contract takes",
            source=f"specs/raw/{form.removeprefix('raw.')}.yaml",
        )
        for form, rows in sorted(raw_rows.items())
        if not rows
    ]
    return empty + ([] if folders.raw is None else _unknown_files(specs, folders.raw))


def _unknown_files(specs: Specs, folder: Path) -> list[Issue]:
    known = {str(contract.file) for contract in specs.contracts.values()}
    known |= {_as_parquet(form, contract) for form, contract in specs.contracts.items()}
    return [
        Issue(
            dataset=f"raw.{path.stem}",
            rule="raw-file-new",
            severity=Severity.WARNING,
            text=f"{path.name} is named by no contract; none of its records are submitted",
            source="specs/raw",
        )
        for path in sorted(folder.iterdir())
        if path.suffix.lower() in _DATA_FILES and path.name not in known
    ]


def check_out(out: Path, specs: Specs, folders: DataFolders) -> Path:
    """The output folder, if writing there can neither change nor mix with what the study is made from.

    Raises:
        UsageError: it lies in a data folder or among the specs, or a data folder lies where outputs go.
    """
    place = _nameable(out.resolve())
    for what, folder in (
        ("raw data", folders.raw),
        ("SDTM data", folders.sdtm),
        ("previous transfer", folders.previous),
        ("specs", specs.folder / "specs"),
    ):
        if folder is None:
            continue
        into = place.is_relative_to(folder.resolve())
        over = any(folder.resolve().is_relative_to(place / name) for name in SHELVES)
        if into or over:
            mend = "name another folder with --out; what a run reads is never written to"
            raise UsageError(
                f"outputs would go where the {what} of the study lie ({folder})", where=str(out), mend=mend
            )
    if out.exists() and not out.is_dir():
        raise UsageError("is a file, not a folder", where=str(out), mend="name another folder with --out")
    return out


def _inside(folder: Path, name: str) -> Path | None:
    path = (folder / name).resolve()
    if not path.is_relative_to(folder):
        raise InputError(
            f"{name} is a link that leads out of the raw folder", where=str(folder), mend="put the file itself there"
        )
    return path if path.is_file() else None


def _sdtm_files(folder: Path) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() not in (".parquet", ".xpt") or not path.is_file():
            continue
        name = path.stem.upper()
        if name in found:
            raise InputError(
                f"{found[name].name} and {path.name} are the same dataset", where=str(folder), mend="keep the right one"
            )
        if not path.resolve().is_relative_to(folder):
            raise InputError(
                f"{path.name} leads out of the folder", where=str(folder), mend="replace the link by the file"
            )
        found[name] = path
    if not found:
        raise InputError(
            "holds no .parquet or .xpt file", where=str(folder), mend="name the folder with the SDTM datasets"
        )
    return found
