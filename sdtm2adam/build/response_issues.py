"""What a response block tells of its data: subjects without judgment, records of no use, several values of a day."""

from __future__ import annotations

from dataclasses import dataclass

from sdtm2adam.build.plan import Plan
from sdtm2adam.build.quoting import literal
from sdtm2adam.build.relation import From, Relation, shown_key
from sdtm2adam.build.response.measured import Measured, tied_days
from sdtm2adam.model import MOST_KEYS, Issue, Severity
from sdtm2adam.spec.criteria import CriteriaSet, Measure

_SUBJECT = "USUBJID"


@dataclass(frozen=True)
class ResponseIssues:
    """The issues of one block: `relation` are its rows, `per` those it starts from."""

    plan: Plan
    relation: Relation
    per: Relation

    def unverified(self, criteria: CriteriaSet, where: str) -> None:
        """A set with thresholds that nobody verified."""
        if criteria.unverified:
            said = f"criteria set {criteria.criteria} is not verified: {', '.join(criteria.unverified)}"
            self._note("response-unverified", Severity.NOTE, 1, where, said)

    def without_start(self, start: str, where: str) -> None:
        """Subjects that cannot be judged: nothing says from when; `start` is SELECT of `_row` of those who have one."""
        rest = f"SELECT r._row FROM {self.per.rows} r WHERE r._row NOT IN ({start})"
        self._subjects("response-no-start", rest, where, "subjects have no start, and no record")

    def not_assessed(self, subjects: str, where: str) -> None:
        """Subjects with a start and no assessment after it, once the rows of the block are there."""
        rest = f"SELECT u._row FROM {subjects} u WHERE u._row NOT IN (SELECT _trow FROM {self.relation.rows})"
        text = "subjects have no assessment after their start, and no record"
        self._subjects("response-not-assessed", rest, where, text)

    def tied(self, key: str, one: Measured, where: str) -> None:
        """Days on which the values of a measure differ."""
        if one.measure.kind == "event":
            return
        days = self.plan.warehouse.create(tied_days(one))
        count = self.plan.warehouse.one(f"SELECT count(*) FROM {days}")
        text = f"on {count:,} days a subject has values of {key} that differ; the worse counts"
        self._note("response-tie", Severity.NOTE, count, where, text, f"SELECT *, '' AS _ref FROM {days}")

    def strange(self, found: str, measure: Measure, key: str, where: str) -> str:
        """SQL that is true for values that cannot be used; they are told, and so are those without a date."""
        kept = "_v IS NOT NULL" if measure.kind != "event" else "TRUE"
        undated = f"records of {key} have no whole date and are not used"
        self._records("response-no-date", Severity.WARNING, found, f"_d IS NULL AND {kept}", where, undated)
        if measure.kind == "number":
            strange = f"_v IS NOT NULL AND coalesce(_u, '') <> {literal(str(measure.unit))}"
            text = f"values of {key} are not in {measure.unit}, the unit of the criteria; they are not used"
            self._records("response-unit", Severity.ERROR, found, strange, where, text)
            return strange
        if measure.kind == "text":
            values = ", ".join(literal(str(value)) for value in measure.values)
            strange = f"_v IS NOT NULL AND _v NOT IN ({values})"
            text = f"values of {key} are none of {', '.join(measure.values)}; they are not used"
            self._records("response-value", Severity.ERROR, found, strange, where, text)
            return strange
        return "FALSE"

    # --- how ----------------------------------------------------------------------------------------------------

    def _records(self, rule: str, severity: Severity, found: str, condition: str, where: str, text: str) -> None:
        count = self.plan.warehouse.one(f"SELECT count(*) FROM {found} WHERE {condition}")
        rows = f"SELECT _row, _d, _ref FROM {found} WHERE {condition}"
        self._note(rule, severity, count, where, f"{count:,} {text}", rows)

    def _subjects(self, rule: str, rows: str, where: str, text: str) -> None:
        count = self.plan.warehouse.one(f"SELECT count(*) FROM ({rows})")
        select = f"SELECT _row, CAST(NULL AS DATE) AS _d, '' AS _ref FROM ({rows})"
        self._note(rule, Severity.NOTE, count, where, f"{count:,} {text}", select)

    def _note(self, rule: str, severity: Severity, count: int, where: str, text: str, rows: str = "") -> None:
        """Tells of rows (`_row` of `per`, `_d`, `_ref`); each is named by its subject, its record and its day."""
        if not count or self.plan.dry:
            return
        dataset, _, block = self.relation.key.partition("/")
        self.plan.issues.append(
            Issue(
                dataset=dataset,
                rule=rule,
                severity=severity,
                text=f"{shown_key(block)}: {text}",
                records=count,
                keys=self._named(rows) if rows else (),
                source=where,
            )
        )

    def _named(self, rows: str) -> tuple[str, ...]:
        source = From(self.per)
        known = _SUBJECT in self.per.home
        label = f"'{_SUBJECT}=' || {source.own(_SUBJECT)}" if known else "'row ' || (r._row + 1)"
        record = "CASE WHEN contains(f._ref, ' ') THEN replace(f._ref, ' ', 'SEQ=') END"
        named = f"concat_ws(', ', s.who, {record}, 'date=' || CAST(f._d AS VARCHAR)) AS named"
        subjects = f"SELECT r._row AS _row, {label} AS who {source.clause()}"
        found = self.plan.warehouse.rows(
            f"SELECT {named} FROM ({rows}) f JOIN ({subjects}) s ON s._row = f._row "
            f"ORDER BY f._row, f._d NULLS LAST, f._ref LIMIT {MOST_KEYS}"
        )
        return tuple(dict.fromkeys(one for (one,) in found))
