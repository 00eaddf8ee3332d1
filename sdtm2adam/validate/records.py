"""The records of a dataset as the checks see them: columns by name, blank text as missing, keys in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from sdtm2adam.model import MOST_KEYS, Dataset

Mask = npt.NDArray[np.bool_]
"""One true or false for each record."""

_DIGITS = 12
_EXACT_POWERS = 22  # powers of ten up to here are exact in a double


class CannotAsk(Exception):  # noqa: N818 - not a fault of the program: what is asked does not fit the data
    """An expectation cannot be put to these records: the variable is missing, or holds another type."""


class Records:
    """The records of one dataset. Nothing here changes the dataset.

    Text that is empty or blank counts as missing; whether it stands in the data at all is a rule of its own.
    """

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset
        self.names: tuple[str, ...] = tuple(dataset.frame.column_names)
        self._columns: dict[str, pd.Series] = {}

    def __len__(self) -> int:
        return int(self.dataset.frame.num_rows)

    def has(self, *names: str) -> bool:
        """Whether all these variables are in the records."""
        return all(name in self.names for name in names)

    def arrow(self, name: str) -> pa.Array:
        """The column as it is stored."""
        if self.names.count(name) != 1:
            found = "is not in the data" if name not in self.names else "stands twice in the data"
            raise CannotAsk(f"{name} {found}")
        column = self.dataset.frame.column(name).combine_chunks()
        if isinstance(column, pa.ChunkedArray):
            column = column.chunk(0) if column.num_chunks else pa.array([], column.type)
        return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column

    def column(self, name: str) -> pd.Series:
        """The column in pandas: text as `str`, integers as `Int64`, dates as `datetime64`; blank text is missing."""
        if name not in self._columns:
            self._columns[name] = _to_pandas(self.arrow(name))
        return self._columns[name]

    def text(self, name: str) -> pd.Series:
        """A text column.

        Raises:
            CannotAsk: it holds another type.
        """
        column = self.column(name)
        if not is_text(self.arrow(name).type):
            raise CannotAsk(f"{name} holds {self.arrow(name).type}, not text")
        return column

    def number(self, name: str) -> npt.NDArray[np.float64]:
        """A column of numbers, missing as NaN.

        Raises:
            CannotAsk: it holds another type.
        """
        kind = self.arrow(name).type
        if not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_null(kind)):
            raise CannotAsk(f"{name} holds {kind}, not numbers")
        numbers: npt.NDArray[np.float64] = self.column(name).to_numpy(dtype="float64", na_value=np.nan)
        return numbers

    def filled(self, name: str) -> Mask:
        """Where the variable has a value."""
        return np.asarray(self.column(name).notna(), dtype=bool)

    def is_value(self, name: str, values: Iterable[str]) -> Mask:
        """Where the variable has one of these values, compared as text."""
        return np.asarray(self.as_text(name).isin(list(values)), dtype=bool)

    def as_text(self, name: str) -> pd.Series:
        """The values as text: whole numbers without a decimal point, dates as ISO 8601."""
        return canonical_text(self.column(name))

    def key_names(self) -> tuple[str, ...]:
        """The variables that name a record: the subject, then the sequence number, else the keys."""
        dataset = self.dataset
        own = f"{dataset.name[:2]}SEQ"
        subject = tuple(name for name in ("USUBJID", "POOLID") if name in self.names)[:1]
        if subject and dataset.stage.lower() == "sdtm" and own in self.names:
            return (*subject, own)
        keys = tuple(key for key in dataset.keys if key in self.names and key not in ("STUDYID", *subject))
        return (*subject, *keys)

    def first_keys(self, broken: Mask) -> tuple[str, ...]:
        """The first records of a mask, each as `USUBJID=..., AESEQ=...`; the row where there is no key."""
        return self.keys_of(np.flatnonzero(broken)[:MOST_KEYS])

    def keys_of(self, rows: Sequence[int] | npt.NDArray[np.int64]) -> tuple[str, ...]:
        """The records of these rows (from 0), each as `USUBJID=..., AESEQ=...`."""
        names = tuple(name for name in self.key_names() if self.names.count(name) == 1)
        if not names:
            return tuple(f"row {row + 1}" for row in rows)
        return tuple(side_by_side({name: canonical_text(self.column(name).iloc[rows]) for name in names}))


def side_by_side(texts: Mapping[str, pd.Series]) -> list[str]:
    """What each record has: `AESTDTC=2014-02-03, AEENDTC=2014-02-01`.

    >>> side_by_side({"A": pd.Series(["x", None], dtype="str"), "B": pd.Series(["1", "2"], dtype="str")})
    ['A=x, B=1', 'A=, B=2']
    """
    columns = [[f"{name}={value}" for value in column.fillna("").tolist()] for name, column in texts.items()]
    return [", ".join(parts) for parts in zip(*columns, strict=True)]


def is_text(kind: Any) -> bool:
    """Whether an Arrow type holds text; a column without any value may be text."""
    return bool(
        pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_string_view(kind)
        or pa.types.is_null(kind)
        or (pa.types.is_dictionary(kind) and is_text(kind.value_type))
    )


def _to_pandas(column: pa.Array) -> pd.Series:
    """An Arrow column in pandas, with the missing values of its type."""
    kind = column.type
    if is_text(kind):
        text = column.cast(pa.large_string())
        blank = pc.equal(pc.utf8_trim_whitespace(text), "")
        return pc.if_else(blank, pa.scalar(None, pa.large_string()), text).to_pandas().astype("str")
    if pa.types.is_integer(kind):
        return column.cast(pa.int64()).to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get)
    if pa.types.is_date(kind):
        return column.cast(pa.date32()).to_pandas(date_as_object=False)
    if pa.types.is_time(kind):
        return column.cast(pa.time64("us")).cast(pa.int64()).cast(pa.duration("us")).to_pandas()
    if pa.types.is_decimal(kind):
        return column.cast(pa.float64()).to_pandas()
    if pa.types.is_timestamp(kind) or pa.types.is_floating(kind):
        return column.to_pandas()
    if pa.types.is_boolean(kind):
        return column.to_pandas().astype("boolean")
    raise CannotAsk(f"a column holds {kind}")


def canonical_text(column: pd.Series) -> pd.Series:
    """Values as text that compare equal where the values are equal: `1`, not `1.0`.

    >>> canonical_text(pd.Series([1.0, 2.5])).tolist()
    ['1', '2.5']
    """
    if column.dtype == "str":
        return column
    if pd.api.types.is_datetime64_any_dtype(column):
        only_days = bool(((column.dt.normalize() == column) | column.isna()).all())
        return column.dt.strftime("%Y-%m-%d" if only_days else "%Y-%m-%dT%H:%M:%S")
    if pd.api.types.is_timedelta64_dtype(column):
        return column.astype("str").str.removeprefix("0 days ").where(column.notna())
    if pd.api.types.is_float_dtype(column):
        number = significant(column)
        whole = number.notna() & np.isfinite(number) & (number == number.round()) & (number.abs() < 2**53)
        text = number.astype("str").where(number.notna())
        return text.where(~whole, number.where(whole).astype("Int64").astype("str"))
    return column.astype("str").where(column.notna())


def significant(column: pd.Series) -> pd.Series:
    """Numbers at 12 significant digits, as two that differ in the last bits alone are the same visit or the same test.

    >>> significant(pd.Series([9.299999999999999, 1234.5, 0.0])).tolist()
    [9.3, 1234.5, 0.0]
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        power = _DIGITS - 1 - np.floor(np.log10(column.abs()))
        rounded = (column * 10.0**power).round() / 10.0**power
    small = (column != 0) & np.isfinite(column) & (power.abs() <= _EXACT_POWERS)
    return column.where(~small, rounded)
