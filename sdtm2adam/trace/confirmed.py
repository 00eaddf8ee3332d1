"""confirm in words: the rows after a record that kept it a candidate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sdtm2adam.build.confirmations import plan_confirmation
from sdtm2adam.build.matching import plan_matching
from sdtm2adam.build.node import Node
from sdtm2adam.build.scope import Scope
from sdtm2adam.build.select.confirm import looked_at
from sdtm2adam.spec import sql
from sdtm2adam.spec.producer import Candidate, Confirm, Pick
from sdtm2adam.trace.again import Found, Place

if TYPE_CHECKING:
    from sdtm2adam.trace.narrator import Narrator


def confirm_words(confirm: Confirm | None) -> str:
    """The rule, behind that of the pick."""
    if confirm is None:
        return ""
    return f", confirmed by those after it, up to the first where {confirm.until}: {confirm.require}"


def confirming(n: Narrator, scope: Scope, pick: Pick, candidate: Candidate, found: Found) -> list[Found]:
    """The rows after a picked one, up to and including the first with `until`, by the engine's own reading.

    Args:
        n: the narrator.
        scope: of the row that the record was picked for.
        pick: the verb.
        candidate: the source it was found in; without a `confirm` there are none.
        found: the record.
    """
    if candidate.confirm is None:
        return []
    node = Node(scope.relation, "", "")
    also = [text for text in (sql.split_order(item)[0] for item in pick.order) if text != "_nr"]
    matching = plan_matching(scope, candidate, candidate.where, node, also)
    for text, aggregate in ((candidate.confirm.until, False), (candidate.confirm.require, True)):
        for _, column in sql.columns(sql.parse(text, aggregate=aggregate)):
            matching.verb.column(column, text)
    n.again.need([*node.needs, *matching.verb.needs])
    one = plan_confirmation(matching, candidate, candidate.confirm, pick)()
    parts = matching.stack.parts
    number = next(i for i, part in enumerate(parts) if part.relation is found.place.relation)
    rows = n.again.plan.warehouse.rows(
        f"SELECT _nr, _srow FROM ({looked_at(one)}) WHERE s2a_nr = {number} AND s2a_srow = {found.place.row} "
        "ORDER BY s2a_at, _nr, _srow"
    )
    return [Found(Place(parts[nr].relation, row), nr, parts[nr]) for nr, row in rows]


def confirm_columns(confirm: Confirm) -> list[str]:
    """The columns that decide, in the order of their first standing."""
    texts = ((confirm.until, False), (confirm.require, True))
    read = [column for text, aggregate in texts for _, column in sql.columns(sql.parse(text, aggregate=aggregate))]
    return list(dict.fromkeys(read))
