"""Conditions that no row of a source meets, and keys that find none: what they were to bring is missing in silence.

Only what came out empty is looked at again, so that a condition that is met costs nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sdtm2adam.build.matching import Matching
from sdtm2adam.build.node import Node
from sdtm2adam.build.plan import Plan
from sdtm2adam.build.relation import Stack, shown_key
from sdtm2adam.errors import listed
from sdtm2adam.model import Issue, Severity
from sdtm2adam.spec.yaml import Text


def rows_of(stack: Stack) -> int:
    """How many rows there are to look at."""
    return sum(part.relation.count for part in stack.parts)


def sources_of(stack: Stack) -> str:
    """The sources of a stack, for messages."""
    return listed(list(dict.fromkeys(shown_key(part.relation.key) for part in stack.parts)), 5)


def is_empty(plan: Plan, select: str) -> bool:
    """Whether a SELECT gives no row; it stops at the first."""
    return not plan.warehouse.rows(f"SELECT 1 FROM ({select}) LIMIT 1")


def tell_unmet(plan: Plan, node: Node, where: Text | None, looked_at: int, of: str, word: str = "where") -> None:
    """Notes that no row met a condition; not where there was none to look at."""
    if where is None or not looked_at or plan.dry or not plan.whole:
        return
    rows = f"the {looked_at:,} rows" if looked_at > 1 else "the only row"
    said = f"{_title(node)}: none of {rows} of {of} meets the {word} {str(where)!r}"
    _note(plan, node, "where-matches-nothing", said, where.where, str(where))


def tell_unmet_matching(matching: Matching, node: Node) -> None:
    """Looks why a matching found nothing: because of its condition, or because nothing is equal in `by`."""
    plan, stack = matching.scope.plan, matching.stack
    looked_at, own = rows_of(stack), matching.scope.relation.count
    if not looked_at or not own or plan.dry or not plan.whole:
        return None
    match = matching.match()
    if matching.where is not None and not match.reads_own:
        if is_empty(plan, f"SELECT 1 FROM ({match.other}) s WHERE {match.where}"):
            return tell_unmet(plan, node, matching.where, looked_at, sources_of(stack))
        if match.by and is_empty(plan, replace(match, where="").pairs(["1"])):
            _tell_strangers(matching, node, looked_at)
        return None
    if match.by and is_empty(plan, replace(match, where="").pairs(["1"])):
        _tell_strangers(matching, node, looked_at)
    elif matching.where is not None and is_empty(plan, match.pairs(["1"])):
        tell_unmet(plan, node, matching.where, looked_at, sources_of(stack))
    return None


def tell_unmet_candidates(matchings: Sequence[Matching], node: Node, table: str) -> None:
    """The same for those candidates of which a table (with `_place`) has no row."""
    plan = matchings[0].scope.plan
    if plan.dry or not plan.whole:
        return
    found = {place for (place,) in plan.warehouse.rows(f"SELECT DISTINCT _place FROM {table}")}
    for place, matching in enumerate(matchings, start=1):
        if place not in found:
            tell_unmet_matching(matching, node)


def _tell_strangers(matching: Matching, node: Node, looked_at: int) -> None:
    """Not one of the own rows has a partner, whatever the condition says."""
    by = ", ".join(matching.theirs)
    said = f"{_title(node)}: none of the {looked_at:,} rows of {sources_of(matching.stack)} has the {by} of a row here"
    _note(matching.scope.plan, node, "by-matches-nothing", said, node.where)


def _title(node: Node) -> str:
    return shown_key(node.title)


def _note(plan: Plan, node: Node, rule: str, text: str, where: str, condition: str = "") -> None:
    """One note for each condition: a source that several blocks share is told once."""
    dataset, place = node.relation.key.split("/")[0], where or node.where
    known = ((one.dataset, one.rule, one.source, one.value) for one in plan.issues)
    if (dataset, rule, place, condition) in known:
        return
    plan.issues.append(
        Issue(
            dataset=dataset,
            rule=rule,
            severity=Severity.NOTE,
            variable=node.variable,
            text=text,
            value=condition,
            source=place,
        )
    )
