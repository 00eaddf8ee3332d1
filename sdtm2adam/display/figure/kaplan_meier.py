"""The Kaplan-Meier picture: panels side by side, numbers at risk under each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sdtm2adam.display.figure.canvas import DASHES, LETTER, LINE, POINTS_PER_LINE, Canvas, figure_canvas
from sdtm2adam.display.figure.scale import Scale

__all__ = ["Curve", "Look", "Panel", "Scale", "draw_kaplan_meier", "upper_right_is_free"]
_LEFT, _RIGHT, _TOP, _SAMPLE = 62.0, 10.0, 20.0, 24.0
_MARGIN, _BESIDE = 12.0, 24.0
_TICKS, _AXIS_LABEL, _RISK_HEAD, _RISK_ROW = 16.0, 14.0, 14.0, 12.0


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
class Look:
    """What all panels share: axes, mark of a censoring, title of the risk table, height in lines of the grid."""

    x: Scale
    y: Scale
    mark: str
    risk_label: str
    lines: int


def draw_kaplan_meier(panels: tuple[Panel, ...], look: Look) -> tuple[bytes, bytes]:
    """The picture as PNG and SVG; the same input gives the same bytes.

    The picture is as wide as the grid (133 characters, 718 pt) and `look.lines` lines of 11 pt high. Steps end at the
    last observed time.

    Args:
        panels: one or more, drawn from left to right.
        look: axes and height.
    """
    with figure_canvas(look.lines) as canvas:
        for place, panel in enumerate(panels):
            _draw_panel(canvas, panel, look, place, len(panels))
        return canvas.save()


def _draw_panel(canvas: Canvas, panel: Panel, look: Look, place: int, count: int) -> None:
    """One panel: axes, steps, censorings, the lines in the box, numbers at risk."""
    width, left = canvas.width / count, _left(panel)
    under = _TICKS + _AXIS_LABEL + _RISK_HEAD + _RISK_ROW * len(panel.curves) + 6
    inner, tall = width - left - _RIGHT, canvas.height - _TOP - under
    axes = canvas.axes(place * width + left, under, inner, tall)
    _scales(canvas, axes, look, inner, tall)
    canvas.text(inner / 2, tall + 9, panel.title, on=axes)
    for curve in panel.curves:
        _draw_curve(axes, curve, look)
    _draw_box(canvas, axes, panel, look, inner, tall)
    _draw_risk(canvas, axes, panel, look, tall, left)


def _left(panel: Panel) -> float:
    """Room on the left: for the axis, and for the longest name beside the numbers at risk at the first tick."""
    return max(_LEFT, max((len(curve.label) for curve in panel.curves), default=0) * LETTER + _BESIDE)


def _scales(canvas: Canvas, axes: Any, look: Look, inner: float, tall: float) -> None:
    gap = 0.012 * (look.x.end - look.x.start)
    axes.set_xlim(look.x.start - gap, look.x.end + gap)
    axes.set_ylim(look.y.start, look.y.end * 1.02)
    canvas.ticks(axes, "x", look.x.ticks, look.x.labels)
    canvas.ticks(axes, "y", look.y.ticks, look.y.labels)
    canvas.text(inner / 2, -(_TICKS + 2), look.x.label, on=axes, up="top")
    canvas.text(-34, tall / 2, look.y.label, on=axes, rotation=90)


def _draw_curve(axes: Any, curve: Curve, look: Look) -> None:
    if not curve.time:
        return
    time, survival = (0.0, *curve.time), (look.y.end, *curve.survival)
    style = {"color": curve.color, "clip_on": True}
    axes.plot(time, survival, drawstyle="steps-post", linestyle=DASHES[curve.line], linewidth=LINE, **style)
    if curve.censored:
        marks = list(zip(*curve.censored, strict=True))
        axes.plot(*marks, linestyle="none", marker=look.mark, markersize=5, markeredgewidth=0.8, **style)


def _draw_box(canvas: Canvas, axes: Any, panel: Panel, look: Look, inner: float, tall: float) -> None:
    """Lines of text in the corner that the curves leave free; the line of a curve begins with a sample of it."""
    if not panel.box:
        return
    wide = max(len(text) for text, _ in panel.box) * LETTER
    high = POINTS_PER_LINE * len(panel.box) + 4
    right = upper_right_is_free(panel.curves, look, 1 - (wide + _SAMPLE + 8) / inner, 1 - high / tall)
    start, top = (inner - wide - 4, tall - 4) if right else (_SAMPLE + 14, high + 4)
    for row, (text, curve) in enumerate(panel.box):
        level = top - POINTS_PER_LINE * (row + 0.5)
        canvas.text(start, level, text, on=axes, across="left")
        if curve is not None:
            ends = ((start - _SAMPLE - 4) / inner, (start - 4) / inner)
            style = {"color": curve.color, "linestyle": DASHES[curve.line], "linewidth": LINE}
            axes.plot(ends, (level / tall, level / tall), transform=axes.transAxes, **style)


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


def _draw_risk(canvas: Canvas, axes: Any, panel: Panel, look: Look, tall: float, left: float) -> None:
    """Numbers at risk: one line per curve, each number under its tick."""
    top = _TICKS + _AXIS_LABEL + 4
    canvas.text(_MARGIN - left, -top, look.risk_label, on=axes, across="left", up="top")
    under = axes.get_xaxis_transform()
    for row, curve in enumerate(panel.curves):
        level = -(top + _RISK_HEAD - 2 + _RISK_ROW * row)
        canvas.text(_MARGIN - left, level, curve.label, on=axes, across="left", up="top")
        for tick, number in zip(look.x.ticks, curve.at_risk, strict=True):
            canvas.text(tick, level / tall, number, on=axes, up="top", transform=under)
