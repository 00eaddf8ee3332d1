"""What the standard prescribes, in words: numbers of records, study days, epochs, visits, tests, standard units."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sdtm2adam.build.coercion import Coercion
from sdtm2adam.build.scope import SUBJECT, Scope
from sdtm2adam.build.standardize import BETWEEN, typed_results
from sdtm2adam.build.visit_label import VISIT_LABEL
from sdtm2adam.build.visits import date_of
from sdtm2adam.compute.units import UnitTable
from sdtm2adam.spec.producer import as_producer
from sdtm2adam.spec.yaml import Text
from sdtm2adam.trace.again import Place
from sdtm2adam.trace.made import Made
from sdtm2adam.trace.other_rows import record_name
from sdtm2adam.trace.own_rows import group_facts
from sdtm2adam.trace.story import Fact, shown
from sdtm2adam.trace.terms_told import decode_facts, term_facts
from sdtm2adam.trace.values_told import Marks, result_facts

if TYPE_CHECKING:
    from sdtm2adam.trace.narrator import Narrator

_DAYS = {"DY": "DTC", "STDY": "STDTC", "ENDY": "ENDTC"}


def tell_auto(n: Narrator, scope: Scope, place: Place, column: str) -> Made:
    """A variable that `auto` makes, by its name."""
    stem = column[2:] if column.startswith(scope.context.name[:2]) else ""
    if column == "ASEQ" or stem == "SEQ":
        return _sequence(n, scope, place, column)
    if stem in _DAYS:
        return _study_day(n, scope, place, column[:2] + _DAYS[stem])
    if column == "EPOCH":
        return _epoch(n, scope, place)
    if column in ("VISITNUM", "VISIT", "VISITDY"):
        return _visit(n, scope, place, column)
    if stem == "TEST":
        return tell_decode(n, scope, place, column, column + "CD")
    if stem in ("STRESC", "STRESN", "STRESU"):
        return tell_standardize(n, scope, place, column)
    if stem == "LOBXFL":
        return _last_before_exposure(n, scope, place)
    rule = n.again.specs.study.subject
    assert rule is not None
    assert rule.siteid is not None
    text = Text(str(rule.siteid).replace(str(rule.column), "SUBJID"), rule.siteid.where)
    facts = [Fact("method", "the site, by the study's rule on the number of the subject"),
             Fact("rule", n.again.line(rule.siteid.where))]  # fmt: skip
    return Made(facts, n.reads(scope, place.row, text), n.again.evaluate(scope, place.row, text))


def _sequence(n: Narrator, scope: Scope, place: Place, column: str) -> Made:
    keys = [key for key in scope.context.spec.keys if key not in (column, SUBJECT, "STUDYID")]
    by = [SUBJECT] if scope.context.subject else []
    said = f"the number of the record within {'the subject' if by else 'the dataset'}, by keys [{', '.join(keys)}]"
    return Made([Fact("method", said), *group_facts(n, scope, place.row, by, keys, None)])


def _study_day(n: Narrator, scope: Scope, place: Place, date: str) -> Made:
    reference = _reference(scope, str(n.again.specs.study.reference.day))
    text = Text(f"study_day(dt({date}), dt({reference}))")
    said = (
        f"study day of {date} from {reference}: 1 on that day, -1 the day before, no day 0; missing unless both dates "
        "are complete"
    )
    return Made([Fact("method", said)], n.reads(scope, place.row, text), n.again.evaluate(scope, place.row, text))


def _reference(scope: Scope, name: str) -> str:
    dataset, _, column = name.partition(".")
    return column if dataset == scope.context.name else name


def _epoch(n: Narrator, scope: Scope, place: Place) -> Made:
    date = next(
        c for c in (f"{scope.context.name[:2]}STDTC", f"{scope.context.name[:2]}DTC") if c in scope.relation.names
    )
    said = f"the epoch of the last element of SE that starts on or before {date}, compared as far as both dates go"
    said += "; missing where an element starts in what a partial date leaves open"
    found = n.again.follow(place, "%EPOCH")
    reads = [n.cell(place, date)]
    if found is None:
        return Made([Fact("method", said), Fact("picked", "no such element was found")], reads, None)
    facts = [Fact("method", said), Fact("picked", record_name(n, found.place))]
    value = n.again.value(found.place, "EPOCH") if _tells_epoch(n, place, date, found.place) else None
    return Made(facts, [*reads, n.cell(found.place, "SESTDTC"), n.cell(found.place, "EPOCH")], value)


def _tells_epoch(n: Narrator, place: Place, date: str, element: Place) -> bool:
    """Whether the date is whole, or no element, the last one neither, starts in what it leaves open."""
    known = str(n.again.value(place, date)).split("--", maxsplit=1)[0]
    return len(known) >= 10 or str(n.again.value(element, "SESTDTC"))[: len(known)] < known


def _last_before_exposure(n: Narrator, scope: Scope, place: Place) -> Made:
    prefix = scope.context.name[:2]
    names = scope.relation.names
    reference = _reference(scope, str(n.again.specs.study.reference.exposure))
    groups = [f"{prefix}{g}" for g in ("TESTCD", "SPEC", "LOC", "METHOD", "POS", "EVAL", "EVALID", "CAT")]
    by = [SUBJECT, *(g for g in groups if g in names)]
    order = [Text(c) for c in (f"{prefix}DTC", "VISITNUM", f"{prefix}SEQ") if c in names]
    said = (
        f"Y on the last record with a result whose {prefix}DTC is on or before the first exposure ({reference}), "
        f"of each {', '.join(by)}"
    )
    reads = n.reads(scope, place.row, Text(f"coalesce({prefix}STRESC, {prefix}DTC, {reference})"))
    return Made([Fact("method", said), *group_facts(n, scope, place.row, by, order, None)], reads)


# --- visits -----------------------------------------------------------------------------------------------------


def _visit(n: Narrator, scope: Scope, place: Place, column: str) -> Made:
    """By the label of the form in the table of visits; an unscheduled one by its day; else by the number it has."""
    visits = n.again.specs.study.visits
    assert visits is not None
    rows = n.again.specs.tables[("", str(visits.table))]
    label = n.again.value(place, VISIT_LABEL) if VISIT_LABEL in scope.relation.names else None
    if label is None:
        return _by_number(n, scope, place, column, rows)
    reads = [n.cell(place, VISIT_LABEL)]
    if label == visits.unscheduled:
        date = date_of(scope.relation, scope.context.name)
        said = (
            f"an unscheduled visit has the number of the last planned visit on or before its day, and .001, .002, ... "
            f"in the order of days, over all forms; {_UNSCHEDULED[column]}"
        )
        facts = [Fact("method", said)]
        day = n.again.value(place, date) if date else None
        if day is None or len(str(day)) < 10:
            facts.append(Fact("issue", "visit-undated: its date is not complete, so it has no number"))
        return Made(facts, [*reads, *([n.cell(place, date)] if date else [])])
    found = [(i, row) for i, row in enumerate(rows) if row.get("LABEL") == label]
    if not found:
        said = f"visit-unknown: {shown(label)} is not in the table {visits.table}"
        return Made([Fact("issue", said)], reads, None)
    return Made([_table_line(n, found[0])], reads, _of_row(column, found[0][1]))


_UNSCHEDULED = {
    "VISITNUM": "that is this number",
    "VISIT": "its name is UNSCHEDULED and the number",
    "VISITDY": "no day is planned for it",
}


def _by_number(n: Narrator, scope: Scope, place: Place, column: str, rows: tuple[dict[str, str | None], ...]) -> Made:
    if column == "VISITNUM" or "VISITNUM" not in scope.relation.names:
        return Made([Fact("method", "the block of this record names no visit")], [], None)
    number = n.again.value(place, "VISITNUM")
    reads = [n.cell(place, "VISITNUM")]
    if number is None:
        return Made([Fact("method", "by the number of the visit, which is missing")], reads, None)
    found = [(i, row) for i, row in enumerate(rows) if float(row.get("VISITNUM") or "nan") == float(number)]
    if not found:
        said = f"the table of visits has no number {number}: it is unscheduled; {_UNSCHEDULED[column]}"
        return Made([Fact("method", said)], reads)
    return Made([_table_line(n, found[0])], reads, _of_row(column, found[0][1]))


def _table_line(n: Narrator, found: tuple[int, Mapping[str, str | None]]) -> Fact:
    visits = n.again.specs.study.visits
    assert visits is not None
    path = n.again.specs.study.tables.get(str(visits.table))
    place = f"{path}, line {found[0] + 2}" if isinstance(path, str) else f"table {visits.table}, row {found[0] + 1}"
    return Fact("visit", f"{place}: {','.join(value or '' for value in found[1].values())}")


def _of_row(column: str, row: Mapping[str, str | None]) -> object:
    value = row.get(column)
    return value if column == "VISIT" or value is None else float(value)


# --- tests and results ------------------------------------------------------------------------------------------


def tell_decode(n: Narrator, scope: Scope, place: Place, column: str, code: str) -> Made:
    """The partner of a code."""
    facts, made = decode_facts(n.again, scope, column, code, n.again.value(place, code))
    return Made(facts, [n.cell(place, code)], made)


def tell_standardize(n: Narrator, scope: Scope, place: Place, column: str) -> Made:
    """A result in standard units; the three variables are decided together."""
    prefix, names, again = column[:2], scope.relation.names, n.again
    has_unit = f"{prefix}ORRESU" in names
    reads = [f"{prefix}TESTCD", f"{prefix}ORRES", *([f"{prefix}ORRESU"] if has_unit else [])]
    test, result, unit = (*(again.value(place, name) for name in reads), None)[:3]
    table = UnitTable.of(again.specs.tables[("", str(again.specs.study.units))]) if has_unit else UnitTable({})
    said = [scope.context.spec.variables.get(prefix + stem) for stem in ("STRESC", "STRESN", "STRESU")]
    named = [one.standardize.codelist for one in said if one is not None and one.standardize is not None]
    codelist = next((one for one in named if one is not None), None)
    terms = Coercion(again.specs).terms_of(scope, f"{prefix}STRESC", codelist)
    comma = again.value(place, "_~COMMA") if "_~COMMA" in place.relation.home else None
    block, *pointed = str(comma or "").split(BETWEEN)
    typed = {(block, test), (block, None)} & typed_results(again.specs, scope, prefix) if comma else set()
    target = as_producer({"standardize": {}, "codelist": codelist})

    def mapped(text: str) -> tuple[list[Fact], object]:
        assert terms is not None
        return term_facts(again, scope, f"{prefix}STRESC", target, terms, text)

    values = (test or "", result, unit, Marks(bool(typed), frozenset(pointed)))
    facts, made = result_facts(again, column, table, mapped if terms else None, values, has_unit)
    return Made(facts, [n.cell(place, name) for name in reads[1:] + reads[:1]], made)
