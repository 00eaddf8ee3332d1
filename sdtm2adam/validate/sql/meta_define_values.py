"""The table `meta.define_values`: what the data have against the value-level metadata of define.xml.

Each item of a value list is put to the records of which its condition is true: are they terms of its codelist, no
longer than its length, of its type, and filled where it is mandatory.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from sdtm2adam.build.quoting import literal
from sdtm2adam.build.quoting import name as quoted
from sdtm2adam.model import MOST_KEYS
from sdtm2adam.validate.sql.classes import is_sdtm
from sdtm2adam.validate.sql.define_where import (
    Condition,
    Place,
    as_number,
    attribute,
    condition_of,
    kind_of,
    number_literal,
)
from sdtm2adam.validate.sql.grammar import ROW
from sdtm2adam.validate.sql.store import Store

if TYPE_CHECKING:
    from sdtm2adam.validate.sql.meta_define import Define

VALUE_COLUMNS: Mapping[str, str] = {
    "dataset": "text", "variable": "text", "stage": "text", "condition": "text", "item": "text", "fault": "text",
    "value": "text", "records": "integer", "asked": "text", "why": "text", "places": "text",
}  # fmt: skip
"""`asked`: the OID of the codelist, the length or the type; `why` a condition is unread; `places`: rows from 0."""
_SCHEMA = pa.schema([(name, pa.string() if kind == "text" else pa.int64()) for name, kind in VALUE_COLUMNS.items()])

_YEAR, _CLOCK = "[0-9]{4}", "T[0-9]{2}(:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?)?(Z|[+-][0-9]{2}:?[0-9]{2})?"
_SHAPES = {
    "date": f"{_YEAR}-[0-9]{{2}}-[0-9]{{2}}",
    "partialDate": f"{_YEAR}(-[0-9]{{2}}(-[0-9]{{2}})?)?",
    "datetime": f"{_YEAR}(-[0-9]{{2}}(-[0-9]{{2}}({_CLOCK})?)?)?",
    "partialDatetime": f"{_YEAR}(-[0-9]{{2}}(-[0-9]{{2}}({_CLOCK})?)?)?",
}
_HOUR, _MINUTE, _ZONE = "([01][0-9]|2[0-3])", ":[0-5][0-9](:[0-5][0-9]([.][0-9]+)?)?", "(Z|[+-][0-9]{2}:?[0-9]{2})?"
_TEXT_TYPES = {
    "integer": "regexp_full_match(trim(v), '[+-]?[0-9]+')",
    "float": "is_number(v)",
    **{kind: f"regexp_full_match(v, '{shape}') AND low(v) IS NOT NULL" for kind, shape in _SHAPES.items()},
    "time": f"regexp_full_match(v, '{_HOUR}{_MINUTE}{_ZONE}')",
    "partialTime": f"regexp_full_match(v, '{_HOUR}({_MINUTE})?{_ZONE}')",
    "incompleteDate": "is_dtc(v) AND NOT contains(v, 'T')",
    "incompleteDatetime": "is_dtc(v)",
    "durationDatetime": "is_duration(regexp_replace(v, '^[+-]', ''))",
}
"""What is true of a text of each type. A datetime may be cut from the right, as --DTC are under that type."""


@dataclass(frozen=True)
class _Question:
    """What one item asks of a column: true of the wrong values `v`, and what is asked, by the word of the fault."""

    fault: str
    asked: str | None
    wrong: str


def define_values(defines: list[Define], store: Store) -> pa.Table:
    """The faults of the data by value lists: a row for each item, kind of fault and value; and what was not judged."""
    parts = [part for one in defines for part in _of_document(one, store)]
    return pa.concat_tables([_SCHEMA.empty_table(), *parts])


def _of_document(one: Define, store: Store) -> Iterator[pa.Table]:
    groups = list(one.tree.iterfind("{*}ItemGroupDef"))
    names = {oid: attribute(each, "Name") for (kind, oid), each in one.by_oid.items() if kind == "ItemDef"}
    clauses = {oid: each for (kind, oid), each in one.by_oid.items() if kind == "WhereClauseDef"}
    others = {
        oid: f"{attribute(group, 'Name')}.{names[oid]}"
        for group in reversed(groups)
        for item in group.iterfind("{*}ItemRef")
        if (oid := attribute(item, "ItemOID")) in names
    }
    for group in groups:
        dataset = store.datasets.get(attribute(group, "Name"))
        if dataset is None or is_sdtm(dataset) != (one.stage == "sdtm"):
            continue
        own = {oid: names[oid] for item in group.iterfind("{*}ItemRef") if (oid := attribute(item, "ItemOID")) in names}
        table = store.table("", dataset.name)
        assert table is not None
        kinds = store.warehouse.types(table[0])
        place = Place({name: kinds[name] for name in table[1]}, own, others, clauses)
        yield from _of_dataset(one, store, dataset.name, table[0], place)


def _of_dataset(one: Define, store: Store, dataset: str, table: str, place: Place) -> Iterator[pa.Table]:
    for oid, variable in place.own.items():
        if variable not in place.kinds:
            continue
        for listed in one.by_oid["ItemDef", oid].iterfind("{*}ValueListRef"):
            values = one.by_oid.get(("ValueListDef", attribute(listed, "ValueListOID")))
            for item in values.iterfind("{*}ItemRef") if values is not None else ():
                head = (dataset, variable, one.stage)
                condition = condition_of(item, place)
                if condition.why:
                    yield _unread(head, condition, attribute(item, "ItemOID"))
                    continue
                asked = _questions(one, item, kind_of(place.kinds[variable]))
                if asked:
                    found = _found(table, variable, kind_of(place.kinds[variable]), condition)
                    tail = (condition.text, attribute(item, "ItemOID"))
                    yield store.warehouse.arrow(_faults((*head, *tail), found, asked)).cast(_SCHEMA)


def _unread(head: tuple[str, str, str], condition: Condition, item: str) -> pa.Table:
    row = (*head, condition.text, item, "unread", None, None, None, condition.why, None)
    return pa.table([pa.array([value], field.type) for value, field in zip(row, _SCHEMA, strict=True)], _SCHEMA)


def _found(table: str, variable: str, kind: str, condition: Condition) -> str:
    """The SELECT of the distinct values `v` of the records that an item is for."""
    column = quoted(variable) if kind == "number" else f"CAST({quoted(variable)} AS VARCHAR)"
    return (
        f"SELECT {column} AS v, count(*) AS records, array_to_string(min({ROW}, {MOST_KEYS}), ' ') AS places "
        f"FROM {table} WHERE {condition.sql} GROUP BY {column}"
    )


def _faults(head: tuple[str, ...], found: str, asked: list[_Question]) -> str:
    """The SELECT of all rows of one item."""
    fixed = ", ".join(
        f"{literal(value)} AS {quoted(name)}" for value, name in zip(head, list(VALUE_COLUMNS)[:5], strict=True)
    )
    each = " UNION ALL ".join(
        f"SELECT {place} AS place, {fixed}, {literal(one.fault)} AS fault, s2a_key(v) AS value, records, "
        f"CAST({literal(one.asked)} AS VARCHAR) AS asked, CAST(NULL AS VARCHAR) AS why, places "
        f"FROM found WHERE {one.wrong}"
        for place, one in enumerate(asked)
    )
    return f"WITH found AS ({found}) SELECT * EXCLUDE (place) FROM ({each}) ORDER BY place, value"


def _questions(one: Define, item: Any, kind: str) -> list[_Question]:
    """What an item asks of its values; nothing of those of dates and times but that they are there."""
    found: list[_Question] = []
    definition = one.by_oid.get(("ItemDef", attribute(item, "ItemOID")))
    if definition is not None and kind != "other":
        found += _listed(one, definition, kind)
        found += _long(definition, kind)
        found += _typed(definition, kind)
    if attribute(item, "Mandatory") == "Yes":
        found.append(_Question("mandatory", None, "v IS NULL"))
    return found


def _listed(one: Define, definition: Any, kind: str) -> Iterator[_Question]:
    """Not asked where the codelist leads to a dictionary, has no terms or is not there."""
    for listed in definition.iterfind("{*}CodeListRef"):
        oid = attribute(listed, "CodeListOID")
        codes = one.by_oid.get(("CodeList", oid))
        if codes is None or next(codes.iterfind("{*}ExternalCodeList"), None) is not None:
            continue
        items = [*codes.iterfind("{*}EnumeratedItem"), *codes.iterfind("{*}CodeListItem")]
        terms = [term for each in items if (term := attribute(each, "CodedValue"))]
        if not terms:
            continue
        numbers = [number for term in terms if (number := number_literal(term))]
        known, value = (numbers, as_number("v")) if kind == "number" else ([*map(literal, terms)], "v")
        wrong = f"{value} NOT IN ({', '.join(known)})" if known else "v IS NOT NULL"
        yield _Question("codelist", oid, wrong)


def _long(definition: Any, kind: str) -> Iterator[_Question]:
    """Characters of text, digits of numbers kept as text; a sign or a point is no digit."""
    length, of_type = attribute(definition, "Length"), attribute(definition, "DataType")
    if kind != "text" or not (length.isascii() and length.isdigit()):
        return
    if of_type in ("text", ""):
        yield _Question("length", length, f"length(v) > {int(length)}")
    elif of_type in ("integer", "float"):
        yield _Question("length", length, f"length(regexp_replace(v, '[^0-9]', '', 'g')) > {int(length)}")


def _typed(definition: Any, kind: str) -> Iterator[_Question]:
    """A number is no date, time or duration; a type that is not known here is not asked after."""
    of_type = attribute(definition, "DataType")
    if of_type not in _TEXT_TYPES:
        return
    if kind == "text":
        yield _Question("type", of_type, f"v IS NOT NULL AND NOT coalesce({_TEXT_TYPES[of_type]}, false)")
    elif of_type == "integer":
        yield _Question("type", of_type, f"{as_number('v')} <> floor({as_number('v')})")
    elif of_type != "float":
        yield _Question("type", of_type, "v IS NOT NULL")
