"""What the transport files of a package are, by their first bytes and headers: no value is read, no fault stops it.

Source: SAS TS-140 (versions 5 and 8); FDA Study Data Technical Conformance Guide 3.3.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

import pyarrow as pa

from sdtm2adam.errors import InputError
from sdtm2adam.files.xpt.layout import LIBRARY, MEMBER_START, RECORD, Layout
from sdtm2adam.files.xpt.structure import count_records, read_layout
from sdtm2adam.validate.sql.meta import table_of
from sdtm2adam.validate.sql.store import Store

TRANSPORT, EMPTY, UNKNOWN = "xpt5", "empty", "unknown"
_SAS7BDAT = bytes.fromhex("c2ea8160b31411cfbd92080009c7318c181f1011")
_KINDS = (
    (LIBRARY[:48], TRANSPORT), (b"HEADER RECORD*******LIBV8", "xpt8"), (b"**COMPRESSED**", "cport"),
    (b"LIB CONTROL", "cport"), (b"PK\x03\x04", "zip"), (b"\x1f\x8b", "gzip"), (b"PAR1", "parquet"),
    (b"<?xml", "xml"), (b"\xef\xbb\xbf<?xml", "xml"), (b"%PDF", "pdf"),
)  # fmt: skip
_DATA = (".xpt", ".xml", ".sas7bdat", ".cpt", ".cport", ".zip", ".gz", ".parquet", ".csv")
"""Files that a folder of a package is searched for; documents beside them are left alone."""


@dataclass(frozen=True)
class TransportFile:
    """One file of a package; the fields of its header are None where it has none that can be read.

    `remainder` are the bytes after the last whole record. `ambiguous`: the blanks at the end may be records of blanks
    alone as well as the filling of the last eighty bytes. `fault` says in words why it cannot be read, else is empty.
    """

    path: Path
    stage: str
    size: int
    kind: str
    members: int | None = None
    layout: Layout | None = None
    observations: int | None = None
    remainder: int | None = None
    ambiguous: bool | None = None
    fault: str = ""


def described(path: Path) -> TransportFile:
    """What a file is. A damaged one, or one that cannot be opened, has its fault; nothing is raised."""
    stage = _stage(path)
    try:
        size = path.stat().st_size
        if not size:
            return TransportFile(path, stage, 0, EMPTY, fault="the file is empty")
        with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as memory:
            return _of_memory(path, stage, memory)
    except OSError as error:
        return TransportFile(path, stage, 0, UNKNOWN, fault=f"cannot read it ({error.strerror or error})")


def _of_memory(path: Path, stage: str, memory: mmap) -> TransportFile:
    size, kind = len(memory), _kind(memory[:RECORD])
    if kind != TRANSPORT and path.suffix.lower() != ".xpt":
        return TransportFile(path, stage, size, kind)
    members = _members(memory) if kind == TRANSPORT else None
    try:
        layout = read_layout(memory, path)
    except InputError as error:
        return TransportFile(path, stage, size, kind, members, fault=error.what)
    rest = (size - layout.data_start) % layout.record_bytes
    try:
        rows, fault = count_records(memory, layout, path), ""
    except InputError as error:
        rows, fault = None, error.what
    return TransportFile(
        path, stage, size, kind, members, layout, rows, rest, _ambiguous(layout, rows, size), fault
    )  # fmt: skip


def _kind(start: bytes) -> str:
    if start[12:32] == _SAS7BDAT:
        return "sas7bdat"
    return next((kind for mark, kind in _KINDS if start.startswith(mark)), UNKNOWN)


def _members(memory: mmap) -> int:
    """How many datasets the file holds: headers of members at the start of a piece of eighty bytes."""
    found, place = 0, memory.find(MEMBER_START)
    while place >= 0:
        found += place % RECORD == 0
        place = memory.find(MEMBER_START, place + 1)
    return found


def _ambiguous(layout: Layout, rows: int | None, size: int) -> bool | None:
    """Whether blanks at the end could be records. A missing number is not blank, so only texts alone can be."""
    if rows is None:
        return None
    texts_only = not any(field.numeric for field in layout.fields)
    return texts_only and size - layout.data_start - rows * layout.record_bytes >= layout.record_bytes


def _stage(path: Path) -> str:
    """By the name of a dataset of analysis (`adsl.xpt`), else by the folder that a package has for each stage."""
    if path.suffix.lower() == ".xpt":
        return "adam" if path.stem.lower().startswith("ad") and len(path.stem) > 2 else "sdtm"
    folders = {part.lower() for part in path.parts[:-1]}
    return "adam" if folders & {"adam", "analysis"} else "sdtm"


def files_of(source: Path | Iterable[Path]) -> list[Path]:
    """The data files of a folder and of those within it, or the files that are named; sorted."""
    if not isinstance(source, Path):
        return sorted(source)
    if source.is_dir():
        return sorted(one for one in source.rglob("*") if one.is_file() and one.suffix.lower() in _DATA)
    return [source]


def file_tables(source: Path | Iterable[Path]) -> Mapping[str, Callable[[Store], pa.Table]]:
    """Makers of the tables `meta.folders`, `meta.files`, `meta.file_variables`, for `run_checks(meta=...)`.

    Args:
        source: a folder (searched with the folders within it), or the files.
    """
    found = [described(path) for path in files_of(source)]
    folder = source if isinstance(source, Path) and source.is_dir() else None
    return {
        "folders": lambda _: table_of("folders", _folders(found, folder)),
        "files": lambda _: table_of("files", [_row(one, folder) for one in found]),
        "file_variables": lambda _: table_of("file_variables", _variables(found, folder)),
    }


def _shown(path: Path, folder: Path | None) -> str:
    """The path within the folder, so that what is told does not depend on where the folder lies."""
    return path.relative_to(folder).as_posix() if folder is not None else path.name


def _place(path: Path, folder: Path | None) -> str:
    return path.parent.relative_to(folder).as_posix() if folder is not None else path.parent.name


def _folders(found: list[TransportFile], folder: Path | None) -> Iterator[tuple[Any, ...]]:
    for place in sorted({_place(one.path, folder) for one in found}):
        here = [one for one in found if _place(one.path, folder) == place]
        transport = [one for one in here if one.kind == TRANSPORT]
        define = sum(one.path.name.lower() == "define.xml" for one in here)
        stages = [one.stage for one in transport or here]
        yield place, max(sorted(set(stages)), key=stages.count), len(here), len(transport), define


def _row(one: TransportFile, folder: Path | None) -> tuple[Any, ...]:
    layout = one.layout
    header = (layout.name, layout.label or None, len(layout.fields), layout.record_bytes) if layout else (None,) * 4
    return (
        _shown(one.path, folder), _place(one.path, folder), one.stage, one.path.stem.upper(), one.size, one.kind,
        one.members, *header, one.observations, one.remainder,
        None if one.ambiguous is None else "Y" if one.ambiguous else "N", one.fault or None,
    )  # fmt: skip


def _variables(found: list[TransportFile], folder: Path | None) -> Iterator[tuple[Any, ...]]:
    for one in found:
        for place, field in enumerate(one.layout.fields if one.layout else (), 1):
            yield (
                _shown(one.path, folder), one.path.stem.upper(), one.stage, field.name, place, field.label or None,
                "Num" if field.numeric else "Char", field.width, field.format.name or None,
            )  # fmt: skip
