"""Lineage: for every row of a dataset the record it was made from, and for every pick the row it picked.

Rows are numbered from 0: of a dataset that was built, in the order of its written file; of a raw form, in the order of
its key (lineage/raw.FORM.parquet has the keys); of a file that was read, in the order of subject and sequence.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from sdtm2adam.build.plan import Context, Plan
from sdtm2adam.build.quoting import literal, name
from sdtm2adam.build.relation import From, Relation, Stack


@dataclass
class Lineage:
    """Makes the lineage tables of a study; `places` has the order of each finished dataset."""

    plan: Plan
    places: dict[str, str]

    @classmethod
    def of(cls, plan: Plan, rows: dict[str, pa.ChunkedArray]) -> Lineage:
        """Prepares it, from the number each row had while it was made, in the order of the finished dataset."""
        tables = {}
        for dataset, order in rows.items():
            places = pa.table({"_row": order, "_place": pa.array(range(len(order)), pa.int64())})
            tables[dataset] = plan.warehouse.register(places)
        return cls(plan, tables)

    def table(self, context: Context) -> pa.Table:
        """`row`; `source` and `source_row`; for each pick or lookup `<name>.source` and `<name>.row`."""
        relation = context.relation
        joins, items = [], []
        for number, (label, select) in enumerate(self._links(relation)):
            table = self.plan.warehouse.create(select)
            joins.append(f"LEFT JOIN {table} l{number} ON l{number}._row = o._row")
            source, row = ("source", "source_row") if label == "" else (f"{label}.source", f"{label}.row")
            items += [f"l{number}.source AS {name(source)}", f"l{number}.place AS {name(row)}"]
        order = self.places[context.name]
        return self.plan.warehouse.arrow(
            f'SELECT o._place AS "row", {", ".join(items)} FROM {order} o {" ".join(joins)} ORDER BY o._place'
        )

    def edges(self, context: Context) -> pa.Table | None:
        """`row, source, source_row` of records that were made from many; None where there are none."""
        selects = [self._edges(relation, i) for i, (_, relation) in enumerate(context.outputs)]
        found = [select for select in selects if select]
        if not found:
            return None
        source = From(context.relation)
        number, row = source.link("")
        own = f"SELECT r._row AS _row, {number} AS _nr, {row} AS _srow {source.clause()}"
        order = self.places[context.name]
        return self.plan.warehouse.arrow(
            f'SELECT o._place AS "row", e.source, e.place AS source_row FROM ({" UNION ALL ".join(found)}) e '
            f"JOIN ({own}) d ON d._nr = e.block AND d._srow = e._row JOIN {order} o ON o._row = d._row "
            "ORDER BY 1, 2, 3"
        )

    def _edges(self, relation: Relation, block: int) -> str:
        if relation.edges is None:
            return ""
        table, stack = relation.edges
        inner = f"SELECT _row, _nr, _srow FROM {table}"
        return f"SELECT {block} AS block, _row, source, place FROM ({self._resolved(inner, stack)})"

    def _links(self, relation: Relation) -> list[tuple[str, str]]:
        """The origin of the rows, and each pick: SELECTs of `_row, source, place`."""
        found = [("", self._origin(relation))]
        for key, link in relation.links.items():
            if key[0:1] in ("%", "@") and link.table:
                label = key[1:].removeprefix("_~").removesuffix("~always")
                found.append((label, self._resolved(f"SELECT _row, _nr, _srow FROM {link.table}", link.stack)))
        return found

    def _origin(self, relation: Relation) -> str:
        """The first rows outside the dataset that its rows come from, through all its blocks."""
        link = relation.links.get("")
        if link is None:
            return f"SELECT r._row AS _row, {literal(relation.key)} AS source, r._row AS place FROM {relation.rows} r"
        source = From(relation)
        number, row = source.link("")
        return self._resolved(f"SELECT r._row AS _row, {number} AS _nr, {row} AS _srow {source.clause()}", link.stack)

    def _resolved(self, picked: str, stack: Stack) -> str:
        """SELECT of `_row, source, place` from one of `_row, _nr, _srow`: through blocks, to the rows of files."""
        branches = []
        for number, part in enumerate(stack.parts):
            key = part.relation.key
            mine = f"SELECT _row, _srow FROM ({picked}) WHERE _nr = {number}"
            if "/" in key:
                inner = self._origin(part.relation)
                branches.append(
                    f"SELECT p._row, o.source, o.place FROM ({mine}) p JOIN ({inner}) o ON o._row = p._srow"
                )
            elif key in self.places:
                order = self.places[key]
                placed = f"SELECT p._row, {literal(key)} AS source, o._place AS place FROM ({mine}) p"
                branches.append(f"{placed} JOIN {order} o ON o._row = p._srow")
            else:
                branches.append(f"SELECT _row, {literal(key)} AS source, _srow AS place FROM ({mine})")
        return " UNION ALL ".join(branches)
