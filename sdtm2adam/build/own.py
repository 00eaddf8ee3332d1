"""flag and seq, planned: what the own rows say of each other."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from sdtm2adam.build.at_rest import gathered
from sdtm2adam.build.by_codes import MOST_LENT, lend_columns
from sdtm2adam.build.losses import tell_own_losses
from sdtm2adam.build.node import Node
from sdtm2adam.build.picks import order_items
from sdtm2adam.build.quoting import name
from sdtm2adam.build.ranks import numbers_within
from sdtm2adam.build.relation import From, Relation, shown_key
from sdtm2adam.build.rows import store_column
from sdtm2adam.build.scope import SUBJECT, Bound, Reference, Scope
from sdtm2adam.build.select import own_rows
from sdtm2adam.build.select.pick import Order
from sdtm2adam.build.text_order import tell_own_text_order
from sdtm2adam.build.unmet import is_empty, tell_unmet
from sdtm2adam.build.whole_dates import refuse_no_condition
from sdtm2adam.spec import sql
from sdtm2adam.spec.producer import Flag, Seq
from sdtm2adam.spec.yaml import Text


def plan_own_rows(scope: Scope, column: str, verb: Flag | Seq | None, node: Node) -> None:
    """Fills the node of a flag or a counter."""
    assert verb is not None
    by = verb.by if verb.by is not None else (Text(SUBJECT, node.where),)
    groups = [scope.refer("", str(item), item) for item in by]
    order = [(scope.bind(text), descending) for text, descending in map(sql.split_order, verb.order)]
    where = _bound(scope, verb.where if isinstance(verb, Flag) else None)
    until = _bound(scope, verb.until if isinstance(verb, Flag) else None)
    for bound in (*(b for b, _ in order), where, until):
        node.needs.extend(bound.needs if bound else [])
    node.needs.extend(need for group in groups for need in group.needs)
    orders = tuple(Order("", descending) for _, descending in order)
    dated = [isinstance(verb, Flag) and low for _, _, low in order_items(verb.order, getattr(verb, "take", "first"))]

    def run() -> None:
        _tell_losses(scope, node, [bound for bound, _ in order], {"where": where, "until": until})
        if not set(map(str, verb.order)) <= set(map(str, scope.context.spec.keys)):  # that is the order of the file
            tell_own_text_order(scope, verb.order, node)
        if isinstance(verb, Seq) and _count_by_ranks(scope, column, by, verb):
            return
        rows = _rows(scope, groups, list(zip((bound for bound, _ in order), dated, strict=True)), where, until)
        if isinstance(verb, Seq):
            select, value = own_rows.numbered(rows, len(groups), orders), "j._value"
        else:
            select = own_rows.flagged(rows, len(groups), orders, verb.take, until is not None)
            value = "CASE WHEN j._row IS NOT NULL THEN 'Y' END"
        store_column(scope.plan, scope.relation, column, select, value)
        if where is not None and is_empty(scope.plan, _filled(scope.relation, column)):
            tell_unmet(scope.plan, node, where.text, scope.relation.count, shown_key(scope.relation.key))

    node.run = run


def _count_by_ranks(scope: Scope, column: str, by: tuple[Text, ...], verb: Seq) -> bool:
    """Makes a counter over columns of the rows themselves; False where it reads anything else."""
    relation, items = scope.relation, [sql.split_order(text) for text in verb.order]
    names = [*map(str, by), *(sql.as_bare_name(text) for text, _ in items)]
    many = relation.count * len(names)
    if scope.block or not by or not 0 < many <= MOST_LENT or not all(n in relation.home for n in names):
        return False
    found = gathered(scope.plan, relation, list(dict.fromkeys(names)), np.arange(relation.count, dtype=np.int64))
    down = [*([False] * len(by)), *(descending for _, descending in items)]
    numbers = numbers_within([found[name] for name in names], down, len(by))
    lend_columns(scope.plan, relation, {column: pa.array(numbers)})
    return True


def _filled(relation: Relation, column: str) -> str:
    return f"SELECT 1 FROM {relation.home[column]} WHERE {name(column)} IS NOT NULL"


def _tell_losses(scope: Scope, node: Node, bounds: list[Bound], conditions: dict[str, Bound | None]) -> None:
    """What the conditions and the order cannot read is told; what is no condition is refused."""
    source = From(scope.relation)
    for key, bound in conditions.items():
        if bound is not None:
            select = f"SELECT {bound.compile(source).sql} {source.clause()}"
            refuse_no_condition(scope.plan, node, f"flag: {key}", bound.text, select)
    there = [*bounds, *(bound for bound in conditions.values() if bound is not None)]
    probes = [(node, probe) for bound in there for probe in bound.compile(source).probes]
    tell_own_losses(scope.plan, scope.relation, source, probes)


def _bound(scope: Scope, text: Text | None) -> Bound | None:
    return scope.bind(text) if text is not None else None


def _rows(
    scope: Scope, groups: list[Reference], order: list[tuple[Bound, bool]], where: Bound | None, until: Bound | None
) -> str:
    source = From(scope.relation)
    items = ["r._row AS _row"]
    items += [f"{group.sql(source)} AS s2a_g{i}" for i, group in enumerate(groups)]
    for i, (bound, low) in enumerate(order):
        made = bound.compile(source).sql
        items.append(f"{f's2a_low_dtc({made})' if low else made} AS s2a_o{i}")
    items += [f"coalesce({until.compile(source).sql}, false) AS _stop"] if until else []
    condition = f" WHERE {where.compile(source).sql}" if where else ""
    return f"SELECT {', '.join(items)} {source.clause()}{condition}"
