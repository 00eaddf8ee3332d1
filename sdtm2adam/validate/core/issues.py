"""What CORE has found, as issues: one for each rule, dataset and set of variables, with its records."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np

from sdtm2adam.model import MOST_KEYS, Dataset, Issue, Severity
from sdtm2adam.validate.core.answer_words import CoreReport, Detail
from sdtm2adam.validate.records import Records, is_text

STUDY = "STUDY"
_WHOLE = re.compile(r"^(-?\d+)\.0+$")


def issues_of_report(report: CoreReport, datasets: Mapping[str, Dataset]) -> list[Issue]:
    """The issues of a report, in order of rule, dataset and variables.

    Args:
        report: of CORE.
        datasets: what the transport files were written from; records are named by the keys of these where row and
            subject agree. Without them by what CORE tells: subject and sequence number, else the row.
    """
    groups: dict[tuple[str, str, tuple[str, ...]], list[Detail]] = {}
    for detail in report.details:
        groups.setdefault((detail.rule, detail.dataset or STUDY, detail.variables), []).append(detail)
    sources = {one.rule: _source(report.engine, one.ids) for one in report.rules}
    records = {name: Records(dataset) for name, dataset in datasets.items()}
    return [
        _issue(group, records.get(dataset), sources.get(rule, _source(report.engine, ())))
        for (rule, dataset, _), group in sorted(groups.items())
    ]


def _issue(group: list[Detail], records: Records | None, source: str) -> Issue:
    """One issue; a dataset that breaks a rule as a whole has no records, as an attribute of a variable has none."""
    numbers = {name for name in group[0].variables if records is not None and _is_number(records, name)}
    group = sorted((_plain(one, numbers) for one in group), key=_place)
    named: dict[tuple[int | None, str, str], list[Detail]] = {}
    for one in group:
        if one.row or one.subject:
            named.setdefault((one.row, one.subject, one.sequence), []).append(one)
    told = list(named.values())[:MOST_KEYS]
    first = group[0]
    return Issue(
        dataset=first.dataset or STUDY,
        rule=first.rule,
        severity=Severity.WARNING,
        text=_text(group),
        variable=", ".join(first.variables),
        value=_value(first),
        records=len(named),
        keys=_keys([same[0] for same in told], records),
        source=source,
        values=tuple(" / ".join(dict.fromkeys(_value(one) for one in same)) for same in told),
    )


def _is_number(records: Records, name: str) -> bool:
    return records.names.count(name) == 1 and not is_text(records.arrow(name).type)


def _plain(detail: Detail, numbers: set[str]) -> Detail:
    """Whole numbers without a decimal point, as they are shown everywhere else: transport files hold doubles alone."""
    if not numbers:
        return detail
    pairs = zip(detail.variables, detail.values, strict=False)
    return replace(detail, values=tuple(_WHOLE.sub(r"\1", one) if name in numbers else one for name, one in pairs))


def _place(detail: Detail) -> tuple[int, str, str, tuple[str, ...], str]:
    return detail.row or 0, detail.subject, detail.sequence, detail.values, detail.message


def _value(detail: Detail) -> str:
    """The value, or, of several variables, each with its name; CORE may name a variable the dataset has not."""
    if len(detail.variables) == 1:
        return detail.values[0]
    return ", ".join(f"{name}={value}" for name, value in zip(detail.variables, detail.values, strict=False))


def _text(group: list[Detail]) -> str:
    said = " / ".join(sorted({one.message for one in group if one.message})) or "CORE gives no text."
    doubt = sorted({one.executability for one in group if "possible" in one.executability.lower()})
    told = f" CORE says of this rule: {', '.join(doubt).lower()}." if doubt else ""
    return f"{said}{'' if said.endswith('.') else '.'}{told}" if told else said


def _source(engine: str, ids: Iterable[str]) -> str:
    shown = ", ".join(ids)
    return f"CDISC CORE {engine}" + (f" ({shown})" if shown else "")


def _keys(details: list[Detail], records: Records | None) -> tuple[str, ...]:
    """The records in our key form, parallel to the details."""
    ours = _by_row(details, records) if records is not None and details else {}
    return tuple(ours[i] if i in ours else _as_told(one) for i, one in enumerate(details))


def _by_row(details: list[Detail], records: Records) -> dict[int, str]:
    """Our keys of those details whose row is in the dataset and has the subject and number that CORE tells."""
    rows = np.array([(one.row or 0) - 1 for one in details], dtype=np.int64)
    inside = (rows >= 0) & (rows < len(records))
    told = {"USUBJID": [one.subject for one in details], _sequence(details[0]): [one.sequence for one in details]}
    for name, texts in told.items():
        if records.has(name) and inside.any():
            held = records.as_text(name).iloc[np.where(inside, rows, 0)].fillna("").tolist()
            inside &= np.array([text in ("", own) for text, own in zip(texts, held, strict=True)], dtype=bool)
    mask = np.zeros(len(records), dtype=bool)
    mask[rows[inside]] = True
    keys = dict(zip(np.flatnonzero(mask).tolist(), records.first_keys(mask), strict=True))
    return {int(i): keys[int(rows[i])] for i in np.flatnonzero(inside)}


def _sequence(detail: Detail) -> str:
    """The variable whose value CORE tells as SEQ: that of the domain; empty where that is not one domain."""
    one = not detail.dataset.startswith(("SUPP", "AD")) and ", " not in detail.dataset
    return f"{detail.dataset[:2]}SEQ" if one else ""


def _as_told(detail: Detail) -> str:
    """A record by what CORE tells of it: the subject with the number of the record, else the row."""
    if detail.subject and detail.sequence and _sequence(detail):
        return f"USUBJID={detail.subject}, {_sequence(detail)}={detail.sequence}"
    if detail.subject and (detail.dataset == "DM" or not detail.row):
        return f"USUBJID={detail.subject}"
    return f"row {detail.row}"
