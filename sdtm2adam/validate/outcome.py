"""What came of an expectation, and the issues that tell of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sdtm2adam.model import MOST_KEYS, Issue
from sdtm2adam.validate.expectation import Expectation
from sdtm2adam.validate.kinds import KINDS, Grain
from sdtm2adam.validate.kinds.across import where_mask
from sdtm2adam.validate.kinds.case import Case
from sdtm2adam.validate.kinds.texts import sample
from sdtm2adam.validate.records import Mask, canonical_text

MOST_VALUES = 10
"""How many distinct wrong values of a variable get an issue of their own."""

_BY_VALUE = ("codelist", "codelist-extended", "codelist-spelling", "flag", "domain", "values")
_NO_RECORDS = ("type", "name", "label", "expected-empty")
_SECRET = ("privacy",)
"""Kinds whose values are never told."""

_MOST_SHOWN = 3

RAN, NOT_APPLICABLE, NOT_RUN = "ran", "not applicable", "could not run"
"""The states of an expectation."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one expectation. `state` is one of the three above; `passed` is None unless it ran."""

    expectation: Expectation
    state: str
    why: str = ""
    passed: bool | None = None
    issues: tuple[Issue, ...] = ()


def issues_of(case: Case, marks: Mapping[str, Mask]) -> tuple[Issue, ...]:
    """The issues of an expectation that is broken; `marks` has the broken records of each variable."""
    kind = case.expectation.kind
    if KINDS[kind].grain is Grain.COLUMNS:
        return _of_columns(case)
    broken = {name: mark for name, mark in marks.items() if mark.any()}
    if kind in _NO_RECORDS:
        return tuple(_of_variable(case, name) for name in broken)
    if kind == "plausible":
        return tuple(issue for name, mark in broken.items() for issue in _by_test(case, name, mark))
    if kind in _BY_VALUE:
        return tuple(issue for name, mark in broken.items() for issue in _by_value(case, name, mark))
    return tuple(_of_records(case, name, mark) for name, mark in broken.items())


def _issue(case: Case, variable: str, text: str, value: str, mark: Mask | None) -> Issue:
    expectation = case.expectation
    records = 0 if mark is None else int(np.count_nonzero(mark))
    keys = () if mark is None else case.own.first_keys(mark)
    source = expectation.id + (f" ({expectation.source})" if expectation.source else "")
    rule = expectation.id if expectation.argument("by_hand") else expectation.kind
    return Issue(expectation.dataset, rule, expectation.severity, text, variable, value, records, keys, source)


def _of_records(case: Case, variable: str, mark: Mask) -> Issue:
    """One issue for all broken records; its value is that of the first."""
    expectation, text = case.expectation, _differing(case, int(np.count_nonzero(mark)))
    if expectation.kind in _SECRET:
        return _issue(case, variable, text, "", mark)
    names = expectation.variables[:_MOST_SHOWN] if KINDS[expectation.kind].grain is Grain.RECORD else (variable,)
    row = int(np.flatnonzero(mark)[0])
    value = " / ".join(sample(canonical_text(case.own.column(name).iloc[[row]])) for name in names)
    issue = _issue(case, variable, text, value, mark)
    return replace(issue, values=_together(case, names, mark)) if len(names) > 1 else issue


def _together(case: Case, names: Sequence[str], mark: Mask) -> tuple[str, ...]:
    """What each of the records that are named has in several variables, as `2015-01-02 / 2015-01-01`."""
    rows = np.flatnonzero(mark)[:MOST_KEYS]
    parts = [case.own.as_text(name).iloc[rows].fillna("").tolist() for name in names]
    return tuple(" / ".join(values) for values in zip(*parts, strict=True))


def _differing(case: Case, count: int, value: str | None = None) -> str:
    shown = "" if value is None else f" with '{value}'"
    verb = "does" if count == 1 else "do"
    return f"{case.expectation.text} {count:,} of {len(case.own):,} records {verb} not meet this{shown}."


