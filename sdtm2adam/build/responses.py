"""response blocks: the records of each measure, brought to the response library."""

from __future__ import annotations

from dataclasses import dataclass

from sdtm2adam.build.losses import tell_losses
from sdtm2adam.build.matching import Matching, plan_matching
from sdtm2adam.build.node import Node
from sdtm2adam.build.plan import Context, Definition, Plan
from sdtm2adam.build.quoting import literal, name
from sdtm2adam.build.relation import From, Link, Part, Relation, Stack, shown_key
from sdtm2adam.build.response.judged import Confirmation, columns, judge
from sdtm2adam.build.response.measured import Inputs, Measured, Window, usable
from sdtm2adam.build.response.method import method_of
from sdtm2adam.build.response_issues import ResponseIssues
from sdtm2adam.build.rows import store_rows
from sdtm2adam.build.scope import Scope
from sdtm2adam.build.times import sequence_of
from sdtm2adam.build.unmet import is_empty, tell_unmet_matching
from sdtm2adam.build.values import plan_value
from sdtm2adam.build.whole_dates import refuse_kind, refuse_undated
from sdtm2adam.errors import SpecError, SpecErrors, nearest
from sdtm2adam.spec.criteria import CriteriaSet, Measure
from sdtm2adam.spec.criteria_sets import find_criteria
from sdtm2adam.spec.dataset import Assessed, ResponseBlock
from sdtm2adam.spec.producer import Candidate, Producer
from sdtm2adam.spec.yaml import Text

_START, _UNTIL = "_START", "_UNTIL"


