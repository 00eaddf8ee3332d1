"""Sources that are there already: datasets as files, small tables of specs."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from sdtm2adam.build.node import Node
from sdtm2adam.build.plan import Definition, Plan
from sdtm2adam.build.quoting import literal, name
from sdtm2adam.build.relation import Relation
from sdtm2adam.errors import InputError
from sdtm2adam.spec.library import Rows

_TEXT = ("VARCHAR", "ENUM")


def declare_table(plan: Plan, key: str, rows: Rows) -> None:
    """A small table of a spec: all columns text, rows in the order a person wrote them."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    relation = Relation(key, names={column: Definition("", given=True) for column in columns})

    def make(node: Node) -> None:
        def run() -> None:
            data = {c: pa.array([row.get(c) for row in rows], pa.string()) for c in columns}
            frame = pa.table({"_row": pa.array(range(len(rows)), pa.int64()), **data})
            _adopt(plan, relation, plan.warehouse.register(frame))

        node.run = run

    plan.rows_makers[relation] = make
    plan.relations[key] = relation


def declare_file(plan: Plan, key: str, path: Path, supplement: Path | None, *, empty: bool) -> Relation:
    """A dataset in a Parquet file; its supplemental qualifiers become columns of it.

    Rows are numbered in the order of subject, sequence and, where these do not decide, all columns as text; so the
    order of the file does not matter. Only columns that something needs are read.

    Args:
        plan: the plan.
        key: the name of the dataset.
        path: the Parquet file.
        supplement: the Parquet file of its SUPP-- dataset.
        empty: whether to take the columns only, for a dry run.
    """
    columns = list(pq.read_schema(path).names)
    qualifiers = _qualifiers(plan, supplement) if supplement else []
    extra = [q for q in qualifiers if q not in columns]
    relation = Relation(key, names={column: Definition("", given=True) for column in [*columns, *extra]})

    def make(node: Node) -> None:
        def run() -> None:
            wanted = {n for owner, n in plan.nodes if owner is relation}
            select = _numbered(plan, path, columns, [c for c in columns if c in wanted])
            wanted_extra = [q for q in extra if q in wanted]
            if supplement and wanted_extra:
                select = _with_qualifiers(path, columns, select, supplement, wanted_extra, plan)
            _adopt(plan, relation, plan.warehouse.create(select + (" LIMIT 0" if empty else "")))

        node.run = run

    plan.rows_makers[relation] = make
    plan.relations[key] = relation
    return relation


def _adopt(plan: Plan, relation: Relation, table: str) -> None:
    relation.rows = table
    relation.types = plan.warehouse.types(table)
    relation.home = dict.fromkeys(relation.types, table)
    relation.count = plan.warehouse.one(f"SELECT count(*) FROM {table}")


def _read(path: Path) -> str:
    return f"read_parquet({literal(str(path))}, file_row_number = true)"


def _sequence(columns: list[str]) -> list[str]:
    """The columns that number a subject's records: USUBJID and --SEQ, as far as the dataset has them."""
    sequence = [column for column in columns if column.endswith("SEQ") and len(column) <= 5]
    return [column for column in ("USUBJID", *sequence[:1]) if column in columns]


def _numbered(plan: Plan, path: Path, columns: list[str], wanted: list[str]) -> str:
    keys = _sequence(columns)
    types = {row[0]: row[1] for row in plan.warehouse.rows(f"DESCRIBE SELECT * FROM {_read(path)}")}
    cleaned = ", ".join(f"{_clean(column, types[column])} AS {name(column)}" for column in wanted)
    items = f", {cleaned}" if cleaned else ""
    if keys and _is_sorted(plan, path, keys):
        return f"SELECT file_row_number AS _row{items} FROM {_read(path)}"
    order = ", ".join(
        [*(f"{name(key)} NULLS FIRST" for key in keys), *(f"CAST({name(c)} AS VARCHAR)" for c in columns)]
    )
    return f"SELECT row_number() OVER (ORDER BY {order}) - 1 AS _row{items} FROM {_read(path)}"


