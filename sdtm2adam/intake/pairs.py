"""Pairs of columns: an answer as it was shown, and its code."""

from __future__ import annotations

import duckdb
import pyarrow as pa

CODES = ("_STD", "_CODE", "_CD", "_RAW")
"""What EDC systems put behind the name of an answer for the column of its code."""


def pairs_of(frame: pa.Table) -> dict[str, str]:
    """Answer -> code column, where each answer has one code in all records."""
    found = {}
    names = set(frame.column_names)
    with duckdb.connect(":memory:") as connection:
        connection.register("frame", frame)
        for column in frame.column_names:
            for ending in CODES:
                if (code := column + ending) in names and _is_function(connection, column, code):
                    found[column] = code
                    break
    return found


def _is_function(connection: duckdb.DuckDBPyConnection, answer: str, code: str) -> bool:
    """Whether each answer has one code, and there are both."""
    query = (
        f'SELECT count(*), count(*) FILTER (codes > 1) FROM (SELECT "{answer}" AS a, '
        f'count(DISTINCT coalesce("{code}", \'\')) AS codes FROM frame WHERE "{answer}" IS NOT NULL GROUP BY 1)'
    )
    row = connection.execute(query).fetchone()
    assert row is not None
    return bool(row[0] > 0 and row[1] == 0)
