"""pick and lookups, planned: one row of other datasets for each own row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sdtm2adam.build.confirmations import plan_confirm, texts_of_rows
from sdtm2adam.build.contenders import Race, contenders
from sdtm2adam.build.found_by_codes import found_by_codes
from sdtm2adam.build.losses import tell_losses, tell_own_losses
from sdtm2adam.build.matching import Matching, can_read, plan_matching
from sdtm2adam.build.node import Node
from sdtm2adam.build.plan import Plan
from sdtm2adam.build.quoting import aliased, name
from sdtm2adam.build.relation import From, Link, Relation, Stack
from sdtm2adam.build.rows import settle
from sdtm2adam.build.scope import Scope, VerbScope
from sdtm2adam.build.select import pick as pick_verb
from sdtm2adam.build.select.pick import Choice, Order
from sdtm2adam.build.text_order import tell_text_order
from sdtm2adam.build.unmet import tell_unmet_candidates
from sdtm2adam.errors import InputError, SpecError
from sdtm2adam.spec import sql
from sdtm2adam.spec.producer import Candidate, Pick
from sdtm2adam.spec.yaml import Text


def place_of(pick: Pick, node: Node) -> str:
    """Where a pick stands, for messages."""
    return pick.candidates[0].from_[0].where or node.where


def order_items(order: tuple[Text, ...], take: str) -> list[tuple[Text, bool, bool]]:
    """Each item as (expression, descending, partial-date aware low end)."""
    items = []
    for text, descending in map(sql.split_order, order):
        down = descending != (take == "last")
        items.append((text, down, sql.as_bare_name(text).endswith("DTC") and not down))
    return items


def choices_of(
    scope: Scope, pick: Pick, node: Node, values: list[Text]
) -> tuple[list[Matching], Callable[[], list[Choice]]]:
    """The candidates of a pick, planned; and the function that writes them as SQL when their data are there.

    Args:
        scope: of the own row.
        pick: the verb.
        node: gets what the candidates need.
        values: expressions over the picked row that are to be brought along, as `s2a_v0, s2a_v1, ...`.
    """
    order = order_items(pick.order, pick.take)
    texts = [text for text, _, _ in order if text != "_nr"] + values
    for text in texts:
        if not any(can_read(scope, candidate, text) for candidate in pick.candidates):
            first = pick.candidates[0]
            VerbScope(scope, scope.plan.stack(first.from_, first.as_, scope.context)).read(text)
    matchings = [
        plan_matching(scope, c, c.where, node, [text for text in texts if can_read(scope, c, text)])
        for c in pick.candidates
    ]
    confirmed = [plan_confirm(m, c, pick, node) for m, c in zip(matchings, pick.candidates, strict=True)]

    def write() -> list[Choice]:
        choices, first = [], 0
        for place, (matching, candidate) in enumerate(zip(matchings, pick.candidates, strict=True), start=1):
            confirm = confirmed[place - 1]
            orders = tuple(Order(_order_sql(matching, candidate, t, dated, place), down) for t, down, dated in order)
            brought = {
                f"s2a_v{i}": matching.verb.compile(text) if can_read(scope, candidate, text) else "NULL"
                for i, text in enumerate(values)
            }
            kept = confirm() if confirm else ""
            beside = texts_of_rows(candidate.confirm) if candidate.confirm else []
            tell_losses(matching, [text for text in texts if can_read(scope, candidate, text)], node, beside=beside)
            tell_text_order(scope.plan, matching.stack, pick.order, node)
            race = Race(orders[0], len(orders) == 1 and bool(values), pick.take == "last") if orders else None
            others = contenders(matching, race) if race and not kept else None
            match = matching.match(first_nr=first, place=place, kept=kept, others=others)
            choices.append(Choice(match, orders, brought))
            first += len(matching.stack.parts)
        return choices

    return matchings, write


def _order_sql(matching: Matching, candidate: Candidate, text: Text, dated: bool, place: int) -> str:
    if text == "_nr":
        return str(place)
    if not can_read(matching.scope, candidate, text):
        return "NULL"
    made = matching.verb.compile(text)
    return f"s2a_low_dtc({made})" if dated else made


def decide(
    plan: Plan,
    pick: Pick,
    choices: list[Choice],
    title: str,
    where: str,
    compared: Callable[[], tuple[Stack, list[str]]],
) -> str:
    """A table with one row per own row that found one: `_row, _nr, _srow, _place` and the values brought along.

    Args:
        plan: the plan.
        pick: the verb.
        choices: its candidates as SQL.
        title: of what is picked, for messages.
        where: its place.
        compared: called when all is computed: the picked rows' stack and the columns that must not differ in a tie.

    Raises:
        InputError: without `order` more than one row matches, or the order leaves different values undecided.
    """
    table = plan.warehouse.create(pick_verb.best(choices))
    if not plan.warehouse.one(f"SELECT count(*) - count(DISTINCT _row) FROM {table}"):
        return table  # nothing ties
    if not pick.order:
        _refuse_many(plan, table, title, where, choices)
    elif pick.ties == "error":
        _watch_ties(plan, Tied(pick, choices[0], title, where), table, compared)
    return plan.warehouse.create(pick_verb.chosen(table, take_last=pick.take == "last"))


def _refuse_many(plan: Plan, table: str, title: str, where: str, choices: list[Choice]) -> None:
    groups = f"SELECT _row, count(*) AS n FROM {table} GROUP BY _row HAVING n > 1"
    many = plan.warehouse.one(f"SELECT count(*) FROM ({groups})")
    first = plan.warehouse.rows(f"{groups} ORDER BY _row LIMIT 1")[0]
    key = _key_of(plan, choices[0], first[0])
    shown = f" (first: {key}, {first[1]} rows)" if key else ""
    raise InputError(
        f"{title}: pick without order must match at most one row, but {many:,} row{' has' if many == 1 else 's have'} "
        f"more{shown}",
        where=where,
        mend="correct the source if it holds a record twice; else add order: and take:, or narrow where:",
    )


def _key_of(plan: Plan, choice: Choice, row: int) -> str:
    """The first of the names an own row is matched by, and its value; empty where all rows match."""
    if not choice.match.by:
        return ""
    found = plan.warehouse.rows(f"SELECT s2a_b0 FROM ({choice.match.own}) WHERE _row = {row}")
    return f"{choice.match.by[0]} {found[0][0]}" if found else ""


@dataclass(frozen=True)
class Tied:
    """A pick whose order may leave ties, and how it is told."""

    pick: Pick
    choice: Choice
    title: str
    where: str


def _watch_ties(plan: Plan, one: Tied, table: str, compared: Callable[[], tuple[Stack, list[str]]]) -> None:
    """Refuses ties that leave different values undecided: at once if values are brought along, else in the end."""
    tied = plan.warehouse.create(f"SELECT * FROM {table} QUALIFY count(*) OVER (PARTITION BY _row) > 1")
    if one.choice.values:
        _refuse_ties(plan, one, tied, _row_of([f"s2a_v{i}" for i in range(len(one.choice.values))]))
        return

    def later() -> None:
        stack, columns = compared()
        if not columns:
            return
        value = _row_of([f"u.{name(column)}" for column in columns])
        rows = f"SELECT t._row, {value} AS v FROM {tied} t JOIN ({stack.select(columns)}) u USING (_nr, _srow)"
        _refuse_ties(plan, one, f"({rows})", "v")

    plan.afterwards.append(later)


def _row_of(items: list[str]) -> str:
    """SQL of the values that must not differ: one as it is, several together."""
    return items[0] if len(items) == 1 else f"row({', '.join(items)})"


def _refuse_ties(plan: Plan, one: Tied, tied: str, value: str) -> None:
    groups = f"SELECT _row FROM {tied} GROUP BY _row HAVING count(DISTINCT coalesce({_text(value)}, '.')) > 1"
    many = plan.warehouse.one(f"SELECT count(*) FROM ({groups})")
    if not many:
        return
    first = plan.warehouse.one(f"SELECT min(_row) FROM ({groups})")
    texts = f"SELECT DISTINCT coalesce({_text(value)}, '.') FROM {tied} WHERE _row = {first} ORDER BY 1 LIMIT 3"
    values = " or ".join(text for (text,) in plan.warehouse.rows(texts))
    key, ties = _key_of(plan, one.choice, first), "tie" if many == 1 else "ties"
    raise InputError(
        f"{one.title}: order [{', '.join(one.pick.order)}] leaves {many:,} {ties} with different values "
        f"(first: {key + ', ' if key else ''}{values})",
        where=one.where,
        mend="add a column to order that decides, or say ties: any",
    )


def _text(value: str) -> str:
    return f"CAST({value} AS VARCHAR)"


def plan_pick(scope: Scope, column: str, pick: Pick, node: Node) -> None:
    """Fills the node of a variable that is picked."""
    if pick.value is None:
        raise SpecError(
            f"{column}: pick has no value", where=place_of(pick, node), mend="add value: the column to take"
        )
    matchings, write = choices_of(scope, pick, node, [pick.value])
    if pick.else_ is not None and not isinstance(pick.else_, Text):
        raise SpecError(
            f"{column}: else: {{set, const}} belongs to pick blocks",
            where=place_of(pick, node),
            mend="write else: VALUE",
        )
    otherwise = scope.bind(pick.else_) if pick.else_ is not None else None
    node.needs.extend(otherwise.needs if otherwise else [])
    stack = Stack(tuple(part for matching in matchings for part in matching.stack.parts))

    def run() -> None:
        relation, link = scope.relation, "%" + column
        table = decide(scope.plan, pick, write(), node.title, place_of(pick, node), lambda: (stack, []))
        tell_unmet_candidates(matchings, node, table)
        relation.links[link] = Link(stack, table)
        source = From(relation)
        _, found = source.link(link)
        value = f"{found.split('.')[0]}.s2a_v0"
        if otherwise:
            made_up = otherwise.compile(source)
            value = f"CASE WHEN {found} IS NULL THEN {made_up.sql} ELSE {value} END"
            lost = [(node, probe.within(f"{found} IS NULL")) for probe in made_up.probes]
            tell_own_losses(scope.plan, relation, source, lost)
        made = scope.plan.warehouse.create(f"SELECT r._row AS _row, {aliased(value, column)} {source.clause()}")
        settle(scope.plan, relation, made, [column])

    node.run = run


def plan_lookup(scope: Scope, lookup: str, pick: Pick, node: Node) -> None:
    """Fills the node of a lookup: the row it binds to each own row."""
    if pick.value is not None or pick.else_ is not None:
        raise SpecError(
            f"lookup {lookup}: value and else have no meaning here", where=place_of(pick, node),
            mend=f"write {lookup}.COLUMN where the value is needed",
        )  # fmt: skip
    relation = scope.relation
    node.needs.append(scope.plan.rows_node(relation))
    matchings, write = choices_of(scope, pick, node, [])

    def run() -> None:
        link = relation.links["@" + lookup]
        compared = _used(relation, lookup, link.stack)
        table = found_by_codes(scope.plan, pick, matchings[0], "@" + lookup) or decide(
            scope.plan, pick, write(), node.title, place_of(pick, node), compared
        )
        tell_unmet_candidates(matchings, node, table)
        relation.links["@" + lookup] = Link(link.stack, table)

    node.run = run


def _used(relation: Relation, lookup: str, stack: Stack) -> Callable[[], tuple[Stack, list[str]]]:
    return lambda: (stack, sorted(relation.used.get(lookup, ())))
