"""Displays that no page can hold: refused, with what is too large."""

from dataclasses import replace

import pytest
import sample_displays as samples
from sample_displays import TWO, counts, display, row, two

from sdtm2adam.display.paginate import paginate
from sdtm2adam.errors import InternalError, SpecError, SpecErrors
from sdtm2adam.model.display import Column, Figure, Section


@pytest.mark.bad_input("B090")
def test_a_long_title_wraps_and_a_title_longer_than_the_page_is_refused() -> None:
    assert len(paginate(two(counts("a"), titles=("word " * 60,)))[0].titles) == 3
    with pytest.raises(SpecError, match="take 56 of the 42 lines"):
        paginate(two(counts("a"), titles=("word " * 1270,)))


def test_a_figure_too_high_is_refused() -> None:
    high = replace(samples.figure(), figures=(Figure(b"", 40, ""),))
    with pytest.raises(SpecError, match="40 are needed"):
        paginate(high)


def test_cells_too_wide_are_all_named() -> None:
    rows = (row("Mean (SD)", "123456.78 (1.0)", "1"), row("Max", "1234567890123", "1"))
    with pytest.raises(SpecErrors) as caught:
        paginate(two(*rows))
    assert [error.where for error in caught.value.errors] == [
        "T1, row 'Mean (SD)', column 'InO'",
        "T1, row 'Max', column 'InO'",
    ]
    assert "'1234567890123' is wider than its column, which holds 12 characters" in caught.value.message


def test_a_head_longer_than_its_column_is_refused() -> None:
    columns = (TWO[0], Column(("Inotuzumabozogamicin",), 13), TWO[2])
    with pytest.raises(SpecError, match="wider than its column of 12"):
        paginate(display("T1", columns, Section((counts("a"),))))


def test_cells_that_do_not_cover_the_columns_are_our_mistake() -> None:
    with pytest.raises(InternalError, match="the cells cover 1 columns, the display has 2"):
        paginate(two(row("a", "1")))


def test_an_unknown_layout_is_refused_with_a_hint() -> None:
    with pytest.raises(SpecError, match="did you mean grid9"):
        paginate(two(counts("a"), layout="grid8"))


def test_a_header_line_too_long_is_refused() -> None:
    with pytest.raises(SpecError, match="longer than 133"):
        paginate(two(counts("a"), header=(("x" * 100, "y" * 40),)))
