"""What can be told of a plot before data are read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sdtm2adam.spec.faults import Faults
from sdtm2adam.spec.kind import Plan
from sdtm2adam.spec.plot_model import PanelText, PlotAxis, PlotText
from sdtm2adam.spec.report import Report
from sdtm2adam.spec.yaml import Text
from sdtm2adam.tlf.plots.geometries import GEOMETRIES
from sdtm2adam.tlf.plots.geometry import Geometry

_COMMON = ("geom", "title", "where", "x")
_ROW_POINTS = 8.0


def check_plot(text: PlotText, report: Report, plan: Plan, faults: Faults) -> None:
    """Note arms that are not there or have no look, and panels whose keys do not fit their geometry."""
    _check_arms(text, report, plan, faults)
    for panel in text.panels:
        geometry = GEOMETRIES[panel.geom]
        _check_keys(panel, geometry, faults)
        _check_axes(panel, faults)
        _check_names(text, panel, faults)
        if geometry.alone and len(text.panels) > 1:
            faults.add(f"a {panel.geom} stands beside other panels", panel.where_in_file, "give it a figure of its own")
        if geometry.timed and (text.data.time is None or text.data.censor is None):
            faults.add(f"a {panel.geom} needs time and censor", text.data.dataset.where, "add them to data:")
        if panel.rows is not None and panel.rows * _ROW_POINTS > text.size.lines * 11 - 50:
            most = int((text.size.lines * 11 - 50) / _ROW_POINTS)
            faults.add(
                f"{panel.rows} rows do not fit {text.size.lines} lines", panel.where_in_file, f"take {most} rows"
            )


def _check_arms(text: PlotText, report: Report, plan: Plan, faults: Faults) -> None:
    if text.arms.by not in report.groupings:
        faults.unknown("grouping", text.arms.by, report.groupings, text.arms.by.where)
        return
    levels = report.groupings[text.arms.by].levels
    for arm in text.arms.take or ():
        if arm not in levels:
            faults.unknown("arm", arm, levels, arm.where)
    for styled in text.arms.style:
        if styled not in levels:
            faults.unknown("arm", styled, levels, text.arms.by.where)
    for leaf in plan.leaves:
        if leaf.arm not in text.arms.style:
            faults.add(f"the arm {leaf.arm} has no style", text.arms.by.where, "add color, and line, fill or mark")
    for styled, look in text.arms.style.items():
        if not re.fullmatch("#[0-9A-Fa-f]{6}", look.color):
            faults.add(f"{str(look.color)!r} is no color of {styled}", look.color.where, 'write it as "#1F3A93"')


def _check_keys(panel: PanelText, geometry: Geometry, faults: Faults) -> None:
    given = {name for name in panel.model_fields_set if getattr(panel, name) not in (None, ())}
    for name in geometry.needs:
        if name not in given:
            faults.add(f"a {panel.geom} needs {name}", panel.where_in_file, f"add {name}: to the panel")
    for name in sorted(given - {*geometry.needs, *geometry.takes, *_COMMON}):
        known = ", ".join((*geometry.needs, *geometry.takes, *_COMMON[1:]))
        faults.add(f"{name} means nothing for a {panel.geom}", panel.where_in_file, f"it takes {known}")
    if panel.geom == "paired" and len(panel.moments) not in (0, 2):
        faults.add(f"a paired panel has {len(panel.moments)} moments", panel.where_in_file, "give two moments")


def _axes(panel: PanelText) -> Iterator[PlotAxis]:
    yield panel.x
    if panel.y is not None:
        yield panel.y


def _check_axes(panel: PanelText, faults: Faults) -> None:
    for axis in _axes(panel):
        if axis.to <= axis.from_:
            faults.add(
                f"the axis ends at {axis.to:g}, before it begins", axis.label.where, "make to: greater than from:"
            )
        if axis.scale == "log" and (axis.from_ <= 0 or not axis.ticks or min(axis.ticks) <= 0):
            faults.add("a log axis begins above 0 and lists its ticks", axis.label.where, "give from: and ticks:")
    if panel.bins is not None:
        count = (panel.bins.to - panel.bins.from_) / panel.bins.by
        if count < 1 or abs(count - round(count)) > 1e-9:
            faults.add("the bins do not go up to their end", panel.where_in_file, "let by: divide from: to to:")


def _check_names(text: PlotText, panel: PanelText, faults: Faults) -> None:
    """Variables are DATASET.VARIABLE of the data or ADSL; dates of marks may be of a joined parameter."""
    datasets = list(dict.fromkeys((str(text.data.dataset), "ADSL")))
    joined = [str(name) for join in text.data.join.values() for name in join.paramcd]
    names: list[tuple[Text | None, list[str]]] = [(panel.value, datasets), (panel.subject, ["ADSL"])]
    names += [(mark.date, ["ADSL", *joined]) for mark in panel.marks]
    for name, known in names:
        if name is not None and (name.count(".") != 1 or name.split(".")[0] not in known):
            faults.unknown("variable", name, [f"{one}.VARIABLE" for one in known], name.where)
    for moment in panel.moments:
        faults.condition(moment.where, tuple(datasets))
