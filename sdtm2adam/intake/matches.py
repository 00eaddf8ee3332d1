"""Raw columns that may be variables of a domain: by their names, and only where their values fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sdtm2adam.errors import SpecError, listed
from sdtm2adam.intake.contract_text import quoted
from sdtm2adam.intake.domains import plain, tests_of
from sdtm2adam.intake.profile import ColumnProfile
from sdtm2adam.spec import sql
from sdtm2adam.spec.packages import bundled_terminology
from sdtm2adam.spec.standards import VariableFact, sdtm_variables
from sdtm2adam.spec.yaml import Text

_STARTS = ("STDAT", "STDT", "STDTC", "STARTDAT", "STARTDT", "STARTDATE", "STDATE")
_ENDS = ("ENDAT", "ENDT", "ENDTC", "ENDDAT", "ENDDT", "ENDDATE", "ENDATE")
_DAYS = ("DAT", "DT", "DTC", "DATE")
_CONSENTS = ("ICFDAT", "ICDAT", "ICDT", "IC_DT", "CONSDAT", "CONSDT", "RFICDAT", "DSICDAT")
_BIRTHS = ("BRTHDAT", "BRTHDT", "BIRTHDAT", "BIRTHDT", "DOB")
_UNITS = ("_U", "U", "_UNIT", "_UNITS", "ORRESU", "_ORRESU")
_RESULTS = ("_ORRES", "_RES", "_RESULT")
_LEFT_OUT = {"STUDYID", "DOMAIN", "USUBJID", "SUBJID", "SITEID", "EPOCH", "VISITNUM", "VISIT", "VISITDY", "TAETORD"}
_DERIVED = ("SEQ", "DY", "STDY", "ENDY", "STRESC", "STRESN", "STRESU", "LOBXFL", "BLFL")


@dataclass(frozen=True)
class Match:
    """A variable, the expression over raw columns that may make it, the columns it takes up, and the reason."""

    variable: str
    expression: str
    columns: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Test:
    """A test of a findings domain that stands in a column of its own, with the column of its unit."""

    code: str
    column: str
    unit: str


def matches_of(domain: str, profiles: Sequence[ColumnProfile]) -> tuple[list[Match], dict[str, str]]:
    """The columns that may be variables, and those with the name of one whose values do not fit, with the reason."""
    facts = {variable: fact for (dataset, variable), fact in sdtm_variables().items() if dataset == domain}
    found: dict[str, Match] = {}
    unfit: dict[str, str] = {}
    times = {plain(p.name): p.name for p in profiles if p.type == "time"}
    for profile in (profile for profile in profiles if profile.filled):
        variable = _named(domain, plain(profile.name), facts)
        fact = facts.get(variable)
        if fact is None or variable in found or variable in _LEFT_OUT or variable.removeprefix(domain) in _DERIVED:
            continue
        if reason := _misfit(fact, profile):
            unfit[profile.name] = reason
            continue
        found[variable] = _match(fact, profile, times)
    order = list(facts)
    return sorted(found.values(), key=lambda match: order.index(match.variable)), unfit


def _named(domain: str, column: str, facts: dict[str, VariableFact]) -> str:
    """The variable that a column is named for; empty if none."""
    if domain == "DM":
        if column in _CONSENTS:
            return "RFICDTC"
        if column in _BIRTHS:
            return "BRTHDTC"
    if column in facts:
        return column
    own = column.removeprefix(domain)
    for endings, variable in ((_STARTS, "STDTC"), (_ENDS, "ENDTC"), (_DAYS, "DTC")):
        if own in endings and (own != column or variable != "DTC"):
            return f"{domain}{variable}"
    return ""


def _misfit(fact: VariableFact, profile: ColumnProfile) -> str:
    """Why the values of a column cannot be those of a variable; empty if they can."""
    if fact.domain == "datetime":
        is_year = profile.type == "integer" and profile.longest == 4
        if profile.type not in ("date", "datetime") and profile.nearly != "date" and not is_year:
            return f"has the name of {fact.name}, but its values are no dates"
        return ""
    if fact.numeric and profile.type not in ("number", "integer") and profile.nearly != "number":
        return f"has the name of {fact.name}, but its values are no numbers"
    lists = bundled_terminology().of(fact.codelists)
    if not lists:
        return ""
    known = {name for codelist in lists for name in codelist.by_any_name}
    strange = [value for value in profile.values if " ".join(value.split()).upper() not in known]
    closed = any(not codelist.extensible for codelist in lists)
    if not profile.values or (strange and (closed or 2 * len(strange) > len(profile.values))):
        shown = listed([repr(value[:30]) for value in strange], 3) or "too many values"
        return f"has the name of {fact.name}, but its codelist lacks {shown}: write a map"
    return ""


def _match(fact: VariableFact, profile: ColumnProfile, times: dict[str, str]) -> Match:
    if fact.domain != "datetime":
        return Match(fact.name, as_sql(profile.name), (profile.name,), "named as in the standard")
    forms = (" or " if profile.ambiguous else " and ").join(profile.forms) or "a year"
    reason = f"a date by its name and its values ({forms})"
    own = plain(profile.name)
    for old, new in (("DATE", "TIME"), ("DAT", "TIM"), ("DT", "TM")):
        if own.endswith(old) and (time := times.get(own.removesuffix(old) + new)):
            both = ", ".join(quoted(as_sql(column)) for column in (profile.name, time))
            return Match(fact.name, f"[{both}]", (profile.name, time), f"{reason}, with its time")
    return Match(fact.name, as_sql(profile.name), (profile.name,), reason)


def as_sql(column: str) -> str:
    """A column as an expression: in quotes where its name is a word of SQL.

    >>> as_sql("AETERM"), as_sql("FROM")
    ('AETERM', '"FROM"')
    """
    try:
        return column if sql.as_bare_name(Text(column)) == column else f'"{column}"'
    except SpecError:
        return f'"{column}"'


def tests_in(domain: str, profiles: Sequence[ColumnProfile]) -> list[Test]:
    """The tests of a domain that have a column of their own, where most values are numbers."""
    terms = tests_of(domain)
    names = {plain(profile.name): profile.name for profile in profiles}
    found: dict[str, Test] = {}
    for profile in profiles:
        own = plain(profile.name)
        for ending in (*_RESULTS, f"_{domain}ORRES"):
            own = own.removesuffix(ending)
        if (
            own not in terms
            or own in found
            or not (profile.type in ("number", "integer") or profile.nearly == "number")
        ):
            continue
        unit = next((names[own + ending] for ending in _UNITS if own + ending in names), "")
        found[own] = Test(own, profile.name, unit)
    return list(found.values())
