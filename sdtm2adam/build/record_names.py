"""How a person finds the rows an issue speaks of: the subject, and the raw record each came from."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from sdtm2adam.build.origin import behind
from sdtm2adam.build.plan import Plan
from sdtm2adam.build.quoting import literal, name
from sdtm2adam.build.relation import Relation
from sdtm2adam.model import MOST_KEYS

Names = dict[Hashable, tuple[str, ...]]


def names_of(plan: Plan, relation: Relation, rows: str) -> Names:
    """The names of rows, by group: `USUBJID=..., raw.AE RECORDID=...`; the row number where nothing else is known.

    Args:
        plan: the plan.
        relation: whose rows they are.
        rows: SELECT of `g` (the group) and `_row`.

    Returns:
        For each group its rows in their order, each record once, at most `MOST_KEYS` of them.
    """
    subject = relation.home.get("USUBJID")
    with_subject = ("x.USUBJID", f"LEFT JOIN {subject} x ON x._row = w._row") if subject else ("NULL", "")
    return _named(plan, rows, *with_subject, lambda wanted: origin_of_rows(relation, wanted))


def source_names(plan: Plan, parts: list[Relation], rows: str) -> Names:
    """The names of source rows, where `rows` selects `g`, `_nr` (the place of the relation in `parts`) and `_row`."""
    numbered = plan.warehouse.create(
        f"SELECT g, _nr, _row AS srow, row_number() OVER (ORDER BY _nr, _row) AS _row FROM ({rows})"
    )

    def told(wanted: str) -> str:
        selects = [
            _with_subject(
                part,
                f"SELECT w.root, n.srow AS _row FROM ({wanted}) w JOIN {numbered} n ON n._row = w._row AND n._nr = {i}",
            )
            for i, part in enumerate(parts)
        ]
        return " UNION ALL ".join(select for select in selects if select)

    return _named(plan, f"SELECT g, _row FROM {numbered}", "NULL", "", told)


def _with_subject(relation: Relation, wanted: str) -> str:
    """SELECT of `root, told`: the record behind each row; of a file of SDTM, numbered by subject, with that."""
    told, subject = origin_of_rows(relation, wanted), relation.home.get("USUBJID")
    if not told or subject is None or relation.key.startswith("raw."):
        return told
    return (
        f"SELECT w.root, concat_ws(', ', 'USUBJID=' || x.USUBJID, o.told) AS told FROM ({wanted}) w "
        f"JOIN {subject} x ON x._row = w._row LEFT JOIN ({told}) o ON o.root = w.root"
    )


def _named(plan: Plan, rows: str, subject: str, join: str, told_of: Callable[[str], str]) -> Names:
    first = plan.warehouse.create(
        f"SELECT * FROM (SELECT g, _row, row_number() OVER (PARTITION BY g ORDER BY _row) AS place FROM ({rows})) "
        f"WHERE place <= {MOST_KEYS}"
    )
    told = told_of(f"SELECT DISTINCT _row AS root, _row FROM {first}")
    origin = ("o.told", f"LEFT JOIN ({told}) o ON o.root = w._row") if told else ("NULL", "")
    found = plan.warehouse.rows(
        f"SELECT w.g, w._row, {subject}, {origin[0]} FROM {first} w {join} {origin[1]} ORDER BY 1 NULLS FIRST, 2"
    )
    names: dict[Hashable, dict[str, None]] = {}
    for group, row, who, record in found:
        parts = [*([f"USUBJID={who}"] if who else []), *([record] if record else [])]
        names.setdefault(group, {})[", ".join(parts) or f"row {row + 1}"] = None
    return {group: tuple(one) for group, one in names.items()}


def origin_of_rows(relation: Relation, wanted: str) -> str:
    """SELECT of `root, told`: the raw record behind each row of `wanted` (`root, _row`); empty where there is none."""
    return behind(relation, wanted, _told)


def _told(relation: Relation, wanted: str) -> str:
    if not relation.key.startswith("raw."):
        return _by_sequence(relation, wanted)
    if not relation.order or not relation.rows:
        return ""
    pairs = ", ".join(f"{literal(k + '=')} || coalesce(CAST(x.{name(k)} AS VARCHAR), '')" for k in relation.order)
    record = f"{literal(relation.key + ' ')} || concat_ws(', ', {pairs})"
    return f"SELECT w.root, {record} AS told FROM ({wanted}) w JOIN {relation.rows} x ON x._row = w._row"


def _by_sequence(relation: Relation, wanted: str) -> str:
    """The records of a file, by their sequence number."""
    sequence = f"{relation.key[:2]}SEQ"
    table = relation.home.get(sequence)
    if table is None:
        return ""
    told = f"{literal(sequence + '=')} || CAST(x.{sequence} AS BIGINT)"
    return f"SELECT w.root, {told} AS told FROM ({wanted}) w JOIN {table} x ON x._row = w._row"
