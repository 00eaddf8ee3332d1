"""Where a name that is not known here is known: what a person most likely meant."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

from sdtm2adam.build.relation import Relation
from sdtm2adam.errors import SpecError, nearest

if TYPE_CHECKING:
    from sdtm2adam.build.plan import Context, Plan

_MOST = 3


def shown(names: Iterable[str]) -> list[str]:
    """The names that a spec may say: those with `~` are the engine's own."""
    return [name for name in names if "~" not in name]


def hint_for(plan: Plan, context: Context, relation: Relation, column: str, known: list[str], text: str) -> str:
    """How to mend an unknown name: the dataset that has it and how to get it from there; else the nearest names.

    Args:
        plan: the plan.
        context: of the dataset that the expression is of.
        relation: on whose rows it stands.
        column: the name.
        known: the names that may stand there.
        text: the expression.
    """
    if f'"{column}"' in text:
        return f"a text stands in single quotes: '{column}'; double quotes are for names"
    source = relation.source
    if relation is not context.relation and source is not None and "<made>" in relation.key and source.has(column):
        return f"{column} is a column of the source: filter it with where:, or bring it along with copy: [{column}]"
    if relation is context.relation:
        for _, block in context.outputs:
            source = block.source
            for part in source.parts if source is not None else ():
                if part.actual(column):
                    where = part.relation.key
                    return f"{column} is a column of {where}, the source of the records: {_carry(context, column)}"
    if context.stage == "adam" and context.name != "ADSL":
        with suppress(SpecError):
            plan.relation("ADSL", None)
    others = [key for key in _datasets(plan, context) if column in plan.relations[key].names]
    if not others:
        near = nearest(column, known)
        literal = text == column and not near.startswith("did you mean")
        return f"""{near}; the text itself is "'{column}'", or const: {column}""" if literal else near
    if "ADSL" in others and context.stage == "adam":
        return f"{column} is a column of ADSL: write ADSL.{column}, or include it"
    said = ", ".join(others[:_MOST])
    return f"{column} is a column of {said}: take it with pick: {{from: {others[0]}, value: {column}}}, or by a lookup"


def _carry(context: Context, column: str) -> str:
    if context.stage == "adam":
        return f"bring it along with copy: [{column}] in the block"
    return "use it in the set: of the block"


def _datasets(plan: Plan, context: Context) -> list[str]:
    """The sources that were declared so far, the files of data and the datasets of specs; no blocks, no forms."""
    plain = [key for key in plan.relations if not {*key} & {*"/<."} and key != context.name]
    return sorted(plain)
