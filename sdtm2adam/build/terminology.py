"""Local values to submission values: the study's map, then CT's submission values, synonyms, preferred terms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sdtm2adam.build.mapped import Answer, Problem, Values
from sdtm2adam.errors import SpecError, nearest
from sdtm2adam.model import Severity
from sdtm2adam.spec.codelists import Codelist, Terminology, alike
from sdtm2adam.spec.yaml import Text


@dataclass(frozen=True)
class Terms:
    """The values of one variable.

    `local` and `known` say which values a text names without regard to case and blanks: those of the study's map, and
    those of CT. `exact` are the values as they are submitted. `closed`: no other value may stand.
    """

    local: Mapping[str, tuple[str, ...]]
    exact: frozenset[str]
    known: Mapping[str, tuple[str, ...]]
    closed: bool
    variable: str
    lists: tuple[Codelist, ...] = ()

    @classmethod
    def of(
        cls, variable: str, local: Mapping[str, str], lists: Sequence[Codelist], beside: Iterable[str] = ()
    ) -> Terms | None:
        """The values of a variable, from a local map and CT lists; None if neither has any.

        The map wins, and its targets stand for themselves; then submission values of all lists and the values that the
        standard prescribes beside them, then other names in the order of the lists.
        """
        if not local and not any(codelist.terms for codelist in lists):
            return None
        values = [*local.values(), *beside, *(term for codelist in lists for term in codelist.terms)]
        found = _together((alike(value), value) for value in values)
        for codelist in lists:
            for key, terms in codelist.by_any_name.items():
                found.setdefault(key, terms)
        keys = _together((alike(key), target) for key, target in local.items())
        closed = any(not codelist.extensible for codelist in lists) if lists else bool(local)
        return cls(keys, frozenset(values), found, closed, variable, tuple(lists))

    def decide(self, values: Values) -> Answer:
        """The submission value of a local one; a value that is not known stays as it came, and is told."""
        text = clean(values[0])
        if text is None:
            return Answer((None,))
        key = alike(text)
        terms = self.local.get(key) or ((text,) if text in self.exact else self.known.get(key, ()))
        if len(terms) == 1:
            return Answer((terms[0],))
        problem = self._of_several(terms) if terms else self._of_none()
        return Answer((text,), (problem,) if problem else ())

    def _of_several(self, terms: tuple[str, ...]) -> Problem:
        said = f"may mean {' or '.join(terms)}: say which in a map {self.variable}"
        return Problem("codelist-ambiguous", f"{said} ({in_packages(self.lists)})" if self.lists else said)

    def _of_none(self) -> Problem | None:
        """What is told of a value without a term; a sponsor's term of an extensible list is told by the suites."""
        if any(not codelist.whole for codelist in self.lists):
            severity = Severity.WARNING if self.closed else Severity.NOTE
            return Problem("codelist-not-held", f"is not among the terms at hand: {not_held(self.lists)}", severity)
        if not self.closed:
            return None
        if not self.lists:
            return Problem("codelist-unmapped", f"is not in the study's map {self.variable}")
        also = f", and not in the study's map {self.variable}" if self.local else ""
        return Problem("codelist-unmapped", f"is no term of {in_packages(self.lists)}{also}")


def _together(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Each key with all its values, each once."""
    found: dict[str, dict[str, None]] = {}
    for key, value in pairs:
        found.setdefault(key, {})[value] = None
    return {key: tuple(values) for key, values in found.items()}


def in_packages(lists: Sequence[Codelist]) -> str:
    """Lists with the package that they were looked up in: `NCOMPLT (C66727) in SDTM CT 2025-03-28, full package`."""
    packages = " and ".join(dict.fromkeys(codelist.package for codelist in lists))
    return f"{' or '.join(codelist.shown for codelist in lists)} in {packages}"


def not_held(lists: Sequence[Codelist]) -> str:
    """Why nothing can be said of a value: the excerpt lacks terms of its lists."""
    missing = [codelist for codelist in lists if not codelist.whole]
    shown = " and ".join(
        f"{len(c.terms):,} of the {c.size:,} terms of {c.shown}" if c.terms else f"no term of {c.shown}"
        for c in missing
    )
    return f"{missing[0].package} holds {shown}; import the full package to know (sdtm2adam ct import FILE)"


def clean(text: str | None) -> str | None:
    """A text without blanks around it; a no-break space is a blank; nothing left is missing."""
    if text is None:
        return None
    return text.replace("\xa0", " ").strip() or None


def no_codelist(terminology: Terminology, said: Text) -> SpecError:
    """The error of a spec that names a list which no package of the study has."""
    what = f"no codelist {str(said)!r} in {terminology.shown}"
    return SpecError(what, where=said.where, mend=f"{nearest(str(said), terminology.shorts)}; or say none")
