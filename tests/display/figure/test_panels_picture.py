"""Panels: what is drawn stands where it should, nothing is cut off, arms differ without colour."""

import io
import re
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from sdtm2adam.display.figure.panels import Axis, Bars, Key, Look, Marks, Panel, Path, Rule, draw_panels

SVG = "{http://www.w3.org/2000/svg}"
X = Axis("Across", 0, 10, (0, 5, 10), ("0", "5", "10"))
Y = Axis("Up", 0, 100, (0, 50, 100), ("0", "50", "100"))


def texts(svg: bytes) -> dict[str, tuple[float, float]]:
    """Each text with its place; letters are 5.4 points wide."""
    found = {}
    for element in ElementTree.fromstring(svg).iter(f"{SVG}text"):
        found["".join(element.itertext())] = (float(element.get("x") or 0), float(element.get("y") or 0))
    return found


def drawn(*shapes, lines=20, panels=1, **about):
    panel = Panel(about.pop("title", "Title"), X, Y, shapes, **about)
    return draw_panels((panel,) * panels, lines)


def pixels(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png)).convert("L"))


def test_the_picture_is_as_wide_as_the_grid_and_the_same_twice():
    first, second = drawn(), drawn()
    assert first == second
    assert Image.open(io.BytesIO(first[0])).size == (2992, 20 * 11 * 300 // 72)


def test_title_legend_ticks_and_notes_are_there_in_this_order_from_top_to_bottom():
    look = Look("#1F3A93")
    _, svg = drawn(legend=(Key("InO (n=3)", look), Key("SC (n=2)", look, "line")), notes=("Missing: 1", "More"))
    places = texts(svg)
    order = ["Title", "InO (n=3)", "100", "0", "Across", "Missing: 1", "More"]
    heights = [places[name][1] for name in order if name != "0"]
    assert heights == sorted(heights)
    assert {"Up", "50", "10", "SC (n=2)"} <= places.keys()


@pytest.mark.parametrize("count", [1, 2, 3])
def test_no_text_leaves_the_picture(count):
    _, svg = drawn(legend=(Key("A key", Look()),), panels=count)
    root = ElementTree.fromstring(svg)
    width = float(re.sub("[a-z]", "", root.get("width") or ""))
    for element in root.iter(f"{SVG}text"):
        if "rotate(-90" not in (element.get("transform") or ""):
            x, length = float(element.get("x") or 0), 5.4 * len("".join(element.itertext()))
            left = {"middle": x - length / 2, "end": x - length}.get(element.get("text-anchor") or "", x)
            assert left >= 0, element.get("x")
            assert left + length <= width + 1, element.get("x")


def test_fills_lines_and_marks_differ_without_colour():
    fills = [pixels(drawn(Bars((1,), (0,), (8,), (90,), Look("#000000", fill=fill)))[0]) for fill in
             ("solid", "hatched", "dotted", "open")]  # fmt: skip
    lines = [pixels(drawn(Path((0, 10), (0, 90), Look(line=line)))[0]) for line in ("solid", "dashed", "dotted")]
    marks = [
        pixels(drawn(Marks((5,), (50,), Look(mark=mark)))[0]) for mark in ("circle", "square", "cross", "triangle")
    ]
    for pictures in (fills, lines, marks):
        assert len({picture.tobytes() for picture in pictures}) == len(pictures)
    ink = [int((picture < 128).sum()) for picture in fills]
    assert ink[0] > ink[1] > ink[3]


def test_a_mark_on_the_edge_of_the_axes_is_whole():
    inside, edge = (pixels(drawn(Marks((5,), (at,), Look(size=12)))[0]) for at in (50.0, 100.0))
    empty = pixels(drawn()[0])
    assert abs(int((inside != empty).sum()) - int((edge != empty).sum())) < 60


def test_the_word_of_a_rule_stands_over_it():
    _, svg = drawn(Rule("x", 5.0, "50%"))
    places = texts(svg)
    assert abs(places["50%"][0] - places["5"][0]) < 9  # both are centered over one place, of 3 letters and of 1
    assert places["50%"][1] < places["100"][1] + 3


def test_a_log_axis_spreads_powers_evenly():
    axis = Axis("MESF", 100, 10000, (100, 1000, 10000), ("100", "1000", "10000"), log=True)
    _, svg = draw_panels((Panel("", axis, Y),), 20)
    places = texts(svg)
    middles = [places[name][0] for name in ("100", "1000", "10000")]
    assert middles[1] - middles[0] == pytest.approx(middles[2] - middles[1], abs=0.5 + 5.4)


def test_an_axis_may_run_downward():
    down = Axis("", 3.5, 0.5, (1, 2, 3), ("first", "second", "third"))
    places = texts(draw_panels((Panel("", X, down),), 20)[1])
    assert places["first"][1] < places["second"][1] < places["third"][1]
