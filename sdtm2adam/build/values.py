"""Producers to nodes: how each verb of a variable is computed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sdtm2adam.build.functions import Compiled
from sdtm2adam.build.node import Node
from sdtm2adam.build.plan import Plan
from sdtm2adam.build.quoting import aliased, literal
from sdtm2adam.build.relation import From, Link, Relation, Stack
from sdtm2adam.build.scope import Bound, Reference, Scope, VerbScope, made_by
from sdtm2adam.build.verbs import agg as agg_verb
from sdtm2adam.build.verbs import own_rows
from sdtm2adam.build.verbs import pick as pick_verb
from sdtm2adam.build.verbs.matching import Match
from sdtm2adam.build.verbs.pick import Choice, Order
from sdtm2adam.errors import InputError, SpecError
from sdtm2adam.spec import sql
from sdtm2adam.spec.producer import Agg, By, Candidate, Exists, Flag, Pick, Producer, Seq
from sdtm2adam.spec.yaml import Text

SUBJECT = "USUBJID"
Expression = Callable[[From], Compiled]


def const_expression(text: str) -> Expression:
    """A literal text."""
    return lambda _: Compiled(literal(text))


def plan_value(scope: Scope, column: str, producer: Producer, node: Node) -> None:
    """Fills the node of a column whose producer is a verb that every dataset knows."""
    verb = producer.verb
    if verb == "const":
        assert producer.const is not None
        _guarded(scope, producer, node, const_expression(str(producer.const)), [])
    elif verb == "sql":
        assert producer.sql is not None
        bound = scope.bind(producer.sql)
        _guarded(scope, producer, node, bound.compile, bound.needs)
    elif verb == "imputed":
        _plan_imputed(scope, column, producer, node)
    elif verb in ("flag", "seq"):
        _plan_own_rows(scope, column, producer.flag or producer.seq, node)
    elif verb == "pick":
        assert producer.pick is not None
        _plan_pick(scope, column, producer.pick, node)
    elif verb == "exists":
        assert producer.exists is not None
        _plan_exists(scope, column, producer.exists, node)
    elif verb == "agg":
        assert producer.agg is not None
        _plan_agg(scope, column, producer.agg, node)
    else:
        raise SpecError(
            f"{scope.relation.key}.{column}: the verb {verb or 'nothing'!r} has no meaning here",
            where=producer.where or node.where,
            mend="see docs/spec-grammar.md for the verbs of this stage",
        )


def _guarded(scope: Scope, producer: Producer, node: Node, value: Expression, needs: list[Node]) -> None:
    """The value, or null where `when` is not true."""
    node.needs.extend(needs)
    if producer.when is None:
        node.expression = value
        return
    guard: Bound = scope.bind(producer.when)
    node.needs.extend(guard.needs)

    def guarded(source: From) -> Compiled:
        inner, condition = value(source), guard.compile(source).sql
        return Compiled(f"CASE WHEN {condition} THEN {inner.sql} END", inner.probes)

    node.expression = guarded


def _plan_imputed(scope: Scope, column: str, producer: Producer, node: Node) -> None:
    target = producer.imputed
    assert target is not None
    made = scope.context.spec.variables.get(str(target))
    for block in (*scope.context.spec.records, *scope.context.spec.work):
        made = made or block.set.get(str(target))
    if made is None or made.sql is None:
        raise SpecError(
            f"imputed: {target} is not made by dt() or dtm() in this spec",
            where=target.where,
            mend="name such a variable",
        )
    bound = scope.bind(made.sql)
    node.needs.extend(bound.needs)
    node.expression = lambda source: bound.flag(source, column.endswith("TMF"))


# --- own rows -----------------------------------------------------------------------------------------------------


def _plan_own_rows(scope: Scope, column: str, verb: Flag | Seq | None, node: Node) -> None:
    assert verb is not None
    by = [SUBJECT] if verb.by is None else [str(item) for item in verb.by]
    groups = [scope.refer("", item, _text(verb, item)) for item in by]
    order = [(scope.bind(text), descending) for text, descending in map(sql.split_order, verb.order)]
    where = scope.bind(verb.where) if isinstance(verb, Flag) and verb.where is not None else None
    until = scope.bind(verb.until) if isinstance(verb, Flag) and verb.until is not None else None
    for bound in (*(b for b, _ in order), where, until):
        node.needs.extend(bound.needs if bound else [])
    node.needs.extend(need for group in groups for need in group.needs)

    def run() -> None:
        source = From(scope.relation)
        items = ["r._row AS _row"]
        items += [f"{group.sql(source)} AS g{i}" for i, group in enumerate(groups)]
        items += [f"{bound.compile(source).sql} AS _o{i}" for i, (bound, _) in enumerate(order)]
        items += [f"coalesce({until.compile(source).sql}, false) AS _stop"] if until else []
        condition = f" WHERE {where.compile(source).sql}" if where else ""
        rows = f"SELECT {', '.join(items)} {source.clause()}{condition}"
        orders = tuple(Order("", descending) for _, descending in order)
        if isinstance(verb, Seq):
            select = own_rows.numbered(rows, len(groups), orders)
            _store(scope, column, select, "j._value")
        else:
            select = own_rows.flagged(rows, len(groups), orders, verb.take, until is not None)
            _store(scope, column, select, "CASE WHEN j._row IS NOT NULL THEN 'Y' END")

    node.run = run


def _text(verb: Flag | Seq, item: str) -> Text:
    found = next((text for text in (verb.by or ()) if text == item), None)
    return found if found is not None else Text(item, "")


def _store(scope: Scope, column: str, select: str, value: str) -> None:
    """A table with the column for every own row, from a SELECT that has some of them."""
    warehouse, relation = scope.plan.warehouse, scope.relation
    table = warehouse.create(
        f"SELECT r._row AS _row, {aliased(value, column)} FROM {relation.rows} r "
        f"LEFT JOIN ({select}) j ON j._row = r._row"
    )
    settle(scope.plan, relation, table, [column])


def settle(plan: Plan, relation: Relation, table: str, columns: list[str]) -> None:
    """Notes that columns of a relation are in a table now."""
    types = plan.warehouse.types(table)
    for column in columns:
        relation.home[column] = table
        relation.types[column] = types[column]


# --- other rows ---------------------------------------------------------------------------------------------------


@dataclass
class Matching:
    """One candidate of a pick, exists or agg, planned: what it reads of either side."""

    scope: Scope
    stack: Stack
    verb: VerbScope
    mine: list[Reference]
    theirs: tuple[str, ...]
    where: Text | None

    def match(self, *, first_nr: int = 0, place: int = 1, value_reads_own: bool = False) -> Match:
        """The SQL of both sides, once what they read exists."""
        return Match(
            own=self.verb.own_select(self.mine),
            other=self.stack.select(self.verb.inner),
            by=self.theirs,
            where=self.verb.compile(self.where) if self.where is not None else "",
            reads_own=self.verb.reads_own or value_reads_own,
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


def order_items(order: tuple[Text, ...], take: str) -> list[tuple[Text, bool, bool]]:
    """Each item as (expression, descending, partial-date aware low end)."""
    items = []
    for text, descending in map(sql.split_order, order):
        down = descending != (take == "last")
        dated = sql.as_bare_name(text).endswith("DTC") and not down
        items.append((text, down, dated))
    return items


def choices_of(
    scope: Scope, pick: Pick, node: Node, values: list[Text]
) -> tuple[list[Matching], Callable[[], list[Choice]]]:
    """The candidates of a pick, planned; and the function that writes them as SQL when their data are there.

    Args:
        scope: of the own row.
        pick: the verb.
        node: gets what the candidates need.
        values: expressions over the picked row that are to be brought along, as `v0, v1, ...`.
    """
    order = order_items(pick.order, pick.take)
    texts = [text for text, _, _ in order if text != "_nr"] + values
    matchings = []
    for candidate in pick.candidates:
        lacking = [t for t in texts if not _can_read(scope, candidate, t)]
        matchings.append(plan_matching(scope, candidate, candidate.where, node, [t for t in texts if t not in lacking]))

    def write() -> list[Choice]:
        choices, first = [], 0
        for place, (matching, candidate) in enumerate(zip(matchings, pick.candidates, strict=True), start=1):
            match = matching.match(first_nr=first, place=place)
            orders = tuple(
                Order(_order_sql(matching, candidate, text, dated, place), down) for text, down, dated in order
            )
            brought = {
                f"v{i}": matching.verb.compile(t) if _can_read(scope, candidate, t) else "NULL"
                for i, t in enumerate(values)
            }
            choices.append(Choice(match, orders, brought))
            first += len(matching.stack.parts)
        return choices

    return matchings, write


def _can_read(scope: Scope, candidate: Candidate, text: Text) -> bool:
    """Whether a candidate has the columns an expression names; in `among` not every source must."""
    stack = scope.plan.stack(candidate.from_, candidate.as_, scope.context)
    names = [column for qualifier, column in sql.columns(sql.parse(text)) if not qualifier]
    made = {*candidate.set, *candidate.const}
    return all(column in made or stack.has(column) for column in names)


def _order_sql(matching: Matching, candidate: Candidate, text: Text, dated: bool, place: int) -> str:
    if text == "_nr":
        return str(place)
    if not _can_read(matching.scope, candidate, text):
        return "NULL"
    made = matching.verb.compile(text)
    return f"s2a_low_dtc({made})" if dated else made


def decide(plan: Plan, pick: Pick, choices: list[Choice], title: str, where: str, values: int) -> str:
    """A table with one row per own row that found one; many rows without order, or ties that differ, stop.

    Raises:
        InputError: without `order` more than one row matches, or the order leaves different values undecided.
    """
    table = plan.warehouse.create(pick_verb.best(choices))
    if not pick.order:
        _refuse_many(plan, table, title, where)
    elif pick.ties == "error" and values:
        _refuse_ties(plan, table, title, where, values, pick)
    return plan.warehouse.create(pick_verb.chosen(table, take_last=pick.take == "last"))


def _refuse_many(plan: Plan, table: str, title: str, where: str) -> None:
    many = plan.warehouse.one(f"SELECT count(*) FROM (SELECT _row FROM {table} GROUP BY _row HAVING count(*) > 1)")
    if many:
        raise InputError(
            f"{title}: pick without order must match at most one row, but {many:,} rows have more",
            where=where,
            mend="add order: and take:, or narrow where:",
        )


def _refuse_ties(plan: Plan, table: str, title: str, where: str, values: int, pick: Pick) -> None:
    value = "row(" + ", ".join(f"v{i}" for i in range(values)) + ")"
    many = plan.warehouse.one(
        f"SELECT count(*) FROM (SELECT _row FROM {table} GROUP BY _row HAVING count(DISTINCT {value}) > 1)"
    )
    if many:
        raise InputError(
            f"{title}: order [{', '.join(pick.order)}] leaves {many:,} ties with different values",
            where=where,
            mend="add a column to order that decides, or say ties: any",
        )


def _plan_pick(scope: Scope, column: str, pick: Pick, node: Node) -> None:
    if pick.value is None:
        raise SpecError(f"{column}: pick has no value", where=_where(pick, node), mend="add value: the column to take")
    link = "%" + column
    matchings, write = choices_of(scope, pick, node, [pick.value])
    for candidate in pick.candidates:
        if not any(_can_read(scope, c, pick.value) for c in pick.candidates):
            VerbScope(scope, scope.plan.stack(candidate.from_, candidate.as_, scope.context)).read(pick.value)
    otherwise = scope.bind(pick.else_) if isinstance(pick.else_, Text) else None
    node.needs.extend(otherwise.needs if otherwise else [])
    stack = Stack(tuple(part for matching in matchings for part in matching.stack.parts))

    def run() -> None:
        relation = scope.relation
        table = decide(scope.plan, pick, write(), node.title, _where(pick, node), 1)
        relation.links[link] = Link(stack, table)
        source = From(relation)
        fallback = otherwise.compile(source).sql if otherwise else "NULL"
        _, found = source.link(link)
        alias = found.split(".")[0]
        value = f"CASE WHEN {found} IS NULL THEN {fallback} ELSE {alias}.v0 END" if otherwise else f"{alias}.v0"
        made = scope.plan.warehouse.create(f"SELECT r._row AS _row, {aliased(value, column)} {source.clause()}")
        settle(scope.plan, relation, made, [column])

    node.run = run


def _where(pick: Pick, node: Node) -> str:
    return pick.candidates[0].from_[0].where or node.where


def _plan_exists(scope: Scope, column: str, verb: Exists, node: Node) -> None:
    matching = plan_matching(scope, verb, verb.where, node, [])
    link = "%" + column

    def run() -> None:
        table = scope.plan.warehouse.create(agg_verb.exists(matching.match()))
        scope.relation.links[link] = Link(matching.stack, table)
        otherwise = literal(None if verb.else_ is None or verb.else_ == "null" else str(verb.else_))
        value = f"CASE WHEN j._row IS NOT NULL THEN {literal(str(verb.then))} ELSE {otherwise} END"
        _store(scope, column, f"SELECT _row FROM {table}", value)

    node.run = run


def _plan_agg(scope: Scope, column: str, verb: Agg, node: Node) -> None:
    matching = plan_matching(scope, verb, verb.where, node, [verb.value])
    otherwise = scope.bind(verb.else_) if verb.else_ is not None else None
    node.needs.extend(otherwise.needs if otherwise else [])

    def run() -> None:
        match = matching.match()
        value = matching.verb.compile(verb.value, aggregate=True, own_prefix="s.")
        select = agg_verb.aggregate(match, value)
        if otherwise is None:
            _store(scope, column, select, "j._value")
            return
        source = From(scope.relation)
        fallback = otherwise.compile(source).sql
        table = scope.plan.warehouse.create(
            f"SELECT r._row AS _row, {aliased(f'coalesce(j._value, {fallback})', column)} {source.clause()} "
            f"LEFT JOIN ({select}) j ON j._row = r._row"
        )
        settle(scope.plan, scope.relation, table, [column])

    node.run = run


# --- lookups ------------------------------------------------------------------------------------------------------


def plan_lookup(scope: Scope, lookup: str, pick: Pick, node: Node) -> None:
    """Fills the node of a lookup: the row it binds to each own row."""
    relation = scope.relation
    node.needs.append(scope.plan.rows_node(relation))
    by_scope = Scope(scope.plan, scope.context, relation, block=scope.block, bare_link=scope.bare_link)
    _, write = choices_of(by_scope, pick, node, [])

    def run() -> None:
        table = decide(scope.plan, pick, write(), node.title, _where(pick, node), 0)
        relation.links["@" + lookup] = Link(relation.links["@" + lookup].stack, table)

    node.run = run


def copied(scope: Scope, link: str, column: str) -> Callable[[Node], None]:
    """A column of the row behind a link, under its own name; where the rows are the same, its table is shared."""

    def fill(node: Node) -> None:
        reference = scope.via(link, None, column, Text(column, node.where))
        node.needs.extend(reference.needs)
        if not scope.relation.links[link].identity:
            node.expression = lambda source: Compiled(reference.sql(source))
            return
        part = scope.relation.links[link].stack.parts[0]

        def share() -> None:
            actual = part.actual(column)
            assert actual is not None
            if actual == column:
                scope.relation.home[column] = part.relation.home[column]
                scope.relation.types[column] = part.relation.types[column]
            else:
                source = From(scope.relation)
                value = aliased(reference.sql(source), column)
                table = scope.plan.warehouse.create(f"SELECT r._row AS _row, {value} {source.clause()}")
                settle(scope.plan, scope.relation, table, [column])

        node.run = share

    return fill
