"""A folder of datasets that somebody made, XPT or Parquet, described by their files and by the standard."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from sdtm2adam.errors import InputError, InputErrors, Sdtm2adamError
from sdtm2adam.files.parquet import read_parquet
from sdtm2adam.files.xpt import read_xpt, read_xpt_names, read_xpt_variables
from sdtm2adam.model import Dataset, Issue, Severity, Variable
from sdtm2adam.spec import standards
from sdtm2adam.spec.codelists import Terminology
from sdtm2adam.spec.packages import bundled_terminology
from sdtm2adam.spec.standards import VariableFact

UNREADABLE = "file-unreadable"
"""The rule of an issue that tells of a file that cannot be read."""
_ENDINGS = (".xpt", ".parquet")
UNREAD = "file-not-read"
"""The rule of an issue that tells of a dataset in a format that is not read here."""
_OTHER_ENDINGS = (".csv", ".sas7bdat", ".cpt", ".xlsx", ".json", ".ndjson", ".zip", ".gz")
_SHELVES = {"sdtm": "sdtm", "adam": "adam", "tabulations": "sdtm", "analysis": "adam", "datasets": ""}
_KEYS = {
    "DM": ("USUBJID",), "ADSL": ("USUBJID",), "TS": ("TSPARMCD", "TSSEQ"), "TA": ("ARMCD", "TAETORD"),
    "TE": ("ETCD",), "TV": ("ARMCD", "VISITNUM"), "TI": ("IETESTCD", "TIVERS"), "SV": ("USUBJID", "VISITNUM"),
    "RELREC": ("RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "RELID"), "CO": ("USUBJID", "COSEQ"),
}  # fmt: skip
_SUPP_KEYS = ("USUBJID", "RDOMAIN", "IDVAR", "IDVARVAL", "QNAM")


@dataclass(frozen=True)
class Package:
    """The datasets of a folder, by name, their files, define.xml, and an issue for each file that cannot be read."""

    datasets: dict[str, Dataset]
    files: dict[str, Path]
    defines: tuple[Path, ...] = ()
    issues: tuple[Issue, ...] = ()


def is_package(folder: Path) -> bool:
    """Whether a folder holds datasets and no study."""
    return not (folder / "study.yaml").is_file() and next(_files(folder), None) is not None


def read_package(folders: Mapping[str, Path], *, terminology: Terminology | None = None) -> Package:
    """The datasets of folders that somebody made.

    A dataset is named by its file. Its stage is that of its folder (`sdtm`, `adam`), else ADaM where its name begins
    with AD. Labels, types and lengths are those of the file, all else is what the standard says of the variable; so
    are the labels of a Parquet file that has none.

    Args:
        folders: by stage, or one of no stage ('') whose datasets tell theirs.
        terminology: for the terms of codelists; by default the bundled packages.

    Raises:
        InputErrors: there is no dataset at all, or one stands twice.
    """
    known = terminology or bundled_terminology()
    datasets: dict[str, Dataset] = {}
    files: dict[str, Path] = {}
    errors: list[Sdtm2adamError] = []
    unreadable: list[InputError] = []
    defines: list[Path] = []
    for stage, folder in sorted(folders.items()):
        for path, own in _files(folder):
            name = path.stem.upper()
            if name in files:
                mend = "keep the one that is right; none is preferred"
                errors.append(
                    InputError(f"{name} is there twice: {files[name]} and {path}", where=str(folder), mend=mend)
                )
                continue
            files[name] = path
            try:
                datasets[name] = _dataset(path, stage or own or _stage(name), known)
            except InputErrors as several:
                unreadable += [one for one in several.errors if isinstance(one, InputError)]
            except InputError as error:
                unreadable.append(error)
        defines += [path for path in _defines(folder) if path not in defines]
    if not files:
        where = ", ".join(map(str, folders.values()))
        errors.append(InputError("holds no .xpt or .parquet file", where=where, mend="name the folder of the datasets"))
    if errors:
        raise InputErrors(errors)
    if not datasets:
        raise InputErrors(unreadable)
    told = (*map(_issue, unreadable), *(one for folder in folders.values() for one in _unread(folder, files)))
    return Package(dict(sorted(datasets.items())), files, tuple(defines), tuple(dict.fromkeys(told)))


def _unread(folder: Path, files: Mapping[str, Path]) -> Iterator[Issue]:
    """Files that are called like a dataset, which no file that can be read holds."""
    known = standards.sdtm_datasets()
    for path in sorted(folder.iterdir()):
        name = path.name.partition(".")[0].upper()
        called = name in known or re.fullmatch(r"AD[A-Z0-9]{2,6}|SUPP[A-Z0-9]{2,4}", name)
        if path.is_file() and path.suffix.lower() in _OTHER_ENDINGS and called and name not in files:
            text = f"{path.name} is not read, and nothing of it is checked; to mend: give it as .xpt or .parquet"
            yield Issue(name, UNREAD, Severity.WARNING, text, records=0, source=str(path))
        elif path.is_dir() and path.name.lower() in _SHELVES:
            yield from _unread(path, files)


def _issue(error: InputError) -> Issue:
    """A file that cannot be read: the others are judged all the same."""
    name = Path(error.where.partition(":")[0]).stem.upper() or "STUDY"
    return Issue(
        name, UNREADABLE, Severity.ERROR, f"{error.what}; to mend: {error.mend}", records=0, source=error.where
    )


def _defines(folder: Path) -> list[Path]:
    """The define.xml of a folder and of its shelves."""
    shelves = [inner for inner in sorted(folder.iterdir()) if inner.is_dir() and inner.name.lower() in _SHELVES]
    here = [path for path in (folder / "define.xml",) if path.is_file()]
    return [*here, *(path for inner in shelves for path in _defines(inner))]


def _files(folder: Path) -> Iterator[tuple[Path, str]]:
    """The data files of a folder and of its shelves, each with the stage of its shelf."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.is_file() and path.suffix.lower() in _ENDINGS:
            yield path, ""
        elif path.is_dir() and path.name.lower() in _SHELVES:
            for inner, own in _files(path):
                yield inner, own or _SHELVES[path.name.lower()]


