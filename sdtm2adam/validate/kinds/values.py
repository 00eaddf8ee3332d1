"""Kinds of expectation about the values of a record: terms, ranges, flags, dates, days, differences."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from sdtm2adam.validate.kinds.case import Case
from sdtm2adam.validate.kinds.partial_dates import is_after, is_iso_date
from sdtm2adam.validate.records import Mask

TOLERANCE = 1e-9
"""Relative difference up to which two unrounded numbers are the same."""


_NUMBER = r"[<>]?=?\s*[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?"


_N = r"\d+([.,]\d+)?"
_CLOCK = rf"T({_N}H({_N}M)?({_N}S)?|{_N}M({_N}S)?|{_N}S)"
_DURATION = rf"[-+]?P({_N}W|({_N}Y)?({_N}M)?({_N}D)?{_CLOCK}|{_N}Y({_N}M)?({_N}D)?|{_N}M({_N}D)?|{_N}D)"
LABEL_LENGTH = 40


def is_filled(case: Case, variable: str) -> Mask:
    """The variable has a value."""
    return ~case.own.filled(variable)


def is_term(case: Case, variable: str) -> Mask:
    """A value is one of the terms, or a number where the argument `numbers` allows it; missing passes."""
    terms: tuple[str, ...] = case.expectation.argument("terms")
    strange = np.asarray(case.own.filled(variable) & ~case.own.is_value(variable, terms), dtype=bool)
    if case.expectation.argument("numbers"):
        numeric = case.own.as_text(variable).str.fullmatch(_NUMBER).fillna(False)
        strange &= ~np.asarray(numeric, dtype=bool)
    return strange


def _differs_in_case(case: Case, variable: str) -> Mask:
    terms = case.expectation.argument("terms")
    upper = case.own.as_text(variable).str.strip().str.upper().isin([term.upper() for term in terms])
    return np.asarray(is_term(case, variable) & np.asarray(upper, dtype=bool), dtype=bool)


def is_written_as_term(case: Case, variable: str) -> Mask:
    """A value does not differ from a term by capitals or blanks alone."""
    return _differs_in_case(case, variable)


def is_known_term(case: Case, variable: str) -> Mask:
    """A value of an extensible list is one of its terms; what is only miswritten is another kind's."""
    return is_term(case, variable) & ~_differs_in_case(case, variable)


def is_between(case: Case, variable: str) -> Mask:
    """A number lies in the range, ends included; missing passes."""
    low, high = case.expectation.argument("low"), case.expectation.argument("high")
    number = case.own.number(variable)
    below = number < low if low is not None else np.zeros(len(number), dtype=bool)
    above = number > high if high is not None else np.zeros(len(number), dtype=bool)
    return np.asarray(below | above, dtype=bool)


def is_plausible(case: Case, variable: str) -> Mask:
    """A number lies in the range that a table has for its test and unit; what the table does not have passes."""
    by = case.expectation.variables[1:]
    table = pd.DataFrame(case.expectation.argument("table"), columns=[*by, "low", "high"])
    keys = pd.MultiIndex.from_arrays([case.own.as_text(name).astype("object") for name in by])
    row = pd.MultiIndex.from_frame(table[list(by)].astype("object")).get_indexer(keys)
    low, high = (table[end].astype("float64").to_numpy()[row] for end in ("low", "high"))
    number = case.own.number(variable)
    return np.asarray((row >= 0) & ((number < low) | (number > high)), dtype=bool)


def is_empty(case: Case, variable: str) -> Mask:
    """The variable has no value."""
    return case.own.filled(variable)


def is_whole(case: Case, variable: str) -> Mask:
    """A number has no fraction; missing passes."""
    number = case.own.number(variable)
    return np.asarray(~np.isnan(number) & (number != np.round(number)), dtype=bool)


def is_constant(case: Case, variable: str) -> Mask:
    """The variable has one value in all records; the commonest counts as right."""
    column = case.own.as_text(variable)
    counts = column.value_counts(sort=False)
    if len(counts) < 2:
        return np.zeros(len(column), dtype=bool)
    best = counts[counts == counts.max()].index.min()
    return np.asarray(column.notna() & (column != best), dtype=bool)


def is_not_day_zero(case: Case, variable: str) -> Mask:
    """A study day is not 0."""
    return np.asarray(case.own.number(variable) == 0, dtype=bool)