def _by_value(case: Case, variable: str, mark: Mask) -> list[Issue]:
    """One issue for each wrong value, the commonest first; those beyond the first few in one more."""
    values = case.own.as_text(variable)
    counts = values[mark].value_counts().rename_axis("value").reset_index(name="records")
    counts = counts.sort_values(["records", "value"], ascending=[False, True], kind="stable")
    issues = []
    for value in counts["value"].head(MOST_VALUES):
        here = mark & np.asarray(values == value, dtype=bool)
        shown = sample(values[here].iloc[:1])
        text = _differing(case, int(np.count_nonzero(here)), shown) + _suggestion(case, shown)
        issues.append(_issue(case, variable, text, shown, here))
    others = counts["value"].iloc[MOST_VALUES:]
    if len(others):
        here = mark & np.asarray(values.isin(list(others)), dtype=bool)
        text = f"{_differing(case, int(np.count_nonzero(here)))} They have {len(others):,} more values."
        issues.append(_issue(case, variable, text, "", here))
    return issues


def _suggestion(case: Case, value: str) -> str:
    """The terms that have the same letters and digits. Terms that only look alike are not named: they mislead.

    `EVERY MORNING` looks like `EVERY EVENING`, and `pg/mL` like `pg/L`.
    """
    if not case.expectation.kind.startswith("codelist"):
        return ""
    same = [term for term in case.expectation.argument("terms") if _letters(term) == _letters(value)]
    return f" The term is {' or '.join(same)}." if same and _letters(value) else ""


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text).upper()


def _by_test(case: Case, variable: str, mark: Mask) -> list[Issue]:
    """One issue for each row of a table of ranges, with the extremes found."""
    number, issues = case.own.number(variable), []
    names = case.expectation.variables[1:]
    for *test, low, high in case.expectation.argument("table"):
        here = mark & where_mask(case.own, [(name, [value]) for name, value in zip(names, test, strict=True)])
        if here.any():
            limits = f"{'' if low is None else f'{low:g}'}..{'' if high is None else f'{high:g}'}"
            found = f"{number[here].min():g} to {number[here].max():g}" if here.sum() > 1 else f"{number[here][0]:g}"
            text = f"{_differing(case, int(np.count_nonzero(here)))} {' '.join(test)}: {found}, plausible is {limits}."
            issues.append(_issue(case, variable, text, f"{number[here][0]:g}", here))
    return issues


def _of_variable(case: Case, variable: str) -> Issue:
    """An issue of the variable itself, not of its records."""
    expectation = case.expectation
    found = {
        "type": lambda: (
            f"{variable} is declared {dict(expectation.argument('types'))[variable]} and holds "
            f"{case.own.arrow(variable).type}."
        ),
        "label": lambda: f"The label of {variable} is {dict(expectation.argument('labels'))[variable]!r}.",
        "name": lambda: f"It is {variable!r}.",
        "expected-empty": lambda: f"{variable} has none.",
    }[expectation.kind]()
    return _issue(case, variable, f"{expectation.text} {found}", "", None)


def _of_columns(case: Case) -> tuple[Issue, ...]:
    """Which variables are missing, too many, or out of order."""
    declared, found = case.expectation.variables, case.own.names
    issues = [
        _issue(case, name, f"{case.expectation.text} {name} is missing.", "", None)
        for name in declared
        if name not in found
    ]
    if case.expectation.argument("others"):  # other columns may stand beside them, in any order
        return tuple(issues)
    issues += [
        _issue(case, name, f"{case.expectation.text} {name} is not in the spec.", "", None)
        for name in dict.fromkeys(found)
        if name not in declared
    ]
    issues += [
        _issue(case, name, f"{case.expectation.text} {name} stands {found.count(name)} times.", "", None)
        for name in dict.fromkeys(found)
        if found.count(name) > 1
    ]
    if issues:
        return tuple(issues)
    place = next(i for i, (one, two) in enumerate(zip(declared, found, strict=True)) if one != two)
    text = f"{case.expectation.text} Variable {place + 1} is {found[place]}, the spec has {declared[place]}."
    return (_issue(case, found[place], text, "", None),)
