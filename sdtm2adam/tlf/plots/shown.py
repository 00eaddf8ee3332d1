"""What a panel is drawn from: its results, its text, the looks of the arms; the same without results for the shell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from sdtm2adam.display.figure import panels as drawn
from sdtm2adam.model import Results
from sdtm2adam.spec.display_plan import DisplayRow, DisplaySpec, Leaf
from sdtm2adam.spec.patterns import number_pattern
from sdtm2adam.spec.plot_model import PanelText, PlotAxis, PlotText
from sdtm2adam.spec.report import Report
from sdtm2adam.tlf.identity import Group, Naming
from sdtm2adam.tlf.plots.points import KNOWN, MISSING, STATE, counted, summed_up

_MOST_TICKS = 20  # more are thinned out


@dataclass(frozen=True, slots=True)
class Page:
    """Panels of one page, its title, and the picture in words."""

    panels: tuple[drawn.Panel, ...]
    words: tuple[str, ...]
    title: str = ""


@dataclass(frozen=True)
class Shown:
    """One panel of an output being laid out; without results, of its shell."""

    spec: DisplaySpec
    report: Report
    results: Results | None
    row: DisplayRow
    text: PanelText

    @property
    def leaves(self) -> tuple[Leaf, ...]:
        """The arms."""
        return self.spec.leaves

    @property
    def naming(self) -> Naming:
        """Gives results their names."""
        return Naming(self.spec.id, self.report)

    def label(self, leaf: Leaf) -> str:
        """What an arm is called."""
        return self.report.groupings[leaf.groupings[-1]].label_of(leaf.arm)

    def look(self, leaf: Leaf) -> drawn.Look:
        """How an arm is drawn."""
        assert isinstance(self.spec.text, PlotText)
        style = self.spec.text.arms.style[leaf.arm]
        return drawn.Look(str(style.color), style.line, style.fill, style.mark)

    def points(self, leaf: Leaf, statistic: str) -> Any:
        """The points of an arm, in the order they were stored; none in a shell."""
        if self.results is None:
            return _NO_POINTS
        frame = self.results.frame
        own = (
            (frame["analysis_id"] == self.row.analysis)
            & (frame["op_id"] == f"{self.row.method}.{statistic}")
            & (frame["g1_level"] == self.naming.column_groups(leaf)[0].level)
        )
        columns = ["g2_level", "g2_leveln", "stat", "formatted"]
        return _Points(*(frame.loc[own, name].to_numpy() for name in columns))

    def count(self, leaf: Leaf, group: Group) -> str:
        """How many subjects, as text."""
        return self._text(counted(self.row), "n", (*self.naming.column_groups(leaf), group), "xxx")

    def share(self, leaf: Leaf, group: Group) -> float:
        """What percentage of subjects."""
        assert self.results is not None
        groups = (*self.naming.column_groups(leaf), group)
        name = self.naming.id_of(counted(self.row), "pct", groups)
        return float(np.nan_to_num(self._found(name)["stat"]))

    def share_text(self, leaf: Leaf, group: Group) -> str:
        """The percentage as text; that of no subjects is 0."""
        groups = (*self.naming.column_groups(leaf), group)
        return self._text(counted(self.row), "pct", groups, "xx.x") or "0"

    def summary(self, groups: tuple[Group, ...], names: tuple[str, ...]) -> dict[str, str]:
        """Statistics as texts."""
        row = summed_up(self.row, self.text, names)
        shell = number_pattern(self.text.decimals, 3)
        return {name: self._text(row, name, groups, shell) for name in names}

    def number(self, groups: tuple[Group, ...], name: str, names: tuple[str, ...]) -> float:
        """One statistic as number; NaN where it is not estimable."""
        row = summed_up(self.row, self.text, names)
        return float(self._found(self.naming.id_of(row, name, groups))["stat"])

    def known(self, leaf: Leaf) -> str:
        """How many subjects of an arm have a value."""
        return self.count(leaf, Group(STATE, "", KNOWN))

    def missing(self, leaf: Leaf) -> str:
        """How many subjects of an arm have none."""
        return self.count(leaf, Group(STATE, "", MISSING))

    def total(self, leaf: Leaf) -> str:
        """The column N of an arm."""
        return self._text(self.naming.total, "n", self.naming.column_groups(leaf), "xxx")

    def _found(self, name: str) -> Any:
        assert self.results is not None
        frame = self.results.frame
        return frame.loc[frame["result_id"] == name].iloc[0]

    def _text(self, row: DisplayRow, operation: str, groups: tuple[Group, ...], shell: str) -> str:
        if self.results is None:
            return shell
        return str(self._found(self.naming.id_of(row, operation, groups))["formatted"])


@dataclass(frozen=True, slots=True)
class _Points:
    """Points as arrays: level, place, value, text."""

    level: Any
    place: Any
    value: Any
    text: Any


_NO_POINTS = _Points(*(np.zeros(0, dtype=kind) for kind in (object, float, float, object)))


def axis_of(axis: PlotAxis | None, values: Iterable[float] = ()) -> drawn.Axis:
    """An axis as it is drawn: grown by whole ticks until it holds all values, so that nothing is cut off.

    >>> axis = PlotAxis.model_validate({"label": "%", "from": -100, "to": 100, "by": 50})
    >>> axis_of(axis, [120.0]).labels
    ('-100', '-50', '0', '50', '100', '150')
    """
    assert axis is not None
    found = np.array([value for value in values if np.isfinite(value)], dtype=float)
    low, high = min([axis.from_, *found]), max([axis.to, *found])
    if axis.scale == "log":
        ticks = [tick for tick in axis.ticks if low <= tick <= high]
        low, high = (low * 0.9 if low < axis.from_ else low), (high * 1.1 if high > axis.to else high)
        return drawn.Axis(str(axis.label), low, high, tuple(ticks), tuple(f"{tick:.15g}" for tick in ticks), log=True)
    if axis.by is None:
        return drawn.Axis(str(axis.label), low, high, axis.ticks, tuple(f"{tick:g}" for tick in axis.ticks))
    wide = axis.by * max(1, int(np.ceil((high - low) / axis.by / _MOST_TICKS)))
    first = int(np.floor((low - axis.from_) / wide + 1e-9))
    last = int(np.ceil((high - axis.from_) / wide - 1e-9))
    ticks = [float(f"{axis.from_ + wide * at:.12g}") for at in range(first, last + 1)]
    return drawn.Axis(str(axis.label), ticks[0], ticks[-1], tuple(ticks), tuple(f"{tick:g}" for tick in ticks))


def floats(values: Any) -> tuple[float, ...]:
    """An array as a tuple of numbers."""
    return tuple(float(value) for value in values)
