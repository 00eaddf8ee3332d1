"""Numbers of SAS as the texts that their formats show: dates, datetimes and times in ISO 8601."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sdtm2adam.files.raw_notice import Notice
from sdtm2adam.files.raw_text import decimal_texts
from sdtm2adam.files.xpt.formats import EPOCH_DAYS, FIRST_DAY, LAST_DAY, Format
from sdtm2adam.files.xpt.ibm import Flags, Floats
from sdtm2adam.model import Severity

_DAY = 86_400
_MONTHS = frozenset({"MONYY", "YYMON", *(f"{part}{mark}" for part in ("MMYY", "YYMM") for mark in ("", *"CDNPS"))})
_SECONDS_FROM = {
    "DATETIME": 16, "DATEAMPM": 19, "MDYAMPM": 999, "E8601DT": 19, "B8601DT": 15, "IS8601DT": 19,
    "TIME": 7, "TIMEAMPM": 10, "TOD": 7, "HHMM": 999, "E8601TM": 8, "B8601TM": 6, "IS8601TM": 8,
}  # fmt: skip
"""The width from which a format shows seconds; without a width all of these but HHMM and MDYAMPM do."""
_DAYS_OF_DATETIMES = frozenset({"DTDATE", "E8601DN", "B8601DN", "IS8601DN", "DTWKDATX"})


@dataclass(frozen=True, slots=True)
class SasTexts:
    """A column as texts; `strange` marks the numbers that their format cannot show, given as numbers.

    `coarse` tells that the format shows no day while the numbers have one.
    """

    values: pa.Array
    strange: Flags
    coarse: bool = False


def sas_texts(values: Floats, missing: Flags, form: Format) -> SasTexts:
    """Numbers as texts: ISO 8601 if the format is one of dates, datetimes or times, else decimal numbers.

    What a format does not show is left out if it is nothing (seconds 0 in TIME5., midnight in DTDATE9., the first of
    the month in MONYY7., of the year in YEAR4.), and given if it is something. A number that cannot be such a date or
    time stays a number.

    Args:
        values: n doubles as SAS counts: days, or seconds, since 1960-01-01; seconds since midnight.
        missing: which are missing.
        form: the format of the variable.
    """
    if form.kind == "date":
        return _dates(values, missing, form)
    if form.kind == "datetime":
        return _datetimes(values, missing, form)
    if form.kind == "time":
        return _times(values, missing, form)
    return SasTexts(decimal_texts(values, missing), np.zeros(len(values), dtype=np.bool_))


def sas_notices(column: str, form: Format, texts: SasTexts, special: dict[str, int], first: int = 1) -> list[Notice]:
    """What is to be told of a column: numbers that are no dates, months shown where days are kept, special missings.

    Args:
        column: its name.
        form: its format.
        texts: the values.
        special: how often each special missing value (`.A`) stands there.
        first: the number of the first row.
    """
    found = []
    if count := int(texts.strange.sum()):
        rows = np.flatnonzero(texts.strange)
        what = f"{column}: {count:,} of its numbers cannot be a {form.kind}, as the format {form} says; kept as numbers"
        places = tuple(f"row {row + first}" for row in rows[:5])
        value = str(texts.values[int(rows[0])].as_py())
        found.append(Notice("raw-sas-format", Severity.ERROR, what, column, value, count, places))
    if texts.coarse:
        what = f"{column} is shown by its format {form} without a day; whether the days stored were collected is open"
        found.append(Notice("raw-date-coarse", Severity.WARNING, what, column, records=len(texts.values)))
    for letter, count in sorted(special.items()):
        what = f"{column}: the special missing value {letter} of SAS is read as missing (records: {count:,})"
        found.append(Notice("raw-special-missing", Severity.NOTE, what, column, letter, count))
    return found


class SasPieces:
    """The texts of one variable, read piece by piece, and what is to be told of its numbers."""

    def __init__(self, column: str, form: Format) -> None:
        self.column, self.form = column, form
        self.special: Counter[str] = Counter()
        self._pieces: list[pa.Array] = []
        self._strange: list[Flags] = []
        self._coarse = False

    def add_texts(self, texts: pa.Array) -> None:
        """The next texts of a text variable."""
        self._pieces.append(texts)

    def add_numbers(self, values: Floats, missing: Flags) -> None:
        """The next values of a numeric variable, as texts by its format."""
        texts = sas_texts(values, missing, self.form)
        self._pieces.append(texts.values)
        self._strange.append(texts.strange)
        self._coarse |= texts.coarse

    @property
    def values(self) -> pa.ChunkedArray:
        """All texts."""
        return pa.chunked_array(self._pieces, pa.string())

    def notices(self) -> list[Notice]:
        """What is to be told of a numeric variable."""
        strange = np.concatenate(self._strange) if self._strange else np.zeros(0, dtype=np.bool_)
        return sas_notices(self.column, self.form, SasTexts(self.values, strange, self._coarse), dict(self.special))


def _shows_seconds(form: Format) -> bool:
    limit = _SECONDS_FROM.get(form.name, 0)
    return limit < 999 and (form.width == 0 or form.width >= limit)


def _or_numbers(iso: pa.Array, values: Floats, missing: Flags, wrong: Flags) -> pa.Array:
    return pc.coalesce(iso, decimal_texts(values, missing | ~wrong)) if wrong.any() else iso


def _dates(values: Floats, missing: Flags, form: Format) -> SasTexts:
    wrong = ~missing & ((values != np.floor(values)) | (values < FIRST_DAY) | (values > LAST_DAY))
    days = np.where(wrong | missing, 0, values) - EPOCH_DAYS
    iso = pa.array(days.astype(np.int32), mask=missing | wrong).cast(pa.date32()).cast(pa.string())
    shown = 7 if form.name in _MONTHS else 4 if form.name == "YEAR" else 0
    if shown:
        iso = pc.if_else(_ends(iso, "-01-01" if shown == 4 else "-01"), pc.utf8_slice_codeunits(iso, 0, shown), iso)
    return SasTexts(_or_numbers(iso, values, missing, wrong), wrong, bool(shown) and not bool(missing.all()))


def _ends(texts: pa.Array, end: str) -> pa.Array:
    return pc.ends_with(texts, end)


def _datetimes(values: Floats, missing: Flags, form: Format) -> SasTexts:
    wrong = ~missing & ((values < FIRST_DAY * _DAY) | (values >= (LAST_DAY + 1) * _DAY))
    usable = np.where(wrong | missing, 0, values)
    days = np.floor(usable / _DAY)
    date = pa.array((days - EPOCH_DAYS).astype(np.int32), mask=missing | wrong).cast(pa.date32()).cast(pa.string())
    rest = usable - days * _DAY
    iso = pc.binary_join_element_wise(date, _clock(rest, _shows_seconds(form)), "T")
    if form.name in _DAYS_OF_DATETIMES:
        iso = pc.if_else(pa.array(rest == 0), date, iso)
    return SasTexts(_or_numbers(iso, values, missing, wrong), wrong)


def _times(values: Floats, missing: Flags, form: Format) -> SasTexts:
    wrong = ~missing & ((values < 0) | (values >= 100 * 3600))
    usable = np.where(wrong | missing, 0, values)
    iso = pc.if_else(pa.array(missing | wrong), pa.scalar(None, pa.string()), _clock(usable, _shows_seconds(form)))
    return SasTexts(_or_numbers(iso, values, missing, wrong), wrong)


def _clock(seconds: Floats, show_seconds: bool) -> pa.Array:
    """Seconds of a day as HH:MM:SS with the parts of a second there are; HH:MM where no seconds are shown nor held."""
    micro = np.rint(seconds * 1_000_000).astype(np.int64)
    whole, fraction = micro // 1_000_000, micro % 1_000_000
    clock = pc.binary_join_element_wise(_two(whole // 3600), _two(whole // 60 % 60), ":")
    full = pc.binary_join_element_wise(clock, _two(whole % 60), ":")
    if fraction.any():
        digits = pc.utf8_rtrim(pc.utf8_lpad(pa.array(fraction).cast(pa.string()), 6, "0"), "0")
        full = pc.if_else(pa.array(fraction > 0), pc.binary_join_element_wise(full, digits, "."), full)
    if show_seconds:
        return full
    return pc.if_else(pa.array(micro % 60_000_000 == 0), clock, full)


def _two(numbers: np.ndarray) -> pa.Array:
    return pc.utf8_lpad(pa.array(numbers).cast(pa.string()), 2, "0")
