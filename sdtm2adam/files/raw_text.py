"""Values of raw files as texts: what a CSV file of the same records would hold."""

import re
from decimal import Decimal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

_PLAIN_WHOLE = 2.0**53
_EXPONENT = re.compile("[eE]")


def blank_is_missing(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Texts of nothing but white space (no-break spaces too) are missing; the others stay as they are."""
    return pa.chunked_array([_without_blanks(piece) for piece in column.chunks], pa.string())


def _without_blanks(values: pa.Array) -> pa.Array:
    """Make texts of white space alone missing; only texts that begin with a byte of white space are looked into."""
    filled = pc.fill_null(values, "x")
    _, offsets, data = filled.buffers()
    starts = np.frombuffer(offsets, dtype=np.int32, count=len(filled) + 1, offset=4 * filled.offset)
    whole = np.frombuffer(data if data is not None and data.size else b"\0", dtype=np.uint8)
    first = whole[np.minimum(starts[:-1], len(whole) - 1)]
    rows = np.flatnonzero((np.diff(starts) == 0) | (first <= 0x20) | np.isin(first, (0xC2, 0xE1, 0xE2, 0xE3)))
    if not len(rows):
        return values
    blank = pc.equal(pc.utf8_trim_whitespace(pc.take(values, pa.array(rows))), "")
    mask = np.zeros(len(values), dtype=np.bool_)
    mask[rows[blank.to_numpy(zero_copy_only=False)]] = True
    return pc.if_else(pa.array(mask), pa.scalar(None, pa.string()), values)


def decimal_text(value: float) -> str:
    """The shortest decimal number that is this double, without an exponent.

    >>> [decimal_text(value) for value in (5.0, 0.1, -0.0, 1e16, 1.5e-7)]
    ['5', '0.1', '0', '10000000000000000', '0.00000015']
    """
    if value == np.floor(value) and abs(value) < _PLAIN_WHOLE:
        return str(int(value))
    text = repr(float(value))
    if _EXPONENT.search(text):
        text = format(Decimal(text), "f")
    return text.removesuffix(".0")


def decimal_texts(values: npt.NDArray[np.float64], missing: npt.NDArray[np.bool_]) -> pa.Array:
    """Doubles as the shortest decimal numbers that are they, without exponents; the missing ones are missing."""
    whole = ~missing & (values == np.floor(values)) & (np.abs(values) < _PLAIN_WHOLE)
    others = ~missing & ~whole
    integers = np.where(whole, values, 0).astype(np.int64)
    texts = pa.array(integers, mask=~whole).cast(pa.string())
    if not others.any():
        return texts
    broken = pa.array(values, mask=~others).cast(pa.string())  # shortest, but with an exponent where it is large
    if pc.any(pc.match_substring(broken, "e")).as_py():
        encoded = broken.dictionary_encode()
        words = [decimal_text(float(text)) for text in encoded.dictionary.to_pylist()]
        broken = pc.take(pa.array(words, pa.string()), encoded.indices)
    return pc.coalesce(texts, broken)
