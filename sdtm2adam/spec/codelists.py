"""Controlled terminology as the engine sees it: lists of terms, each of a package that messages name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property

Term = tuple[str, tuple[str, ...], str]
"""Concept code, synonyms and preferred term of a submission value."""


@dataclass(frozen=True)
class Codelist:
    """One list of controlled terminology: submission value -> (code, synonyms, preferred term).

    `size` is how many terms the package has in the list; the bundled excerpt may hold fewer of them, or none.
    """

    code: str
    short: str
    name: str
    extensible: bool
    terms: dict[str, Term]
    size: int = 0
    package: str = ""

    @property
    def whole(self) -> bool:
        """Whether all terms of the list are at hand, so that any other text is known to be none of them."""
        return len(self.terms) >= self.size

    @property
    def shown(self) -> str:
        """The list as messages name it: `AESEV (C66769)`."""
        return f"{self.short} ({self.code})"

    @cached_property
    def by_any_name(self) -> dict[str, tuple[str, ...]]:
        """A text without regard to case and blanks -> the terms that it names; the earlier kind wins.

        Kinds are submission values, synonyms and preferred terms. A few synonyms name two terms of one list, and a few
        submission values differ in case only: which one is meant is then not said.
        """
        found: dict[str, tuple[str, ...]] = {}
        values = [(term, (term,)) for term in self.terms]
        synonyms = [(term, names) for term, (_, names, _) in self.terms.items()]
        preferred = [(term, (name,)) for term, (_, _, name) in self.terms.items()]
        for kind in (values, synonyms, preferred):
            of_kind: dict[str, list[str]] = {}
            for term, names in kind:
                for key in {alike(name) for name in names}:
                    of_kind.setdefault(key, []).append(term)
            for key, terms in of_kind.items():
                found.setdefault(key, tuple(terms))
        found.pop("", None)
        return found

    @cached_property
    def by_code(self) -> dict[str, str]:
        """Concept code -> submission value."""
        return {code: term for term, (code, _, _) in self.terms.items()}


def alike(text: str) -> str:
    """A text without regard to case and blanks; a no-break space is a blank.

    >>> alike(" Mild  pain ")
    'MILD PAIN'
    """
    return " ".join(text.replace("\xa0", " ").split()).upper()


@dataclass(frozen=True)
class Head:
    """What is said of a list of a package before its terms are looked at; `size` counts its terms."""

    code: str
    short: str
    name: str
    extensible: bool
    size: int


@dataclass(eq=False)
class Package:
    """One package: which lists it has, and their terms, read when a list is asked for.

    `full`: all its terms are at hand; otherwise the excerpt that is bundled. `terms_of` gives the terms of a list.
    """

    standard: str
    version: str
    full: bool
    heads: dict[str, Head]
    terms_of: Callable[[str], dict[str, Term]]
    _read: dict[str, Codelist] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """`SDTM CT 2025-03-28`."""
        return f"{self.standard} CT {self.version}"

    @property
    def shown(self) -> str:
        """The package as messages name it, with what is at hand of it."""
        return f"{self.name}, {'full package' if self.full else 'bundled excerpt'}"

    def get(self, code: str) -> Codelist | None:
        """The list with a code; without terms if the excerpt has none of them, None if the package has no such list."""
        head = self.heads.get(code)
        if head is None:
            return None
        if code not in self._read:
            self._read[code] = Codelist(
                code, head.short, head.name, head.extensible, self.terms_of(code), head.size, self.shown
            )
        return self._read[code]


@dataclass(frozen=True)
class Terminology:
    """The packages that a study follows, SDTM before ADaM."""

    packages: tuple[Package, ...]

    @property
    def shown(self) -> str:
        """The packages as messages name them."""
        return " and ".join(package.shown for package in self.packages)

    def get(self, code: str) -> Codelist | None:
        """The list with a code."""
        return next((found for package in self.packages if (found := package.get(code)) is not None), None)

    def of(self, codes: Iterable[str]) -> list[Codelist]:
        """The lists with these codes, without those that no package has."""
        return [found for code in codes if (found := self.get(code)) is not None]

    def called(self, said: str) -> list[Codelist]:
        """The lists that a spec names by code or short name (`C66742`, `NY`); empty if there is none."""
        codes = dict.fromkeys(
            head.code for package in self.packages for head in package.heads.values() if said in (head.code, head.short)
        )
        return self.of(codes)

    @property
    def shorts(self) -> list[str]:
        """The short names of all lists."""
        return [head.short for package in self.packages for head in package.heads.values()]
