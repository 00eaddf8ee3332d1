"""Waterfall: one bar per subject, the greatest value first, a panel per arm."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from sdtm2adam.display.figure.panels import Axis, Bars, Panel, Rule
from sdtm2adam.tlf.plots.geometry import Geometry
from sdtm2adam.tlf.plots.points import SUBJECT, PanelPoints
from sdtm2adam.tlf.plots.shown import Page, Shown, axis_of, floats


class Waterfall(Geometry):
    """The value of each subject, in falling order."""

    needs: ClassVar = ("value", "y")
    takes: ClassVar = ("rules", "unit", "decimals")
    method: ClassVar = "M_WATERFALL"

    def analyse(self, panel: PanelPoints) -> None:
        """The value of each subject, and how many have none; equal values stand in the order of subjects."""
        assert panel.text.value is not None
        values = panel.values(panel.text.value)
        pattern = "x" + ("." + "x" * panel.text.decimals if panel.text.decimals else "")
        names = panel.context.population.subjects.to_numpy(dtype=object)
        for leaf, subjects, base in panel.arms():
            panel.count_known(leaf, values, subjects, base)
            chosen = np.flatnonzero(subjects & values.known)
            chosen = chosen[np.argsort(-values.value[chosen], kind="stable")]
            whole = values.part(subjects, "VALUE")
            part = type(whole)(whole.records, values.position[chosen], "VALUE")
            members = panel.context.collector.members.put_each([part], len(chosen))
            points = (SUBJECT, names[chosen], np.arange(1, len(chosen) + 1))
            panel.store(leaf, points, ("value", pattern), values.value[chosen], members)

    def pages(self, shown: Shown) -> list[Page]:
        """A panel per arm, all with the same axes."""
        text, found = shown.text, {leaf: shown.points(leaf, "value") for leaf in shown.leaves}
        y = axis_of(text.y, (value for points in found.values() for value in points.value))
        most = max(10, *(len(points.value) for points in found.values()))
        x = Axis(str(text.x.label), 0.0, float(most + 1), (), ())
        panels, words = [], []
        for leaf, points in found.items():
            known, total = shown.known(leaf), shown.total(leaf)
            title = " ".join(filter(None, (str(text.title), f"{shown.label(leaf)} (n={known} of {total})")))
            left, heights = floats(points.place - 0.4), floats(points.value)
            bars = Bars(left, (0.0,) * len(left), (0.8,) * len(left), heights, shown.look(leaf))
            rules = tuple(Rule("y", at, line="solid" if at == 0 else "dashed") for at in text.rules)
            missing = f"Missing: {shown.missing(leaf)}"
            panels.append(Panel(title, x, y, (bars, *rules), notes=(missing,)))
            words += [f"{title}. {y.label}: {', '.join(points.text)}.", f"{missing}."]
        return [Page(tuple(panels), tuple(words))]
