"""One fault, one issue: of those that name the same records for the same reason, the one that helps most stays.

A check says under `like` what says the same: kinds of expectations, or ids of other checks. An edit check stays before
an expectation, since it asks the site, and weighs as much as the heaviest then; an expectation stays before a rule.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from sdtm2adam.model import Issue, Severity
from sdtm2adam.validate.sql.check import Check

_WEIGHTS = (Severity.NOTE, Severity.WARNING, Severity.ERROR)
_EDIT_CHECK, _EXPECTATION, _RULE = range(3)


@dataclass
class _Told:
    """An issue, who tells it, and whether it is left to another."""

    issue: Issue
    rank: int
    left_out: bool = False


def told_once(
    expectations: Iterable[Issue],
    rules: Iterable[Issue],
    edit_checks: Iterable[Issue],
    *,
    checks: Iterable[Check],
    gates: Collection[tuple[str, str]] = (),
) -> tuple[Issue, ...]:
    """The issues of all engines without those whose records another names for the same reason.

    The source of an issue that is left out goes to the source of those that stay.

    Args:
        expectations: what suites found.
        rules: what the rule pack found.
        edit_checks: what edit checks found.
        checks: the rules and edit checks, for what is like what.
        gates: pairs of dataset and expectation that hold a dataset back; these stay, for nobody can accept them.
    """
    like = {check.id: frozenset(check.like) for check in checks if check.like}
    found = [
        *(_Told(issue, _RULE) for issue in rules),
        *(_Told(issue, _EXPECTATION) for issue in expectations),
        *(_Told(issue, _EDIT_CHECK) for issue in edit_checks),
    ]
    places: dict[tuple[str, str], list[_Told]] = {}
    for one in found:
        for variable in {one.issue.variable, *_variables(one.issue)}:
            places.setdefault((one.issue.dataset, variable), []).append(one)
    for one in found:
        if one.rank == _EXPECTATION and (one.issue.dataset, one.issue.rule) in gates:
            continue
        beside = [
            other
            for variable in dict.fromkeys((one.issue.variable, *_variables(one.issue)))
            for other in places.get((one.issue.dataset, variable), ())
        ]
        others = [other for other in beside if not other.left_out and _stays(other, one, like)]
        if others and _covered(one.issue, [other.issue for other in others]):
            one.left_out = True
            for other in others:
                if not one.issue.keys or {*one.issue.keys} & {*other.issue.keys}:
                    other.issue = _with(other, one.issue)
    return tuple(one.issue for one in found if not one.left_out)


def rules_of(source: str) -> frozenset[str]:
    """The rules that a source names, those that were left to it among them; the kind of an expectation is its rule."""
    names = [part.split()[0] for part in source.split("; ") if part.strip()]
    return frozenset(name.split(".")[1] if name.count(".") > 1 else name for name in names)


def _stays(other: _Told, one: _Told, like: Mapping[str, frozenset[str]]) -> bool:
    """Whether another issue says the same as this one and goes before it."""
    named = other.issue.rule in like.get(one.issue.rule, ())
    if one.rank == other.rank:
        return named
    return other.rank < one.rank and (named or one.issue.rule in like.get(other.issue.rule, ()))


def _with(other: _Told, left_out: Issue) -> Issue:
    """The issue that stays, with the source of the other; that of an edit check with its weight too."""
    issue = other.issue
    heaviest = max(issue.severity, left_out.severity, key=_WEIGHTS.index)
    severity = heaviest if other.rank == _EDIT_CHECK else issue.severity
    sources = dict.fromkeys((*issue.source.split("; "), *left_out.source.split("; ")))
    return replace(issue, source="; ".join(sources), severity=severity)


def _variables(issue: Issue) -> list[str]:
    """All variables that a generated expectation is about, as its source names them: `AE.start-end.AESTDTC+AEENDTC`."""
    expectation = issue.source.partition("; ")[0].partition(" ")[0].partition(f".{issue.rule}.")
    return expectation[2].split("+") if expectation[0] == issue.dataset else []


def _covered(issue: Issue, others: Collection[Issue]) -> bool:
    named = {key for other in others for key in other.keys}
    return set(issue.keys) <= named and issue.records <= sum(other.records for other in others)
