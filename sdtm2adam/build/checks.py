"""The row checks a spec writes itself: a row of `where` passes when `expect` is true; null does not pass."""

from __future__ import annotations

import duckdb

from sdtm2adam.build.assembly import key_columns
from sdtm2adam.build.misfit import MEND, said_of
from sdtm2adam.build.node import Node
from sdtm2adam.build.plan import Context, Plan
from sdtm2adam.build.quoting import literal
from sdtm2adam.build.record_names import origin_of_rows
from sdtm2adam.build.relation import From
from sdtm2adam.build.scope import Scope
from sdtm2adam.errors import SpecError, SpecErrors, named
from sdtm2adam.model import MOST_KEYS, Issue, Severity
from sdtm2adam.spec.dataset import Check


def needs_of_checks(plan: Plan, context: Context) -> list[Node]:
    """What the checks of a dataset read; their names are resolved before any data are read.

    Raises:
        SpecError: a name is not known.
    """
    scope = Scope(plan, context, context.relation)
    needs: list[Node] = []
    for check in context.spec.checks:
        for text in (check.where, check.expect):
            try:
                needs += scope.bind(text).needs if text is not None else []
            except SpecError as error:
                raise named(error, f"{context.name}: the check {check.id}") from error
    return needs


def run_checks(plan: Plan, context: Context) -> None:
    """Runs the checks of a computed dataset; what does not pass becomes issues of the plan.

    Raises:
        SpecErrors: a check does not fit the types of its columns.
    """
    scope = Scope(plan, context, context.relation)
    for check in context.spec.checks:
        expect = scope.bind(check.expect)
        where = scope.bind(check.where) if check.where is not None else None
        source = From(context.relation)
        condition = f"NOT coalesce({expect.compile(source).sql}, false)"
        if where:
            condition += f" AND ({where.compile(source).sql})"
        try:
            failed = plan.warehouse.create(f"SELECT 0 AS g, r._row AS _row {source.clause()} WHERE {condition}")
        except duckdb.Error as error:
            raise SpecErrors([_misfit(context, check, error)]) from error
        count = plan.warehouse.one(f"SELECT count(*) FROM {failed}")
        if count:
            plan.issues.append(
                Issue(
                    dataset=context.name,
                    rule=str(check.id),
                    severity=Severity(check.severity),
                    text=str(check.text),
                    records=count,
                    keys=_names(plan, context, failed),
                    source=check.id.where,
                )
            )


def _misfit(context: Context, check: Check, error: duckdb.Error) -> SpecError:
    return SpecError(
        f"{context.name}: the check {check.id} does not fit its columns: {said_of(error)}",
        where=check.expect.where,
        mend=MEND,
    )


def _names(plan: Plan, context: Context, failed: str) -> tuple[str, ...]:
    """The records that failed, by the keys of the dataset and the raw record they came from."""
    source = From(context.relation)
    keys = [key for key in key_columns(context) if not key.startswith("_") and key != "STUDYID"]
    pairs = [f"{literal(key + '=')} || coalesce(CAST({source.own(key)} AS VARCHAR), '')" for key in keys]
    told = origin_of_rows(context.relation, f"SELECT _row AS root, _row FROM {failed}")
    origin = f"LEFT JOIN ({told}) o ON o.root = r._row" if told else ""
    shown = ", ".join([*pairs, *(["o.told"] if told else [])]) or "'row ' || (r._row + 1)"
    found = plan.warehouse.rows(
        f"SELECT concat_ws(', ', {shown}) {source.clause()} JOIN {failed} f ON f._row = r._row {origin} "
        f"ORDER BY 1 LIMIT {MOST_KEYS}"
    )
    return tuple(row[0] for row in found)
