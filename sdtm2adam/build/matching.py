"""The candidates of pick, exists and agg, planned: what they read of the own row and of the other rows."""

from __future__ import annotations

from dataclasses import dataclass

from sdtm2adam.build.node import Node
from sdtm2adam.build.relation import Stack
from sdtm2adam.build.scope import SUBJECT, Reference, Scope, VerbScope, made_by
from sdtm2adam.build.select.matching import Match
from sdtm2adam.spec import sql
from sdtm2adam.spec.producer import Agg, By, Candidate, Exists
from sdtm2adam.spec.yaml import Text


@dataclass
class Matching:
    """One candidate: its sources, the names it reads, the columns it matches by."""

    scope: Scope
    stack: Stack
    verb: VerbScope
    mine: list[Reference]
    theirs: tuple[str, ...]
    where: Text | None

    def match(self, *, first_nr: int = 0, place: int = 1, kept: str = "", others: str | None = None) -> Match:
        """The SQL of both sides, once what they read exists.

        Args:
            first_nr: added to the number of a source.
            place: of the candidate.
            kept: a table of the other rows that count; empty for all.
            others: SELECT of the other rows, where it is not all that stand in the stack.
        """
        other = self.stack.select(self.verb.inner) if others is None else others
        return Match(
            own=self.verb.own_select(self.mine),
            other=f"SELECT o.* FROM ({other}) o SEMI JOIN {kept} USING (_nr, _srow)" if kept else other,
            by=self.theirs,
            where=self.verb.compile(self.where) if self.where is not None else "",
            reads_own=self.verb.reads_own,
            first_nr=first_nr,
            place=place,
        )


def plan_matching(
    scope: Scope, candidate: Candidate | Agg | Exists, where: Text | None, node: Node, also: list[Text]
) -> Matching:
    """Resolves the names of a candidate; `also` are further expressions over the other rows."""
    stack = scope.plan.stack(candidate.from_, candidate.as_, scope.context)
    verb = VerbScope(scope, stack)
    if isinstance(candidate, Candidate):
        verb.made = made_by(candidate)
    pairs = candidate.by if candidate.by is not None else _subject(candidate)
    mine: list[Reference] = []
    for own, other in pairs:
        verb.column(str(other), other)
        mine.append(_own_reference(scope, str(own), own))
    verb.read(where)
    for text in also:
        verb.read(text, aggregate=isinstance(candidate, Agg))
    node.needs.extend([*verb.needs, *(need for reference in mine for need in reference.needs)])
    node.needs.extend(scope.plan.rows_node(part.relation) for part in stack.parts)
    return Matching(scope, stack, verb, mine, tuple(str(other) for _, other in pairs), where)


def _own_reference(scope: Scope, column: str, text: Text) -> Reference:
    if column in scope.relation.names or not scope.block or "this" not in scope.relation.links:
        return scope.refer("", column, text)
    return scope.refer("THIS", column, text)


def _subject(candidate: Candidate | Agg | Exists) -> By:
    text = Text(SUBJECT, candidate.from_[0].where)
    return ((text, text),)


def can_read(scope: Scope, candidate: Candidate, text: Text) -> bool:
    """Whether a candidate has the columns an expression names; in `among` not every source must."""
    stack = scope.plan.stack(candidate.from_, candidate.as_, scope.context)
    names = [column for qualifier, column in sql.columns(sql.parse(text)) if not qualifier]
    made = {*candidate.set, *candidate.const}
    return all(column in made or stack.has(column) for column in names)
