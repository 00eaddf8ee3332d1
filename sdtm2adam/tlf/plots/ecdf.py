"""Empirical distribution function: the percentage of subjects at or below each value."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from sdtm2adam.display.figure.panels import Key, Panel, Path, Rule
from sdtm2adam.tlf.plots.geometry import Geometry
from sdtm2adam.tlf.plots.points import TICK, VALUE, PanelPoints
from sdtm2adam.tlf.plots.shown import Page, Shown, axis_of, floats

QUARTILES = ("q1", "median", "q3")


class DistributionFunction(Geometry):
    """Steps of each arm; with `quartiles` lines at the quartiles of all arms together (setting `percentile`)."""

    needs: ClassVar = ("value", "y")
    takes: ClassVar = ("quartiles", "rules", "unit", "decimals")
    method: ClassVar = "M_ECDF"

    def analyse(self, panel: PanelPoints) -> None:
        """At each value the subjects who have it and the percentage at or below; the same percentage at the ticks."""
        text, members = panel.text, panel.context.collector.members
        assert text.value is not None
        values = panel.values(text.value)
        everyone = np.zeros(len(values.value), dtype=bool)
        for leaf, subjects, base in panel.arms():
            panel.count_known(leaf, values, subjects, base)
            own = values.value[subjects & values.known]
            steps, counts = np.unique(own, return_counts=True)
            levels = [f"{step:.15g}" for step in steps]
            whole = members.put(values.part(subjects, "VALUE"))
            share = 100.0 * np.cumsum(counts) / max(own.size, 1)
            panel.store(leaf, (VALUE, levels, steps), ("n", "xxx"), counts, whole)
            panel.store(leaf, (VALUE, levels, steps), ("estimate", "xx.x"), share, whole)
            ticks = np.array(axis_of(text.x, own).ticks)
            below = np.array([100.0 * (own <= tick).mean() if own.size else 0.0 for tick in ticks])
            panel.store(leaf, (TICK, [f"{tick:.15g}" for tick in ticks], ticks), ("at_tick", "xx.x"), below, whole)
            everyone |= subjects
        if text.quartiles:
            panel.summarise((), values, everyone, QUARTILES)

    def pages(self, shown: Shown) -> list[Page]:
        """One panel; the legend says how many subjects of each arm have a value."""
        text, steps = shown.text, {leaf: shown.points(leaf, "estimate") for leaf in shown.leaves}
        x = axis_of(text.x, (value for points in steps.values() for value in points.place))
        y = axis_of(text.y)
        paths, words = [], []
        for leaf, points in steps.items():
            if len(points.place):
                places = (x.start, *floats(points.place), x.end)
                paths.append(Path(places, (0.0, *floats(points.value), 100.0), shown.look(leaf), steps=True))
            at = shown.points(leaf, "at_tick")
            said = ", ".join(f"{level}: {value}" for level, value in zip(at.level, at.text, strict=True))
            words.append(f"{shown.label(leaf)} (n={shown.known(leaf)}), % at or below {said}")
        notes = [f"Missing: {', '.join(f'{shown.label(leaf)} {shown.missing(leaf)}' for leaf in shown.leaves)}"]
        rules = [Rule("x", at, line="dashed") for at in text.rules]
        if text.quartiles:
            cuts = shown.summary((), QUARTILES)
            notes.append(f"Quartiles, arms pooled: {cuts['q1']}, {cuts['median']}, {cuts['q3']}")
            rules += self._cuts(shown)
        legend = tuple(
            Key(f"{shown.label(leaf)} (n={shown.known(leaf)})", shown.look(leaf), "line") for leaf in shown.leaves
        )
        panel = Panel(str(text.title), x, y, (*paths, *rules), legend, tuple(notes))
        return [Page((panel,), (f"{text.title}. {x.label}.", *words, *(f"{note}." for note in notes)))]

    def _cuts(self, shown: Shown) -> list[Rule]:
        """A line at each quartile that is known, with its percentage."""
        if shown.results is None:
            return []
        places = [shown.number((), name, QUARTILES) for name in QUARTILES]
        return [Rule("x", at, word) for at, word in zip(places, ("25%", "50%", "75%"), strict=True) if np.isfinite(at)]
