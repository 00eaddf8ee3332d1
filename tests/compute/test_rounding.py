"""Rounding at display: half away from zero, once, and never a percentage that lies."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdtm2adam.compute.rounding import (
    count_percent_text,
    format_fixed,
    format_hazard_ratio,
    format_p,
    percent_text,
    round_half_away,
)
from sdtm2adam.errors import UsageError

doubles = st.floats(allow_nan=False, allow_infinity=False)
counts = st.integers(1, 5000).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total)))


@pytest.mark.parametrize(
    ("x", "decimals", "text"),
    [
        (0.5, 0, "1"),
        (1.5, 0, "2"),
        (2.5, 0, "3"),
        (-0.5, 0, "-1"),
        (-2.5, 0, "-3"),
        (2.675, 2, "2.68"),  # the double lies below the half
        (1.005, 2, "1.01"),
        (0.285 * 100, 0, "29"),  # 28.499999999999996
        (1e22, 1, "10000000000000000000000.0"),
        (1e-300, 4, "0.0000"),
        (1.7976931348623157e308, 1, None),
    ],
)
@pytest.mark.bad_input("B070", "B101")
def test_halves_go_away_from_zero(x, decimals, text):
    assert text is None or format_fixed(x, decimals) == text
    assert round_half_away(x, decimals) == -round_half_away(-x, decimals)


@given(doubles, st.integers(0, 6))
def test_rounding_moves_a_number_by_at_most_half_a_step(x, decimals):
    assert abs(round_half_away(x, decimals) - Decimal(f"{x:.15g}")) <= Decimal(1).scaleb(-decimals) / 2


@given(st.decimals(-10000, 10000, places=3), st.integers(0, 2))
@pytest.mark.bad_input("B101")
def test_decimals_as_written_are_rounded_as_written(written, decimals):
    step = Decimal(1).scaleb(-decimals)
    assert round_half_away(float(written), decimals) == written.quantize(step, rounding=ROUND_HALF_UP)


@given(doubles, st.integers(0, 6))
@pytest.mark.bad_input("B070")
def test_minus_zero_is_never_printed(x, decimals):
    assert not (format_fixed(x, decimals).startswith("-") and round_half_away(x, decimals) == 0)


@pytest.mark.parametrize("x", [float("inf"), float("-inf"), float("nan")])
@pytest.mark.bad_input("B070")
def test_what_is_not_finite_is_never_rounded(x):
    with pytest.raises(UsageError, match="cannot be rounded"):
        round_half_away(x, 1)


def test_negative_decimals_are_refused():
    with pytest.raises(UsageError, match="-1 decimals"):
        round_half_away(1.0, -1)


def test_no_number_prints_ne():
    missing = (None, float("nan"))
    assert [format_fixed(x, 1) for x in missing] == ["NE", "NE"]
    assert [format_p(x) for x in missing] == ["NE", "NE"]
    assert [format_hazard_ratio(x) for x in missing] == ["NE", "NE"]


def test_ties_of_thirty_two_subjects_go_up():
    # printf and banker's rounding are wrong at 2, 10, 18 and 26
    ties = {n: percent_text(n, 32) for n in range(2, 32, 4)}
    assert ties == {
        2: "6.3",
        6: "18.8",
        10: "31.3",
        14: "43.8",
        18: "56.3",
        22: "68.8",
        26: "81.3",
        30: "93.8",
    }


@given(counts)
@pytest.mark.bad_input("B101")
def test_percentages_equal_exact_fractions(counted):
    n, total = counted
    exact = Fraction(1000 * n, total)
    tenths = int(exact + Fraction(1, 2))
    if n > 0 and tenths == 0:
        assert percent_text(n, total) == "<0.1"
    elif n < total and tenths == 1000:
        assert percent_text(n, total) == ">99.9"
    else:
        assert Decimal(percent_text(n, total)) == Decimal(tenths) / 10


def test_percentages_at_the_ends():
    assert [percent_text(n, 2000) for n in (0, 1, 1999, 2000)] == ["0.0", "0.1", ">99.9", "100.0"]
    assert [percent_text(n, 2001) for n in (1, 2000)] == ["<0.1", ">99.9"]
    assert percent_text(0, 0) == "NE"


def test_a_count_of_zero_stands_alone():
    assert [count_percent_text(*counted) for counted in ((0, 32), (0, 0), (2, 32), (32, 32))] == [
        "0",
        "0",
        "2 (6.3)",
        "32 (100.0)",
    ]


@pytest.mark.parametrize(("n", "total"), [(3, 2), (-1, 2), (1, 0), (1.5, 2)])
def test_a_numerator_outside_its_denominator_is_refused(n, total):
    with pytest.raises(UsageError, match="no part of a whole"):
        percent_text(n, total)
    with pytest.raises(UsageError, match="no part of a whole"):
        count_percent_text(n, total)


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (0.0, "<0.0001"),
        (0.00009999, "<0.0001"),
        (0.0001, "0.0001"),
        (0.00015, "0.0002"),
        (0.04995, "0.0500"),
        (0.9999, "0.9999"),
        (0.99991, ">0.9999"),
        (1.0, ">0.9999"),
    ],
)
@pytest.mark.bad_input("B101")
def test_p_values_are_cut_at_four_decimals(p, text):
    assert format_p(p) == text


@pytest.mark.parametrize("p", [-0.01, 1.01, float("inf")])
def test_what_is_no_p_value_is_refused(p):
    with pytest.raises(UsageError, match="no p-value"):
        format_p(p)


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (0.0, "0.00"),
        (3e-10, "<0.01"),
        (0.00499, "<0.01"),
        (0.005, "0.01"),
        (0.775, "0.78"),
        (99.994, "99.99"),
        (99.995, ">99.99"),
        (100.0, ">99.99"),
    ],
)
def test_hazard_ratios_stay_within_their_width(x, text):
    assert format_hazard_ratio(x) == text


@pytest.mark.parametrize("x", [-0.1, float("inf")])
def test_what_is_no_hazard_ratio_is_refused(x):
    with pytest.raises(UsageError):
        format_hazard_ratio(x)
