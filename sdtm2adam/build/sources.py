"""Sources that are there already: datasets as files, small tables of specs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sdtm2adam.build.coded import without_blanks
from sdtm2adam.build.node import Node
from sdtm2adam.build.numbering import Numbers, row_numbers
from sdtm2adam.build.plan import Definition, Plan
from sdtm2adam.build.quoting import literal, name
from sdtm2adam.build.relation import Relation
from sdtm2adam.errors import InputError
from sdtm2adam.spec.library import Rows


def declare_table(plan: Plan, key: str, rows: Rows) -> None:
    """A small table of a spec: all columns text, rows in the order a person wrote them."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    relation = Relation(key, names={column: Definition("", given=True) for column in columns})

    def make(node: Node) -> None:
        def run() -> None:
            data = {c: pa.array([row.get(c) for row in rows], pa.string()) for c in columns}
            frame = pa.table({"_row": pa.array(range(len(rows)), pa.int64()), **data})
            adopt(plan, relation, plan.warehouse.register(frame))

        node.run = run

    plan.rows_makers[relation] = make
    plan.relations[key] = relation


def declare_file(
    plan: Plan, key: str, path: Path, supplement: Path | None, whole: Sequence[str] | None = None, *, empty: bool
) -> Relation:
    """A dataset in a Parquet file; its supplemental qualifiers become columns of it.

    Rows are numbered in the order of subject, sequence and, where these do not decide, all columns as text; so the
    order of the file does not matter. Only columns that something needs are read.

    Args:
        plan: the plan.
        key: the name of the dataset.
        path: the Parquet file.
        supplement: the Parquet file of its SUPP-- dataset.
        whole: the names of its qualifiers, where the file may not have all of them.
        empty: whether to take the columns only, for a dry run.
    """
    columns = list(pq.read_schema(path).names)
    qualifiers = list(whole) if whole is not None else qualifiers_in(plan, supplement) if supplement else []
    extra = [q for q in qualifiers if q not in columns]
    relation = Relation(key, names={column: Definition("", given=True) for column in [*columns, *extra]})

    def make(node: Node) -> None:
        def run() -> None:
            asked = {n for owner, n in plan.nodes if owner is relation}
            wanted = [column for column in columns if column in asked]
            wanted_extra = [q for q in extra if q in asked]
            if not (supplement and wanted_extra):
                frame = _source(plan, path, columns, wanted, empty=empty)
                adopt(plan, relation, plan.warehouse.lend(frame))
                relation.codes.put_file(frame)
                return
            by_record = [c for c in _identifiers(plan, supplement) if c in columns]
            read = list(dict.fromkeys([*wanted, "USUBJID", *by_record]))
            base = plan.warehouse.lend(_source(plan, path, columns, read, empty=empty))
            select = _with_qualifiers(base, wanted, supplement, by_record, wanted_extra)
            adopt(plan, relation, plan.warehouse.create(select))

        node.run = run

    plan.rows_makers[relation] = make
    plan.relations[key] = relation
    return relation


def adopt(plan: Plan, relation: Relation, table: str) -> None:
    """Makes a table of the warehouse the rows of a relation: all its columns are there at once."""
    relation.rows = table
    relation.types = plan.warehouse.types(table)
    relation.home = dict.fromkeys(relation.types, table)
    relation.count = plan.warehouse.one(f"SELECT count(*) FROM {table}")


def _read(path: Path) -> str:
    return f"read_parquet({literal(str(path))})"


# --- reading and numbering ----------------------------------------------------------------------------------------


def _source(plan: Plan, path: Path, columns: list[str], wanted: list[str], *, empty: bool) -> pa.Table:
    """The wanted columns of a file, cleaned, and `_row`."""
    keys = sequence_of(columns)
    with _opened(path) as file:
        read = list(dict.fromkeys([*wanted, *keys]))
        table = file.schema_arrow.empty_table().select(read) if empty else file.read(read)
    numbers = row_numbers(
        [table[key] for key in keys],
        table.num_rows,
        lambda rows, ranks: _order_of_ties(plan, path, columns, rows, ranks),
    )
    return pa.table({"_row": numbers, **{column: _cleaned(table[column]) for column in wanted}})


def _opened(path: Path) -> pq.ParquetFile:
    """A Parquet file whose texts are read as dictionaries: what is done to each text is done once."""
    texts = [field.name for field in pq.read_schema(path) if _is_text(field.type)]
    return pq.ParquetFile(path, read_dictionary=texts)


def sequence_of(columns: Iterable[str]) -> list[str]:
    """The columns that number a subject's records: USUBJID and ASEQ, else --SEQ, as far as the dataset has them.

    In ADaM the --SEQ of a record's source stands beside ASEQ, which is the one that every record has.
    """
    names = list(columns)
    sequence = sorted((n for n in names if n.endswith("SEQ") and len(n) <= 5), key=lambda n: n != "ASEQ")
    return [n for n in ("USUBJID", *sequence[:1]) if n in names]


