"""The Kaplan-Meier picture: panels side by side, numbers at risk under each."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Canvas
from matplotlib.font_manager import FontProperties

POINTS_PER_LINE = 11
WIDTH_IN_POINTS = 133 * 108 / 20
DPI = 300
_SIZE = 9.0
_LETTER = 0.602 * _SIZE
_LEFT, _RIGHT, _TOP, _SAMPLE = 62.0, 10.0, 20.0, 24.0
_TICKS, _AXIS_LABEL, _RISK_HEAD, _RISK_ROW = 16.0, 14.0, 14.0, 12.0
_DASHES = {"solid": "-", "dashed": (0, (5, 2.5)), "dotted": (0, (1, 1.5)), "dashdot": (0, (6, 2, 1, 2))}


@dataclass(frozen=True, slots=True)
class Curve:
    """One curve: steps (time, survival in percent), censorings, numbers at risk as texts, one per tick.

    `line` is solid, dashed, dotted or dashdot and tells the curves apart where there is no colour. Without data, in a
    shell, the steps are empty.
    """

    label: str
    line: str
    color: str
    time: tuple[float, ...] = ()
    survival: tuple[float, ...] = ()
    censored: tuple[tuple[float, float], ...] = ()
    at_risk: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Panel:
    """One set of axes: its title, curves, and the lines of text in it; a line belongs to a curve or to none."""

    title: str
    curves: tuple[Curve, ...]
    box: tuple[tuple[str, Curve | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis: label, ends and distance of the ticks."""

    label: str
    start: float
    end: float
    step: float

    @property
    def ticks(self) -> tuple[float, ...]:
        """The ticks, ends included where they fall on one."""
        count = int((self.end - self.start) / self.step + 1e-9)
        return tuple(self.start + at * self.step for at in range(count + 1))


@dataclass(frozen=True, slots=True)
class Look:
    """What all panels share: axes, mark of a censoring, title of the risk table, height in lines of the grid."""

    x: Scale
    y: Scale
    mark: str
    risk_label: str
    lines: int


def draw_kaplan_meier(panels: tuple[Panel, ...], look: Look) -> bytes:
    """The picture as PNG bytes; the same input gives the same bytes.

    The picture is as wide as the grid (133 characters, 718 pt) and `look.lines` lines of 11 pt high, 300 dots per inch.
    Steps end at the last observed time. Letters are those of the font that comes with matplotlib, so that no
    font of the machine can change the picture.

    Args:
        panels: one or more, drawn from left to right.
        look: axes and height.
    """
    height = look.lines * POINTS_PER_LINE
    with matplotlib.rc_context({"axes.linewidth": 0.6, "path.simplify": False, "agg.path.chunksize": 0}):
        canvas = Canvas(figsize=(WIDTH_IN_POINTS / 72, height / 72), dpi=DPI, facecolor="white")
        FigureCanvasAgg(canvas)
        for place, panel in enumerate(panels):
            _draw_panel(canvas, panel, look, place, len(panels))
        stream = io.BytesIO()
        canvas.savefig(stream, format="png", dpi=DPI, metadata={"Software": None})
    return stream.getvalue()


def _font() -> FontProperties:
    path = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSansMono.ttf"
    return FontProperties(fname=str(path), size=_SIZE)


def _draw_panel(canvas: Any, panel: Panel, look: Look, place: int, count: int) -> None:
    """One panel: axes, steps, censorings, the lines in the box, numbers at risk."""
    width, height = WIDTH_IN_POINTS / count, look.lines * POINTS_PER_LINE
    under = _TICKS + _AXIS_LABEL + _RISK_HEAD + _RISK_ROW * len(panel.curves) + 6
    left, inner = place * width + _LEFT, width - _LEFT - _RIGHT
    tall = height - _TOP - under
    axes = canvas.add_axes((left / WIDTH_IN_POINTS, under / height, inner / WIDTH_IN_POINTS, tall / height))
    font = _font()
    _scales(axes, look, font, inner, tall)
    axes.set_title(panel.title, fontproperties=font, pad=6)
    for curve in panel.curves:
        _draw_curve(axes, curve, look)
    _draw_box(axes, panel, look, font, inner, tall)
    _draw_risk(axes, panel, look, font, inner, tall)


