"""The row checks a spec writes itself: a row of `where` passes when `expect` is true; null does not pass."""

from __future__ import annotations

from sdtm2adam.build.assembly import key_columns
from sdtm2adam.build.node import Node
from sdtm2adam.build.plan import Context, Plan
from sdtm2adam.build.relation import From
from sdtm2adam.build.scope import Scope
from sdtm2adam.model import Issue, Severity

_SHOWN = 5


def needs_of_checks(plan: Plan, context: Context) -> list[Node]:
    """What the checks of a dataset read; their names are resolved before any data are read.

    Raises:
        SpecError: a name is not known.
    """
    scope = Scope(plan, context, context.relation)
    texts = [text for check in context.spec.checks for text in (check.where, check.expect) if text is not None]
    return [need for text in texts for need in scope.bind(text).needs]


def run_checks(plan: Plan, context: Context) -> None:
    """Runs the checks of a computed dataset; what does not pass becomes issues of the plan."""
    scope = Scope(plan, context, context.relation)
    for check in context.spec.checks:
        expect = scope.bind(check.expect)
        where = scope.bind(check.where) if check.where is not None else None
        source = From(context.relation)
        condition = f"NOT coalesce({expect.compile(source).sql}, false)"
        if where:
            condition += f" AND ({where.compile(source).sql})"
        keys = [key for key in key_columns(context) if not key.startswith("_")]
        shown = (
            " || ', ' || ".join(f"'{key}=' || coalesce(CAST({source.own(key)} AS VARCHAR), '')" for key in keys) or "''"
        )
        failed = plan.warehouse.rows(f"SELECT {shown} {source.clause()} WHERE {condition} ORDER BY 1")
        if failed:
            plan.issues.append(
                Issue(
                    dataset=context.name,
                    rule=str(check.id),
                    severity=Severity(check.severity),
                    text=str(check.text),
                    records=len(failed),
                    keys=tuple(row[0] for row in failed[:_SHOWN]),
                    source=check.id.where,
                )
            )
