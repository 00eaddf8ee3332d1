"""Values that an expression cannot read, of the own row or of other rows: each is an issue, with its records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sdtm2adam.build.by_text import no_text_meets
from sdtm2adam.build.matching import Matching
from sdtm2adam.build.node import Node
from sdtm2adam.build.plan import Plan
from sdtm2adam.build.probe import Probe
from sdtm2adam.build.record_names import names_of, source_names
from sdtm2adam.build.relation import From, Relation, Stack, shown_key
from sdtm2adam.build.select.matching import Match
from sdtm2adam.build.whole_dates import refuse_no_condition
from sdtm2adam.model import Issue
from sdtm2adam.spec.yaml import Text

_MOST_VALUES = 1000
"""How many values of one column an expression may lose before the rest is not told one by one."""


def tell_losses(
    matching: Matching, texts: Iterable[Text], node: Node, *, aggregate: bool = False, beside: Iterable[Text] = ()
) -> None:
    """Tells what the condition of a matching, and expressions over the rows that match, lost.

    Args:
        matching: whose rows are there.
        texts: expressions over the other rows.
        node: what is made, for messages.
        aggregate: whether the expressions hold aggregates.
        beside: expressions over all rows of the source, whatever the condition says (those of a confirm).
    """
    verb, match = matching.verb, matching.match()
    if matching.where is not None:
        select = replace(match, where="").pairs([f"{match.where} AS s2a_where"])
        refuse_no_condition(matching.scope.plan, node, "where", matching.where, select)
        _tell(matching, replace(match, where=""), verb.probes(matching.where), node)
    _tell(matching, replace(match, where=""), [probe for text in beside for probe in verb.probes(text)], node)
    probes = [probe for text in texts for probe in verb.probes(text, aggregate=aggregate)]
    _tell(matching, match, probes, node)


def _tell(matching: Matching, match: Match, probes: list[Probe], node: Node) -> None:
    for probe in {probe.condition: probe for probe in probes}.values():
        if no_text_meets(matching.scope.plan, matching.stack, probe.condition):
            continue
        _tell_rows(matching.scope.plan, matching.stack, _rows(match, probe), probe, node)


def _tell_rows(plan: Plan, stack: Stack, rows: str, probe: Probe, node: Node) -> None:
    """Tells the values (`g`) that rows (`nr`, `srow`) lose, each row once."""
    lost = plan.warehouse.create(f"SELECT DISTINCT g, nr, srow FROM ({rows})")
    by_value = f"SELECT g, count(*) FROM {lost} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {_MOST_VALUES}"
    counted = plan.warehouse.rows(by_value)
    if counted:
        parts = [part.relation for part in stack.parts]
        named = source_names(plan, parts, f"SELECT g, nr AS _nr, srow AS _row FROM {lost}")
        plan.issues.extend(_issue(node, probe, value, count, named.get(value, ())) for value, count in counted)


def _rows(match: Match, probe: Probe) -> str:
    """SELECT of the other rows that lose a value: `g` (the value), `nr` and `srow`."""
    items = [f"CAST({probe.value} AS VARCHAR) AS g", "s._nr AS nr", "s._srow AS srow"]
    both = f"({match.where}) AND ({probe.condition})" if match.where else probe.condition
    if match.reads_own:
        return replace(match, where=both).pairs(items)
    return f"SELECT {', '.join(items)} FROM ({match.other}) s WHERE {both}"


def tell_own_losses(plan: Plan, relation: Relation, source: From, probes: Sequence[tuple[Node, Probe]]) -> None:
    """Looks once whether any probe is met on the rows of a relation, and tells values and records of those that are.

    Args:
        plan: the plan.
        relation: whose rows are looked at.
        source: where the columns that the probes read are.
        probes: each with the node that it watches.
    """
    if not probes or not relation.count:
        return
    counts = ", ".join(f"count(*) FILTER (WHERE {probe.condition})" for _, probe in probes)
    met = plan.warehouse.rows(f"SELECT {counts} {source.clause()}")[0]
    for (node, probe), count in zip(probes, met, strict=True):
        if not count:
            continue
        lost = plan.warehouse.create(
            f"SELECT CAST({probe.value} AS VARCHAR) AS g, r._row AS _row {source.clause()} WHERE {probe.condition}"
        )
        by_value = f"SELECT g, count(*) FROM {lost} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {_MOST_VALUES}"
        counted = plan.warehouse.rows(by_value)
        named = names_of(plan, relation, f"SELECT g, _row FROM {lost}")
        told = [_issue(node, probe, value, n, named.get(value, ()), own=True) for value, n in counted]
        plan.issues.extend(told)


def filtered(plan: Plan, stack: Stack, rows: str, condition: str, probes: Sequence[Probe], node: Node) -> str:
    """SELECT of the rows (`s`) that meet a condition; what it cannot read is told without a second look at all rows.

    Args:
        plan: the plan.
        stack: whose rows they are.
        rows: SELECT of `_nr`, `_srow` and the columns of the condition.
        condition: SQL over `s.`.
        probes: what watches it.
        node: what is made, for messages.
    """
    if not probes or plan.dry:
        return f"SELECT s.* FROM ({rows}) s WHERE {condition}"
    either = " OR ".join(f"({one})" for one in (condition, *(probe.condition for probe in probes)))
    kept = f"CASE WHEN {condition} THEN true ELSE false END AS s2a_kept"
    table = plan.warehouse.create(f"SELECT s.*, {kept} FROM ({rows}) s WHERE {either}")
    tell_read_losses(plan, stack, table, probes, node)
    return f"SELECT s.* EXCLUDE (s2a_kept) FROM {table} s WHERE s2a_kept"


def tell_read_losses(plan: Plan, stack: Stack, rows: str, probes: Sequence[Probe], node: Node) -> None:
    """The same of rows of other relations, read one by one: those of a block's source.

    Args:
        plan: the plan.
        stack: whose rows they are.
        rows: SELECT, or a table, of `_nr`, `_srow` and the columns that the probes read, as `s`.
        probes: what watches.
        node: what is made, for messages.
    """
    unlike = list({probe.condition: probe for probe in probes}.values())
    if not unlike or plan.dry:
        return
    counts = ", ".join(f"count(*) FILTER (WHERE {probe.condition})" for probe in unlike)
    rows = rows if rows.isalnum() else f"({rows})"
    met = plan.warehouse.rows(f"SELECT {counts} FROM {rows} s")[0]
    for probe, _ in [pair for pair in zip(unlike, met, strict=True) if pair[1]]:
        items = f"CAST({probe.value} AS VARCHAR) AS g, s._nr AS nr, s._srow AS srow"
        _tell_rows(plan, stack, f"SELECT {items} FROM {rows} s WHERE {probe.condition}", probe, node)


def _issue(node: Node, probe: Probe, value: str, count: int, keys: tuple[str, ...], *, own: bool = False) -> Issue:
    dataset = node.relation.key.split("/")[0]
    name = f"{dataset}.{node.variable}" if own and node.variable else shown_key(node.title)
    return Issue(
        dataset=dataset,
        rule=probe.rule,
        severity=probe.severity,
        variable=node.variable,
        value=str(value),
        records=count,
        keys=keys,
        text=f"{name}: {value!r} {probe.text}",
        source=node.where if node.variable and node.where else probe.where or node.where,
    )
