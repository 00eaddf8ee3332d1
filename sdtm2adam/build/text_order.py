"""Numbers that are held as text, where an order or an extreme is taken of them: '10' comes before '9'.

A column is looked at only if it is text whose first value is a number; dates (`--DTC`) are ordered as text on purpose.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlglot import exp

from sdtm2adam.build.matching import Matching
from sdtm2adam.build.node import Node
from sdtm2adam.build.plan import Plan
from sdtm2adam.build.quoting import name
from sdtm2adam.build.relation import From, Stack, shown_key
from sdtm2adam.build.scope import Scope
from sdtm2adam.model import Issue, Severity
from sdtm2adam.spec import sql
from sdtm2adam.spec.yaml import Text


def tell_text_order(plan: Plan, stack: Stack, order: Iterable[Text], node: Node) -> None:
    """Tells the columns of other rows in an order that are numbers held as text."""
    for item, _ in map(sql.split_order, order):
        _look(plan, stack, sql.as_bare_name(item), item, node, "the order")


def tell_own_text_order(scope: Scope, order: Iterable[Text], node: Node) -> None:
    """The same of own rows."""
    relation = scope.relation
    for item, _ in map(sql.split_order, order):
        column = sql.as_bare_name(item)
        if column in relation.home and _may_be(relation.types[column], column):
            source = From(relation)
            values = f"SELECT {source.own(column)} AS v {source.clause()}"
            _tell(scope.plan, values, column, item, node, "the order")


def tell_text_extremes(matching: Matching, value: Text, node: Node) -> None:
    """Tells the columns whose least or greatest is taken by an `agg`, though they are numbers held as text."""
    tell_block_extremes(matching.scope.plan, matching.stack, value, node)


def tell_block_extremes(plan: Plan, stack: Stack, value: Text, node: Node) -> None:
    """The same of a value of an `agg` block."""
    for call in sql.parse(value, aggregate=True).find_all(exp.Min, exp.Max):
        if isinstance(call.this, exp.Column) and not call.this.table:
            _look(plan, stack, call.this.name, value, node, f"{call.sql('duckdb').lower().split('(')[0]} of")


def _look(plan: Plan, stack: Stack, column: str, text: Text, node: Node, what: str) -> None:
    parts = [part.relation.types.get(actual, "") for part in stack.parts if (actual := part.actual(column))]
    if not column or not any(_may_be(kind, column) for kind in parts):
        return
    _tell(plan, f"SELECT {name(column)} AS v FROM ({stack.select([column])})", column, text, node, what)


def _may_be(kind: str, column: str) -> bool:
    return kind == "VARCHAR" and not column.endswith("DTC")


def _tell(plan: Plan, values: str, column: str, text: Text, node: Node, what: str) -> None:
    """Tells a column whose values are all numbers, and in another order as text."""
    if plan.dry or not plan.whole:
        return
    first = plan.warehouse.rows(f"SELECT try_cast(v AS DOUBLE) FROM ({values}) WHERE v IS NOT NULL LIMIT 1")
    if not first or first[0][0] is None:
        return
    table = plan.warehouse.create(f"SELECT DISTINCT v, try_cast(v AS DOUBLE) AS n FROM ({values}) WHERE v IS NOT NULL")
    if plan.warehouse.one(f"SELECT count(*) FROM {table} WHERE n IS NULL"):
        return
    before = f"SELECT lag(v) OVER (ORDER BY v) AS b, v, lag(n) OVER (ORDER BY v) > n AS wrong FROM {table}"
    wrong = plan.warehouse.rows(f"SELECT b, v FROM ({before}) WHERE wrong ORDER BY v, b LIMIT 1")
    if not wrong:
        return
    said = (
        f"{shown_key(node.title)}: {what} {column} is that of texts, in which {wrong[0][0]!r} comes before "
        f"{wrong[0][1]!r}; for the order of numbers write cast({column} as double)"
    )
    plan.issues.append(
        Issue(
            dataset=node.relation.key.split("/")[0],
            rule="order-as-text",
            severity=Severity.WARNING,
            variable=node.variable,
            text=said,
            source=text.where or node.where,
        )
    )
