"""The SDTM domain that a raw form may belong to, by its name and by the names of its columns."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sdtm2adam.spec.packages import bundled_terminology
from sdtm2adam.spec.standards import sdtm_datasets, sdtm_variables

_SPECIAL = {"CO", "SE", "SM", "SV", "TA", "TD", "TE", "TI", "TM", "TS", "TV", "OI", "DI"}
"""Datasets that are not made from one form: trial design, visits, relations."""
_WORDS = {
    "ENROL": "DM", "ENROLMENT": "DM", "ENROLLMENT": "DM", "DEMO": "DM", "DEMOG": "DM", "DEMOGRAPHICS": "DM",
    "ADVERSE": "AE", "AELOG": "AE", "EVENTS": "AE", "CONMED": "CM", "CONMEDS": "CM", "MEDHIST": "MH", "HISTORY": "MH",
    "VITALS": "VS", "VITAL": "VS", "LAB": "LB", "LABS": "LB", "CHEM": "LB", "HEMA": "LB", "ECG": "EG",
    "DISPOSITION": "DS", "EXPOSURE": "EX", "PHYSEXAM": "PE",
}  # fmt: skip
_WRAPPERS = re.compile(r"^(IT|RAW|ITEM)_|_(RAW|STD)$")
_FEWEST_VARIABLES, _FEWEST_TESTS = 3, 3


def plain(column: str) -> str:
    """A column without what EDC systems wrap around its name.

    >>> plain("IT_AETERM"), plain("AESTDAT_RAW")
    ('AETERM', 'AESTDAT')
    """
    return _WRAPPERS.sub("", column.upper())


def domain_of(form: str, columns: Iterable[str]) -> tuple[str, str]:
    """The domain a form may belong to, and why; two empty texts if nothing speaks for one.

    >>> domain_of("AE_RAW", [])
    ('AE', 'the file is named AE')
    """
    words = [word for word in re.split(r"[_0-9]+", form) if word]
    known = [word for word in words if word in _domains()]
    if known:
        return known[0], f"the file is named {known[0]}"
    for word in words:
        if word in _WORDS:
            return _WORDS[word], f"the file is named {word}"
    names = {plain(column) for column in columns}
    variables = {d: sorted(names & variables_of(d)) for d in _domains()}
    best = max(variables, key=lambda d: (len(variables[d]), d))
    if len(variables[best]) >= _FEWEST_VARIABLES:
        return best, f"columns {', '.join(variables[best][:4])} are named as in {best}"
    tests = {d: sorted(names & tests_of(d)) for d in ("VS", "EG", "LB")}
    best = max(tests, key=lambda d: len(tests[d]))
    if len(tests[best]) >= _FEWEST_TESTS:
        return best, f"columns {', '.join(tests[best][:4])} are named as tests of {best}"
    return "", ""


def _domains() -> list[str]:
    return sorted(name for name in sdtm_datasets() if len(name) == 2 and name not in _SPECIAL)


def variables_of(domain: str) -> set[str]:
    """The variables of a domain that bear its prefix; of DM those that only a person has."""
    if domain == "DM":
        return {"AGE", "SEX", "RACE", "ETHNIC", "ARM", "ARMCD", "BRTHDTC", "RFICDTC"}
    return {variable for dataset, variable in sdtm_variables() if dataset == domain and variable.startswith(domain)}


def tests_of(domain: str) -> set[str]:
    """The short names of the tests of a findings domain, as controlled terminology has them."""
    fact = sdtm_variables().get((domain, f"{domain}TESTCD"))
    lists = bundled_terminology().of(fact.codelists if fact else ())
    return {term for codelist in lists for term in codelist.terms}
