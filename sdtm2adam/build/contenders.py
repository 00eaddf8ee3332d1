"""The rows of a large source that can be picked at all, found by the codes of its texts before the database sorts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sdtm2adam.build.at_rest import gathered
from sdtm2adam.build.by_codes import codes_of_all
from sdtm2adam.build.by_text import by_text
from sdtm2adam.build.coded import numbered, together
from sdtm2adam.build.matching import Matching
from sdtm2adam.build.plan import Plan
from sdtm2adam.build.relation import Part
from sdtm2adam.build.select.pick import Order

MANY = 100_000
"""How many rows a source must have for this to pay."""
_NO_RANK = -1

Numbers = npt.NDArray[Any]


@dataclass(frozen=True)
class Race:
    """What decides a pick among the rows of one group.

    `first` is the first item of its order, over one text column. `alike` tells that rows with the same columns are
    the same to the pick but for their place in the source, of which it takes the first, or with `last` the last.
    """

    first: Order
    alike: bool
    last: bool


def contenders(matching: Matching, race: Race) -> str | None:
    """SELECT of the other rows without those that one of their group precedes in the first item of the order.

    What is left out could not be picked, so a pick from the rest is the same.

    Args:
        matching: whose condition and groups read texts of one column each, and nothing of the own row.
        race: what decides.

    Returns:
        SQL as `Stack.select` gives it, or None where the codes do not tell.
    """
    plan, parts = matching.scope.plan, matching.stack.parts
    if matching.verb.reads_own or max((part.relation.count for part in parts), default=0) < MANY:
        return None
    tables = [_of_part(plan, part, number, matching, race) for number, part in enumerate(parts)]
    found = [f"SELECT * FROM {table}" for table in tables if table is not None]
    return " UNION ALL BY NAME ".join(found) if len(found) == len(tables) else None


def _of_part(plan: Plan, part: Part, number: int, matching: Matching, race: Race) -> str | None:
    chunks = _codes(part, matching.theirs)
    value = by_text(plan, part, _rank(race.first)) if chunks else None
    if not chunks or value is None:
        return None
    rank = value.to_numpy(zero_copy_only=False).astype(np.int32)
    if matching.where is not None:
        met = by_text(plan, part, matching.verb.compile(matching.where))
        if met is None:
            return None
        rank[~met.fill_null(False).to_numpy(zero_copy_only=False)] = _NO_RANK
    rows = _firsts(*together(chunks), rank)
    if race.alike:
        rows = _one_of_each(_codes(part, matching.verb.inner), rows, last=race.last)
    return _table(plan, part, number, matching.verb.inner, rows) if 2 * len(rows) <= part.relation.count else None


def _codes(part: Part, columns: Iterable[str]) -> list[pa.DictionaryArray]:
    """The codes of columns of the stack; none where one of them has no codes."""
    actual = [part.actual(column) for column in columns]
    found = codes_of_all(part.relation, [column for column in actual if column]) if all(actual) else None
    return found or []


def _rank(item: Order) -> str:
    """SQL of a number that is greater the earlier a row comes in the order; a missing value comes last."""
    direction = "ASC" if item.descending else "DESC"
    return f"CASE WHEN {item.sql} IS NULL THEN 0 ELSE dense_rank() OVER (ORDER BY {item.sql} {direction}) END"


def _firsts(group: Numbers, groups: int, rank: Numbers) -> Numbers:
    """The rows of each group with the greatest rank; none of the last group, whose key is missing."""
    best = np.full(groups, _NO_RANK, dtype=np.int32)
    np.maximum.at(best, group, rank)
    best[-1] = _NO_RANK
    kept = rank == best[group]
    return np.flatnonzero(kept & (rank != _NO_RANK) & (group != groups - 1))


def _one_of_each(chunks: list[pa.DictionaryArray], rows: Numbers, *, last: bool) -> Numbers:
    """Of rows with the same codes the first or the last; all where there are no codes."""
    if not chunks:
        return rows
    taken = pa.array(rows)
    group, _ = numbered([chunk.take(taken) for chunk in chunks])
    ordered = slice(None, None, -1) if last else slice(None)
    return np.sort(rows[ordered][np.unique(group[ordered], return_index=True)[1]])


def _table(plan: Plan, part: Part, number: int, columns: list[str], rows: Numbers) -> str:
    there = {column: actual for column in columns if (actual := part.actual(column)) is not None}
    made: dict[str, Any] = {"_nr": pa.array(np.full(len(rows), number, dtype=np.int32)), "_srow": pa.array(rows)}
    lying = {actual: part.relation.codes.get(actual) for actual in there.values()}
    others = gathered(plan, part.relation, [actual for actual, column in lying.items() if column is None], rows)
    for column in columns:
        own = there.get(column)
        at_rest = lying.get(own) if own else None
        taken = at_rest.take(pa.array(rows)) if at_rest is not None else others.get(own) if own else None
        made[column] = pa.nulls(len(rows)) if taken is None else taken
    return plan.warehouse.lend(pa.table(made))
