"""The forest picture: size, bytes, and what is drawn where."""

import io

import numpy as np
import pytest
from matplotlib import image

from sdtm2adam.display.figure.forest import ForestAxis, ForestLook, ForestRow, Interval, draw_forest

RATIOS = ForestAxis(True, (0.25, 0.5, 1, 2, 4), 1, (0.2, 5), ("Favours InO", "Favours SC"))
DIFFERENCES = ForestAxis(False, (-40, 0, 40, 80), 0, (-40, 100), ("Favours SC", "Favours InO"))
WIDTHS = (28, 24, 48, 23, 10)
PLOT = ((28 + 24 + 2) * 5.4, (28 + 24 + 48 - 3) * 5.4)
"""Where the axis begins and ends, in points."""


def look(axis: ForestAxis = RATIOS, lines: int = 12) -> ForestLook:
    return ForestLook(WIDTHS, ("Subgroup", "InO|n", "Effect", "HR (95% CI)", "p"), 2, axis, lines)


def row(interval: Interval | None, **more: object) -> ForestRow:
    return ForestRow(("", "", "", ""), interval, **more)  # type: ignore[arg-type]


def ink(pictures: tuple[bytes, bytes]) -> np.ndarray:
    """Where the picture is dark: lines of the field of the plot by columns, in points."""
    seen = image.imread(io.BytesIO(pictures[0]), format="png")[:, :, :3].max(axis=2) < 0.5
    return np.asarray(seen)


def reach(picture: np.ndarray, level: float, beyond: float = 8.0) -> tuple[float, float]:
    """The first and the last dark point of a row near the plot, in points from the left."""
    scale = 300 / 72
    left, right = (PLOT[0] - beyond) * scale, (PLOT[1] + beyond) * scale
    dark = np.flatnonzero(picture[int(level * scale), int(left) : int(right)])
    return (dark[0] + int(left)) / scale, (dark[-1] + 1 + int(left)) / scale


def middle(at: int = 0, rows: int = 1, lines: int = 12) -> float:
    """How far below the top the middle of a row is, in points."""
    top = 3 + 2 * 11 + 3 + 1.5
    pitch = min((lines * 11 - top - 32) / rows, 1.25 * 11)
    return top + pitch * (at + 0.5)


def place(axis: ForestAxis, value: float) -> float:
    return PLOT[0] + axis.place(value) * (PLOT[1] - PLOT[0])


@pytest.fixture(scope="module")
def picture() -> tuple[bytes, bytes]:
    return draw_forest((ForestRow(("All", "3", "0.50 (0.25, 1.00)", ""), Interval(0.5, 0.25, 1.0)),), look())


def test_width_is_that_of_133_characters_and_height_whole_lines(picture):
    high, wide = ink(picture).shape
    assert abs(wide - 133 * 5.4 / 72 * 300) <= 1
    assert abs(high - 12 * 11 / 72 * 300) <= 1


def test_same_input_gives_same_bytes(picture):
    again = draw_forest((ForestRow(("All", "3", "0.50 (0.25, 1.00)", ""), Interval(0.5, 0.25, 1.0)),), look())
    assert again == picture
    assert b"Software" not in picture[0]
    assert b">0.50 (0.25, 1.00)<" in picture[1]


@pytest.mark.parametrize(("axis", "limits"), [(RATIOS, (0.25, 0.8)), (DIFFERENCES, (-32.7, -5.5))])
def test_an_interval_reaches_from_limit_to_limit(axis, limits):
    made = ink(draw_forest((row(Interval(sum(limits) / 2, *limits), share=0.1),), look(axis)))
    found = reach(made, middle())
    reference = place(axis, axis.ref)
    assert found[0] == pytest.approx(place(axis, limits[0]), abs=0.5)
    assert found[1] == pytest.approx(reference, abs=0.5)  # the line of no effect crosses every row
    scale = 300 / 72
    line = made[int(middle() * scale)]
    gap = line[int((place(axis, limits[1]) + 1) * scale) : int((reference - 1) * scale)]
    assert not gap.any()


def test_what_lies_beyond_the_axis_ends_in_an_arrow():
    made = ink(draw_forest((row(Interval(1.0, 0.05, 9.0), share=0.1),), look()))
    left, right = reach(made, middle())
    assert left == pytest.approx(PLOT[0] - 4, abs=0.6)
    assert right == pytest.approx(PLOT[1] + 4, abs=0.6)
    inside = ink(draw_forest((row(Interval(1.0, 0.25, 4.0), share=0.1),), look()))
    left, right = reach(inside, middle())
    assert (left, right) == pytest.approx((place(RATIOS, 0.25), place(RATIOS, 4.0)), abs=0.5)


def test_an_effect_beyond_the_axis_has_an_arrow_and_no_square():
    made = ink(draw_forest((row(Interval(50.0, 9.0, None), share=1.0),), look()))
    left, right = reach(made, middle() - 3.5)  # above the arrow a square of this size would show
    assert right == pytest.approx(place(RATIOS, 1), abs=0.6)
    left, right = reach(made, middle())
    assert left == pytest.approx(place(RATIOS, 1), abs=0.6)
    assert right == pytest.approx(PLOT[1] + 4, abs=0.6)


def test_a_limit_that_is_not_there_is_open():
    made = ink(draw_forest((row(Interval(0.5, None, 0.8), share=0.1),), look()))
    assert reach(made, middle())[0] == pytest.approx(PLOT[0] - 4, abs=0.6)


def test_squares_have_their_area_by_share():
    made = ink(draw_forest((row(Interval(0.5, 0.5, 0.5), share=1.0), row(Interval(0.5, 0.5, 0.5), share=0.25)), look()))
    scale = 300 / 72
    column = int((place(RATIOS, 0.5) + 0.6) * scale)
    heights = []
    for at in range(2):
        level = int(middle(at, 2) * scale)
        heights.append(made[level - 25 : level + 25, column].sum() / scale)
    assert heights[0] == pytest.approx(11 * 0.82, abs=0.5)
    assert heights[0] / heights[1] == pytest.approx(2, rel=0.1)


def test_all_subjects_are_a_diamond():
    made = ink(draw_forest((row(Interval(0.5, 0.25, 0.8), diamond=True),), look()))
    left, right = reach(made, middle() + 3)  # half way down only the middle is left
    assert left > place(RATIOS, 0.25) + 10
    assert reach(made, middle())[0] == pytest.approx(place(RATIOS, 0.25), abs=0.8)
    assert right == pytest.approx(place(RATIOS, 1), abs=0.6)


def test_a_row_without_effect_draws_nothing():
    made = ink(draw_forest((row(None),), look()))
    left, right = reach(made, middle())
    assert right - left < 1  # the line of no effect alone


def test_nothing_is_written_over_the_lower_edge(picture):
    assert not ink(picture)[-4:].any()


def test_a_place_on_the_axis():
    assert RATIOS.place(0.2) == pytest.approx(0)
    assert RATIOS.place(5) == pytest.approx(1)
    assert RATIOS.place(0) == -np.inf
    assert DIFFERENCES.place(30) == pytest.approx(0.5)
