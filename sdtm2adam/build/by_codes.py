"""Columns made without a pass of the database: copied from where they lie, or computed once per distinct text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sdtm2adam.build.at_rest import gathered
from sdtm2adam.build.coded import as_places, by_value, codes_of, taken
from sdtm2adam.build.functions import Compiled
from sdtm2adam.build.node import Node
from sdtm2adam.build.plan import Plan
from sdtm2adam.build.quoting import aliased, name
from sdtm2adam.build.relation import From, Relation
from sdtm2adam.build.rows import settle

MOST_LENT = 50_000_000
"""How many values are read where they lie; more are copied into the database, which can spill."""
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
        self.asked: set[tuple[str | None, str]] = set()
        self.opaque = False

    def own(self, column: str) -> str:
        self.asked.add((None, column))
        return f"f.{name(column)}"

    def via(self, link_name: str, column: str) -> str:
        self.asked.add((link_name, column))
        return f"f.{name(column)}"

    def link(self, link_name: str) -> tuple[str, str]:
        self.opaque = True
        return super().link(link_name)

    def place(self, link_name: str) -> str:
        self.opaque = True
        return super().place(link_name)


def compute_by_codes(plan: Plan, relation: Relation, nodes: list[Node]) -> tuple[list[Node], list[Node]]:
    """Computes the expressions that read one column alone: copies of any, others of coded texts.

    Args:
        plan: the plan.
        relation: whose columns the nodes are.
        nodes: with expressions.

    Returns:
        The nodes that are still to be computed, and those that are computed and whose probes are met by some text.
    """
    if not 0 < relation.count * len(nodes) <= MOST_LENT:
        return nodes, []
    read = {node.name: _read_alone(relation, node) for node in nodes}
    made = _stacked(plan, relation, {n: one.column for n, one in read.items() if one and one.copies and one.stacked})
    met = []
    late = _copied_late(plan, relation, [node for node in nodes if not node.needed], read)
    for node in nodes:
        one = read[node.name]
        if one is None or one.stacked or node.name in late:
            continue
        found = _made(plan, relation, one)
        if found is not None:
            made[node.name] = found[0]
            met += [node] if found[1] else []
    if made:
        lend_columns(plan, relation, made)
    return [node for node in nodes if node.name not in made and node.name not in late], met


def _copied_late(plan: Plan, relation: Relation, nodes: list[Node], read: dict[str, _Alone | None]) -> set[str]:
    """Copies through a lookup that nothing computed reads: only how to read them is noted, nothing is copied yet."""
    lying = {}
    for node in nodes:
        one = read[node.name]
        if one is not None and one.copies and one.link is not None and one.link.startswith("@"):
            array = _behind(relation, one.link, one.column)
            if array is not None and _type_of(array) in _PLAIN_TYPES:
                lying[node.name] = (one, array)
    if lying:
        source = From(relation)
        items = [aliased(source.via(one.link or "", one.column), column) for column, (one, _) in lying.items()]
        view = plan.warehouse.view(f"SELECT r._row AS _row, {', '.join(items)} {source.clause()}")
        settle(plan, relation, view, list(lying))
        for column, (one, array) in lying.items():
            relation.codes.put_copy(column, array, _places(plan, relation, one.link or ""))
    return set(lying)


def lend_columns(plan: Plan, relation: Relation, made: dict[str, pa.Array]) -> None:
    """Columns of a relation in the order of its rows, read by the database where they lie."""
    table = plan.warehouse.lend(pa.table({"_row": pa.array(np.arange(relation.count)), **made}))
    settle(plan, relation, table, list(made))
    for column, values in made.items():
        relation.codes.put(column, values)


@dataclass(frozen=True)
class _Alone:
    """An expression over one column: the relation's own (`link` is None), or of the row behind a link."""

    link: str | None
    column: str
    compiled: Compiled
    stacked: bool

    @property
    def copies(self) -> bool:
        """Whether it is the column itself."""
        return self.compiled.sql == f"f.{name(self.column)}"


def read_at_rest(plan: Plan, relation: Relation, read: Callable[[From], str]) -> pa.Array | None:
    """The column of which some SQL is a plain copy, for each row; None where it lies in the database alone."""
    one = _alone(relation, lambda source: Compiled(read(source)))
    return _at_rest(plan, relation, one) if one is not None and one.copies and not one.stacked else None


def _read_alone(relation: Relation, node: Node) -> _Alone | None:
    assert node.expression is not None
    return _alone(relation, node.expression)


