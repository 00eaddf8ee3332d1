"""exists and agg, planned: one flag or one number over the matching rows of another dataset."""

from __future__ import annotations

from sdtm2adam.build.losses import tell_losses
from sdtm2adam.build.matching import plan_matching
from sdtm2adam.build.node import Node
from sdtm2adam.build.quoting import aliased, literal
from sdtm2adam.build.relation import From, Link
from sdtm2adam.build.rows import settle, store_column
from sdtm2adam.build.scope import Scope
from sdtm2adam.build.select import agg as agg_verb
from sdtm2adam.spec.producer import Agg, Exists


def plan_exists(scope: Scope, column: str, verb: Exists, node: Node) -> None:
    """Fills the node of an `exists`: `then` where a row matches, else `else`."""
    matching = plan_matching(scope, verb, verb.where, node, [])
    otherwise = literal(None if verb.else_ is None or verb.else_ == "null" else str(verb.else_))

    def run() -> None:
        tell_losses(matching, [], node)
        table = scope.plan.warehouse.create(agg_verb.exists(matching.match()))
        scope.relation.links["%" + column] = Link(matching.stack, table)
        value = f"CASE WHEN j._row IS NOT NULL THEN {literal(str(verb.then))} ELSE {otherwise} END"
        store_column(scope.plan, scope.relation, column, f"SELECT _row FROM {table}", value)

    node.run = run


def plan_agg(scope: Scope, column: str, verb: Agg, node: Node) -> None:
    """Fills the node of an `agg`: the value over the matching rows, `else` where there are none."""
    matching = plan_matching(scope, verb, verb.where, node, [verb.value])
    otherwise = scope.bind(verb.else_) if verb.else_ is not None else None
    node.needs.extend(otherwise.needs if otherwise else [])

    def run() -> None:
        tell_losses(matching, [verb.value], node, aggregate=True)
        value = matching.verb.compile(verb.value, aggregate=True, own_prefix="s.")
        select = agg_verb.aggregate(matching.match(), value)
        if otherwise is None:
            store_column(scope.plan, scope.relation, column, select, "j._value")
            return
        source = From(scope.relation)
        fallback = otherwise.compile(source).sql
        made = aliased(f"CASE WHEN j._row IS NOT NULL THEN j._value ELSE {fallback} END", column)
        table = scope.plan.warehouse.create(
            f"SELECT r._row AS _row, {made} {source.clause()} LEFT JOIN ({select}) j ON j._row = r._row"
        )
        settle(scope.plan, scope.relation, table, [column])

    node.run = run
