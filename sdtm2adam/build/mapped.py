"""Columns made value by value: each distinct value is looked at once, however many rows have it.

Dates, terms and units are decided by ordinary functions on the distinct values; DuckDB joins the answers to the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pyarrow as pa

from sdtm2adam.build.node import Node
from sdtm2adam.build.plan import Definition, Plan
from sdtm2adam.build.quoting import name
from sdtm2adam.build.relation import From, Relation
from sdtm2adam.build.rows import settle
from sdtm2adam.model import Issue, Severity

Values = tuple[str | None, ...]


@dataclass(frozen=True)
class Problem:
    """What is wrong with a value."""

    rule: str
    text: str
    severity: Severity = Severity.ERROR


@dataclass(frozen=True)
class Answer:
    """What a function makes of the values of a row: one result per column, and what is wrong."""

    results: tuple[str | float | None, ...]
    problems: tuple[Problem, ...] = ()


Decide = Callable[[Values], Answer]


@dataclass(frozen=True)
class Mapping:
    """Columns (`makes`: name and Arrow type) decided from the values of others (`reads`)."""

    reads: tuple[str, ...]
    makes: tuple[tuple[str, pa.DataType], ...]
    decide: Decide
    variable: str
    where: str


def plan_mapping(plan: Plan, relation: Relation, mapping: Mapping, node: Node) -> None:
    """Fills a node that makes the columns of a mapping."""
    node.needs.extend(plan.node(relation, column) for column in mapping.reads)
    node.run = lambda: _run(plan, relation, mapping)


def hidden(relation: Relation, column: str, plan_it: Callable[[Node], None], where: str) -> str:
    """Declares a column that is never output, if it is not there yet; its name."""
    key = f"_~{column}"
    if key not in relation.names:
        relation.names[key] = Definition(where, plan_it)
    return key


def _run(plan: Plan, relation: Relation, mapping: Mapping) -> None:
    source = From(relation)
    read = [f"CAST({source.own(column)} AS VARCHAR) AS k{i}" for i, column in enumerate(mapping.reads)]
    keys = [f"k{i}" for i in range(len(mapping.reads))]
    seen = plan.warehouse.create(f"SELECT r._row AS _row, {', '.join(read)} {source.clause()}")
    distinct = plan.warehouse.rows(f"SELECT DISTINCT {', '.join(keys)} FROM {seen}") if relation.count else []
    answers = [(values, mapping.decide(values)) for values in distinct]
    table = plan.warehouse.register(_table(answers, mapping))
    same = " AND ".join(f"m.{key} IS NOT DISTINCT FROM s.{key}" for key in keys)
    made = ", ".join(f"m.v{i} AS {name(column)}" for i, (column, _) in enumerate(mapping.makes))
    settled = plan.warehouse.create(f"SELECT s._row AS _row, {made} FROM {seen} s LEFT JOIN {table} m ON {same}")
    settle(plan, relation, settled, [column for column, _ in mapping.makes])
    wrong = [(values, answer.problems) for values, answer in answers if answer.problems]
    if wrong:
        _tell(plan, relation, mapping, seen, keys, wrong)


def _table(answers: list[tuple[Values, Answer]], mapping: Mapping) -> pa.Table:
    keys = {f"k{i}": pa.array([values[i] for values, _ in answers], pa.string()) for i in range(len(mapping.reads))}
    made = {
        f"v{i}": pa.array([answer.results[i] for _, answer in answers], kind)
        for i, (_, kind) in enumerate(mapping.makes)
    }
    return pa.table({**keys, **made})


def _tell(
    plan: Plan,
    relation: Relation,
    mapping: Mapping,
    seen: str,
    keys: list[str],
    wrong: Sequence[tuple[Values, tuple[Problem, ...]]],
) -> None:
    """One issue for each value with something wrong, with how many rows have it and the first of them."""
    counted = plan.warehouse.rows(
        f"SELECT {', '.join(keys)}, {_records(relation)}, min(s._row) FROM {seen} s {_rows(relation)} GROUP BY ALL"
    )
    counts = {row[: len(keys)]: row[len(keys) :] for row in counted}
    dataset = relation.key.split("/")[0]
    for values, problems in wrong:
        count, first = counts[values]
        shown = " / ".join(value for value in values if value is not None)
        for problem in problems:
            plan.issues.append(
                Issue(
                    dataset=dataset,
                    rule=problem.rule,
                    severity=problem.severity,
                    variable=mapping.variable,
                    value=shown,
                    records=count,
                    keys=tuple(record_keys(plan, relation, first)),
                    text=f"{dataset}.{mapping.variable}: {shown!r} {problem.text}",
                    source=mapping.where,
                )
            )


def _records(relation: Relation) -> str:
    """How many records: of a block that repeats them (unpivot), the source's."""
    return "count(DISTINCT (r._nr, r._srow))" if "_term" in relation.names else "count(*)"


def _rows(relation: Relation) -> str:
    return f"JOIN {relation.rows} r ON r._row = s._row" if "_term" in relation.names else ""


def record_keys(plan: Plan, relation: Relation, row: int) -> list[str]:
    """How a person finds a row: its subject and the record it came from, as far as they are known."""
    subject = relation.home.get("USUBJID")
    found = []
    if subject:
        value = plan.warehouse.rows(f"SELECT USUBJID FROM {subject} WHERE _row = {row}")
        found = [f"USUBJID={value[0][0]}"] if value else []
    origin = _origin(plan, relation, row)
    return [", ".join([*found, *([origin] if origin else [])])] if found or origin else [f"row {row + 1}"]


def _origin(plan: Plan, relation: Relation, row: int) -> str:
    """The raw record a row came from, by the key of its form."""
    link = relation.links.get("")
    if link is None or link.table:
        return ""
    number, place = (
        (0, row)
        if link.identity
        else plan.warehouse.rows(f"SELECT {link.nr}, {link.srow} FROM {relation.rows} WHERE _row = {row}")[0]
    )
    if place is None:
        return ""
    other = link.stack.parts[number or 0].relation
    if other.key.startswith("raw.") and other.order:
        values = plan.warehouse.rows(
            f"SELECT {', '.join(map(name, other.order))} FROM {other.rows} WHERE _row = {place}"
        )
        pairs = ", ".join(f"{key}={value}" for key, value in zip(other.order, values[0], strict=True))
        return f"{other.key} {pairs}"
    return _origin(plan, other, place)
