"""Texts as codes of the distinct ones: what is done to a text is done once, however many rows have it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sdtm2adam.build.quoting import aliased
from sdtm2adam.build.warehouse import Warehouse

BLANKS = "\u0020\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
"""The spaces of Unicode, which trim() of SQL takes away."""


def coded(frame: pa.Table) -> pa.Table:
    """A table of texts with each column as one dictionary-encoded chunk."""
    columns = [
        column if pa.types.is_dictionary(column.type) else column.cast(pa.string()).dictionary_encode()
        for column in frame.columns
    ]
    return pa.table(columns, names=frame.column_names).unify_dictionaries().combine_chunks()


def codes_of(column: pa.ChunkedArray) -> pa.DictionaryArray:
    """The single chunk of a coded column."""
    if column.num_chunks == 1:
        return column.chunk(0)
    found = column.unify_dictionaries().combine_chunks()
    return found.chunk(0) if isinstance(found, pa.ChunkedArray) else found


def taken(column: pa.Array, places: pa.Array) -> pa.Array:
    """The values of a column at places of it; of a coded one the codes are taken. A missing place has no value."""
    if pa.types.is_dictionary(column.type):
        return pa.DictionaryArray.from_arrays(column.indices.take(places), column.dictionary, safe=False)
    return column.take(places)


def as_places(
    numbers: np.ndarray[Any, np.dtype[Any]], missing: np.ndarray[Any, np.dtype[np.bool_]] | None = None
) -> pa.Array:
    """Numbers of rows as an array to take by: narrow where they fit, which is faster."""
    return pa.array(numbers.astype(np.int32) if numbers.max(initial=0) < 2**31 else numbers, mask=missing)


class Codes:
    """The columns of a relation that lie outside the database too, in the order of its rows; texts are coded.

    Those of a file are brought into that order when they are asked for.
    """

    def __init__(self) -> None:
        self._made: dict[str, pa.Array] = {}
        self._copied: dict[str, tuple[pa.Array, pa.Array]] = {}
        self._in_file: dict[str, pa.ChunkedArray] = {}
        self._numbers: pa.ChunkedArray | None = None
        self._order: pa.Array | None = None

    def of(self, column: str) -> pa.DictionaryArray | None:
        """A text column as codes; None where it has none."""
        found = self.get(column)
        return found if isinstance(found, pa.DictionaryArray) else None

    def get(self, column: str) -> pa.Array | None:
        """A column; None where it lies in the database alone."""
        if column in self._in_file:
            lying = self._in_file.pop(column)
            coded_text = pa.types.is_dictionary(lying.type)
            chunk = codes_of(lying) if coded_text else lying.combine_chunks()
            if self._numbers is not None and self._order is None:
                self._order, self._numbers = _inverse(self._numbers), None
            self._made[column] = taken(chunk, self._order)
        if column in self._copied and column not in self._made:
            self._made[column] = taken(*self._copied[column])
        return self._made.get(column)

    def copied(self, column: str) -> tuple[pa.Array, pa.Array] | None:
        """The column of another relation that one is a copy of, and for each own row the place there."""
        return self._copied.get(column)

    def put(self, column: str, values: pa.Array) -> None:
        """Keeps a column."""
        self.drop(column)
        self._made[column] = values

    def put_copy(self, column: str, values: pa.Array, places: pa.Array) -> None:
        """Keeps a column as the one that it is a copy of: its values are taken when they are asked for."""
        self.drop(column)
        self._copied[column] = values, places

    def put_file(self, frame: pa.Table) -> None:
        """Keeps the columns of a file, whose rows have their numbers in `_row`."""
        self._in_file = {column: frame[column] for column in frame.column_names if len(frame) and column != "_row"}
        self._numbers, self._order = frame["_row"], None

    def drop(self, column: str) -> None:
        """Forgets a column that became another one."""
        self._made.pop(column, None)
        self._copied.pop(column, None)
        self._in_file.pop(column, None)


def _inverse(numbers: pa.ChunkedArray) -> pa.Array:
    """Where each of 0, 1, ... stands among numbers that are all of these."""
    places = np.empty(len(numbers), dtype=np.int64)
    places[numbers.to_numpy()] = np.arange(len(numbers), dtype=np.int64)
    return as_places(places)


def without_blanks(chunk: pa.DictionaryArray) -> pa.DictionaryArray:
    """Codes with null for a text that is empty or blank."""
    blank = pc.equal(pc.utf8_trim(chunk.dictionary, BLANKS), "").fill_null(True)
    if not pc.any(blank).as_py():
        return chunk
    indices = pc.if_else(pc.take(blank, chunk.indices), None, chunk.indices)
    return pa.DictionaryArray.from_arrays(indices, chunk.dictionary)


def by_value(warehouse: Warehouse, column: str, chunk: pa.DictionaryArray, expression: str) -> pa.Array:
    """What a SQL expression over one column (of `f`) makes of each row's text, computed once per distinct one.

    Returns:
        An array as long as `chunk`: dictionary-encoded where the expression makes texts.
    """
    many = len(chunk.dictionary)
    texts = {"s2a_place": pa.array(range(many + 1), pa.int64()), column: _with_null(chunk.dictionary)}
    table = warehouse.lend(pa.table(texts))
    made = warehouse.arrow(f"SELECT {aliased(expression, 's2a_made')} FROM {table} f ORDER BY f.s2a_place")
    warehouse.take_back(table)
    values = made["s2a_made"].combine_chunks()
    codes = chunk.indices.fill_null(many)
    return with_dictionary(codes, values) if pa.types.is_string(values.type) else pc.take(values, codes)


def met_by_values(warehouse: Warehouse, column: str, frame: pa.Table, conditions: list[str]) -> list[bool]:
    """Which SQL conditions over one column (of `f`) some text of a coded table meets, or a missing one."""
    chunk = codes_of(frame[column])
    texts = _with_null(chunk.dictionary) if chunk.null_count else chunk.dictionary
    table = warehouse.lend(pa.table({column: texts}))
    asked = ", ".join(f"coalesce(bool_or({condition}), false)" for condition in conditions)
    met = warehouse.rows(f"SELECT {asked} FROM {table} f")[0]
    warehouse.take_back(table)
    return list(met)


def _with_null(texts: pa.Array) -> pa.Array:
    return pa.concat_arrays([texts, pa.nulls(1, texts.type)])


def with_dictionary(codes: pa.Array, values: pa.Array) -> pa.DictionaryArray:
    """Codes of texts of which some may be missing: null stands in the codes, never in the dictionary."""
    if values.null_count:
        known = values.is_valid()
        codes = pc.if_else(pc.take(known, codes), codes, pa.scalar(None, codes.type))
        values = values.fill_null("")
    return pa.DictionaryArray.from_arrays(codes, values)


def distinct(chunks: list[pa.DictionaryArray]) -> tuple[list[tuple[Any, ...]], np.ndarray[Any, np.dtype[np.int64]]]:
    """The distinct rows of coded columns of the same length, and for each row the place of its own among them."""
    key = np.zeros(len(chunks[0]), dtype=np.int64)
    for chunk in chunks:
        size = len(chunk.dictionary) + 1
        codes = chunk.indices.fill_null(size - 1).to_numpy(zero_copy_only=False).astype(np.int64)
        key = codes if chunk is chunks[0] else np.unique(key, return_inverse=True)[1] * size + codes
    _, first, places = np.unique(key, return_index=True, return_inverse=True)
    values = [pc.take(chunk, pa.array(first)).to_pylist() for chunk in chunks]
    return list(zip(*values, strict=True)), places


def together(chunks: list[pa.DictionaryArray]) -> tuple[np.ndarray[Any, np.dtype[Any]], int]:
    """For each row of coded columns one number, the same where all codes are, and how many such numbers there may be.

    Where a text is missing it is the last of them.

    >>> together([pa.array(["a", "b", None, "a"]).dictionary_encode()])
    (array([0, 1, 2, 0], dtype=int32), 3)
    """
    group, many = numbered(chunks)
    if len(chunks) == 1:
        return group, many
    known = np.logical_and.reduce([chunk.is_valid().to_numpy(zero_copy_only=False) for chunk in chunks])
    return np.where(known, group, many), many + 1


def numbered(chunks: list[pa.DictionaryArray]) -> tuple[np.ndarray[Any, np.dtype[Any]], int]:
    """The same, with a missing text taken for a text of its own."""
    group, many = _with_missing(chunks[0])
    for chunk in chunks[1:]:
        codes, size = _with_missing(chunk)
        group = np.unique(group.astype(np.int64) * size + codes, return_inverse=True)[1]
        many = int(group.max(initial=-1)) + 1
    return group, many


def _with_missing(chunk: pa.DictionaryArray) -> tuple[np.ndarray[Any, np.dtype[Any]], int]:
    size = len(chunk.dictionary)
    return chunk.indices.fill_null(size).to_numpy(zero_copy_only=False), size + 1
