"""What the ADaM structures ask of their values: baseline, change, occurrence flags, time to event."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sdtm2adam.model import Dataset, Severity
from sdtm2adam.validate.days import days_of
from sdtm2adam.validate.expectation import Expectation, expectation_of

_OCCURRENCE = {
    "AOCCFL": (), "AOCCIFL": (), "AOCCSFL": ("SOC",), "AOCCSIFL": ("SOC",), "AOCCPFL": ("SOC", "AEDECOD"),
    "AOCCPIFL": ("SOC", "AEDECOD"),
}  # fmt: skip


def analysis_of(dataset: Dataset) -> Iterator[Expectation]:
    """All expectations that the structure of an analysis dataset brings."""
    names = frozenset(variable.name for variable in dataset.variables)
    yield from _baseline(dataset.name, names)
    yield from _occurrence(dataset.name, names)
    yield from _days(dataset, names)
    if names >= {"PARAMCD", "AVAL", "CNSR"}:
        yield from _time_to_event(dataset.name, names)


def _baseline(name: str, names: frozenset[str]) -> Iterator[Expectation]:
    by = tuple(part for part in ("USUBJID", "PARAMCD", "BASETYPE") if part in names)
    if names >= {"PARAMCD", "ABLFL", "USUBJID"}:
        yield expectation_of(name, "flag-once", ("ABLFL",), f"ABLFL is Y in at most one record of {', '.join(by)}.",
                             by=by, source="AD0154")  # fmt: skip
    if names >= {"PARAMCD", "BASE", "USUBJID"}:
        yield expectation_of(name, "one-value", ("BASE",), f"BASE is the same in all records of {', '.join(by)}.",
                             by=by, source="AD0152")  # fmt: skip
    if names >= {"BASE", "AVAL", "ABLFL"}:
        yield expectation_of(name, "baseline-value", ("BASE", "AVAL", "ABLFL"),
                             "BASE is AVAL on the record with ABLFL Y.", source="AD0127, AD0154")  # fmt: skip
    if names >= {"CHG", "AVAL", "BASE"}:
        yield expectation_of(name, "change", ("CHG", "AVAL", "BASE"), "CHG is AVAL minus BASE.",
                             source="AD0223")  # fmt: skip
    if names >= {"PCHG", "AVAL", "BASE"}:
        yield expectation_of(name, "percent-change", ("PCHG", "AVAL", "BASE"),
                             "PCHG is 100 (AVAL - BASE) / BASE, missing where BASE is 0.",
                             source="AD0225, AD0225A")  # fmt: skip


def _occurrence(name: str, names: frozenset[str]) -> Iterator[Expectation]:
    soc = next((part for part in ("AEBODSYS", "AESOC") if part in names), "AEBODSYS")
    for flag, parts in _OCCURRENCE.items():
        by = ("USUBJID", *(soc if part == "SOC" else part for part in parts))
        if names >= {flag, *by}:
            yield expectation_of(name, "flag-once", (flag,), f"{flag} is Y in at most one record of {', '.join(by)}.",
                                 by=by, source="AD0272, AD0273")  # fmt: skip


def _days(dataset: Dataset, names: frozenset[str]) -> Iterator[Expectation]:
    """Study days whose method says from what they are counted: `study_day(ADT, TRTSDT)`."""
    for variable in dataset.variables:
        said = re.fullmatch(r"study_day\(\s*(\w+)\s*,\s*(\w+)\s*\)", variable.method.strip())
        if said and names.issuperset(said.groups()):
            yield from days_of(dataset.name, variable.name, said[1], said[2], of="ADaMIG 3.3.3")


def _time_to_event(name: str, names: frozenset[str]) -> Iterator[Expectation]:
    """CNSR, AVAL and the words beside them (ADaM Basic Data Structure for Time-to-Event Analyses)."""
    yield expectation_of(name, "filled-with", ("CNSR", "AVAL"), "CNSR has a value where AVAL has one.",
                         source="AD0245, AD0246")  # fmt: skip
    yield expectation_of(name, "whole-number", ("CNSR",), "CNSR is a whole number.", source="AD0247")
    yield expectation_of(name, "range", ("CNSR",), "CNSR is 0 for an event and 1 or more when censored.",
                         low=0, high=None, source="AD0247")  # fmt: skip
    yield expectation_of(
        name, "range", ("AVAL",), "A time to event is not negative.", low=0, high=None, source="AD0169"
    )
    if "USUBJID" in names:
        yield expectation_of(name, "key-unique", ("USUBJID", "PARAMCD"),
                             "A subject has one record for each PARAMCD.", source="ADaM 373")  # fmt: skip
    for date in ("STARTDT", "ADT"):
        if date in names:
            yield expectation_of(name, "filled-with", (date, "AVAL"), f"{date} has a value where AVAL has one.",
                                 source="AD0198")  # fmt: skip
    unit = next((part for part in ("AVALU", "PARAM") if part in names), "")
    if unit and names >= {"STARTDT", "ADT"}:
        yield expectation_of(name, "days-between", ("AVAL", "STARTDT", "ADT", unit),
                             "AVAL in days is ADT - STARTDT + 1.", source="AD0198")  # fmt: skip
    yield from _words(name, names)


def _words(name: str, names: frozenset[str]) -> Iterator[Expectation]:
    if "EVNTDESC" in names:
        yield expectation_of(name, "filled-with", ("EVNTDESC", "CNSR"), "EVNTDESC says what happened to each record.",
                             source="AD0250")  # fmt: skip
    if "CNSDTDSC" in names:
        yield expectation_of(name, "missing-with", ("CNSDTDSC", "CNSR"), "CNSDTDSC has no value for an event.",
                             when=("0",), source="AD0251")  # fmt: skip
    for source in ("SRCDOM", "SRCVAR"):
        if source in names:
            yield expectation_of(name, "filled-with", (source, "CNSR"), f"{source} says where an event comes from.",
                                 when=("0",), severity=Severity.WARNING, source="ADaMIG 3.3.9")  # fmt: skip
