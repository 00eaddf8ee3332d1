"""The terms that specs name themselves, looked up in the study's packages before any data are read.

Each is looked up in the codelists of its variable. A term of no list that must be in one is an error; a term beside
those of an extensible list is worth a note, and so is a list of which no term is at hand.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from sdtm2adam.build.metadata import standard_fact
from sdtm2adam.build.said_terms import Said, said_by
from sdtm2adam.build.terminology import in_packages, not_held
from sdtm2adam.errors import SpecError, listed, nearest
from sdtm2adam.model import Issue, Severity
from sdtm2adam.spec.codelists import Codelist, alike
from sdtm2adam.spec.dataset import DatasetSpec
from sdtm2adam.spec.library import Specs
from sdtm2adam.spec.packages import bundled_terminology
from sdtm2adam.spec.yaml import Text

Places = dict[tuple[str, str], dict[Text, list[Codelist]]]
"""Dataset and variable -> the terms named for it that are in none of its lists."""


@dataclass(frozen=True)
class NamedTerms:
    """What was found: terms that may not stand, terms beside their lists, lists that nothing can be judged by."""

    errors: tuple[SpecError, ...]
    beside: Places
    unchecked: tuple[Issue, ...]

    @cached_property
    def notes(self) -> tuple[Issue, ...]:
        """A note for each variable with terms beside those of its lists."""
        return tuple(_note(*place, found) for place, found in sorted(self.beside.items()))


def named_terms(specs: Specs) -> NamedTerms:
    """Judges all terms that the dataset specs of a study name."""
    errors: dict[str, SpecError] = {}
    beside: Places = {}
    unchecked: dict[tuple[str, str], dict[str, None]] = {}
    for name, spec in specs.datasets.items():
        maps = {**specs.study.maps, **spec.maps}
        stage = "sdtm" if name in specs.sdtm else "adam"
        for said in dict.fromkeys(said_by(spec, maps, stage)):
            lists, more = _allowed(specs, stage, spec, said, unchecked)
            local = {*more, *(maps.get(said.column, {}) if said.coerced else ())}
            if said.text is None or said.text in more or not _is_beside(said, lists, local):
                continue
            error = _error(f"{name}.{said.column}: {str(said.text)!r}", said, lists)
            if error is not None:
                errors[error.message] = error
            else:
                beside.setdefault((name, said.column), {})[said.text] = lists
    lost = tuple(_unchecked(specs, name, code, list(columns)) for (name, code), columns in sorted(unchecked.items()))
    return NamedTerms(tuple(errors.values()), beside, lost)


def _allowed(
    specs: Specs, stage: str, spec: DatasetSpec, said: Said, unchecked: dict[tuple[str, str], dict[str, None]]
) -> tuple[list[Codelist], tuple[str, ...]]:
    """The lists of a variable, and the values it may have beside them; lists without any term at hand are noted."""
    if said.codelist is not None:
        return specs.terminology.called(str(said.codelist)), ()
    fact = None if said.column.startswith("_") else standard_fact(stage, spec, said.column)
    for code in fact.codelists if fact else ():
        codelist = specs.terminology.get(code)
        if codelist is None or not codelist.terms:
            unchecked.setdefault((str(spec.dataset), code), {})[said.column] = None
    return (specs.terminology.of(fact.codelists), fact.values) if fact else ([], ())


def _is_beside(said: Said, lists: list[Codelist], local: set[str]) -> bool:
    """Whether a text is in none of the lists; a result may be a number."""
    text = str(said.text)
    if not any(codelist.terms for codelist in lists) or _is_number(said.column, text):
        return False
    if any(text in codelist.terms for codelist in lists):
        return False
    if said.coerced:  # any one name of a term becomes the term
        return alike(text) not in map(alike, local) and len(_meant(text, lists)) != 1
    return True


def _meant(text: str, lists: list[Codelist]) -> list[str]:
    return list(dict.fromkeys(term for codelist in lists for term in codelist.by_any_name.get(alike(text), ())))


def _error(what: str, said: Said, lists: list[Codelist]) -> SpecError | None:
    """Why a term may not stand; None where it may be a sponsor's, or cannot be judged by the terms at hand."""
    text = str(said.text)
    where = said.text.where if said.text is not None else ""
    meant = _meant(text, lists)
    if meant:
        names = " or ".join(meant)
        return SpecError(f"{what} is another name of {names} of {in_packages(lists)}", where=where, mend=f"say {names}")
    if all(codelist.extensible for codelist in lists) or not all(codelist.whole for codelist in lists):
        return None
    near = nearest(text, [term for codelist in lists for term in codelist.terms], most=3)
    mend = f"{near} (codelist: none on the variable lets a value stand that must)"
    only = "the list takes" if len(lists) == 1 else "the lists take"
    return SpecError(f"{what} is no term of {in_packages(lists)}, and {only} no other", where=where, mend=mend)


def _note(dataset: str, column: str, found: Mapping[Text, list[Codelist]]) -> Issue:
    """All terms of a variable beside its lists, with terms that are written much alike."""
    lists = list(dict.fromkeys(codelist.code for one in found.values() for codelist in one))
    of = [next(c for one in found.values() for c in one if c.code == code) for code in lists]
    held = all(codelist.whole for codelist in of)
    terms = [term for codelist in of for term in codelist.terms]
    shown = listed(sorted({f"{text}{_near(text, terms)}" for text in found}), most=40)
    said = (
        f"not in {in_packages(of)}, so terms of the sponsor: {shown}"
        if held
        else f"not among the terms at hand: {shown}; {not_held(of)}"
    )
    where = min(text.where for text in found)
    rule = "codelist-extended" if held else "codelist-not-held"
    return Issue(dataset, rule, Severity.NOTE, f"{dataset}.{column}: {said}", column, records=0, source=where)


def _near(text: str, terms: list[str]) -> str:
    upper = {term.upper(): term for term in terms}
    close = difflib.get_close_matches(text.upper(), upper, n=2, cutoff=0.85)
    return f" (near {' and '.join(upper[term] for term in close)})" if close else ""


def _unchecked(specs: Specs, dataset: str, code: str, columns: list[str]) -> Issue:
    """A list without any term at hand: told, so that silence does not look like order."""
    codelist = specs.terminology.get(code)
    known = codelist or bundled_terminology().get(code)
    text = f"{dataset}: values of {', '.join(columns)} are not checked against {known.shown if known else code}: "
    if codelist is None:
        text += f"the standard names it, and it is not in {specs.terminology.shown}"
    else:
        text += f"{codelist.package} holds none of its {codelist.size:,} terms; "
        text += "import the full package (sdtm2adam ct import FILE)"
    where = specs.datasets[dataset].dataset.where
    return Issue(dataset, "codelist-not-held", Severity.NOTE, text, columns[0], records=0, source=where)


def _is_number(column: str, text: str) -> bool:
    if not column.endswith(("STRESC", "ORRES", "AVALC")):
        return False
    try:
        float(text)
    except ValueError:
        return False
    return True
