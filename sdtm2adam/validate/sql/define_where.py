"""Conditions of value-level items of define.xml as SQL: RangeChecks are joined by AND, several where clauses by OR."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sdtm2adam.build.quoting import literal
from sdtm2adam.build.quoting import name as quoted

_SIGNS = {
    "EQ": "=", "NE": "<>", "IN": "in", "NOTIN": "not in", "LT": "<", "LE": "<=", "GT": ">", "GE": ">=",
}  # fmt: skip
_ORDER = ("LT", "LE", "GT", "GE")
_NUMBER = re.compile(r"[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]{1,2})?")
_NUMBERS = ("DOUBLE", "FLOAT", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT",
            "UINTEGER", "UBIGINT")  # fmt: skip


@dataclass(frozen=True)
class Condition:
    """When an item applies: `text` to be read, `sql` true of its records, `why` it could not be read (else empty)."""

    text: str
    sql: str
    why: str = ""


@dataclass(frozen=True)
class Place:
    """Where conditions are read: the DuckDB types of the columns of a dataset, and what OIDs stand for.

    Attributes:
        kinds: by the name of the column.
        own: names of the variables of the dataset by the OID of their ItemDef.
        others: `DM.COUNTRY` by the OID of the ItemDef, of other datasets.
        clauses: WhereClauseDef by OID.
    """

    kinds: Mapping[str, str]
    own: Mapping[str, str]
    others: Mapping[str, str]
    clauses: Mapping[str, Any]


def attribute(element: Any, name: str) -> str:
    """The value of an attribute, whatever its namespace; empty where there is none."""
    found = (value for key, value in element.attrib.items() if key.rpartition("}")[2] == name)
    return str(next(found, "")).strip()


def kind_of(kind: str) -> str:
    """`text`, `number` or `other` (dates, times, truth) of a DuckDB type; a column of nothing is text."""
    if kind in ("VARCHAR", "NULL", '"NULL"') or kind.startswith("ENUM"):
        return "text"
    return "number" if kind in _NUMBERS or kind.startswith("DECIMAL") else "other"


def as_number(expression: str) -> str:
    """Numbers with the 15 digits that a decimal surely keeps, so that 0.1 + 0.2 is 0.3; what is not finite is null."""
    number = f"CAST({expression} AS DOUBLE)"
    return f"CASE WHEN isfinite({number}) THEN CAST(format('{{:.15g}}', {number}) AS DOUBLE) END"


def number_literal(text: str) -> str | None:
    """A number as SQL; None where the text is none."""
    return f"CAST({literal(f'{float(text):.15g}')} AS DOUBLE)" if _NUMBER.fullmatch(text) else None


def condition_of(item: Any, place: Place) -> Condition:
    """The condition of an ItemRef of a value list, from all its WhereClauseRefs. Nothing is guessed."""
    oids = [attribute(one, "WhereClauseOID") for one in item.iterfind("{*}WhereClauseRef")]
    if not oids:
        return Condition("", "", "it has no WhereClauseRef")
    clauses = [_clause(oid, place) for oid in oids]
    said = [f"({one.text})" if len(clauses) > 1 and " and " in one.text else one.text for one in clauses]
    sql = " OR ".join(f"({one.sql})" for one in clauses)
    whys = list(dict.fromkeys(one.why for one in clauses if one.why))
    return Condition(" or ".join(said), "" if whys else f"({sql})", "; ".join(whys))


def _clause(oid: str, place: Place) -> Condition:
    clause = place.clauses.get(oid)
    if clause is None:
        return Condition(oid, "", f"there is no WhereClauseDef {oid}")
    checks = [_check(one, place) for one in clause.iterfind("{*}RangeCheck")]
    if not checks:
        return Condition(oid, "", f"the WhereClauseDef {oid} has no RangeCheck")
    whys = list(dict.fromkeys(one.why for one in checks if one.why))
    return Condition(" and ".join(one.text for one in checks), " AND ".join(one.sql for one in checks), "; ".join(whys))


def _check(check: Any, place: Place) -> Condition:
    comparator, oid = attribute(check, "Comparator"), attribute(check, "ItemOID")
    values = ["".join(one.itertext()).strip() for one in check.iterfind("{*}CheckValue")]
    variable = place.own.get(oid)
    kind = kind_of(place.kinds[variable]) if variable and variable in place.kinds else ""
    numbers = [number_literal(value) for value in values] if kind == "number" else []
    said = [value if kind == "number" and _NUMBER.fullmatch(value) else literal(value) for value in values]
    shown = f"({', '.join(said)})" if comparator in ("IN", "NOTIN") else ", ".join(said)
    text = f"{variable or place.others.get(oid) or oid or '?'} {_SIGNS.get(comparator, comparator or '?')} {shown}"
    why = _why(comparator, oid, values, kind, place)
    if why:
        return Condition(text, "", why)
    assert variable is not None
    if kind == "number":
        return Condition(text, _compared(as_number(quoted(variable)), comparator, [one or "NULL" for one in numbers]))
    return Condition(text, _compared(f"CAST({quoted(variable)} AS VARCHAR)", comparator, [*map(literal, values)]))


def _why(comparator: str, oid: str, values: list[str], kind: str, place: Place) -> str:
    """Why a RangeCheck cannot be judged in a dataset; empty where it can."""
    variable = place.own.get(oid)
    if not oid:
        return "a RangeCheck names no ItemOID"
    if variable is None:
        other = place.others.get(oid)
        return f"{other} is of another dataset" if other else f"{oid} is no variable of the dataset"
    if not kind:
        return f"{variable} is not in the data"
    if comparator not in _SIGNS:
        return f"{comparator or 'an empty comparator'} is no comparator"
    if not values or (len(values) > 1 and comparator not in ("IN", "NOTIN")):
        return f"{comparator} has {len(values)} CheckValues"
    if "" in values:
        return f"a CheckValue for {variable} is empty"
    if kind == "text" and "NULL" in values:
        return f"NULL for {variable} may be that text, or what is missing"
    if kind == "other":
        return f"{variable} holds dates or times, which a CheckValue names in no one form"
    is_number = [_NUMBER.fullmatch(value) is not None for value in values]
    if kind == "number" and not all(is_number):
        return f"{variable} holds numbers and {values[is_number.index(False)]!r} is none"
    if kind == "text" and comparator in _ORDER and all(is_number):
        return f"{variable} holds texts, which have no order by the number {values[0]}"
    return ""


def _compared(value: str, comparator: str, literals: list[str]) -> str:
    """SQL that is never true of missing, but for NE and NOTIN."""
    if comparator == "NE":
        return f"{value} IS DISTINCT FROM {literals[0]}"
    listed = f"({', '.join(literals)})"
    if comparator == "IN":
        return f"{value} IN {listed}"
    if comparator == "NOTIN":
        return f"({value} IS NULL OR {value} NOT IN {listed})"
    return f"{value} {_SIGNS[comparator]} {literals[0]}"
