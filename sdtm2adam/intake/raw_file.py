"""Raw files of a folder and how each of them is read: the one place of this room that opens one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from sdtm2adam.errors import InputError
from sdtm2adam.files.faults import unreadable
from sdtm2adam.files.parquet import read_parquet
from sdtm2adam.files.raw_table import read_raw
from sdtm2adam.spec.reading import ReadOptions
from sdtm2adam.spec.yaml import Text

_TEXT = (".csv", ".tsv")
SUFFIXES = (*_TEXT, ".xpt", ".sas7bdat", ".parquet")
"""The kinds of files that are read."""
_DELIMITERS = (",", ";", "\t", "|")
_FALLBACK = "cp1252"


@dataclass(frozen=True)
class FoundFiles:
    """The raw files of a folder by the name of their form, and the other files, which are no tables."""

    forms: dict[str, Path]
    others: tuple[Path, ...]


def find_raw_files(folder: Path) -> FoundFiles:
    """The raw files of a folder, in the order of their forms.

    Raises:
        InputError: the folder cannot be read, holds no raw file, or two files are the same form.
    """
    try:
        files = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    except OSError as error:
        raise unreadable(folder, error) from error
    forms: dict[str, Path] = {}
    for path in (path for path in files if path.suffix.lower() in SUFFIXES):
        form = form_of(path)
        if form in forms:
            what = f"{forms[form].name} and {path.name} are the same form"
            raise InputError(what, where=str(folder), mend="keep the one that is right; none is preferred")
        forms[form] = path
    if not forms:
        what = f"holds no raw file ({', '.join(SUFFIXES)})"
        raise InputError(what, where=str(folder), mend="name the folder with the files of the transfer")
    return FoundFiles(dict(sorted(forms.items())), tuple(p for p in files if p.suffix.lower() not in SUFFIXES))


def form_of(path: Path) -> str:
    """The name of the form in a file.

    >>> form_of(Path("ae raw-2.csv"))
    'AE_RAW_2'
    """
    name = re.sub(r"[^A-Z0-9_]+", "_", path.stem.upper()).strip("_") or "FORM"
    return name if name[0].isalpha() else f"F_{name}"


def read_raw_file(path: Path, options: ReadOptions) -> pa.Table:
    """A raw file as a table of texts, names in plain letters; nothing is trimmed.

    Raises:
        InputError: the file cannot be read.
    """
    if path.suffix.lower() == ".parquet":
        return _texts(read_parquet(path))
    return read_raw(path, options).frame


def options_seen(path: Path) -> ReadOptions:
    """How a file may be read, as its bytes look: a proposal, to be confirmed by a person.

    UTF-8 if all bytes are UTF-8, else cp1252; the delimiter that stands most often in the first line.
    """
    if path.suffix.lower() not in _TEXT:
        return ReadOptions()
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


def _texts(frame: pa.Table) -> pa.Table:
    """All columns as texts: numbers in their shortest form, dates and times in ISO 8601."""
    names = [re.sub(r"[^A-Za-z0-9_]", "_", name.strip()) for name in frame.column_names]
    return pa.table([_text(column) for column in frame.columns], names=names)


def _text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_floating(column.type):
        return pc.replace_substring_regex(column.cast(pa.string()), r"\.0$", "")
    text = column.cast(pa.string())
    return pc.if_else(pc.equal(pc.utf8_trim_whitespace(text), ""), pa.scalar(None, pa.string()), text)
