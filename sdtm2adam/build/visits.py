"""Visits: the label on the form to VISITNUM, VISIT and VISITDY by the table of visits; unscheduled visits numbered.

A planned visit has its number from the table. An unscheduled one has that of the last planned visit made on or
before its date plus 0.001 for the first such date, 0.002 for the second, and so on, counted over all forms; its name is
`UNSCHEDULED` and the number.
"""

from __future__ import annotations

from sdtm2adam.build.functions import Compiled
from sdtm2adam.build.metadata import producer_of
from sdtm2adam.build.node import Node
from sdtm2adam.build.plan import Context, Plan
from sdtm2adam.build.quoting import literal
from sdtm2adam.build.record_names import names_of
from sdtm2adam.build.relation import From, Relation
from sdtm2adam.build.rows import settle
from sdtm2adam.build.scope import SUBJECT, Scope
from sdtm2adam.build.visit_label import VISIT_LABEL
from sdtm2adam.build.visit_table import visit_table
from sdtm2adam.errors import SpecError
from sdtm2adam.model import Issue, Severity
from sdtm2adam.spec.library import Specs
from sdtm2adam.spec.yaml import Text

_KEY = "#visits"


def plan_visit(specs: Specs, scope: Scope, column: str, where: str, node: Node) -> None:
    """Fills the node of VISITNUM, VISIT or VISITDY."""
    visits = specs.study.visits
    if visits is None:
        raise SpecError("study.yaml names no table of visits", where=where, mend="add visits: {table: VISITS}")
    if VISIT_LABEL not in scope.relation.names and "VISITNUM" in scope.relation.names and column != "VISITNUM":
        _plan_by_number(specs, scope, column, where, node)
        return
    if VISIT_LABEL not in scope.relation.names:
        raise SpecError(f"{scope.context.name}: no block says visit:", where=where, mend="add visit: FOLDER to a block")
    label = scope.refer("", VISIT_LABEL, Text(VISIT_LABEL, where))
    node.needs.extend(label.needs)
    table = visit_table(specs, visits.table)
    date = date_of(scope.relation, scope.context.name)
    dated = scope.refer("", date, Text(date, where)) if date and visits.unscheduled is not None else None
    subject = scope.refer("", SUBJECT, Text(SUBJECT, where))
    has_number = column != "VISITNUM" and "VISITNUM" in scope.relation.names
    number = scope.refer("", "VISITNUM", Text("VISITNUM", where)) if has_number else None
    node.needs.extend(number.needs if number else [])
    made: Relation | None = None
    if dated is not None:
        made = _visits(scope.plan, specs)
        node.needs.extend([*dated.needs, *subject.needs, scope.plan.rows_node(made)])

    def run() -> None:
        source = From(scope.relation)
        items = [f"{label.sql(source)} AS label", f"{subject.sql(source)} AS subject"]
        items.append(f"left({dated.sql(source)}, 10) AS day" if dated else "cast(null as varchar) AS day")
        items.append(f"{number.sql(source)} AS number" if number else "cast(null as double) AS number")
        seen = scope.plan.warehouse.create(f"SELECT r._row AS _row, {', '.join(items)} {source.clause()}")
        _settle_visits(scope, column, seen, table, made, str(visits.unscheduled or ""), where)

    node.run = run


def _settle_visits(
    scope: Scope, column: str, seen: str, table: str, made: Relation | None, unscheduled: str, where: str
) -> None:
    """Joins the rows to the planned visits by label, and to the numbered unscheduled ones by subject and day."""
    plan = scope.plan
    numbers = made.rows if made else "(SELECT '' AS subject, '' AS day, 0.0 AS number WHERE false)"
    is_unscheduled = f"s.label = {literal(unscheduled)}"
    value = {
        "VISITNUM": "n.number",
        "VISIT": f"'UNSCHEDULED ' || {_shown('n.number')}",
        "VISITDY": "cast(null as double)",
    }
    by_number = (
        f", CASE WHEN s.label IS NULL THEN 'UNSCHEDULED ' || {_shown('s.number')} END" if column == "VISIT" else ""
    )
    joined = (
        f"FROM {seen} s LEFT JOIN {table} v(label, number, name, day) ON v.label = s.label "
        f"LEFT JOIN {numbers} n ON n.subject = s.subject AND n.day = s.day "
        f"LEFT JOIN (SELECT number, any_value(name) AS name, any_value(day) AS day FROM {table} "
        "v(label, number, name, day) GROUP BY number) w ON s.label IS NULL AND w.number = s.number"
    )
    made_table = plan.warehouse.create(
        f"SELECT s._row AS _row, CASE WHEN {is_unscheduled} THEN {value[column]} "
        f"ELSE coalesce(v.{_COLUMNS[column]}, w.{_COLUMNS[column]}{by_number}) END "
        f"AS {column} {joined}"
    )
    settle(plan, scope.relation, made_table, [column])
    if column == "VISITNUM":
        _tell_undated(plan, scope, f"{joined} WHERE {is_unscheduled} AND n.number IS NULL", where)
    if column == "VISITNUM" or not _tells_numbers(scope):
        unknown = f"{joined} WHERE s.label IS NOT NULL AND v.label IS NULL AND NOT ({is_unscheduled})"
        _tell_unknown(plan, scope, column, unknown, where)


def _tells_numbers(scope: Scope) -> bool:
    """Whether VISITNUM is made of the labels too, and tells what is wrong with them."""
    producer = producer_of(scope.context, "VISITNUM")
    return producer is not None and producer.verb == "auto"