def _stage(name: str) -> str:
    return "adam" if name.startswith("AD") else "sdtm"


def _dataset(path: Path, stage: str, known: Terminology) -> Dataset:
    name = path.stem.upper()
    frame, label, declared = _read(path, stage)
    klass = _class(name, frame) if stage == "adam" else ""
    variables = tuple(_described(one, _fact(name, stage, klass, one.name), known) for one in declared)
    if path.suffix.lower() != ".xpt" and not any(one.label for one in declared):
        known_facts = (_fact(name, stage, klass, one.name) for one in declared)
        variables = tuple(
            replace(one, label=said.label if said else "") for one, said in zip(variables, known_facts, strict=True)
        )
    known_datasets = standards.sdtm_datasets()
    home = name if name in known_datasets or name.startswith("SUPP") else name[:2]
    fact = known_datasets.get(home) if stage == "sdtm" else None
    long_name, structure = standards.ADAM_CLASSES.get(
        klass, (fact.klass if fact else "", fact.structure if fact else "")
    )
    keys = _keys(name, stage, frame)
    return Dataset(
        name, label, stage, long_name, structure, keys, variables, frame, pa.table({}),
        per_subject="USUBJID" in frame.column_names,
    )  # fmt: skip


def _read(path: Path, stage: str) -> tuple[pa.Table, str, tuple[Variable, ...]]:
    """The records of a file, the label of the dataset, and what the file says of each variable."""
    if path.suffix.lower() == ".xpt":
        return read_xpt(path, fallback="cp1252"), read_xpt_names(path)[1], read_xpt_variables(path)
    frame = _with_types(_columns_that_can_be(path, read_parquet(path)), path.stem.upper(), stage)
    said = {key.decode(): value.decode() for key, value in (frame.schema.metadata or {}).items()}
    variables = tuple(
        Variable(field.name, (field.metadata or {}).get(b"label", b"").decode(), _type(field.type))
        for field in frame.schema
    )
    return frame, said.get("label", ""), variables