def _clean(column: str, kind: str) -> str:
    """Text that is empty or blank is missing; timestamps lose their time zone (they are local as collected)."""
    if kind.startswith(_TEXT):
        text = f"CAST({name(column)} AS VARCHAR)"
        return f"CASE WHEN trim({text}) <> '' THEN {text} END"
    if kind.startswith("TIMESTAMP"):
        return f"CAST({name(column)} AS TIMESTAMP)"
    return name(column)


def _is_sorted(plan: Plan, path: Path, keys: list[str]) -> bool:
    """Whether the file is strictly sorted by the keys: then its own order is the total one."""
    row = "row(" + ", ".join(name(key) for key in keys) + ")"
    window = f"lag({row}) OVER (ORDER BY file_row_number)"
    return bool(
        plan.warehouse.one(
            f"SELECT coalesce(bool_and(before IS NULL OR before < here), true) FROM "
            f"(SELECT {row} AS here, {window} AS before FROM {_read(path)})"
        )
    )


def _qualifiers(plan: Plan, supplement: Path) -> list[str]:
    return [row[0] for row in plan.warehouse.rows(f"SELECT DISTINCT QNAM FROM {_read(supplement)} ORDER BY 1")]


def _with_qualifiers(
    path: Path, columns: list[str], select: str, supplement: Path, wanted: list[str], plan: Plan
) -> str:
    """The rows with qualifiers joined: by subject, or by subject and the record that IDVAR names."""
    by_record = [row[0] for row in plan.warehouse.rows(f"SELECT DISTINCT IDVAR FROM {_read(supplement)}") if row[0]]
    _refuse_twice(plan, supplement)
    pivots = ", ".join(f"max(QVAL) FILTER (WHERE QNAM = {literal(q)}) AS {name(q)}" for q in wanted)
    clauses: list[str] = []
    values: dict[str, list[str]] = {q: [] for q in wanted}
    for number, identifier in enumerate([*by_record, None]):
        if identifier is not None and identifier not in columns:
            continue
        condition = f"IDVAR = {literal(identifier)}" if identifier else "coalesce(IDVAR, '') = ''"
        alias = f"q{number}"
        pivoted = f"SELECT USUBJID, IDVARVAL, {pivots} FROM {_read(supplement)} WHERE {condition} GROUP BY ALL"
        same = f" AND {_as_value(identifier)} = trim({alias}.IDVARVAL)" if identifier else ""
        clauses.append(f"LEFT JOIN ({pivoted}) {alias} ON {alias}.USUBJID = k.USUBJID{same}")
        for q in wanted:
            values[q].append(f"{alias}.{name(q)}")
    keys = ", ".join(name(c) for c in {"USUBJID", *[i for i in by_record if i in columns]})
    keyed = _numbered(plan, path, columns, [c for c in columns if c in {"USUBJID", *by_record}])
    found = ", ".join(f"coalesce({', '.join(parts)}) AS {name(q)}" for q, parts in values.items())
    extra = f"SELECT k._row, {found} FROM (SELECT _row, {keys} FROM ({keyed})) k {' '.join(clauses)}"
    return f"SELECT b.*, e.* EXCLUDE (_row) FROM ({select}) b JOIN ({extra}) e ON e._row = b._row"


def _refuse_twice(plan: Plan, supplement: Path) -> None:
    """A qualifier has one value per record."""
    keys = "USUBJID, IDVAR, IDVARVAL, QNAM"
    twice = plan.warehouse.rows(
        f"SELECT {keys}, count(*) FROM {_read(supplement)} GROUP BY ALL HAVING count(*) > 1 ORDER BY {keys} LIMIT 1"
    )
    if twice:
        subject, identifier, value, qualifier, count = twice[0]
        raise InputError(
            f"{qualifier} of USUBJID={subject}, {identifier or 'the subject'} {value or ''} stands {count} times",
            where=supplement.name,
            mend="correct the supplemental qualifiers: one value per record and QNAM",
        )


def _as_value(identifier: str | None) -> str:
    """A key as the text that IDVARVAL holds: whole numbers without a decimal point."""
    column = f"k.{name(identifier or '')}"
    whole = f"try_cast({column} AS DOUBLE)"
    shown = f"CAST(CAST({whole} AS BIGINT) AS VARCHAR)"
    return f"CASE WHEN {whole} = floor({whole}) THEN {shown} ELSE CAST({column} AS VARCHAR) END"
