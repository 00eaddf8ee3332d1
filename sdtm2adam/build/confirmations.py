"""confirm, planned: what it reads of a candidate and of the rows after it, all of the candidate's own source."""

from __future__ import annotations

from collections.abc import Callable

import duckdb

from sdtm2adam.build.functions import compile_expression
from sdtm2adam.build.matching import Matching, can_read
from sdtm2adam.build.misfit import said_of
from sdtm2adam.build.node import Node
from sdtm2adam.build.quoting import name
from sdtm2adam.build.select import confirm as confirm_verb
from sdtm2adam.build.select.confirm import CANDIDATE, Confirmation
from sdtm2adam.build.select.pick import Order
from sdtm2adam.errors import SpecError
from sdtm2adam.spec import sql
from sdtm2adam.spec.producer import Candidate, Confirm, Pick
from sdtm2adam.spec.yaml import Text


def plan_confirm(matching: Matching, candidate: Candidate, pick: Pick, node: Node) -> Callable[[], str] | None:
    """What makes the table of the rows that are confirmed (`_nr`, `_srow`), once what it reads exists; None without.

    Raises:
        SpecError: a name is not of the source, or the order does not say what comes after.
    """
    if candidate.confirm is None:
        return None
    confirm = candidate.confirm
    _read(matching, confirm, node)
    write = plan_confirmation(matching, candidate, confirm, pick)

    def make() -> str:
        one, warehouse = write(), matching.scope.plan.warehouse
        for text, column, select in (
            (confirm.until, "s2a_stop", confirm_verb.followers(one)),
            (confirm.require, "s2a_kept", confirm_verb.judged(one)),
        ):
            _refuse_other(text, column, node, lambda s=select: warehouse.types_of(s))  # type: ignore[misc]
        return warehouse.create(confirm_verb.kept(one))

    return make


def texts_of_rows(confirm: Confirm) -> list[Text]:
    """What a confirm reads of single rows of its source: `until`, and what the aggregates of `require` are over."""
    return [sql.without_qualifiers(text) for text in (confirm.until, *sql.row_parts(confirm.require))]


def _refuse_other(text: Text, column: str, node: Node, types: Callable[[], dict[str, str]]) -> None:
    """Both parts of a confirm are conditions."""
    mend = "write a condition, such as AVALC = 'CR' for until, count(*) <= 1 for require"
    try:
        kind = types()[column]
    except duckdb.Error as error:
        raise SpecError(
            f"{node.title}: {str(text)!r} of confirm does not fit its columns: {said_of(error)}",
            where=text.where,
            mend="compare like with like; in require what is no aggregate must be of THIS, the candidate",
        ) from error
    if kind != "BOOLEAN":
        raise SpecError(
            f"{node.title}: {str(text)!r} of confirm is {kind.lower()}, no condition", where=text.where, mend=mend
        )


def _read(matching: Matching, confirm: Confirm, node: Node) -> None:
    """Notes the columns of the source that a confirm names, bare or as THIS.X."""
    for text, aggregate in ((confirm.until, False), (confirm.require, True)):
        for qualifier, column in sql.columns(sql.parse(text, aggregate=aggregate)):
            if qualifier not in ("", "THIS"):
                raise SpecError(
                    f"{qualifier}.{column} has no meaning in confirm: it sees the rows of its source only",
                    where=text.where,
                    mend="THIS.X is the candidate's; make the column in a block of work, and read that",
                )
            matching.verb.column(column, text)
    node.needs.extend(matching.verb.needs)


def plan_confirmation(
    matching: Matching, candidate: Candidate, confirm: Confirm, pick: Pick
) -> Callable[[], Confirmation]:
    """What writes a confirm as SQL, once what it reads exists.

    Raises:
        SpecError: the order does not say what comes after, or reads the row being made.
    """
    order = [(text, down) for text, down in map(sql.split_order, pick.order) if text != "_nr"]
    order = [(text, down) for text, down in order if can_read(matching.scope, candidate, text)]
    if not order:
        raise SpecError(
            "confirm without an order", where=confirm.until.where, mend="add order: it says which rows come after"
        )
    for text, _ in order:
        if any(qualifier for qualifier, _ in sql.columns(sql.parse(text))):
            raise SpecError(
                f"the order {str(text)!r} reads the row being made, so confirm cannot tell what comes after",
                where=text.where,
                mend="order by columns of the source",
            )

    def write() -> Confirmation:
        verb = matching.verb
        filtered = matching.where is not None and not verb.reads_own
        read = [*sql.columns(sql.parse(confirm.until)), *sql.columns(sql.parse(confirm.require, aggregate=True))]
        return Confirmation(
            rows=matching.stack.select(verb.inner),
            by=matching.theirs,
            order=tuple(Order(_sorted_as(verb.compile(text), text, down), down) for text, down in order),
            where=verb.compile(matching.where) if filtered and matching.where is not None else "",
            until=_sql(matching, confirm.until, aggregate=False),
            require=_sql(matching, confirm.require, aggregate=True),
            own=tuple(dict.fromkeys(column for qualifier, column in read if qualifier)),
        )

    return write


def _sorted_as(made: str, text: Text, down: bool) -> str:
    """Partial dates come after the complete ones that they may be, as in the order of a pick."""
    return f"s2a_low_dtc({made})" if sql.as_bare_name(text).endswith("DTC") and not down else made


def _sql(matching: Matching, text: Text, *, aggregate: bool) -> str:
    def column_sql(qualifier: str, column: str) -> str:
        return f"s.{name(CANDIDATE + column if qualifier else column)}"

    scope = matching.scope
    return compile_expression(text, column_sql, scope.context.maps, aggregate=aggregate, strict=scope.plan.dry).sql