def _columns_that_can_be(path: Path, frame: pa.Table) -> pa.Table:
    """The table, if its columns can be variables.

    Raises:
        InputError: it has no column, two of one name (capitals apart), or one of a type that no variable has.
    """
    names, types = frame.column_names, frame.schema.types
    mend = "write it again with one column for each variable: text, number, date, datetime or time"
    if not names:
        raise InputError("the file has no columns", where=str(path), mend=mend)
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise InputError(f"two columns are called {twice}", where=str(path), mend=mend)
    first: dict[str, str] = {}
    for name in names:
        if (other := first.setdefault(name.upper(), name)) != name:
            what = f"columns {other} and {name} differ in capitals only, which no variables may"
            raise InputError(what, where=str(path), mend="keep the one that is right; none is preferred")
    for name, kind in zip(names, types, strict=True):
        inner = kind.value_type if pa.types.is_dictionary(kind) else kind
        if pa.types.is_nested(inner) or pa.types.is_binary(inner) or pa.types.is_large_binary(inner):
            raise InputError(f"column {name} holds {kind}, which is no type of a variable", where=str(path), mend=mend)
    for name in names:
        try:
            frame[name].validate(full=True)
        except pa.ArrowInvalid as error:
            what = f"column {name} holds what is no value of its type ({error})"
            raise InputError(what, where=str(path), mend="write the file again, its texts in UTF-8") from error
    return frame


def _with_types(frame: pa.Table, name: str, stage: str) -> pa.Table:
    """Columns without a type, since no record has a value, are of the type that the standard gives them, else texts."""
    klass = _class(name, frame) if stage == "adam" else ""

    def typed(one: pa.Field) -> pa.Field:
        if not pa.types.is_null(one.type):
            return one
        fact = _fact(name, stage, klass, one.name)
        return one.with_type(pa.float64() if fact is not None and fact.numeric else pa.string())

    return frame.cast(pa.schema([typed(one) for one in frame.schema], frame.schema.metadata))


def _type(kind: pa.DataType) -> str:
    if pa.types.is_integer(kind):
        return "integer"
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return "float"
    if pa.types.is_timestamp(kind):
        return "datetime"
    if pa.types.is_time(kind):
        return "time"
    return "date" if pa.types.is_date(kind) else "text"


def _class(name: str, frame: pa.Table) -> str:
    """The class of an analysis dataset by the variables it must have."""
    columns = set(frame.column_names)
    if name == "ADSL":
        return "ADSL"
    if "PARAMCD" in columns and columns & {"AVAL", "AVALC"}:
        return "BDS"
    ends = {column[2:] for column in columns if len(column) > 2}
    return "OCCDS" if ends & {"TERM", "DECOD", "TRT"} else "OTHER"


def _fact(name: str, stage: str, klass: str, variable: str) -> VariableFact | None:
    if stage == "adam":
        return standards.adam_variable(klass, variable)
    if name.startswith("SUPP"):
        return standards.sdtm_variables().get(("SUPPQUAL", variable))
    return standards.sdtm_variable(name if name in standards.sdtm_datasets() else name[:2], variable)


def _described(variable: Variable, fact: VariableFact | None, known: Terminology) -> Variable:
    """A variable with what the standard says of it."""
    if fact is None:
        return variable
    lists = known.of(fact.codelists)
    whole = bool(lists) and len(lists) == len(fact.codelists) and all(one.whole for one in lists)
    terms = (*(term for one in lists for term in one.terms), *fact.values) if whole else ()
    return Variable(
        variable.name, variable.label, variable.type, variable.length, variable.format,
        codelist=" ".join(one.code for one in lists), terms=terms,
        extensible=not lists or any(one.extensible for one in lists),
        package=" and ".join(dict.fromkeys(one.package for one in lists)), core=fact.core, role=fact.role,
    )  # fmt: skip


def _keys(name: str, stage: str, frame: pa.Table) -> tuple[str, ...]:
    """The variables that name a record, where the standard says them; empty where nobody does."""
    columns = frame.column_names
    if name in _KEYS:
        return tuple(key for key in _KEYS[name] if key in columns)
    if name.startswith("SUPP"):
        return tuple(key for key in _SUPP_KEYS if key in columns)
    own = f"{name[:2]}SEQ" if stage == "sdtm" else "ASEQ" if "ASEQ" in columns else f"{name.removeprefix('AD')[:2]}SEQ"
    return ("USUBJID", own) if {"USUBJID", own} <= set(columns) else ()
