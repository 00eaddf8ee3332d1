"""What can be told of outputs of effects before any data are read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from sdtm2adam.errors import SpecError
from sdtm2adam.spec.display_check import check_width, widest_number
from sdtm2adam.spec.effects_model import EffectColumn, EffectsText, EndpointText, ForestText, SubgroupText
from sdtm2adam.spec.effects_plan import (
    FIELDS,
    RESPONSE,
    STEPS,
    TIME,
    arms_of,
    endpoint_kind,
    subgroups,
    template,
)
from sdtm2adam.spec.faults import Faults
from sdtm2adam.spec.patterns import Field, fields, parse_format
from sdtm2adam.spec.report import ALL, Grouping, Report
from sdtm2adam.spec.yaml import Text

INDENT = 2
_FISHER = " F"


def can_be_planned(text: EffectsText, report: Report, faults: Faults) -> bool:
    """Note groupings, levels and fields that are not there; without them there are no rows."""
    before = len(faults.found)
    _check_arms(text.compare.by, report, faults)
    _check_names([entry if isinstance(entry, Text) else entry.by for entry in text.subgroups], "grouping", faults)
    for entry in text.subgroups:
        if entry != ALL:
            chosen = entry if isinstance(entry, SubgroupText) else SubgroupText(by=entry)
            _check_subgroup(chosen, text.compare.by, report, faults)
    for column in text.columns:
        for cell in (column.value, column.response, column.time):
            if cell is not None:
                _check_cell(cell, faults)
    for endpoint in text.endpoints:
        _check_endpoint(endpoint, report, faults)
    return len(faults.found) == before


def _check_arms(name: Text, report: Report, faults: Faults) -> None:
    if name not in report.groupings:
        faults.unknown("grouping", name, report.groupings, name.where)
    elif len(report.groupings[name].levels) != 2 or report.groupings[name].ref is None:
        faults.add(f"{name} is no pair of arms, one of them ref", name.where, "take a grouping of two levels with ref:")


def _check_names(names: Sequence[Text], what: str, faults: Faults) -> None:
    """A name that stands twice would print its rows twice."""
    for at, name in enumerate(names):
        if name in names[:at]:
            faults.add(f"the {what} {str(name)!r} stands twice", name.where, "name it once")


def _check_subgroup(entry: SubgroupText, arms: Text, report: Report, faults: Faults) -> None:
    if entry.by not in report.groupings:
        faults.unknown("grouping", entry.by, [*report.groupings, ALL], entry.by.where)
        return
    grouping: Grouping = report.groupings[entry.by]
    if grouping.dataset != "ADSL" or grouping.data_driven:
        faults.add(f"{entry.by} groups no subjects", entry.by.where, "take a grouping of ADSL with levels")
    if entry.by == arms:
        faults.add(f"{entry.by} makes the arms that are compared", entry.by.where, "take another grouping")
    _check_names(entry.take or (), "level", faults)
    _check_names(entry.interaction or (), "level", faults)
    for level in (*(entry.take or ()), *(entry.interaction or ())):
        if level not in grouping.levels:
            faults.unknown(f"level of {entry.by}", level, grouping.levels, level.where)
    if entry.interaction is not None and len(entry.interaction) < 2:
        faults.add("an interaction of fewer than two levels", entry.by.where, "name two levels or more")
    tested = entry.interaction or ()
    for level in tested:
        if level in grouping.levels and not grouping.levels[level][0]:
            faults.add(f"{level} is no level but missing values", level.where, "leave it out of the interaction")
    if tested and entry.take is not None and tested[0] not in entry.take:
        faults.add(f"the first level of the interaction, {tested[0]}, has no row", entry.by.where, "take it too")


def _check_cell(cell: Text, faults: Faults) -> None:
    try:
        parts = fields(parse_format(cell, cell.where))
    except SpecError as error:
        faults.found.append(error)
        return
    for part in parts:
        if part.name not in FIELDS:
            faults.unknown("field", part.name, FIELDS, cell.where)


def _check_endpoint(endpoint: EndpointText, report: Report, faults: Faults) -> None:
    where = endpoint.label.where
    if endpoint.population is not None and endpoint.population not in report.sets:
        faults.unknown("analysis set", endpoint.population, report.sets, endpoint.population.where)
    if (endpoint.where is None) == (endpoint.data.time is None):
        faults.add(
            f"the endpoint {str(endpoint.label)!r} is no response and no time to event, or both",
            where,
            "give where: for the responders, or time and censor in data:",
        )
    if endpoint.data.time is not None and endpoint.data.censor is None:
        faults.add(f"the endpoint {str(endpoint.label)!r} has a time and no censor", where, "add censor: to data:")


def check_effects(text: EffectsText, report: Report, faults: Faults) -> None:
    """Note columns that do not fill the line, fields that an endpoint does not have, texts that do not fit."""
    if "data" in text.model_fields_set:
        faults.add("data belongs to the endpoints", text.data.dataset.where, "move data: into each endpoint")
    for endpoint in text.endpoints:
        if "[" not in endpoint.label and not endpoint.label.strip():
            faults.add("an endpoint has no label", endpoint.label.where, "give it a label")
    check_width(sum(column.width for column in text.columns), text, report, faults, text.id)
    kinds = tuple(dict.fromkeys(endpoint_kind(endpoint) for endpoint in text.endpoints))
    for column in text.columns[1:]:
        if not column.plot:
            for kind in kinds:
                _check_column(column, kind, text, report, faults)
    _check_labels(text, report, faults)
    _check_patterns(text, kinds, faults)


def _check_column(column: EffectColumn, kind: str, text: EffectsText, report: Report, faults: Faults) -> None:
    del report
    cell = template(column, kind)
    if cell is None:
        what = f"the column {str(column.label)!r} has nothing for a {'time' if kind == TIME else 'response'}"
        faults.add(what, column.label.where or text.id.where, f"give value:, or {kind}:")
        return
    steps, parts = STEPS[kind], parse_format(cell, cell.where)
    for part in fields(parts):
        if FIELDS[part.name].step and FIELDS[part.name].step not in steps:
            given = [name for name, place in FIELDS.items() if not place.step or place.step in steps]
            faults.unknown(f"field of a {kind}", part.name, given, cell.where)
            return
    widest = "".join(map(partial(_widest, kind), parts)).replace(", ", ",")
    room = column.width - 1
    if len(widest) > room:
        faults.add(f"{widest!r} does not fit a cell of {room} characters", cell.where, "widen the column")


def _widest(kind: str, part: str | Field) -> str:
    if isinstance(part, str):
        return part
    place = FIELDS[part.name]
    method = STEPS[kind].get(place.step, "M_CNT")
    return widest_number(method, Field(place.statistic, part.pattern)) + (_FISHER if method == "M_PROP_P" else "")


def _check_patterns(text: EffectsText, kinds: Iterable[str], faults: Faults) -> None:
    """A statistic is rounded once: it has one pattern wherever it stands."""
    for kind in kinds:
        known: dict[tuple[str, str], Field] = {}
        for column in text.columns[1:]:
            cell = template(column, kind)
            for part in fields(parse_format(cell, cell.where)) if cell is not None else ():
                place = FIELDS[part.name]
                first = known.setdefault((place.step, place.statistic), part)
                if first.pattern.lstrip("-") != part.pattern.lstrip("-"):
                    faults.add(
                        f"{part.name} is printed as {part.pattern}, and {first.name} as {first.pattern}",
                        cell.where if cell is not None else "",
                        "write one pattern: they are one statistic",
                    )


def _check_labels(text: EffectsText, report: Report, faults: Faults) -> None:
    """The first column holds the labels, and they fit it."""
    stub = text.columns[0]
    if stub.plot or any(cell is not None for cell in (stub.value, stub.response, stub.time)):
        faults.add("the first column holds no labels", text.id.where, "let it have a width and no value")
    groups = subgroups(text, report)
    labels = [label for group in groups for label in (group.trend, *(line.label for line in group.lines))]
    if not isinstance(text, ForestText):  # labels of a table wrap, those of a picture do not
        labels = [word for label in (*labels, *(one.label for one in text.endpoints)) for word in label.split()]
    for label in labels:
        if len(label) + INDENT > stub.width - 1:
            what = f"{label!r} is longer than the first column ({stub.width - 1 - INDENT} characters)"
            faults.add(what, stub.label.where or text.id.where, "shorten the label, or widen the column")


def check_forest(text: ForestText, faults: Faults) -> None:
    """Note an axis that cannot be drawn, and a figure without its plot."""
    where = text.id.where
    if sum(column.plot for column in text.columns) != 1:
        faults.add("a forest has one column for the plot", where, "write plot: true in one column")
    if len({endpoint_kind(endpoint) for endpoint in text.endpoints}) > 1:
        faults.add("responses and times have no axis in common", where, "write a figure for each")
    low, high = text.x.clip
    if not low < high or any(not low <= tick <= high for tick in (*text.x.ticks, text.x.ref)):
        faults.add(f"ticks or ref lie outside of clip {low:g} to {high:g}", where, "widen clip:")
    if text.x.scale == "log" and low <= 0:
        faults.add("a log axis does not go to 0", where, "let clip: begin above 0")
    for entry in text.subgroups:
        if isinstance(entry, SubgroupText) and entry.trend:
            faults.add("a forest has no row for a trend", entry.trend.where, "leave trend: to a table of effects")
    kinds = {endpoint_kind(endpoint) for endpoint in text.endpoints}
    if RESPONSE in kinds and text.x.scale == "log":
        faults.add("differences stand on a linear axis", where, "write scale: linear")
    if not {"est", "lower", "upper"} <= _all_fields(text):
        faults.add("a forest prints est, lower and upper, which it draws", where, "add them to a column")
    if text.mark.area == "events" and not {"e1", "e0"} <= _all_fields(text):
        faults.add("squares have their area by events, which no column prints", where, "add e1 and e0 to columns")


def _all_fields(text: EffectsText) -> set[str]:
    cells = [cell for column in text.columns for cell in (column.value, column.response, column.time)]
    return {part.name for cell in cells if cell is not None for part in fields(parse_format(cell, cell.where))}


def arm_labels(text: EffectsText, report: Report) -> tuple[str, str]:
    """What treatment and control are called."""
    treatment, control = arms_of(report, str(text.compare.by))
    grouping = report.groupings[text.compare.by]
    return grouping.label_of(treatment), grouping.label_of(control)
