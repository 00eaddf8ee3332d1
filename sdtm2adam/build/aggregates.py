"""exists and agg, planned: one flag or one number over the matching rows of another dataset."""

from __future__ import annotations

from sdtm2adam.build.losses import tell_losses, tell_own_losses
from sdtm2adam.build.matching import plan_matching
from sdtm2adam.build.node import Node
from sdtm2adam.build.quoting import aliased, literal, name
from sdtm2adam.build.relation import From, Link
from sdtm2adam.build.rows import settle, store_column
from sdtm2adam.build.scope import Bound, Scope
from sdtm2adam.build.select import agg as agg_verb
from sdtm2adam.build.text_order import tell_text_extremes
from sdtm2adam.build.unmet import is_empty, tell_unmet_matching
from sdtm2adam.spec.producer import Agg, Exists


def plan_exists(scope: Scope, column: str, verb: Exists, node: Node) -> None:
    """Fills the node of an `exists`: `then` where a row matches, else `else`."""
    matching = plan_matching(scope, verb, verb.where, node, [])
    otherwise = literal(None if verb.else_ is None or verb.else_ == "null" else str(verb.else_))

    def run() -> None:
        tell_losses(matching, [], node)
        table = scope.plan.warehouse.create(agg_verb.exists(matching.match()))
        if is_empty(scope.plan, f"SELECT 1 FROM {table}"):
            tell_unmet_matching(matching, node)
        scope.relation.links["%" + column] = Link(matching.stack, table)
        value = f"CASE WHEN j._row IS NOT NULL THEN {literal(str(verb.then))} ELSE {otherwise} END"
        store_column(scope.plan, scope.relation, column, f"SELECT _row FROM {table}", value)

    node.run = run


def _with_else(scope: Scope, column: str, select: str, otherwise: Bound, node: Node) -> str:
    """The table of a column that has `else` where no row matches; `s2a_met` says where one does."""
    source = From(scope.relation)
    fallback = otherwise.compile(source)
    made = aliased(f"CASE WHEN j._row IS NOT NULL THEN j._value ELSE {fallback.sql} END", column)
    table = scope.plan.warehouse.create(
        f"SELECT r._row AS _row, {made}, j._row IS NOT NULL AS s2a_met {source.clause()} "
        f"LEFT JOIN ({select}) j ON j._row = r._row"
    )
    settle(scope.plan, scope.relation, table, [column])
    if fallback.probes:
        unmet = f"r._row IN (SELECT _row FROM {table} WHERE NOT s2a_met)"
        tell_own_losses(scope.plan, scope.relation, source, [(node, probe.within(unmet)) for probe in fallback.probes])
    return table


def plan_agg(scope: Scope, column: str, verb: Agg, node: Node) -> None:
    """Fills the node of an `agg`: the value over the matching rows, `else` where there are none."""
    matching = plan_matching(scope, verb, verb.where, node, [verb.value])
    otherwise = scope.bind(verb.else_) if verb.else_ is not None else None
    node.needs.extend(otherwise.needs if otherwise else [])

    def run() -> None:
        tell_losses(matching, [verb.value], node, aggregate=True)
        value = matching.verb.compile(verb.value, aggregate=True, own_prefix="s.")
        tell_text_extremes(matching, verb.value, node)
        select = agg_verb.aggregate(matching.match(), value)
        if otherwise is None:
            store_column(scope.plan, scope.relation, column, select, "j._value")
            met = f"SELECT 1 FROM {scope.relation.home[column]} WHERE {name(column)} IS NOT NULL"
        else:
            met = f"SELECT 1 FROM {_with_else(scope, column, select, otherwise, node)} WHERE s2a_met"
        if is_empty(scope.plan, met):
            tell_unmet_matching(matching, node)

    node.run = run
