"""What watches an expression: rows in which it loses a value, or does not know one."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sdtm2adam.model import Severity


@dataclass(frozen=True)
class Probe:
    """Rows where a value was lost or not known: a condition that is true for them, the value, and its place."""

    rule: str
    condition: str
    value: str
    text: str
    severity: Severity = Severity.ERROR
    where: str = ""

    def within(self, condition: str) -> Probe:
        """The same probe, of the rows that meet a condition only."""
        return replace(self, condition=f"({condition}) AND ({self.condition})")
