"""Where rows come from: through all blocks of a dataset to the rows of files and of finished datasets.

Each relation is looked at once and its blocks are followed by places, so that what many blocks share is not read again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sdtm2adam.build.numbering import in_order
from sdtm2adam.build.plan import Plan
from sdtm2adam.build.quoting import name
from sdtm2adam.build.relation import Link, Relation

Rows = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Origin:
    """For each row its source, as a place in `Origins.names`, and its row there; -1 where it comes from none."""

    source: Numbers
    row: Rows

    def at(self, rows: Rows) -> Origin:
        """The origins of some of the rows, in their order."""
        return Origin(self.source[rows], self.row[rows])


@dataclass
class Origins:
    """Follows rows to their origins.

    Args:
        plan: computed.
        places: of datasets that were made in another order than they have: the final place of each row.
    """

    plan: Plan
    places: Mapping[str, Rows]
    names: list[str] = field(default_factory=list)
    _found: dict[Relation, Origin] = field(default_factory=dict)

    def of(self, relation: Relation) -> Origin:
        """The first rows outside the dataset that the rows of a relation come from, through all its blocks.

        A row that an agg block made of many comes from no single one: its edges say from which.
        """
        if relation not in self._found:
            self._found[relation] = self._of(relation)
        return self._found[relation]

    def _of(self, relation: Relation) -> Origin:
        if relation.edges is not None:
            return Origin(np.full(relation.count, -1, np.int32), np.full(relation.count, -1, np.int64))
        link = relation.links.get("")
        if link is None:
            return Origin(self._all_of(relation), np.arange(relation.count, dtype=np.int64))
        if link.stacked:
            blocks = [self.of(part.relation) for part in link.stack.parts]
            return Origin(np.concatenate([one.source for one in blocks]), np.concatenate([one.row for one in blocks]))
        return self.behind(relation, link)

    def behind(self, relation: Relation, link: Link) -> Origin:
        """The same for the rows behind a link."""
        parts = link.stack.parts
        inside = [self._inside(part.relation) for part in parts]
        if link.identity and inside[0] is not None:
            return inside[0]
        number, row = behind(self.plan, relation, link)
        missing = row < 0
        source = np.array([self._number(part.relation.key) for part in parts], dtype=np.int32)[number]
        source[missing] = -1
        if not any(inside):
            return Origin(source, row)
        found = Origin(source, row.copy())
        for place, inner in enumerate(inside):
            if inner is not None:
                mine = np.flatnonzero(~missing & (number == place))
                found.source[mine], found.row[mine] = inner.source[row[mine]], inner.row[row[mine]]
        return found

    def _inside(self, relation: Relation) -> Origin | None:
        """The origins of rows that are not origins themselves: of blocks, and of datasets in another order."""
        if "/" in relation.key:
            return self.of(relation)
        if relation.key in self.places:
            return Origin(self._all_of(relation), self.places[relation.key])
        return None

    def _all_of(self, relation: Relation) -> Numbers:
        return np.full(relation.count, self._number(relation.key), dtype=np.int32)

    def _number(self, key: str) -> int:
        if key not in self.names:
            self.names.append(key)
        return self.names.index(key)

    def columns(self, origin: Origin) -> tuple[pa.Array, pa.Array]:
        """Names of sources and rows as Arrow has them."""
        missing = origin.source < 0
        mask = missing if missing.any() else None
        codes = pa.array(np.maximum(origin.source, 0), mask=mask)
        named = pa.DictionaryArray.from_arrays(codes, pa.array(self.names, pa.string()))
        return named.cast(pa.string()), pa.array(origin.row, mask=mask)


def behind(plan: Plan, relation: Relation, link: Link) -> tuple[Numbers, Rows]:
    """For each row the place of a part of the link's stack, and a row of that part; rows are -1 where there is none."""
    if link.identity:
        return np.zeros(relation.count, np.int32), np.arange(relation.count, dtype=np.int64)
    number_of_part = name(link.nr) if len(link.stack.parts) > 1 else "CAST(0 AS INTEGER)"
    found = plan.warehouse.arrow(
        f"SELECT _row, {number_of_part} AS number, {name(link.srow)} AS row FROM {link.table or relation.rows} "
        f"WHERE {name(link.srow)} IS NOT NULL"
    )
    rows = found["_row"].to_numpy()
    number = found["number"].to_numpy().astype(np.int32, copy=False)
    row = found["row"].to_numpy().astype(np.int64, copy=False)
    if len(rows) == relation.count and in_order(rows):
        return number, row
    return _spread(rows, number, relation.count, 0), _spread(rows, row, relation.count, -1)


def _spread(rows: Rows, values: npt.NDArray[Any], count: int, missing: int) -> npt.NDArray[Any]:
    """Values of some rows as values of all."""
    spread = np.full(count, missing, dtype=values.dtype)
    spread[rows] = values
    return spread
