"""What is expected of the values of a dataset, made from metadata alone: terms, flags, dates, days, pairs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sdtm2adam.model import Dataset, Severity, Variable
from sdtm2adam.validate.expectation import Expectation, expectation_of
from sdtm2adam.validate.structure import is_sdtm, is_supplement

POPULATIONS = ("FASFL", "SAFFL", "ITTFL", "PPROTFL", "COMPLFL", "RANDFL", "ENRLFL")
"""Flags of ADSL that are Y or N for every subject."""

ONLY_YES = r"(ABLFL|ANL\d\dFL|TRTEMFL|TRTEM\d*FL|AOCC\w*FL|\w\wBLFL|\w\wLOBXFL|\w\wDRVFL|LOBXFL)"
"""Flags that are Y or missing."""

MOST_TERMS = 8
"""Terms that a text lists; a longer list is counted."""

_PAIRS = (
    ("PARAMCD", "PARAM"), ("PARAM", "PARAMN"), ("VISITNUM", "VISIT"), ("AVISIT", "AVISITN"), ("ARMCD", "ARM"),
    ("ACTARMCD", "ACTARM"), ("ETCD", "ELEMENT"), ("TSPARMCD", "TSPARM"), ("QNAM", "QLABEL"), ("TRTP", "TRTPN"),
    ("TRTA", "TRTAN"), ("ATPT", "ATPTN"), ("ASEV", "ASEVN"), ("AREL", "ARELN"), ("SEX", "SEXN"), ("RACE", "RACEN"),
    ("ATOXGR", "ATOXGRN"), ("IETESTCD", "IETEST"),
)  # fmt: skip
_PAIR_PATTERNS = (
    (r"(\w\w)TESTCD", r"\1TEST"), (r"(\w\w)DECOD", r"\1PTCD"), (r"(TRT\d\d[PA])", r"\1N"), (r"(\w+GR\d)", r"\1N"),
    (r"(\w+CAT\d)", r"\1N"),
)  # fmt: skip
_ORDERS = (
    (r"(\w\w)STDTC", r"\1ENDTC"), (r"(\w\w)STDY", r"\1ENDY"), (r"(\w+)SDTM", r"\1EDTM"), (r"(\w+)SDT", r"\1EDT"),
    (r"ASTDTM", "AENDTM"), (r"ASTDT", "AENDT"), (r"ASTDY", "AENDY"), (r"STARTDT", "ADT"),
    (r"(\w\w)STNRLO", r"\1STNRHI"), (r"ANRLO", "ANRHI"), (r"RFXSTDTC", "RFXENDTC"), (r"RFSTDTC", "RFENDTC"),
)  # fmt: skip


def content_of(dataset: Dataset) -> Iterator[Expectation]:
    """All expectations of the values of one dataset, SDTM or ADaM."""
    for variable in dataset.variables:
        yield from _terms(dataset.name, variable)
        yield from _flag(dataset, variable)
        yield from _time(dataset, variable)
        yield from _form(dataset, variable)
    yield from _orders(dataset)
    yield from _pairs(dataset)
    if is_sdtm(dataset):
        yield from _results(dataset)
        yield from _baseline(dataset)


def _terms(name: str, variable: Variable) -> Iterator[Expectation]:
    """Terms of a codelist; a result may be a number beside them."""
    if not variable.terms:
        return
    few = f": {', '.join(variable.terms)}" if len(variable.terms) <= MOST_TERMS else f" ({len(variable.terms):,} terms)"
    list_name = (variable.codelist or "its codelist") + (f" in {variable.package}" if variable.package else "")
    result = variable.name.endswith(("STRESC", "ORRES"))
    text = f"{variable.name} is {'a number or ' if result else ''}a term of {list_name}{few}."
    more: dict[str, Any] = {"terms": variable.terms} | ({"numbers": True} if result else {})
    if not variable.extensible:
        yield expectation_of(name, "codelist", (variable.name,), text, source="CT2001, FDAB017", **more)
        return
    yield expectation_of(name, "codelist-extended", (variable.name,), text, severity=Severity.NOTE,
                         source="CT2002", **more)  # fmt: skip
    yield expectation_of(
        name, "codelist-spelling", (variable.name,),
        f"{variable.name} writes terms of {list_name} with their capitals and blanks.",
        terms=variable.terms, source="CT2002, CG0021",
    )  # fmt: skip


def _flag(dataset: Dataset, variable: Variable) -> Iterator[Expectation]:
    name = variable.name
    if not name.endswith("FL") or variable.type != "text":
        return
    if re.fullmatch(ONLY_YES, name) or (is_sdtm(dataset) and name == "DTHFL"):
        yield expectation_of(dataset.name, "flag", (name,), f"{name} is Y or missing.", terms=("Y",),
                             source="AD0178, AD0269, CG0134, SD1131")  # fmt: skip
        return
    if is_sdtm(dataset):
        return
    yield expectation_of(dataset.name, "flag", (name,), f"{name} is Y or N.", terms=("Y", "N"),
                         source="AD0019, AD0026, AD0176")  # fmt: skip
    if dataset.name == "ADSL" and name in POPULATIONS:
        yield expectation_of(dataset.name, "required-null", (name,), f"{name} is Y or N for every subject.",
                             source="AD0005B, AD0019")  # fmt: skip


def _time(dataset: Dataset, variable: Variable) -> Iterator[Expectation]:
    name = variable.name
    if name.endswith("DTC") and variable.type == "text":
        text = f"{name} is a date of ISO 8601 that the calendar knows, complete or partial."
        yield expectation_of(dataset.name, "date", (name,), text, source="SD0003, SD1011")
    if name.endswith("DY") and variable.type in ("integer", "float"):
        yield expectation_of(dataset.name, "day-zero", (name,), f"{name} is not 0: study days have no day 0.",
                             source="CG0006, SD0038, AD0046")  # fmt: skip
    if name.endswith(("DTF", "TMF")) and not is_sdtm(dataset):
        levels = ("Y", "M", "D") if name.endswith("DTF") else ("H", "M", "S")
        yield expectation_of(dataset.name, "flag", (name,), f"{name} is {', '.join(levels)} or missing.",
                             terms=levels, source="AD0369, AD0370")  # fmt: skip
        dates = tuple(name[:-3] + end for end in (("DT", "DTM") if name.endswith("DTF") else ("TM", "DTM")))
        found = [date for date in dates if any(other.name == date for other in dataset.variables)]
        if found:
            yield expectation_of(dataset.name, "filled-only-with", (name, found[0]),
                                 f"{name} has a value only where {found[0]} has one.", source="AD0369")  # fmt: skip


def _form(dataset: Dataset, variable: Variable) -> Iterator[Expectation]:
    """Codes that become names of variables, their labels, and durations."""
    name = variable.name
    if variable.type != "text":
        return
    if name in ("PARAMCD", "QNAM", "TSPARMCD", "ETCD") or re.fullmatch(r"\w\wTESTCD", name):
        yield expectation_of(
            dataset.name, "code-form", (name,), f"{name} has 1 to 8 capital letters, digits and underscores.",
            source="SD0018, SD1022, CG0417, AD0143",
        )  # fmt: skip
    if name in ("QLABEL", "TSPARM") or (re.fullmatch(r"\w\wTEST", name) and name != "IETEST"):
        yield expectation_of(dataset.name, "test-length", (name,), f"{name} has at most 40 characters.",
                             source="SD0017, CG0416")  # fmt: skip
    if is_sdtm(dataset) and re.fullmatch(r"\w\w(DUR|ELTM|EVLINT)", name):
        yield expectation_of(dataset.name, "duration", (name,), f"{name} is a duration of ISO 8601.",
                             source="SD1011, CORE invalid_duration")  # fmt: skip


def _orders(dataset: Dataset) -> Iterator[Expectation]:
    names = {variable.name for variable in dataset.variables}
    for first in (variable.name for variable in dataset.variables):
        partners = (re.sub(rf"^{start}$", end, first) for start, end in _ORDERS if re.fullmatch(start, first))
        for last in sorted({partner for partner in partners if partner in names and partner != first}):
            yield expectation_of(
                dataset.name, "start-end", (first, last), f"{first} is not after {last}.",
                source="SD0012, SD0013, SD0028, AD0098, AD0361",
            )  # fmt: skip


def _pairs(dataset: Dataset) -> Iterator[Expectation]:
    names = {variable.name for variable in dataset.variables}
    found = [pair for pair in _PAIRS if names.issuperset(pair)]
    for name in (variable.name for variable in dataset.variables):
        partners = (re.sub(rf"^{one}$", two, name) for one, two in _PAIR_PATTERNS if re.fullmatch(one, name))
        found += [(name, partner) for partner in partners if partner in names]
    for pair in dict.fromkeys(found):
        by = ("RDOMAIN",) if is_supplement(dataset) and "RDOMAIN" in names else ()
        yield expectation_of(
            dataset.name, "one-to-one", pair, f"Each {pair[0]} has one {pair[1]}, and each {pair[1]} one {pair[0]}.",
            by=by, source="SD0040, SD0051, SD0052, SD1043, CT2003, AD0141, AD0142",
        )  # fmt: skip


def _results(dataset: Dataset) -> Iterator[Expectation]:
    """A result is standardised; what was not done has no result."""
    name, prefix = dataset.name, dataset.name[:2]
    names = {variable.name for variable in dataset.variables}
    collected, standard, status, reason = (prefix + part for part in ("ORRES", "STRESC", "STAT", "REASND"))
    if names >= {collected, standard}:
        yield expectation_of(name, "filled-with", (standard, collected), f"{standard} is there with {collected}.",
                             source="CG0397, SD0036")  # fmt: skip
    for result in (collected, standard):
        if names >= {result, status}:
            yield expectation_of(name, "missing-with", (result, status),
                                 f"{result} has no value where {status} is NOT DONE.",
                                 when=("NOT DONE",), source="CG0422, SD0047")  # fmt: skip
    if names >= {reason, status}:
        yield expectation_of(name, "filled-only-with", (reason, status),
                             f"{reason} has a value only where {status} is NOT DONE.",
                             when=("NOT DONE",), source="CG0094, SD0023")  # fmt: skip


def _baseline(dataset: Dataset) -> Iterator[Expectation]:
    """At most one baseline record for a subject, a test, and what tells its results apart."""
    prefix, names = dataset.name[:2], [variable.name for variable in dataset.variables]
    parts = ("TESTCD", "CAT", "SCAT", "SPEC", "METHOD", "LOC", "LAT", "DIR", "POS", "TPT", "EVAL", "EVALID")
    for flag in (f"{prefix}LOBXFL", f"{prefix}BLFL"):
        if flag in names and f"{prefix}TESTCD" in names and "USUBJID" in names:
            by = ("USUBJID", *(prefix + part for part in parts if prefix + part in names))
            yield expectation_of(
                dataset.name, "flag-once", (flag,), f"{flag} is Y in at most one record of {', '.join(by)}.",
                by=by, source="CG0569, SD1439, FDAB026",
            )  # fmt: skip
