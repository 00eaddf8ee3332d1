"""`auto`: what the standard itself prescribes, by the name of the variable. Nothing is automatic without the word."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sdtm2adam.build.node import Node
from sdtm2adam.build.raw_columns import subject_column
from sdtm2adam.build.scope import Bound, Scope
from sdtm2adam.build.standardize import TermsOf, plan_decode, plan_standardize
from sdtm2adam.build.values import SUBJECT, Coerce, plan_value
from sdtm2adam.build.visits import plan_visit
from sdtm2adam.errors import SpecError
from sdtm2adam.spec import sql
from sdtm2adam.spec.library import Specs
from sdtm2adam.spec.producer import Flag, Pick, Producer, Seq, as_producer
from sdtm2adam.spec.yaml import Text

_FINDING_GROUPS = ("TESTCD", "SPEC", "LOC", "METHOD", "POS", "EVAL", "EVALID", "CAT")


@dataclass
class Auto:
    """The automatic producers of a study."""

    specs: Specs
    value: Coerce
    terms_of: TermsOf

    def plan(self, scope: Scope, column: str, producer: Producer, node: Node) -> None:
        """Fills the node of a variable whose producer is `auto`.

        Raises:
            SpecError: the standard prescribes no way to make it, or what it needs is not there.
        """
        where = producer.where or node.where
        if producer.when is not None:
            raise SpecError(f"{column}: auto takes no when", where=where, mend="write the producer out, with when")
        self._rule(scope, column, where)(scope, column, where, node)

    def _rule(self, scope: Scope, column: str, where: str) -> Callable[[Scope, str, str, Node], None]:
        stem = column[2:] if column.startswith(scope.context.name[:2]) else ""
        if column == "ASEQ" or stem == "SEQ":
            return self._sequence
        if stem in ("DY", "STDY", "ENDY"):
            return self._study_day
        if column == "EPOCH":
            return self._epoch
        if column in ("VISITNUM", "VISIT", "VISITDY"):
            return lambda s, c, w, n: plan_visit(self.specs, s, c, w, n)
        if stem == "TEST":
            return lambda s, c, w, n: plan_decode(s, c, c + "CD", w, n)
        if stem in ("STRESC", "STRESN", "STRESU"):
            return lambda s, c, w, n: plan_standardize(self.specs, self.terms_of, s, c, w, n)
        if stem == "LOBXFL":
            return self._last_before_exposure
        if column == "SITEID":
            return self._site
        raise SpecError(
            f"{scope.context.name}.{column}: the standard prescribes no way to make it", where=where,
            mend="write a producer; auto knows --SEQ, --DY, EPOCH, VISITNUM, VISIT, VISITDY, --TEST, --STRESC/N/U, "
            "--LOBXFL, SITEID, ASEQ",
        )  # fmt: skip

    def _sequence(self, scope: Scope, column: str, where: str, node: Node) -> None:
        """Sequential number within a subject in the order of the keys."""
        keys = [key for key in scope.context.spec.keys if key not in (column, SUBJECT, "STUDYID")]
        by = [SUBJECT] if scope.context.subject else []
        seq = Seq.model_validate({"by": [Text(b, where) for b in by], "order": [Text(key, where) for key in keys]})
        plan_value(scope, column, as_producer({"seq": seq}), node)

    def _study_day(self, scope: Scope, column: str, where: str, node: Node) -> None:
        """Study day of a complete date, from the reference date; there is no day 0."""
        prefix, stem = column[:2], column[2:]
        date = prefix + {"DY": "DTC", "STDY": "STDTC", "ENDY": "ENDTC"}[stem]
        reference = self._reference(scope, str(self.specs.study.reference.day), where)
        plan_value(scope, column, as_producer(Text(f"study_day(dt({date}), dt({reference}))", where)), node)

    def _reference(self, scope: Scope, name: str, where: str) -> str:
        """`DM.RFSTDTC`: the own column in DM itself, a lookup elsewhere."""
        dataset, _, column = name.partition(".")
        if dataset == scope.context.name:
            return column
        lookups = scope.context.spec.lookups
        if dataset not in lookups:
            lookups[dataset] = Pick.model_validate({"from": [Text(dataset, where)]})
        return name

    def _date(self, scope: Scope, where: str) -> str:
        """The variable that dates a record: its start, else its date of collection."""
        prefix = scope.context.name[:2]
        found = next((n for n in (f"{prefix}STDTC", f"{prefix}DTC") if n in scope.relation.names), "")
        if not found:
            raise SpecError(f"{scope.context.name} has no date", where=where, mend=f"make {prefix}STDTC or {prefix}DTC")
        return found

    def _epoch(self, scope: Scope, column: str, where: str, node: Node) -> None:
        """Epoch of the last element of SE that starts on or before the date, compared at common precision.

        A date without its day has one only where no element starts in what it leaves open: SDTM imputes nothing.
        """
        date = self._date(scope, where)
        known = f"split_part(THIS.{date}, '--', 1)"  # an unknown part in the middle leaves open what follows it
        whole, common = f"length({known}) >= 10", f"least(length(SESTDTC), length({known}))"
        # of elements that start on one day, one with a time and one without, the planned order tells the last
        planned = {"TAETORD"} & {*scope.plan.relation("SE", scope.context, Text("SE", where)).names}
        pick = {
            "from": [Text("SE", where)],
            "where": Text(f"left(SESTDTC, {common}) <= left({known}, {common})", where),
            "order": [Text(each, where) for each in ("left(SESTDTC, 10)", *planned, "SESTDTC", "SESEQ")],
            "take": "last",
            "value": Text(f"case when {whole} or left(SESTDTC, {common}) < {known} then EPOCH end", where),
        }
        plan_value(scope, column, as_producer({"pick": Pick.model_validate(pick)}), node)

    def _last_before_exposure(self, scope: Scope, column: str, where: str, node: Node) -> None:
        """Y on the last result on or before the first exposure, by subject, test and what else tells results apart."""
        prefix = scope.context.name[:2]
        reference = self._reference(scope, str(self.specs.study.reference.exposure), where)
        date, result = f"{prefix}DTC", f"{prefix}STRESC"
        common = f"least(length({date}), length({reference}))"
        groups = [f"{prefix}{g}" for g in _FINDING_GROUPS if f"{prefix}{g}" in scope.relation.names]
        order = [date, *(n for n in ("VISITNUM", f"{prefix}SEQ") if n in scope.relation.names)]
        # a partial date that is equal as far as it goes may lie after the exposure: it is not taken
        before = f"left({date}, {common}) < left({reference}, {common})"
        same = f"(length({date}) >= 10 and left({date}, {common}) = left({reference}, {common}))"
        flag = {
            "where": Text(f"{result} is not null and ({before} or {same})", where),
            "by": [Text(n, where) for n in (SUBJECT, *groups)],
            "order": [Text(n, where) for n in order],
            "take": "last",
        }
        plan_value(scope, column, as_producer({"flag": Flag.model_validate(flag)}), node)

    def _site(self, scope: Scope, column: str, where: str, node: Node) -> None:
        """The site, by the study's rule on the raw number of the subject.

        Raises:
            SpecError: the study says no rule, or the raw number is not at hand.
        """
        subject = self.specs.study.subject
        if subject is None or subject.siteid is None:
            raise SpecError("study.yaml says no rule for SITEID", where=where, mend="add subject: {siteid: ...}")
        number = self._raw_subject(scope) if scope.block else self._kept_subject(scope)
        if not number:
            raise SpecError(
                f"{scope.context.name}.{column}: the rule of study.yaml reads {subject.column}, which is not at hand",
                where=where, mend=f"write {column}: auto in set: of a block from a raw form",
            )  # fmt: skip
        rule, shared = Text(subject.siteid, where), str(subject.column)
        names = sql.columns(sql.parse(rule))
        references = {(q, n): scope.refer(q, number if n == shared else n, rule) for q, n in names}
        bound = Bound(rule, references, scope.context.maps)
        node.needs.extend(bound.needs)
        node.expression = bound.compile

    def _raw_subject(self, scope: Scope) -> str:
        """The column that names the subject in the one raw form a block reads; empty if it reads no one form."""
        parts = scope.relation.source.parts if scope.relation.source else ()
        form = parts[0].relation.key.removeprefix("raw.") if len(parts) == 1 else ""
        contract = self.specs.contracts.get(form)
        return subject_column(self.specs, contract) if contract is not None else ""

    def _kept_subject(self, scope: Scope) -> str:
        """SUBJID, if every block makes it of the raw number and nothing else."""
        for _, made in scope.context.outputs:
            said = made.made_by.get("SUBJID")
            number = self._raw_subject(Scope(scope.plan, scope.context, made, block=True))
            if not number or (sql.as_bare_name(said) if said is not None else "SUBJID") != number:
                return ""
        return "SUBJID" if "SUBJID" in scope.relation.names else ""
