"""Columns of blocks: carried over under their own name, constants, and the one producer each may have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sdtm2adam.build.node import Node
from sdtm2adam.build.plan import Context, Definition, Plan
from sdtm2adam.build.relation import Relation, Stack
from sdtm2adam.build.scope import SUBJECT, Scope
from sdtm2adam.build.values import Coerce, const_expression, copied
from sdtm2adam.errors import SpecError, nearest
from sdtm2adam.spec.dataset import Copy
from sdtm2adam.spec.producer import Producer, as_producer
from sdtm2adam.spec.yaml import Text


@dataclass
class Columns:
    """Defines the columns of the blocks of one dataset."""

    plan: Plan
    context: Context
    value: Coerce

    def carry(self, chosen: Copy, stack: Stack, relation: Relation, scope: Scope, link: str) -> None:
        """Columns under their own name; `all` means all that nothing else produces."""
        for text in (*chosen.names, *chosen.except_):
            if not stack.has(str(text)):
                known = [column for column in stack.names if "~" not in column]
                said = f"unknown name {str(text)!r} in copy of {relation.key}"
                self.plan.errors.append(SpecError(said, where=text.where, mend=nearest(str(text), known)))
        places = {str(text): text for text in chosen.names if stack.has(str(text))}
        columns = self._all(chosen, stack) if chosen.all else list(places)
        for column in columns:
            where = places[column].where if column in places else ""
            copier = self._copier(scope, link, column)
            relation.names[column] = Definition(where, copier, copied=True, implied=chosen.all)

    def _all(self, chosen: Copy, stack: Stack) -> list[str]:
        produced = {column for column, producer in self.context.spec.variables.items() if producer.verb}
        left_out = {*map(str, chosen.except_), *produced, *self.context.spec.include}
        is_block = all("/" in part.relation.key for part in stack.parts)
        names = [n for n in stack.names if n not in left_out and "~" not in n]
        return [n for n in names if is_block or not n.startswith("_")]

    def _copier(self, scope: Scope, link: str, column: str) -> Callable[[Node], None]:
        if self.context.stage == "sdtm":
            producer = as_producer(Text(column, ""))
            return lambda node: self.value(scope, column, producer, node)
        return copied(scope, link, column)

    def define(self, relation: Relation, scope: Scope, column: str, producer: Producer) -> None:
        """A column this block makes.

        Raises:
            SpecError: the block makes it already in another way.
        """
        existing = relation.names.get(column)
        if isinstance(existing, Definition) and not existing.implied:
            raise SpecError(
                f"{relation.key}.{column} has two producers in its block",
                where=producer.where or existing.where,
                mend=f"keep one; the other is at {existing.where or 'the block itself'}",
            )
        if producer.sql is not None:
            relation.made_by[column] = producer.sql

        def plan_it(node: Node) -> None:
            self.value(scope, column, producer, node)

        relation.names[column] = Definition(producer.where, plan_it)

    def fixed(self, relation: Relation, column: str, text: str) -> None:
        """A column with one text in all rows, that no spec says."""
        relation.names[column] = Definition("", literal_column(text))

    def subject(self, relation: Relation, scope: Scope) -> None:
        """STUDYID and USUBJID, where the source has subjects: those of the row a block starts from."""
        link = "this" if "this" in relation.links else ""
        source = relation.links.get(link)
        if source is None:
            if SUBJECT in relation.names and "STUDYID" not in relation.names:
                self.fixed(relation, "STUDYID", self.plan.study)
            return
        if not source.stack.has(SUBJECT):
            return
        for column in (SUBJECT, "STUDYID"):
            own = relation.names.get(column)
            if isinstance(own, Definition) and not own.implied and not (own.copied and link == "this"):
                continue
            if source.stack.has(column):
                relation.names[column] = Definition("", copied(scope, link, column))
            elif column == "STUDYID":
                self.fixed(relation, column, self.plan.study)


def literal_column(text: str) -> Callable[[Node], None]:
    """A column with one text in all rows."""

    def fill(node: Node) -> None:
        node.expression = const_expression(text)

    return fill


def constant(text: Text) -> Producer:
    """The producer of a literal.

    Raises:
        SpecError: the literal is `null` or `~`: a text that looks like nothing.
    """
    if text in ("null", "~"):
        raise SpecError(
            f"const: {text} is a text, not a missing value", where=text.where, mend="leave the variable out"
        )
    return as_producer({"const": text})
