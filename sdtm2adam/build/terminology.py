"""Local values to submission values: the study's map, then CT's submission values, synonyms, preferred terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sdtm2adam.build.mapped import Answer, Problem, Values
from sdtm2adam.spec.standards import Codelist


@dataclass(frozen=True)
class Terms:
    """The values of one variable; `closed`: no other value may stand."""

    known: Mapping[str, str]
    closed: bool
    variable: str

    @classmethod
    def of(cls, variable: str, local: Mapping[str, str], lists: Sequence[Codelist]) -> Terms:
        """The values of a variable, from a local map and CT lists; earlier kinds win, targets map to themselves."""
        found: dict[str, str] = {}
        for codelist in lists:
            for key, term in codelist.by_any_name.items():
                found.setdefault(key, term)
        for codelist in lists:
            found.update({term.upper(): term for term in codelist.terms})
        for target in local.values():
            found.setdefault(target.upper(), target)
        found.update({_normal(key): target for key, target in local.items()})
        closed = any(not codelist.extensible for codelist in lists) if lists else bool(local)
        return cls(found, closed, variable)

    def decide(self, values: Values) -> Answer:
        """The submission value of a local one; a value that is not known stays as it came, and is told."""
        text = clean(values[0])
        if text is None:
            return Answer((None,))
        term = self.known.get(_normal(text))
        if term is not None:
            return Answer((term,))
        if self.closed:
            return Answer((text,), (Problem("codelist-unmapped", "is in neither the codelist nor the study's map"),))
        return Answer((text,))  # a sponsor's term; the suites list these by dataset


def clean(text: str | None) -> str | None:
    """A text without blanks around it; a no-break space is a blank; nothing left is missing."""
    if text is None:
        return None
    return text.replace("\xa0", " ").strip() or None


def _normal(text: str) -> str:
    return " ".join(text.replace("\xa0", " ").split()).upper()
