"""The ground of pictures: any text drawn, nothing of the machine in it."""

import re
from pathlib import Path
from xml.etree import ElementTree

import matplotlib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.font_manager import fontManager

from sdtm2adam.display.characters import visible
from sdtm2adam.display.figure.canvas import DASHES, LETTER, figure_canvas
from sdtm2adam.display.figure.font import grid_font

SVG = "{http://www.w3.org/2000/svg}"


def drawn(*texts: str) -> tuple[bytes, bytes]:
    with figure_canvas(10) as canvas:
        axes = canvas.axes(60, 30, 400, 70)
        canvas.ticks(axes, "x", (0, 1), ("0", texts[0]))
        canvas.ticks(axes, "y", (), ())
        axes.plot((0, 1), (1, 0), linestyle=DASHES["dashed"], color="#B84A00")
        for row, text in enumerate(texts):
            canvas.text(10, 10 + 12 * row, text, on=axes, across="left")
        return canvas.save()


def texts_of(svg: bytes) -> list[str]:
    return ["".join(element.itertext()) for element in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def test_size_is_that_of_the_grid() -> None:
    png, svg = drawn("a")
    assert ElementTree.fromstring(svg).get("viewBox") == "0 0 718.2 110"
    assert int.from_bytes(png[16:20]) == round(133 * 5.4 / 72 * 300 - 0.5)


def test_texts_of_the_svg_are_text_in_the_font_of_the_tables() -> None:
    _, svg = drawn("$x^2$ & <b>", "≥ 白血病")
    assert texts_of(svg) == ["0", "$x^2$ & <b>", "$x^2$ & <b>", "≥ 白血病"]
    assert b"'Courier New'" in svg
    assert not re.search(rb"style|<script|matplotlib\.org|date", svg)


def test_settings_of_the_user_do_not_count() -> None:
    before = drawn("a")
    with matplotlib.rc_context({"lines.linewidth": 9, "axes.facecolor": "red", "text.color": "blue"}):
        assert drawn("a") == before
        assert matplotlib.rcParams["lines.linewidth"] == 9


def test_texts_at_one_height_stand_on_one_line() -> None:
    with figure_canvas(4) as canvas:
        for at, text in enumerate(("InO", "gy", "$", "x")):
            canvas.text(10 + 40 * at, 20, text)
        _, svg = canvas.save()
    assert len({element.get("y") for element in ElementTree.fromstring(svg).iter(f"{SVG}text")}) == 1


def test_a_letter_is_as_wide_as_in_the_tables() -> None:
    assert pytest.approx(5.4) == LETTER
    with figure_canvas(4) as canvas:
        canvas.text(0, 20, "M" * 100, across="left")
        box = canvas.figure.texts[0].get_window_extent(canvas.figure.canvas.get_renderer())
    assert box.width / 300 * 72 == pytest.approx(540, abs=1)


@given(st.text(max_size=20))
@settings(max_examples=25, deadline=None)
def test_any_text_is_drawn_and_kept(text: str) -> None:
    png, svg = drawn(text)
    assert png.startswith(b"\x89PNG")
    assert "".join(texts_of(svg)) == "0" + 2 * visible(text).replace("\n", "")


def test_what_the_font_does_not_hold_comes_from_the_one_beside_it() -> None:
    files = [Path(str(path)).name for path in fontManager._find_fonts_by_props(grid_font().copy())]
    assert files == ["LiberationMono-Regular.ttf", "DejaVuSansMono.ttf"]
