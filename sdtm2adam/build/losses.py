"""Values of other rows that an expression inside a verb cannot read: each is an issue, as it is in an expression."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sdtm2adam.build.matching import Matching
from sdtm2adam.build.node import Node
from sdtm2adam.build.probe import Probe
from sdtm2adam.build.record_names import source_names
from sdtm2adam.build.select.matching import Match
from sdtm2adam.model import Issue
from sdtm2adam.spec.yaml import Text

_MOST_VALUES = 1000


def tell_losses(matching: Matching, texts: Iterable[Text], node: Node, *, aggregate: bool = False) -> None:
    """Tells what the condition of a matching, and expressions over the rows that match, lost.

    Args:
        matching: whose rows are there.
        texts: expressions over the other rows.
        node: what is made, for messages.
        aggregate: whether the expressions hold aggregates.
    """
    verb, match = matching.verb, matching.match()
    if matching.where is not None:
        _tell(matching, replace(match, where=""), verb.probes(matching.where), node)
    probes = [probe for text in texts for probe in verb.probes(text, aggregate=aggregate)]
    _tell(matching, match, probes, node)


def _tell(matching: Matching, match: Match, probes: list[Probe], node: Node) -> None:
    plan, parts = matching.scope.plan, [part.relation for part in matching.stack.parts]
    for probe in {probe.condition: probe for probe in probes}.values():
        lost = plan.warehouse.create(f"SELECT DISTINCT g, nr, srow FROM ({_rows(match, probe)})")
        by_value = f"SELECT g, count(*) FROM {lost} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {_MOST_VALUES}"
        counted = plan.warehouse.rows(by_value)
        if counted:
            named = source_names(plan, parts, f"SELECT g, nr AS _nr, srow AS _row FROM {lost}")
            plan.issues.extend(_issue(node, probe, value, count, named.get(value, ())) for value, count in counted)


def _rows(match: Match, probe: Probe) -> str:
    """SELECT of the other rows that lose a value: `g` (the value), `nr` and `srow`."""
    items = [f"CAST({probe.value} AS VARCHAR) AS g", "s._nr AS nr", "s._srow AS srow"]
    both = f"({match.where}) AND ({probe.condition})" if match.where else probe.condition
    if match.reads_own:
        return replace(match, where=both).pairs(items)
    return f"SELECT {', '.join(items)} FROM ({match.other}) s WHERE {both}"


def _issue(node: Node, probe: Probe, value: str, count: int, keys: tuple[str, ...]) -> Issue:
    dataset, name = node.relation.key.split("/")[0], node.title
    return Issue(
        dataset=dataset,
        rule=probe.rule,
        severity=probe.severity,
        variable=node.name if node.name[0] not in "#@" else "",
        value=str(value),
        records=count,
        keys=keys,
        text=f"{name}: {value!r} {probe.text}",
        source=node.where,
    )
