"""The values of a dataset that an XPT file of version 5 cannot hold, found before anything is written."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sdtm2adam.errors import InputError
from sdtm2adam.files.xpt.columns import chunks, microseconds, numbers, raw_bytes, texts
from sdtm2adam.files.xpt.formats import FIRST_DAY, LAST_DAY
from sdtm2adam.files.xpt.ibm import Flags, Floats, fits, from_ibm
from sdtm2adam.model import Dataset, Variable

MOST_TEXT_BYTES = 200
MOST_TOLD = 5
"""Records told of one variable with one fault; the rest is counted."""
_BLANK_NUMBER = float(from_ibm(np.full((1, 8), ord(" "), dtype=np.uint8))[0][0])
_WHOLE_LIMIT = 2.0**53
_SPLIT_LIMIT = 2.0**33
"""Seconds from which (the year 2232) a double cannot hold every microsecond."""


@dataclass(frozen=True, slots=True)
class _Fault:
    """Rows of a piece of a column with one kind of fault: which, what to say of one of them, how to mend."""

    wrong: Flags
    says: Callable[[int], str]
    mend: str


@dataclass(slots=True)
class _Found:
    """What was found of one kind of fault over the whole column."""

    count: int = 0
    told: list[tuple[int, str]] = field(default_factory=list)

    def add(self, start: int, fault: _Fault) -> None:
        rows = np.flatnonzero(fault.wrong)
        self.count += len(rows)
        self.told += [(start + int(row), fault.says(int(row))) for row in rows[: MOST_TOLD - len(self.told)]]


def longest_texts(dataset: Dataset) -> dict[str, int]:
    """The longest value of each text variable in bytes, trailing blanks left out."""
    return {
        variable.name: max(
            (pc.max(pc.binary_length(texts(piece[variable.name]))).as_py() for _, piece in chunks(dataset.frame)),
            default=0,
        )
        for variable in dataset.variables
        if variable.type == "text"
    }


def value_errors(dataset: Dataset, longest: dict[str, int]) -> Iterator[InputError]:
    """One error for each of the first few values of a variable with the same fault, and how many more have it."""
    for variable in dataset.variables:
        found: dict[str, _Found] = {}
        for start, piece in chunks(dataset.frame):
            for fault in _faults(piece[variable.name], variable, longest):
                if fault.wrong.any():
                    found.setdefault(fault.mend, _Found()).add(start, fault)
        for mend, kind in found.items():
            yield from _errors(dataset, variable.name, kind, mend)
    blank = _Found()
    for start, piece in chunks(dataset.frame):
        blank.add(start, _Fault(_all_blank(piece, dataset.variables), lambda _: "the record is blank throughout", ""))
    mend = "leave the record out: a reader of XPT cannot tell it from the blanks that fill the file"
    yield from _errors(dataset, "", blank, mend)


def _errors(dataset: Dataset, variable: str, found: _Found, mend: str) -> Iterator[InputError]:
    more = found.count - len(found.told)
    for place, (row, what) in enumerate(found.told, start=1):
        suffix = f" (and {more:,} more records)" if more and place == len(found.told) else ""
        parts = [dataset.name, _record(dataset, row), f"variable {variable}" if variable else ""]
        yield InputError(what + suffix, where=", ".join(part for part in parts if part), mend=mend)


def _record(dataset: Dataset, row: int) -> str:
    """A record by its row number and the values of its keys."""
    keys = [name for name in dataset.keys if name in dataset.frame.column_names]
    values = [f"{name}={dataset.frame[name][row].as_py()}" for name in keys]
    return f"row {row + 1}" + (f" ({', '.join(values)})" if values else "")


def _faults(column: pa.ChunkedArray, variable: Variable, longest: dict[str, int]) -> Iterator[_Fault]:
    if variable.type == "text":
        yield from _text_faults(texts(column), variable, longest[variable.name])
    else:
        yield from _number_faults(numbers(column, variable), column, variable)


def _text_faults(values: pa.Array, variable: Variable, longest: int) -> Iterator[_Fault]:
    offsets, data = raw_bytes(values)
    places = np.flatnonzero((data < 0x20) | (data > 0x7E))
    if len(places):
        wrong = np.zeros(len(values), dtype=np.bool_)
        wrong[np.searchsorted(offsets, places, side="right") - 1] = True
        mend = "correct the value at its source, or map the character to ASCII in the spec; it is not replaced unasked"
        yield _Fault(wrong, lambda row: _says_character(values[row].as_py()), mend)
    allowed = min(variable.length or MOST_TEXT_BYTES, MOST_TEXT_BYTES)
    if longest > allowed:
        mend = f"split the text into pieces of at most {MOST_TEXT_BYTES} bytes (SUPP--, COVAL1 and on); it is not cut"
        if allowed < MOST_TEXT_BYTES:
            mend = "declare a greater length in the spec, or correct the value at its source; it is not cut"
        yield _Fault(np.diff(offsets) > allowed, lambda row: _says_length(values[row].as_py(), allowed), mend)


def _number_faults(values: Floats, column: pa.ChunkedArray, variable: Variable) -> Iterator[_Fault]:
    held = ~np.isnan(values)

    def says(fault: str) -> Callable[[int], str]:
        return lambda row: f"{column[row].as_py()} {fault}"

    if variable.type in {"date", "datetime"}:
        days = np.floor(values / (1 if variable.type == "date" else 86_400))
        mend = "correct the date at its source"
        outside = held & ((days < FIRST_DAY) | (days > LAST_DAY))
        yield _Fault(
            outside, says("is not within 1582-01-01 to 3999-12-31, where SAS counts days as the calendar does"), mend
        )
    if variable.type == "datetime":
        split = held & (np.abs(values) >= _SPLIT_LIMIT) & (microseconds(column) != 0)
        yield _Fault(split, says("has parts of a second that a double cannot hold so far from 1960"), mend)
        return
    range_mend = "correct the value at its source, or let the spec give it in another unit; it is not rounded"
    yield _Fault(held & ~fits(values), says("is outside what XPT holds (5.4e-79 to 7.2e75 in size)"), range_mend)
    if variable.type == "integer" or pa.types.is_integer(column.type):
        large = held & (np.abs(values) >= _WHOLE_LIMIT) & fits(values)
        yield _Fault(large, says("has more digits than XPT holds"), "make the variable text in the spec")
        broken = held & fits(values) & (values != np.floor(values))
        yield _Fault(broken, says("is not a whole number"), "make the variable a float in the spec, or round it there")


def _all_blank(piece: pa.Table, variables: tuple[Variable, ...]) -> Flags:
    """Records whose bytes would all be blanks."""
    blank = np.ones(piece.num_rows, dtype=np.bool_)
    for variable in variables:
        if not blank.any():
            break
        column = piece[variable.name]
        if variable.type == "text":
            blank &= np.diff(raw_bytes(texts(column))[0]) == 0
        else:
            blank &= numbers(column, variable) == _BLANK_NUMBER
    return blank


def _says_character(value: str) -> str:
    character = next(character for character in value if not " " <= character <= "~")
    return f"{_short(value)} holds the character {character!a} (U+{ord(character):04X}), which is not printable ASCII"


def _says_length(value: str, allowed: int) -> str:
    return f"{_short(value)} has {len(value.encode('utf-8'))} bytes, {allowed} are allowed"


def _short(value: str, most: int = 60) -> str:
    return repr(value if len(value) <= most else value[:most] + "...")
