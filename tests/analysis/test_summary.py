"""Summary statistics of a continuous variable."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdtm2adam.analysis.summary import percentile, percentile5, summarise, summarise_geometric
from sdtm2adam.errors import UsageError

values = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60)


def test_eight_statistics_in_the_order_they_are_printed():
    assert summarise([4.0, 2.0, 3.0, 1.0]) == {
        "n": 4,
        "mean": 2.5,
        "sd": pytest.approx(1.2909944487),
        "median": 2.5,
        "q1": 1.5,
        "q3": 3.5,
        "min": 1.0,
        "max": 4.0,
    }


def test_without_values_only_n_is_known():
    for nothing in ([], [np.nan, np.nan]):
        assert summarise(nothing) == {"n": 0, **dict.fromkeys(("mean", "sd", "median", "q1", "q3", "min", "max"))}
        assert percentile5(nothing, 0.5) is None


def test_one_value_has_no_standard_deviation():
    assert summarise([7.1]) == {
        "n": 1,
        "mean": 7.1,
        "sd": None,
        "median": 7.1,
        "q1": 7.1,
        "q3": 7.1,
        "min": 7.1,
        "max": 7.1,
    }


def test_equal_values_have_a_standard_deviation_of_zero():
    assert (summarise([0.1] * 7)["mean"], summarise([0.1] * 7)["sd"]) == (0.1, 0.0)


def test_missing_values_are_left_out():
    assert summarise([1.0, np.nan, 3.0]) == summarise([1.0, 3.0])


def test_a_fraction_of_n_that_is_whole_but_for_binary_noise_averages_two_neighbours():
    assert percentile5(range(1, 31), 0.1) == 3.5  # 30 * 0.1 is 3.0000000000000004 in no language of statistics
    assert percentile5(range(1, 11), 0.7) == 7.5


def test_the_ends_are_minimum_and_maximum():
    assert [percentile5([3, 1, 2], p) for p in (0, 1)] == [1, 3]


@given(values, st.randoms())
def test_the_order_of_the_values_does_not_matter(numbers, random):
    shuffled = random.sample(numbers, len(numbers))
    assert summarise(numbers) == summarise(shuffled)


@given(values)
def test_quartiles_lie_between_minimum_and_maximum_in_order(numbers):
    s = summarise(numbers)
    assert s["min"] <= s["q1"] <= s["median"] <= s["q3"] <= s["max"]
    assert s["median"] == pytest.approx(float(np.median(numbers)))


@given(values, st.floats(0, 1))
def test_percentiles_equal_numpy_averaged_inverted_cdf(numbers, p):
    n = len(numbers)
    if abs(n * p - round(n * p)) > 1e-6:  # away from the steps, where numpy has no tolerance
        assert percentile5(numbers, p) == np.quantile(numbers, p, method="averaged_inverted_cdf")


def test_an_infinite_value_is_refused():
    with pytest.raises(UsageError, match="infinite"):
        summarise([1.0, np.inf])


@pytest.mark.parametrize("p", [-0.1, 25])
def test_percentiles_are_asked_for_as_fractions(p):
    with pytest.raises(UsageError, match="fraction"):
        percentile5([1.0], p)


def test_the_input_is_not_changed():
    numbers = np.array([3.0, np.nan, 1.0])
    summarise(numbers)
    assert numbers.tolist()[0::2] == [3.0, 1.0]


def test_geometric_mean_and_coefficient_of_variation():
    # v <- c(1200, 5400, 800, 15000, 3100); exp(mean(log(v))); 100 * sqrt(exp(var(log(v))) - 1)
    assert summarise_geometric([1200, 5400, 800, 15000, 3100, np.nan]) == {
        "geo_mean": pytest.approx(2995.18456586),
        "geo_cv": pytest.approx(172.579093952),
    }


def test_a_geometric_mean_needs_values_above_zero():
    for values in ([], [0.0, 1.0], [-1.0, 1.0]):
        assert summarise_geometric(values) == {"geo_mean": None, "geo_cv": None}
    assert summarise_geometric([5.0]) == {"geo_mean": pytest.approx(5.0), "geo_cv": None}


@given(values, st.floats(0, 1), st.sampled_from([("r7", "linear"), ("sas4", "weibull")]))
def test_other_definitions_equal_those_of_numpy(numbers, p, words):
    ours, theirs = percentile(numbers, p, words[0]), np.quantile(numbers, p, method=words[1])
    assert ours == pytest.approx(theirs, rel=1e-6, abs=1e-3)  # a place within 1e-9 of a value is that value
    assert min(numbers) <= ours <= max(numbers)


def test_percentiles_of_one_value_and_of_none():
    for word in ("sas5", "sas4", "r7"):
        assert (percentile([7.0], 0.25, word), percentile([np.nan], 0.25, word)) == (7.0, None)
        assert summarise([1.0, 2.0, 4.0], word)["median"] == 2.0
