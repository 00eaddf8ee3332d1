"""Text cut into lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdtm2adam.display.characters import text_width, visible
from sdtm2adam.display.wrap import WordTooLong, wrap


def test_later_lines_hang() -> None:
    assert wrap("  Discontinued for global deterioration", 20, hang=4) == [
        "  Discontinued for",
        "    global",
        "    deterioration",
    ]


def test_a_text_that_fits_is_kept_to_the_letter() -> None:
    assert wrap("  a  b ", 7) == ["  a  b "]


def test_a_line_break_in_the_text_stays() -> None:
    assert wrap("95.3\n12345", 12) == ["95.3", "12345"]


def test_a_long_word_is_cut_after_a_hyphen_or_a_slash() -> None:
    assert wrap("Treatment-emergent/any", 12) == ["Treatment-", "emergent/any"]


def test_a_word_too_long_is_an_error_where_it_may_not_be_cut() -> None:
    with pytest.raises(WordTooLong, match="Esophagogastroduodenoscopy"):
        wrap("an Esophagogastroduodenoscopy", 20)


def test_a_word_too_long_is_cut_where_it_may_be() -> None:
    assert wrap("x" * 25, 10, cut=True) == ["x" * 10, "x" * 10, "x" * 5]


def test_wide_characters_take_two_places() -> None:
    assert wrap("白血病白血病", 6, cut=True) == ["白血病", "白血病"]


@given(st.text(), st.integers(4, 40), st.integers(0, 2))
def test_no_word_is_lost_and_no_line_too_long(text: str, width: int, hang: int) -> None:
    lines = wrap(text, width, hang=hang, cut=True)
    assert all(text_width(line) <= width for line in lines)
    assert "".join("".join(lines).replace(" ", "")) == visible(text).replace(" ", "").replace("\n", "")