def _order_of_ties(plan: Plan, path: Path, columns: list[str], rows: Numbers, ranks: Numbers) -> Numbers:
    """Rows that the keys do not tell apart, in the order of the keys and then of all columns as text."""
    with pq.ParquetFile(path) as file:
        whole = file.read().take(pa.array(rows))
    tied = plan.warehouse.lend(whole.append_column("_place", pa.array(rows)).append_column("_rank", pa.array(ranks)))
    order = ", ".join(["_rank", *(f"CAST({name(c)} AS VARCHAR)" for c in columns)])
    found: Numbers = plan.warehouse.arrow(f"SELECT _place FROM {tied} ORDER BY {order}")["_place"].to_numpy()
    return found


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _cleaned(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Text that is empty or blank is missing; timestamps lose their time zone (they are local as collected)."""
    if pa.types.is_dictionary(column.type):
        return pa.chunked_array([without_blanks(chunk) for chunk in column.chunks], column.type)
    if pa.types.is_timestamp(column.type):
        local = pc.local_timestamp(column) if column.type.tz else column
        return local.cast(pa.timestamp("us"), safe=False)
    return column


# --- supplemental qualifiers --------------------------------------------------------------------------------------


def qualifiers_in(plan: Plan, supplement: Path) -> list[str]:
    """The names of the qualifiers of a SUPP-- dataset."""
    return [row[0] for row in plan.warehouse.rows(f"SELECT DISTINCT QNAM FROM {_read(supplement)} ORDER BY 1")]


def _identifiers(plan: Plan, supplement: Path) -> list[str]:
    """The columns that tell which record a qualifier belongs to."""
    _refuse_twice(plan, supplement)
    rows = plan.warehouse.rows(f"SELECT DISTINCT IDVAR FROM {_read(supplement)} ORDER BY 1")
    return [row[0] for row in rows if row[0]]


def _with_qualifiers(
    base: str, wanted: list[str], supplement: Path, by_record: list[str], qualifiers: list[str]
) -> str:
    """The rows with qualifiers joined: by subject, or by subject and the record that IDVAR names."""
    pivots = ", ".join(f"max(QVAL) FILTER (WHERE QNAM = {literal(q)}) AS {name(q)}" for q in qualifiers)
    clauses: list[str] = []
    values: dict[str, list[str]] = {q: [] for q in qualifiers}
    for number, identifier in enumerate([*by_record, None]):
        condition = f"IDVAR = {literal(identifier)}" if identifier else "coalesce(IDVAR, '') = ''"
        record, alias = ("trim(IDVARVAL)" if identifier else "NULL"), f"q{number}"
        pivoted = (
            f"SELECT USUBJID, {record} AS record, {pivots} FROM {_read(supplement)} WHERE {condition} GROUP BY ALL"
        )
        same = f" AND {_as_value(identifier)} = {alias}.record" if identifier else ""
        clauses.append(f"LEFT JOIN ({pivoted}) {alias} ON {alias}.USUBJID = b.USUBJID{same}")
        for q in qualifiers:
            values[q].append(f"{alias}.{name(q)}")
    own = ", ".join(f"b.{name(column)}" for column in ["_row", *wanted])
    found = ", ".join(f"coalesce({', '.join(parts)}) AS {name(q)}" for q, parts in values.items())
    return f"SELECT {own}, {found} FROM {base} b {' '.join(clauses)}"


def _refuse_twice(plan: Plan, supplement: Path) -> None:
    """A qualifier has one value per record."""
    keys = "USUBJID, IDVAR, trim(IDVARVAL) AS IDVARVAL, QNAM"
    twice = plan.warehouse.rows(
        f"SELECT {keys}, count(*) FROM {_read(supplement)} GROUP BY ALL HAVING count(*) > 1 ORDER BY ALL LIMIT 1"
    )
    if twice:
        subject, identifier, value, qualifier, count = twice[0]
        raise InputError(
            f"{qualifier} of USUBJID={subject}, {identifier or 'the subject'} {value or ''} stands {count} times",
            where=supplement.name,
            mend="correct the supplemental qualifiers: one value per record and QNAM",
        )


def _as_value(identifier: str) -> str:
    """A key as the text that IDVARVAL holds: whole numbers without a decimal point."""
    column = f"b.{name(identifier)}"
    whole = f"try_cast({column} AS DOUBLE)"
    shown = f"CAST(CAST({whole} AS BIGINT) AS VARCHAR)"
    return f"CASE WHEN {whole} = floor({whole}) THEN {shown} ELSE CAST({column} AS VARCHAR) END"
