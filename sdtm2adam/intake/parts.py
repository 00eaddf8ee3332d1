"""The forms in one raw file: a table is one, a workbook has one in each sheet, an ODM file one in each item group."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from sdtm2adam.errors import InputError, Sdtm2adamError
from sdtm2adam.files.faults import unreadable
from sdtm2adam.files.file_type import check_type
from sdtm2adam.files.odm.groups import groups_in
from sdtm2adam.files.xlsx.package import SheetPlace, Workbook, open_workbook
from sdtm2adam.intake.column_names import short_oid
from sdtm2adam.intake.header import header_of
from sdtm2adam.spec.reading import ReadOptions, file_kind
from sdtm2adam.spec.yaml import Text

_DELIMITERS = (",", ";", "\t", "|")
_FALLBACK = "cp1252"


@dataclass(frozen=True)
class Part:
    """One form of a file: its name, how it is read and why so, and the forms of ODM its group belongs to.

    `several` tells that the file may hold others.
    """

    name: str
    read: ReadOptions
    why: str = ""
    within: frozenset[str] = frozenset()
    several: bool = False


@dataclass(frozen=True)
class Parts:
    """The forms of a file, the sheets that are no tables, and the parts that cannot be read."""

    forms: tuple[Part, ...] = ()
    passed: tuple[str, ...] = ()
    faults: tuple[Sdtm2adamError, ...] = ()


def parts_of(path: Path) -> Parts:
    """The forms that a file holds, each with how it may be read: a proposal, to be confirmed by a person.

    Raises:
        InputError: the file cannot be read.
    """
    kind = file_kind(path.name)
    if kind == "xlsx":
        check_type(path, "xlsx")
        with open_workbook(path) as workbook:
            return _sheets(workbook)
    if kind == "odm":
        check_type(path, "xml")
        groups = groups_in(path)
        short = [form_name(short_oid(oid)) for oid in groups]
        names = [name if short.count(name) == 1 else form_name(oid) for name, oid in zip(short, groups, strict=True)]
        why = "the item group of the file: a record for each of its ItemGroupData"
        return Parts(
            tuple(
                Part(name, ReadOptions(oid=Text(oid)), why, forms, several=True)
                for name, (oid, forms) in zip(names, groups.items(), strict=True)
            )
        )
    return Parts((Part(form_name(path.stem), options_seen(path) if kind == "text" else ReadOptions()),))


def form_name(text: str) -> str:
    """A name as forms have it.

    >>> form_name("ae raw-2"), form_name("2 labs")
    ('AE_RAW_2', 'F_2_LABS')
    """
    name = re.sub(r"[^A-Z0-9_]+", "_", text.upper()).strip("_") or "FORM"
    return name if name[0].isalpha() else f"F_{name}"


def options_seen(path: Path) -> ReadOptions:
    """How a text file may be read, as its bytes look: a proposal, to be confirmed by a person.

    UTF-8 if all bytes are UTF-8, else cp1252; the delimiter that stands most often in the first line.

    Raises:
        InputError: the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            head = file.readline(1 << 20)
        encoding = "utf-8" if _is_utf8(path) else _FALLBACK
    except OSError as error:
        raise unreadable(path, error) from error
    text = re.sub(r'"[^"]*"', "", head.decode("utf-8", "replace"))
    delimiter = max(_DELIMITERS, key=lambda sign: (text.count(sign), -_DELIMITERS.index(sign)))
    return ReadOptions(encoding=Text(encoding), delimiter=Text(delimiter))


def _is_utf8(path: Path) -> bool:
    with path.open(encoding="utf-8", errors="strict") as file:
        try:
            while file.read(1 << 20):
                pass
        except UnicodeDecodeError:
            return False
    return True


def _sheets(workbook: Workbook) -> Parts:
    """A form for each sheet with a table; the only sheet of a workbook is called as its file."""
    forms, passed, faults = [], [], []
    several = len(workbook.sheets) > 1
    for sheet in workbook.sheets:
        try:
            part = _sheet(workbook, sheet, form_name(sheet.name if several else workbook.path.stem), several)
        except InputError as error:
            faults.append(error)
            continue
        if part is None:
            passed.append(f"{workbook.path.name}: sheet {sheet.name}")
        else:
            forms.append(part)
    return Parts(tuple(forms), tuple(passed), tuple(faults))


def _sheet(workbook: Workbook, sheet: SheetPlace, name: str, several: bool) -> Part | None:
    header = header_of(workbook, sheet)
    if header is None:
        return None
    why = f"PROPOSAL: {header.why}" if header.why else ""
    return Part(name, ReadOptions(sheet=Text(sheet.name), header=header.rows), why, several=several)
