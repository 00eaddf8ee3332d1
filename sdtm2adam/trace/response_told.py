"""Disease response in words: by which set, why this response, and the records that decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sdtm2adam.build.response.judged import REASON
from sdtm2adam.build.scope import Scope
from sdtm2adam.spec.criteria import CriteriaSet
from sdtm2adam.spec.criteria_sets import find_criteria
from sdtm2adam.spec.criteria_words import days_of, response_rule, rule_of
from sdtm2adam.spec.dataset import Assessed, ResponseBlock
from sdtm2adam.trace.again import Found, Place
from sdtm2adam.trace.made import Made
from sdtm2adam.trace.other_rows import listed_records, reads_other
from sdtm2adam.trace.story import Fact, Step

if TYPE_CHECKING:
    from sdtm2adam.trace.narrator import Narrator


def tell_response(n: Narrator, place: Place, column: str, block: ResponseBlock) -> Made:
    """A column that a response block makes: of a measure its value, else the response and what decided it."""
    criteria = find_criteria(block.criteria, n.again.plan.criteria)
    facts = [
        Fact("spec", n.again.line(block.criteria.where)),
        Fact("criteria", f"{criteria.criteria}: {criteria.title}"),
    ]
    for key, measure in criteria.measures.items():
        if column in (measure.variable, f"{measure.variable}DT") and key in block.assessments:
            return _measure(n, place, column, criteria, key, block, facts)
    if n.first_time(place, "response"):
        facts += _response(n, place, criteria)
    found = _deciding(n, place, block)
    facts += listed_records(n, [one for one, _ in found], [])
    if column != "AVALC":
        return Made(facts)
    scope = _scope(n, place)
    reads: list[Step] = []
    for one, said in found:
        if said.value is not None:
            reads += reads_other(n, scope, _row_of(n, place), one, said.value)
    return Made(facts, reads)


def _response(n: Narrator, place: Place, criteria: CriteriaSet) -> list[Fact]:
    """The rule of the response that was given, why, and what was not judged."""
    code = n.again.value(place, "AVALC")
    facts = []
    for response in criteria.responses:
        if response.response == code:
            facts.append(Fact("method", f"{response.shown}: {response_rule(criteria, response)}"))
            facts += [Fact("", f"{name}: {rule_of(criteria, str(name))}") for name in response.members]
    why = [n.again.value(place, one) for one in (REASON, f"{REASON}1")]
    facts.append(Fact("reason", " ".join(text for text in why if text)))
    passed = n.again.value(place, "RESPNJ")
    facts += [Fact("note", passed)] if passed else []
    if criteria.unverified:
        facts.append(Fact("note", f"not verified in {criteria.criteria}: {', '.join(criteria.unverified)}"))
    return facts


def _measure(
    n: Narrator, place: Place, column: str, criteria: CriteriaSet, key: str, block: ResponseBlock, facts: list[Fact]
) -> Made:
    """The value of a measure at the assessment: by which days, and from which record where it decided."""
    measure, said = criteria.measures[key], block.assessments[key]
    before = measure.before if said.before == "set" else said.before
    after = measure.after if said.after == "set" else said.after
    facts.append(Fact("method", f"{measure.label}: {days_of(measure, before, after)}"))
    day = n.again.value(place, f"{measure.variable}DT")
    if day is None:
        return Made([*facts, Fact("note", "there is no value within these days")])
    facts.append(Fact("date", f"the value of {day}"))
    reads: list[Step] = []
    scope = _scope(n, place)
    for one, source in _deciding(n, place, block):
        if source is said and said.value is not None:
            text = said.value if column == measure.variable else said.date
            reads += reads_other(n, scope, _row_of(n, place), one, text)
    return Made(facts, reads)


def _deciding(n: Narrator, place: Place, block: ResponseBlock) -> list[tuple[Found, Assessed]]:
    """The records that decided, with what the block says of their measure."""
    n.again.need([n.again.plan.rows_node(place.relation)])
    assert place.relation.edges is not None
    table, stack = place.relation.edges
    context = n.again.plan.contexts[place.relation.dataset]
    owners = [
        said for said in block.assessments.values() for _ in n.again.plan.stack(said.from_, said.as_, context).parts
    ]
    rows = n.again.plan.warehouse.rows(f"SELECT _nr, _srow FROM {table} WHERE _row = {place.row} ORDER BY 1, 2")
    return [
        (Found(Place(stack.parts[number].relation, row), number, stack.parts[number]), owners[number])
        for number, row in rows
    ]


def _scope(n: Narrator, place: Place) -> Scope:
    """How the expressions of the block are understood: over the rows that it starts from."""
    start = n.again.follow(place, "this")
    assert start is not None
    return n.again.scope(start.place)


def _row_of(n: Narrator, place: Place) -> int:
    """The row that the block started from."""
    start = n.again.follow(place, "this")
    assert start is not None
    return start.place.row
