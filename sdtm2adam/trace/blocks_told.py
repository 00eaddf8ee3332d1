"""Columns of blocks of records in words: set, const, copy, unpivot, visit, days, and what the engine adds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sdtm2adam.build.scope import SUBJECT
from sdtm2adam.build.visit_label import VISIT_LABEL
from sdtm2adam.spec.dataset import Block
from sdtm2adam.spec.producer import Producer, as_producer
from sdtm2adam.spec.yaml import Text
from sdtm2adam.trace.again import Place
from sdtm2adam.trace.made import Made
from sdtm2adam.trace.many_rows_told import tell_group, tell_pick_block, tell_time
from sdtm2adam.trace.producers_told import into_domain, tell_producer
from sdtm2adam.trace.python_told import tell_python_block
from sdtm2adam.trace.relationships import tell_relate
from sdtm2adam.trace.response_told import tell_response
from sdtm2adam.trace.story import Fact, shown

if TYPE_CHECKING:
    from sdtm2adam.trace.narrator import Narrator


def tell_block_column(n: Narrator, place: Place, column: str) -> Made:
    """The story of a column of a block of records on one row."""
    place = n.again.made(place)
    if (relate := n.again.relate(place.relation)) is not None:
        return tell_relate(n, place, column, relate)
    block = n.again.block(place.relation)
    if block is None:
        links = place.relation.links
        of_table = "cross" in links and not links[""].stack.has(column)
        return _carried(n, place, column, "cross" if of_table else "")
    said = _said_by_block(n, place, block, column)
    said = said or _of_engine(n, place, block, column)
    if said is not None:
        return said
    if block.tte is not None and column not in (SUBJECT, "STUDYID"):
        return tell_time(n, place, column, block.tte)
    if block.response is not None and column not in (SUBJECT, "STUDYID"):
        return tell_response(n, place, column, block.response)
    if block.pick is not None and column not in (SUBJECT, "STUDYID"):
        made = tell_pick_block(n, place, column, block.pick)
        if made is not None:
            return made
    if block.python is not None and column in block.python.columns:
        return tell_python_block(n, place, column, block.python)
    if block.agg is not None and column in (*map(str, block.agg.by), *block.agg.value):
        return tell_group(n, place, column, block.agg)
    return _copied(n, place, block, column)


def _said_by_block(n: Narrator, place: Place, block: Block, column: str) -> Made | None:
    """What `unpivot`, `set`, `supp`, `const` and `visit` say of a column."""
    if block.unpivot:
        into = str(block.into) if block.into is not None else f"{place.relation.dataset[:2]}TESTCD"
        term = n.again.value(place, "_term")
        if column == into:
            return _code(n, place, column, block, term)
        if any(column in overlay for overlay in block.unpivot.values()):
            return _overlaid(n, place, column, block, term)
    producer = block.set.get(column) or block.supp.get(column)
    if producer is not None:
        return tell_producer(n, place, column, producer)
    if column in block.const:
        return tell_producer(n, place, column, as_producer({"const": block.const[column]}))
    if column == VISIT_LABEL and block.visit is not None:
        return tell_producer(n, place, column, as_producer(block.visit))
    return None


def _code(n: Narrator, place: Place, column: str, block: Block, term: str) -> Made:
    """The name of the group of columns that a record of an unpivoted form was made of."""
    where = next((p.where for p in block.unpivot[term].values() if p.where), "")
    facts = [Fact("spec", n.again.line(where))] if where else []
    facts.append(Fact("unpivot", f"this record was made of the group {shown(term)} of the columns of its form"))
    return into_domain(n, n.again.scope(place), column, as_producer(Text("_term")), (term,), Made(facts))


def _overlaid(n: Narrator, place: Place, column: str, block: Block, term: str) -> Made:
    """A column that each group of an unpivoted form fills from another column of the form."""
    fact = Fact("unpivot", f"in the group {shown(term)}")
    producer = block.unpivot[term].get(column) or block.set.get(column)
    if producer is None:
        return Made([Fact("unpivot", f"the group {shown(term)} has no {column}")], [], None)
    made = tell_producer(n, place, column, producer)
    return Made([*made.facts, fact], made.reads, made.retold)


def _of_engine(n: Narrator, place: Place, block: Block, column: str) -> Made | None:
    """Columns that no spec needs to say: the study, the domain, the parameter, the day of an expanded record."""
    context = n.again.plan.contexts[place.relation.dataset]
    if block.expand is not None and column == str(block.expand.as_):
        scope = n.again.scope(place)
        said = f"one record for each day (every {block.expand.every}) from {block.expand.from_} to {block.expand.to}"
        facts = [Fact("spec", n.again.line(block.expand.from_.where)), Fact("method", said)]
        reads = [*n.reads(scope, place.row, block.expand.from_), *n.reads(scope, place.row, block.expand.to)]
        return Made(facts, reads)
    if column == "DOMAIN" and context.stage == "sdtm":
        return Made([Fact("method", "the domain of the dataset")], [], context.name)
    is_parameter = context.stage == "adam" and str(context.spec.klass) == "BDS"
    if column == "PARAMCD" and is_parameter and block.id is not None and _is_id(place, block):
        return Made(
            [Fact("spec", n.again.line(block.id.where)), Fact("method", "the id of the block")], [], str(block.id)
        )
    if column == "STUDYID" and not _source_has(place, column):
        where = n.again.specs.study.study.where
        return Made(
            [Fact("spec", n.again.line(where)), Fact("method", "the study of study.yaml")], [], n.again.plan.study
        )
    return None


def _is_id(place: Place, block: Block) -> bool:
    """The block's id is PARAMCD, unless its source brings one along."""
    if block.agg is not None:
        return "PARAMCD" not in (*map(str, block.agg.by), *block.agg.value)
    if block.python is not None:
        return "PARAMCD" not in block.python.columns
    made = block.kind in ("pick", "tte", "response")
    return made or not _source_has(place, "PARAMCD") or not _copies(block, "PARAMCD")


