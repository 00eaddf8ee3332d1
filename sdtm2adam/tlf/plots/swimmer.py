"""Swimmer plot: a bar of time per subject with marks at dates, the longest first, pages by arm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from sdtm2adam.display.figure.panels import Axis, Bars, Key, Look, Marks, Panel
from sdtm2adam.errors import InputError
from sdtm2adam.spec.display_plan import Leaf
from sdtm2adam.spec.plot_model import EventMark
from sdtm2adam.tlf.joined import Joined
from sdtm2adam.tlf.members import Part
from sdtm2adam.tlf.methods.times import Times, times_of
from sdtm2adam.tlf.plots.geometry import Geometry
from sdtm2adam.tlf.plots.points import SUBJECT, PanelPoints
from sdtm2adam.tlf.plots.shown import Page, Shown, axis_of, floats
from sdtm2adam.tlf.study_time import times_at
from sdtm2adam.tlf.typed_columns import dates_of

_ONGOING = Look("black", mark="arrow", size=5.0)
_PATTERN = "xx.x"


class Swimmer(Geometry):
    """Bars of `data: time`, an arrow where it is censored, and the marks of the panel."""

    needs: ClassVar = ("subject", "rows", "marks", "ongoing")
    takes: ClassVar = ()
    method: ClassVar = "M_SWIMMER"
    alone: ClassVar = True
    timed: ClassVar = True

    def analyse(self, panel: PanelPoints) -> None:
        """Length of each bar, whether it goes on, and the time of each mark, in the unit of `data: time`.

        Raises:
            InputError: a subject has no time, several records of a joined parameter, or nothing to be called by.
        """
        context = panel.context
        times = times_of(context)
        joined = Joined(context, context.adsl, context.spec.text.data.join)
        names = _names(panel)
        dated = [_mark_times(panel, joined, mark) for mark in panel.text.marks]
        for leaf, subjects, _ in panel.arms():
            chosen = np.flatnonzero(subjects)
            chosen = chosen[np.argsort(-times.time[chosen], kind="stable")]
            _store_bars(panel, leaf, times, chosen, names)
            for at, (months, part) in enumerate(dated, start=1):
                _store_marks(panel, leaf, at, months, part, chosen)

    def pages(self, shown: Shown) -> list[Page]:
        """Pages of at most `rows` subjects, filled evenly, arm after arm."""
        legend = (
            *(Key(str(mark.label), _look(mark), "mark") for mark in shown.text.marks),
            Key(str(shown.text.ongoing), _ONGOING, "mark"),
        )
        arms = [_Arm.of(shown, leaf) for leaf in shown.leaves]
        ends = [value for arm in arms for values in (arm.length, *arm.marks) for value in values if np.isfinite(value)]
        pages = []
        for arm in arms:
            cuts = np.array_split(np.arange(len(arm.names)), max(1, -(-len(arm.names) // (shown.text.rows or 1))))
            for number, rows in enumerate(cuts, start=1):
                title = f"{shown.label(arm.leaf)} (N={shown.total(arm.leaf)})"
                title += f", part {number} of {len(cuts)}" if len(cuts) > 1 else ""
                panel = _panel(shown, arm, rows, legend, ends)
                pages.append(Page((panel,), (f"{title}.", *_words(shown, arm, rows)), title))
        return pages


@dataclass(frozen=True, slots=True)
class _Arm:
    """The bars of one arm: names, lengths, whether each goes on, the place of each mark (NaN for none)."""

    leaf: Leaf
    names: Any
    length: Any
    text: Any
    ongoing: Any
    marks: tuple[Any, ...]

    @classmethod
    def of(cls, shown: Shown, leaf: Leaf) -> _Arm:
        bars, ongoing = shown.points(leaf, "length"), shown.points(leaf, "ongoing")
        marks = []
        for at in range(1, len(shown.text.marks) + 1):
            points = shown.points(leaf, f"mark_{at}")
            place = np.full(len(bars.level), np.nan)
            place[points.place.astype(int) - 1] = points.value
            marks.append(place)
        names = shown.points(leaf, "name").text
        return cls(leaf, names, bars.value, bars.text, ongoing.value > 0, tuple(marks))


def _panel(shown: Shown, arm: _Arm, rows: Any, legend: tuple[Key, ...], ends: list[float]) -> Panel:
    look, count = shown.look(arm.leaf), max(len(rows), 1)
    places = np.arange(1, len(rows) + 1)
    bars = Bars((0.0,) * len(rows), floats(places - 0.3), floats(arm.length[rows]), (0.6,) * len(rows), look)
    shapes: list[Bars | Marks] = [bars]
    for mark, place in zip(shown.text.marks, arm.marks, strict=True):
        there = np.isfinite(place[rows])
        shapes.append(Marks(floats(place[rows][there]), floats(places[there]), _look(mark)))
    goes_on = arm.ongoing[rows]
    x = axis_of(shown.text.x, ends)
    beyond = arm.length[rows][goes_on] + 0.007 * (x.end - x.start)
    shapes.append(Marks(floats(beyond), floats(places[goes_on]), _ONGOING))
    y = Axis("", count + 0.8, 0.2, floats(places), tuple(str(name) for name in arm.names[rows]))
    return Panel("", x, y, tuple(shapes), legend)


def _words(shown: Shown, arm: _Arm, rows: Any) -> Iterator[str]:
    """One line per subject of the page."""
    points = [shown.points(arm.leaf, f"mark_{at}") for at in range(1, len(shown.text.marks) + 1)]
    texts = [dict(zip(found.place.astype(int) - 1, found.text, strict=True)) for found in points]
    for row in rows:
        said = [f"{mark.label} {text[row]}" for mark, text in zip(shown.text.marks, texts, strict=True) if row in text]
        last = f", {shown.text.ongoing}" if arm.ongoing[row] else ""
        yield f"{arm.names[row]}: {arm.text[row]}{last}" + (f"; {', '.join(said)}" if said else "")


def _look(mark: EventMark) -> Look:
    return Look("black", mark=mark.mark, filled=mark.filled, size=5.0)


def _names(panel: PanelPoints) -> Any:
    """What each subject is called beside the bar."""
    assert panel.text.subject is not None
    names = panel.context.population.column(panel.text.subject.split(".")[-1])
    if names.isna().any():
        raise InputError(
            f"{int(names.isna().sum())} subjects have no {panel.text.subject}",
            where=panel.text.subject.where,
            mend="name another variable in subject:",
        )
    return names.astype(str).to_numpy(dtype=object)


def _mark_times(panel: PanelPoints, joined: Joined, mark: EventMark) -> tuple[Any, Part]:
    """The time of a mark of each subject from day one on, NaN for none, and the records it comes from."""
    context, (source, _, variable) = panel.context, mark.date.rpartition(".")
    if source == "ADSL":
        dates, records = context.population.dates(variable), context.adsl
        positions = np.arange(len(context.population), dtype=np.intp)
    else:
        dates = dates_of(joined.column(mark.date, mark.date.where), mark.date, mark.date.where)
        records, positions = joined.parameters[source]
    return times_at(context, dates), Part(records, positions, "VALUE")


def _store_bars(panel: PanelPoints, leaf: Leaf, times: Times, chosen: Any, names: Any) -> None:
    """Lengths with the names as they are printed, and whether bars go on."""
    context = panel.context
    event = times.event[chosen]
    ended = Part(times.records, np.where(event, chosen, -1), "EVENT")
    open_ = Part(times.records, np.where(event, -1, chosen), "CENSOR")
    members = context.collector.members.put_each([ended, open_], len(chosen))
    subjects = context.population.subjects.to_numpy(dtype=object)[chosen]
    points = (SUBJECT, subjects, np.arange(1, len(chosen) + 1))
    panel.store(leaf, points, ("length", _PATTERN), times.time[chosen], members)
    panel.store(leaf, points, ("ongoing", "x"), (~event).astype(float), members)
    of_adsl = context.collector.members.put_each([Part(context.adsl, chosen, "VALUE")], len(chosen))
    panel.store(leaf, points, ("name", ""), names[chosen], of_adsl)


def _store_marks(panel: PanelPoints, leaf: Leaf, at: int, months: Any, part: Part, chosen: Any) -> None:
    context = panel.context
    rows = np.flatnonzero(np.isfinite(months[chosen]))
    who = chosen[rows]
    positions = part.positions[who]
    members = context.collector.members.put_each([Part(part.records, positions, "VALUE")], len(who))
    subjects = context.population.subjects.to_numpy(dtype=object)[who]
    label = str(panel.text.marks[at - 1].label)
    panel.store(leaf, (SUBJECT, subjects, rows + 1), (f"mark_{at}", _PATTERN), months[who], members, label)
