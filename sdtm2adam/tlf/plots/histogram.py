"""Histogram: subjects by classes of a value, the arms side by side."""

from __future__ import annotations

from itertools import pairwise
from typing import ClassVar

import numpy as np

from sdtm2adam.display.figure.panels import Bars, Key, Panel, Rule
from sdtm2adam.errors import InputError
from sdtm2adam.spec.plot_model import Bins
from sdtm2adam.tlf.identity import Group
from sdtm2adam.tlf.plots.geometry import Geometry
from sdtm2adam.tlf.plots.points import BIN, PanelPoints, Values
from sdtm2adam.tlf.plots.shown import Page, Shown, axis_of, floats

_FILLED = 0.84  # of a class by the bars of all arms


class Histogram(Geometry):
    """Percentage of the subjects of an arm that have a value, by class."""

    needs: ClassVar = ("value", "bins", "y")
    takes: ClassVar = ("rules", "unit", "decimals")
    method: ClassVar = "M_HIST"

    def analyse(self, panel: PanelPoints) -> None:
        """Subjects per arm and class, those with a value, and those without.

        Raises:
            InputError: a value lies outside the classes.
        """
        assert panel.text.value is not None
        assert panel.text.bins is not None
        values = panel.values(panel.text.value)
        edges = _edges(panel.text.bins)
        _refuse_outside(panel, values, edges)
        codes = np.minimum(np.searchsorted(edges, values.value, side="right") - 1, len(edges) - 2)
        for leaf, subjects, base in panel.arms():
            known = panel.count_known(leaf, values, subjects, base)
            for at, group in enumerate(_groups(panel.text.bins)):
                chosen = subjects & values.known & (codes == at)
                panel.count(leaf, group, values.part(chosen, "NUM"), known)

    def pages(self, shown: Shown) -> list[Page]:
        """One panel; the legend says how many subjects of each arm have a value."""
        assert shown.text.bins is not None
        edges, groups = _edges(shown.text.bins), _groups(shown.text.bins)
        wide = shown.text.bins.by * _FILLED / len(shown.leaves)
        bars, words = [], []
        for at, leaf in enumerate(shown.leaves if shown.results is not None else ()):
            left = edges[:-1] + shown.text.bins.by * (1 - _FILLED) / 2 + wide * at
            shares = [shown.share(leaf, group) for group in groups]
            zero = (0.0,) * len(shares)
            bars.append(Bars(floats(left), zero, (wide,) * len(shares), tuple(shares), shown.look(leaf)))
            said = (f"{group.level} {shown.share_text(leaf, group)}" for group in groups)
            words.append(f"{shown.label(leaf)} (n={shown.known(leaf)}), %: {', '.join(said)}")
        x = axis_of(shown.text.x, edges)
        y = axis_of(shown.text.y, (height for bar in bars for height in bar.height))
        legend = tuple(Key(f"{shown.label(leaf)} (n={shown.known(leaf)})", shown.look(leaf)) for leaf in shown.leaves)
        missing = f"Missing: {', '.join(f'{shown.label(leaf)} {shown.missing(leaf)}' for leaf in shown.leaves)}"
        rules = tuple(Rule("x", at, line="dashed") for at in shown.text.rules)
        panel = Panel(str(shown.text.title), x, y, (*bars, *rules), legend, (missing,))
        return [Page((panel,), (f"{shown.text.title}. {x.label}.", *words, f"{missing}."))]


def _edges(bins: Bins) -> np.ndarray:
    """The ends of the classes, without the noise of adding fractions."""
    count = round((bins.to - bins.from_) / bins.by)
    return np.array([float(f"{bins.from_ + bins.by * at:.12g}") for at in range(count + 1)])


def _groups(bins: Bins) -> list[Group]:
    edges = _edges(bins)
    pairs = list(pairwise(edges))
    return [
        Group(BIN, "", f"[{low:g}, {high:g}{']' if at == len(pairs) - 1 else ')'}", float(low))
        for at, (low, high) in enumerate(pairs)
    ]


def _refuse_outside(panel: PanelPoints, values: Values, edges: np.ndarray) -> None:
    outside = values.known & ((values.value < edges[0]) | (values.value > edges[-1]))
    if outside.any():
        at = int(np.flatnonzero(outside)[0])
        raise InputError(
            f"{int(outside.sum())} subjects have a value outside {edges[0]:g} to {edges[-1]:g} "
            f"(first: {panel.context.population.subjects.iloc[at]}, {values.value[at]:g})",
            where=f"{panel.context.spec.id}, {panel.text.value}",
            mend="widen bins: of the panel, or correct the data",
        )