@dataclass
class ResponseMaker:
    """Declares the response blocks of one dataset."""

    plan: Plan
    context: Context

    def declare(self, block: ResponseBlock, per: Relation, relation: Relation) -> None:
        """Names the columns of the block, and says how its rows are made.

        Raises:
            SpecErrors: there is no such set, it is not accepted, or its measures are not those of the block.
        """
        criteria = find_criteria(block.criteria, self.plan.criteria)
        check_block(block, criteria)
        relation.links["this"] = Link(Stack((Part(per),)), nr="_tnr", srow="_trow")
        where, method = block.criteria.where, method_of(criteria, block)
        for column, label in columns(criteria, block.assessments, confirmed=block.confirm is not None).items():
            said = method if column == "AVALC" else f"As the response ({block.criteria}) was judged"
            relation.names[column] = Definition(where, given=True, label=label, method=said)
        scope = Scope(self.plan, self.context, per, block=True)
        self._own(scope, _START, block.start)
        if block.until is not None:
            self._own(scope, _UNTIL, block.until)
        self.plan.rows_makers[relation] = lambda node: self._plan_rows(block, criteria, scope, relation, node)

    def _own(self, scope: Scope, column: str, producer: Producer) -> None:
        def plan_it(node: Node) -> None:
            plan_value(scope, column, producer, node)

        scope.relation.names[column] = Definition(producer.where, plan_it)

    def _plan_rows(
        self, block: ResponseBlock, criteria: CriteriaSet, scope: Scope, relation: Relation, node: Node
    ) -> None:
        per = scope.relation
        node.needs += [self.plan.rows_node(per), self.plan.node(per, _START)]
        node.needs += [self.plan.node(per, _UNTIL)] if block.until is not None else []
        plans = {measure: self._plan_measure(scope, said, node) for measure, said in block.assessments.items()}
        stack = Stack(tuple(part for matching in plans.values() for part in matching.stack.parts))

        def run() -> None:
            for word, column, made in (("start", _START, block.start), ("until", _UNTIL, block.until)):
                if made is not None:
                    refuse_kind(node, f"response: {word}", made.sql, per.types[column], made.where)
            subjects = self._subjects(per, block)
            measured, first = {}, 0
            for measure, matching in plans.items():
                said = block.assessments[measure]
                self._watch(matching, said, node)
                kind = criteria.measures[measure]
                measured[measure] = self._measured(matching, said, kind, first, relation, measure, node)
                first += len(matching.stack.parts)
            self._store(Inputs(criteria, subjects, measured), block, per, relation, stack)

        node.run = run

    def _plan_measure(self, scope: Scope, said: Assessed, node: Node) -> Matching:
        candidate = Candidate.model_validate({"from": said.from_, "as": said.as_, "where": said.where})
        also = [text for text in (said.date, said.value, said.unit) if text is not None]
        matching = plan_matching(scope, candidate, said.where, node, also)
        for part in matching.stack.parts:
            _, sequence = _record_of(part)
            if sequence:
                matching.verb.column(sequence, Text(sequence, said.from_[0].where))
                node.needs.extend(self.plan.stack_nodes(matching.stack, sequence))
        return matching

    def _watch(self, matching: Matching, said: Assessed, node: Node) -> None:
        """The date of a measure is one, its value a number if it must be; what its expressions cannot read is told."""
        pairs, compiled = matching.match().pairs, matching.verb.compile
        refuse_undated(self.plan, node, "date", said.date, pairs([f"{compiled(said.date)} AS s2a_date"]))
        if said.unit is not None and said.value is not None:
            kind = self.plan.warehouse.types_of(pairs([f"{compiled(said.value)} AS s2a_value"]))["s2a_value"]
            if kind == "VARCHAR":
                what = f"{shown_key(node.title)}: value: {str(said.value)!r} is text, and must be a number"
                mend = f"name the numeric column, or write cast({said.value} as double)"
                raise SpecError(what, where=said.value.where, mend=mend)
        tell_losses(matching, [text for text in (said.date, said.value, said.unit) if text is not None], node)

    # --- what is computed ---------------------------------------------------------------------------------------

    def _subjects(self, per: Relation, block: ResponseBlock) -> str:
        source = From(per)
        until = source.own(_UNTIL) if block.until is not None else "NULL"
        return self.plan.warehouse.create(
            f"SELECT r._row AS _row, CAST({source.own(_START)} AS DATE) AS _start, CAST({until} AS DATE) AS _until "
            f"{source.clause()} WHERE {source.own(_START)} IS NOT NULL"
        )

    def _measured(
        self,
        matching: Matching,
        said: Assessed,
        measure: Measure,
        first: int,
        relation: Relation,
        key: str,
        node: Node,
    ) -> Measured:
        compiled = matching.verb.compile
        value = compiled(said.value) if said.value is not None else "NULL"
        kind = "DOUBLE" if measure.kind == "number" else "VARCHAR"
        unit = compiled(said.unit) if said.unit is not None else "NULL"
        items = [
            f"CAST({compiled(said.date)} AS DATE) AS _d",
            f"CAST({value} AS {kind}) AS _v",
            f"CAST({unit} AS VARCHAR) AS _u",
            f"{first} + s._nr AS _nr",
            "s._srow AS _srow",
            f"{_reference(matching.stack)} AS _ref",
        ]
        found = self.plan.warehouse.create(matching.match().pairs(items))
        if is_empty(self.plan, f"SELECT 1 FROM {found}"):
            tell_unmet_matching(matching, node)
        strange = ResponseIssues(self.plan, relation, matching.scope.relation).strange(
            found, measure, key, said.date.where
        )
        table = self.plan.warehouse.create(
            f"SELECT _row, _d, CASE WHEN NOT ({strange}) THEN {usable('_v', measure)} END AS _v, _nr, _srow, _ref "
            f"FROM {found} "
            "WHERE _d IS NOT NULL"
        )
        before = measure.before if said.before == "set" else said.before
        after = measure.after if said.after == "set" else said.after
        return Measured(measure, table, Window(before, after))

    def _store(self, inputs: Inputs, block: ResponseBlock, per: Relation, relation: Relation, stack: Stack) -> None:
        warehouse, where = self.plan.warehouse, block.criteria.where
        told = ResponseIssues(self.plan, relation, per)
        told.unverified(inputs.criteria, where)
        for key, one in inputs.measured.items():
            told.tied(key, one, where)
        confirm = block.confirm
        confirmation = Confirmation(tuple(map(str, confirm.responses)), confirm.days) if confirm is not None else None
        judged = judge(inputs, confirmation, warehouse.create)
        own = ", ".join(
            f"j.{name(c)}" for c in columns(inputs.criteria, inputs.measured, confirmed=confirm is not None)
        )
        store_rows(
            self.plan,
            relation,
            f"SELECT row_number() OVER (ORDER BY p._row, j._d) - 1 AS _row, 0 AS _tnr, p._row AS _trow, {own} "
            f"FROM {judged.rows} j JOIN {per.rows} p ON p._row = j._row",
        )
        edges = warehouse.create(
            f"SELECT r._row, d._nr, d._srow FROM {relation.rows} r JOIN {judged.records} d "
            "ON d._row = r._trow AND d._d = r.ADT"
        )
        relation.edges = (edges, stack)
        told.without_start(f"SELECT _row FROM {inputs.subjects}", block.start.where or where)
        told.not_assessed(inputs.subjects, where)