def _tell_undated(plan: Plan, scope: Scope, rows: str, where: str) -> None:
    """Unscheduled visits that have no number because their date is not complete."""
    count = plan.warehouse.one(f"SELECT count(*) {rows}")
    if count:
        named = names_of(plan, scope.relation, f"SELECT 0 AS g, s._row {rows}")
        plan.issues.append(
            Issue(
                dataset=scope.context.name, rule="visit-undated", severity=Severity.WARNING, variable="VISITNUM",
                records=count, keys=named[0], source=where,
                text="an unscheduled visit without a complete date has no number",
            )
        )  # fmt: skip


def _tell_unknown(plan: Plan, scope: Scope, column: str, rows: str, where: str) -> None:
    """Labels that the table of visits has not."""
    unknown = plan.warehouse.rows(f"SELECT s.label, count(*) {rows} GROUP BY 1 ORDER BY 1")
    named = names_of(plan, scope.relation, f"SELECT s.label AS g, s._row {rows}") if unknown else {}
    plan.issues.extend(
        Issue(
            dataset=scope.context.name, rule="visit-unknown", severity=Severity.ERROR, variable=column, value=label,
            records=count, keys=named[label], source=where,
            text=f"{scope.context.name}.{column}: {label!r} is not in the table of visits",
        )
        for label, count in unknown
    )  # fmt: skip


def _plan_by_number(specs: Specs, scope: Scope, column: str, where: str, node: Node) -> None:
    """VISIT or VISITDY of records that have their VISITNUM already."""
    assert specs.study.visits is not None
    number = scope.refer("", "VISITNUM", Text("VISITNUM", where))
    node.needs.extend(number.needs)
    named = f"{visit_table(specs, specs.study.visits.table)} v(label, number, name, day)"

    def expression(source: From) -> Compiled:
        value = number.sql(source)
        known = f"(SELECT any_value(v.{_COLUMNS[column]}) FROM {named} WHERE v.number = {value})"
        if column != "VISIT":
            return Compiled(known)
        return Compiled(f"coalesce({known}, 'UNSCHEDULED ' || {_shown(value)})")

    node.expression = expression


_COLUMNS = {"VISITNUM": "number", "VISIT": "name", "VISITDY": "day"}


def _shown(number: str) -> str:
    return f"rtrim(rtrim(printf('%.3f', {number}), '0'), '.')"


def date_of(relation: Relation, dataset: str) -> str:
    """The variable that dates a record: its start, its date of collection, else its only --DTC; empty without one."""
    prefix = dataset[:2]
    others = [n for n in relation.names if n.endswith("DTC") and not n.startswith("_")]
    known = [n for n in (f"{prefix}STDTC", f"{prefix}DTC") if n in relation.names]
    return next(iter([*known, *(others if len(others) == 1 else [])]), "")


def _visits(plan: Plan, specs: Specs) -> Relation:
    """All unscheduled dates of all subjects, numbered; from every block that says `visit:`."""
    if _KEY in plan.relations:
        return plan.relations[_KEY]
    relation = Relation(_KEY, names={})
    plan.relations[_KEY] = relation
    plan.rows_makers[relation] = lambda node: _plan_rows(plan, specs, relation, node)
    return relation


def _plan_rows(plan: Plan, specs: Specs, relation: Relation, node: Node) -> None:
    visits = specs.study.visits
    assert visits is not None
    parts: list[tuple[Relation, str]] = []
    for name in specs.sdtm:
        plan.relation(name, None)
        context: Context = plan.contexts[name]
        helpers = [
            (b, context.blocks[str(b.id)]) for b in context.spec.work if b.id is not None and b.id in context.blocks
        ]
        for block, made in [*context.outputs, *helpers]:
            date = date_of(made, name)
            if block.visit is not None and date and SUBJECT in made.names:
                parts.append((made, date))
                node.needs.extend(plan.node(made, column) for column in (SUBJECT, VISIT_LABEL, date))

    def run() -> None:
        selects = []
        for made, date in parts:
            source = From(made)
            items = f"{source.own(SUBJECT)} AS subject, {source.own(VISIT_LABEL)} AS label"
            items += f", left({source.own(date)}, 10) AS day"
            selects.append(f"SELECT DISTINCT {items} {source.clause()}")
        union = " UNION ".join(selects) or "SELECT '' AS subject, '' AS label, '' AS day WHERE false"
        seen = plan.warehouse.create(f"SELECT * FROM ({union}) WHERE length(day) = 10")
        planned = plan.warehouse.create(
            f"SELECT s.subject, v.number, min(s.day) AS day FROM {seen} s JOIN {visit_table(specs, visits.table)} "
            f"v(label, number, name, planned) ON v.label = s.label GROUP BY ALL"
        )
        unscheduled = f"SELECT DISTINCT subject, day FROM {seen} WHERE label = {literal(str(visits.unscheduled))}"
        based = (
            f"SELECT u.subject, u.day, coalesce(max(p.number), 0) AS base FROM ({unscheduled}) u LEFT JOIN {planned} p "
            "ON p.subject = u.subject AND p.day <= u.day GROUP BY ALL"
        )
        rank = "row_number() OVER (PARTITION BY subject, base ORDER BY day)"
        relation.rows = plan.warehouse.create(
            f"SELECT row_number() OVER (ORDER BY subject, day) - 1 AS _row, subject, day, "
            f"round(base + 0.001 * {rank}, 3) AS number FROM ({based})"
        )
        relation.count = plan.warehouse.one(f"SELECT count(*) FROM {relation.rows}")

    node.run = run
