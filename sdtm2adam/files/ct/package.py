"""What a package of controlled terminology holds, and what must be true of it before it is used."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from sdtm2adam.errors import InputError, InputErrors

_MOST_ERRORS = 20
_MEND = "get the file again from NCI EVS and take it as it was published; nothing of it was used"


class ListRow(NamedTuple):
    """A codelist as the file says it; `extensible` is Yes or No, `where` its place in the file."""

    code: str
    short: str
    name: str
    extensible: str
    preferred: str
    where: str


class TermRow(NamedTuple):
    """A term as the file says it; `synonyms` are parted by `; `."""

    codelist: str
    code: str
    term: str
    synonyms: str
    preferred: str
    where: str


@dataclass
class Content:
    """What was read from a file, not checked yet; `labels` are texts in which it names its standard and date."""

    lists: list[ListRow] = field(default_factory=list)
    terms: list[TermRow] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    errors: list[InputError] = field(default_factory=list)


@dataclass(frozen=True)
class OfficialPackage:
    """A checked package: its standard (`sdtm` or `adam`), its date, its lists by code, its terms in order."""

    kind: str
    version: str
    lists: dict[str, ListRow]
    terms: tuple[TermRow, ...]

    @property
    def without_terms(self) -> list[ListRow]:
        """Lists that have no term in the file."""
        filled = {row.codelist for row in self.terms}
        return [row for code, row in self.lists.items() if code not in filled]


def joined_synonyms(synonyms: Iterator[str]) -> str:
    """Synonyms as they are kept: without blanks around them, parted by `; `.

    >>> joined_synonyms(iter(["a; b;c ", "", "d"]))
    'a; b; c; d'
    """
    return "; ".join(part.strip() for text in synonyms for part in text.split(";") if part.strip())


def check_content(content: Content, path: Path) -> None:
    """Refuses a package with a list or a term that cannot be trusted.

    Raises:
        InputErrors: what is wrong, each with its line; of many the first.
    """
    errors = [*content.errors, *_wrong_lists(content), *_wrong_terms(content)]
    if not errors and not content.terms:
        errors = [InputError("holds no term of any codelist", where=str(path), mend=_MEND)]
    if len(errors) > _MOST_ERRORS:
        more = InputError(f"and {len(errors) - _MOST_ERRORS:,} more errors", where=str(path), mend=_MEND)
        errors = [*errors[:_MOST_ERRORS], more]
    if errors:
        raise InputErrors(errors)


def wrong(what: str, where: str) -> InputError:
    """An error of one line of a package."""
    return InputError(what, where=where, mend=_MEND)


def _wrong_lists(content: Content) -> Iterator[InputError]:
    seen: dict[str, str] = {}
    for row in content.lists:
        if not re.fullmatch(r"C\d+", row.code, re.ASCII):
            yield wrong(f"{row.code!r} is no code of a codelist, such as C66742", row.where)
        elif row.code in seen:
            yield wrong(f"the codelist {row.code} stands at {seen[row.code]} too", row.where)
        seen.setdefault(row.code, row.where)
        if row.extensible not in ("Yes", "No"):
            yield wrong(f"codelist {row.code}: extensible is {row.extensible!r}, not Yes or No", row.where)
        if not row.short or not row.name:
            yield wrong(f"codelist {row.code} has no {'name' if row.short else 'submission value'}", row.where)


def _wrong_terms(content: Content) -> Iterator[InputError]:
    lists = {row.code for row in content.lists}
    seen: dict[tuple[str, str], str] = {}
    unknown = set()
    for row in content.terms:
        if row.codelist not in lists and row.codelist not in unknown:
            unknown.add(row.codelist)
            yield wrong(f"no line says what the codelist {row.codelist!r} of this term is", row.where)
        if not row.term:
            yield wrong(f"a term of {row.codelist} ({row.code}) has no submission value", row.where)
        elif not re.fullmatch(r"C\d+", row.code, re.ASCII):
            yield wrong(f"{row.code!r} is no code of the term {row.term!r}, such as C49488", row.where)
        elif (row.codelist, row.term) in seen:
            first = seen[row.codelist, row.term]
            yield wrong(f"the term {row.term!r} of {row.codelist} stands at {first} too", row.where)
        seen.setdefault((row.codelist, row.term), row.where)
