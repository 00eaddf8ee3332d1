"""Columns taken from the tables they lie in, side by side in the order of the rows: no joins."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from sdtm2adam.build.coded import as_places, codes_of, taken
from sdtm2adam.build.plan import Plan
from sdtm2adam.build.quoting import name
from sdtm2adam.build.relation import Relation

Rows = np.ndarray[Any, np.dtype[np.int64]]


def gathered(plan: Plan, relation: Relation, columns: list[str], order: Rows) -> dict[str, pa.Array]:
    """Columns of all rows, in an order of the rows; texts may be coded."""
    homes: dict[str, list[str]] = {}
    for column in columns:
        homes.setdefault(relation.home[column], []).append(column)
    found: dict[str, pa.Array] = {}
    for table, together in homes.items():
        part = plan.warehouse.lent.get(table)
        if part is None:
            part = plan.warehouse.arrow(f"SELECT {', '.join(['_row', *map(name, together)])} FROM {table}")
        part = part.select(["_row", *together])
        rows, whole = part["_row"].to_numpy(), part.combine_chunks()
        places = None
        if not np.array_equal(rows, order):
            place_of = np.empty(relation.count, dtype=np.int64)
            place_of[rows] = np.arange(relation.count)
            places = as_places(place_of[order])
        for column in together:
            lying = codes_of(whole[column])
            found[column] = lying if places is None else taken(lying, places)
    return found


def plain(column: pa.Array) -> pa.Array:
    """A column without codes."""
    return column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column
