"""SDTM: a produced value becomes a value of its variable's domain in the standard.

Dates become ISO 8601, numbers numbers, terms submission values, texts trimmed. What cannot become one is an issue.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa

from sdtm2adam.build.auto import Auto
from sdtm2adam.build.functions import Compiled
from sdtm2adam.build.mapped import Answer, Decide, Mapping, Problem, Values, hidden, plan_mapping
from sdtm2adam.build.node import Node
from sdtm2adam.build.probe import Probe
from sdtm2adam.build.raw_columns import collected
from sdtm2adam.build.scope import Scope, made_by
from sdtm2adam.build.standardize import RESULTS, plan_decode, plan_standardize
from sdtm2adam.build.terminology import Terms, clean, no_codelist
from sdtm2adam.build.values import Coerce, plan_guarded, plan_value
from sdtm2adam.build.visit_label import VISIT_LABEL
from sdtm2adam.build.visit_table import label_terms
from sdtm2adam.compute.iso import (
    DateForms,
    Unreadable,
    fault_of,
    has_other_time,
    iso_time,
    joined,
    without_midnight_twice,
)
from sdtm2adam.errors import SpecError
from sdtm2adam.model import Severity
from sdtm2adam.spec import sql, standards
from sdtm2adam.spec.library import Specs
from sdtm2adam.spec.producer import Pick, Producer, as_producer
from sdtm2adam.spec.standards import VariableFact
from sdtm2adam.spec.yaml import Text

Step = Callable[[str], Compiled]


def plan_plain(specs: Specs) -> Coerce:
    """The producer of ADaM values of a study: nothing is coerced, the types must agree."""

    def plan(scope: Scope, column: str, producer: Producer, node: Node) -> None:
        if producer.verb == "auto":
            Auto(specs, plan, _no_terms).plan(scope, column, producer, node)
        elif producer.decode is not None and producer.when is None:
            plan_decode(scope, column, str(producer.decode), producer.where, node)
        else:
            plan_value(scope, column, producer, node)

    return plan


def _no_terms(_scope: Scope, _target: str, _codelist: Text | None = None) -> Terms | None:
    """ADaM has no results in standard units to name."""
    return None


@dataclass
class Coercion:
    """Plans SDTM values."""

    specs: Specs

    def plan(self, scope: Scope, column: str, producer: Producer, node: Node) -> None:
        """Fills the node of an SDTM variable, helper or qualifier."""
        if producer.verb == "auto":
            Auto(self.specs, self.plan, self.terms_of).plan(scope, column, producer, node)
            return
        if self._is_finding(scope, column, producer, node):
            return
        if producer.when is not None and producer.verb not in ("sql", "const"):
            like = producer.like if producer.like is not None else Text(column, producer.where)
            plan_guarded(scope, column, producer.model_copy(update={"like": like}), node, self.plan)
            return
        if producer.verb == "datetime":
            self._plan_datetime(scope, column, producer, node)
            return
        target = str(producer.like) if producer.like is not None else column
        decide = self._decide(scope, target, producer)
        if decide is not None:
            self._plan_by_way_of(scope, column, producer, node, decide)
        elif producer.verb in ("pick", "exists", "agg", "flag", "seq", "python"):
            self._plan_in_two_steps(scope, column, producer, node)
        else:
            self._plan_in_one_step(scope, column, producer, node)

    def _is_finding(self, scope: Scope, column: str, producer: Producer, node: Node) -> bool:
        """The verbs `decode` and `standardize`, which `auto` uses by the name of a variable."""
        where = producer.where or node.where
        if producer.decode is not None and producer.when is None:
            code = str(producer.decode).replace("--", scope.context.name[:2])
            plan_decode(scope, column, code, where, node)
        elif producer.standardize is not None:
            if column[2:] not in RESULTS or producer.when is not None:
                said = f"{scope.context.name}.{column}: standardize makes --STRESC, --STRESN and --STRESU, without when"
                raise SpecError(said, where=where, mend="use an expression")
            plan_standardize(self.specs, self.terms_of, scope, column, where, node)
        return producer.standardize is not None or (producer.decode is not None and producer.when is None)

    def plan_raw(self, scope: Scope, column: str, producer: Producer, node: Node) -> None:
        """A value before it is coerced: a number column that stands alone, for a text, is the text as collected."""
        plan_value(scope, column, self._as_collected(scope, column, producer), node)

    def _as_collected(self, scope: Scope, column: str, producer: Producer) -> Producer:
        target = str(producer.like) if producer.like is not None else column.removeprefix("_~").split("~")[0]
        fact = standards.sdtm_variable(scope.context.name, target)
        if fact is not None and fact.numeric:
            return producer
        if producer.pick is not None:
            return producer.model_copy(update={"pick": self._picked_as_collected(scope, producer.pick)})
        if producer.sql is None:
            return producer
        qualifier, bare = sql.as_name(producer.sql)
        if not bare or not self._has_text(scope, qualifier, bare):
            return producer
        text = f'{qualifier}."{collected(bare)}"' if qualifier else f'"{collected(bare)}"'
        return producer.model_copy(update={"sql": Text(text, producer.sql.where)})

    def _has_text(self, scope: Scope, qualifier: str, column: str) -> bool:
        """Whether a name means a raw number, whose text as collected stands beside it."""
        if not qualifier:
            source = scope.relation.source if scope.block else None
            return source is not None and source.has(collected(column))
        lookup = scope.context.spec.lookups.get(qualifier)
        if lookup is None or column in made_by(lookup) or any(column in made_by(one) for one in lookup.candidates):
            return False
        return scope.plan.lookup_stack(lookup, scope.context).has(collected(column))

    def _picked_as_collected(self, scope: Scope, pick: Pick) -> Pick:
        bare = sql.as_bare_name(pick.value) if pick.value is not None else ""
        if not bare or pick.value is None or not scope.plan.lookup_stack(pick, scope.context).has(collected(bare)):
            return pick
        return pick.model_copy(update={"value": Text(f'"{collected(bare)}"', pick.value.where)})

    def _plan_in_one_step(self, scope: Scope, column: str, producer: Producer, node: Node) -> None:
        """A number or a text: an expression over the row."""
        self.plan_raw(scope, column, producer, node)
        inner, step = node.expression, self._step(scope, str(producer.like or column))
        assert inner is not None
        node.expression = lambda source: _chained(inner(source), step)

    def _plan_by_way_of(self, scope: Scope, column: str, producer: Producer, node: Node, decide: Decide) -> None:
        """The raw value in a hidden column, then each distinct value decided once."""
        key = f"_~{column}"
        raw = hidden(scope.relation, column, lambda inner: self.plan_raw(scope, key, producer, inner), producer.where)
        mapping = Mapping((raw,), ((column, pa.string()),), decide, column, producer.where)
        plan_mapping(scope.plan, scope.relation, mapping, node)

    def _plan_in_two_steps(self, scope: Scope, column: str, producer: Producer, node: Node) -> None:
        """A verb makes its own table: its value is coerced in a second step, from a hidden column."""
        key = f"_~{column}"
        raw = hidden(scope.relation, column, lambda inner: self.plan_raw(scope, key, producer, inner), producer.where)
        step = self._step(scope, str(producer.like or column))
        node.needs.append(scope.plan.node(scope.relation, raw))
        node.expression = lambda source: _chained(Compiled(source.own(raw)), step)

    def _plan_datetime(self, scope: Scope, column: str, producer: Producer, node: Node) -> None:
        """Date and time joined; a missing time gives a date, a time without a date null and an issue."""
        parts = producer.datetime or ()
        if len(parts) not in (1, 2):
            raise SpecError(
                "a list joins a date and a time", where=producer.where or node.where, mend="write [DATE, TIME]"
            )
        reads = tuple(
            hidden(scope.relation, f"{column}~{i}", self._raw(scope, f"_~{column}~{i}", text), producer.where)
            for i, text in enumerate(parts)
        )
        forms = self._forms(producer)
        mapping = Mapping(
            reads, ((column, pa.string()),), lambda values: _moment(values, forms), column, producer.where
        )
        plan_mapping(scope.plan, scope.relation, mapping, node)

    def _raw(self, scope: Scope, column: str, text: Text) -> Callable[[Node], None]:
        return lambda inner: self.plan_raw(scope, column, as_producer(text), inner)

    # --- domains ------------------------------------------------------------------------------------------------

    def _decide(self, scope: Scope, target: str, producer: Producer) -> Decide | None:
        """What decides the values of a date or of a term; None for numbers and plain texts."""
        if target == VISIT_LABEL:
            labels = label_terms(self.specs)
            return labels.decide if labels else None
        if target.startswith("_"):
            return None
        fact = standards.sdtm_variable(scope.context.name, target)
        if fact is not None and fact.domain == "datetime":
            forms = self._forms(producer)
            return lambda values: _moment(values, forms)
        if fact is not None and fact.numeric:
            return None
        if producer.codelist == "none":
            return None
        terms = self._terms(scope, target, producer, fact)
        return terms.decide if terms else None

    def _step(self, scope: Scope, target: str) -> Step:
        """The SQL that makes a number or a trimmed text."""
        if target.startswith("_"):
            return lambda value: Compiled(value)
        fact = standards.sdtm_variable(scope.context.name, target)
        return _number_step if fact is not None and fact.numeric else _text_step

    def _forms(self, producer: Producer) -> DateForms:
        dates = self.specs.study.dates
        formats = producer.formats or dates.formats
        for form in formats:
            if fault := fault_of(str(form)):
                mend = "write a form of YYYY, YY, MON, MM, DD, HH, MI, SS and what stands between them: DD-MON-YYYY"
                raise SpecError(f"the form of dates {str(form)!r} {fault}", where=form.where, mend=mend)
        return DateForms(tuple(map(str, formats)), tuple(map(str, dates.missing)), dates.century)

    def terms_of(self, scope: Scope, target: str, codelist: Text | None = None) -> Terms | None:
        """The terms of a variable by a codelist that is named, or the standard's, and the study's map."""
        said = as_producer({"standardize": {}, "codelist": codelist}) if codelist is not None else None
        return self._terms(scope, target, said, standards.sdtm_variable(scope.context.name, target))

    def _terms(self, scope: Scope, target: str, producer: Producer | None, fact: VariableFact | None) -> Terms | None:
        local = scope.context.maps.get(target, {})
        lists, beside = self.specs.terminology.of(fact.codelists if fact else ()), fact.values if fact else ()
        if producer is not None and producer.codelist is not None:
            lists = self.specs.terminology.called(str(producer.codelist))
            if not lists:
                raise no_codelist(self.specs.terminology, producer.codelist)
            beside = ()
        return Terms.of(target, local, lists, beside)


_TWO_TIMES = Problem(
    "time-twice", "has a time in the date and another beside it: neither is kept; take the date alone by left(DATE, 10)"
)
_END_OF_DAY = Problem("time-end-of-day", "is the end of a day: kept as 00:00 of the next", Severity.NOTE)


def _moment(values: Values, forms: DateForms) -> Answer:
    """ISO 8601 of a date, and of its time if there is one."""
    date, time = (*map(clean, values), None)[:2]
    problems: list[Problem] = []
    day = clock = None
    try:
        day = forms.iso(date) if date is not None else None
    except Unreadable:
        problems.append(Problem("date-unreadable", "cannot be read as a date"))
    try:
        clock = iso_time(time) if time is not None else None
    except Unreadable:
        problems.append(Problem("time-unreadable", "cannot be read as a time"))
    if clock is not None and day is None and not problems:
        problems.append(Problem("time-without-date", "is a time without a date"))
    elif day is not None and has_other_time(day, clock):
        problems.append(_TWO_TIMES)
    elif clock is not None and day is not None and (len(day) < 10 or "---" in day):
        problems.append(Problem("time-not-kept", "has a time that is not kept, for the date is partial", Severity.NOTE))
    moment = joined(day, clock)
    if moment is not None and "T24" in moment:
        problems.append(_END_OF_DAY)
        moment = without_midnight_twice(moment)
    return Answer((moment,), tuple(problems))


def _chained(inner: Compiled, step: Step) -> Compiled:
    made = step(inner.sql)
    return Compiled(made.sql, [*inner.probes, *made.probes])


def _number_step(value: str) -> Compiled:
    number = f"try_cast({value} as double)"
    return Compiled(
        number, [Probe("not-a-number", f"({value}) is not null and {number} is null", value, "is not a number")]
    )


def _text_step(value: str) -> Compiled:
    """Blanks around a text go, a no-break space is a blank; an empty text is missing; a whole number has no point."""
    text = f"cast({value} as varchar)"
    text = f"case when typeof({value}) in ('DOUBLE', 'FLOAT') then regexp_replace({text}, '[.]0$', '') else {text} end"
    return Compiled(f"nullif(trim(replace({text}, chr(160), ' ')), '')")
