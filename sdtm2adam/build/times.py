"""tte blocks: who, from when, and whose dates end the time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sdtm2adam.build.losses import tell_losses
from sdtm2adam.build.matching import Matching, plan_matching
from sdtm2adam.build.node import Node
from sdtm2adam.build.plan import Context, Definition, Plan
from sdtm2adam.build.record_names import names_of
from sdtm2adam.build.relation import From, Link, Part, Relation, Stack, shown_key
from sdtm2adam.build.rows import store_rows
from sdtm2adam.build.scope import Scope
from sdtm2adam.build.select import tte as tte_verb
from sdtm2adam.build.select.tte import Ending
from sdtm2adam.build.unmet import tell_unmet_matching
from sdtm2adam.build.values import plan_value
from sdtm2adam.build.whole_dates import refuse_kind, refuse_undated
from sdtm2adam.model import Issue, Severity
from sdtm2adam.spec import sql
from sdtm2adam.spec.dataset import Source, Tte
from sdtm2adam.spec.producer import Candidate, Producer
from sdtm2adam.spec.yaml import Text

_GIVEN = ("ADT", "STARTDT", "CNSR", "EVNTDESC", "CNSDTDSC", "SRCDOM", "SRCVAR", "SRCSEQ")
_UNTIL = "_UNTIL"
Keys = tuple[str, ...]


@dataclass
class TimeMaker:
    """Declares the tte blocks of one dataset."""

    plan: Plan
    context: Context

    def declare(self, tte: Tte, per: Relation, relation: Relation, where: str) -> None:
        """Names the columns of the block, and says how its rows are made."""
        sources = [self._source(said) for said in (*tte.events, *tte.censors)]
        parts = [p for s in sources for p in self.plan.stack((s.from_,), {}, self.context).parts]
        relation.links[""] = Link(Stack(tuple(parts)))
        relation.links["this"] = Link(Stack((Part(per),)), nr="_tnr", srow="_trow")
        made = [column for source in sources for column in (*source.set, *source.const)]
        for column in dict.fromkeys([*_GIVEN, *made]):
            relation.names[column] = Definition(where, given=True)
        scope = Scope(self.plan, self.context, per, block=True)
        self._own(scope, "STARTDT", tte.start)
        if tte.until is not None:
            self._own(scope, _UNTIL, tte.until)
        self.plan.rows_makers[relation] = lambda node: self._plan_rows(tte, scope, relation, made, node)

    def _own(self, scope: Scope, column: str, producer: Producer) -> None:
        def plan_it(node: Node) -> None:
            plan_value(scope, column, producer, node)

        scope.relation.names[column] = Definition(producer.where, plan_it)

    def _source(self, said: Text | Source) -> Source:
        return self.plan.source(said, self.context)

    def _plan_rows(self, tte: Tte, scope: Scope, relation: Relation, made: list[str], node: Node) -> None:
        per = scope.relation
        node.needs.append(self.plan.rows_node(per))
        node.needs.append(self.plan.node(per, "STARTDT"))
        if tte.until is not None:
            node.needs.append(self.plan.node(per, _UNTIL))
        plans = [self._plan_source(scope, self._source(said), tte, node) for said in (*tte.events, *tte.censors)]
        where = plans[0][0].scope.context.spec.dataset.where

        def run() -> None:
            self._refuse_undated(per, tte, node)
            endings, first = [], 0
            for place, (matching, source) in enumerate(plans, start=1):
                is_event = place <= len(tte.events)
                self._watch_source(matching, source, node)
                endings.append(self._ending(matching, source, tte, place, first, is_event, made))
                first += len(matching.stack.parts)
            found = self._store(per, relation, endings, len(tte.events), made, where)
            for place, (matching, _) in enumerate(plans, start=1):
                if place not in found:
                    tell_unmet_matching(matching, node)

        node.run = run

    def _refuse_undated(self, per: Relation, tte: Tte, node: Node) -> None:
        """Times go from a date to a date."""
        for key, column, said in (("start", "STARTDT", tte.start), ("until", _UNTIL, tte.until)):
            if said is not None:
                refuse_kind(node, f"tte: {key}", said.sql, per.types[column], said.where)

    def _watch_source(self, matching: Matching, source: Source, node: Node) -> None:
        """Its date is one; what it, and what the source makes beside it, cannot read is told."""
        select = matching.match().pairs([f"{matching.verb.compile(source.date)} AS s2a_date"])
        refuse_undated(self.plan, node, "date", source.date, select)
        tell_losses(matching, [source.date, *(Text(column, source.date.where) for column in source.set)], node)

    def _plan_source(self, scope: Scope, source: Source, tte: Tte, node: Node) -> tuple[Matching, Source]:
        candidate = Candidate.model_validate({"from": [source.from_], "where": source.where, "const": source.const})
        candidate = candidate.model_copy(update={"set": source.set})
        also = [source.date, Text("THIS.STARTDT", source.date.where)]
        if tte.until is not None:
            also.append(Text(f"THIS.{_UNTIL}", source.date.where))
        also += [Text(column, source.date.where) for column in (*source.set, *source.const)]
        matching = plan_matching(scope, candidate, source.where, node, also)
        if sequence := sequence_of(matching.stack, self._origin(matching.stack)):
            matching.verb.column(sequence, Text(sequence, source.from_.where))
            node.needs.extend(self.plan.stack_nodes(matching.stack, sequence))
        return matching, source

    def _ending(
        self, matching: Matching, source: Source, tte: Tte, place: int, first: int, is_event: bool, made: list[str]
    ) -> Ending:
        compiled: Callable[[Text], str] = matching.verb.compile
        origin = self._origin(matching.stack)
        sequence = sequence_of(matching.stack, origin)
        names = [column for _, column in sql.columns(sql.parse(source.date))]
        own = {*source.set, *source.const}
        return Ending(
            match=matching.match(first_nr=first, place=place),
            date=compiled(source.date),
            start=compiled(Text("THIS.STARTDT")),
            until=compiled(Text(f"THIS.{_UNTIL}")) if tte.until is not None else "CAST(NULL AS DATE)",
            cnsr=0 if is_event else source.cnsr,
            event=str(source.desc or ""),
            censor="" if is_event else str(source.censor or ""),
            domain=_dataset(origin),
            variable=names[0] if names else "",
            sequence=f's."{sequence}"' if sequence else "NULL",
            values={column: compiled(Text(column)) if column in own else "NULL" for column in dict.fromkeys(made)},
        )

    def _origin(self, stack: Stack) -> Relation:
        """The rows these are; rows of `work` are those of the dataset they were taken from."""
        relation = stack.parts[0].relation
        helpers = {f"{self.context.spec.dataset}/{block.id}" for block in self.context.spec.work}
        while relation.key in helpers and relation.source is not None:
            relation = relation.source.parts[0].relation
        return relation

    def _store(
        self, per: Relation, relation: Relation, endings: list[Ending], events: int, made: list[str], where: str
    ) -> set[int]:
        """Makes the records; the places of the sources of events with a date, and of censorings that count."""
        warehouse = self.plan.warehouse
        dates = warehouse.create(tte_verb.dates_of(endings[:events]))
        self._note_early(per, relation, endings, dates, where)
        event = warehouse.create(tte_verb.first_of(dates, earliest=True))
        censor = warehouse.create(tte_verb.first_of(f"({tte_verb.dates_of(endings[events:])})", earliest=False))
        source = From(per)
        start = source.own("STARTDT")
        starts = f"SELECT r._row AS _row, CAST({start} AS DATE) AS STARTDT {source.clause()} WHERE {start} IS NOT NULL"
        store_rows(self.plan, relation, tte_verb.rows(per.rows, starts, event, censor, list(dict.fromkeys(made))))
        without = warehouse.one(f"SELECT count(*) FROM ({starts})") - relation.count
        if without:
            rest = f"SELECT 0 AS g, _row FROM ({starts}) WHERE _row NOT IN (SELECT _trow FROM {relation.rows})"
            named = names_of(self.plan, per, rest)[0]
            text = f"{without:,} subjects have a start but neither an event nor a censoring date"
            self._note(relation, "tte-no-date", Severity.WARNING, text, where, without, named)
        return {place for table in (dates, censor) for place in self._places(table)}

    def _places(self, table: str) -> list[int]:
        return [place for (place,) in self.plan.warehouse.rows(f"SELECT DISTINCT _place FROM {table}")]

    def _note_early(self, per: Relation, relation: Relation, endings: list[Ending], dates: str, where: str) -> None:
        """Dates of events before the start do not count, and are told."""
        found = self.plan.warehouse.rows(tte_verb.early(dates))
        named = names_of(self.plan, per, f"SELECT _place AS g, _row FROM {dates} WHERE _d < _start") if found else {}
        for place, count in found:
            what = endings[place - 1].event or f"the source {place}"
            text = f"{count:,} dates of {what} lie before the start and do not count"
            self._note(relation, "tte-before-start", Severity.NOTE, text, where, count, named[place])

    def _note(
        self, relation: Relation, rule: str, severity: Severity, text: str, where: str, count: int, keys: Keys
    ) -> None:
        dataset, _, block = relation.key.partition("/")
        said = f"{shown_key(block)}: {text}"
        self.plan.issues.append(
            Issue(dataset=dataset, rule=rule, severity=severity, text=said, records=count, keys=keys, source=where)
        )


def _dataset(relation: Relation) -> str:
    return relation.key.split("/")[0]


def sequence_of(stack: Stack, origin: Relation) -> str:
    """The column that numbers the records of a source, for SRCSEQ; none if helper rows have not kept it."""
    dataset = _dataset(origin)
    domain = dataset.removeprefix("AD")[:2] if dataset.startswith("AD") and len(dataset) > 3 else dataset[:2]
    found = next((n for n in ("ASEQ", f"{domain}SEQ") if n in origin.names), "")
    return found if stack.has(found) else ""
