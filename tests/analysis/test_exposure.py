"""Sums over rows at risk, against sums one by one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdtm2adam.analysis.exposure import Exposure


@st.composite
def exposures(draw):
    sizes = draw(st.lists(st.integers(1, 9), min_size=1, max_size=4))
    stratum = np.repeat(np.arange(len(sizes)), sizes)
    edges = np.concatenate(([0], np.cumsum(sizes)))
    rows = draw(st.lists(st.tuples(st.integers(0, len(sizes) - 1), st.floats(0, 1), st.floats(0, 1)), max_size=30))
    places = [sorted((int(edges[s] + a * sizes[s]), int(edges[s] + b * sizes[s]))) for s, a, b in rows]
    begin, end = np.array(places, dtype=np.int64).reshape(-1, 2).T
    return begin, end, stratum


@given(exposures())
def test_both_sums_equal_sums_one_by_one(case):
    begin, end, stratum = case
    exposure, times = Exposure(begin, end, stratum), np.arange(stratum.size)
    there = (begin[:, None] <= times) & (times < end[:, None])
    of_rows, of_times = np.arange(1.0, begin.size + 1), np.sqrt(times + 1.0)
    assert exposure.at_risk(of_rows) == pytest.approx(there.T @ of_rows)
    assert exposure.gathered(of_times) == pytest.approx(there @ of_times)


def test_a_small_sum_survives_beside_a_large_one_that_enters_later():
    # rows at risk at the first two times, and a row of 1e20 that enters at the third
    exposure = Exposure(np.array([0, 2]), np.array([2, 4]), np.zeros(4, dtype=np.int64))
    assert exposure.at_risk(np.array([1.0, 1e20])).tolist() == [1.0, 1.0, 1e20, 1e20]
