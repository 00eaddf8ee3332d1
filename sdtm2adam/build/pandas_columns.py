"""Columns between pandas and the engine: what each type is on the other side."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from sdtm2adam.errors import InputError


def as_column(values: Any, where: str, *, date: bool | None = None) -> pa.ChunkedArray:
    """A column of a frame as the engine reads it: categories as texts, date-times of a column of dates as dates.

    Args:
        values: a pandas Series or an Arrow array.
        where: for messages; ends with the name of the column.
        date: whether date-times are dates; None: where the name ends in DT, as ADaMIG names dates.

    Raises:
        InputError: values of several types, or of a type that no variable can be.
    """
    column = _as_arrow(values, where)
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_null(column.type) or pa.types.is_large_string(column.type) or pa.types.is_string_view(column.type):
        column = column.cast(pa.string())
    kind = column.type
    if pa.types.is_nested(kind) or pa.types.is_duration(kind) or pa.types.is_binary(kind):
        raise InputError(f"holds {kind}, which no variable can be", where=where, mend="give text, numbers or dates")
    if pa.types.is_timestamp(kind):
        return _as_time(column, where, where.endswith("DT") if date is None else date)
    return column.cast(pa.date32()) if pa.types.is_date64(kind) else column


def _as_arrow(values: Any, where: str) -> pa.ChunkedArray:
    if isinstance(values, pa.ChunkedArray):
        return values
    try:
        made = pa.array(values, from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError) as error:
        said = f"holds values of several types, or of one that no variable can be ({str(error).splitlines()[0]})"
        raise InputError(said, where=where, mend="make it one type: text, number, date or date-time") from error
    return made if isinstance(made, pa.ChunkedArray) else pa.chunked_array([made])


def _as_time(column: pa.ChunkedArray, where: str, date: bool) -> pa.ChunkedArray:
    if column.type.tz:
        said = "has a time zone, and times of trials are local as collected"
        raise InputError(said, where=where, mend="remove it: column.dt.tz_localize(None)")
    try:
        local = column.cast(pa.timestamp("us"))
    except pa.ArrowInvalid as error:
        said = "has times of less than a microsecond, or years that no date-time holds"
        raise InputError(said, where=where, mend="round them: column.dt.floor('us')") from error
    if not date:
        return local
    days = local.cast(pa.date32())
    if not pc.all(pc.equal(days.cast(pa.timestamp("us")), local), min_count=0).as_py():
        said = "is a date by its name, and has times of day"
        raise InputError(said, where=where, mend="end the name in DTM, or take the days: column.dt.normalize()")
    return days


def as_series(values: pa.ChunkedArray, index: pd.Index) -> pd.Series:
    """A column as pandas holds it: whole numbers stay whole beside missing ones, dates are datetime64."""
    if pa.types.is_integer(values.type) and values.null_count:
        made = pd.Series(values.to_pandas(types_mapper={values.type: pd.Int64Dtype()}.get), dtype="Int64")
    else:
        made = values.to_pandas(date_as_object=False)
    return pd.Series(made.array, index=index)
