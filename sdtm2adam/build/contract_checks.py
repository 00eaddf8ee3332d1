"""What a contract says of its columns, checked on the raw records: required, values, max, pair."""

from __future__ import annotations

from collections.abc import Iterator

from sdtm2adam.build.plan import Plan
from sdtm2adam.build.quoting import literal, name
from sdtm2adam.model import Issue, Severity
from sdtm2adam.spec.study import Column, Contract

_SHOWN = 5


def check_contract(plan: Plan, form: str, contract: Contract, table: str) -> None:
    """Adds an issue for each way in which the records break the contract, with the keys of the first of them.

    Args:
        plan: gets the issues.
        form: the name of the form.
        contract: its contract.
        table: the records as they were read, all texts.
    """
    columns = list(plan.warehouse.types(table))
    for column, said in contract.columns.items():
        if said is None:
            continue
        for rule, severity, condition, what in _rules(plan, column, said, columns, table):
            _tell(plan, form, contract, table, column, rule, severity, condition, what)


def _rules(
    plan: Plan, column: str, said: Column, columns: list[str], table: str
) -> Iterator[tuple[str, Severity, str, str]]:
    text = f"trim({name(column)})"
    if said.required:
        yield "raw-required", Severity.ERROR, f"coalesce({text}, '') = ''", "is required and empty"
    if said.values:
        known = ", ".join(literal(str(value)) for value in said.values)
        yield (
            "raw-value",
            Severity.ERROR,
            f"{text} <> '' AND {text} NOT IN ({known})",
            "is not in the contract's values",
        )
    if said.max is not None:
        yield "raw-too-long", Severity.WARNING, f"length({name(column)}) > {said.max}", f"is longer than {said.max}"
    if said.pair is not None and str(said.pair) in columns:
        code = name(str(said.pair))
        usual = (
            f"(SELECT {name(column)} AS label, mode({code} ORDER BY {code}) AS code FROM {table} "
            f"WHERE {name(column)} IS NOT NULL GROUP BY 1)"
        )
        other = plan.warehouse.create(
            f"SELECT DISTINCT x.{name(column)} AS label, x.{code} AS code FROM {table} x JOIN {usual} u "
            f"ON u.label = x.{name(column)} WHERE x.{code} IS DISTINCT FROM u.code"
        )
        pair = f"EXISTS (SELECT 1 FROM {other} o WHERE o.label = {name(column)} AND o.code IS NOT DISTINCT FROM {code})"
        yield "raw-pair", Severity.WARNING, pair, f"does not go with its code in {said.pair}"


def _tell(
    plan: Plan,
    form: str,
    contract: Contract,
    table: str,
    column: str,
    rule: str,
    severity: Severity,
    condition: str,
    what: str,
) -> None:
    keys = [str(key) for key in contract.key] or list(plan.warehouse.types(table))[:1]
    shown = " || ', ' || ".join(f"{literal(key + '=')} || coalesce({name(key)}, '')" for key in keys)
    order = ", ".join(f"try_cast({name(key)} AS DOUBLE) NULLS LAST, {name(key)}" for key in keys)
    found = plan.warehouse.rows(
        f"SELECT {name(column)} AS v, count(*), list({shown} ORDER BY {order})[1:{_SHOWN}] FROM {table} "
        f"WHERE {condition} GROUP BY ALL ORDER BY 2 DESC, 1 LIMIT 50"
    )
    plan.issues.extend(
        Issue(
            dataset=f"raw.{form}",
            rule=rule,
            severity=severity,
            variable=column,
            value="" if value is None else str(value),
            records=count,
            keys=tuple(first),
            text=f"{form}.{column}: {str(value)[:60]!r} {what}" if value is not None else f"{form}.{column} {what}",
            source=f"raw/{form}.yaml",
        )
        for value, count, first in found
    )
