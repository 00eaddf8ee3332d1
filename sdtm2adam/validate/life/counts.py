"""How many findings there are, by severity, state, rule, dataset and site."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sdtm2adam.model import Severity
from sdtm2adam.model.finding import Finding, State

SEVERITIES = (Severity.ERROR, Severity.WARNING, Severity.NOTE)

NO_SITE = "(no site)"
"""What findings count under whose record has no subject, or whose subject has no site."""

BY: Mapping[str, Callable[[Finding], str]] = {
    "severity": lambda one: one.severity.value,
    "state": lambda one: one.state.value,
    "rule": lambda one: one.rule,
    "dataset": lambda one: one.dataset,
    "site": lambda one: one.site or NO_SITE,
}
"""By what findings are counted."""


@dataclass(frozen=True, slots=True)
class Count:
    """The findings of one name: those still open by severity, those resolved and those accepted."""

    name: str
    errors: int
    warnings: int
    notes: int
    resolved: int
    accepted: int

    @property
    def open(self) -> int:
        """Those that are neither resolved nor accepted."""
        return self.errors + self.warnings + self.notes


def count_findings(findings: Sequence[Finding], by: str) -> tuple[Count, ...]:
    """The findings by rule, dataset, site, ...: most open errors first, then warnings, notes and name.

    Args:
        findings: with their states.
        by: a name of `BY`.
    """
    name_of = BY[by]
    names = dict.fromkeys(map(name_of, findings))
    counted = Counter((name_of(one), column_of(one)) for one in findings)
    counts = [Count(name, *(counted[name, column] for column in COLUMNS)) for name in names]
    return tuple(sorted(counts, key=lambda one: (-one.errors, -one.warnings, -one.notes, one.name)))


COLUMNS = ("errors", "warnings", "notes", "resolved", "accepted")
"""What a finding is counted as."""


def column_of(one: Finding) -> str:
    """What a finding is counted as: its state if that is resolved or accepted, else its severity."""
    if one.state in (State.RESOLVED, State.ACCEPTED):
        return one.state.value
    return f"{one.severity.value}s"


def count_states(findings: Iterable[Finding]) -> dict[str, dict[str, int]]:
    """The findings of each severity by state; every severity and every state is there."""
    counted = Counter((one.severity, one.state) for one in findings)
    return {severity.value: {state.value: counted[severity, state] for state in State} for severity in SEVERITIES}
