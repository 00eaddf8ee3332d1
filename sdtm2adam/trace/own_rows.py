"""flag, seq and imputed in words: what the rows of one dataset say of each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sdtm2adam.build.relation import From
from sdtm2adam.build.scope import SUBJECT, Scope
from sdtm2adam.spec import sql
from sdtm2adam.spec.producer import Producer
from sdtm2adam.spec.yaml import Text
from sdtm2adam.trace.again import Place
from sdtm2adam.trace.made import Made
from sdtm2adam.trace.other_rows import raw_of
from sdtm2adam.trace.story import Fact, Step, shown

if TYPE_CHECKING:
    from sdtm2adam.trace.narrator import Narrator

_NOT_NAMED = "it depends on the other records of its group, which lineage does not name"


def tell_flag(n: Narrator, scope: Scope, place: Place, column: str, producer: Producer) -> tuple[Made, object]:
    """Y on the first, last or all rows of a group."""
    verb = producer.flag
    assert verb is not None
    raw, _ = raw_of(n, place, column)
    by = [str(item) for item in verb.by] if verb.by is not None else [SUBJECT]
    which = "every record" if verb.take == "all" else f"the {verb.take} record by [{', '.join(verb.order)}]"
    until = f", up to the first where {verb.until}" if verb.until is not None else ""
    where = f" of those where {verb.where}" if verb.where is not None else ""
    facts = [Fact("method", f"Y on {which} of each {', '.join(by) or 'dataset'}{where}{until}")]
    reads: list[Step] = []
    if verb.where is not None:
        true = n.again.evaluate(scope, place.row, verb.where)
        facts.append(Fact("where", f"{verb.where}: {'true' if true else 'not true'} for this record"))
        reads = n.reads(scope, place.row, verb.where)
    facts += group_facts(n, scope, place.row, by, verb.order, verb.where)
    return Made(facts, reads), raw


def tell_seq(n: Narrator, scope: Scope, place: Place, column: str, producer: Producer) -> tuple[Made, object]:
    """1, 2, 3, ... within a group."""
    verb = producer.seq
    assert verb is not None
    raw, _ = raw_of(n, place, column)
    by = [str(item) for item in verb.by] if verb.by is not None else [SUBJECT]
    facts = [Fact("method", f"1, 2, 3, ... within {', '.join(by) or 'the dataset'} by [{', '.join(verb.order)}]")]
    return Made([*facts, *group_facts(n, scope, place.row, by, verb.order, None)]), raw


def group_facts(
    n: Narrator, scope: Scope, row: int, by: Sequence[str], order: Sequence[Text], where: Text | None
) -> list[Fact]:
    """The group of a record, how many it holds, and by what the record is placed in it."""
    mine = [f"{name}={shown(n.again.evaluate(scope, row, Text(name)))}" for name in by]
    size = _size(n, scope, row, by, where)
    facts = [Fact("group", f"{', '.join(mine) or 'all records'}: {size:,} record{'' if size == 1 else 's'}")]
    items = [sql.split_order(text)[0] for text in order]
    placed = [f"{item}={shown(n.again.evaluate(scope, row, item))}" for item in items]
    if placed:
        facts.append(Fact("order", ", ".join(placed)))
    return [*facts, Fact("note", _NOT_NAMED)]


def _size(n: Narrator, scope: Scope, row: int, by: Sequence[str], where: Text | None) -> int:
    """How many rows of the dataset are in the group of a row, and meet a condition."""
    source = From(scope.relation)
    groups = [f"{scope.refer('', name, Text(name)).sql(source)} AS g{i}" for i, name in enumerate(by)]
    kept = f"coalesce({scope.bind(where).compile(source).sql}, false)" if where is not None else "true"
    rows = f"SELECT {', '.join(['r._row AS _row', f'{kept} AS kept', *groups])} {source.clause()}"
    same = " AND ".join(["b.kept", *(f"a.g{i} IS NOT DISTINCT FROM b.g{i}" for i in range(len(by)))])
    return int(n.again.plan.warehouse.one(
        f"WITH x AS ({rows}) SELECT count(*) FROM x a JOIN x b ON {same} WHERE a._row = {row}"
    ))  # fmt: skip


def tell_imputed(n: Narrator, scope: Scope, place: Place, column: str, producer: Producer) -> Made:
    """The level to which a date was imputed, by the rule that made the date."""
    target = str(producer.imputed)
    level = n.again.value(place, column)
    words = {"D": "the day", "M": "month and day", "Y": "the whole date", "H": "the time", "S": "seconds"}
    said = words.get(str(level), "nothing: the date is as collected, or missing")
    if str(level) == "M" and column.endswith("TMF"):
        said = "minutes and seconds"
    facts = [Fact("method", f"what the rule of {target} imputed: {said}")]
    del scope
    return Made(facts, [n.cell(place, target)])
