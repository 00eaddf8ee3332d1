"""The words of a display spec, as they stand in the file."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from sdtm2adam.spec.closed import Closed
from sdtm2adam.spec.yaml import Text

NOTHING = Text("")


def _labelled(levels: dict[str, Text]) -> dict[str, Text]:
    """The levels, each of which has a label."""
    bare = [value for value, label in levels.items() if not label.strip()]
    if bare:
        mend = "write VALUE: LABEL, or leave the level out"
        raise PydanticCustomError("level", "the level {value} has no label", {"value": repr(bare[0]), "mend": mend})
    return levels


Levels = Annotated[dict[str, Text], AfterValidator(_labelled)]
"""Values in print order with their labels; values may share one."""


class By(Closed):
    """Levels of a grouping."""

    by: Text
    take: tuple[Text, ...] | None = None


class PageBy(Closed):
    """A grouping whose levels start a page; the label becomes a title line."""

    by: Text
    label: Text = Text("{label}")


class PageOf(PageBy):
    """Levels of a grouping of subjects, each with pages of its own and a column N of its own."""

    take: tuple[Text, ...] | None = None


class Worst(Closed):
    """The worst value of a subject at the level of a row: one row per number of `take`, `{level}` in its label.

    `missing` is the label of the row of subjects without any value, printed where there is one. `level` is set when the
    row is written out.
    """

    of: Text
    take: tuple[float, ...] = Field(min_length=1)
    missing: Text | None = None
    level: float | None = None


class SortKey(Closed):
    """Descending count in one column."""

    desc: tuple[Text, ...]


class RowText(Closed):
    """One entry of `rows`: a fixed `label`, one row per level (`each`), or the ready summary of a variable (`var`).

    `data` and `population` replace those of the output for the row and the rows under it. `before` is the variable
    that holds the earlier value of each record of `var`.
    """

    label: Text | None = None
    each: Text | None = None
    var: Text | None = None
    where: Text | None = None
    method: Text | None = None
    show: Text | None = None
    id: Text | None = None
    of: Text | None = None
    base: Text | None = None
    data: Source | None = None
    population: Text | None = None
    before: Text | None = None
    place: Text = Text("column")
    conf: float | None = Field(default=None, gt=0, lt=1)
    q: Text | None = None
    t: tuple[float, ...] = ()
    strata: bool = False
    with_: By | None = Field(default=None, alias="with")
    worst: Worst | None = None
    only: tuple[Text, ...] = ()
    sides: int = Field(default=1, ge=1, le=1)
    count: Literal["subjects"] = "subjects"
    then: RowText | None = None
    rows: tuple[RowText, ...] = ()
    gap: bool = False
    indent: int = 0
    unit: bool = False
    break_before: Literal["", "always", "if_full"] = ""
    continued: bool = False
    sort: tuple[SortKey | Literal["alpha"], ...] = ()
    block: Text | None = None
    levels: Levels | None = None
    flag: Text | None = None
    missing: Text | None = None
    decimals: int = Field(default=0, ge=0)
    digits: int = Field(default=2, ge=1)
    data_driven: bool = False
    example: tuple[Text, ...] = ()

    @property
    def place_in_file(self) -> str:
        """File and line of the row."""
        named = (self.label, self.each, self.var, self.method, self.where)
        return next((text.where for text in named if text is not None), "")


class Time(Closed):
    """The variable that holds days, and the unit they are shown in."""

    var: Text
    unit: Literal["days", "months"] = "months"


class Join(Closed):
    """Parameters of a BDS dataset that become columns `PARAMCD.VARIABLE` of a listing."""

    paramcd: tuple[Text, ...]
    values: tuple[Text, ...]


class Source(Closed):
    """The dataset of a display and which of its records count."""

    dataset: Text
    where: Text | None = None
    time: Time | None = None
    censor: Text | None = None
    join: dict[str, Join] = Field(default_factory=dict)


class AtRisk(Closed):
    """Time at risk of an event: the day of each event, and the day on which a subject is at risk for the last time.

    Both are days since the first one, which is day 1: `event` of the records, `end` of ADSL.
    """

    event: Text
    end: Text


class Filter(Closed):
    """Data-driven levels to keep: percentage of N, tested on the exact fraction, in any arm of the levels `in`."""

    min_pct: float = Field(ge=0, le=100)
    in_: tuple[Text, ...] = Field(default=(Text("ALL"),), alias="in")


class Axis(Closed):
    """An axis from one number to another, with a tick `by` so much."""

    label: Text
    from_: float = Field(alias="from")
    to: float
    by: float = Field(gt=0)


class Curves(Closed):
    """The grouping that makes the curves, and the look of each."""

    by: Text
    style: dict[str, Style]


class Style(Closed):
    """Line and colour of a curve; the line type carries the meaning without colour."""

    line: Literal["solid", "dashed", "dotted", "dashdot"]
    color: Text


class RiskTable(Closed):
    """Numbers at risk under the picture."""

    label: Text = Text("Number at risk")
    at: Literal["ticks"] = "ticks"


class Box(Closed):
    """Numbers in the picture, read from another output.

    `values` says where each name comes from: a row id of that output and a statistic (`HR.est`), or `N` for the
    column N. `in` replaces some of them in one panel, `rows_in` the lines of the box.
    """

    read: Text
    values: dict[str, Text]
    in_: dict[str, dict[str, Text]] = Field(default_factory=dict, alias="in")
    rows: tuple[Text, ...]
    rows_in: dict[str, tuple[Text, ...]] = Field(default_factory=dict)

    def rows_of(self, panel: str) -> tuple[Text, ...]:
        """The lines of the box in one panel."""
        return self.rows_in.get(panel, self.rows)


class Size(Closed):
    """Height of a picture in lines of the grid."""

    lines: int = Field(gt=7, le=34)


class DisplayText(Closed):
    """What every display says."""

    id: Text
    number: Text
    kind: Text
    title: Text
    population: Text
    reason: Text = Text("SPECIFIED IN SAP")
    purpose: Text = Text("EXPLORATORY OUTCOME MEASURE")
    data: Source
    footnotes: tuple[Any, ...] = ()
    layout: Text = Text("grid9")
    empty: Text = Text("No subjects met the criteria.")

    @property
    def datasets(self) -> tuple[str, ...]:
        """The datasets it reads beside ADSL, in the order the source line names them."""
        return (str(self.data.dataset), *self.data.join)


class NoteText(Closed):
    """A summary over all columns whose statistics stand in footnotes as `{ID.statistic:pattern}`."""

    id: Text
    var: Text
    where: Text | None = None


class TableText(DisplayText):
    """A table: rows by columns.

    With `panels` its columns are more than a page is wide, and are cut into panels that each repeat the stub.
    """

    columns: Text
    panels: bool = False
    rows: tuple[RowText, ...] = Field(min_length=1)
    stub_head: Text = NOTHING
    filter: Filter | None = None
    page_by: tuple[PageOf, ...] = Field(default=(), max_length=1)
    risk: AtRisk | None = None
    notes: tuple[NoteText, ...] = ()


class KmText(DisplayText):
    """A Kaplan-Meier figure: one panel per level of a grouping, or one of all subjects."""

    panels: By | None = None
    pages: tuple[tuple[Text, ...], ...] = ()
    curves: Curves
    x: Axis
    y: Axis
    censor_mark: Text = Text("|")
    risk_table: RiskTable = RiskTable()
    box: Box | None = None
    size: Size
    alt: Literal["risk_table"] = "risk_table"

    @property
    def groupings(self) -> tuple[str, ...]:
        """The groupings of panels, if there are any, and curves."""
        return (*((str(self.panels.by),) if self.panels is not None else ()), str(self.curves.by))

    @property
    def panel_pages(self) -> tuple[tuple[str, ...], ...]:
        """The panels of each page; one of all subjects, named by no level, where there is no grouping of panels."""
        return tuple(tuple(map(str, page)) for page in self.pages) if self.panels is not None else (("",),)


RowText.model_rebuild()
Curves.model_rebuild()
