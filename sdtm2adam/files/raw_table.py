"""A raw form or feed, whichever format it comes in, as a table of texts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path

import pyarrow as pa

from sdtm2adam.errors import InputError
from sdtm2adam.files.csv import read_csv
from sdtm2adam.files.file_type import check_type
from sdtm2adam.files.odm.read import read_odm
from sdtm2adam.files.parquet import read_parquet
from sdtm2adam.files.raw_names import rename_columns
from sdtm2adam.files.raw_notice import RawTable
from sdtm2adam.files.raw_text import blank_is_missing
from sdtm2adam.files.raw_xpt import read_raw_xpt
from sdtm2adam.files.sas7bdat import read_sas7bdat
from sdtm2adam.files.xlsx.read import read_xlsx
from sdtm2adam.spec.reading import FileKind, ReadOptions, file_kind

_MAGIC = {"odm": "xml"}


def read_raw(
    path: Path, options: ReadOptions | None = None, names: Mapping[str, str] = {}, wanted: Collection[str] = ()
) -> RawTable:
    """Read a raw file with every value as text, by the reader of its ending.

    A text stays as it is; one of nothing but blanks is missing. A number is the shortest decimal number that it is
    (`5`, `0.1`), a date, time or datetime is ISO 8601 with the parts that its format shows. The same records give the
    same table in each format, as far as the format can hold them.

    Args:
        path: the file; its first bytes must be those of the kind its ending says.
        options: `read:` of the contract.
        names: `names:` of the contract: the column in the contract -> the column in the file.
        wanted: columns that the contract speaks of; of what ODM says of a record beside its items (SubjectKey,
            StudyEventOID, ...) only those are given.

    Returns:
        The table, what is to be told of it, and the other sheets or groups of the file.

    Raises:
        InputError: the file is of another kind, is damaged, or cannot be read as declared.
        InputErrors: several such faults.
    """
    options = options or ReadOptions()
    kind = file_kind(path.name)
    if kind is None:
        raise InputError("there is no reader for such a file", where=str(path), mend="export it as CSV")
    check_type(path, _MAGIC.get(kind, kind))
    asked = frozenset({*map(str, names.values()), *wanted})
    found = _READERS[kind](path, options, asked)
    frame = found.frame
    if kind != "text":  # the reader of CSV has done so
        columns = [blank_is_missing(column) for column in frame.columns]
        frame = pa.table(columns, schema=frame.schema) if columns else frame
    frame = rename_columns(frame, {column: str(name) for column, name in names.items()}, str(path))
    return RawTable(frame, found.notices, found.others)


def _text(path: Path, options: ReadOptions, _: frozenset[str]) -> RawTable:
    return RawTable(read_csv(path, encoding=str(options.encoding or "utf-8"), delimiter=str(options.delimiter)))


def _xlsx(path: Path, options: ReadOptions, _: frozenset[str]) -> RawTable:
    return read_xlsx(path, None if options.sheet is None else str(options.sheet), options.header)


def _xpt(path: Path, options: ReadOptions, _: frozenset[str]) -> RawTable:
    return read_raw_xpt(path, None if options.encoding is None else str(options.encoding))


def _sas7bdat(path: Path, options: ReadOptions, _: frozenset[str]) -> RawTable:
    return read_sas7bdat(path, None if options.encoding is None else str(options.encoding))


def _odm(path: Path, options: ReadOptions, asked: frozenset[str]) -> RawTable:
    return read_odm(path, None if options.oid is None else str(options.oid), asked)


def _parquet(path: Path, _: ReadOptions, __: frozenset[str]) -> RawTable:
    """Raw data are texts; a file of numbers has lost what was collected."""
    frame = read_parquet(path)
    others = [field.name for field in frame.schema if field.type not in (pa.string(), pa.large_string(), pa.null())]
    if others:
        raise InputError(
            f"column {others[0]} is of type {frame.schema.field(others[0]).type}, not text",
            where=str(path),
            mend="export raw data as text: 7.10 and 007 are lost in a number",
        )
    return RawTable(frame.cast(pa.schema([pa.field(column, pa.string()) for column in frame.column_names])))


_READERS: dict[FileKind, Callable[[Path, ReadOptions, frozenset[str]], RawTable]] = {
    "text": _text,
    "xlsx": _xlsx,
    "xpt": _xpt,
    "sas7bdat": _sas7bdat,
    "odm": _odm,
    "parquet": _parquet,
}
