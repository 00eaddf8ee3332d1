"""Effects of treatment by endpoint and subgroup: each endpoint is analysed as a table of its own would be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from sdtm2adam.model import Results
from sdtm2adam.spec.display_plan import DisplayRow, DisplaySpec, Leaf
from sdtm2adam.spec.effects_plan import (
    COUNT,
    EFFECT,
    FIELDS,
    INTERACTION,
    MEDIAN,
    RESPONSE,
    TEST,
    TIME,
    TREND,
    Line,
    Subgroup,
    kind_of,
    steps_of,
    subgroups,
    text_of,
)
from sdtm2adam.spec.patterns import Field, Format
from sdtm2adam.spec.report import Report
from sdtm2adam.tlf.cells import NC, NE
from sdtm2adam.tlf.context import Context
from sdtm2adam.tlf.identity import Naming
from sdtm2adam.tlf.methods import proportions, times
from sdtm2adam.tlf.methods.counts import count_subjects

_METHODS: dict[str, dict[str, Callable[[Context, DisplayRow], None]]] = {
    RESPONSE: {
        COUNT: count_subjects,
        EFFECT: proportions.compare_proportions,
        TEST: proportions.compare_proportions,
        INTERACTION: proportions.compare_groups,
        TREND: proportions.compare_groups,
    },
    TIME: {
        COUNT: count_subjects,
        MEDIAN: times.estimate_curve,
        EFFECT: times.compare_arms,
        TEST: times.compare_arms,
        INTERACTION: times.compare_groups,
        TREND: times.compare_groups,
    },
}


def analyse_effects(context: Context) -> None:
    """The results of every endpoint in every subgroup: the methods are those of the tables of responses and times."""
    for part in context.spec.parts:
        endpoint = context.beside(part)
        for group in subgroups(text_of(context.spec), context.report):
            _analyse_levels(endpoint, group)
            _analyse_interaction(endpoint, group)


def _analyse_levels(endpoint: Context, group: Subgroup) -> None:
    """Numbers of each arm and the comparison, level by level."""
    lines = [line for line in group.lines if not line.optional or _somebody(endpoint, line)]
    here = endpoint.under(tuple(leaf for line in lines for leaf in line.leaves))
    here.count_columns()
    for step, row in steps_of(endpoint.spec).items():
        if step not in (INTERACTION, TREND):
            _METHODS[kind_of(endpoint.spec)][step](here, row)


def _somebody(endpoint: Context, line: Line) -> bool:
    return any(bool(endpoint.population.leaf(leaf).any()) for leaf in line.leaves)


def _analyse_interaction(endpoint: Context, group: Subgroup) -> None:
    """The tests over the levels of a grouping; a trend only where the spec asks for it."""
    if group.tested is None or group.whole is None:
        return
    here = endpoint.under(group.whole.leaves)
    for step, row in _tests(steps_of(endpoint.spec), group).items():
        _METHODS[kind_of(endpoint.spec)][step](here, row)


def _tests(steps: dict[str, DisplayRow], group: Subgroup) -> dict[str, DisplayRow]:
    wanted = [INTERACTION, *([TREND] if group.trend else [])]
    return {step: replace(steps[step], interaction=group.tested) for step in wanted if step in steps}


@dataclass(frozen=True, slots=True)
class Number:
    """A statistic of a cell: its text, its value if it has one, and the result it is."""

    text: str
    value: float | None = None
    result_id: str = ""


class EffectNumbers:
    """The numbers of an output of effects, line by line; without results their patterns.

    Args:
        spec: the output.
        report: what displays share.
        results: its results; None for the shell.
    """

    def __init__(self, spec: DisplaySpec, report: Report, results: Results | None) -> None:
        self.spec, self.report = spec, report
        self._found: dict[str, dict[str, Any]] | None = None
        if results is not None:
            frame = results.frame[["formatted", "stat"]].set_axis(results.frame["result_id"])
            self._found = frame.to_dict("index")

    def lines(self, part: DisplaySpec, group: Subgroup) -> list[Line]:
        """The lines of a grouping that are printed under an endpoint, last that of the trend over its levels."""
        shown = [line for line in group.lines if not line.optional or self._somebody(part, line)]
        trend = [group.whole] if group.whole is not None and group.trend and group.tested is not None else []
        return [*shown, *trend]

    def _somebody(self, part: DisplaySpec, line: Line) -> bool:
        naming = self._naming(part)
        name = naming.id_of(naming.total, "n", naming.column_groups(line.treatment))
        return self._found is None or name in self._found

    def _naming(self, part: DisplaySpec) -> Naming:
        return Naming(self.spec.id, self.report, part.part)

    def number(self, part: DisplaySpec, group: Subgroup, line: Line, name: str) -> Number | None:
        """What a field is on a line; None where the line does not have it."""
        place, naming = FIELDS[name], self._naming(part)
        step = _test_on(group, line) if place.step == INTERACTION else place.step if line != group.whole else None
        if step is None:
            return None
        if step in (INTERACTION, TREND):
            return self._across(naming, _tests(steps_of(part), group)[step], group.whole or line, place.statistic)
        row = steps_of(part)[step] if step else naming.total
        if place.arm is None:
            return self._across(naming, row, line, place.statistic)
        leaf: Leaf = line.treatment if place.arm else line.control
        return self._told(naming.id_of(row, place.statistic, naming.column_groups(leaf)))

    def _across(self, naming: Naming, row: DisplayRow, line: Line, statistic: str) -> Number:
        groups, comparison = naming.span_groups(line.leaves), naming.comparison(line.leaves)
        return self._told(naming.id_of(row, statistic, groups, comparison))

    def _told(self, name: str) -> Number:
        if self._found is None:
            return Number("")
        entry = self._found[name]
        value = entry["stat"]
        return Number(entry["formatted"], None if value != value else float(value), name)

    def cell(self, part: DisplaySpec, group: Subgroup, line: Line, form: Format) -> tuple[str, tuple[str, ...]]:
        """The text of a cell and the results in it; blank where the line has none of its numbers.

        A zero count has no percentage, `NC` stands alone, and so does `NE` where nothing of the cell is estimable.
        """
        parts = [each if isinstance(each, str) else (each, self.number(part, group, line, each.name)) for each in form]
        numbers = [number for each in parts if not isinstance(each, str) for number in (each[1],)]
        if not numbers or any(number is None for number in numbers):
            return "", ()
        known = [number for number in numbers if number is not None]
        ids = tuple(number.result_id for number in known if number.result_id and number.text)
        texts = [number.text for number in known]
        if NC in texts:
            return NC, ids
        if self._found is not None and all(text == NE for text in texts):
            return NE, ids
        return "".join(self._shown(each) for each in parts).replace(" ()", ""), ids

    def _shown(self, part: str | tuple[Field, Number | None]) -> str:
        if isinstance(part, str):
            return part
        field, number = part
        return field.pattern if self._found is None or number is None else number.text


def _test_on(group: Subgroup, line: Line) -> str | None:
    """The test over levels that is printed on a line: the interaction on the first level that it is over."""
    if group.tested is None:
        return None
    if line == group.whole:
        return TREND
    first = (group.tested.take or ())[0]
    return INTERACTION if line.treatment.levels[0] == first else None
