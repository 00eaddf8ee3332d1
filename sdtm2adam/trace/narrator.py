"""Goes from a value to what made it, down to raw records; each value is told once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sdtm2adam.build.assembly import key_columns
from sdtm2adam.build.scope import SUBJECT, Scope
from sdtm2adam.compute.pieces import in_pieces
from sdtm2adam.spec import sql
from sdtm2adam.spec.yaml import Text
from sdtm2adam.trace.again import Again, Place
from sdtm2adam.trace.blocks_told import tell_block_column
from sdtm2adam.trace.leaves import leaf
from sdtm2adam.trace.made import Made
from sdtm2adam.trace.other_rows import lookup_facts
from sdtm2adam.trace.producers_told import tell_producer
from sdtm2adam.trace.settings_told import with_settings
from sdtm2adam.trace.story import Fact, Step, named, shown


@dataclass
class Narrator:
    """Tells values of one run; `disagreements` gathers what the run wrote otherwise."""

    again: Again
    disagreements: list[str] = field(default_factory=list)
    _told: set[tuple[int, int, str]] = field(default_factory=set)

    # --- one value ----------------------------------------------------------------------------------------------

    def cell(self, place: Place, column: str) -> Step:
        """The story of a column of a row, whatever relation it is of."""
        name = self.name_of(place, column)
        key = (id(place.relation), place.row, column)
        if key in self._told:
            return Step(name, self._known_value(place, column), told=True, facts=self._record(place))
        self._told.add(key)
        if not place.relation.dataset:
            return leaf(self.again, place, column)
        if "/" not in place.relation.key:
            self._goes_on(place, column)
        value = self._known_value(place, column)  # first, for computing it makes the links that are followed
        is_dataset = "/" not in place.relation.key
        made = self._dataset_column(place, column) if is_dataset else tell_block_column(self, place, column)
        if is_dataset:
            _cut(place, column, made)
        facts = [*self._record(place), *with_settings(self.again, made.facts)]
        if made.has_retold and not same(made.retold, value):
            self._disagree(facts, f"{name} is {shown(value)}, but the steps told here make {shown(made.retold)}")
        if is_dataset:
            self._compare_with_run(place, column, value, facts)
        return Step(name, value, tuple(facts), tuple(made.reads))

    def _known_value(self, place: Place, column: str) -> Any:
        if column.removesuffix("~text") not in place.relation.names:
            return None
        return self.again.value(place, column)

    def name_of(self, place: Place, column: str) -> str:
        """How a value is called: `AE.AETERM`, `raw.AE GRADE`; of a block that is no dataset, `ADTTE/LAST.ADT`."""
        key = place.relation.key.split("<")[0]
        if key.startswith(("raw.", "table.")):
            key = key if key.startswith("raw.") else f"table.{key.split('.')[-1]}"
            return f"{key} {column.removesuffix('~text')}"
        context = self.again.plan.contexts.get(place.relation.dataset)
        is_output = context is not None and any(made.key.split("<")[0] == key for _, made in context.outputs)
        return f"{place.relation.dataset if is_output else key}.{column}"

    def record(self, place: Place) -> tuple[tuple[str, object], ...]:
        """What names a record of a dataset: subject and sequence, else its keys."""
        relation = place.relation
        context = self.again.plan.contexts[relation.dataset]
        sequence = [n for n in (f"{context.name[:2]}SEQ", "ASEQ") if n in relation.names]
        keys = [SUBJECT, *sequence[:1]] if sequence else key_columns(context)
        keys = [n for n in dict.fromkeys(keys) if n in relation.names and n != "STUDYID" and not n.startswith("_")]
        return tuple((n, self.again.value(place, n)) for n in keys)

    def _record(self, place: Place) -> tuple[Fact, ...]:
        if not place.relation.dataset or "/" in place.relation.key:
            return ()
        return (Fact("record", named(self.record(place))),)

    def _compare_with_run(self, place: Place, column: str, value: object, facts: list[Fact]) -> None:
        """What was made again must be what the run wrote."""
        name = place.relation.key
        if name not in self.again.record.datasets or column.startswith("_") or "~" in column:
            return
        frame = self.again.stored(name)
        if column not in frame.column_names:
            return
        stored = frame[column][self.again.number(place)].as_py()
        if not same(value, stored):
            self._disagree(facts, f"the run wrote {shown(stored)} for {name}.{column}, made again it is {shown(value)}")

    def _disagree(self, facts: list[Fact], what: str) -> None:
        self.disagreements.append(what)
        facts.append(Fact("DISAGREES", what))

    # --- columns of datasets ------------------------------------------------------------------------------------

    def _dataset_column(self, place: Place, column: str) -> Made:
        """By the producer of the dataset, by `include`, or by the block the record came from."""
        context = self.again.plan.contexts[place.relation.key]
        producer = context.spec.variables.get(column) or context.spec.supp.get(column)
        if producer is not None and producer.verb:
            return tell_producer(self, place, column, producer)
        if (source := self._included_from(place, column)) is not None:
            text = Text(f"{source}.{column}", context.spec.dataset.where)
            read = self.read(self.again.scope(place), place.row, source, column, text)
            spec = next(iter(chosen.where for chosen in context.spec.include[source].names if chosen == column), "")
            return Made([Fact("spec", f"{self.again.line(spec or text.where)} (include: {source})")], [read])
        if column not in place.relation.names:
            said = f"the standard expects {column}; the spec does not make it, so it is empty"
            return Made([Fact("method", said)], [], None)
        if base := self._goes_on(place, column):
            said = f"the text of {base} has more than 200 bytes and goes on here"
            return Made([Fact("text", said)], [self.cell(place, base)])
        found = self.again.follow(place, "")
        if found is None or (actual := found.part.actual(column)) is None:
            return Made([Fact("method", f"the block of records that made this record makes no {column}")], [], None)
        return tell_block_column(self, found.place, actual)

    def _goes_on(self, place: Place, column: str) -> str:
        """The long text that goes on in a column (TSVAL in TSVAL1); computing it cuts it."""
        base = column.rstrip("0123456789")
        if base == column or base not in place.relation.names:
            return ""
        self.again.value(place, base)
        number = int(column[len(base) :])
        return base if 0 < number <= place.relation.pieces.get(base, 0) else ""

    def _included_from(self, place: Place, column: str) -> str | None:
        """The dataset that a column is included from."""
        context = self.again.plan.contexts[place.relation.key]
        blocks = [made.names[column] for _, made in context.outputs if column in made.names]
        if any(not getattr(definition, "implied", False) for definition in blocks):
            return None
        for source, chosen in context.spec.include.items():
            left_out = column in map(str, chosen.except_)
            other = self.again.plan.relations.get(source)
            if column in map(str, chosen.names):
                return source
            if chosen.all and not left_out and other is not None and column in other.names:
                return source
        return None

    # --- what an expression reads -------------------------------------------------------------------------------

    def reads(self, scope: Scope, row: int, text: Text) -> list[Step]:
        """The values that an expression over one row reads."""
        self.again.need(scope.bind(text).needs)
        return [self.read(scope, row, q, n, text) for q, n in sql.columns(sql.parse(text))]

    def read(self, scope: Scope, row: int, qualifier: str, column: str, text: Text) -> Step:
        """The value that one name means."""
        place = Place(scope.relation, row)
        if qualifier and qualifier != "THIS":
            return self._through_lookup(scope, row, qualifier, column, text)
        link = "this" if qualifier else scope.bare_link
        source = scope.relation.links.get(link) if scope.block or qualifier else None
        if source is None or not source.stack.has(column):
            return self.cell(place, column)
        found = self.again.follow(place, link)
        if found is None:
            return Step(column, None, (Fact("note", "there is no record to read it from"),))
        actual = found.part.actual(column)
        if actual is None:
            return Step(f"{found.place.relation.key} {column}", None, (Fact("note", "this source has no such column"),))
        return self.cell(found.place, actual)

    def _through_lookup(self, scope: Scope, row: int, lookup: str, column: str, text: Text) -> Step:
        """NAME.COLUMN: the row that the lookup found, and the column there."""
        place = Place(scope.relation, row)
        name = f"{lookup}.{column}"
        value = self.again.evaluate(scope, row, Text(f'{lookup}."{column}"', text.where))
        facts, reads = lookup_facts(self, scope, place, lookup, column, text)
        if len(reads) == 1 and not facts and reads[0].name == name:
            return reads[0]
        return Step(name, value, tuple(facts), tuple(reads))

    def first_time(self, place: Place, what: str) -> bool:
        """Whether something of a row (a lookup) is told for the first time."""
        key = (id(place.relation), place.row, what)
        known = key in self._told
        self._told.add(key)
        return not known


def _cut(place: Place, column: str, made: Made) -> None:
    """A text of more than 200 bytes keeps its first piece in the variable of a dataset."""
    if place.relation.pieces.get(column) and isinstance(made.retold, str):
        pieces = in_pieces(made.retold)
        if len(pieces) > 1:
            made.facts.append(Fact("text", f"a text of more than 200 bytes: this is the first of {len(pieces)} pieces"))
            made.retold = pieces[0]


def same(one: Any, other: Any) -> bool:
    """Whether a value that was made again is the one that was written: numbers by value, true and false as Y and N."""
    if isinstance(one, bool):
        one = "Y" if one else "N"
    if one is None or other is None:
        return one is other
    if isinstance(one, datetime) or isinstance(other, datetime):
        one, other = _moment(one), _moment(other)
    if hasattr(one, "__float__") and hasattr(other, "__float__"):
        return float(one) == float(other)
    return isinstance(one, str) == isinstance(other, str) and bool(one == other)


def _moment(value: Any) -> Any:
    return value if isinstance(value, datetime) or not isinstance(value, date) else datetime(*value.timetuple()[:3])
