"""The words of outputs that compare two arms endpoint by endpoint, in all subjects and in subgroups."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sdtm2adam.spec.closed import Closed
from sdtm2adam.spec.display_model import NOTHING, DisplayText, Size, Source
from sdtm2adam.spec.yaml import Text


class Compare(Closed):
    """The grouping whose two levels are compared, and the confidence level of the effects."""

    by: Text
    conf: float | None = Field(default=None, gt=0, lt=1)


class SubgroupText(Closed):
    """One row per level of a grouping.

    `take` are the levels with a row, by default all; `interaction` those whose effects are tested against each other,
    by default the ones taken but missing values. `trend` is the label of a row with the test of a trend over them in
    their order.
    """

    by: Text
    take: tuple[Text, ...] | None = None
    interaction: tuple[Text, ...] | None = None
    trend: Text | None = None


class EndpointText(Closed):
    """What is compared: a response (`where` tells responders) or a time to event (`data` has time and censor)."""

    label: Text
    data: Source
    where: Text | None = None
    population: Text | None = None


class EffectColumn(Closed):
    """A column: the text of its cells for all endpoints (`value`), or one for responses and one for times.

    Fields are `e1`, `n1`, `pct1`, `median1` (treatment), the same with 0 (control), `est`, `lower`, `upper`, `p` and
    `p_int`. A column without any holds the labels of the rows, or, with `plot`, the picture of a forest.
    """

    width: int = Field(gt=1)
    label: Text = NOTHING
    value: Text | None = None
    response: Text | None = None
    time: Text | None = None
    plot: bool = False


class EffectsText(DisplayText):
    """Effects in rows: endpoints, and under each its subgroups."""

    data: Source = Source(dataset=Text("ADSL"))
    compare: Compare
    subgroups: tuple[Text | SubgroupText, ...] = Field(min_length=1)
    endpoints: tuple[EndpointText, ...] = Field(min_length=1)
    columns: tuple[EffectColumn, ...] = Field(min_length=2)
    stub_head: Text = NOTHING
    all: Text = Text("All Subjects")


class EffectAxis(Closed):
    """The axis of the effects: what lies beyond `clip` ends in an arrow; `ref` is no effect.

    `better` is the side that favours treatment: by default lower hazard ratios and higher differences.
    """

    scale: Literal["log", "linear"]
    ticks: tuple[float, ...] = Field(min_length=2)
    ref: float
    clip: tuple[float, float]
    better: Literal["lower", "higher"] | None = None


class Mark(Closed):
    """The marks: a square with its area by events or subjects, a diamond for all subjects."""

    shape: Literal["square"] = "square"
    area: Literal["events", "subjects"]
    all: Literal["diamond"] = "diamond"


class ForestText(EffectsText):
    """A forest figure: one endpoint per page."""

    x: EffectAxis
    mark: Mark
    favours: Text = Text("Favours {arm}")
    size: Size
