"""The bytes of one variable as an Arrow column."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sdtm2adam.errors import InputError, UsageError
from sdtm2adam.files.xpt.formats import EPOCH_DAYS, FIRST_DAY, LAST_DAY
from sdtm2adam.files.xpt.ibm import Bytes, Flags, Floats, from_ibm

_DAY = 86_400
_MICRO = 1_000_000


@dataclass(frozen=True, slots=True)
class Place:
    """Where a column stands; `first` is the number of its first row in the file."""

    path: Path
    variable: str
    format: str
    first: int

    def at(self, row: int) -> str:
        """The place of one value, as messages name it."""
        return f"{self.path}, row {self.first + row + 1}, variable {self.variable}"


def read_texts(cells: Bytes, place: Place, fallback: str | None) -> pa.Array:
    """Texts without their trailing blanks; a blank text is missing.

    Args:
        cells: n rows, each as many bytes as the variable is long.
        place: where the column stands.
        fallback: the encoding of texts that are not UTF-8.
    """
    raw = pa.FixedSizeBinaryArray.from_buffers(pa.binary(cells.shape[1]), len(cells), [None, pa.py_buffer(cells.data)])
    try:
        values = raw.cast(pa.string())
    except pa.ArrowInvalid:
        values = _decoded(raw.cast(pa.binary()), place, fallback)
    trimmed = pc.ascii_rtrim(values, " ")
    return pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)


def _decoded(values: pa.Array, place: Place, fallback: str | None) -> pa.Array:
    """Decode each distinct value: UTF-8 where it is, else the declared encoding."""
    distinct = pc.dictionary_encode(values)
    words = []
    for number, raw in enumerate(distinct.dictionary.to_pylist()):
        try:
            words.append(_decode(raw, fallback))
        except UnicodeDecodeError as error:
            row = pc.index(distinct.indices, pa.scalar(number, distinct.indices.type)).as_py()
            raise _not_text(place.at(row), raw[error.start], fallback) from error
    return pc.take(pa.array(words, pa.string()), distinct.indices)


def _decode(raw: bytes, fallback: str | None) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        if fallback is None:
            raise
    try:
        return raw.decode(fallback)
    except LookupError as error:
        mend = "name one that Python knows, for example cp1252"
        raise UsageError(f"no encoding is called {fallback!r}", where="fallback", mend=mend) from error


def _not_text(where: str, byte: int, fallback: str | None) -> InputError:
    if fallback is None:
        what = f"the byte 0x{byte:02X} is neither ASCII nor part of UTF-8"
        return InputError(
            what, where=where, mend="declare the encoding of the file, often cp1252, or correct the value"
        )
    what = f"the byte 0x{byte:02X} is no character of {fallback}"
    return InputError(what, where=where, mend="declare another encoding, or correct the value at its source")


def read_numbers(cells: Bytes, kind: str, place: Place) -> pa.Array:
    """Numbers, or dates, timestamps and times where `kind` says so; SAS missing values are missing.

    Args:
        cells: n rows of two to eight bytes.
        kind: float, date, datetime or time.
        place: where the column stands.
    """
    values, missing = from_ibm(cells)
    if kind == "date":
        _refuse(values, (values != np.floor(values)) | (values < FIRST_DAY) | (values > LAST_DAY), kind, place)
        return pa.array((values - EPOCH_DAYS).astype(np.int32), mask=missing).cast(pa.date32())
    if kind == "datetime":
        _refuse(values, (values < FIRST_DAY * _DAY) | (values >= (LAST_DAY + 1) * _DAY), kind, place)
        whole = np.floor(values)
        micro = whole.astype(np.int64) * _MICRO + np.rint((values - whole) * _MICRO).astype(np.int64)
        return pa.array(micro - EPOCH_DAYS * _DAY * _MICRO, mask=missing).cast(pa.timestamp("us"))
    if kind == "time":
        _refuse(values, (values < 0) | (values >= _DAY), kind, place)
        return pa.array(np.rint(values * _MICRO).astype(np.int64), mask=missing).cast(pa.time64("us"))
    return pa.array(values, mask=missing)


def _refuse(values: Floats, wrong: Flags, kind: str, place: Place) -> None:
    if wrong.any():
        row = int(np.argmax(wrong))
        what = (
            f"{values[row]:.15g} is not a {kind}, as its format {place.format} says ({int(wrong.sum()):,} such values)"
        )
        raise InputError(what, where=place.at(row), mend="correct the value or the format where the file is made")
