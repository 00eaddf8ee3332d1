"""What a workbook says beside its sheets: their names and places, date system, formats and shared texts."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from sdtm2adam.errors import InputError, listed
from sdtm2adam.files.faults import damaged, damaged_at
from sdtm2adam.files.safe_xml import elements, forget, local_name, read_root
from sdtm2adam.files.xlsx.formats import Shown, code_of, shown_by

_BOMB_BYTES, _BOMB_RATIO = 256 << 20, 250
"""A part that unpacks to more than this, and to so many times its size, was made to fill a disk or the memory."""
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_RELATION = re.compile(r"\{.*\}id$")


@dataclass(frozen=True, slots=True)
class SheetPlace:
    """A worksheet: its name, the part that holds it, and whether it is shown."""

    name: str
    part: str
    hidden: bool


@dataclass(frozen=True)
class Workbook:
    """An open workbook."""

    path: Path
    archive: zipfile.ZipFile
    sheets: tuple[SheetPlace, ...]
    since_1904: bool
    texts: list[str]
    formats: list[Shown]

    @contextmanager
    def part(self, name: str) -> Iterator[IO[bytes]]:
        """One part of the workbook, unpacked as it is read."""
        with _part(self.archive, name, self.path) as file:
            yield file


@contextmanager
def open_workbook(path: Path) -> Iterator[Workbook]:
    """Open a workbook; its sheets are not read yet.

    Raises:
        InputError: it is damaged, cut, protected, or made to fill the memory.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _refuse_bombs(archive, path)
            main = _main_part(archive, path)
            relations = _relations(archive, main, path)
            sheets, since_1904 = _sheets(archive, main, relations, path)
            texts = _texts(archive, _of_type(relations, "/sharedStrings"), path)
            formats = _formats(archive, _of_type(relations, "/styles"), path)
            yield Workbook(path, archive, sheets, since_1904, texts, formats)
    except (zipfile.BadZipFile, EOFError) as error:
        raise damaged(path, f"the workbook is cut or damaged ({error})") from error


def plain_text(text: str) -> str:
    """A text without the escapes by which Excel keeps control characters (`_x000D_`)."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def text_of(element: Any) -> str:
    """The text of a cell or a shared text, its formatted runs joined; how East Asian words are spoken is left out."""
    runs = [
        part.text or ""
        for part in element.iter("{*}t")
        if not any(local_name(above) == "rPh" for above in part.iterancestors())
    ]
    return plain_text("".join(runs))


def _refuse_bombs(archive: zipfile.ZipFile, path: Path) -> None:
    for entry in archive.infolist():
        if entry.flag_bits & 1:
            mend = "save it without the password; passwords are not asked for and not stored"
            raise InputError("the workbook is protected by a password", where=str(path), mend=mend)
        if entry.file_size > _BOMB_BYTES and entry.file_size > _BOMB_RATIO * max(entry.compress_size, 1):
            what = f"{entry.filename} would unpack to {entry.file_size:,} bytes, from {entry.compress_size:,}"
            raise InputError(what, where=str(path), mend="get a sound file from its source; such a file fills memory")


@contextmanager
def _part(archive: zipfile.ZipFile, name: str, path: Path) -> Iterator[IO[bytes]]:
    try:
        with archive.open(name) as file:
            read_root(file, f"{path}: {name}")
        with archive.open(name) as file:
            yield file
    except KeyError as error:
        raise damaged(path, f"the workbook lacks its part {name}") from error


def _main_part(archive: zipfile.ZipFile, path: Path) -> str:
    target = _of_type(_relations(archive, "", path), "/officeDocument")
    return target or "xl/workbook.xml"


def _relations(archive: zipfile.ZipFile, part: str, path: Path) -> dict[str, tuple[str, str]]:
    """What a part refers to: id -> (type, part)."""
    folder, name = posixpath.split(part)
    place = posixpath.join(folder, "_rels", f"{name}.rels")
    with _part(archive, place, path) as file:
        found = {}
        for _, element in elements(file, ["Relationship"], f"{path}: {place}"):
            target = element.get("Target", "")
            full = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            found[element.get("Id", "")] = (element.get("Type", ""), full)
        return found


def _of_type(relations: dict[str, tuple[str, str]], ending: str) -> str:
    return next((part for kind, part in relations.values() if kind.endswith(ending)), "")


def _sheets(
    archive: zipfile.ZipFile, main: str, relations: dict[str, tuple[str, str]], path: Path
) -> tuple[tuple[SheetPlace, ...], bool]:
    """The worksheets in their order, charts left out; and whether days count from 1904."""
    sheets, since_1904 = [], False
    with _part(archive, main, path) as file:
        for _, element in elements(file, ["sheet", "workbookPr"], f"{path}: {main}"):
            if local_name(element) == "workbookPr":
                since_1904 = element.get("date1904", "0") in ("1", "true")
                continue
            relation = next((value for key, value in element.items() if _RELATION.match(key)), "")
            kind, part = relations.get(relation, ("", ""))
            if kind.endswith("/worksheet"):
                sheets.append(SheetPlace(element.get("name", ""), part, element.get("state", "visible") != "visible"))
    if not sheets:
        raise damaged(path, "the workbook has no worksheet")
    return tuple(sheets), since_1904


def choose_sheet(workbook: Workbook, name: str | None) -> SheetPlace:
    """The sheet that is named; without a name the only one.

    Raises:
        InputError: there is no such sheet, or there are several and none is named.
    """
    said = [f"{sheet.name}{' (hidden)' if sheet.hidden else ''}" for sheet in workbook.sheets]
    if name is None:
        if len(workbook.sheets) == 1:
            return workbook.sheets[0]
        what = f"the workbook has {len(said)} sheets ({listed(said)}) and the contract names none"
        raise InputError(what, where=str(workbook.path), mend="write read: {sheet: NAME} in its contract")
    for sheet in workbook.sheets:
        if sheet.name == name:
            return sheet
    mend = f"correct sheet: in read: of its contract; there are: {listed(said)}"
    raise InputError(f"the workbook has no sheet {name!r}", where=str(workbook.path), mend=mend)


def _texts(archive: zipfile.ZipFile, part: str, path: Path) -> list[str]:
    if not part or part not in archive.namelist():
        return []
    texts = []
    with _part(archive, part, path) as file:
        for _, element in elements(file, ["si"], f"{path}: {part}"):
            texts.append(text_of(element))
            forget(element)
    return texts


def _formats(archive: zipfile.ZipFile, part: str, path: Path) -> list[Shown]:
    """What the format of each style of cells shows."""
    if not part or part not in archive.namelist():
        return []
    own: dict[int, str] = {}
    styles: list[int] = []
    with _part(archive, part, path) as file:
        for _, element in elements(file, ["numFmt", "cellXfs"], f"{path}: {part}"):
            if local_name(element) == "numFmt":
                own[_whole(element.get("numFmtId"), path, part)] = element.get("formatCode", "")
            else:
                styles = [_whole(style.get("numFmtId", "0"), path, part) for style in element.iterchildren("{*}xf")]
    return [shown_by(code_of(number, own)) for number in styles]


def _whole(text: str | None, path: Path, part: str) -> int:
    try:
        return int(text or "")
    except ValueError as error:
        raise damaged_at(f"{path}: {part}", f"a format has the number {text!r}") from error
