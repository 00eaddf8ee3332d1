"""Expressions over one coded text column: computed once per distinct text, without a pass over the rows."""

from __future__ import annotations

import re
from collections.abc import Iterable

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sdtm2adam.build.coded import by_value
from sdtm2adam.build.node import Node
from sdtm2adam.build.plan import Plan
from sdtm2adam.build.quoting import name
from sdtm2adam.build.relation import From, Relation
from sdtm2adam.build.rows import settle

_PLAIN_TYPES = (
    pa.string(), pa.float64(), pa.int32(), pa.int64(), pa.date32(), pa.timestamp("us"), pa.bool_(),
)  # fmt: skip
"""What comes back from Arrow as the type that it was in the database."""


_OF_A_ROW = re.compile(r"\b[rju]\d*\.")
"""What reads more than one column of `f`."""


class _Watched(From):
    """Notes what an expression reads; every column is written as one of `f`."""

    def __init__(self, relation: Relation) -> None:
        super().__init__(relation)
        self.asked: set[tuple[str, str]] = set()
        self.opaque = False

    def own(self, column: str) -> str:
        self.asked.add(("", column))
        return f"f.{name(column)}"

    def via(self, link_name: str, column: str) -> str:
        self.asked.add((f"->{link_name}", column))
        return f"f.{name(column)}"

    def link(self, link_name: str) -> tuple[str, str]:
        self.opaque = True
        return super().link(link_name)

    def place(self, link_name: str) -> str:
        self.opaque = True
        return super().place(link_name)


def compute_by_codes(plan: Plan, relation: Relation, nodes: list[Node]) -> tuple[list[Node], list[Node]]:
    """Computes the expressions that read one coded column alone.

    Args:
        plan: the plan.
        relation: whose columns the nodes are.
        nodes: with expressions.

    Returns:
        The nodes that are still to be computed, and those that are computed and whose probes are met by some text.
    """
    made: dict[str, pa.Array] = {}
    rest, met = [], []
    for node in nodes:
        found = _made(plan, relation, node) if relation.count else None
        if found is None:
            rest.append(node)
        else:
            made[node.name] = found[0]
            met += [node] if found[1] else []
    if made:
        lend_columns(plan, relation, made)
    return rest, met


def lend_columns(plan: Plan, relation: Relation, made: dict[str, pa.Array]) -> None:
    """Columns of a relation in the order of its rows, read by the database where they lie."""
    table = plan.warehouse.lend(pa.table({"_row": pa.array(np.arange(relation.count)), **made}))
    settle(plan, relation, table, list(made))
    for column, values in made.items():
        relation.codes.put(column, values)


def _made(plan: Plan, relation: Relation, node: Node) -> tuple[pa.Array, bool] | None:
    """The column, and whether a text meets a probe of it; None where it is not made of one coded column."""
    assert node.expression is not None
    watched = _Watched(relation)
    compiled = node.expression(watched)
    if watched.opaque or len(watched.asked) != 1 or _OF_A_ROW.search(compiled.sql):
        return None
    (path, column) = next(iter(watched.asked))
    chunk = _codes(plan, relation, path, column)
    if chunk is None or 2 * len(chunk.dictionary) > relation.count:
        return None
    if compiled.sql == f"f.{name(column)}":
        return chunk, False
    try:
        array = by_value(plan.warehouse, column, chunk, compiled.sql)
        conditions = " OR ".join(f"coalesce({probe.condition}, false)" for probe in compiled.probes)
        met = bool(conditions) and pc.any(by_value(plan.warehouse, column, chunk, conditions)).as_py()
    except duckdb.Error:
        return None  # told where all expressions of the level are computed
    plain = array.type.value_type if isinstance(array, pa.DictionaryArray) else array.type
    return (array, met) if plain in _PLAIN_TYPES else None


def _codes(plan: Plan, relation: Relation, path: str, column: str) -> pa.DictionaryArray | None:
    """The codes of a column for each row: the relation's own, or those of the row behind a link."""
    if not path:
        return relation.codes.get(column)
    link = relation.links[path.removeprefix("->")]
    if len(link.stack.parts) != 1:
        return None
    part = link.stack.parts[0]
    chunk = part.relation.codes.get(part.actual(column) or "")
    if chunk is None or link.identity:
        return chunk
    return pa.DictionaryArray.from_arrays(
        pc.take(chunk.indices, _places(plan, relation, path.removeprefix("->"))), chunk.dictionary
    )


def _places(plan: Plan, relation: Relation, link_name: str) -> pa.Array:
    """For each row the place of the row behind a link; null where there is none."""
    if link_name not in relation.places:
        link = relation.links[link_name]
        table = link.table or relation.rows
        found = plan.warehouse.arrow(f"SELECT _row, {link.srow} AS place FROM {table} WHERE {link.srow} IS NOT NULL")
        places, known = np.zeros(relation.count, dtype=np.int64), np.zeros(relation.count, dtype=np.bool_)
        rows = found["_row"].to_numpy()
        places[rows], known[rows] = found["place"].to_numpy(), True
        relation.places[link_name] = pa.array(places, mask=~known)
    return relation.places[link_name]


def codes_of_all(relation: Relation, columns: Iterable[str]) -> list[pa.DictionaryArray] | None:
    """The codes of columns of a relation; None where one of them has none."""
    found = [relation.codes.get(column) for column in columns]
    return [chunk for chunk in found if chunk is not None] if all(chunk is not None for chunk in found) else None
