"""Faults of specs, collected whole before any of them is told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sdtm2adam.errors import Sdtm2adamError, SpecError, nearest
from sdtm2adam.spec.conditions import Condition, comparisons, parse
from sdtm2adam.spec.patterns import Format, parse_format
from sdtm2adam.spec.yaml import Text


@dataclass
class Faults:
    """The faults found so far."""

    found: list[Sdtm2adamError] = field(default_factory=list)

    def add(self, what: str, where: str, mend: str) -> None:
        """Note one fault."""
        self.found.append(SpecError(what, where=where, mend=mend))

    def unknown(self, kind: str, name: str, known: Iterable[str], where: str) -> None:
        """Note a name that is not known, with the nearest ones."""
        self.add(f"unknown {kind} {str(name)!r}", where, nearest(name, known))

    def condition(self, text: Text | None, datasets: tuple[str, ...]) -> Condition | None:
        """The condition of a text; None where there is none or it cannot be read."""
        if text is None:
            return None
        try:
            condition = parse(text, text.where)
        except SpecError as error:
            self.found.append(error)
            return None
        for comparison in comparisons(condition):
            if comparison.dataset not in datasets:
                self.unknown("dataset in a condition", comparison.dataset, datasets, text.where)
        return condition

    def format(self, text: str, where: str) -> Format:
        """The format of a text; empty where it cannot be read."""
        try:
            return parse_format(text, where)
        except SpecError as error:
            self.found.append(error)
            return ()
