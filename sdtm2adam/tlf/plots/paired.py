"""Paired lines: each subject's value at two moments, and the medians."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

import numpy as np

from sdtm2adam.display.figure.panels import Axis, Key, Marks, Panel, Path, Rule
from sdtm2adam.spec.display_plan import Leaf
from sdtm2adam.tlf.identity import Group
from sdtm2adam.tlf.plots.geometry import Geometry
from sdtm2adam.tlf.plots.points import MOMENT, SUBJECT, PanelPoints, Values
from sdtm2adam.tlf.plots.shown import Page, Shown, axis_of, floats

_MARGIN = 0.35
_MEDIAN = ("median",)


class Paired(Geometry):
    """One line per subject with a value at both moments."""

    needs: ClassVar = ("value", "moments", "y")
    takes: ClassVar = ("rules", "unit", "decimals")
    method: ClassVar = "M_PAIRED"

    def analyse(self, panel: PanelPoints) -> None:
        """The two values of each subject who has both, their medians, and how many subjects have both."""
        assert panel.text.value is not None
        first, second = (panel.values(panel.text.value, moment.where) for moment in panel.text.moments)
        paired = first.known & second.known
        both = replace(second, value=np.where(paired, second.value, np.nan))
        for leaf, subjects, base in panel.arms():
            panel.count_known(leaf, both, subjects, base)
            chosen = np.flatnonzero(subjects & paired)
            for at, values in enumerate((first, second)):
                self._store(panel, leaf, at, values, chosen)
                group = (*panel.context.naming.column_groups(leaf), _moment(panel.text.moments[at].label, at))
                panel.summarise(group, values, subjects & paired, _MEDIAN)

    def _store(self, panel: PanelPoints, leaf: Leaf, at: int, values: Values, chosen: np.ndarray) -> None:
        parts = [values.part(np.isin(np.arange(len(values.value)), chosen), "VALUE")]
        parts[0] = replace(parts[0], positions=values.position[chosen])
        members = panel.context.collector.members.put_each(parts, len(chosen))
        names = panel.context.population.subjects.to_numpy(dtype=object)[chosen]
        pattern = "x" + ("." + "x" * panel.text.decimals if panel.text.decimals else "")
        points = (SUBJECT, names, np.arange(len(chosen)))
        panel.store(leaf, points, (f"value_{at + 1}", pattern), values.value[chosen], members)

    def pages(self, shown: Shown) -> list[Page]:
        """One panel; a bold line joins the medians."""
        text = shown.text
        found = {leaf: (shown.points(leaf, "value_1"), shown.points(leaf, "value_2")) for leaf in shown.leaves}
        y = axis_of(text.y, (value for pair in found.values() for points in pair for value in points.value))
        labels = tuple(str(moment.label) for moment in text.moments)
        x = Axis(str(text.x.label), -_MARGIN, 1 + _MARGIN, (0.0, 1.0), labels)
        shapes: list[Path | Marks | Rule] = [Rule("y", at, line="dashed") for at in text.rules]
        legend, notes, words = [], [], []
        for leaf, (first, second) in found.items():
            look = shown.look(leaf)
            thin = replace(look, wide=0.5, size=3.0, filled=False)
            pairs = list(zip(floats(first.value), floats(second.value), strict=True))
            shapes += [Path((0.0, 1.0), pair, thin) for pair in pairs]
            shapes += [
                Marks((float(at),) * len(pairs), values, thin) for at, values in enumerate(zip(*pairs, strict=True))
            ]
            groups = [
                (*shown.naming.column_groups(leaf), _moment(moment.label, at)) for at, moment in enumerate(text.moments)
            ]
            medians = [shown.summary(group, _MEDIAN)["median"] for group in groups]
            bold = replace(look, color="black", line="solid", wide=2.2, size=6.0, mark="diamond")
            if pairs:
                heights = tuple(shown.number(group, "median", _MEDIAN) for group in groups)
                shapes += [Path((0.0, 1.0), heights, bold), Marks((0.0, 1.0), heights, bold)]
            legend += [Key(f"{shown.label(leaf)} (n={shown.known(leaf)})", thin, "line mark")]
            legend += [Key("Median", bold, "line mark")]
            notes.append(
                f"{shown.label(leaf)}: {shown.known(leaf)} of {shown.total(leaf)} with both, "
                f"median {medians[0]} to {medians[1]}"
            )
            said = "; ".join(f"{a} to {b}" for a, b in zip(first.text, second.text, strict=True))
            words.append(f"{notes[-1]}." + (f" Subjects, {' to '.join(labels)}: {said}." if said else ""))
        panel = Panel(str(text.title), x, y, tuple(shapes), tuple(dict.fromkeys(legend)), tuple(notes))
        return [Page((panel,), (f"{text.title}. {y.label}.", *words))]


def _moment(label: str, at: int) -> Group:
    return Group(MOMENT, "", str(label), float(at + 1))
