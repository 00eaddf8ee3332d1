"""Producers in words: expression, constant, date and time, and what the domain of an SDTM variable makes of a value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sdtm2adam.build.raw_columns import collected
from sdtm2adam.build.scope import Scope
from sdtm2adam.spec import sql, standards
from sdtm2adam.spec.producer import Producer
from sdtm2adam.spec.yaml import Text
from sdtm2adam.trace.again import Place
from sdtm2adam.trace.automatic import tell_auto, tell_decode, tell_standardize
from sdtm2adam.trace.made import Made
from sdtm2adam.trace.other_rows import tell_agg, tell_exists, tell_pick
from sdtm2adam.trace.own_rows import tell_flag, tell_imputed, tell_seq
from sdtm2adam.trace.python_told import tell_python
from sdtm2adam.trace.story import Fact, shown
from sdtm2adam.trace.terms_told import term_facts, terms_of
from sdtm2adam.trace.values_told import date_facts

if TYPE_CHECKING:
    from sdtm2adam.trace.narrator import Narrator


def tell_producer(n: Narrator, place: Place, column: str, producer: Producer) -> Made:
    """The story of a column that a producer made on one row."""
    facts = spec_facts(n, column, producer, producer.where)
    scope = n.again.scope(place)
    if producer.verb == "auto":
        made = tell_auto(n, scope, place, column)
        return Made([*facts, *made.facts], made.reads, made.retold)
    if producer.when is not None:
        true = n.again.evaluate(scope, place.row, producer.when)
        facts.append(Fact("when", f"{producer.when}: {'true' if true else 'not true, so the value is missing'}"))
        guards = n.reads(scope, place.row, producer.when)
        if not true:
            return Made(facts, guards, None)
        made = _verb(n, scope, place, column, producer)
        return Made([*facts, *made.facts], [*made.reads, *guards], made.retold)
    made = _verb(n, scope, place, column, producer)
    spec = " ".join(fact.text for fact in facts if fact.kind == "spec")
    said = [fact for fact in made.facts if fact.kind != "picks" or fact.text.partition(": ")[2] not in spec]
    return Made([*facts, *said], made.reads, made.retold)


def spec_facts(n: Narrator, column: str, producer: Producer, where: str) -> list[Fact]:
    """The line of the spec; and the expression, where foreach or a line break made it another text."""
    if not where:
        return []
    line = n.again.lines(where, column)
    facts = [Fact("spec", line)]
    if producer.sql is not None and " ".join(producer.sql.split()) not in " ".join(line.split()):
        facts.append(Fact("expression", str(producer.sql)))
    if producer.method is not None:
        facts.append(Fact("method", str(producer.method)))
    return facts


def _verb(n: Narrator, scope: Scope, place: Place, column: str, producer: Producer) -> Made:
    row = place.row
    if producer.decode is not None:
        return tell_decode(n, scope, place, column, str(producer.decode).replace("--", scope.context.name[:2]))
    if producer.standardize is not None:
        return tell_standardize(n, scope, place, column)
    if producer.const is not None:
        return into_domain(n, scope, column, producer, (str(producer.const),), Made())
    if producer.datetime is not None:
        return _datetime(n, scope, row, column, producer)
    if producer.sql is not None:
        raw = n.again.evaluate(scope, row, as_collected(n, scope, column, producer))
        return into_domain(n, scope, column, producer, (raw,), Made([], n.reads(scope, row, producer.sql)))
    tellers = {"pick": tell_pick, "exists": tell_exists, "agg": tell_agg, "flag": tell_flag, "seq": tell_seq,
               "python": tell_python}  # fmt: skip
    if producer.verb == "imputed":
        return tell_imputed(n, scope, place, column, producer)
    made, raw = tellers[producer.verb](n, scope, place, column, producer)
    return into_domain(n, scope, column, producer, (raw,), made)


def _datetime(n: Narrator, scope: Scope, row: int, column: str, producer: Producer) -> Made:
    """Date and time, each an expression of its own."""
    made = Made()
    raws = []
    for text in producer.datetime or ():
        part = producer.model_copy(update={"sql": text})
        raws.append(n.again.evaluate(scope, row, as_collected(n, scope, f"{column}~part", part)))
        made.reads += n.reads(scope, row, text)
    facts, value = date_facts(n.again.specs, producer, tuple(raws))
    return Made([*made.facts, *facts], made.reads, value)


def as_collected(n: Narrator, scope: Scope, column: str, producer: Producer) -> Text:
    """The expression as it is read for a text variable: a number column that stands alone is the text as collected."""
    text = producer.sql
    assert text is not None
    bare, source = sql.as_bare_name(text), scope.relation.source
    if scope.context.stage != "sdtm" or not (bare and scope.block and source) or not source.has(collected(bare)):
        return text
    target = str(producer.like) if producer.like is not None else column.split("~")[0]
    fact = standards.sdtm_variable(scope.context.name, target)
    del n
    return text if fact is not None and fact.numeric else Text(f'"{collected(bare)}"', text.where)


def into_domain(
    n: Narrator, scope: Scope, column: str, producer: Producer, raws: tuple[object, ...], made: Made
) -> Made:
    """What the domain of an SDTM variable makes of a value: a date, a term, a number, a trimmed text; ADaM nothing."""
    raw = raws[0]
    if raw is None:
        return _of_nothing(made, producer)
    target = str(producer.like) if producer.like is not None else column
    if scope.context.stage != "sdtm" or target.startswith("_"):
        made.retold = raw
        return made
    fact = standards.sdtm_variable(scope.context.name, target)
    if fact is not None and fact.domain == "datetime":
        facts, made.retold = date_facts(n.again.specs, producer, raws)
        made.facts += [] if _is_said(facts, raw, made.retold) else facts
        return made
    if fact is not None and fact.numeric:
        return _as_number(made, raw)
    terms = terms_of(n.again, scope, target, producer)
    if terms is not None:
        facts, made.retold = term_facts(n.again, scope, target, producer, terms, raw)
        made.facts += facts
        return made
    return _as_text(made, raw)


def _of_nothing(made: Made, producer: Producer) -> Made:
    """No value stays none, whatever the domain."""
    if producer.sql is not None and not sql.is_column(sql.parse(producer.sql)):
        made.facts.append(Fact("value", "the expression gives none for these values"))
    made.retold = None
    return made


def _is_said(facts: list[Fact], raw: object, value: object) -> bool:
    """A value of another SDTM variable is ISO 8601 already: nothing happened to it."""
    return raw == value and len(facts) == 1 and raw is not None


def _as_number(made: Made, raw: object) -> Made:
    if isinstance(raw, str):
        try:
            made.retold = float(raw)
        except ValueError:
            made.facts.append(Fact("issue", f"not-a-number: {shown(raw)} is not a number"))
            made.retold = None
    else:
        made.retold = raw
    return made


def _as_text(made: Made, raw: object) -> Made:
    """Blanks around a text go."""
    if not isinstance(raw, str):  # DuckDB writes it as text: there is nothing of ours to follow
        made.facts.append(Fact("text", f"{shown(raw)} is written as text"))
        return made
    text = raw.replace("\xa0", " ").strip(" ") or None
    if text != raw:
        made.facts.append(Fact("text", f"{shown(raw)} -> {shown(text)}: blanks around a text go"))
    made.retold = text
    return made
