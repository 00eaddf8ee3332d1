"""The ground all pictures are drawn on: as wide as the grid, one font, the same bytes on every machine.

Distances are points (1/72 inch) from the lower left corner. A kind of figure draws like this::

    with figure_canvas(lines=28) as canvas:
        axes = canvas.axes(60, 40, canvas.width - 70, canvas.height - 60)
        canvas.ticks(axes, "x", (0, 6, 12), ("0", "6", "12"))
        axes.plot(months, percent, linestyle=DASHES["dashed"], linewidth=LINE, color="#B84A00")
        canvas.text(canvas.width / 2, 8, "Months since randomisation")
        png, svg = canvas.save()
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.transforms import ScaledTranslation

from sdtm2adam.display.characters import visible
from sdtm2adam.display.figure.font import SIZE, grid_font
from sdtm2adam.display.figure.svg import plain_svg

POINTS_PER_LINE = 11
WIDTH = 133 * 108 / 20
LETTER = 0.6 * SIZE
DPI = 300
LINE = 1.2
HAIR = 0.6
DASHES = {"solid": "-", "dashed": (0, (5, 2.5)), "dotted": (0, (1, 1.5)), "dashdot": (0, (6, 2, 1, 2))}
_BASELINE = {"top": 0.833, "center": 0.33, "bottom": -0.3, "baseline": 0.0}  # below the place, in letter heights
_SETTINGS: Any = {
    "axes.linewidth": HAIR,
    "axes.unicode_minus": False,
    "path.simplify": False,
    "agg.path.chunksize": 0,
    "text.parse_math": False,  # a dollar sign in a label is a dollar sign
    "text.hinting": "none",  # letters as wide as in the tables
    "svg.fonttype": "none",
    "svg.hashsalt": "sdtm2adam",
}


class Canvas:
    """One picture: `width` and `height` in points, and helpers that draw in the font of the tables.

    What the helpers do not offer is drawn on the `axes` they return, or on `figure`, by matplotlib's own calls; texts
    then take `fontproperties=canvas.font`.
    """

    def __init__(self, lines: int) -> None:
        self.width, self.height = WIDTH, float(lines * POINTS_PER_LINE)
        self.font = grid_font()
        self.figure = Figure(figsize=(self.width / 72, self.height / 72), dpi=DPI, facecolor="white")
        FigureCanvasAgg(self.figure)

    def axes(self, left: float, bottom: float, width: float, height: float) -> Any:
        """Axes with a line on the left and at the bottom; place and size are those of the inner field."""
        box = (left / self.width, bottom / self.height, width / self.width, height / self.height)
        axes = self.figure.add_axes(box)
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params(which="both", length=3, width=HAIR, pad=2)
        return axes

    def ticks(self, axes: Any, along: str, places: Sequence[float], labels: Sequence[str]) -> None:
        """Ticks along `x` or `y` with their labels; there are no others."""
        axis = axes.xaxis if along == "x" else axes.yaxis
        axis.set_ticks([], minor=True)
        axis.set_ticks(list(places), [visible(label) for label in labels], fontproperties=self.font)

    def text(
        self, x: float, y: float, text: str, *, on: Any = None, across: str = "center", up: str = "center", **look: Any
    ) -> None:
        """A line of text at a place in points, from the corner of the picture or of the axes it is put `on`.

        `across` is left, center or right, `up` is top, center, bottom or baseline: the part of the text that stands at
        the place. Texts at one height stand on one line, whatever their letters. `look` are matplotlib's (`color`,
        `rotation`, `transform` for a place in data).
        """
        target: Any = self.figure if on is None else on
        inner = (1.0, 1.0) if on is None else tuple(on.get_position().size)
        place = (x, y) if "transform" in look else (x / self.width / inner[0], y / self.height / inner[1])
        transform: Any = look.pop("transform", self.figure.transFigure if on is None else on.transAxes)
        if not look.get("rotation"):
            lower = ScaledTranslation(0, -_BASELINE[up] * SIZE / 72, self.figure.dpi_scale_trans)
            transform, up = transform + lower, "baseline"
        look = {"ha": across, "va": up, "rotation_mode": "anchor", "fontproperties": self.font} | look
        target.text(place[0], place[1], visible(text), transform=transform, **look)

    def save(self) -> tuple[bytes, bytes]:
        """The picture as PNG, 300 dots per inch, and as SVG with its texts as text."""
        written = []
        for kind, metadata in (("png", {"Software": None}), ("svg", {"Creator": None, "Date": None})):
            stream = io.BytesIO()
            with warnings.catch_warnings():  # what no font has is a box in the PNG; the SVG and the alt text have it
                warnings.filterwarnings("ignore", message="Glyph .* missing from font")
                self.figure.savefig(stream, format=kind, dpi=DPI if kind == "png" else 72, metadata=metadata)
            written.append(stream.getvalue())
        return written[0], plain_svg(written[1])


@contextmanager
def figure_canvas(lines: int) -> Iterator[Canvas]:
    """An empty picture `lines` lines of the grid high, drawn and saved inside the context.

    The settings are ours alone: those of the user, the machine and the locale do not count.
    """
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_SETTINGS)
        yield Canvas(lines)
