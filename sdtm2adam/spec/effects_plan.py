"""Effects as they are worked with: each endpoint a part of the output, with its analyses; the rows of its subgroups."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sdtm2adam.spec.conditions import Comparison, Condition
from sdtm2adam.spec.display_model import By
from sdtm2adam.spec.display_plan import DisplayRow, DisplaySpec, Leaf
from sdtm2adam.spec.effects_model import EffectColumn, EffectsText, EndpointText, SubgroupText
from sdtm2adam.spec.faults import Faults
from sdtm2adam.spec.patterns import Field, Format, fields, split_fields
from sdtm2adam.spec.report import ALL, Report
from sdtm2adam.spec.yaml import Text

COUNT, MEDIAN, EFFECT, TEST, INTERACTION, TREND = "COUNT", "MEDIAN", "EFFECT", "TEST", "INTERACTION", "TREND"
RESPONSE, TIME = "response", "time"
STEPS: dict[str, dict[str, str]] = {
    RESPONSE: {COUNT: "M_CNT", EFFECT: "M_DIFF", TEST: "M_PROP_P", INTERACTION: "M_INT", TREND: "M_TREND"},
    TIME: {
        COUNT: "M_CNT", MEDIAN: "M_KMQ", EFFECT: "M_COX", TEST: "M_LR", INTERACTION: "M_INT", TREND: "M_TREND",
    },
}  # fmt: skip
"""The analyses of an endpoint and the method of each, by the kind of endpoint."""


@dataclass(frozen=True, slots=True)
class EffectField:
    """A number of a cell: the analysis that makes it, its statistic there, and of which arm (1, 0, or None: of both).

    An empty step is the number of subjects.
    """

    step: str
    statistic: str
    arm: int | None = None


FIELDS: dict[str, EffectField] = {
    **{f"e{arm}": EffectField(COUNT, "n", arm) for arm in (1, 0)},
    **{f"n{arm}": EffectField("", "n", arm) for arm in (1, 0)},
    **{f"pct{arm}": EffectField(COUNT, "pct", arm) for arm in (1, 0)},
    **{f"median{arm}": EffectField(MEDIAN, "est", arm) for arm in (1, 0)},
    **{name: EffectField(EFFECT, name) for name in ("est", "lower", "upper")},
    "p": EffectField(TEST, "p"),
    "p_int": EffectField(INTERACTION, "p"),
}
"""The fields that the columns of effects may have."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row under an endpoint: its label and the leaf columns of treatment and control.

    `optional` is a level of missing values: it has a row only where somebody is in it.
    """

    label: str
    treatment: Leaf
    control: Leaf
    optional: bool = False

    @property
    def leaves(self) -> tuple[Leaf, Leaf]:
        """Both arms."""
        return self.treatment, self.control


@dataclass(frozen=True, slots=True)
class Subgroup:
    """The rows of one grouping, or the row of all subjects; the levels tested for interaction; the row of a trend."""

    lines: tuple[Line, ...]
    whole: Line | None = None
    tested: By | None = None
    trend: str = ""


def endpoint_kind(endpoint: EndpointText) -> str:
    """Whether an endpoint is a response or a time to event."""
    return TIME if endpoint.data.time is not None else RESPONSE


def template(column: EffectColumn, kind: str) -> Text | None:
    """The text of the cells of a column for one kind of endpoint."""
    return column.value if column.value is not None else {RESPONSE: column.response, TIME: column.time}[kind]


def cell_format(column: EffectColumn, kind: str) -> Format:
    """The fixed texts and fields of the cells of a column; empty where it has none."""
    text = template(column, kind)
    return () if text is None else split_fields(text, text.where)


def kind_of(part: DisplaySpec) -> str:
    """The kind of endpoint of a part of an output."""
    return TIME if part.text.data.time is not None else RESPONSE


def steps_of(part: DisplaySpec) -> dict[str, DisplayRow]:
    """The analyses of an endpoint by what they are."""
    return {row.label: row for row in part.rows}


def text_of(spec: DisplaySpec) -> EffectsText:
    """The text of effects."""
    assert isinstance(spec.text, EffectsText)
    return spec.text


def endpoints(text: EffectsText, report: Report, faults: Faults) -> tuple[DisplaySpec, ...]:
    """Each endpoint as a part of the output: its subjects, its records, its analyses in order."""
    return tuple(
        _endpoint(text, endpoint, f"{number:02d}", report, faults)
        for number, endpoint in enumerate(text.endpoints, start=1)
    )


def _endpoint(text: EffectsText, endpoint: EndpointText, number: str, report: Report, faults: Faults) -> DisplaySpec:
    datasets = tuple(dict.fromkeys((str(endpoint.data.dataset), "ADSL")))
    condition = faults.condition(endpoint.data.where, datasets)
    event: Condition | None = faults.condition(endpoint.where, datasets)
    kind = endpoint_kind(endpoint)
    if kind == TIME:
        event = Comparison(str(endpoint.data.dataset), str(endpoint.data.censor), "=", (0.0,))
    own = text.model_copy(update={"population": endpoint.population or text.population, "data": endpoint.data})
    rows = tuple(_rows(text, kind, f"A_{text.id}_{number}", event, report))
    rows = tuple(replace(row, where=endpoint.label.where) for row in rows)
    return DisplaySpec(own, rows, condition=condition, part=number)


def _rows(text: EffectsText, kind: str, name: str, event: Condition | None, report: Report) -> Iterator[DisplayRow]:
    """The analyses whose numbers the columns print."""
    printed = _printed(text, kind)
    wants_trend = any(isinstance(entry, SubgroupText) and entry.trend for entry in text.subgroups)
    if INTERACTION in printed and wants_trend:
        printed[TREND] = printed[INTERACTION]
    for number, (step, method) in enumerate(STEPS[kind].items(), start=1):
        if step in printed:
            yield DisplayRow(
                label=step,
                analysis=f"{name}_{number * 10:03d}",
                method=method,
                format=printed[step],
                condition=None if kind == TIME and step != COUNT else event,
                place="column" if step in (COUNT, MEDIAN) else "span",
                conf=text.compare.conf or report.params.conf[0],
                quantile="0.5" if step == MEDIAN else "",
                timed=kind == TIME,
            )


def _printed(text: EffectsText, kind: str) -> dict[str, Format]:
    """The statistics of each analysis that a column prints, with the pattern of each."""
    found: dict[str, dict[str, Field]] = {}
    for column in text.columns:
        for part in fields(cell_format(column, kind)):
            place = FIELDS.get(part.name)
            if place is not None and place.step:
                found.setdefault(place.step, {})[place.statistic] = Field(place.statistic, part.pattern)
    return {step: tuple(statistics.values()) for step, statistics in found.items()}


def subgroups(text: EffectsText, report: Report) -> tuple[Subgroup, ...]:
    """The rows under each endpoint, grouping by grouping, in the order of the spec."""
    return tuple(_subgroup(text, entry, report) for entry in text.subgroups)


def _subgroup(text: EffectsText, entry: Text | SubgroupText, report: Report) -> Subgroup:
    arms = str(text.compare.by)
    treatment, control = arms_of(report, arms)
    if entry == ALL:
        return Subgroup((Line(str(text.all), Leaf((arms,), (treatment,)), Leaf((arms,), (control,))),))
    chosen = entry if isinstance(entry, SubgroupText) else SubgroupText(by=entry)
    grouping = report.groupings[chosen.by]

    def line(level: str) -> Line:
        pair = (Leaf((str(chosen.by), arms), (level, arm)) for arm in (treatment, control))
        return Line(grouping.label_of(level), next(pair), next(pair), level != ALL and not grouping.levels[level][0])

    taken = chosen.take or tuple(Text(level) for level in grouping.levels)
    known = tuple(level for level in taken if grouping.levels[level][0])
    tested = chosen.interaction if chosen.interaction is not None else known
    return Subgroup(
        tuple(line(level) for level in taken),
        line(ALL),
        By(by=chosen.by, take=tuple(tested)) if len(tested) > 1 else None,
        str(chosen.trend or ""),
    )


def arms_of(report: Report, name: str) -> tuple[str, str]:
    """The treatment and the control of a grouping of two arms."""
    grouping = report.groupings[name]
    control = str(grouping.ref)
    return next(level for level in grouping.levels if level != control), control
