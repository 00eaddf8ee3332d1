"""The calendar of the checks against the calendar of Python."""

import datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdtm2adam.validate.kinds.partial_dates import is_after, is_iso_date

PARTS = st.lists(st.tuples(st.integers(1, 9999), st.integers(0, 14), st.integers(0, 33)), min_size=1, max_size=60)
DATES = st.lists(st.tuples(st.datetimes(), st.datetimes()), min_size=1, max_size=40)


def exists(year, month, day):
    try:
        datetime.date(year, month, day)
    except ValueError:
        return False
    return True


@given(PARTS)
@pytest.mark.bad_input("B051")
def test_a_complete_date_is_valid_where_python_has_the_day(parts):
    texts = pd.Series([f"{year:04d}-{month:02d}-{day:02d}" for year, month, day in parts], dtype="str")
    assert is_iso_date(texts).tolist() == [exists(*one) for one in parts]


@given(PARTS)
def test_a_month_is_valid_from_1_to_12(parts):
    texts = pd.Series([f"{year:04d}-{month:02d}" for year, month, _ in parts], dtype="str")
    assert is_iso_date(texts).tolist() == [1 <= month <= 12 for _, month, _ in parts]


@given(DATES)
def test_complete_times_are_ordered_as_python_orders_them(pairs):
    first, second = (
        pd.Series([one[i].replace(microsecond=0).isoformat() for one in pairs], dtype="str") for i in (0, 1)
    )
    wanted = [one.replace(microsecond=0) > other.replace(microsecond=0) for one, other in pairs]
    assert is_after(first, second).tolist() == wanted
    assert not is_after(first, first.str.slice(0, 7)).any()
