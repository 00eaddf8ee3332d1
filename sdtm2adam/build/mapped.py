"""Columns made value by value: each distinct value is looked at once, however many rows have it.

Dates, terms and units are decided by ordinary functions on the distinct values; DuckDB joins the answers to the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from sdtm2adam.build.by_codes import codes_of_all, lend_columns
from sdtm2adam.build.coded import distinct, with_dictionary
from sdtm2adam.build.node import Node
from sdtm2adam.build.plan import Definition, Plan
from sdtm2adam.build.quoting import name
from sdtm2adam.build.record_names import names_of
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
    """Columns (`makes`: name, Arrow type) decided from the values of others (`reads`, of which issues show `shown`)."""

    reads: tuple[str, ...]
    makes: tuple[tuple[str, pa.DataType], ...]
    decide: Decide
    variable: str
    where: str
    shown: int | None = None


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
    keys = [f"k{i}" for i in range(len(mapping.reads))]
    chunks = codes_of_all(relation, mapping.reads) if relation.count else None
    if chunks is not None:
        values, places = distinct(chunks)
        answers = [(one, mapping.decide(one)) for one in values]
        _lend(plan, relation, mapping, answers, pa.array(places))
        _tell_of(plan, relation, mapping, keys, answers, None)
        return
    seen = _seen(plan, relation, mapping)
    found = plan.warehouse.rows(f"SELECT DISTINCT {', '.join(keys)} FROM {seen}") if relation.count else []
    answers = [(values, mapping.decide(values)) for values in found]
    table = plan.warehouse.register(_table(answers, mapping))
    same = " AND ".join(f"m.{key} IS NOT DISTINCT FROM s.{key}" for key in keys)
    made = ", ".join(f"m.v{i} AS {name(column)}" for i, (column, _) in enumerate(mapping.makes))
    settled = plan.warehouse.create(f"SELECT s._row AS _row, {made} FROM {seen} s LEFT JOIN {table} m ON {same}")
    settle(plan, relation, settled, [column for column, _ in mapping.makes])
    _tell_of(plan, relation, mapping, keys, answers, seen)


def _lend(
    plan: Plan, relation: Relation, mapping: Mapping, answers: list[tuple[Values, Answer]], places: pa.Array
) -> None:
    """The columns that were decided, as codes of the answers."""
    made = {}
    for i, (column, kind) in enumerate(mapping.makes):
        results = pa.array([answer.results[i] for _, answer in answers], kind)
        made[column] = with_dictionary(places, results) if kind == pa.string() else pc.take(results, places)
    lend_columns(plan, relation, made)


def _tell_of(
    plan: Plan,
    relation: Relation,
    mapping: Mapping,
    keys: list[str],
    answers: list[tuple[Values, Answer]],
    seen: str | None,
) -> None:
    wrong = [(values, answer.problems) for values, answer in answers if answer.problems]
    if wrong:
        _tell(plan, relation, mapping, seen or _seen(plan, relation, mapping), keys, wrong)


def _seen(plan: Plan, relation: Relation, mapping: Mapping) -> str:
    """The values that are read of each row, as `k0, k1, ...`: where they lie together, as they lie there."""
    homes = {relation.home[column] for column in mapping.reads}
    if len(homes) == 1:
        read = [f"CAST({name(column)} AS VARCHAR) AS k{i}" for i, column in enumerate(mapping.reads)]
        return f"(SELECT _row, {', '.join(read)} FROM {homes.pop()})"
    source = From(relation)
    read = [f"CAST({source.own(column)} AS VARCHAR) AS k{i}" for i, column in enumerate(mapping.reads)]
    return plan.warehouse.create(f"SELECT r._row AS _row, {', '.join(read)} {source.clause()}")


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
    """One issue for each value with something wrong, with how many rows have it and their names."""
    counted = plan.warehouse.rows(
        f"SELECT {', '.join(keys)}, {_records(relation)} FROM {seen} s {_rows(relation)} GROUP BY ALL"
    )
    counts = {row[: len(keys)]: row[len(keys)] for row in counted}
    table = plan.warehouse.register(_numbered([values for values, _ in wrong], keys))
    same = " AND ".join(f"m.{key} IS NOT DISTINCT FROM s.{key}" for key in keys)
    named = names_of(plan, relation, f"SELECT m.g, s._row FROM {seen} s JOIN {table} m ON {same}")
    dataset = relation.key.split("/")[0]
    for place, (values, problems) in enumerate(wrong):
        shown = " / ".join(value for value in values[: mapping.shown] if value is not None)
        for problem in problems:
            plan.issues.append(
                Issue(
                    dataset=dataset,
                    rule=problem.rule,
                    severity=problem.severity,
                    variable=mapping.variable,
                    value=shown,
                    records=counts[values],
                    keys=named.get(place, ()),
                    text=f"{dataset}.{mapping.variable}: {shown!r} {problem.text}",
                    source=mapping.where,
                )
            )


def _numbered(values: list[Values], keys: list[str]) -> pa.Table:
    columns = {key: pa.array([one[i] for one in values], pa.string()) for i, key in enumerate(keys)}
    return pa.table({"g": pa.array(range(len(values)), pa.int64()), **columns})


def _records(relation: Relation) -> str:
    """How many records: of a block that repeats them (unpivot), the source's."""
    return "count(DISTINCT (r._nr, r._srow))" if "_term" in relation.names else "count(*)"


def _rows(relation: Relation) -> str:
    return f"JOIN {relation.rows} r ON r._row = s._row" if "_term" in relation.names else ""