def _alone(relation: Relation, expression: Callable[[From], Compiled]) -> _Alone | None:
    watched = _Watched(relation)
    compiled = expression(watched)
    if watched.opaque or len(watched.asked) != 1 or _OF_A_ROW.search(compiled.sql):
        return None
    (link, column) = next(iter(watched.asked))
    if link is not None and len(relation.links[link].stack.parts) != 1 and not relation.links[link].stacked:
        return None
    return _Alone(link, column, compiled, link is not None and relation.links[link].stacked)


def _made(plan: Plan, relation: Relation, one: _Alone) -> tuple[pa.Array, bool] | None:
    """The column, and whether a text meets a probe of it; None where the database is to make it."""
    array = _at_rest(plan, relation, one)
    if array is None:
        return None
    if one.copies:
        return (array, False) if _type_of(array) in _PLAIN_TYPES else None
    if not isinstance(array, pa.DictionaryArray) or 2 * len(array.dictionary) > relation.count:
        return None
    column, compiled, chunk = one.column, one.compiled, array
    try:
        array = by_value(plan.warehouse, column, chunk, compiled.sql)
        conditions = " OR ".join(f"coalesce({probe.condition}, false)" for probe in compiled.probes)
        met = bool(conditions) and pc.any(by_value(plan.warehouse, column, chunk, conditions)).as_py()
    except duckdb.Error:
        return None  # told where all expressions of the level are computed
    return (array, met) if _type_of(array) in _PLAIN_TYPES else None


def _type_of(array: pa.Array) -> pa.DataType:
    return array.type.value_type if isinstance(array, pa.DictionaryArray) else array.type


def _at_rest(plan: Plan, relation: Relation, one: _Alone) -> pa.Array | None:
    """The column that is read, for each row, where it lies outside the database."""
    if one.link is None:
        return relation.codes.get(one.column)
    array = _behind(relation, one.link, one.column)
    if array is None or relation.links[one.link].identity:
        return array
    return taken(array, _places(plan, relation, one.link))


def _behind(relation: Relation, link: str, column: str) -> pa.Array | None:
    """A column of the only relation behind a link, where it lies outside the database."""
    part = relation.links[link].stack.parts[0]
    return part.relation.codes.get(part.actual(column) or "")


def _stacked(plan: Plan, relation: Relation, columns: dict[str, str]) -> dict[str, pa.Array]:
    """Columns of blocks below each other, in the order of the blocks; those of one type in all that have them."""
    pieces: dict[str, list[pa.Array | int]] = {name_: [] for name_ in columns}
    for part in relation.links[""].stack.parts if columns else ():
        order = np.arange(part.relation.count, dtype=np.int64)
        there = {own: actual for own, column in columns.items() if (actual := part.actual(column)) is not None}
        found = gathered(plan, part.relation, list(dict.fromkeys(there.values())), order)
        for own, parts in pieces.items():
            parts.append(found[there[own]] if own in there else part.relation.count)
    return {own: whole for own, parts in pieces.items() if (whole := _below_each_other(parts)) is not None}


def _below_each_other(pieces: list[pa.Array | int]) -> pa.Array | None:
    """Arrays of one type joined; a number stands for so many missing values. None where the types differ."""
    kinds = {_type_of(piece) for piece in pieces if not isinstance(piece, int)}
    if len(kinds) != 1 or not kinds <= set(_PLAIN_TYPES):
        return None
    kind = kinds.pop()
    if kind == pa.string():
        kind = pa.dictionary(pa.int32(), pa.string())
        pieces = [p if isinstance(p, (int, pa.DictionaryArray)) else p.dictionary_encode() for p in pieces]
    filled = [pa.nulls(piece, kind) if isinstance(piece, int) else piece for piece in pieces]
    whole = pa.chunked_array([piece.cast(kind) for piece in filled], kind)
    return codes_of(whole) if pa.types.is_dictionary(kind) else whole.combine_chunks()


def _places(plan: Plan, relation: Relation, link_name: str) -> pa.Array:
    """For each row the place of the row behind a link; null where there is none."""
    if link_name not in relation.places:
        link = relation.links[link_name]
        table = link.table or relation.rows
        found = plan.warehouse.arrow(f"SELECT _row, {link.srow} AS place FROM {table} WHERE {link.srow} IS NOT NULL")
        places, known = np.zeros(relation.count, dtype=np.int64), np.zeros(relation.count, dtype=np.bool_)
        rows = found["_row"].to_numpy()
        places[rows], known[rows] = found["place"].to_numpy(), True
        relation.places[link_name] = as_places(places, missing=~known)
    return relation.places[link_name]


def codes_of_all(relation: Relation, columns: Iterable[str]) -> list[pa.DictionaryArray] | None:
    """The codes of columns of a relation; None where one of them has none."""
    found = [relation.codes.of(column) for column in columns]
    return [chunk for chunk in found if chunk is not None] if all(chunk is not None for chunk in found) else None
