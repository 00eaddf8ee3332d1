"""Numbers where numbers are needed, dates where dates are: a text that only reads like one is neither."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sdtm2adam.errors import InputError

_NUMBERS = ("integer", "floating", "mixed-integer-float", "decimal", "empty")
_WORDS: tuple[tuple[Any, str], ...] = ((str, "text"), (date, "date"), ((int, float, np.number), "number"))


def numbers_of(column: Any, name: str, where: str) -> npt.NDArray[np.float64]:
    """A variable as numbers, NaN where it is missing.

    Args:
        column: its values.
        name: the dataset and the variable, `ADLB.AVAL`.
        where: file and line of the spec that asks.

    Raises:
        InputError: it holds anything else, even a text that reads like a number.
    """
    if not (pd.api.types.is_numeric_dtype(column) or pd.api.types.infer_dtype(column, skipna=True) in _NUMBERS):
        _refuse(column, name, where, "number", "name its numeric variable, or give it a numeric type in the dataset")
    return np.asarray(column.to_numpy(dtype=float, na_value=np.nan))


def dates_of(column: Any, name: str, where: str) -> Any:
    """A variable as timestamps, NaT where it is missing.

    Args:
        column: its values.
        name: the dataset and the variable, `ADSL.TRTSDT`.
        where: file and line of the spec that asks.

    Raises:
        InputError: it holds anything else, even a text or a number that means a date.
    """
    timed = pd.api.types.is_datetime64_any_dtype(column)
    if not timed and not all(isinstance(value, date) for value in pd.unique(column.dropna())):
        _refuse(column, name, where, "date", "name its date variable, or give it a date type in the dataset")
    return pd.to_datetime(column)


def _refuse(column: Any, name: str, where: str, needed: str, mend: str) -> None:
    """Stop, but for a variable without any value.

    Raises:
        InputError: naming its first value.
    """
    known = column.dropna()
    if len(known):
        first = known.iloc[0]
        kind = next((word for types, word in _WORDS if isinstance(first, types)), type(first).__name__)
        shown = repr(first) if isinstance(first, str) else str(first)
        raise InputError(f"{name} is a {kind} where a {needed} is needed (first: {shown})", where=where, mend=mend)
