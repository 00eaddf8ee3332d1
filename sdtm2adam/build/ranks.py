"""The order of rows by some of their columns, from the ranks of their values: no pass of the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Ranks = npt.NDArray[np.int64]
_MOST = 2**62


def row_order(columns: Sequence[pa.Array], descending: Sequence[bool] = ()) -> Ranks:
    """The places of rows in the order of columns, the first column counting most; what ties stays as it stands.

    As in the database: texts in the order of their bytes, NaN after all numbers, a missing value at the end in both
    directions.

    Args:
        columns: arrays of one length; texts may be coded.
        descending: for each column; all ascending where nothing is said.

    >>> row_order([pa.array(["b", None, "a", "b"]), pa.array([1.0, 2.0, 3.0, 0.5])]).tolist()
    [2, 3, 0, 1]
    """
    down = [*descending, *[False] * (len(columns) - len(descending))]
    order: Ranks = np.argsort(combined([ranks(one, turned) for one, turned in zip(columns, down, strict=True)]),
                              kind="stable")  # fmt: skip
    return order


def numbers_within(columns: Sequence[pa.Array], descending: Sequence[bool], groups: int) -> npt.NDArray[np.int32]:
    """For each row its number, from 1, in the order of columns within its group, which the first of them make.

    >>> numbers_within([pa.array(["a", "b", "a"]), pa.array([2, 1, 1])], [False, False], 1).tolist()
    [2, 1, 1]
    """
    found = [ranks(one, turned) for one, turned in zip(columns, descending, strict=True)]
    group = combined(found[:groups])
    order = np.argsort(combined([group, *found[groups:]]), kind="stable")
    ordered = group[order]
    place = np.arange(len(order))
    starts = np.append(True, ordered[1:] != ordered[:-1])[: len(order)]
    numbers = np.empty(len(order), dtype=np.int32)
    numbers[order] = place - np.maximum.accumulate(np.where(starts, place, 0)) + 1
    return numbers


def ranks(column: pa.Array, descending: bool = False) -> Ranks:
    """A number from 0 for each value, the same for equal ones; missing values have the greatest."""
    coded = column.dictionary_encode() if pa.types.is_string(column.type) else column
    if not pa.types.is_dictionary(coded.type):
        return _dense(coded, descending)
    of_text = np.append(_dense(coded.dictionary, descending), len(coded.dictionary))
    found: Ranks = of_text[coded.indices.fill_null(len(coded.dictionary)).to_numpy(zero_copy_only=False)]
    return found


def _dense(column: Any, descending: bool) -> Ranks:
    """Ranks of equal values without a gap; a missing value, if there is one, has a rank above all others."""
    found: Ranks = pc.rank(column, tiebreaker="dense").to_numpy().astype(np.int64) - 1
    if descending:
        known = column.is_valid().to_numpy(zero_copy_only=False)
        found[known] = found.max(where=known, initial=0) - found[known]
    return found


def combined(columns: Sequence[Ranks]) -> Ranks:
    """One number for several: equal where all are equal, and in their lexicographic order."""
    key: Ranks = columns[0].copy()
    for column in columns[1:]:
        size = int(column.max(initial=0)) + 1
        if (int(key.max(initial=0)) + 1) * size > _MOST:  # the numbers so far, close together
            key = np.unique(key, return_inverse=True)[1].astype(np.int64)
        key *= size
        key += column
    return key
