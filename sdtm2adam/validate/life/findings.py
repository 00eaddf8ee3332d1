"""Issues exploded into findings: one for each record, with an id that is the same in every cut of the data.

The id is the first 16 hex digits of SHA-256 of rule, dataset, variable and what the record is called through all cuts
(`anchors`: its raw record or its keys, never --SEQ). Severity, wording, value and order take no part, so that none of
them makes a new finding of an old one. Several findings that share all four are numbered by value and text; several of
a dataset or variable as a whole are told apart by their values, which are what they are about and no value of a record.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import numpy as np
import pandas as pd

from sdtm2adam.model import Dataset, Issue, Severity
from sdtm2adam.model.finding import Finding
from sdtm2adam.validate.life.anchors import Anchors
from sdtm2adam.validate.life.keys import Key, read_key
from sdtm2adam.validate.life.origins import Origins, Rows
from sdtm2adam.validate.records import CannotAsk

NOT_NAMED = "*not named"
"""What the records of an issue are called that it counts and does not name."""

_WEIGHT = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}
_BETWEEN = "\x1f"
_DIGITS = re.compile(r"(\d+)")
_RAW = "raw."


def finding_id(rule: str, dataset: str, variable: str, record: str, more: str = "") -> str:
    """The id of a finding.

    Args:
        rule: its rule.
        dataset: its dataset.
        variable: its variable.
        record: what the record is called through all cuts; empty for a dataset or variable as a whole.
        more: what tells apart findings that share all these.

    >>> finding_id("AE-SERIOUS-REASON", "AE", "", "raw.AE RECORDID=12")
    '1cb5a6eb5f10f2bd'
    """
    parts = [rule, dataset, variable, record, *([more] if more else [])]
    return sha256(_BETWEEN.join(parts).encode("utf-8", "backslashreplace")).hexdigest()[:16]


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings by weight, dataset, rule, variable and record, `AESEQ=9` before `AESEQ=10`."""

    def place(one: Finding) -> tuple[Any, ...]:
        return (_WEIGHT[one.severity], one.dataset, one.rule, one.variable, _natural(one.key), one.value, one.id)

    return tuple(sorted(findings, key=place))


def _natural(text: str) -> tuple[tuple[int, int, str], ...]:
    parts = _DIGITS.split(text)
    return tuple((0, int(part), part) if at % 2 else (1, 0, part) for at, part in enumerate(parts))


@dataclass(slots=True)
class _Draft:
    """A finding before it has an id: an issue and the place of the record in it; -1 for the records not named."""

    issue: Issue
    place: int
    key: Key
    record: str = ""
    row: int = -1
    value: str = ""
    subject: str = ""
    site: str = ""
    raw: tuple[str, ...] = ()


def findings_of(
    issues: Sequence[Issue], datasets: Mapping[str, Dataset], raw_keys: Mapping[str, Any] | None = None
) -> tuple[Finding, ...]:
    """One finding for each record that an issue names; all are new until they are compared.

    An issue without keys gives one finding of the dataset or variable as a whole. Records that an issue counts and does
    not name give one more finding, which says how many. `value` is what the issue says of the record, else what the
    record has in the dataset, else the value of the issue.

    Args:
        issues: in any order.
        datasets: as they were built, by name; their lineage leads to raw records.
        raw_keys: of a build: for each form (`raw.AE`) a table of its records with their keys.

    Returns:
        The findings in order, each id once.
    """
    origins = Origins(datasets, raw_keys or {})
    anchors = Anchors(origins)
    drafts: dict[str, list[_Draft]] = {}
    for issue in dict.fromkeys(issues):
        drafts.setdefault(issue.dataset, []).extend(_drafts(issue, origins))
    for name, several in sorted(drafts.items()):
        if name in datasets and not name.startswith(_RAW):
            _fill_from_records(name, several, origins, anchors)
        for one in several:
            _fill_from_key(one, origins, anchors)
    every = [one for several in drafts.values() for one in several]
    _fill_subjects(every, origins)
    _fill_sites(every, origins)
    return in_order(_with_ids(every))


def _drafts(issue: Issue, origins: Origins) -> list[_Draft]:
    own = origins.datasets.get(issue.dataset)
    known = frozenset(own.frame.column_names) if own is not None else frozenset()
    drafts = [_Draft(issue, place, read_key(text, known)) for place, text in enumerate(issue.keys)]
    if not drafts or issue.records > len(issue.keys):
        drafts.append(_Draft(issue, -1, Key("")))
    return drafts


