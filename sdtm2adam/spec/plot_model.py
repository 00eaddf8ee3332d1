"""The words of a plot: panels side by side, each with one geometry."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sdtm2adam.spec.closed import Closed
from sdtm2adam.spec.display_model import NOTHING, DisplayText, Size
from sdtm2adam.spec.yaml import Text

Geometry = Literal["histogram", "ecdf", "paired", "swimmer", "waterfall"]
Shape = Literal["circle", "square", "triangle", "diamond", "down", "cross", "plus", "star", "arrow"]


class Look(Closed):
    """How an arm is drawn; line, fill and mark tell the arms apart where there is no colour."""

    color: Text
    line: Literal["solid", "dashed", "dotted", "dashdot"] = "solid"
    fill: Literal["solid", "hatched", "dotted", "open"] = "solid"
    mark: Shape = "circle"


class Arms(Closed):
    """The grouping whose levels are drawn, and the look of each."""

    by: Text
    take: tuple[Text, ...] | None = None
    style: dict[str, Look]


class PlotAxis(Closed):
    """An axis: ends, and ticks `by` so much or listed."""

    label: Text
    from_: float = Field(default=0, alias="from")
    to: float = 1
    by: float | None = Field(default=None, gt=0)
    ticks: tuple[float, ...] = ()
    scale: Literal["linear", "log"] = "linear"


class Bins(Closed):
    """Classes of one width: each holds its lower end, the last one its upper end too."""

    from_: float = Field(alias="from")
    to: float
    by: float = Field(gt=0)


class Moment(Closed):
    """One of two moments: its name on the axis, and which records are of it."""

    label: Text
    where: Text


class EventMark(Closed):
    """A mark at a date on the bar of a subject."""

    label: Text
    date: Text
    mark: Shape
    filled: bool = True


class PanelText(Closed):
    """One panel; which keys it takes depends on `geom`."""

    geom: Geometry
    title: Text = NOTHING
    where: Text | None = None
    value: Text | None = None
    unit: Text = NOTHING
    decimals: int = Field(default=0, ge=0, le=4)
    bins: Bins | None = None
    rules: tuple[float, ...] = ()
    quartiles: bool = False
    moments: tuple[Moment, ...] = ()
    subject: Text | None = None
    rows: int | None = Field(default=None, gt=0, le=40)
    marks: tuple[EventMark, ...] = ()
    ongoing: Text | None = None
    x: PlotAxis
    y: PlotAxis | None = None

    @property
    def where_in_file(self) -> str:
        """File and line of the panel."""
        return self.x.label.where


class PlotText(DisplayText):
    """A figure of panels."""

    arms: Arms
    panels: tuple[PanelText, ...] = Field(min_length=1, max_length=3)
    size: Size
