"""RELREC: records of two domains that carry the same link belong together, always within a subject."""

from __future__ import annotations

from dataclasses import dataclass

from sdtm2adam.build.node import Node
from sdtm2adam.build.plan import Context, Definition, Plan
from sdtm2adam.build.quoting import aliased, literal
from sdtm2adam.build.record_names import names_of
from sdtm2adam.build.relation import From, Link, Part, Relation, Stack
from sdtm2adam.build.rows import store_rows
from sdtm2adam.build.supplement import as_text
from sdtm2adam.errors import SpecError, nearest
from sdtm2adam.model import Issue, Severity
from sdtm2adam.spec.dataset import Relate
from sdtm2adam.spec.yaml import Text

SUBJECT = "USUBJID"
_COLUMNS = ("STUDYID", "RDOMAIN", SUBJECT, "IDVAR", "IDVARVAL", "RELID")


@dataclass(frozen=True)
class _Side:
    """The records of one domain that may be related: the columns that link them, and the one that numbers them."""

    relation: Relation
    by: tuple[str, ...]
    sequence: str

    def select(self) -> str:
        """SELECT of the row, its subject, its number and its links (`k0`, `k1`, ...) as texts."""
        source = From(self.relation)
        links = [
            f"nullif(trim({as_text(source.own(column), self.relation.types[column])}), '') AS k{i}"
            for i, column in enumerate(self.by)
        ]
        subject, number = source.own(SUBJECT), source.own(self.sequence)
        items = ", ".join([f"{subject} AS subject", f"{number} AS number", *links])
        return f"SELECT r._row AS _row, {items} {source.clause()}"


def declare_relate(plan: Plan, context: Context, relate: Relate) -> Relation:
    """The relation of one kind of relationship: one row for each record that is related.

    All records with one link are one group (RELID: the id and a number within the subject, by the number of the first
    left record). A left record whose link leads to nothing is told; a missing link relates nothing.

    Raises:
        SpecError: a side, one of its columns or its sequence number is not there.
    """
    left = _side(plan, context, relate.left, [mine for mine, _ in relate.by])
    right = _side(plan, context, relate.right, [theirs for _, theirs in relate.by])
    relation = Relation(f"{context.name}/{relate.id}", context.name)
    relation.links[""] = Link(Stack((Part(left.relation), Part(right.relation))))
    relation.names.update({column: Definition(relate.id.where, given=True) for column in _COLUMNS})

    def make(node: Node) -> None:
        for side in (left, right):
            node.needs.append(plan.rows_node(side.relation))
            node.needs.extend(plan.node(side.relation, c) for c in dict.fromkeys((SUBJECT, side.sequence, *side.by)))
        node.run = lambda: _store(plan, relation, relate, left, right)

    plan.rows_makers[relation] = make
    return relation


def _side(plan: Plan, context: Context, said: Text, by: list[Text]) -> _Side:
    relation = plan.relation(str(said), context, said)
    for column in by:
        if str(column) not in relation.names:
            raise SpecError(
                f"relate: {said} has no {column}", where=column.where, mend=nearest(str(column), relation.names)
            )
    sequence = f"{str(said)[:2]}SEQ"
    missing = [column for column in (SUBJECT, sequence) if column not in relation.names]
    if missing:
        raise SpecError(
            f"relate: {said} has no {missing[0]} to name its records by",
            where=said.where,
            mend=f"add {sequence}: auto to {said}" if missing[0] == sequence else "relate records of subjects",
        )
    return _Side(relation, tuple(map(str, by)), sequence)


def _store(plan: Plan, relation: Relation, relate: Relate, left: _Side, right: _Side) -> None:
    mine, theirs = plan.warehouse.create(left.select()), plan.warehouse.create(right.select())
    links = [f"k{i}" for i in range(len(left.by))]
    same = " AND ".join(["l.subject = r.subject", *(f"l.{link} = r.{link}" for link in links)])
    group = ", ".join(["subject", *links])
    groups = plan.warehouse.create(
        f"SELECT {group}, row_number() OVER (PARTITION BY subject ORDER BY number, {', '.join(links)}) AS place FROM "
        f"(SELECT l.subject, {', '.join(f'l.{link}' for link in links)}, min(l.number) AS number "
        f"FROM {mine} l JOIN {theirs} r ON {same} GROUP BY ALL)"
    )
    members = " UNION ALL ".join(
        f"SELECT {i} AS _nr, s._row AS _srow, s.subject, s.number, g.place, {literal(_domain(side))} AS domain, "
        f"{literal(side.sequence)} AS idvar FROM {table} s JOIN {groups} g USING ({group})"
        for i, (side, table) in enumerate(((left, mine), (right, theirs)))
    )
    items = {
        "STUDYID": literal(plan.study),
        "RDOMAIN": "domain",
        SUBJECT: "subject",
        "IDVAR": "idvar",
        "IDVARVAL": "CAST(CAST(number AS BIGINT) AS VARCHAR)",
        "RELID": f"{literal(str(relate.id))} || place",
    }
    columns = ", ".join(aliased(value, column) for column, value in items.items())
    order = "subject, place, _nr, number, _srow"
    own = f"SELECT * FROM ({members}) QUALIFY row_number() OVER (PARTITION BY domain, _srow, place ORDER BY _nr) = 1"
    store_rows(
        plan, relation, f"SELECT row_number() OVER (ORDER BY {order}) - 1 AS _row, _nr, _srow, {columns} FROM ({own})"
    )
    _tell_orphans(plan, relate, left, mine, theirs, same, links)


def _domain(side: _Side) -> str:
    return side.relation.key[:2]


def _tell_orphans(plan: Plan, relate: Relate, left: _Side, mine: str, theirs: str, same: str, links: list[str]) -> None:
    """Left records that point to a record that is not there."""
    linked = " AND ".join(f"l.{link} IS NOT NULL" for link in links)
    orphans = f"FROM {mine} l WHERE {linked} AND NOT EXISTS (SELECT 1 FROM {theirs} r WHERE {same})"
    count = plan.warehouse.one(f"SELECT count(*) {orphans}")
    if not count:
        return
    named = names_of(plan, left.relation, f"SELECT 0 AS g, l._row {orphans}")
    columns = ", ".join(left.by)
    plan.issues.append(
        Issue(
            dataset=str(relate.left),
            rule="relate-orphan",
            severity=Severity.WARNING,
            variable=left.by[0],
            records=count,
            keys=named[0],
            text=f"{relate.left}: the {columns} of {count:,} records leads to no record of {relate.right}",
            source=relate.id.where,
        )
    )
