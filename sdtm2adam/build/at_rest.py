"""Columns taken from the tables they lie in, side by side in the order of the rows: no joins."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from sdtm2adam.build.coded import as_places, codes_of, taken
from sdtm2adam.build.numbering import in_order
from sdtm2adam.build.plan import Plan
from sdtm2adam.build.quoting import name
from sdtm2adam.build.relation import Relation

Rows = np.ndarray[Any, np.dtype[np.int64]]


def gathered(
    plan: Plan, relation: Relation, columns: list[str], order: Rows, *, as_texts: bool = False
) -> dict[str, pa.Array]:
    """Columns of all rows, in an order of the rows; texts may be coded, if they are not asked for `as_texts`."""
    found = _copied(relation, columns, order, as_texts=as_texts)
    homes: dict[str, list[str]] = {}
    for column in columns:
        if column not in found:
            homes.setdefault(relation.home[column], []).append(column)
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
            values = lying if places is None else taken(lying, places)
            found[column] = plain(values) if as_texts else values
    return found


def _copied(relation: Relation, columns: list[str], order: Rows, *, as_texts: bool) -> dict[str, pa.Array]:
    """Those that are copies of columns of another relation: taken from there at once, in the order wanted."""
    found: dict[str, pa.Array] = {}
    as_they_are = len(order) == relation.count and in_order(order)
    places: dict[int, pa.Array] = {}
    for column in columns:
        copied = relation.codes.copied(column)
        if copied is not None:
            values, theirs = copied
            if id(theirs) not in places:
                places[id(theirs)] = theirs if as_they_are else theirs.take(as_places(order))
            there = plain(values) if as_texts and len(values) <= len(order) else values
            made = taken(there, places[id(theirs)])
            found[column] = plain(made) if as_texts else made
    return found


def plain(column: pa.Array) -> pa.Array:
    """A column without codes."""
    return column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column
