"""Numbers one under the other, centred, with a blank on the right."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdtm2adam.display.align import Alignment, centred, integer_end, tightened


def aligned(texts: list[str], width: int) -> list[str]:
    block = Alignment()
    for text in texts:
        block.learn(("column",), text)
    return [block.place(("column",), text, width) for text in texts]


def test_integer_parts_end_in_the_same_character() -> None:
    assert aligned(["121 (73.8)", "5 (4.7)", "0", "NE"], 13) == [
        " 121 (73.8)",
        "   5 (4.7)",
        "   0",
        "  NE",
    ]


def test_signs_and_brackets_stand_before_the_integer_part() -> None:
    assert aligned(["(-25.1, 28.7)", "(3.0, 9.1)", "(NE, NE)"], 26) == [
        "      (-25.1, 28.7)",
        "        (3.0, 9.1)",
        "       (NE, NE)",
    ]


def test_small_p_values_align_with_the_others() -> None:
    assert aligned(["<0.0001", "0.0203", ">0.9999"], 13) == ["  <0.0001", "   0.0203", "  >0.9999"]


def test_a_text_moves_as_far_as_it_must_to_stay_in_its_column() -> None:
    assert aligned(["(90.0, 99.9)", "(8.5, 100.0)"], 13) == ["(90.0, 99.9)", "(8.5, 100.0)"]


def test_words_are_centred_by_themselves() -> None:
    assert aligned(["Missing", "12"], 13) == ["  Missing", "     12"]


@pytest.mark.parametrize(
    ("text", "width", "blanks"),
    [("xx.x", 26, 11), ("x.xxxx", 26, 10), ("(-xx.x, xx.x)", 26, 6), ("xxx (xx.x)", 13, 1), ("(N=xxx)", 13, 2)],
)
def test_texts_stand_where_the_shells_show_them(text: str, width: int, blanks: int) -> None:
    assert centred(text, width) == " " * blanks + text
    assert aligned([text], width) == [" " * blanks + text]


def test_blank_after_comma_goes_between_numbers_only() -> None:
    assert tightened(["(90.0, 100.0)", "(NE, NE)", "1.0+, 36.2+", "Smith, John", "(-1.0, -0.5)"]) == [
        "(90.0,100.0)",
        "(NE,NE)",
        "1.0+,36.2+",
        "Smith, John",
        "(-1.0,-0.5)",
    ]


@pytest.mark.parametrize("text", ["Male", "extreme", "-", "", "NEGATIVE", "xenon"])
def test_words_have_no_integer_part(text: str) -> None:
    assert integer_end(text) is None


@given(st.lists(st.from_regex(r"\A[<>(-]{0,2}[0-9]{1,4}(\.[0-9]{1,2})?( \([0-9.]{1,5}\))?\Z"), min_size=1, max_size=8))
def test_alignment_never_changes_a_text_and_never_leaves_the_column(texts: list[str]) -> None:
    width = max(map(len, texts)) + 1
    placed = aligned(texts, width)
    assert [text.lstrip(" ") for text in placed] == texts
    assert all(len(text) < width for text in placed)
    roomy = aligned(texts, 80)
    assert len({len(text) - len(text.lstrip(" ")) + (integer_end(text.lstrip(" ")) or 0) for text in roomy}) == 1
