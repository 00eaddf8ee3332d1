"""What can be printed, and what is shown instead."""

import unicodedata

import pytest
import sample_displays as samples
from hypothesis import given
from hypothesis import strategies as st

from sdtm2adam.display.characters import check_characters, text_width, visible
from sdtm2adam.model.display import Cell, Row, Section


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("a\x0bb", "a\\x0Bb"),
        ("\x00\x1f\x7f\x85", "\\x00\\x1F\\x7F\\x85"),
        ("tab\there", "tab\\x09here"),
        ("two\r\nlines\n", "two\nlines\n"),
        ("lone\rreturn", "lone\\x0Dreturn"),
        ("\ufffe\ud800\U0001fffe", "\\uFFFE\\uD800\\U0001FFFE"),
        ("\u2028", "\\u2028"),
        ("µ ≥ 白 \U0001f600 e\u0301", "µ ≥ 白 \U0001f600 e\u0301"),
        ("turned \u202e\u2067 back \u202c", "turned \\u202E\\u2067 back \\u202C"),
        ("private \ue000 unassigned \u0378", "private \\uE000 unassigned \\u0378"),
        ("hidden \U000e0041\ufff9", "hidden \\U000E0041\\uFFF9"),
        ("a\xa0b\u3000c\u200d\u200f\xad", "a\xa0b\u3000c\u200d\u200f\xad"),
    ],
)
def test_what_has_no_glyph_is_shown_as_its_code(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_combining_characters_take_no_room() -> None:
    assert text_width("e\u0301\u200d") == 1


@pytest.mark.bad_input("B088")
def test_unprintable_and_turning_characters_are_reported() -> None:
    cells = (Cell("bell \x07", align="left"), *(Cell("two\nlines") for _ in range(7)))
    display = samples.display("T1", samples.c8(), Section((Row("turned \u202e", cells), Row("fine", cells))))
    found = {issue.rule: issue for issue in check_characters(display)}
    assert (found["CHAR01"].records, found["CHAR02"].records) == (2, 1)
    assert found["CHAR01"].value == "'bell \\x07'"
    assert found["CHAR02"].value == "'turned \\u202e'"


@given(st.text(st.characters()))
def test_what_is_visible_stays_as_it_is(text: str) -> None:
    shown = visible(text)
    assert visible(shown) == shown
    assert all(char.isprintable() or unicodedata.category(char) in ("Zs", "Cf") or char == "\n" for char in shown)
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    shown.encode()


def test_ordinary_displays_have_no_such_issue() -> None:
    assert check_characters(samples.response()) == ()
