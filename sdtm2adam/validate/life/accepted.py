"""Findings that a study accepts: which entry of accepted.yaml covers which finding, and which entries do not hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sdtm2adam.errors import nearest
from sdtm2adam.model import Issue, Severity
from sdtm2adam.model.finding import Finding, State
from sdtm2adam.validate.life.accepted_file import FILE, Entry, read_entries
from sdtm2adam.validate.told_once import rules_of

UNUSED, OUTDATED, OF_GATE = "acceptance-unused", "acceptance-outdated", "acceptance-of-gate"
"""Rules that tell of entries: it names no finding; the value has changed since; it cannot open a gate."""

RULES = frozenset({UNUSED, OUTDATED, OF_GATE})


@dataclass(frozen=True, slots=True)
class Accepted:
    """The entries of a study's accepted.yaml."""

    entries: tuple[Entry, ...] = ()


def read_accepted(path: Path) -> Accepted:
    """The accepted findings of a study; none where it has no such file.

    Args:
        path: the file, or the folder of the study with `accepted.yaml` in it.

    Raises:
        SpecError: the file holds no such list.
        SpecErrors: all faults of its entries, each with its line.
    """
    return Accepted(read_entries(path))


def apply_accepted(
    findings: Sequence[Finding], accepted: Accepted, gates: frozenset[tuple[str, str]]
) -> tuple[list[Finding], tuple[Issue, ...]]:
    """Findings with those accepted that an entry covers, and what is to be told of the entries.

    The first entry that covers a finding and holds for its value accepts it. A resolved finding is not accepted.

    Args:
        findings: with their states.
        accepted: of the study.
        gates: pairs of dataset and rule whose gate is broken; an error there is not accepted.
    """
    by_id: dict[str, list[Entry]] = {}
    by_rule: dict[tuple[str, str, str], list[Entry]] = {}
    for entry in accepted.entries:
        if entry.id:
            by_id.setdefault(entry.id, []).append(entry)
        else:
            by_rule.setdefault((entry.rule, entry.dataset, entry.variable), []).append(entry)
    met: dict[Entry, list[tuple[str, Finding]]] = {entry: [] for entry in accepted.entries}
    found: list[Finding] = []
    for one in findings:
        rules = dict.fromkeys((one.rule, *sorted(rules_of(one.source))))  # one that was left to this one too
        told = [entry for rule in rules for entry in by_rule.get((rule, one.dataset, one.variable), ())]
        entries = [*by_id.get(one.id, ()), *told]
        covering = [entry for entry in entries if one.state is not State.RESOLVED and _covers(entry, one)]
        found.append(_accepted(one, covering, gates, met))
    return found, tuple(issue for entry, several in met.items() for issue in _told(entry, several, findings))


def _covers(entry: Entry, one: Finding) -> bool:
    if entry.subject and entry.subject != one.subject:
        return False
    key = entry.key.removeprefix("raw.")
    return not key or entry.key == one.key or key in one.raw


def _accepted(
    one: Finding,
    covering: Sequence[Entry],
    gates: frozenset[tuple[str, str]],
    met: dict[Entry, list[tuple[str, Finding]]],
) -> Finding:
    """A finding, accepted by the first entry that holds."""
    is_gate = one.severity is Severity.ERROR and (one.dataset, one.rule) in gates
    holding = None
    for entry in covering:
        if is_gate:
            met[entry].append((OF_GATE, one))
        elif entry.value is not None and entry.value != one.value:
            met[entry].append((OUTDATED, one))
        else:
            met[entry].append(("", one))
            holding = holding or entry
    return one if holding is None else replace(one, state=State.ACCEPTED, accepted=holding.acceptance)


def _told(entry: Entry, several: Sequence[tuple[str, Finding]], findings: Sequence[Finding]) -> Iterator[Issue]:
    """What is to be told of one entry."""
    said = f"accepted by {entry.acceptance.who} on {entry.acceptance.when}"
    if not several:
        text = f"{entry.told}, {said}, is no open finding of this cut: it is resolved, or its rule did not run."
        dataset = entry.dataset or FILE
        yield Issue(
            dataset,
            UNUSED,
            Severity.NOTE,
            text + _hint(entry, findings),
            entry.variable,
            entry.told,
            0,
            (),
            entry.where,
        )
    texts = {
        OUTDATED: f"{said} with the value '{entry.value}'; the value has changed since, and the finding is open again",
        OF_GATE: f"{said}; an error that holds a dataset back is not accepted: correct the data or the spec",
    }
    for rule, text in texts.items():
        here = [one for kind, one in several if kind == rule]
        by_place: dict[tuple[str, str], list[Finding]] = {}
        for one in here:
            by_place.setdefault((one.dataset, one.variable), []).append(one)
        for (dataset, variable), group in sorted(by_place.items()):
            yield Issue(
                dataset,
                rule,
                Severity.WARNING,
                f"{group[0].rule}: {text}",
                variable,
                group[0].value if len(group) == 1 else "",
                len(group),
                tuple(f"USUBJID={one.subject}, finding={one.id}".removeprefix("USUBJID=, ") for one in group),
                entry.where,
                tuple(one.value for one in group),
            )


def _hint(entry: Entry, findings: Sequence[Finding]) -> str:
    """What the entry may have meant: a rule that has findings, or the variables that the findings of its rule have."""
    if entry.id:
        return ""
    rules = {rule for one in findings if one.rule not in RULES for rule in (one.rule, *rules_of(one.source))}
    if entry.rule not in rules:
        here = {one.rule for one in findings if one.dataset == entry.dataset and one.rule not in RULES}
        return f" No finding is of a rule {entry.rule}; in {entry.dataset}, {nearest(entry.rule, here)}"
    there = {one.variable for one in findings if (one.rule, one.dataset) == (entry.rule, entry.dataset)}
    if not there or entry.variable in there:
        return ""
    named = ", ".join(sorted(name or "(none)" for name in there))
    return f" Findings of this rule in {entry.dataset} have the variable {named}."
