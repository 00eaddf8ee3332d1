"""Blocks whose records come from elsewhere in words: pick blocks, groups, time to event."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from sdtm2adam.build.scope import made_by
from sdtm2adam.spec.dataset import GroupBlock, Source, Tte
from sdtm2adam.spec.producer import Else, Pick, Producer, as_producer
from sdtm2adam.spec.yaml import Text
from sdtm2adam.trace.again import Found, Place
from sdtm2adam.trace.made import Made
from sdtm2adam.trace.other_rows import listed_records, many, picked_facts, reads_other, record_name
from sdtm2adam.trace.producers_told import tell_producer
from sdtm2adam.trace.settings_told import settings_put_into
from sdtm2adam.trace.story import Fact, Step, shown

if TYPE_CHECKING:
    from sdtm2adam.trace.narrator import Narrator


def tell_pick_block(n: Narrator, place: Place, column: str, pick: Pick) -> Made | None:
    """A column of the record that a pick block found, or what candidates and `else` make of it."""
    number = n.again.candidate(place, "")
    found = n.again.follow(place, "") if number else None
    candidate = pick.candidates[number - 1] if number else None
    per = n.again.scope(Place(place.relation.links["this"].stack.parts[0].relation, 0))
    facts = picked_facts(n, per, pick, candidate, found) if n.first_time(place, "pick") or found is None else []
    sets: dict[str, Producer] = dict(pick.set)
    consts: dict[str, Text] = dict(pick.const)
    if candidate is not None:
        sets, consts = {**sets, **candidate.set}, {**consts, **candidate.const}
    elif isinstance(pick.else_, Else):
        sets, consts = dict(pick.else_.set), dict(pick.else_.const)
    if column in consts:
        made = tell_producer(n, place, column, as_producer({"const": consts[column]}))
    elif column in sets:
        made = _set(n, place, column, sets[column], "" if found else "this")
    elif found is None:
        return Made(facts, [], None)
    elif (actual := found.part.actual(column)) is not None:
        step = n.cell(found.place, actual)
        made = Made([], [step], step.value)
    else:
        return Made([*facts, Fact("note", f"{found.place.relation.key} has no {column}")], [], None)
    return Made([*facts, *made.facts], made.reads, made.retold)


def _set(n: Narrator, place: Place, column: str, producer: Producer, link: str) -> Made:
    """An expression of a pick over the record picked; of `else` over the row that the block starts from."""
    if not link:
        return tell_producer(n, place, column, producer)
    assert producer.sql is not None
    scope = n.again.scope(place, link)
    facts = [Fact("spec", n.again.line(producer.where))]
    return Made(facts, n.reads(scope, place.row, producer.sql), n.again.evaluate(scope, place.row, producer.sql))


def tell_group(n: Narrator, place: Place, column: str, group: GroupBlock) -> Made:
    """A value over a group of records, or what the group has in common."""
    assert place.relation.edges is not None
    table, stack = place.relation.edges
    rows = n.again.plan.warehouse.rows(f"SELECT _nr, _srow FROM {table} WHERE _row = {place.row} ORDER BY 1, 2")
    found = [Found(Place(stack.parts[number].relation, row), number, stack.parts[number]) for number, row in rows]
    sources, by = ", ".join(group.from_), ", ".join(group.by)
    where = f" where {group.where}" if group.where is not None else ""
    if column not in group.value:
        text = next(text for text in group.by if text == column)
        facts = [Fact("spec", n.again.line(text.where)),
                 Fact("method", f"one record for each {by} of {sources}{where}"),
                 *listed_records(n, found, [])]  # fmt: skip
        first = found[0]
        actual = first.part.actual(column)
        step = n.cell(first.place, actual) if actual is not None else None
        return Made(facts, [step] if step else [], step.value if step else None)
    value = group.value[column]
    facts = [Fact("spec", n.again.line(value.where)), Fact("method", f"{value} over each {by} of {sources}{where}")]
    told, reads = many(n, n.again.scope(place), place.row, found, value, n.again.value(place, column))
    return Made([*facts, *told], reads)


# --- time to event ----------------------------------------------------------------------------------------------


def tell_time(n: Narrator, place: Place, column: str, tte: Tte) -> Made:
    """A column of a time-to-event record: its start, the date that ended it, or what its source says."""
    start = n.again.follow(place, "this")
    assert start is not None
    if column == "STARTDT":
        made = tell_producer(n, start.place, column, tte.start)
        if made.has_retold and isinstance(made.retold, datetime):
            return replace(made, facts=[*made.facts, Fact("method", "the day of it")], retold=made.retold.date())
        return made
    found = n.again.follow(place, "")
    if found is None:
        return Made([Fact("note", "no event and no censoring gives a date")], [], None)
    sources, number = _source_of(n, place, tte, found)
    source, is_event = sources[number], number < len(tte.events)
    facts = [Fact("spec", n.again.line(source.date.where or source.from_.where))]
    where = f" where {source.where}" if source.where is not None else ""
    kind = "the earliest event" if is_event else "there is no event; the latest censoring"
    until = f", not after {tte.until.sql or tte.until.verb}" if tte.until is not None else ""
    if n.first_time(place, "ending"):
        rule = f"{kind} on or after the start{until}: {source.date} of {source.from_}{where}"
        facts += [Fact("method", rule), Fact("picked", record_name(n, found.place))]
        limit = tte.until.sql if tte.until is not None else None
        facts += settings_put_into(n.again, [*(tte.events if is_event else tte.censors), limit, source.where])
    return _ending_column(n, start.place, found, source, column, is_event, facts)


def _ending_column(
    n: Narrator, start: Place, found: Found, source: Source, column: str, is_event: bool, facts: list[Fact]
) -> Made:
    reads: list[Step] = []
    said: dict[str, object] = {
        "CNSR": 0 if is_event else source.cnsr,
        "EVNTDESC": str(source.desc) if source.desc else None,
        "CNSDTDSC": str(source.censor) if source.censor and not is_event else None,
    }
    if column == "ADT" or column in source.set:
        text = source.date if column == "ADT" else source.set[column].sql
        if text is not None:
            reads = reads_other(n, n.again.scope(start), start.row, found, text, _made(source))
        return Made(facts, reads)
    if column in said:
        return Made([*facts, Fact("text", f"{column} of this source is {shown(said[column])}")], [], said[column])
    if column in source.const:
        return Made([*facts, Fact("text", "a literal of this source")], [], str(source.const[column]))
    if column == "SRCSEQ":
        sequence = [c for c in ("ASEQ", f"{found.place.relation.key.split('/')[0].removeprefix('AD')[:2]}SEQ")
                    if found.part.actual(c)]  # fmt: skip
        reads = [n.cell(found.place, c) for c in sequence[:1]]
    return Made([*facts, Fact("method", "the trace of the date: domain, variable and sequence of its record")], reads)


def _made(source: Source) -> dict[str, Text]:
    return made_by(Pick.model_validate({"from": [source.from_]}).model_copy(
        update={"set": source.set, "const": source.const}
    ))  # fmt: skip


def _source_of(n: Narrator, place: Place, tte: Tte, found: Found) -> tuple[list[Source], int]:
    """The sources of the block, and which of them ended the time."""
    context = n.again.plan.contexts[place.relation.dataset]
    sources = [n.again.plan.source(said, context) for said in (*tte.events, *tte.censors)]
    first = 0
    for number, source in enumerate(sources):
        first += len(n.again.plan.stack((source.from_,), {}, context).parts)
        if found.number < first:
            return sources, number
    raise AssertionError("a row of a time-to-event block leads to none of its sources")
