"""Arrow columns as the plain numbers and texts an XPT file holds; nothing is checked here."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sdtm2adam.files.xpt.formats import EPOCH_DAYS
from sdtm2adam.model import Variable

CHUNK_ROWS = 65_536
_SECOND = 1_000_000
_HELD_BY = {
    "text": lambda of: pa.types.is_string(of) or pa.types.is_large_string(of) or pa.types.is_string_view(of),
    "integer": lambda of: pa.types.is_integer(of) or pa.types.is_floating(of) or pa.types.is_decimal(of),
    "float": lambda of: pa.types.is_integer(of) or pa.types.is_floating(of) or pa.types.is_decimal(of),
    "date": pa.types.is_date32,
    "datetime": lambda of: pa.types.is_timestamp(of) and of.tz is None and of.unit != "ns",
    "time": lambda of: pa.types.is_time(of) and of.unit != "ns",
}


def holds(of: pa.DataType, variable: Variable) -> bool:
    """Whether an Arrow type can be the column of a variable of its declared type; all-missing columns always can."""
    if pa.types.is_dictionary(of):
        of = of.value_type
    return pa.types.is_null(of) or bool(_HELD_BY.get(variable.type, lambda _: False)(of))


def chunks(frame: pa.Table) -> Iterator[tuple[int, pa.Table]]:
    """A table in pieces of bounded size, each with the number of its first row."""
    for start in range(0, frame.num_rows, CHUNK_ROWS):
        yield start, frame.slice(start, CHUNK_ROWS)


def texts(column: pa.ChunkedArray) -> pa.Array:
    """A text column without trailing blanks, which XPT cannot tell from padding; missing is the empty text."""
    whole = column.cast(pa.string()).combine_chunks()
    return pc.ascii_rtrim(pc.fill_null(_one(whole), ""), " ")


def numbers(column: pa.ChunkedArray, variable: Variable) -> npt.NDArray[np.float64]:
    """A number, date, datetime or time column as SAS counts it, NaN where missing.

    Dates are days and datetimes seconds since 1960-01-01 00:00; times are seconds since midnight.
    """
    if variable.type in {"integer", "float"}:
        return _floats(column.cast(pa.float64(), safe=False))
    if variable.type == "date":
        return _floats(column.cast(pa.date32()).cast(pa.int32()).cast(pa.float64())) + EPOCH_DAYS
    if variable.type == "datetime":
        seconds = _micro(column) // _SECOND + EPOCH_DAYS * 86_400 + microseconds(column) / _SECOND
        return np.where(pc.is_null(column).to_numpy(), np.nan, seconds)
    return _floats(column.cast(pa.time64("us")).cast(pa.int64()).cast(pa.float64())) / _SECOND


def microseconds(column: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    """What datetimes have beyond the whole second; 0 where missing."""
    return _micro(column) % _SECOND


def _micro(column: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    since_1970: npt.NDArray[np.int64] = pc.fill_null(column.cast(pa.timestamp("us")).cast(pa.int64()), 0).to_numpy()
    return since_1970


def _floats(column: pa.ChunkedArray) -> npt.NDArray[np.float64]:
    filled: npt.NDArray[np.float64] = pc.fill_null(column, np.nan).to_numpy()
    return filled


def _one(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def raw_bytes(column: pa.Array) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.uint8]]:
    """Where each text of a string array without nulls starts and ends, and the bytes of all of them in a row."""
    _, offsets, data = column.buffers()
    starts = np.frombuffer(offsets, dtype=np.int32, count=len(column) + 1, offset=4 * column.offset)
    whole = np.frombuffer(data if data is not None else b"", dtype=np.uint8)
    return starts - starts[0], whole[starts[0] : starts[-1]]
