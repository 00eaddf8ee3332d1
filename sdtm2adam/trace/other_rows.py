"""Values from other rows in words: which record a lookup or pick found, which records an agg or exists counted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from sdtm2adam.build.matching import plan_matching
from sdtm2adam.build.node import Node
from sdtm2adam.build.scope import Scope, made_by
from sdtm2adam.spec import sql
from sdtm2adam.spec.producer import Agg, By, Candidate, Exists, Pick, Producer
from sdtm2adam.spec.yaml import Text
from sdtm2adam.trace.again import Found, Place
from sdtm2adam.trace.confirmed import confirm_columns, confirm_words, confirming
from sdtm2adam.trace.leaves import record_of
from sdtm2adam.trace.made import Made
from sdtm2adam.trace.story import Fact, Step, named, shown

if TYPE_CHECKING:
    from sdtm2adam.trace.narrator import Narrator

_LISTED = 8
_FOLLOWED = 3


def record_name(n: Narrator, place: Place) -> str:
    """How a person finds a row: the dataset or form and its keys."""
    relation = place.relation
    if relation.key.startswith("table."):
        return f"row {place.row + 1} of {relation.key}"
    if relation.dataset and "/" not in relation.key:
        return f"{relation.key} {named(n.record(place))}"
    if relation.dataset:
        found = n.again.follow(place, "") if "" in relation.links else None
        return record_name(n, found.place) if found else f"row {place.row + 1} of {relation.key}"
    return f"{relation.key} {named(record_of(n.again, place)) or f'record {place.row + 1}'}"


def reads_other(
    n: Narrator, scope: Scope, row: int, found: Found, text: Text, made: Mapping[str, Text] = {}
) -> list[Step]:
    """What an expression inside a verb reads: bare names of the other row, THIS.X and NAME.X of the own row."""
    steps: list[Step] = []
    for qualifier, column in sql.columns(sql.parse(text, aggregate=True)):
        if qualifier:
            own = "" if qualifier == "THIS" and "this" not in scope.relation.links else qualifier
            steps.append(n.read(scope, row, own, column, text))
        elif (actual := found.part.actual(column)) is not None:
            steps.append(n.cell(found.place, actual))
        elif column in made:
            steps += reads_other(n, scope, row, found, made[column])
    return steps


# --- one record: lookups and pick -------------------------------------------------------------------------------


def lookup_facts(
    n: Narrator, scope: Scope, place: Place, lookup: str, column: str, text: Text
) -> tuple[list[Fact], list[Step]]:
    """The record that a lookup found for a row, told once for each row, and the column there."""
    context = scope.context
    pick = context.spec.lookups.get(lookup) or n.again.plan.implicit_lookup(context, lookup)
    assert pick is not None
    link = f"@{lookup}"
    n.again.need(scope.bind(Text(f'{lookup}."{column}"', text.where)).needs)
    found = n.again.follow(place, link)
    candidate = _candidate(n, place, link, pick)
    facts = picked_facts(n, scope, pick, candidate, found) if n.first_time(place, link) or found is None else []
    if found is None or candidate is None:
        return facts, own_side(n, scope, place.row, pick)
    made = {**made_by(pick), **made_by(candidate)}
    if column in made:
        return [*facts, Fact("expression", str(made[column]))], reads_other(n, scope, place.row, found, made[column])
    actual = found.part.actual(column)
    return facts, [n.cell(found.place, actual)] if actual else []


def _candidate(n: Narrator, place: Place, link: str, pick: Pick) -> Candidate | None:
    """The source, among those of a pick, that the record was found in."""
    number = n.again.candidate(place, link)
    return pick.candidates[number - 1] if number else None


def picked_facts(n: Narrator, scope: Scope, pick: Pick, candidate: Candidate | None, found: Found | None) -> list[Fact]:
    """Which record was picked, by what rule, and what confirmed it."""
    line = n.again.line(pick.candidates[0].from_[0].where)
    facts = [Fact("picks", line)] if "from" in line else []  # what `auto` looks up stands in no spec
    if found is None or candidate is None:
        rules = "; ".join(_rule(pick, one) for one in pick.candidates)
        return [*facts, Fact("picked", f"no record was found: {rules}")]
    facts.append(Fact("picked", f"{record_name(n, found.place)}: {_rule(pick, candidate)}"))
    if candidate.confirm is None:
        return facts
    after = confirming(n, scope, pick, candidate, found)
    said = [Fact("confirmed", f"by {len(after):,} record{'' if len(after) == 1 else 's'} after it")]
    return [*facts, *said, *listed_records(n, after, confirm_columns(candidate.confirm))[1:]]


def _rule(pick: Pick, candidate: Candidate) -> str:
    order = f"the {pick.take} by [{', '.join(pick.order)}] of the records" if pick.order else "the one record"
    rule = f"{order} of {', '.join(candidate.from_)}{_matching(candidate.by, candidate.where)}"
    return rule + confirm_words(candidate.confirm)


def _matching(by: By | None, where: Text | None) -> str:
    """By what records match, in words."""
    pairs = [("USUBJID", "USUBJID")] if by is None else [(str(mine), str(theirs)) for mine, theirs in by]
    same = [mine if mine == theirs else f"{theirs} = {mine}" for mine, theirs in pairs]
    words = f" with the same {', '.join(same)}" if same else ""
    return words + (f", where {where}" if where is not None else "")


def own_side(n: Narrator, scope: Scope, row: int, verb: Pick | Agg | Exists) -> list[Step]:
    """The values of the own row that other records were to match: told where none did."""
    pairs = verb.candidates[0].by if isinstance(verb, Pick) else verb.by
    names = [str(mine) for mine, _ in pairs] if pairs is not None else ["USUBJID"]
    place = Place(scope.relation, row)
    return [n.cell(place, name) for name in names if name in scope.relation.names]


def raw_of(n: Narrator, place: Place, column: str) -> tuple[Any, str]:
    """The value of a verb before it became one of its domain, and the name its link has."""
    home = place.relation.home
    names = [f"_~_~{column}~always", f"_~{column}", f"_~{column}~always", column]
    raw = next(one for one in names if one in home)
    return n.again.value(place, raw), next((f"%{one}" for one in names if f"%{one}" in place.relation.links), "")


def tell_pick(n: Narrator, scope: Scope, place: Place, column: str, producer: Producer) -> tuple[Made, object]:
    """The value from one other row."""
    pick = producer.pick
    assert pick is not None
    assert pick.value is not None
    raw, link = raw_of(n, place, column)
    found = n.again.follow(place, link) if link else None
    candidate = _candidate(n, place, link, pick) if found else None
    facts = picked_facts(n, scope, pick, candidate, found)
    if found is None or candidate is None:
        if isinstance(pick.else_, Text):
            return Made([*facts, Fact("else", str(pick.else_))], n.reads(scope, place.row, pick.else_)), raw
        return Made(facts, own_side(n, scope, place.row, pick)), raw
    made = {**made_by(pick), **made_by(candidate)}
    if not sql.as_bare_name(pick.value):
        facts.append(Fact("expression", str(pick.value)))
    return Made(facts, reads_other(n, scope, place.row, found, pick.value, made)), raw


# --- many records: exists and agg -------------------------------------------------------------------------------


def _matches(n: Narrator, scope: Scope, row: int, verb: Agg | Exists) -> list[Found]:
    """The rows that match an own row, found by the engine's own matching."""
    node = Node(scope.relation, "", "")
    also = [verb.value] if isinstance(verb, Agg) else []
    matching = plan_matching(scope, verb, verb.where, node, also)
    n.again.need(node.needs)
    pairs = matching.match().pairs(["s._nr AS _nr", "s._srow AS _srow"])
    rows = n.again.plan.warehouse.rows(f"SELECT _nr, _srow FROM ({pairs}) WHERE _row = {row} ORDER BY 1, 2")
    parts = matching.stack.parts
    return [Found(Place(parts[number].relation, source), number, parts[number]) for number, source in rows]


