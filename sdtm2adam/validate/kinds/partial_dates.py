"""ISO 8601 dates as SDTM holds them: complete or partial, with a calendar.

Written apart from the date functions that make the data, so that one mistake cannot both make and pass a wrong date.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from sdtm2adam.validate.records import Mask

Numbers = npt.NDArray[np.int64]

_DATE = (
    r"(?:(?P<year>\d{4})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2}))?)?"
    r"|(?P<year_of_day>\d{4})---(?P<day_of_year>\d{2})"
    r"|--(?P<month_alone>\d{2})(?:-(?P<day_of_month>\d{2}))?"
    r"|-----(?P<day_alone>\d{2}))"
)
_TIME = r"(?P<hour>\d{2}|-)(?::(?P<minute>\d{2}|-)(?::(?P<second>\d{2})(?:[.,]\d+)?)?)?"
_ZONE = r"(?:Z|[+-]\d{2}(?::?\d{2})?)?"
_POINT = rf"^{_DATE}(?P<clock>T{_TIME}{_ZONE})?$"
_KNOWN = r"^(?P<known>\d{4}(?:-\d{2}(?:-\d{2}(?:T\d{2}(?::\d{2}(?::\d{2})?)?)?)?)?)"
_ZONED = r"T.*(?:Z|[+-]\d{2}(?::?\d{2})?)$"
_WIDTHS = (4, 7, 10, 13, 16, 19)
_DAYS = np.array([31, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])  # month 0: not known


def is_iso_date(text: pd.Series) -> Mask:
    """Where a text is a date of ISO 8601 that the calendar knows; missing passes.

    Right truncation (`2024-02`), missing middles (`2024---15`, `--02-15`), times with missing parts and intervals
    (`a/b`) are allowed, as the SDTM Implementation Guide does; 30 February and hour 24 are not.

    >>> is_iso_date(pd.Series(["2024-02-29", "2023-02-29", "2024---15", "2024-13", None])).tolist()
    [True, False, True, False, True]
    """
    codes, distinct = pd.factorize(text)
    halves = pc.split_pattern(pa.array(distinct, pa.large_string()), "/", max_splits=1)
    two = pc.equal(pc.list_value_length(halves), 2).to_numpy(zero_copy_only=False)
    valid = _valid_points(pc.list_element(halves, 0))
    if two.any():
        valid[two] &= _valid_points(pc.list_element(halves.filter(pa.array(two)), 1))
    return np.asarray(np.append(valid, True)[codes], dtype=bool)


def _valid_points(text: pa.Array) -> Mask:
    """Where a text without `/` is one point of time, on the calendar and on the clock."""
    parts = pc.extract_regex(text, _POINT)
    year = _number(parts, "year", "year_of_day", missing=2000)
    month = _number(parts, "month", "month_alone", missing=0)
    day = _number(parts, "day", "day_of_year", "day_of_month", "day_alone", missing=0)
    has_month, has_day = (
        _has(parts, "month", "month_alone"),
        _has(parts, "day", "day_of_year", "day_of_month", "day_alone"),
    )
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    longest = _DAYS[np.clip(month, 0, 12)] - ((month == 2) & ~leap)
    on_calendar = (year >= 1) & (month <= 12) & (day <= longest) & ((month >= 1) | ~has_month) & ((day >= 1) | ~has_day)
    return np.asarray(_true(pc.is_valid(parts)) & on_calendar & _valid_times(parts, has_day), dtype=bool)


def _valid_times(parts: pa.Array, has_day: Mask) -> Mask:
    """Hours to 23, minutes and seconds to 59; a time needs a day, and its last part is known."""
    hour, minute, second = (_number(parts, name, missing=0) for name in ("hour", "minute", "second"))
    in_clock = (hour < 24) & (minute < 60) & (second < 60)
    known = {name: pc.equal(pc.struct_field(parts, name), "-") for name in ("hour", "minute")}
    last_unknown = pc.or_(
        pc.and_(known["minute"], pc.equal(pc.struct_field(parts, "second"), "")),
        pc.and_(known["hour"], pc.equal(pc.struct_field(parts, "minute"), "")),
    )
    return in_clock & ~_true(last_unknown) & (has_day | ~_has(parts, "clock"))


def _true(values: pa.Array) -> Mask:
    return np.asarray(pc.fill_null(values, False).to_numpy(zero_copy_only=False), dtype=bool)


def _has(parts: pa.Array, *names: str) -> Mask:
    """Where one of these groups has been found."""
    found = [_true(pc.not_equal(pc.struct_field(parts, name), "")) for name in names]
    return np.asarray(np.logical_or.reduce(found), dtype=bool)


def _number(parts: pa.Array, *names: str, missing: int) -> Numbers:
    """The number of the one group that has been found."""
    number = np.full(len(parts), missing, dtype=np.int64)
    for name in names:
        digits = pc.struct_field(parts, name)
        digits = pc.if_else(pc.match_substring_regex(digits, r"^\d+$"), digits, pa.scalar(None, digits.type))
        found = _true(pc.is_valid(digits))
        number[found] = digits.filter(pa.array(found)).cast(pa.int64()).to_numpy()
    return number


def known_part(text: pd.Series) -> pd.Series:
    """The part of a date that is known from the left: `2024---15` is known to the year; a zone ends it at the day.

    >>> known_part(pd.Series(["2024-02-29T10:30", "2024---15", "2024-02-29T10:30+09:00"])).tolist()
    ['2024-02-29T10:30', '2024', '2024-02-29']
    """
    return pd.Series(_known(text).to_pandas(), index=text.index, dtype="str")


def _known(text: pd.Series) -> pa.Array:
    column = pa.array(text, pa.large_string(), from_pandas=True)
    known = pc.struct_field(pc.extract_regex(column, _KNOWN), "known")
    zoned = pc.match_substring_regex(column, _ZONED)
    return pc.if_else(zoned, pc.utf8_slice_codeunits(known, 0, 10), known)


def is_after(first: pd.Series, second: pd.Series, most: int = 19) -> Mask:
    """Where the first date is later than the second on the precision that both have, at most `most` characters.

    >>> is_after(pd.Series(["2024-03", "2024-02-02"]), pd.Series(["2024-02-10", "2024-02"])).tolist()
    [True, False]
    """
    left, right = _known(first), _known(second)
    width = pc.min_element_wise(
        pc.utf8_length(left), pc.utf8_length(right), pa.scalar(most, pa.int64()), skip_nulls=False
    )
    after = np.zeros(len(left), dtype=bool)
    for characters in _WIDTHS:
        pair = [pc.utf8_slice_codeunits(side, 0, characters) for side in (left, right)]
        after |= _true(pc.equal(width, characters)) & _true(pc.greater(*pair))
    return after
