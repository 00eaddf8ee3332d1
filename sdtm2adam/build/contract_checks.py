"""What a contract says of its columns, checked on the raw records: required, values, max, pair."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa

from sdtm2adam.build.coded import met_by_values
from sdtm2adam.build.plan import Plan
from sdtm2adam.build.quoting import literal, name
from sdtm2adam.model import MOST_KEYS, Issue, Severity
from sdtm2adam.spec.study import Column, Contract

_MOST_VALUES = 1000
"""How many values of one column are told one by one."""


def check_contract(plan: Plan, form: str, contract: Contract, table: str, frame: pa.Table, subject: str) -> None:
    """Adds an issue for each way in which the records break the contract, with the keys of the first of them.

    Args:
        plan: gets the issues.
        form: the name of the form.
        contract: its contract.
        table: the records as they were read, all texts.
        frame: their texts, coded; it may hold more records.
        subject: the column that names the subject; empty for a form without one.
    """
    columns = list(plan.warehouse.types(table))
    said_of_subject = contract.columns.get(subject)
    asked: list[tuple[str, Broken]] = []
    if subject and not (said_of_subject is not None and said_of_subject.required):
        missing = f"coalesce(trim({name(subject)}), '') = ''"
        asked.append((subject, Broken("raw-no-subject", Severity.ERROR, missing, "names no subject")))
    for column, said in contract.columns.items():
        if said is not None:
            asked += [(column, broken) for broken in _rules(plan, column, said, columns, table)]
    tell_all_broken(plan, form, contract, table, frame, asked)


@dataclass(frozen=True)
class Broken:
    """One way to break a contract: SQL that is true for the records that do, and what to say of them.

    `whole` says that the condition reads more of a record than the column it is told of.
    """

    rule: str
    severity: Severity
    condition: str
    what: str
    whole: bool = False


def _rules(plan: Plan, column: str, said: Column, columns: list[str], table: str) -> Iterator[Broken]:
    text = f"trim({name(column)})"
    if said.required:
        yield Broken("raw-required", Severity.ERROR, f"coalesce({text}, '') = ''", "is required and empty")
    if said.values:
        known = ", ".join(literal(str(value)) for value in said.values)
        unknown = f"{text} <> '' AND {text} NOT IN ({known})"
        yield Broken("raw-value", Severity.ERROR, unknown, "is not in the contract's values")
    if said.max is not None:
        yield Broken(
            "raw-too-long", Severity.WARNING, f"length({name(column)}) > {said.max}", f"is longer than {said.max}"
        )
    if said.pair is not None and str(said.pair) in columns:
        code, label = f"f.{name(str(said.pair))}", f"f.{name(column)}"
        usual = (
            f"(SELECT {label} AS s2a_label, mode({code} ORDER BY {code}) AS s2a_code FROM {table} f "
            f"WHERE {label} IS NOT NULL GROUP BY 1)"
        )
        other = plan.warehouse.create(
            f"SELECT DISTINCT {label} AS s2a_label, {code} AS s2a_code FROM {table} f JOIN {usual} u "
            f"ON u.s2a_label = {label} WHERE {code} IS DISTINCT FROM u.s2a_code"
        )
        same = f"o.s2a_label = {label} AND o.s2a_code IS NOT DISTINCT FROM {code}"
        pair = f"EXISTS (SELECT 1 FROM {other} o WHERE {same})"
        yield Broken("raw-pair", Severity.WARNING, pair, f"does not go with its code in {said.pair}", whole=True)


def spelled(plan: Plan, form: str, contract: Contract, table: str, frame: pa.Table) -> str:
    """The records with each coded value in the contract's own spelling: blanks and case do not tell values apart.

    `frame` has their texts, coded.

    A value that was written in another way (`yes `, with a no-break space) is told as `raw-value-normalized`.
    """
    replaced = {}
    for column, said in contract.columns.items():
        if said is None or not said.values or column not in frame.column_names:
            continue
        values = [str(value) for value in said.values]
        plain: dict[str, list[str]] = {}
        for value in values:
            plain.setdefault(" ".join(value.split()).upper(), []).append(value)
        exact = f"{name(column)} IN ({', '.join(map(literal, values))})"
        cases = " ".join(
            f"WHEN {literal(key)} THEN {literal(same[0])}" for key, same in plain.items() if len(same) == 1
        )
        if not cases:
            continue
        blank = f"regexp_replace(replace({name(column)}, chr(160), ' '), '\\s+', ' ', 'g')"
        other = f"CASE upper(trim({blank})) {cases} END"
        condition = f"NOT ({exact}) AND ({other}) IS NOT NULL"
        if not met_by_values(plan.warehouse, column, frame, [condition])[0]:
            continue
        how = "is written in another way than the contract's values, and read as the value meant"
        tell_broken(plan, form, contract, table, column, Broken("raw-value-normalized", Severity.NOTE, condition, how))
        replaced[column] = f"CASE WHEN {condition} THEN {other} ELSE {name(column)} END AS {name(column)}"
    if not replaced:
        return table
    return plan.warehouse.create(f"SELECT * REPLACE ({', '.join(replaced.values())}) FROM {table} f")


def tell_all_broken(
    plan: Plan, form: str, contract: Contract, table: str, frame: pa.Table, asked: list[tuple[str, Broken]]
) -> None:
    """Tells the ways to break a contract that are met: of one column alone, each text is looked at once."""
    alone: dict[str, list[Broken]] = {}
    for column, broken in asked:
        if not broken.whole:
            alone.setdefault(column, []).append(broken)
    met = {
        (column, broken)
        for column, several in alone.items()
        for broken, is_met in zip(
            several, met_by_values(plan.warehouse, column, frame, [b.condition for b in several]), strict=True
        )
        if is_met
    }
    for column, broken in asked:
        if broken.whole or (column, broken) in met:
            tell_broken(plan, form, contract, table, column, broken)


def tell_broken(plan: Plan, form: str, contract: Contract, table: str, column: str, broken: Broken) -> None:
    """One issue for each value that breaks a contract, with the keys of the first records that have it."""
    keys = [str(key) for key in contract.key] or list(plan.warehouse.types(table))[:1]
    shown = " || ', ' || ".join(f"{literal(key + '=')} || coalesce({name(key)}, '')" for key in keys)
    order = ", ".join(f"try_cast({name(key)} AS DOUBLE) NULLS LAST, {name(key)}" for key in keys)
    found = plan.warehouse.rows(
        f"SELECT {name(column)} AS v, count(*), list({shown} ORDER BY {order})[1:{MOST_KEYS}] FROM {table} f "
        f"WHERE {broken.condition} GROUP BY ALL ORDER BY 2 DESC, 1 LIMIT {_MOST_VALUES}"
    )
    plan.issues.extend(
        Issue(
            dataset=f"raw.{form}",
            rule=broken.rule,
            severity=broken.severity,
            variable=column,
            value="" if value is None else str(value),
            records=count,
            keys=tuple(first),
            text=f"{form}.{column}: {str(value)[:60]!r} {broken.what}"
            if value is not None
            else f"{form}.{column} {broken.what}",
            source=f"raw/{form}.yaml",
        )
        for value, count, first in found
    )
