"""Where rows and columns are put down: rows tables, and narrow tables of columns beside them."""

from __future__ import annotations

from sdtm2adam.build.plan import Plan
from sdtm2adam.build.quoting import aliased
from sdtm2adam.build.relation import Relation


def store_rows(plan: Plan, relation: Relation, select: str) -> None:
    """Makes the rows table of a relation; its columns are there at once."""
    table = plan.warehouse.create(select)
    relation.rows = table
    for column, kind in plan.warehouse.types(table).items():
        relation.home.setdefault(column, table)
        relation.types.setdefault(column, kind)
    relation.count = plan.warehouse.one(f"SELECT count(*) FROM {table}")


def share_rows(relation: Relation, other: Relation) -> None:
    """Gives a relation the rows of another one, for which it is only another name."""
    relation.rows, relation.count = other.rows, other.count


def settle(plan: Plan, relation: Relation, table: str, columns: list[str]) -> None:
    """Notes that columns of a relation are in a table now."""
    types = plan.warehouse.types(table)
    for column in columns:
        relation.home[column] = table
        relation.types[column] = types[column]
        relation.codes.drop(column)


def store_column(plan: Plan, relation: Relation, column: str, select: str, value: str) -> None:
    """A table with the column for every own row, from a SELECT (`j`) that has some of them."""
    table = plan.warehouse.create(
        f"SELECT r._row AS _row, {aliased(value, column)} FROM {relation.rows} r "
        f"LEFT JOIN ({select}) j ON j._row = r._row"
    )
    settle(plan, relation, table, [column])
