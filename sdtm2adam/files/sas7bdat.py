"""Reading SAS datasets (sas7bdat) as raw data: texts, with dates as their formats show them.

pyreadstat decodes the format, which its maker never published; what it lets pass (a file that is cut) is checked here.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sdtm2adam.errors import InputError, InputErrors, Sdtm2adamError
from sdtm2adam.files.faults import damaged
from sdtm2adam.files.raw_names import name_errors, named
from sdtm2adam.files.raw_notice import Notice, RawTable
from sdtm2adam.files.sas_text import SasPieces
from sdtm2adam.files.xpt.formats import Format, parse_format

_CELLS = 4 << 20
"""Cells that are held as Python values at a time."""
_WIDE, _BIG_ENDIAN, _ALIGNED = 32, 37, 35
_SET = 0x33


def read_sas7bdat(path: Path, encoding: str | None = None) -> RawTable:
    """Read a SAS dataset as texts; missing values are missing, special ones (`.A`) are counted in a notice.

    Args:
        path: the file.
        encoding: of its texts, where the file says none or a wrong one; else the file's own is used, strictly.

    Raises:
        InputError: the file is damaged or cut, or a text is none in the encoding; its row and variable are named.

    Source: pyreadstat (ReadStat), which reads files compressed by SAS too.
    """
    _check_size(path)
    meta = _parse(path, encoding, metadataonly=True)[1]
    names = list(meta.column_names)
    _check_names(path, names)
    forms = {name: parse_format(meta.original_variable_types[name] or "") or Format() for name in names}
    columns = {name: _Column(name, forms[name], meta.readstat_variable_types[name] == "string") for name in names}
    for piece in _pieces(path, encoding, max(1, _CELLS // len(names)), names):
        for name, column in columns.items():
            column.add(piece[name])
    frame = pa.table([column.read.values for column in columns.values()], schema=named(names))
    if frame.num_rows != meta.number_rows:
        raise damaged(path, f"the file says it has {meta.number_rows:,} records; {frame.num_rows:,} were found")
    return RawTable(frame, tuple(notice for column in columns.values() for notice in column.notices()))


class _Column:
    """One variable, read piece by piece."""

    def __init__(self, name: str, form: Format, text: bool) -> None:
        self.text = text
        self.read = SasPieces(name, form)

    def add(self, values: list[Any]) -> None:
        """The next records."""
        if self.text:
            trimmed = pc.utf8_rtrim(pa.array(values, pa.string()), " ")
            self.read.add_texts(pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed))
            return
        letters = [value for value in values if isinstance(value, str)]
        if letters:
            self.read.special.update(f".{letter}" for letter in letters)
            values = [None if isinstance(value, str) else value for value in values]
        numbers = pa.array(values, pa.float64())
        missing = pc.is_null(numbers, nan_is_null=True).to_numpy(zero_copy_only=False)
        self.read.add_numbers(pc.fill_null(numbers, 0.0).to_numpy(), missing)

    def notices(self) -> list[Notice]:
        """What is to be told of the variable."""
        return [] if self.text else self.read.notices()


def _pieces(path: Path, encoding: str | None, rows: int, names: list[str]) -> Iterator[dict[str, Any]]:
    first = 0
    while True:
        piece, _ = _parse(path, encoding, row_offset=first, row_limit=rows)
        count = len(piece[names[0]]) if piece else 0
        if count:
            yield piece
        if count < rows:
            return
        first += count


def _parse(path: Path, encoding: str | None, **options: Any) -> tuple[Any, Any]:
    """What pyreadstat makes of the file: lists by name, special missings as letters; and what the header says."""
    import pyreadstat

    try:
        return pyreadstat.read_sas7bdat(
            str(path), encoding=encoding, disable_datetime_conversion=True, user_missing=True, output_format="dict",
            **options,
        )  # fmt: skip
    except UnicodeDecodeError as error:
        raise _not_text(path, encoding or "utf-8") from error
    except pyreadstat.ReadstatError as error:
        if "encoding" in str(error) or "convert" in str(error):
            raise _not_text(path, encoding) from error
        raise damaged(path, f"the SAS dataset cannot be read ({error})") from error


def _not_text(path: Path, encoding: str | None) -> InputError:
    """Names the first text that is none in the encoding: all bytes are read as ISO 8859-1, where each is one."""
    import pyreadstat

    columns, meta = pyreadstat.read_sas7bdat(str(path), encoding="ISO-8859-1", output_format="dict")
    said = encoding or meta.file_encoding or "utf-8"
    mend = "declare how the texts really are: read: {encoding: cp1252} is common in files of old systems"
    texts = [name for name in meta.column_names if meta.readstat_variable_types[name] == "string"]
    for row in range(len(columns[texts[0]]) if texts else 0):
        for name in texts:
            try:
                str(columns[name][row]).encode("latin-1").decode(said)
            except (UnicodeDecodeError, LookupError) as error:
                what = f"a text is not in the encoding {said} ({error})"
                return InputError(what, where=f"{path}, row {row + 1}, variable {name}", mend=mend)
    return InputError(f"a text is not in the encoding {said}", where=str(path), mend=mend)


def _check_names(path: Path, names: list[str]) -> None:
    if not names:
        raise damaged(path, "the SAS dataset has no variables")
    places = [f"variable {number}" for number in range(1, len(names) + 1)]
    errors: list[Sdtm2adamError] = list(name_errors(names, places, str(path), "name it where the file is made"))
    if errors:
        raise InputErrors(errors)


def _check_size(path: Path) -> None:
    """The header says how many pages of how many bytes follow: a file that was cut has fewer."""
    with path.open("rb") as file:
        head = file.read(512)
    if len(head) < 288:
        raise damaged(path, f"the file ends after {len(head)} bytes, within its header")
    order = "<" if head[_BIG_ENDIAN] == 1 else ">"
    shift = 4 if head[_ALIGNED] == _SET else 0
    header, page = struct.unpack_from(f"{order}II", head, 196 + shift)
    pages = struct.unpack_from(f"{order}{'Q' if head[_WIDE] == _SET else 'I'}", head, 204 + shift)[0]
    size, meant = path.stat().st_size, header + page * pages
    if size < meant:
        raise damaged(path, f"the file has {size:,} bytes where its header says {meant:,}: it is cut")