def _copies(block: Block, column: str) -> bool:
    chosen = block.copy_
    if chosen is None:
        return False
    return column in map(str, chosen.names) or (chosen.all and column not in map(str, chosen.except_))


def _source_has(place: Place, column: str) -> bool:
    link = place.relation.links.get("this") or place.relation.links.get("")
    return link is not None and link.stack.has(column)


def _copied(n: Narrator, place: Place, block: Block, column: str) -> Made:
    """A column carried over under its own name."""
    if column in (SUBJECT, "STUDYID") and not (block.copy_ and column in map(str, block.copy_.names)):
        link = "this" if "this" in place.relation.links else ""
        return _carried(n, place, column, link)
    names = {str(name): name for name in (block.copy_.names if block.copy_ is not None else ())}
    producer = as_producer(Text(column, names[column].where if column in names else ""))
    made = _as_sdtm(n, place, column, producer)
    if column not in names:
        made.facts.insert(0, Fact("method", f"copy: all of {', '.join(block.from_ or ()) or 'the record picked'}"))
    return made


def _as_sdtm(n: Narrator, place: Place, column: str, producer: Producer) -> Made:
    """What `copy` brings over is coerced in SDTM as any value, and is the same in ADaM."""
    if n.again.plan.contexts[place.relation.dataset].stage == "sdtm":
        return tell_producer(n, place, column, producer)
    made = _carried(n, place, column, "")
    where = producer.sql.where if producer.sql is not None else ""
    return Made([*([Fact("spec", n.again.line(where))] if where else []), *made.facts], made.reads, made.retold)


def _carried(n: Narrator, place: Place, column: str, link: str) -> Made:
    """The same column of the row that a row came from."""
    found = n.again.follow(place, link) if link in place.relation.links else None
    if found is None:
        return Made([Fact("note", "there is no record that it could come from")], [], None)
    actual = found.part.actual(column)
    if actual is None:
        return Made([Fact("note", f"{found.place.relation.key} has no {column}")], [], None)
    step = n.cell(found.place, actual)
    return Made([], [step], step.value)