def _scales(axes: Any, look: Look, font: FontProperties, inner: float, tall: float) -> None:
    gap = 0.012 * (look.x.end - look.x.start)
    axes.set_xlim(look.x.start - gap, look.x.end + gap)
    axes.set_ylim(look.y.start, look.y.end * 1.02)
    axes.set_xticks(look.x.ticks, [f"{tick:g}" for tick in look.x.ticks], fontproperties=font)
    axes.set_yticks(look.y.ticks, [f"{tick:g}" for tick in look.y.ticks], fontproperties=font)
    axes.tick_params(length=3, width=0.6, pad=2)
    axes.spines[["top", "right"]].set_visible(False)
    axes.text(
        0.5, -(_TICKS + 2) / tall, look.x.label, transform=axes.transAxes, ha="center", va="top", fontproperties=font
    )
    axes.text(
        -34 / inner,
        0.5,
        look.y.label,
        transform=axes.transAxes,
        rotation=90,
        ha="center",
        va="center",
        fontproperties=font,
    )


def _draw_curve(axes: Any, curve: Curve, look: Look) -> None:
    if not curve.time:
        return
    time, survival = (0.0, *curve.time), (look.y.end, *curve.survival)
    style = {"color": curve.color, "clip_on": True}
    axes.plot(time, survival, drawstyle="steps-post", linestyle=_DASHES[curve.line], linewidth=1.2, **style)
    if curve.censored:
        marks = list(zip(*curve.censored, strict=True))
        axes.plot(*marks, linestyle="none", marker=look.mark, markersize=5, markeredgewidth=0.8, **style)


def _draw_box(axes: Any, panel: Panel, look: Look, font: FontProperties, inner: float, tall: float) -> None:
    """Lines of text in the corner that the curves leave free; the line of a curve begins with a sample of it."""
    if not panel.box:
        return
    wide = max(len(text) for text, _ in panel.box) * _LETTER
    high = POINTS_PER_LINE * len(panel.box) + 4
    right = upper_right_is_free(panel.curves, look, 1 - (wide + _SAMPLE + 8) / inner, 1 - high / tall)
    start, top = (inner - wide - 4, tall - 4) if right else (_SAMPLE + 14, high + 4)
    for row, (text, curve) in enumerate(panel.box):
        level = (top - POINTS_PER_LINE * (row + 0.5)) / tall
        axes.text(start / inner, level, text, transform=axes.transAxes, ha="left", va="center", fontproperties=font)
        if curve is not None:
            ends = ((start - _SAMPLE - 4) / inner, (start - 4) / inner)
            style = {"color": curve.color, "linestyle": _DASHES[curve.line], "linewidth": 1.2}
            axes.plot(ends, (level, level), transform=axes.transAxes, **style)


def upper_right_is_free(curves: tuple[Curve, ...], look: Look, left: float, bottom: float) -> bool:
    """Whether no curve reaches the upper right corner.

    Curves only fall, so the place to look at is where the corner begins.

    Args:
        curves: the curves.
        look: the axes.
        left: where the corner begins, as a part of the width.
        bottom: where it begins, as a part of the height.

    >>> look = Look(Scale("", 0, 10, 5), Scale("", 0, 100, 50), "|", "", 28)
    >>> high, low = (Curve("", "solid", "black", (1.0, 9.0), (rate, rate)) for rate in (90.0, 30.0))
    >>> upper_right_is_free((low,), look, 0.5, 0.7), upper_right_is_free((low, high), look, 0.5, 0.7)
    (True, False)
    """
    time = look.x.start + left * (look.x.end - look.x.start)
    rate = look.y.start + bottom * (look.y.end - look.y.start)
    for curve in curves:
        before = [survival for at, survival in zip(curve.time, curve.survival, strict=True) if at <= time]
        if curve.time and curve.time[-1] >= time and (before[-1] if before else look.y.end) >= rate:
            return False
    return True


def _draw_risk(axes: Any, panel: Panel, look: Look, font: FontProperties, inner: float, tall: float) -> None:
    """Numbers at risk: one line per curve, each number under its tick."""
    top = _TICKS + _AXIS_LABEL + 4
    axes.text(
        -50 / inner, -top / tall, look.risk_label, transform=axes.transAxes, ha="left", va="top", fontproperties=font
    )
    across = axes.get_xaxis_transform()
    for row, curve in enumerate(panel.curves):
        level = -(top + _RISK_HEAD - 2 + _RISK_ROW * row) / tall
        axes.text(-50 / inner, level, curve.label, transform=axes.transAxes, ha="left", va="top", fontproperties=font)
        for tick, number in zip(look.x.ticks, curve.at_risk, strict=True):
            axes.text(tick, level, number, transform=across, ha="center", va="top", fontproperties=font)
