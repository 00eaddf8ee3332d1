"""`agg` blocks: one row per group, with values over the group."""

from __future__ import annotations

from dataclasses import dataclass

from sdtm2adam.build.carry import Columns
from sdtm2adam.build.losses import filtered, tell_read_losses
from sdtm2adam.build.node import Node
from sdtm2adam.build.plan import Definition
from sdtm2adam.build.quoting import name
from sdtm2adam.build.relation import Relation, Stack
from sdtm2adam.build.rows import store_rows
from sdtm2adam.build.scope import Scope, VerbScope
from sdtm2adam.build.text_order import tell_block_extremes
from sdtm2adam.build.unmet import rows_of, sources_of, tell_unmet
from sdtm2adam.build.whole_dates import refuse_no_condition
from sdtm2adam.spec.dataset import GroupBlock


@dataclass
class GroupBlocks:
    """Declares the `agg` blocks of one dataset."""

    columns: Columns

    def declare(self, group: GroupBlock, relation: Relation, place: str) -> None:
        """Names the columns: those of `by` and of `value`."""
        for column in [*map(str, group.by), *group.value]:
            relation.names[column] = Definition(place, given=True)
        self.columns.plan.rows_makers[relation] = lambda node: self._plan_rows(group, relation, node)

    def _plan_rows(self, group: GroupBlock, relation: Relation, node: Node) -> None:
        plan = self.columns.plan
        stack = plan.stack(group.from_, group.as_, self.columns.context)
        verb = VerbScope(Scope(plan, self.columns.context, relation, block=True), stack)
        for text in group.by:
            verb.column(str(text), text)
        verb.read(group.where)
        for text in group.value.values():
            verb.read(text, aggregate=True)
        node.needs.extend([*verb.needs, *(plan.rows_node(part.relation) for part in stack.parts)])

        def run() -> None:
            kept = stack.select(verb.inner)
            if group.where is not None:
                select = f"SELECT {verb.compile(group.where)} FROM ({kept}) s"
                refuse_no_condition(plan, node, "where", group.where, select)
                kept = filtered(plan, stack, kept, verb.compile(group.where), verb.probes(group.where), node)
            read = plan.warehouse.create(kept)
            for text in group.value.values():
                tell_read_losses(plan, stack, read, verb.probes(text, aggregate=True), node)
                tell_block_extremes(plan, stack, text, node)
            keys = [name(str(text)) for text in group.by]
            values = [f"{verb.compile(text, aggregate=True)} AS {name(column)}" for column, text in group.value.items()]
            grouped = f"SELECT {', '.join([*keys, *values])} FROM {read} s GROUP BY {', '.join(keys)}"
            number = f"row_number() OVER (ORDER BY {', '.join(keys)}) - 1 AS _row"
            store_rows(plan, relation, f"SELECT {number}, * FROM ({grouped})")
            self._keep_edges(relation, stack, read, keys)
            if not relation.count:
                tell_unmet(plan, node, group.where, rows_of(stack), sources_of(stack))

        node.run = run

    def _keep_edges(self, relation: Relation, stack: Stack, read: str, keys: list[str]) -> None:
        """Which rows each group was made from."""
        same = " AND ".join(f"s.{key} IS NOT DISTINCT FROM g.{key}" for key in keys)
        table = self.columns.plan.warehouse.create(
            f"SELECT g._row, s._nr, s._srow FROM {relation.rows} g JOIN {read} s ON {same}"
        )
        relation.edges = (table, stack)
