"""The raw records and forms that the rows of a relation come from."""

from __future__ import annotations

from collections.abc import Callable

from sdtm2adam.build.relation import Relation

Leaf = Callable[[Relation, str], str]
"""SELECT for the rows (`root, _row`) of a relation that comes from no other; empty if it has nothing to say."""


def behind(relation: Relation, wanted: str, leaf: Leaf) -> str:
    """What `leaf` says of the rows that other rows come from, one by one, however long the way is.

    Args:
        relation: whose rows are asked for.
        wanted: SELECT of `root` (what a row is called in the answer) and `_row`.
        leaf: makes the SELECT for a form, or another relation that comes from none.

    Returns:
        SQL of all its SELECTs; empty where the rows come from no single row.
    """
    link = relation.links.get("")
    if relation.key.startswith("raw.") or link is None:
        return leaf(relation, wanted)
    if link.table:
        return ""
    if link.identity:
        return behind(link.stack.parts[0].relation, wanted, leaf)
    selects = []
    for number, part in enumerate(link.stack.parts):
        inner = (
            f"SELECT w.root, r.{link.srow} AS _row FROM ({wanted}) w JOIN {relation.rows} r ON r._row = w._row "
            f"WHERE r.{link.nr} = {number}"
        )
        selects.append(behind(part.relation, inner, leaf))
    return " UNION ALL ".join(select for select in selects if select)


def forms_of(relation: Relation) -> list[str]:
    """The raw forms behind a relation, in the order of its blocks; known before anything is computed."""
    if relation.key.startswith("raw."):
        return [relation.key.removeprefix("raw.")]
    link = relation.links.get("")
    if link is None or link.table:
        return []
    return list(dict.fromkeys(form for part in link.stack.parts for form in forms_of(part.relation)))
