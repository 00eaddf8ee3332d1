"""Rows of a source are numbered by its keys, and by all columns where these leave ties, however its file is sorted."""

from collections.abc import Sequence
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sdtm2adam.build.plan import Plan
from sdtm2adam.build.sources import declare_file
from sdtm2adam.build.study import compute
from sdtm2adam.build.warehouse import Warehouse

TEXT = st.sampled_from(["01-1", "01-10", "01-2", "é", "A", "a", " ", "", None])
NUMBER = st.sampled_from([1.0, 2.0, 10.0, 2.5, -3.0, 1e12, None])
ROWS = st.lists(st.tuples(TEXT, NUMBER, TEXT), max_size=12)


def write(path: Path, rows: Sequence[tuple[str | None, float | None, str | None]]) -> None:
    columns = list(zip(*rows, strict=True)) or [(), (), ()]
    names = {"USUBJID": pa.string(), "AESEQ": pa.float64(), "AETERM": pa.string()}
    arrays = {name: pa.array(column, kind) for (name, kind), column in zip(names.items(), columns, strict=True)}
    pq.write_table(pa.table(arrays), path, row_group_size=5)


def numbered(path: Path, columns: Sequence[str] = ("USUBJID", "AESEQ", "AETERM")) -> list[tuple[object, ...]]:
    """The rows as the engine numbers them, by their numbers."""
    warehouse = Warehouse(path.parent, [path.parent], threads=1)
    plan = Plan(warehouse, "STUDY")
    relation = declare_file(plan, "AE", path, None, empty=False)
    compute(plan, [plan.node(relation, column) for column in columns])
    found = warehouse.rows(f"SELECT _row, {', '.join(columns)} FROM {relation.rows} ORDER BY _row")
    warehouse.close()
    return found


def expected(path: Path) -> list[tuple[object, ...]]:
    """The same by one ORDER BY of DuckDB."""
    order = "USUBJID NULLS FIRST, AESEQ NULLS FIRST, USUBJID, CAST(AESEQ AS VARCHAR), AETERM NULLS LAST"
    blank = "CASE WHEN trim({0}) <> '' THEN {0} END"
    items = f"{blank.format('USUBJID')}, AESEQ, {blank.format('AETERM')}"
    return duckdb.sql(f"SELECT row_number() OVER (ORDER BY {order}) - 1, {items} FROM '{path}' ORDER BY 1").fetchall()


@settings(max_examples=30, deadline=None)
@given(rows=ROWS)
def test_rows_stand_in_the_order_of_subject_sequence_and_then_all_columns(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str | None, float | None, str | None]]
) -> None:
    path = tmp_path_factory.mktemp("numbers") / "ae.parquet"
    write(path, rows)
    assert numbered(path) == expected(path)


def test_the_order_of_the_file_does_not_matter(tmp_path: Path) -> None:
    rows = [("01-1", 1.0, "B"), ("01-1", 1.0, "A"), ("01-2", None, "C"), (None, 5.0, "D"), ("01-10", 2.0, None)]
    results = []
    for seed in range(5):
        shuffled = [rows[int(at)] for at in np.random.default_rng(seed).permutation(len(rows))]
        write(tmp_path / f"{seed}.parquet", shuffled)
        results.append(numbered(tmp_path / f"{seed}.parquet"))
    assert all(result == results[0] for result in results)
    assert [row[1] for row in results[0]] == [None, "01-1", "01-1", "01-10", "01-2"]


def test_only_wanted_columns_are_read_and_keys_still_decide(tmp_path: Path) -> None:
    write(tmp_path / "ae.parquet", [("01-2", 1.0, "B"), ("01-1", 2.0, "A"), ("01-1", 1.0, " ")])
    assert numbered(tmp_path / "ae.parquet", ["AETERM"]) == [(0, None), (1, "A"), (2, "B")]
