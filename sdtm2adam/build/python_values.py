"""What goes into a function of the verb `python` and what comes back: pandas on its side, checked types on ours."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from sdtm2adam.build.arrow_types import ARROW_TYPES, as_type
from sdtm2adam.build.metadata import type_of
from sdtm2adam.build.pandas_columns import as_column, as_series
from sdtm2adam.build.plan import Plan
from sdtm2adam.build.python_functions import Function
from sdtm2adam.errors import InputError, listed


@dataclass(frozen=True)
class Call:
    """One call: what is called, how messages name what it makes, and where it stands."""

    function: Function
    name: str
    title: str
    where: str

    def fault(self, what: str, mend: str) -> InputError:
        """An error of this call."""
        return InputError(f"{self.title}: {self.name} {what}", where=self.where, mend=mend)

    def made(self, *rows: pd.DataFrame, **inputs: pd.DataFrame) -> Any:
        """What the function gives back.

        Raises:
            InputError: it raises something.
        """
        try:
            return self.function(*rows, **inputs)
        except (Exception, SystemExit) as error:
            said = f"raises {type(error).__name__}: {error or 'without a word'} ({self._line(error)})"
            raise self.fault(said, "correct the function, or the values that it cannot compute") from error

    def _line(self, error: BaseException) -> str:
        """The last line of the function's own package that ran."""
        frames = traceback.extract_tb(error.__traceback__)[1:]
        package = Path(getattr(getattr(self.function, "__code__", None), "co_filename", "")).parent
        own = [frame for frame in frames if Path(frame.filename).is_relative_to(package)] or frames
        return f"{Path(own[-1].filename).name}:{own[-1].lineno}: {own[-1].line}" if own else "when it was called"


def frame_of(plan: Plan, select: str, columns: list[str]) -> pd.DataFrame:
    """The rows of a SELECT as pandas has them: a new frame, counted from 0.

    Args:
        plan: the plan.
        select: in the order that the function is to see.
        columns: those it gives; text, whole numbers (Int64 beside missing ones), floats, datetime64.
    """
    table = plan.warehouse.arrow(select)
    kinds = {row[0]: row[1] for row in plan.warehouse.rows(f"DESCRIBE {select}")}
    index = pd.RangeIndex(table.num_rows)
    made = {name: as_series(as_type(name, table[name], type_of(kinds[name])), index) for name in columns}
    return pd.DataFrame(made, index=index, columns=columns)


def column_of(call: Call, name: str, made: Any, kind: str) -> pa.ChunkedArray:
    """A column of the type that was declared.

    Raises:
        InputError: a value is of another type, or infinite.
    """
    try:
        column = as_column(made, f"{name}: ", date=kind == "date")
    except InputError as error:
        raise call.fault(f"gives {name}, which {error.what}", f"give values of type {kind}, or none") from error
    if column.null_count == len(column):
        return pa.chunked_array([pa.nulls(len(column), ARROW_TYPES[kind])])
    if not _fits(column, kind):
        said = f"gives {name} as {column.type}, where {kind} was said"
        raise call.fault(said, f"give values of type {kind}, or say another type")
    if pa.types.is_floating(column.type):
        column = pc.if_else(pc.is_nan(column), None, column)
        if pc.any(pc.is_inf(column)).as_py():
            raise call.fault(f"gives infinite values of {name}", "give a number, or none where there is none")
    if kind == "text":
        return pc.if_else(pc.equal(column, ""), None, column).cast(ARROW_TYPES[kind])
    try:
        return column.cast(ARROW_TYPES[kind])
    except pa.ArrowInvalid as error:
        said = f"gives values of {name} that are no {kind} ({str(error).splitlines()[0]})"
        raise call.fault(said, f"give values of type {kind}, or say another type") from error


def _fits(column: pa.ChunkedArray, kind: str) -> bool:
    of = pa.types
    number = of.is_integer(column.type) or of.is_floating(column.type) or of.is_decimal(column.type)
    return bool(
        {
            "text": of.is_string(column.type),
            "integer": number,
            "float": number,
            "date": of.is_date(column.type),
            "datetime": of.is_timestamp(column.type),
            "time": of.is_time(column.type),
        }[kind]
    )


def check_series(call: Call, made: Any, rows: pd.DataFrame) -> pd.Series:
    """One value for each row, with the same index.

    Raises:
        InputError: something else.
    """
    mend = "give a pandas Series with one value for each row, and the index of the frame it was given"
    if not isinstance(made, pd.Series):
        raise call.fault(f"gives a {type(made).__name__}, not a Series", mend)
    if len(made) != len(rows):
        raise call.fault(f"gives {len(made):,} values for {len(rows):,} rows", mend)
    if not made.index.equals(rows.index):
        raise call.fault("gives a Series with another index than the rows have", mend)
    return made


def check_frame(call: Call, made: Any, columns: Mapping[str, str]) -> pd.DataFrame:
    """A frame with the columns that were declared, and no other.

    Raises:
        InputError: something else.
    """
    if not isinstance(made, pd.DataFrame):
        raise call.fault(f"gives a {type(made).__name__}, not a DataFrame", "give a pandas DataFrame")
    names = list(made.columns)
    lacking, more = [n for n in columns if n not in names], [str(n) for n in names if n not in columns]
    if lacking or more or len(set(names)) != len(names):
        said = [*([f"lacks {listed(lacking)}"] if lacking else []), *([f"has {listed(more)} too"] if more else [])]
        what = f"gives a frame that {' and '.join(said) or 'has a column twice'}"
        raise call.fault(what, f"give the columns that the block declares: {listed(list(columns))}")
    return made
