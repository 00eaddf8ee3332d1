"""The order of rows by ranks is that of ORDER BY in the database, for all types, missing values and ties."""

import datetime as dt

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sdtm2adam.build import ranks

VALUES = {
    "text": (pa.string(), st.text(max_size=3)),
    "coded": (pa.dictionary(pa.int32(), pa.string()), st.sampled_from(["é", "e", "É", "", "~", "a b", "ab"])),
    "float": (pa.float64(), st.floats(width=16)),
    "integer": (pa.int64(), st.integers(-3, 3)),
    "date": (pa.date32(), st.dates(dt.date(2014, 1, 1), dt.date(2014, 1, 9))),
    "moment": (pa.timestamp("us"), st.datetimes(dt.datetime(2014, 1, 1), dt.datetime(2014, 1, 2))),
    "flag": (pa.bool_(), st.booleans()),
}


@st.composite
def tables(draw):
    size = draw(st.integers(0, 12))
    kinds = draw(st.lists(st.sampled_from(sorted(VALUES)), min_size=1, max_size=4))
    columns = [
        pa.array(draw(st.lists(st.none() | VALUES[kind][1], min_size=size, max_size=size)), VALUES[kind][0])
        for kind in kinds
    ]
    return columns, draw(st.lists(st.booleans(), min_size=len(columns), max_size=len(columns)))


def in_database(columns):
    named = {f"c{n}": column for n, column in enumerate(columns)}
    return duckdb.connect(), pa.table({"_row": np.arange(len(columns[0])), **named})


@settings(max_examples=150, deadline=None)
@given(drawn=tables())
def test_rows_are_ordered_as_the_database_orders_them(drawn):
    columns, down = drawn
    connection, frame = in_database(columns)
    items = [f"c{n} {'DESC' if turned else 'ASC'} NULLS LAST" for n, turned in enumerate(down)]
    connection.register("frame", frame)
    wanted = connection.execute(f"SELECT _row FROM frame ORDER BY {', '.join(items)}, _row").fetchall()
    assert ranks.row_order(columns, down).tolist() == [row for (row,) in wanted]


@settings(max_examples=100, deadline=None)
@given(drawn=tables())
def test_numbers_within_groups_are_those_of_the_database(drawn):
    columns, down = drawn
    groups = max(1, len(columns) - 1)
    connection, frame = in_database(columns)
    items = [f"c{n} {'DESC' if down[n] else 'ASC'} NULLS LAST" for n in range(groups, len(columns))]
    partition = ", ".join(f"c{n}" for n in range(groups))
    connection.register("frame", frame)
    window = f"PARTITION BY {partition} ORDER BY {', '.join([*items, '_row'])}"
    wanted = connection.execute(f"SELECT row_number() OVER ({window}) FROM frame ORDER BY _row").fetchall()
    down = [*[False] * groups, *down[groups:]]
    assert ranks.numbers_within(columns, down, groups).tolist() == [number for (number,) in wanted]


@pytest.mark.parametrize("columns", [1, 3])
def test_more_values_than_fit_into_one_number(monkeypatch, columns):
    monkeypatch.setattr(ranks, "_MOST", 4)
    drawn = [pa.array([3, 1, None, 2, 1]), pa.array(["b", "a", "a", None, "A"]), pa.array([1.0, 2.0, 3.0, 4.0, 5.0])]
    order = ranks.row_order(drawn[:columns])
    assert order.tolist() == ([1, 4, 3, 0, 2] if columns == 1 else [4, 1, 3, 0, 2])
