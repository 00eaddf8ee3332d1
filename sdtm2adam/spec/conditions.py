"""Conditions of displays, met or not by records.

Nulls follow SQL: a comparison with a missing value is unknown, and an unknown condition is not met. Whether a value is
missing is asked by the empty text: `= ''` is met by missing values, `<> ''` by all others, whatever their type.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

from sdtm2adam.errors import SpecError
from sdtm2adam.spec.condition_text import (
    ARS_COMPARATORS,
    Comparison,
    Compound,
    Condition,
    both,
    comparisons,
    parse,
    to_sql,
)

__all__ = ["ARS_COMPARATORS", "Comparison", "Compound", "Condition", "both", "comparisons", "holds", "parse", "to_sql"]

Column = Callable[[str, str], Any]


def holds(condition: Condition | None, column: Column, rows: int) -> np.ndarray:
    """Which rows meet a condition; unknown is not met.

    Args:
        condition: None is met by all rows.
        column: gives the values of (dataset, variable), one per row.
        rows: number of rows.

    Raises:
        SpecError: a literal does not fit the type of its variable.
    """
    return np.ones(rows, dtype=bool) if condition is None else _evaluate(condition, column)[0]


def _evaluate(condition: Condition, column: Column) -> tuple[np.ndarray, np.ndarray]:
    """(true, false) of each row; neither is unknown."""
    if isinstance(condition, Comparison):
        return _compare(condition, column(condition.dataset, condition.variable))
    pairs = [_evaluate(part, column) for part in condition.parts]
    if condition.operator == "NOT":
        return pairs[0][1], pairs[0][0]
    trues, falses = np.stack([pair[0] for pair in pairs]), np.stack([pair[1] for pair in pairs])
    if condition.operator == "AND":
        return np.asarray(trues.all(axis=0)), np.asarray(falses.any(axis=0))
    return np.asarray(trues.any(axis=0)), np.asarray(falses.all(axis=0))


def _compare(comparison: Comparison, values: Any) -> tuple[np.ndarray, np.ndarray]:
    series = pd.Series(values).reset_index(drop=True)
    known = series.notna().to_numpy()
    if comparison.values == ("",) and comparison.comparator in ("=", "<>"):
        known = known & (series != "").to_numpy()
        return (known, ~known) if comparison.comparator == "<>" else (~known, known)
    wanted = _typed(comparison, series[known])
    met = np.zeros(len(series), dtype=bool)
    met[known] = _OPERATIONS[comparison.comparator](series[known], wanted)
    return met, known & ~met


_OPERATIONS: dict[str, Callable[[Any, list[Any]], Any]] = {
    "=": lambda series, wanted: series == wanted[0],
    "<>": lambda series, wanted: series != wanted[0],
    "<": lambda series, wanted: series < wanted[0],
    "<=": lambda series, wanted: series <= wanted[0],
    ">": lambda series, wanted: series > wanted[0],
    ">=": lambda series, wanted: series >= wanted[0],
    "IN": lambda series, wanted: series.isin(wanted),
    "NOT IN": lambda series, wanted: ~series.isin(wanted),
}


def _typed(comparison: Comparison, series: Any) -> list[Any]:
    """The literals as values of the variable's type."""
    numeric = pd.api.types.is_numeric_dtype(series)
    texts = [isinstance(value, str) for value in comparison.values]
    if len(series) == 0 or (numeric and not any(texts)):
        return list(comparison.values)
    if not numeric and all(texts):
        if isinstance(series.iloc[0], str):
            return list(comparison.values)
        stamps = [_date(comparison, str(value)) for value in comparison.values]
        return stamps if pd.api.types.is_datetime64_any_dtype(series) else [stamp.date() for stamp in stamps]
    name, other = f"{comparison.dataset}.{comparison.variable}", comparison.values[texts.index(numeric)]
    raise SpecError(
        f"{name} is {'a number' if numeric else 'a text'} and is compared with {other!r}",
        where=to_sql(comparison),
        mend="write numbers bare and texts in single quotes",
    )


def _date(comparison: Comparison, text: str) -> pd.Timestamp:
    """A date of a condition."""
    try:
        return pd.Timestamp(datetime.fromisoformat(text))
    except ValueError:
        what = f"{comparison.dataset}.{comparison.variable} is a date and is compared with {text!r}"
        raise SpecError(what, where=to_sql(comparison), mend="write dates as 'YYYY-MM-DD'") from None
