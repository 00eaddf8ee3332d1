"""Panels side by side: axes, what is drawn in them, a legend above, notes below.

A panel is told what to draw as shapes in the units of its axes (`Bars`, `Path`, `Marks`, `Rule`). Arms differ by line,
hatch and mark, so that they can be told apart without colour.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sdtm2adam.display.figure.canvas import DASHES, HAIR, LETTER, LINE, Canvas, figure_canvas

_ROW, _SAMPLE, _GAP = 11.0, 20.0, 12.0
_TICKS, _AXIS_LABEL = 15.0, 13.0
_HATCHES = {"solid": "", "hatched": "/////", "dotted": ".....", "open": ""}
_MARKS = {
    "circle": "o", "square": "s", "triangle": "^", "diamond": "D", "down": "v", "cross": "x", "plus": "+", "star": "*",
    "arrow": ">", "tick": "|",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Look:
    """Colour, and what tells apart without it: line, fill (solid, hatched, dotted, open) and mark."""

    color: str = "black"
    line: str = "solid"
    fill: str = "solid"
    mark: str = "circle"
    filled: bool = True
    wide: float = LINE
    size: float = 4.0


@dataclass(frozen=True, slots=True)
class Bars:
    """Rectangles: lower left corners, widths and heights."""

    left: tuple[float, ...]
    bottom: tuple[float, ...]
    width: tuple[float, ...]
    height: tuple[float, ...]
    look: Look


@dataclass(frozen=True, slots=True)
class Path:
    """A line through points; `steps` goes level to the next place and then up or down."""

    x: tuple[float, ...]
    y: tuple[float, ...]
    look: Look
    steps: bool = False


@dataclass(frozen=True, slots=True)
class Marks:
    """Marks at points."""

    x: tuple[float, ...]
    y: tuple[float, ...]
    look: Look


@dataclass(frozen=True, slots=True)
class Rule:
    """A thin line over the whole panel at one place of an axis; one at a place of x may have a word on top."""

    along: str
    at: float
    text: str = ""
    line: str = "dotted"


@dataclass(frozen=True, slots=True)
class Key:
    """One entry of the legend: its text and a sample as bar, line, mark, or line with mark."""

    text: str
    look: Look
    sample: str = "bar"


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis: ends, ticks with their labels, and whether it is logarithmic. `end` may be below `start`."""

    label: str
    start: float
    end: float
    ticks: tuple[float, ...]
    labels: tuple[str, ...]
    log: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """One set of axes with its title, shapes, legend and the lines of text under it."""

    title: str
    x: Axis
    y: Axis
    shapes: tuple[Bars | Path | Marks | Rule, ...] = ()
    legend: tuple[Key, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Frame:
    """Where the parts of one panel stand, in points."""

    canvas: Canvas
    panel: Panel
    left: float
    width: float
    over: float
    under: float
    axes: Any = None
    inner: float = 0
    tall: float = 0
    margin: float = field(default=0)


def draw_panels(panels: tuple[Panel, ...], lines: int) -> tuple[bytes, bytes]:
    """The picture as PNG and as SVG; the same panels give the same bytes.

    Args:
        panels: one or more, drawn from left to right with their fields at one height.
        lines: the height of the picture in lines of the grid.
    """
    with figure_canvas(lines) as canvas:
        width = canvas.width / len(panels)
        over = max(_over(panel, width) for panel in panels)
        under = max(_under(panel) for panel in panels)
        for place, panel in enumerate(panels):
            _draw_panel(_Frame(canvas, panel, place * width, width, over, under))
        return canvas.save()


def _over(panel: Panel, width: float) -> float:
    ruled = any(isinstance(shape, Rule) and shape.text and shape.along == "x" for shape in panel.shapes)
    return (_ROW + 4) * bool(panel.title) + _ROW * len(_legend_rows(panel.legend, width - 20)) + _ROW * ruled + 6


def _under(panel: Panel) -> float:
    return _TICKS * bool(panel.x.ticks) + _AXIS_LABEL * bool(panel.x.label) + _ROW * len(panel.notes) + 6


def _draw_panel(frame: _Frame) -> None:
    panel, canvas = frame.panel, frame.canvas
    widest = max((len(label) for label in panel.y.labels), default=0)
    frame.margin = widest * LETTER + 8 + (16 if panel.y.label else 2)
    last = len(panel.x.labels[-1]) * LETTER / 2 if panel.x.labels else 0
    frame.inner = frame.width - frame.margin - max(last, 10) - 4
    frame.tall = canvas.height - frame.over - frame.under
    frame.axes = canvas.axes(frame.left + frame.margin, frame.under, frame.inner, frame.tall)
    _scale(frame)
    for shape in panel.shapes:
        _draw_shape(frame, shape)
    _titles(frame)


def _scale(frame: _Frame) -> None:
    panel, canvas, axes = frame.panel, frame.canvas, frame.axes
    for along, axis in (("x", panel.x), ("y", panel.y)):
        if axis.log:
            (axes.set_xscale if along == "x" else axes.set_yscale)("log")
        (axes.set_xlim if along == "x" else axes.set_ylim)(axis.start, axis.end)
        canvas.ticks(axes, along, axis.ticks, axis.labels)
    if panel.x.label:
        canvas.text(frame.inner / 2, -(_TICKS * bool(panel.x.ticks) + 2), panel.x.label, on=axes, up="top")
    if panel.y.label:
        canvas.text(9 - frame.margin, frame.tall / 2, panel.y.label, on=axes, rotation=90)


def _titles(frame: _Frame) -> None:
    """Title and legend above, notes below, the words of rules at their ends."""
    panel, canvas = frame.panel, frame.canvas
    left, top = frame.left + 10.0, canvas.height - 8.0
    if panel.title:
        canvas.text(frame.left + frame.margin + frame.inner / 2, top, panel.title)
        top -= _ROW + 4
    for row in _legend_rows(panel.legend, frame.width - 20):
        place = max(left, frame.left + frame.margin + frame.inner / 2 - _row_width(row) / 2)
        for key in row:
            _draw_sample(canvas, key, place, top)
            canvas.text(place + _SAMPLE + 4, top, key.text, across="left")
            place += _key_width(key)
        top -= _ROW
    for at, note in enumerate(panel.notes):
        level = frame.under - _under(panel) + _ROW * (len(panel.notes) - at) - 1
        canvas.text(frame.left + frame.margin + frame.inner / 2, level, note)


def _key_width(key: Key) -> float:
    return _SAMPLE + 4 + len(key.text) * LETTER + _GAP


def _row_width(row: list[Key]) -> float:
    return sum(_key_width(key) for key in row) - _GAP


def _legend_rows(legend: tuple[Key, ...], width: float) -> list[list[Key]]:
    """The entries of a legend in rows that fit."""
    rows: list[list[Key]] = []
    for key in legend:
        if rows and _row_width([*rows[-1], key]) <= width:
            rows[-1].append(key)
        else:
            rows.append([key])
    return rows


def _draw_sample(canvas: Canvas, key: Key, left: float, level: float) -> None:
    """A piece of what the entry means, on axes of its own."""
    axes = canvas.axes(left, level - 4, _SAMPLE, 8)
    axes.set_axis_off()
    axes.set_xlim(0, _SAMPLE)
    axes.set_ylim(0, 8)
    if key.sample == "bar":
        _bars(axes, Bars((1.0,), (1.0,), (_SAMPLE - 2,), (6.0,), key.look))
    if "line" in key.sample:
        _path(axes, Path((0.0, _SAMPLE), (4.0, 4.0), key.look))
    if "mark" in key.sample:
        _marks(axes, Marks((_SAMPLE / 2,), (4.0,), key.look))


def _draw_shape(frame: _Frame, shape: Bars | Path | Marks | Rule) -> None:
    match shape:
        case Bars():
            _bars(frame.axes, shape)
        case Path():
            _path(frame.axes, shape)
        case Marks():
            _marks(frame.axes, shape)
        case Rule():
            _rule(frame, shape)


def _bars(axes: Any, bars: Bars) -> None:
    look = bars.look
    axes.bar(
        bars.left,
        bars.height,
        bars.width,
        bars.bottom,
        align="edge",
        facecolor=look.color if look.fill == "solid" else "white",
        edgecolor=look.color,
        hatch=_HATCHES[look.fill] or None,
        linewidth=0 if look.fill == "solid" else HAIR,
    )


def _path(axes: Any, path: Path) -> None:
    look = path.look
    style = "steps-post" if path.steps else "default"
    axes.plot(
        path.x,
        path.y,
        drawstyle=style,
        linestyle=DASHES[look.line],
        linewidth=look.wide,
        color=look.color,
        clip_on=False,
    )


def _marks(axes: Any, marks: Marks) -> None:
    look = marks.look
    axes.plot(
        marks.x,
        marks.y,
        linestyle="none",
        marker=_MARKS[look.mark],
        markersize=look.size * (1.35 if look.mark in ("star", "cross", "plus") else 1.0),
        color=look.color,
        markerfacecolor=look.color if look.filled else "white",
        markeredgecolor=look.color,
        markeredgewidth=0.8,
        clip_on=False,
        zorder=3,
    )


def _rule(frame: _Frame, rule: Rule) -> None:
    axes, canvas = frame.axes, frame.canvas
    style: Any = {"linestyle": DASHES[rule.line], "linewidth": HAIR, "color": "black", "zorder": 1.5}
    if rule.along == "x":
        axes.axvline(rule.at, **style)
        place = axes.transData.transform((rule.at, 1.0))[0] / frame.canvas.figure.dpi * 72
        canvas.text(place - frame.left - frame.margin, frame.tall + 5, rule.text, on=axes)
    else:
        axes.axhline(rule.at, **style)
