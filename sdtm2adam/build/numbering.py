"""The order of a source: by its keys, and where these leave ties by all columns; that of its file never counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Numbers = np.ndarray[Any, np.dtype[np.int64]]
Ranks = np.ndarray[Any, np.dtype[np.int32]]
OrderOfTies = Callable[[Numbers, Numbers], Numbers]
"""(rows that share their keys with another, rank of their keys) -> the same rows, by that rank and by all columns."""
_MOST = 2**62


def row_numbers(keys: list[pa.ChunkedArray], rows: int, order_of_ties: OrderOfTies) -> Numbers:
    """The place of each row of a file in the order of its keys, counted from 0; nulls stand first.

    Args:
        keys: the key columns, texts dictionary-encoded.
        rows: how many rows there are.
        order_of_ties: called only where there are ties.
    """
    key = _combined([_ranks(column) for column in keys], rows)
    if in_order(key):
        return np.arange(rows, dtype=np.int64)
    order: Numbers = np.argsort(key, kind="stable")
    ordered = key[order]
    same = ordered[1:] == ordered[:-1]
    if same.any():
        tied = np.concatenate([same, [False]]) | np.concatenate([[False], same])
        order[tied] = order_of_ties(order[tied], ordered[tied])
    places: Numbers = np.empty(rows, dtype=np.int64)
    places[order] = np.arange(rows, dtype=np.int64)
    return places


def in_order(numbers: Numbers) -> bool:
    """Whether each number is greater than the one before.

    >>> in_order(np.array([0, 1, 2])), in_order(np.array([0, 2, 1]))
    (True, False)
    """
    return bool((numbers[1:] > numbers[:-1]).all())


def _combined(ranks: list[Ranks], rows: int) -> Numbers:
    """One number for several: equal where all are equal, and in their lexicographic order."""
    if not ranks:
        return np.zeros(rows, dtype=np.int64)
    key: Numbers = ranks[0].astype(np.int64)
    most = int(key.max(initial=0)) + 1
    for rank in ranks[1:]:
        size = int(rank.max(initial=0)) + 1
        if most * size > _MOST:  # the numbers so far, close together
            key = np.unique(key, return_inverse=True)[1].astype(np.int64)
            most = int(key.max(initial=0)) + 1
        key *= size
        key += rank
        most *= size
    return key


def _ranks(column: pa.ChunkedArray) -> Ranks:
    """A whole number for each value, in the order of the values and below 2**31; 0 for null."""
    return _text_ranks(column) if pa.types.is_dictionary(column.type) else _number_ranks(column)


def _text_ranks(column: pa.ChunkedArray) -> Ranks:
    texts = [chunk.dictionary for chunk in column.chunks]
    words = pc.unique(pa.chunked_array(texts, column.type.value_type)).drop_null()
    words = words.take(pc.sort_indices(words))
    ranks = [_ranks_in_chunk(chunk, words) for chunk in column.chunks]
    return np.concatenate(ranks) if ranks else np.empty(0, dtype=np.int32)


def _ranks_in_chunk(chunk: pa.DictionaryArray, words: pa.Array) -> Ranks:
    found = pc.index_in(chunk.dictionary, words).fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32) + 1
    codes = chunk.indices.fill_null(len(found)).to_numpy(zero_copy_only=False)
    ranks: Ranks = np.append(found, np.int32(0))[codes]
    return ranks


def _number_ranks(column: pa.ChunkedArray) -> Ranks:
    whole = _whole(column) if len(column) and not column.null_count else None
    if whole is not None:
        return whole
    known = column.is_valid().to_numpy()
    ranks: Ranks = np.zeros(len(column), dtype=np.int32)
    ranks[known] = np.unique(column.to_numpy()[known], return_inverse=True)[1] + 1
    return ranks


def _whole(column: pa.ChunkedArray) -> Ranks | None:
    """Whole numbers in a narrow range, counted from 1; None where they are something else."""
    if not (pa.types.is_integer(column.type) or pa.types.is_floating(column.type)):
        return None
    low, high = pc.min_max(column).as_py().values()
    if not (low > -(2**30) and high < 2**30):
        return None
    parts = [_whole_part(chunk.to_numpy(), int(low) - 1) for chunk in column.chunks]
    whole = [part for part in parts if part is not None]
    return np.concatenate(whole) if len(whole) == len(parts) else None


def _whole_part(values: Any, base: int) -> Ranks | None:
    with np.errstate(invalid="ignore"):  # NaN becomes some number, and is seen not to be equal to it
        numbers: Ranks = values.astype(np.int32)
    return numbers - np.int32(base) if bool((numbers == values).all()) else None
