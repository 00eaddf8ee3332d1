"""Results in standard units: exact decimal arithmetic, half away from zero."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdtm2adam.compute.units import Conversion, UnitTable, as_number, shortest

UNITS = UnitTable.of(
    [
        {"TESTCD": "HGB", "FROM": "g/dL", "TO": "g/L", "FACTOR": "10", "OFFSET": None, "DIGITS": "0"},
        {"TESTCD": "TEMP", "FROM": "F", "TO": "C", "FACTOR": "0.5555555555", "OFFSET": "-17.77777777", "DIGITS": "1"},
        {"TESTCD": None, "FROM": "%", "TO": "%", "FACTOR": None, "OFFSET": None, "DIGITS": None},
        {"TESTCD": "*", "FROM": "g/dL", "TO": "mg/L", "FACTOR": "10000", "OFFSET": None, "DIGITS": None},
    ]
)  # fmt: skip


@pytest.mark.parametrize(
    ("test", "unit", "value", "to", "made"),
    [
        ("HGB", "g/dL", "12.35", "g/L", "124"),
        ("HGB", "g/dL", "12.25", "g/L", "123"),
        ("TEMP", "F", "98.6", "C", "37.0"),
        ("HCT", "%", "41.50", "%", "41.50"),
        ("ALB", "g/dL", "4.1", "mg/L", "41000.0"),
    ],
)
def test_a_value_is_multiplied_shifted_and_rounded_half_away_from_zero(test, unit, value, to, made):
    conversion = UNITS.find(test, unit)
    assert (conversion.to, str(conversion.convert(Decimal(value)))) == (to, made)


def test_the_line_of_the_test_goes_before_the_line_of_any_test():
    assert UNITS.find("HGB", "g/dL").to == "g/L"
    assert UNITS.find("ALB", "g/dL").to == "mg/L"


def test_a_unit_that_the_table_lacks_has_no_conversion():
    assert UNITS.find("HGB", "g/l") is None
    assert UNITS.find("HGB", None) is None


@pytest.mark.parametrize("value", ["0.5", "1.5", "2.5", "-0.5", "-2.5", "0.4999999999999999999999", "1.005"])
def test_a_half_goes_away_from_zero_also_where_binary_numbers_cannot_hold_it(value):
    whole = Conversion(None, Decimal(1), Decimal(0), 0).convert(Decimal(value))
    number = Fraction(value)
    nearest = int(abs(number) + Fraction(1, 2))
    assert whole == (nearest if number >= 0 else -nearest)


@given(
    st.decimals(-1_000_000, 1_000_000, places=4),
    st.decimals("0.0001", 10_000, places=4),
    st.decimals(-100, 100, places=3),
    st.integers(0, 6),
)
def test_a_conversion_is_the_exact_fraction_rounded_once(value, factor, offset, digits):
    exact = Fraction(value) * Fraction(factor) + Fraction(offset)
    scaled = abs(exact) * 10**digits
    expected = Fraction(int(scaled + Fraction(1, 2)), 10**digits) * (1 if exact >= 0 else -1)
    assert Fraction(Conversion("x", factor, offset, digits).convert(value)) == expected


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=6))
def test_the_shortest_text_of_a_number_is_the_same_number_without_needless_zeros(number):
    text = shortest(number)
    assert Decimal(text) == number
    assert "." not in text or text[-1] not in "0."
    assert "E" not in text
    assert text != "-0"


@pytest.mark.parametrize(
    ("text", "number"),
    [("7.10", "7.10"), (" 7 ", "7"), (".5", "0.5"), ("5.", "5"), ("-3", "-3"), ("+3", "3"), ("1e3", "1E+3"),
     ("007", "7")],
)  # fmt: skip
def test_a_result_that_is_a_number_is_read_exactly(text, number):
    assert as_number(text) == Decimal(number)


@pytest.mark.parametrize(
    "text", ["<0.1", "ND", "", "1,5", "1e", "NaN", "inf", "1 000", "5 mg", "0x10", "1_000", "1e400"]
)
@pytest.mark.bad_input("B069")
def test_a_result_that_is_no_number_is_none(text):
    assert as_number(text) is None


def test_digits_of_other_scripts_are_no_number():
    assert as_number("７") is None


@pytest.mark.parametrize("text", ["1e40", "1" * 50])
def test_a_very_large_result_is_converted_too(text):
    made = UNITS.find("HGB", "g/dL").convert(as_number(text))
    assert Fraction(made) == Fraction(text) * 10
