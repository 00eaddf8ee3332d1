import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdtm2adam.files.xpt.ibm import LARGEST, SMALLEST, fits, from_ibm, to_ibm

SIZES = st.floats(min_value=SMALLEST, max_value=LARGEST, allow_nan=False)


def bytes_of(text: str) -> np.ndarray:
    return np.frombuffer(bytes.fromhex(text), dtype=np.uint8).reshape(1, -1)


@given(st.lists(st.one_of(SIZES, SIZES.map(lambda size: -size), st.just(0.0)), max_size=50))
def test_every_number_in_the_range_of_the_format_comes_back_exactly(numbers):
    values, missing = from_ibm(to_ibm(np.array(numbers, dtype=np.float64)))
    assert values.tolist() == numbers
    assert not missing.any()


@given(st.integers(min_value=-260, max_value=251), st.floats(min_value=1.0, max_value=2.0, exclude_max=True))
def test_every_power_of_two_comes_back_exactly(exponent, fraction):
    number = math.ldexp(fraction, exponent)
    assert from_ibm(to_ibm(np.array([number])))[0][0] == number


@pytest.mark.parametrize(
    ("number", "ibm"),
    [  # the worked values of SAS TS-140 and IBM's principles of operation
        (0.0, "00 00 00 00 00 00 00 00"),
        (-0.0, "00 00 00 00 00 00 00 00"),
        (1.0, "41 10 00 00 00 00 00 00"),
        (-1.0, "c1 10 00 00 00 00 00 00"),
        (2.0, "41 20 00 00 00 00 00 00"),
        (0.1, "40 19 99 99 99 99 99 9a"),
        (-118.625, "c2 76 a0 00 00 00 00 00"),
        (float("nan"), "2e 00 00 00 00 00 00 00"),
        (SMALLEST, "00 10 00 00 00 00 00 00"),
        (LARGEST, "7f ff ff ff ff ff ff f8"),
    ],
)
def test_known_numbers_have_their_known_bytes(number, ibm):
    assert to_ibm(np.array([number])).tobytes() == bytes.fromhex(ibm)


@pytest.mark.parametrize("letter", "._ABCMZ")
def test_all_sas_missing_values_are_missing(letter):
    assert from_ibm(bytes_of(letter.encode().hex() + "00" * 7))[1].all()


def test_a_number_whose_first_byte_is_a_letter_is_a_number():
    values, missing = from_ibm(bytes_of("41 10 00 00 00 00 00 00"))  # 0x41 is A
    assert values[0] == 1.0
    assert not missing[0]


def test_shortened_numbers_lack_only_their_last_bytes():
    assert from_ibm(bytes_of("41 18 00"))[0][0] == 1.5
    assert from_ibm(bytes_of("2e 00"))[1][0]


def test_numbers_that_are_not_normalised_are_read():
    assert from_ibm(bytes_of("42 01 00 00 00 00 00 00"))[0][0] == 1.0


def test_a_zero_with_a_sign_or_an_exponent_is_zero():
    assert from_ibm(bytes_of("80 00 00 00 00 00 00 00"))[0].tolist() == [0.0]


def test_what_the_format_cannot_hold_is_told():
    numbers = np.array([SMALLEST, LARGEST, SMALLEST / 2, LARGEST * 1.1, 1e300, 1e-80, np.inf, -np.inf, 0.0])
    assert fits(numbers).tolist() == [True, True, False, False, False, False, False, False, True]
    assert fits(-numbers).tolist() == fits(numbers).tolist()


def test_the_input_is_not_changed():
    numbers = np.array([1.5, np.nan, -2.0])
    to_ibm(numbers)
    assert numbers[0] == 1.5
    assert math.isnan(numbers[1])
