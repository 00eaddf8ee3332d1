"""Types of variables as Arrow has them."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from sdtm2adam.errors import InputError

ARROW_TYPES = {
    "text": pa.string(),
    "integer": pa.int64(),
    "float": pa.float64(),
    "date": pa.date32(),
    "datetime": pa.timestamp("us"),
    "time": pa.time64("us"),
}


def as_type(title: str, column: pa.ChunkedArray, kind: str) -> pa.ChunkedArray:
    """A computed column as the type of its variable; what is true or not becomes Y or N.

    Raises:
        InputError: a value is none of that type.
    """
    if pa.types.is_boolean(column.type):
        return pc.if_else(column, "Y", "N")
    try:
        return column.cast(ARROW_TYPES[kind])
    except pa.ArrowInvalid as error:
        raise InputError(
            f"{title}: a value is no {kind} ({error})",
            where=title,
            mend="say another type, or convert the value in its expression",
        ) from error
