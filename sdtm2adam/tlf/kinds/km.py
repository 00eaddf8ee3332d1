"""Kind `km`: Kaplan-Meier curves in panels, numbers at risk below, a box of numbers read from a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from sdtm2adam.model import Figure, Results
from sdtm2adam.spec.display_model import DisplayText, KmText
from sdtm2adam.spec.display_plan import BoxValue, DisplayRow, DisplaySpec, Leaf
from sdtm2adam.spec.faults import Faults
from sdtm2adam.spec.kind import Plan
from sdtm2adam.spec.patterns import fields, split_fields
from sdtm2adam.spec.report import ALL, Report
from sdtm2adam.spec.yaml import Text
from sdtm2adam.tlf import km, km_figure
from sdtm2adam.tlf.context import Context
from sdtm2adam.tlf.kind import OutputKind


class KaplanMeier(OutputKind):
    """A figure with one panel per level of a grouping, or with one panel."""

    name = "km"
    text: ClassVar[type[DisplayText]] = KmText

    def plan(self, text: KmText, report: Report, faults: Faults) -> Plan:
        """The curves as leaf columns: panel, then arm."""
        del faults
        by = text.groupings
        if not set(by) <= report.groupings.keys():
            return Plan()
        arms = report.groupings[text.curves.by].levels
        return Plan(leaves=tuple(Leaf(by, (panel, arm)[-len(by) :]) for panel in _panels(text) for arm in arms))

    def check(self, text: KmText, report: Report, plan: Plan, faults: Faults) -> None:
        """Note panels, curves and values of the box that are not there."""
        del plan
        _check_figure(text, report, faults)

    def reads(self, text: KmText) -> tuple[str, ...]:
        """The table whose numbers stand in the box."""
        return (str(text.box.read),) if text.box is not None else ()

    def linked(self, spec: DisplaySpec, plans: Mapping[str, Plan], faults: Faults) -> DisplaySpec:
        """The spec with the place of each number in the box."""
        return replace(spec, box=_box(spec, plans, faults))

    def analyse(self, context: Context, read: Mapping[str, Results]) -> None:
        """The steps of each curve and the numbers at risk."""
        km.estimate_curves(context, read)

    def finished(self, context: Context, results: Results, read: Mapping[str, Results]) -> Results:
        """The results and the rows of the table that the box prints."""
        return km.with_read(context, results, read)

    def figures(self, spec: DisplaySpec, report: Report, results: Results | None) -> tuple[Figure, ...]:
        """One picture per page."""
        return km_figure.figures(spec, report, results)


KIND = KaplanMeier()


def _panels(text: KmText) -> list[str]:
    return list(dict.fromkeys(panel for page in text.panel_pages for panel in page))


def _box(spec: DisplaySpec, plans: Mapping[str, Plan], faults: Faults) -> dict[str, dict[str, BoxValue]]:
    """Where the numbers in the box of each panel come from."""
    text = km.text_of(spec)
    if text.box is None:
        return {}
    read = text.box.read
    if read not in plans:
        faults.unknown("output to read", read, plans, read.where)
        return {}
    named = plans[read].named
    panels = _panels(text)
    for panel in text.box.in_:
        if panel not in panels:
            faults.unknown("panel", panel, panels, read.where)
    chosen = {panel: {**text.box.values, **text.box.in_.get(panel, {})} for panel in panels}
    box = {
        panel: {name: _box_value(value, named, faults) for name, value in values.items()}
        for panel, values in chosen.items()
    }
    _check_columns(spec, plans[read], box, faults)
    return box


def _check_columns(spec: DisplaySpec, read: Plan, box: Mapping[str, Mapping[str, BoxValue]], faults: Faults) -> None:
    """Note curves that the output to read has no column of, and comparisons in columns without the name of a curve."""
    text = km.text_of(spec)
    assert text.box is not None
    where = text.box.read.where
    if set(spec.leaves) - set(read.leaves):
        has = " by ".join(read.leaves[0].groupings) if read.leaves else "none"
        faults.add(
            f"{text.box.read} has no column for each curve: its columns are {has}",
            where,
            f"read a table with the levels of {' by '.join(text.groupings)} in its columns",
        )
    for panel, values in box.items():
        for line in text.box.rows_of(panel):
            used = {part.name for part in fields(split_fields(line, line.where))}
            compared = [name for name in used & values.keys() if km.compares(values[name])]
            if compared and "curve" not in used:
                faults.add(f"{compared[0]} differs between curves", line.where, "put {curve} into the line")


def _box_value(value: Text, named: Mapping[str, DisplayRow], faults: Faults) -> BoxValue:
    if value == "N":
        return BoxValue(None, "n")
    name, _, statistic = value.partition(".")
    lines = named[name].own_lines if name in named else ()
    given = {field: line for line in reversed(lines) for field in _statistics(line)}
    if name not in named:
        faults.unknown("row id", name, [*named, "N"], value.where)
    elif statistic not in given:
        faults.unknown(f"statistic of {name}", statistic, given, value.where)
    return BoxValue(given.get(statistic, DisplayRow(label=ALL)), statistic)


def _statistics(row: DisplayRow) -> tuple[str, ...]:
    return tuple(part.name for part in row.format if not isinstance(part, str))


def _check_panels(text: KmText, report: Report, faults: Faults) -> None:
    """Note pages without panels, panels without pages, and levels that are not there."""
    if text.panels is None:
        if text.pages:
            faults.add("pages: without panels", text.id.where, "add panels: {by: GROUPING}, or drop pages:")
        return
    if not text.pages:
        mend = "add pages: [[LEVEL, LEVEL], [ALL]]; a figure of one panel of all subjects needs neither"
        faults.add("panels: without pages", text.panels.by.where, mend)
    known = (*report.groupings[text.panels.by].levels, ALL)
    for panel in (panel for page in text.pages for panel in page):
        if panel not in known:
            faults.unknown("panel", panel, known, panel.where)


def _check_figure(text: KmText, report: Report, faults: Faults) -> None:
    for by in (text.panels, text.curves):
        if by is not None and by.by not in report.groupings:
            faults.unknown("grouping", by.by, report.groupings, by.by.where)
            return
    _check_panels(text, report, faults)
    arms = report.groupings[text.curves.by].levels
    for arm in text.curves.style:
        if arm not in arms:
            faults.unknown("curve", arm, arms, text.curves.by.where)
    for arm in arms.keys() - text.curves.style.keys():
        faults.add(f"the curve {arm} has no style", text.curves.by.where, "add a line and a color")
    if text.data.time is None or text.data.censor is None:
        faults.add("a Kaplan-Meier figure needs time and censor", text.data.dataset.where, "add them to data:")
    if text.box is not None:
        named = [*text.box.values, "curve"]
        for inside in text.box.rows_in:
            if inside not in _panels(text):
                faults.unknown("panel", inside, _panels(text), text.box.read.where)
        for line in (*text.box.rows, *(line for more in text.box.rows_in.values() for line in more)):
            for part in fields(split_fields(line, line.where)):
                if part.name not in named:
                    faults.unknown("value in the box", part.name, named, line.where)
