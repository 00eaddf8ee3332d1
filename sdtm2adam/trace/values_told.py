"""Raw texts to values in words: the format that read a date, the line of the unit table, numbers and blanks."""

from __future__ import annotations

import re
from collections.abc import Callable

from sdtm2adam.build.terminology import clean
from sdtm2adam.compute.iso import DateForms, Unreadable, iso_time, joined, without_midnight_twice
from sdtm2adam.compute.units import Conversion, UnitTable, as_number, shortest
from sdtm2adam.spec.library import Specs
from sdtm2adam.spec.producer import Producer
from sdtm2adam.spec.yaml import Text
from sdtm2adam.trace.again import Again
from sdtm2adam.trace.story import Fact, plain, shown

Mapped = Callable[[str], tuple[list[Fact], object]]
_DECIMAL_COMMA = re.compile(r"[-+]?\d+,\d+", re.ASCII)
_DIGITS_AND_MARKS = re.compile(r"\s*[-+]?\d*(?:[., '\u00a0\u202f]\d+)+\s*", re.ASCII)


def date_facts(specs: Specs, producer: Producer | None, raws: tuple[object, ...]) -> tuple[list[Fact], str | None]:
    """How a raw date, and its time if there is one, became ISO 8601; and the text, by the engine's own forms."""
    said = producer.formats if producer is not None else None
    dates = specs.study.dates
    forms = DateForms(tuple(map(str, said or dates.formats)), tuple(map(str, dates.missing)), dates.century)
    date, time = (*(clean(None if raw is None else plain(raw)) for raw in raws), None)[:2]
    facts: list[Fact] = []
    day = clock = None
    if date is None:
        facts.append(Fact("date", "the text of the date is blank: there is no date"))
    else:
        try:
            day = forms.iso(date)
            facts.append(Fact("date", f"{shown(date)} -> {shown(day)}: {_read_by(forms, date, day)}"))
        except Unreadable:
            known = ", ".join((*forms.formats, "ISO 8601"))
            facts.append(
                Fact("issue", f"date-unreadable: {shown(date)} is no date by {known}, or two read it otherwise")
            )
    if time is not None:
        try:
            clock = iso_time(time)
            facts.append(Fact("time", f"{shown(time)} -> {shown(clock)}: {_joined(day)}"))
        except Unreadable:
            facts.append(Fact("issue", f"time-unreadable: {shown(time)} is no time of the 24 hours"))
    elif len(raws) > 1 and day is not None:
        facts.append(Fact("time", "the text of the time is blank: the date stands alone"))
    moment = joined(day, clock)
    if moment is not None and "T24" in moment:
        moment = without_midnight_twice(moment)
        facts.append(Fact("time", f"24:00 is the start of the next day: {shown(moment)}"))
    return facts, moment


def _read_by(forms: DateForms, date: str, iso: str | None) -> str:
    """The form that read a date."""
    if iso is None:
        return "every part of it is unknown"
    for form in ("", *forms.formats):
        try:
            if DateForms((form,) if form else (), forms.missing, forms.century).iso(date) == iso:
                kept = "" if len(iso) >= 10 and "---" not in iso else "; what is unknown is left out, nothing imputed"
                return (f"read as {form}" if form else "is ISO 8601 already") + kept
        except Unreadable:
            continue
    return "read by the forms together"


def _joined(day: str | None) -> str:
    if day is None:
        return "a time without a date is not kept"
    return "joined to the date" if len(day) == 10 else "not kept, for the date is not complete"


def result_facts(
    again: Again,
    column: str,
    table: UnitTable,
    mapped: Mapped | None,
    values: tuple[str, str | None, str | None, bool],
    has_unit: bool,
) -> tuple[list[Fact], object]:
    """How a result became --STRESC, --STRESN or --STRESU; and what it became.

    Args:
        again: for the lines of the specs.
        column: which of the three.
        table: the units of the study.
        mapped: tells the term of a text result; None where its codelist has none.
        values: the test, the result, its unit, and whether its record has a decimal comma.
        has_unit: whether the dataset has a unit at all.
    """
    test, result, unit, comma = values
    text = clean(result)
    if text is None:
        return [Fact("unit", "there is no result")], None
    facts: list[Fact] = []
    unclear = Fact("issue", f"number-unclear: which mark of {shown(text)} is the decimal one is not clear")
    if comma and "." in text and _DIGITS_AND_MARKS.fullmatch(text):
        return [unclear], text if column[2:] == "STRESC" else None
    if comma and _DECIMAL_COMMA.fullmatch(text):
        facts.append(Fact("number", f"{shown(text)}: the comma is the decimal mark of this record"))
        text = text.replace(",", ".")
    number = as_number(text)
    conversion = table.find(test, unit) if has_unit else None
    stem = column[2:]
    if number is None:
        facts += [unclear] if unit is not None and _DIGITS_AND_MARKS.fullmatch(text) else []
        return _text_result(facts, stem, text, mapped, conversion)
    if conversion is None and has_unit and (unit is not None or table.has_units(test)):
        problem = (
            "unit-missing: a number without a unit"
            if unit is None
            else f"unit-unknown: {shown(unit)} is not in the table"
        )
        return [*facts, Fact("issue", f"{problem} for {test}; there is no standard result")], None
    if conversion is None:
        facts.append(Fact("unit", "the result has no unit: the number stands as it is"))
        made = number
    else:
        made = conversion.convert(number)
        facts.append(Fact("unit", _converted(number, made, unit, conversion) + _line(again, test, unit)))
    return facts, {"STRESC": shortest(made), "STRESN": float(made), "STRESU": conversion.to if conversion else None}[
        stem
    ]


def _text_result(
    facts: list[Fact], stem: str, text: str, mapped: Mapped | None, conversion: Conversion | None
) -> tuple[list[Fact], object]:
    facts.append(Fact("number", f"{shown(text)} is no number"))
    if stem == "STRESN":
        return facts, None
    if stem == "STRESU":
        return facts, conversion.to if conversion else None
    if mapped is None:
        return facts, text
    told, made = mapped(text)
    return [*facts, *told], made


def _converted(number: object, made: object, unit: str | None, conversion: Conversion) -> str:
    steps = f"{number} {unit or ''}".strip()
    if conversion.factor != 1:
        steps += f" x {conversion.factor}"
    if conversion.offset:
        steps += f" + {conversion.offset}"
    digits = "" if conversion.digits is None else f", rounded half away from zero to {conversion.digits} decimals"
    return f"{steps} = {made} {conversion.to or ''}".rstrip() + digits


def _line(again: Again, test: str, unit: str | None) -> str:
    """The line of the table of units that holds for a test and a unit."""
    said = again.specs.study.units
    if said is None:
        return ""
    path = again.specs.study.tables.get(str(said))
    rows = again.specs.tables.get(("", str(said)), ())
    for wanted in (test, "*"):
        for number, row in enumerate(rows, start=2):
            if (row.get("TESTCD") or "*") == wanted and row.get("FROM") == unit:
                place = f"{path}, line {number}" if isinstance(path, Text) else f"table {said}, row {number - 1}"
                return f" ({place}: {','.join(value or '' for value in row.values())})"
    return ""
