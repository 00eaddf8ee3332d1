"""Columns taken from the tables they lie in, side by side in the order of the rows: no joins."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

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
        rows = part["_row"].to_numpy()
        if not np.array_equal(rows, order):
            places = np.empty(relation.count, dtype=np.int64)
            places[rows] = np.arange(relation.count)
            part = part.combine_chunks().take(pa.array(places[order]))
        found |= {column: part[column].combine_chunks() for column in together}
    return found


def plain(column: pa.Array) -> pa.Array:
    """A column without codes."""
    return column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column