def check_block(block: ResponseBlock, criteria: CriteriaSet) -> None:
    """Refuses a block that does not fit its set.

    Raises:
        SpecErrors: the set is not verified and not accepted; a measure is unknown, missing, or said in a wrong way.
    """
    errors = []
    place = block.criteria.where
    if criteria.unverified and not block.accept_unverified:
        what = f"the criteria set {criteria.criteria} has what nobody verified: {', '.join(criteria.unverified)}"
        errors.append(SpecError(what, where=place, mend="verify it, or say accept_unverified: true"))
    for key, said in block.assessments.items():
        measure = criteria.measures.get(key)
        if measure is None:
            mend = nearest(key, criteria.measures)
            errors.append(SpecError(f"{criteria.criteria} has no measure {key!r}", where=said.date.where, mend=mend))
            continue
        for thing, wanted in (("value", measure.kind != "event"), ("unit", measure.kind == "number")):
            if (getattr(said, thing) is not None) != wanted:
                mend = f"say {thing}:" if wanted else "leave it out"
                what = f"{key}: {thing} is {'missing' if wanted else 'of no use'}; its kind is {measure.kind}"
                errors.append(SpecError(what, where=said.date.where, mend=mend))
    for key, measure in criteria.measures.items():
        if key not in block.assessments and not measure.optional:
            what = f"assessments: {key} is missing, which {criteria.criteria} needs"
            errors.append(SpecError(what, where=place, mend=f"say where {measure.label} are found"))
    known = [str(response.response) for response in criteria.responses]
    errors += [
        SpecError(f"confirm: no response {str(text)!r}", where=text.where, mend=nearest(text, known))
        for text in (block.confirm.responses if block.confirm is not None else ())
        if text not in known
    ]
    if errors:
        raise SpecErrors(errors)


def _record_of(part: Part) -> tuple[str, str]:
    """The dataset that records of a source come from, through blocks, and its --SEQ where the source has it."""
    home = part.relation
    while "/" in home.key and (link := home.links.get("")) is not None and len(link.stack.parts) == 1:
        home = link.stack.parts[0].relation
    sequence = sequence_of(Stack((Part(home),)), home)
    return home.key.split("/")[0], sequence if sequence and part.actual(sequence) else ""


def _reference(stack: Stack) -> str:
    """SQL of how a record is called: `LB 12`, or its dataset where records have no number."""
    branches = []
    for number, part in enumerate(stack.parts):
        dataset, sequence = _record_of(part)
        shown = f"'{dataset} ' || CAST(CAST(s.{name(sequence)} AS BIGINT) AS VARCHAR)" if sequence else literal(dataset)
        branches.append(f"WHEN {number} THEN {shown}")
    return f"CASE s._nr {' '.join(branches)} END"
