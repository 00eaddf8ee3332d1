"""Where a story ends: texts of raw records, lines of small tables, values of files that were read."""

from __future__ import annotations

from sdtm2adam.build.raw_columns import collected, subject_column
from sdtm2adam.spec import sql
from sdtm2adam.trace.again import Again, Place
from sdtm2adam.trace.story import Fact, Step, named, shown

SUBJECT = "USUBJID"


def leaf(again: Again, place: Place, column: str) -> Step:
    """A value of a raw form, a small table or a file."""
    key = place.relation.key
    if key.startswith("raw."):
        return _raw(again, place, column)
    if key.startswith("table."):
        return _table(again, place, column)
    return _file(again, place, column)


def record_of(again: Again, place: Place) -> tuple[tuple[str, object], ...]:
    """What names a record of a form or a file: its key."""
    relation = place.relation
    columns = list(relation.order) if relation.key.startswith("raw.") else again.file_keys(relation)
    return tuple((column, again.value(place, column)) for column in columns)


def _raw(again: Again, place: Place, column: str) -> Step:
    """A column of a raw record: its text as collected."""
    form = place.relation.key.removeprefix("raw.")
    contract = again.specs.contracts[form]
    if column == SUBJECT and subject_column(again.specs, contract) != SUBJECT:
        return _subject(again, place, form)
    column = column.removesuffix(collected(""))
    text = again.value(place, collected(column) if collected(column) in place.relation.names else column)
    facts = [_raw_record(again, place, form)]
    if text is None:
        facts.append(Fact("text", "the raw text is blank"))
    elif collected(column) in place.relation.names and again.value(place, column) is None:
        facts.append(Fact("issue", f"not-a-number: {shown(text)} is no {contract.columns[column].type}"))  # type: ignore[union-attr]
    return Step(f"raw.{form} {column}", text, tuple(facts))


def _raw_record(again: Again, place: Place, form: str) -> Fact:
    contract = again.specs.contracts[form]
    record = record_of(again, place)
    known = named(record) if record else f"record {place.row + 1} in the order of all columns (the form has no key)"
    facts = f"{known} of {contract.file}"
    stored = again.lineage(f"raw.{form}")
    if record and tuple(stored[name][place.row].as_py() for name, _ in record) != tuple(value for _, value in record):
        facts += " (the run numbered another record so: run again)"
    return Fact("record", facts)


def _subject(again: Again, place: Place, form: str) -> Step:
    """USUBJID of a raw record, by the study's rule."""
    said = again.specs.study.subject
    assert said is not None
    own = subject_column(again.specs, again.specs.contracts[form])
    names = [own if name == said.column else name for _, name in sql.columns(sql.parse(said.usubjid))]
    facts = (
        Fact("spec", again.line(said.usubjid.where)),
        Fact("method", f"USUBJID is {said.usubjid}"),
    )
    return Step(
        f"raw.{form} {SUBJECT}", again.value(place, SUBJECT), facts, tuple(_raw(again, place, n) for n in names)
    )


def _table(again: Again, place: Place, column: str) -> Step:
    """A value of a small table of the specs."""
    name = place.relation.key.removeprefix("table.").split(".")[-1]
    said = again.specs.study.tables.get(name)
    file = said if isinstance(said, str) else f"table {name}"
    facts = (Fact("record", f"row {place.row + 1} of {file}"),)
    return Step(f"table.{name} {column}", again.value(place, column), facts)


def _file(again: Again, place: Place, column: str) -> Step:
    """A value of a dataset that was read from a file."""
    key = place.relation.key
    path = again.record.said["inputs"].get(f"sdtm/{key}", {}).get("path", key)
    facts = (
        Fact("record", named(record_of(again, place)) or f"record {place.row + 1}"),
        Fact("text", f"as it stands in {path.rsplit('/', 1)[-1]}: the study starts there"),
    )
    return Step(f"{key}.{column}", again.value(place, column), facts)
