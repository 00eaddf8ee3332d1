"""Raw texts to values in words: the format that read a date, the line of the unit table, numbers and blanks."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from sdtm2adam.build.terminology import clean
from sdtm2adam.compute.iso import (
    DateForms,
    Unreadable,
    has_other_time,
    iso_time,
    joined,
    without_midnight_twice,
)
from sdtm2adam.compute.units import Conversion, UnitTable, as_number, limit_of, shortest, text_in_standard_unit
from sdtm2adam.spec.library import Specs
from sdtm2adam.spec.producer import Producer
from sdtm2adam.spec.yaml import Text
from sdtm2adam.trace.again import Again
from sdtm2adam.trace.story import Fact, plain, shown

Mapped = Callable[[str], tuple[list[Fact], object]]
_DECIMAL_COMMA = re.compile(r"[-+]?\d+,\d+", re.ASCII)
_DIGITS_AND_MARKS = re.compile(r"\s*[-+]?\d*(?:[., '\u00a0\u202f]\d+)+\s*", re.ASCII)


@dataclass(frozen=True)
class Marks:
    """Whether a comma is the decimal mark of a result, and which texts of its raw record have a point beside such."""

    has_comma: bool = False
    pointed: frozenset[str] = frozenset()


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
            facts.append(Fact("time", f"{shown(time)} -> {shown(clock)}: {_joined(day, clock)}"))
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


def _joined(day: str | None, clock: str) -> str:
    if day is None:
        return "a time without a date is not kept"
    if has_other_time(day, clock):
        return "not kept, nor that of the date, for they differ"
    if len(day) > 10 and "---" not in day:
        return "the same as that of the date"
    return "joined to the date" if len(day) == 10 else "not kept, for the date is not complete"


def result_facts(
    again: Again,
    column: str,
    table: UnitTable,
    mapped: Mapped | None,
    values: tuple[str, str | None, str | None, Marks],
    has_unit: bool,
) -> tuple[list[Fact], object]:
    """How a result became --STRESC, --STRESN or --STRESU; and what it became.

    Args:
        again: for the lines of the specs.
        column: which of the three.
        table: the units of the study.
        mapped: tells the term of a text result; None where its codelist has none.
        values: the test, the result, its unit, and what its record says of decimal marks.
        has_unit: whether the dataset has a unit at all.
    """
    test, result, unit, marks = values
    text = clean(result)
    if text is None:
        return [Fact("unit", "there is no result")], None
    facts: list[Fact] = []
    unclear = Fact("issue", f"number-unclear: which mark of {shown(text)} is the decimal one is not clear")
    if text in marks.pointed:
        return [unclear], text if column[2:] == "STRESC" else None
    if marks.has_comma and _DECIMAL_COMMA.fullmatch(text):
        facts.append(Fact("number", f"{shown(text)}: the comma is the decimal mark of this record"))
        text = text.replace(",", ".")
    number = as_number(text)
    conversion = table.find(test, unit) if has_unit else None
    stem = column[2:]
    told, mapped_text = ([], text) if number is not None or mapped is None else mapped(text)
    limit_of_unknown = conversion is None and unit is not None and limit_of(text) is not None and mapped_text == text
    if number is None and not limit_of_unknown:
        is_unclear = unit is not None and bool(_DIGITS_AND_MARKS.fullmatch(text))
        facts += [unclear] if is_unclear else []
        return _text_result(facts, stem, text, (told, mapped_text), conversion, is_unclear)
    if conversion is None and has_unit and (unit is not None or table.has_units(test)):
        return [*facts, _no_unit(test, unit)], None
    if number is None:  # a limit: its unit was asked for above
        return facts, None
    told_unit, made = _number_result(again, number, test, unit, conversion)
    return [*facts, told_unit], made[stem]


def _no_unit(test: str, unit: str | None) -> Fact:
    missing = "unit-missing: a number without a unit"
    problem = missing if unit is None else f"unit-unknown: {shown(unit)} is not in the table"
    return Fact("issue", f"{problem} for {test}; there is no standard result")


def _number_result(
    again: Again, number: Decimal, test: str, unit: str | None, conversion: Conversion | None
) -> tuple[Fact, dict[str, object]]:
    """How a number came to the standard unit, and the three variables it makes."""
    if conversion is None:
        told = Fact("unit", "the result has no unit: the number stands as it is")
        return told, {"STRESC": shortest(number), "STRESN": float(number), "STRESU": None}
    made = conversion.convert(number)
    told = Fact("unit", _converted(number, made, unit, conversion) + _line(again, test, unit))
    return told, {"STRESC": shortest(made), "STRESN": float(made), "STRESU": conversion.to}


def _text_result(
    facts: list[Fact],
    stem: str,
    text: str,
    mapped: tuple[list[Fact], object],
    conversion: Conversion | None,
    is_unclear: bool,
) -> tuple[list[Fact], object]:
    facts.append(Fact("number", f"{shown(text)} is no number"))
    told, made = mapped
    to = conversion.to if conversion else None
    if is_unclear and conversion is not None and conversion.changes:
        to = None
    elif not is_unclear and made == text and conversion is not None and conversion.changes:
        made = text_in_standard_unit(text, conversion)
        if made is None:
            facts.append(Fact("issue", f"result-not-converted: no rule converts {shown(text)}; it stands as collected"))
            made, to = text, None
        elif made != text:
            facts.append(Fact("unit", f"the number of the limit x {conversion.factor} + {conversion.offset}"))
    if stem == "STRESN":
        return facts, None
    return (facts, to) if stem == "STRESU" else ([*facts, *told], made)


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