def _fill_from_records(name: str, drafts: list[_Draft], origins: Origins, anchors: Anchors) -> None:
    """What a record has in its dataset, where the key leads to it: its name, value, subject and raw records."""
    rows = anchors.locate(name, [one.key for one in drafts])
    if not (rows >= 0).any():
        return
    called, own = anchors.of(name), origins.records(name)
    raw = origins.behind(name, np.unique(rows[rows >= 0]))
    subject = own.as_text("USUBJID").fillna("").to_numpy() if own.names.count("USUBJID") == 1 else None
    for one, row in zip(drafts, rows, strict=True):
        if row >= 0:
            one.row, one.record, one.raw = int(row), called[row], raw.get(int(row), ())
            one.subject = str(subject[row]) if subject is not None else ""
    by_variable: dict[str, list[_Draft]] = {}
    for one in drafts:
        if one.row >= 0:
            by_variable.setdefault(one.issue.variable, []).append(one)
    for variable, several in by_variable.items():
        values = _values(origins, name, variable, np.array([one.row for one in several], dtype=np.int64))
        for one, value in zip(several, values, strict=True):
            one.value = one.issue.value if value is None else value


def _values(origins: Origins, name: str, variable: str, rows: Rows) -> list[str | None]:
    """What the records have in a variable; None for each where there is no such variable."""
    own = origins.records(name)
    try:
        column = own.as_text(variable)
    except CannotAsk:
        return [None] * len(rows)
    return [str(value) for value in column.iloc[rows].fillna("")]


def _fill_from_key(one: _Draft, origins: Origins, anchors: Anchors) -> None:
    issue, key = one.issue, one.key
    if one.place < 0:
        one.record = NOT_NAMED if issue.keys else ""
        one.value = issue.value
        return
    if one.row < 0:
        one.record, one.value = anchors.of_key(key), issue.value
    if one.place < len(issue.values):
        one.value = issue.values[one.place]
    if key.raw:
        one.raw = tuple(dict.fromkeys((key.raw, *one.raw)))
    elif issue.dataset.startswith(_RAW) and key.pairs:
        one.record = origins.key_of(issue.dataset, key)
        one.raw = (f"{issue.dataset.removeprefix(_RAW)} {one.record}",)
    one.subject = one.subject or key.value("USUBJID")


def _fill_subjects(drafts: list[_Draft], origins: Origins) -> None:
    """The subjects of raw records, from the records that were made of them."""
    without = [one for one in drafts if one.raw and not one.subject]
    if not without:
        return
    subjects = origins.subjects({f"{_RAW}{name.split(' ')[0]}" for one in without for name in one.raw})
    for one in without:
        one.subject = next((subjects[name] for name in one.raw if subjects.get(name)), "")


def _fill_sites(drafts: list[_Draft], origins: Origins) -> None:
    """The site of each subject, from DM, else from ADSL."""
    sites: dict[str, str] = {}
    for name in ("ADSL", "DM"):
        own = origins.records(name) if name in origins.datasets else None
        if own is not None and own.names.count("USUBJID") == own.names.count("SITEID") == 1:
            both = pd.DataFrame({"who": own.as_text("USUBJID"), "site": own.as_text("SITEID")}).dropna()
            sites |= dict(zip(both["who"], both["site"], strict=True))
    for one in drafts:
        one.site = sites.get(one.subject, "") if one.subject else ""


def _with_ids(drafts: list[_Draft]) -> list[Finding]:
    """Findings with their ids; those that share rule, dataset, variable and record are told apart."""
    same: dict[tuple[str, str, str, str], list[_Draft]] = {}
    for one in drafts:
        same.setdefault((one.issue.rule, one.issue.dataset, one.issue.variable, one.record), []).append(one)
    found: list[Finding] = []
    for shared, several in same.items():
        several.sort(key=lambda one: (one.value, one.issue.text, one.issue, one.place))
        of_whole, met = len(several) > 1 and not shared[3], Counter[str]()
        for one in several:
            about = f"={one.value}" if of_whole else ""
            number = met[about]
            met[about] += 1
            found.append(_finding(one, finding_id(*shared, about + (f" #{number + 1}" if number else ""))))
    return found


def _finding(one: _Draft, identity: str) -> Finding:
    issue = one.issue
    return Finding(
        id=identity,
        rule=issue.rule,
        severity=issue.severity,
        dataset=issue.dataset,
        variable=issue.variable,
        key=one.key.text,
        value=one.value,
        text=text_of_rest(issue) if one.place < 0 else issue.text,
        query=issue.queries[one.place] if 0 <= one.place < len(issue.queries) else "",
        subject=one.subject,
        site=one.site,
        source=issue.source,
        raw=one.raw,
    )


def text_of_rest(issue: Issue) -> str:
    """The text of the finding that stands for what an issue counts and does not name.

    >>> text_of_rest(Issue("AE", "R", Severity.NOTE, "Too late.", records=12, keys=("AESEQ=1",)))
    'Too late. (11 more records, not named here)'
    """
    rest = issue.records - len(issue.keys)
    if not issue.keys or rest <= 0:
        return issue.text
    return f"{issue.text} ({rest:,} more {'record' if rest == 1 else 'records'}, not named here)"
