"""The forest picture: labels and numbers in the grid of the tables, beside them the effects with their intervals."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from matplotlib.patches import Polygon, Rectangle

from sdtm2adam.display.align import Alignment, centred
from sdtm2adam.display.figure.canvas import HAIR, LETTER, POINTS_PER_LINE, Canvas, figure_canvas

_INK, _THIN, _LINE = "black", 0.4, 0.9
_AXIS = 32.0
_GROUP_GAP = 0.3
_FILL = 0.82
_ARROW = 4.0
_PAD = 1.5


@dataclass(frozen=True, slots=True)
class Interval:
    """An effect and its limits; a limit that is not there is open."""

    estimate: float
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True, slots=True)
class ForestRow:
    """One line: its texts from left to right without the plot, and its mark.

    `share` is the part of the largest square that the mark has of its area. `diamond` is for all subjects. `opens`
    begins a group of rows. Without `interval` nothing is drawn.
    """

    texts: tuple[str, ...]
    interval: Interval | None = None
    share: float = 1.0
    diamond: bool = False
    opens: bool = False


@dataclass(frozen=True, slots=True)
class ForestAxis:
    """The axis: `log` or linear, ticks, the place of no effect, ends, what is said left and right of no effect."""

    log: bool
    ticks: tuple[float, ...]
    ref: float
    ends: tuple[float, float]
    sides: tuple[str, str]

    def place(self, value: float) -> float:
        """Where a value stands between the ends: 0 to 1 inside, beyond outside.

        >>> ForestAxis(True, (), 1, (0.125, 8), ("", "")).place(1)
        0.5
        """
        if self.log and value <= 0:
            return -math.inf
        low, high, at = (math.log(x) if self.log else x for x in (*self.ends, value))
        return (at - low) / (high - low)


@dataclass(frozen=True, slots=True)
class ForestLook:
    """What all rows share: columns in characters, their heads (`|` breaks a line), the one of the plot, the height."""

    widths: tuple[int, ...]
    heads: tuple[str, ...]
    plot: int
    axis: ForestAxis
    lines: int


def draw_forest(rows: tuple[ForestRow, ...], look: ForestLook) -> tuple[bytes, bytes]:
    """The picture as PNG and SVG; the same input gives the same bytes.

    As wide as the grid, `look.lines` lines of 11 pt high. Texts stand in columns of characters as in the tables,
    numbers one under the other; heads stand between rules. Squares have their area by `share`, diamonds reach from
    limit to limit; what lies beyond the ends of the axis ends in an arrow. All is black: shape carries the meaning.

    Args:
        rows: from top to bottom.
        look: columns, axis and height.
    """
    with figure_canvas(look.lines) as canvas:
        _Picture(canvas, look).draw(rows)
        return canvas.save()


class _Picture:
    """Draws in points from the lower left corner."""

    def __init__(self, canvas: Canvas, look: ForestLook) -> None:
        self.canvas, self.look, self.height = canvas, look, canvas.height
        self.axes = canvas.axes(0, 0, canvas.width, canvas.height)
        self.axes.set(xlim=(0, canvas.width), ylim=(0, canvas.height))
        self.axes.axis("off")
        self.left = [0, *accumulate(look.widths)]
        start, width = self.left[look.plot] * LETTER, look.widths[look.plot] * LETTER
        self.field = (start + 2 * LETTER, start + width - 3 * LETTER)

    def draw(self, rows: tuple[ForestRow, ...]) -> None:
        top = self._heads()
        units = len(rows) + _GROUP_GAP * sum(row.opens for row in rows[1:])
        pitch = min((top - _AXIS) / max(units, 1), 1.25 * POINTS_PER_LINE)
        bottom = self._rows(rows, top, pitch)
        self._axis(bottom, top)

    def _heads(self) -> float:
        """Heads between two rules, lowest lines at the bottom; the height of the lower rule."""
        heads = [head.split("|") for head in self.look.heads]
        deep = max(map(len, heads))
        rule = self.height - 3 - deep * POINTS_PER_LINE - 3
        for level in (self.height - 1, rule):
            self.axes.plot((0, self.canvas.width), (level, level), color=_INK, linewidth=HAIR)
        for column, head in enumerate(heads):
            for up, text in enumerate(reversed(head)):
                placed = text if column == 0 else centred(text, self.look.widths[column])
                self._text(self.left[column], rule + 3 + (up + 0.5) * POINTS_PER_LINE, placed)
        return rule - _PAD

    def _rows(self, rows: tuple[ForestRow, ...], top: float, pitch: float) -> float:
        """Texts and marks of all rows; the lower edge of the last one."""
        columns = [column for column in range(len(self.look.widths)) if column != self.look.plot]
        placed = list(_aligned(rows, [self.look.widths[column] for column in columns]))
        level = top + pitch / 2
        for at, (row, texts) in enumerate(zip(rows, placed, strict=True)):
            level -= pitch * (1 + (_GROUP_GAP if at and row.opens else 0))
            for column, text in zip(columns, texts, strict=True):
                self._text(self.left[column], level, text)
            if row.interval is not None:
                self._mark(row, row.interval, level, min(pitch, POINTS_PER_LINE) * _FILL)
        return level - pitch / 2

    def _text(self, column: float, level: float, text: str) -> None:
        start = (column + len(text) - len(text.lstrip())) * LETTER
        self.canvas.text(start, level, text.strip(), across="left")

    def _x(self, value: float) -> float:
        low, high = self.field
        return low + self.look.axis.place(value) * (high - low)

    def _mark(self, row: ForestRow, interval: Interval, level: float, size: float) -> None:
        low, high = self.field
        lower = -math.inf if interval.lower is None else self._x(interval.lower)
        upper = math.inf if interval.upper is None else self._x(interval.upper)
        at = self._x(interval.estimate)
        if row.diamond and low <= lower and upper <= high:
            self._diamond(lower, at, upper, level, size)
            return
        ends = min(max(lower, low), high), max(min(upper, high), low)
        self.axes.plot(ends, (level, level), color=_INK, linewidth=_LINE, solid_capstyle="butt")
        if lower < low:
            self._arrow(low, level, -1)
        if upper > high:
            self._arrow(high, level, 1)
        if row.diamond and low <= at <= high:
            self._diamond(max(at - size / 2, low), at, min(at + size / 2, high), level, size)
        elif low <= at <= high:
            side = size * math.sqrt(row.share)
            corner = (at - side / 2, level - side / 2)
            self.axes.add_patch(Rectangle(corner, side, side, facecolor=_INK, edgecolor=_INK, linewidth=0))

    def _diamond(self, left: float, middle: float, right: float, level: float, size: float) -> None:
        points = ((left, level), (middle, level + size / 2), (right, level), (middle, level - size / 2))
        self.axes.add_patch(Polygon(points, closed=True, facecolor=_INK, edgecolor=_INK, linewidth=_THIN))

    def _arrow(self, x: float, level: float, way: int) -> None:
        """The head of an arrow at the end of the axis."""
        points = ((x + way * _ARROW, level), (x, level + _ARROW / 2), (x, level - _ARROW / 2))
        self.axes.add_patch(Polygon(points, closed=True, facecolor=_INK, edgecolor=_INK, linewidth=0))

    def _axis(self, bottom: float, top: float) -> None:
        """Line of no effect, axis with ticks, and what lies on either side."""
        axis, (low, high) = self.look.axis, self.field
        ref, base = self._x(axis.ref), bottom - 3
        self.axes.plot((ref, ref), (base, top), color=_INK, linewidth=_THIN, zorder=0.5)
        self.axes.plot((low, high), (base, base), color=_INK, linewidth=HAIR)
        for tick in axis.ticks:
            x = self._x(tick)
            self.axes.plot((x, x), (base, base - 3), color=_INK, linewidth=HAIR)
            self.canvas.text(x, base - 8, f"{tick:g}")
        self._sides(ref, base - 19)

    def _sides(self, ref: float, level: float) -> None:
        """The captions, each with an arrow that points to its side."""
        low, high = self.field
        for text, edge, way in zip(self.look.axis.sides, (low, high), (-1, 1), strict=True):
            wide = len(text) * LETTER
            middle = min(max((ref + edge) / 2, wide / 2), self.canvas.width - wide / 2)
            if abs(middle - ref) < wide / 2 + 2 * LETTER:
                middle = ref + way * (wide / 2 + 2 * LETTER)
            self.canvas.text(middle, level, text)
            start = middle + way * (wide / 2 + 3)
            self.axes.plot((start, start + way * 8), (level, level), color=_INK, linewidth=HAIR)
            self._arrow(start + way * 8, level, way)


def _aligned(rows: tuple[ForestRow, ...], widths: list[int]) -> Iterator[list[str]]:
    """The texts of each row padded to where they stand in their columns; the first column is to the left."""
    alignment = Alignment()
    for row in rows:
        for column, text in enumerate(row.texts):
            alignment.learn((column,), text)
    for row in rows:
        yield [
            text if column == 0 else alignment.place((column,), text, widths[column]) if text else ""
            for column, text in enumerate(row.texts)
        ]
