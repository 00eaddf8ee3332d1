"""Places of a spec where only a date, or only a condition, can stand: others are refused before data are read."""

from __future__ import annotations

import duckdb

from sdtm2adam.build.misfit import MEND, said_of
from sdtm2adam.build.node import Node
from sdtm2adam.build.plan import Plan
from sdtm2adam.build.relation import shown_key
from sdtm2adam.errors import SpecError
from sdtm2adam.spec import sql
from sdtm2adam.spec.yaml import Text

_DATES = ("DATE", "TIMESTAMP")
_SPOKEN = {"VARCHAR": "text", "DOUBLE": "a number", "BOOLEAN": "true or false"}


def refuse_undated(plan: Plan, node: Node, key: str, text: Text, select: str) -> None:
    """Refuses an expression that makes no date.

    Args:
        plan: the plan.
        node: what is made, for messages.
        key: the key of the spec that the expression stands at (`date`, `start`).
        text: the expression, with its place.
        select: SELECT of its value, of which the last column is taken.

    Raises:
        SpecError: it makes a text, a number or a condition; or does not fit its columns.
    """
    refuse_kind(node, key, text, _kind_of(plan, node, text, select, _titled(node, key, text)))


def refuse_kind(node: Node, key: str, text: Text | None, kind: str, where: str = "") -> None:
    """The same where the type of what is made is known.

    Raises:
        SpecError: it is neither a date nor a date and time.
    """
    if kind.startswith(_DATES) or kind in ('"NULL"', "INTEGER[]"):
        return
    said = f"{key}: {str(text)!r}" if text is not None else key
    spoken = _SPOKEN.get(kind, "a number" if not kind.startswith("TIME") else "a time of day")
    raise SpecError(
        f"{shown_key(node.title)}: {said} is {spoken}, and must be a date",
        where=(text.where if text is not None else "") or where or node.where,
        mend=_mend(text, kind),
    )


def refuse_no_condition(plan: Plan, node: Node, key: str, text: Text | None, select: str) -> None:
    """Refuses a `where` or `having` that is a number or a text: SQL would take every number but 0 as true.

    Args:
        plan: the plan; looked at only in the dry run before data, so that a run costs nothing more.
        node: what is made, for messages.
        key: the key of the spec.
        text: the condition.
        select: SELECT of its value, of which the last column is taken.

    Raises:
        SpecError: it is no condition, or does not fit its columns.
    """
    if text is None or not plan.dry:
        return
    title = _titled(node, key, text)
    kind = _kind_of(plan, node, text, select, title)
    if kind not in ("BOOLEAN", '"NULL"'):
        spoken = _SPOKEN.get(kind, "a date" if kind.startswith(_DATES) else "a number")
        mend = "write a condition: X = 'A', X > 0, X is not null"
        raise SpecError(f"{title} is {spoken}, and must be a condition", where=text.where or node.where, mend=mend)


def _titled(node: Node, key: str, text: Text) -> str:
    return f"{shown_key(node.title)}: {key}: {str(text)!r}"


def _kind_of(plan: Plan, node: Node, text: Text, select: str, title: str) -> str:
    """The type of the last column of a SELECT."""
    try:
        return list(plan.warehouse.types_of(select).values())[-1]
    except duckdb.Error as error:
        where = text.where or node.where
        raise SpecError(f"{title} does not fit its columns: {said_of(error)}", where=where, mend=MEND) from error


def _mend(text: Text | None, kind: str) -> str:
    if kind != "VARCHAR":
        return "name a date of the source; a number of days is no date until it is added to one: START + 42"
    name = sql.as_name(text) if text is not None else ("", "")
    column = ".".join(part for part in name if part) or "X"
    return f"write dt({column}), which leaves partial dates out, or \"dt({column}, impute := 'last')\""
