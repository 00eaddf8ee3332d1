"""Lineage: for every row of a dataset the record it was made from, and for every pick the row it picked.

Rows are numbered from 0: of a dataset that was built, in the order of its written file; of a raw form, in the order of
its key (lineage/raw.FORM.parquet has the keys); of a file that was read, in the order of subject and sequence.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from sdtm2adam.build.numbering import in_order
from sdtm2adam.build.plan import Context, Plan
from sdtm2adam.build.quoting import literal, name
from sdtm2adam.build.relation import From, Relation, Stack, source_label


@dataclass
class Lineage:
    """Makes the lineage tables of a study; `places` has the order of each dataset that was made in another one."""

    plan: Plan
    places: dict[str, str]

    @classmethod
    def of(cls, plan: Plan, rows: dict[str, pa.ChunkedArray]) -> Lineage:
        """Prepares it, from the number each row had while it was made, in the order of the finished dataset."""
        tables = {}
        for dataset, order in rows.items():
            if in_order(order.to_numpy()):
                continue
            places = pa.table({"_row": order, "_place": pa.array(range(len(order)), pa.int64())})
            tables[dataset] = plan.warehouse.register(places)
        return cls(plan, tables)

    def table(self, context: Context) -> pa.Table:
        """`row`; `source` and `source_row`; for each pick or lookup `<name>.source` and `<name>.row`.

        Where a dataset has several blocks of records, `block` is the place of the row's in the list, from 0.
        """
        source = From(context.relation)
        items = ["r._row AS _row"]
        joins = []
        for number, (label, found) in enumerate(self._links(context.relation, source)):
            origin, place = ("source", "source_row") if label == "" else (f"{label}.source", f"{label}.row")
            if isinstance(found, str):
                table = self.plan.warehouse.create(found)
                joins.append(f"LEFT JOIN {table} l{number} ON l{number}._row = r._row")
                found = f"l{number}.source", f"l{number}.place"
            items += [f"{found[0]} AS {name(origin)}", f"{found[1]} AS {name(place)}"]
        if len(context.outputs) > 1:
            items.append(f'CAST({source.link("")[0]} AS SMALLINT) AS "block"')
        rows = self.plan.warehouse.arrow(f"SELECT {', '.join(items)} {source.clause()} {' '.join(joins)}")
        return self._placed(context.name, rows)

    def _placed(self, dataset: str, rows: pa.Table) -> pa.Table:
        """The rows in the order of the finished dataset, and `row` instead of `_row`."""
        if dataset in self.places:
            order = self.plan.warehouse.arrow(f"SELECT _row FROM {self.places[dataset]} ORDER BY _place")[
                "_row"
            ].to_numpy()
        else:
            order = np.arange(rows.num_rows, dtype=np.int64)
        made = rows["_row"].to_numpy()
        if not np.array_equal(made, order):
            at = np.empty(len(made), dtype=np.int64)
            at[made] = np.arange(len(made))
            rows = rows.combine_chunks().take(pa.array(at[order]))
        return rows.set_column(0, "row", pa.array(np.arange(rows.num_rows, dtype=np.int64)))

    def edges(self, context: Context) -> pa.Table | None:
        """`row, source, source_row` of records that were made from many; None where there are none."""
        selects = [self._edges(relation, i) for i, (_, relation) in enumerate(context.outputs)]
        found = [select for select in selects if select]
        if not found:
            return None
        source = From(context.relation)
        number, row = source.link("")
        own = f"SELECT r._row AS _row, {number} AS _nr, {row} AS _srow {source.clause()}"
        order = self.places.get(context.name)
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
            return self._resolved(f"SELECT _row, _nr, _srow FROM {table}", stack, many=True)
        link = relation.links.get("")
        if link is None or not any("/" in part.relation.key and self._many(part.relation) for part in link.stack.parts):
            return ""
        source = From(relation)
        number, row = source.link("")
        picked = f"SELECT r._row AS _row, {number} AS _nr, {row} AS _srow {source.clause()}"
        return self._resolved(picked, link.stack, many=True)

    def _links(self, relation: Relation, source: From) -> list[tuple[str, str | tuple[str, str]]]:
        """The origin of the rows, and each pick: SELECTs of `_row, source, place`, or SQL of both in `source`."""
        found: list[tuple[str, str | tuple[str, str]]] = [("", self._direct(relation) or self._origin(relation))]
        for key, link in relation.links.items():
            if key[0:1] in ("%", "@") and link.table:
                label = key[1:].removeprefix("_~").removesuffix("~always")
                if self._is_outside(link.stack):
                    found.append((label, _told(link.stack, *source.link(key))))
                else:
                    found.append((label, self._resolved(f"SELECT _row, _nr, _srow FROM {link.table}", link.stack)))
        return found

    def _is_outside(self, stack: Stack) -> bool:
        """Whether its rows are those of files, or of datasets made in their final order: nothing to look up."""
        return all("/" not in part.relation.key and part.relation.key not in self.places for part in stack.parts)

    def _direct(self, relation: Relation) -> tuple[str, str] | None:
        """SQL of source and place where the rows table `r` itself tells the origin; None where others must be asked."""
        link = relation.links.get("")
        if relation.edges is not None:
            return None
        if link is None:
            return literal(relation.key), "r._row"
        if link.identity and "/" in link.stack.parts[0].relation.key:
            return self._direct(link.stack.parts[0].relation)
        if link.table is not None or not self._is_outside(link.stack):
            return None
        return _told(link.stack, *(("0", "r._row") if link.identity else (f"r.{link.nr}", f"r.{link.srow}")))

    def _origin(self, relation: Relation) -> str:
        """The first rows outside the dataset that its rows come from, through all its blocks.

        A row that an agg block made of many comes from no single one: its edges say from which.
        """
        if relation.edges is not None:
            nothing = "CAST(NULL AS VARCHAR) AS source, CAST(NULL AS BIGINT) AS place"
            return f"SELECT r._row AS _row, {nothing} FROM {relation.rows} r"
        link = relation.links.get("")
        if link is None:
            return f"SELECT r._row AS _row, {literal(relation.key)} AS source, r._row AS place FROM {relation.rows} r"
        source = From(relation)
        number, row = source.link("")
        return self._resolved(f"SELECT r._row AS _row, {number} AS _nr, {row} AS _srow {source.clause()}", link.stack)

    def _resolved(self, picked: str, stack: Stack, *, many: bool = False) -> str:
        """SELECT of `_row, source, place` from one of `_row, _nr, _srow`: through blocks, to the rows of files.

        With `many` a row of a block that was made of many comes from them all, else from no single one.
        """
        branches = []
        for number, part in enumerate(stack.parts):
            key = part.relation.key
            mine = f"SELECT _row, _srow FROM ({picked}) WHERE _nr = {number}"
            if "/" in key:
                inner = (many and self._many(part.relation)) or self._origin(part.relation)
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


def _told(stack: Stack, number: str, row: str) -> tuple[str, str]:
    """SQL of source and place, from the place in a stack and the row there."""
    if len(stack.parts) == 1:
        return f"CASE WHEN {row} IS NOT NULL THEN {literal(stack.parts[0].relation.key)} END", row
    return f"CASE WHEN {row} IS NOT NULL THEN {source_label(stack, number)} END", row