def is_date(case: Case, variable: str) -> Mask:
    """A date of ISO 8601 that the calendar knows, complete or partial."""
    return ~is_iso_date(case.own.text(variable))


def is_duration(case: Case, variable: str) -> Mask:
    """A duration of ISO 8601 (`P2D`, `PT8H30M`, `-PT15M`, `P2W`); missing passes."""
    return case.own.filled(variable) & ~_matches(case, variable, _DURATION)


def is_code(case: Case, variable: str) -> Mask:
    """A code of 1 to 8 capital letters, digits and underscores that does not start with a digit; missing passes."""
    return case.own.filled(variable) & ~_matches(case, variable, r"[A-Z_][A-Z0-9_]{0,7}")


def is_short(case: Case, variable: str) -> Mask:
    """Text of at most 40 characters; missing passes."""
    return np.asarray((case.own.text(variable).str.len() > LABEL_LENGTH).fillna(False), dtype=bool)


def _matches(case: Case, variable: str, pattern: str) -> Mask:
    return np.asarray(case.own.text(variable).str.fullmatch(pattern).fillna(False), dtype=bool)


def is_not_after(case: Case, variable: str) -> Mask:
    """The first variable is not later or larger than the second; dates on the precision both have.

    Raises:
        CannotAsk: one holds text, the other does not.
    """
    second = case.expectation.variables[1]
    if "str" in (case.own.column(variable).dtype, case.own.column(second).dtype):
        return is_after(case.own.text(variable), case.own.text(second))
    later = case.own.column(variable) > case.own.column(second)
    return np.asarray(later.fillna(False), dtype=bool)


def is_filled_with(case: Case, variable: str) -> Mask:
    """The first variable has a value wherever the second has one (or one of the values `when`)."""
    other, when = case.expectation.variables[1], case.expectation.argument("when")
    asked = case.own.filled(other) if when is None else case.own.is_value(other, when)
    return asked & ~case.own.filled(variable)


def is_filled_only_with(case: Case, variable: str) -> Mask:
    """The first variable has a value only where the second has one (or one of the values `when`)."""
    other, when = case.expectation.variables[1], case.expectation.argument("when")
    allowed = case.own.filled(other) if when is None else case.own.is_value(other, when)
    return case.own.filled(variable) & ~allowed


def is_missing_with(case: Case, variable: str) -> Mask:
    """The first variable has no value where the second has one of the values `when`."""
    return case.own.filled(variable) & case.own.is_value(
        case.expectation.variables[1], case.expectation.argument("when")
    )


def same_number(left: npt.NDArray[np.float64], right: npt.NDArray[np.float64]) -> Mask:
    """Where two unrounded numbers are the same."""
    return np.asarray(np.isclose(left, right, rtol=TOLERANCE, atol=TOLERANCE, equal_nan=True), dtype=bool)


def is_change(case: Case, variable: str) -> Mask:
    """CHG is AVAL minus BASE."""
    change, value, base = (case.own.number(name) for name in (variable, *case.expectation.variables[1:3]))
    return ~np.isnan(change) & ~same_number(change, value - base)


def is_percent_change(case: Case, variable: str) -> Mask:
    """PCHG is 100 times the change divided by BASE, and missing where BASE is 0."""
    percent, value, base = (case.own.number(name) for name in (variable, *case.expectation.variables[1:3]))
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = np.where(base == 0, np.nan, 100 * (value - base) / base)
    return ~np.isnan(percent) & ~same_number(percent, expected)


def is_baseline_value(case: Case, variable: str) -> Mask:
    """BASE is AVAL on the baseline record."""
    base, value = case.own.number(variable), case.own.number(case.expectation.variables[1])
    flagged = case.own.is_value(case.expectation.variables[2], ["Y"])
    return flagged & ~same_number(base, value)


def is_days_between(case: Case, variable: str) -> Mask:
    """AVAL in days is ADT minus STARTDT plus one."""
    _, start, end, unit = case.expectation.variables
    first, last = case.own.column(start), case.own.column(end)
    in_days = case.own.text(unit).str.fullmatch(r"days?|.*\(days?\)", case=False).fillna(False)
    days = (last - first).dt.days + 1
    value = case.own.number(variable)
    asked = np.asarray(in_days & days.notna(), dtype=bool) & ~np.isnan(value)
    return asked & ~same_number(value, days.to_numpy(dtype="float64", na_value=np.nan))
