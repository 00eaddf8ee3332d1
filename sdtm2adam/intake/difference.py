"""Two transfers of one form, record by record: what is new, what is gone, which values have changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import duckdb
import pyarrow as pa

LISTING = pa.schema(
    [(name, pa.string()) for name in ("form", "record", "change", "column", "before", "after")],
)
"""The columns of the listing of differences: `record` is its key in words, `change` is new, gone or changed."""
MOST_KEYS = 5


@dataclass(frozen=True)
class Difference:
    """What has changed: how many records are new, gone and changed, the first of each, and the listing of all."""

    counts: dict[str, int] = field(default_factory=dict)
    keys: dict[str, tuple[str, ...]] = field(default_factory=dict)
    by_column: dict[str, int] = field(default_factory=dict)
    column_keys: dict[str, tuple[str, ...]] = field(default_factory=dict)
    listing: pa.Table = field(default_factory=LISTING.empty_table)


@contextmanager
def both(before: pa.Table, after: pa.Table) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database with the two tables under the names b and a."""
    with duckdb.connect(":memory:") as connection:
        connection.register("b", before)
        connection.register("a", after)
        yield connection


def duplicated(frame: pa.Table, key: Sequence[str]) -> tuple[int, tuple[str, ...]]:
    """How many keys stand more than once, and the first of them."""
    with duckdb.connect(":memory:") as connection:
        connection.register("t", frame)
        names = ", ".join(_of("t", column) for column in key)
        groups = f"SELECT {record_text('t', key)} AS record FROM t GROUP BY {names}, record HAVING count(*) > 1"
        rows = connection.execute(f"SELECT record FROM ({groups}) ORDER BY {natural('record')}").fetchall()
    return len(rows), tuple(row[0] for row in rows[:MOST_KEYS])


def difference(form: str, before: pa.Table, after: pa.Table, key: Sequence[str], columns: Sequence[str]) -> Difference:
    """The differences of two tables of texts whose keys are unique in each.

    Args:
        form: its name, for the listing.
        before: the previous transfer.
        after: this one.
        key: the columns that name a record; both tables have them.
        columns: those that are compared; both tables have them.
    """
    with both(before, after) as connection:
        same = " AND ".join(f"{_of('b', c)} IS NOT DISTINCT FROM {_of('a', c)}" for c in key)
        differs = " OR ".join(f"{_of('b', c)} IS DISTINCT FROM {_of('a', c)}" for c in columns) or "false"
        connection.execute(
            f"CREATE TEMP TABLE joined AS SELECT {record_text('b', key)} AS record, b, a FROM b JOIN a ON {same} "
            f"WHERE {differs}"
        )
        none = 'NULL AS "column", NULL AS before, NULL AS after, 0 AS place'
        selects = [
            f"SELECT {record_text('a', key)} AS record, 'new' AS change, {none} FROM a ANTI JOIN b ON {same}",
            f"SELECT {record_text('b', key)}, 'gone', NULL, NULL, NULL, 0 FROM b ANTI JOIN a ON {same}",
        ]
        for place, column in enumerate(columns):
            old, new = _of("b", column), _of("a", column)
            selects.append(
                f"SELECT record, 'changed', {_literal(column)}, {old}, {new}, {place} FROM joined "
                f"WHERE {old} IS DISTINCT FROM {new}"
            )
        connection.execute(f"CREATE TEMP TABLE found AS {' UNION ALL '.join(selects)}")
        return Difference(
            counts=dict(_rows(connection, "SELECT change, count(DISTINCT record) FROM found GROUP BY 1 ORDER BY 1")),
            keys=_first(connection, "change"),
            by_column=dict(_rows(connection, f"{_COLUMNS} GROUP BY 1 ORDER BY min(place)")),
            column_keys=_first(connection, '"column"'),
            listing=connection.sql(
                f'SELECT {_literal(form)} AS form, record, change, "column", before, after FROM found '
                f"ORDER BY {natural('record')}, change, place"
            )
            .to_arrow_table()
            .cast(LISTING),
        )


_COLUMNS = 'SELECT "column", count(*) FROM found WHERE "column" IS NOT NULL'


def _first(connection: duckdb.DuckDBPyConnection, by: str) -> dict[str, tuple[str, ...]]:
    """The first records of each kind of difference."""
    ranked = f"row_number() OVER (PARTITION BY {by} ORDER BY {natural('record')})"
    rows = _rows(
        connection,
        f"SELECT k, list(record ORDER BY n) FROM (SELECT {by} AS k, record, {ranked} AS n FROM "
        f"(SELECT DISTINCT {by}, record FROM found)) WHERE k IS NOT NULL AND n <= {MOST_KEYS} GROUP BY 1 ORDER BY 1",
    )
    return {kind: tuple(records) for kind, records in rows}


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple[Any, ...]]:
    return connection.execute(query).fetchall()


def record_text(table: str, key: Sequence[str]) -> str:
    """SQL of a record's key in words: `RECORDID=7`, `SUBJ=1001, CYCLE=C1`."""
    return " || ', ' || ".join(f"{_literal(c + '=')} || coalesce({_of(table, c)}, '')" for c in key)


def natural(record: str) -> str:
    """SQL that orders keys as people do: 9 before 10."""
    return f"try_cast(regexp_extract({record}, '[0-9]+$') AS DOUBLE) NULLS LAST, {record}"


def _of(table: str, column: str) -> str:
    return f"{table}.{quoted(column)}"


def quoted(column: str) -> str:
    """A column as SQL."""
    return '"' + column.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
