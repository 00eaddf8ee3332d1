"""Raw files of a folder, the forms in them, and how each is read: the one place of this room that opens one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from sdtm2adam.errors import InputError, Sdtm2adamError
from sdtm2adam.files.faults import unreadable
from sdtm2adam.files.odm.groups import is_odm
from sdtm2adam.files.odm.read import CONTEXT
from sdtm2adam.files.raw_names import original_names, rename_columns
from sdtm2adam.files.raw_table import read_raw
from sdtm2adam.intake.column_names import proposed_names
from sdtm2adam.intake.parts import Part, form_name, parts_of
from sdtm2adam.spec.reading import file_kind

_XML = (".xml", ".odm")
SUFFIXES = (".csv", ".tsv", ".xlsx", ".xlsm", ".xpt", ".sas7bdat", *_XML, ".parquet")
"""The kinds of files that are read."""
_LOCK = "~$"
"""The beginning of the file that Office puts beside one that is open."""
_ALWAYS = frozenset({"SubjectKey"})


@dataclass(frozen=True)
class FoundForm:
    """A form of a raw folder: its file, and which part of it."""

    path: Path
    part: Part


@dataclass(frozen=True)
class FoundFiles:
    """The forms of a raw folder by name, what is no table (files and sheets), and what cannot be read."""

    forms: dict[str, FoundForm]
    others: tuple[Path, ...]
    sheets: tuple[str, ...] = ()
    faults: tuple[Sdtm2adamError, ...] = ()

    @property
    def passed_over(self) -> list[str]:
        """The files and sheets that are no tables, by name."""
        return [*(path.name for path in self.others), *self.sheets]


@dataclass(frozen=True)
class FormRead:
    """A form as texts under the names of its contract, these names for those of the file, and what its reader found."""

    frame: pa.Table
    names: dict[str, str]
    notes: tuple[str, ...]


def find_raw_files(folder: Path) -> FoundFiles:
    """The forms in the raw files of a folder, in the order of their names.

    Two parts of files that have the same name are called by their files too.

    Raises:
        InputError: the folder cannot be read, holds no raw file, or two files are the same form.
    """
    try:
        files = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    except OSError as error:
        raise unreadable(folder, error) from error
    found, others, sheets, faults = _look_into(files)
    if not found and not faults:
        what = f"holds no raw file ({', '.join(SUFFIXES)})"
        raise InputError(what, where=str(folder), mend="name the folder with the files of the transfer")
    return FoundFiles(_by_name(found, folder), tuple(others), tuple(sheets), tuple(faults))


def _look_into(files: Sequence[Path]) -> tuple[list[FoundForm], list[Path], list[str], list[Sdtm2adamError]]:
    """The forms in some files, the files that are no tables, the sheets that are none, and what cannot be read."""
    found: list[FoundForm] = []
    others: list[Path] = []
    sheets: list[str] = []
    faults: list[Sdtm2adamError] = []
    for path in files:
        try:
            if not _is_raw(path):
                others.append(path)
                continue
            parts = parts_of(path)
        except InputError as error:
            faults.append(error)
            continue
        found += [FoundForm(path, part) for part in parts.forms]
        sheets += parts.passed
        faults += parts.faults
    return found, others, sheets, faults


def forms_of_name(files: Sequence[Path], names: Collection[str]) -> tuple[list[FoundForm], list[str]]:
    """The forms in some files that have one of these names, and the files that cannot be read."""
    found, _, _, faults = _look_into(files)
    unread = [file.name for file in files if any(str(file) in str(fault.where) for fault in faults)]
    return [form for form in found if form.part.name in names], unread


def _is_raw(path: Path) -> bool:
    """Whether a file is one that is read; XML of another kind than ODM is not."""
    suffix = path.suffix.lower()
    return suffix in SUFFIXES and not path.name.startswith(_LOCK) and (suffix not in _XML or is_odm(path))


def _by_name(found: list[FoundForm], folder: Path) -> dict[str, FoundForm]:
    many = Counter(form.part.name for form in found)
    forms: dict[str, FoundForm] = {}
    for form in found:
        name = form.part.name
        if many[name] > 1 and form.part.several:
            name = form_name(f"{form.path.stem}_{form.part.read.part}")
        if (first := forms.get(name)) is not None:
            what = f"{_said(first)} and {_said(form)} are the same form"
            raise InputError(what, where=str(folder), mend="keep the one that is right; none is preferred")
        forms[name] = FoundForm(form.path, replace(form.part, name=name))
    return dict(sorted(forms.items()))


def _said(form: FoundForm) -> str:
    return form.path.name + (f" ({form.part.read.part})" if form.part.several else "")


def read_found(form: FoundForm) -> FormRead:
    """A form as a table of texts, nothing trimmed, with names that a contract may give to its columns.

    Of what ODM says of a record beside its items that comes which has more than one value, and always the subject.

    Raises:
        InputError: the file cannot be read.
    """
    is_odm_file = file_kind(form.path.name) == "odm"
    found = read_raw(form.path, form.part.read, wanted=CONTEXT if is_odm_file else ())
    frame = found.frame
    if is_odm_file:
        known = CONTEXT & set(frame.column_names)
        frame = frame.drop_columns(sorted(c for c in known - _ALWAYS if pc.count_distinct(frame[c]).as_py() < 2))
    names = proposed_names(original_names(frame), oids=is_odm_file, as_they_are=CONTEXT)
    renamed = rename_columns(frame, names, str(form.path))
    called = dict(zip(frame.column_names, renamed.column_names, strict=True))
    notes = tuple(f"{called.get(n.column, n.column)}: {n.text}" if n.column else n.text for n in found.notices)
    return FormRead(renamed, names, notes)