def listed_records(n: Narrator, found: list[Found], columns: list[str]) -> list[Fact]:
    """How many records there are, and the first of them, each with the columns that count."""
    facts = [Fact("records", f"{len(found):,}, in the order of their sources:" if len(found) > 1 else "one:")]
    for one in found[:_LISTED]:
        values = [f"{c} {shown(n.again.value(one.place, a))}" for c in columns if (a := one.part.actual(c)) is not None]
        said = f" ({', '.join(values)})" if values else ""
        facts.append(Fact("", record_name(n, one.place) + said))
    return [*facts, *([Fact("", f"and {len(found) - _LISTED:,} more")] if len(found) > _LISTED else [])]


def tell_exists(n: Narrator, scope: Scope, place: Place, column: str, producer: Producer) -> tuple[Made, object]:
    """Whether another dataset has a matching row."""
    verb = producer.exists
    assert verb is not None
    raw, _ = raw_of(n, place, column)
    found = _matches(n, scope, place.row, verb)
    rule = f"{verb.then} where a record of {', '.join(verb.from_)} exists{_matching(verb.by, verb.where)}"
    facts = [Fact("method", rule)]
    if not found:
        facts.append(Fact("records", "none matches"))
        if verb.else_ is not None:
            facts.append(Fact("else", str(verb.else_)))
        return Made(facts, own_side(n, scope, place.row, verb)), raw
    facts += listed_records(n, found, [])
    reads = reads_other(n, scope, place.row, found[0], verb.where) if verb.where is not None else []
    return Made(facts, reads), raw


def tell_agg(n: Narrator, scope: Scope, place: Place, column: str, producer: Producer) -> tuple[Made, object]:
    """One number over the matching rows."""
    verb = producer.agg
    assert verb is not None
    raw, _ = raw_of(n, place, column)
    found = _matches(n, scope, place.row, verb)
    facts = [
        Fact("method", f"{verb.value} over the records of {', '.join(verb.from_)}{_matching(verb.by, verb.where)}")
    ]
    if not found:
        facts.append(Fact("records", "none matches"))
        if verb.else_ is not None:
            facts.append(Fact("else", str(verb.else_)))
        return Made(facts, own_side(n, scope, place.row, verb)), raw
    told, reads = many(n, scope, place.row, found, verb.value, raw)
    return Made([*facts, *told], reads), raw


def many(
    n: Narrator, scope: Scope, row: int, found: list[Found], value: Text, result: object
) -> tuple[list[Fact], list[Step]]:
    """The records an aggregate was made of: listed with their values, and those followed that show the rest."""
    tree = sql.parse(value, aggregate=True)
    columns = [column for qualifier, column in sql.columns(tree) if not qualifier]
    facts = listed_records(n, found, columns)
    followed = found[:_FOLLOWED]
    if isinstance(tree, (exp.Min, exp.Max)) and len(columns) == 1:
        same = [f for f in found if (a := f.part.actual(columns[0])) and n.again.value(f.place, a) == result]
        followed = same[:1] or followed
    if len(followed) < len(found):
        facts.append(Fact("note", f"the story of {len(followed)} of them follows"))
    return facts, [step for one in followed for step in reads_other(n, scope, row, one, value)]
