"""Rows tables: made from a SELECT, or shared with another relation."""

from __future__ import annotations

from sdtm2adam.build.plan import Plan
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
