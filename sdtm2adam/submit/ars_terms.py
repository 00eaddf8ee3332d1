"""Controlled terms of the CDISC Analysis Results Standard 1.0, and those that a sponsor adds to them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

KNOWN = {
    "AnalysisReasonEnum": (
        "SPECIFIED IN PROTOCOL",
        "SPECIFIED IN SAP",
        "DATA DRIVEN",
        "REQUESTED BY REGULATORY AGENCY",
    ),
    "AnalysisPurposeEnum": (
        "PRIMARY OUTCOME MEASURE",
        "SECONDARY OUTCOME MEASURE",
        "EXPLORATORY OUTCOME MEASURE",
    ),
    "OutputFileTypeEnum": ("pdf", "rtf", "txt"),
}
"""The terms of each list that may be extended."""


@dataclass
class Terms:
    """The terms a report uses; what a list does not hold becomes a sponsor's term of it."""

    added: dict[str, dict[str, str]] = field(default_factory=dict)

    def term(self, of: str, value: str) -> dict[str, str]:
        """A term of a list as it is written where it is used."""
        if value in KNOWN[of]:
            return {"controlledTerm": value}
        known = self.added.setdefault(of, {})
        name = known.setdefault(value, f"ST_{of}_{len(known) + 1}")
        return {"controlledTerm": value, "sponsorTermId": name}

    def extensions(self) -> list[dict[str, Any]]:
        """The terms that were added, list by list."""
        return [
            {
                "id": f"TE_{of}",
                "enumeration": of,
                "sponsorTerms": [{"id": name, "submissionValue": value} for value, name in terms.items()],
            }
            for of, terms in sorted(self.added.items())
        ]
