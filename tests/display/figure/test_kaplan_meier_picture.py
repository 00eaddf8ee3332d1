"""The Kaplan-Meier picture: size, bytes, and what is drawn where."""

import io

import numpy as np
import pytest
from matplotlib import image

from sdtm2adam.display.figure.kaplan_meier import Curve, Look, Panel, Scale, draw_kaplan_meier

LOOK = Look(Scale("Months", 0, 12, 3), Scale("Survival (%)", 0, 100, 20), "|", "Number at risk", 28)
INO = Curve("InO", "solid", "#1F3A93", (2.0, 5.0, 9.0), (80.0, 40.0, 40.0), ((9.0, 40.0),), ("5", "4", "2", "1", "0"))
SC = Curve("SC", "dashed", "#B84A00", (1.0, 3.0), (50.0, 0.0), (), ("4", "2", "0", "0", "0"))


def pixels(png: bytes) -> np.ndarray:
    return image.imread(io.BytesIO(png), format="png")[:, :, :3]


def drawn(panels: tuple[Panel, ...], look: Look) -> bytes:
    return draw_kaplan_meier(panels, look)[0]


@pytest.fixture(scope="module")
def picture() -> bytes:
    return drawn((Panel("All", (INO, SC), (("InO: 3/5", INO), ("p 0.1", None))),), LOOK)


def test_width_is_that_of_133_characters_and_height_whole_lines(picture):
    high, wide, _ = pixels(picture).shape
    assert abs(wide - 133 * 5.4 / 72 * 300) <= 1
    assert abs(high - 28 * 11 / 72 * 300) <= 1


def test_same_input_gives_same_bytes(picture):
    again = drawn((Panel("All", (INO, SC), (("InO: 3/5", INO), ("p 0.1", None))),), LOOK)
    assert again == picture
    assert b"Software" not in picture
    assert b"tIME" not in picture


def test_each_curve_is_drawn_in_its_colour(picture):
    seen = pixels(picture)
    for color in ((0x1F, 0x3A, 0x93), (0xB8, 0x4A, 0x00)):
        near = np.abs(seen - np.array(color) / 255).max(axis=2) < 0.02
        assert near.sum() > 500


def test_a_shell_has_axes_but_no_curve():
    empty = Curve("InO", "solid", "#1F3A93", at_risk=("xxx",) * 5)
    seen = pixels(drawn((Panel("All", (empty,)),), LOOK))
    blue = np.abs(seen - np.array((0x1F, 0x3A, 0x93)) / 255).max(axis=2) < 0.02
    assert not blue.any()
    assert (seen.max(axis=2) < 0.1).any()


def test_nothing_touches_the_edge(picture):
    seen = pixels(picture)
    for edge in (seen[:4], seen[-4:], seen[:, :4], seen[:, -4:]):
        assert (edge > 0.99).all()


def test_a_curve_ends_at_its_last_observed_time():
    alone = Curve("InO", "solid", "#1F3A93", (6.0,), (100.0,), (), ("1", "1", "1", "0", "0"))
    seen = pixels(drawn((Panel("All", (alone,)),), LOOK))
    columns = np.flatnonzero((np.abs(seen - np.array((0x1F, 0x3A, 0x93)) / 255).max(axis=2) < 0.02).any(axis=0))
    middle = (columns.max() - columns.min()) / (seen.shape[1] * (1 - 72 / 718))
    assert 0.42 < middle < 0.55


def test_ticks_include_both_ends():
    assert Scale("", 0, 36, 3).ticks[-1] == 36
    assert Scale("", 0, 1, 0.1).ticks[-1] == pytest.approx(1)
