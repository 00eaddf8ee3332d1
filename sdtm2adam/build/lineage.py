"""Lineage: for every row of a dataset the record it was made from, and for every pick the row it picked.

Rows are numbered from 0: of a dataset that was built, in the order of its written file; of a raw form, in the order of
its key (lineage/raw.FORM.parquet has the keys); of a file that was read, in the order of subject and sequence.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from sdtm2adam.build.numbering import in_order
from sdtm2adam.build.origins import Origin, Origins, Rows
from sdtm2adam.build.plan import Context, Plan
from sdtm2adam.build.quoting import literal
from sdtm2adam.build.relation import From, Relation, Stack


@dataclass
class Lineage:
    """Makes the lineage tables of a study.

    `orders` has the rows of each dataset that was made in another order than it has; `origins` where rows come from.
    """

    plan: Plan
    orders: dict[str, Rows]
    origins: Origins
    _lent: dict[Relation | str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, plan: Plan, rows: dict[str, pa.ChunkedArray]) -> Lineage:
        """Prepares it, from the number each row had while it was made, in the order of the finished dataset."""
        orders = {dataset: order.to_numpy() for dataset, order in rows.items()}
        orders = {dataset: order for dataset, order in orders.items() if not in_order(order)}
        return cls(plan, orders, Origins(plan, {dataset: _places(order) for dataset, order in orders.items()}))

    def table(self, context: Context) -> pa.Table:
        """`row`; `source` and `source_row`; for each pick or lookup `<name>.source` and `<name>.row`.

        Where a dataset has several blocks of records, `block` is the place of the row's in the list, from 0.
        """
        relation, order = context.relation, self.orders.get(context.name)
        found = {"row": pa.array(np.arange(relation.count, dtype=np.int64))}
        for label, origin in self._links(relation):
            names = ("source", "source_row") if label == "" else (f"{label}.source", f"{label}.row")
            placed = origin if order is None else origin.at(order)
            found |= dict(zip(names, self.origins.columns(placed), strict=True))
        if len(context.outputs) > 1:
            rows = [output.count for _, output in context.outputs]
            blocks = np.repeat(np.arange(len(rows), dtype=np.int16), rows)
            found["block"] = pa.array(blocks if order is None else blocks[order])
        return pa.table(found)

    def _links(self, relation: Relation) -> list[tuple[str, Origin]]:
        """The origin of the rows, and the row of each pick and lookup."""
        found = [("", self.origins.of(relation))]
        for key, link in relation.links.items():
            if key[0:1] in ("%", "@") and link.table:
                label = key[1:].removeprefix("_~").removesuffix("~always")
                found.append((label, self.origins.behind(relation, link)))
        return found

    def edges(self, context: Context) -> pa.Table | None:
        """`row, source, source_row` of records that were made from many; None where there are none."""
        selects = [self._edges(relation, i) for i, (_, relation) in enumerate(context.outputs)]
        found = [select for select in selects if select]
        if not found:
            return None
        source = From(context.relation)
        number, row = source.link("")
        own = f"SELECT r._row AS _row, {number} AS _nr, {row} AS _srow {source.clause()}"
        order = self._order(context.name) if context.name in self.orders else None
        place, join = ("o._place", f"JOIN {order} o ON o._row = d._row") if order else ("d._row", "")
        return self.plan.warehouse.arrow(
            f'SELECT {place} AS "row", e.source, e.place AS source_row FROM ({" UNION ALL ".join(found)}) e '
            f"JOIN ({own}) d ON d._nr = e.block AND d._srow = e._row {join} ORDER BY 1, 2, 3"
        )

    def _edges(self, relation: Relation, block: int) -> str:
        many = self._many(relation)
        return f"SELECT {block} AS block, _row, source, place FROM ({many}) WHERE source IS NOT NULL" if many else ""

    def _many(self, relation: Relation) -> str:
        """SELECT of `_row, source, place`, many of a row, if it or a block that it comes from was made of many."""
        if relation.edges is not None:
            table, stack = relation.edges
            return self._resolved(f"SELECT _row, _nr, _srow FROM {table}", stack)
        link = relation.links.get("")
        if link is None or not any("/" in part.relation.key and self._many(part.relation) for part in link.stack.parts):
            return ""
        source = From(relation)
        number, row = source.link("")
        return self._resolved(f"SELECT r._row AS _row, {number} AS _nr, {row} AS _srow {source.clause()}", link.stack)

    def _resolved(self, picked: str, stack: Stack) -> str:
        """SELECT of `_row, source, place` from one of `_row, _nr, _srow`: through blocks, to the rows of files.

        A row of a block that was made of many comes from them all.
        """
        branches = []
        for number, part in enumerate(stack.parts):
            key = part.relation.key
            mine = f"SELECT _row, _srow FROM ({picked}) WHERE _nr = {number}"
            if "/" in key:
                inner = self._many(part.relation) or f"SELECT * FROM {self._single(part.relation)}"
                branches.append(
                    f"SELECT p._row, o.source, o.place FROM ({mine}) p JOIN ({inner}) o ON o._row = p._srow"
                )
            elif key in self.orders:
                placed = f"SELECT p._row, {literal(key)} AS source, o._place AS place FROM ({mine}) p"
                branches.append(f"{placed} JOIN {self._order(key)} o ON o._row = p._srow")
            else:
                branches.append(f"SELECT _row, {literal(key)} AS source, _srow AS place FROM ({mine})")
        return " UNION ALL ".join(branches)

    def _order(self, dataset: str) -> str:
        """The table `_row, _place` of a dataset."""
        if dataset not in self._lent:
            order = self.orders[dataset]
            places = pa.table({"_row": pa.array(order), "_place": pa.array(np.arange(len(order), dtype=np.int64))})
            self._lent[dataset] = self.plan.warehouse.lend(places)
        return self._lent[dataset]

    def _single(self, relation: Relation) -> str:
        """The table `_row, source, place` of rows that come from one row each."""
        if relation not in self._lent:
            source, place = self.origins.columns(self.origins.of(relation))
            rows = pa.array(np.arange(relation.count, dtype=np.int64))
            self._lent[relation] = self.plan.warehouse.lend(pa.table({"_row": rows, "source": source, "place": place}))
        return self._lent[relation]


def _places(order: Rows) -> Rows:
    """The place of each row in an order of all."""
    places = np.empty(len(order), dtype=np.int64)
    places[order] = np.arange(len(order), dtype=np.int64)
    return places
