"""Values to the text of an export: dates, numbers, labels; whole columns at a time."""

from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sdtm2adam.simulate.streams import Bools, Floats

Text = Any
"""A column of text: a pyarrow string array."""

_FIRST, _LAST = "1920-01-01", "2040-01-01"
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_FORMS = {
    "DD MON YYYY": "{d} {m} {y}",
    "DDMONYYYY": "{d}{m}{y}",
    "YYYY-MM-DD": "{y}-{n}-{d}",
    "MM/DD/YYYY": "{n}/{d}/{y}",
}
_PARTIAL = {"day": "UN {m} {y}", "month": "UN UNK {y}"}


def epoch_day(date: Any) -> int:
    """Days from 1970-01-01.

    >>> epoch_day("1970-02-01")
    31
    """
    return int(np.datetime64(date, "D").astype(np.int64))


@cache
def _calendar(pattern: str) -> Text:
    days = np.arange(np.datetime64(_FIRST), np.datetime64(_LAST)).astype(str)
    parts = (str(day).split("-") for day in days)
    return pa.array([pattern.format(y=y, n=n, m=_MONTHS[int(n) - 1], d=d) for y, n, d in parts])


def dates(days: Floats, form: str = "DD MON YYYY", partial: str = "") -> Text:
    """Days from 1970 as text; days that are not finite are blank. `partial` leaves out the `day` or the `month`.

    >>> dates(np.array([0.0, np.inf])).to_pylist(), dates(np.array([31.0]), partial="day").to_pylist()
    (['01 JAN 1970', None], ['UN FEB 1970'])
    """
    known = np.isfinite(days)
    place = np.where(known, days, epoch_day(_FIRST)).astype(np.int64) - epoch_day(_FIRST)
    return _calendar(_PARTIAL.get(partial) or _FORMS[form]).take(pa.array(place, mask=~known))


def numbers(values: NDArray[Any], digits: int = 0, valid: Bools | None = None) -> Text:
    """Numbers as text with a fixed number of decimals; where not `valid`, or not finite, blank.

    >>> numbers(np.array([1.5, 12.0, np.nan]), 2).to_pylist()
    ['1.50', '12.00', None]
    """
    known = np.isfinite(values) if valid is None else np.isfinite(values) & valid
    scaled = np.rint(np.where(known, values, 0) * 10**digits).astype(np.int64)
    if not digits:
        return pc.cast(pa.array(scaled, mask=~known), pa.string())
    whole, part = np.divmod(scaled, 10**digits)
    fraction = pa.array([f".{k:0{digits}d}" for k in range(10**digits)]).take(pa.array(part))
    return pc.binary_join_element_wise(pc.cast(pa.array(whole, mask=~known), pa.string()), fraction, "")


def labels(names: list[str], codes: Any, valid: Bools | None = None) -> Text:
    """The names of codes 0, 1, ...; where not `valid`, blank.

    >>> labels(["No", "Yes"], np.array([1, 0]), np.array([True, False])).to_pylist()
    ['Yes', None]
    """
    mask = None if valid is None else ~valid
    return pa.array(names, pa.string()).take(pa.array(np.asarray(codes, dtype=np.int64), mask=mask))


def yes_no(flag: Any, valid: Bools | None = None) -> Text:
    """Yes or No."""
    return labels(["No", "Yes"], flag, valid)


def ticks(flag: Any) -> Text:
    """1 where a box is ticked, else blank."""
    return labels(["1"], np.zeros(len(flag)), np.asarray(flag, dtype=bool))


def times(minutes: Floats, valid: Bools | None = None) -> Text:
    """Minutes after midnight as HH:MM; beyond midnight the clock starts again."""
    clock = [f"{k // 60:02d}:{k % 60:02d}" for k in range(24 * 60)]
    known = np.isfinite(minutes) if valid is None else np.isfinite(minutes) & valid
    return labels(clock, np.where(known, minutes, 0) % (24 * 60), known)


def choose(first: Bools, then: Text, otherwise: Text) -> Text:
    """Row by row, one of two columns."""
    return pc.if_else(pa.array(first), then, otherwise)


def join(*columns: Any) -> Text:
    """Texts and columns, one after the other; blank where one of them is.

    >>> join("A", labels(["x", "y"], np.array([1]))).to_pylist()
    ['Ay']
    """
    return pc.binary_join_element_wise(*columns, "")


def days_of(text: Text, form: str = "DD MON YYYY") -> Floats:
    """Dates as text to days from 1970; what is no complete date is not a number.

    >>> days_of(pa.array(["01 FEB 1970", "UN FEB 1970", None])).tolist()
    [31.0, nan, nan]
    """
    place = np.asarray(pc.fill_null(pc.index_in(text, value_set=_calendar(_FORMS[form])), -1), dtype=np.float64)
    return np.where(place < 0, np.nan, place + epoch_day(_FIRST))
