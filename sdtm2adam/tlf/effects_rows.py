"""Lays out effects as a table: under each endpoint one row per subgroup."""

from __future__ import annotations

from collections.abc import Iterator

from sdtm2adam.model import Cell, Column, Results, Row, Section
from sdtm2adam.spec.display_plan import DisplaySpec
from sdtm2adam.spec.effects_plan import Line, Subgroup, cell_format, kind_of, subgroups, template, text_of
from sdtm2adam.spec.report import Report
from sdtm2adam.tlf.effects import EffectNumbers


def columns(spec: DisplaySpec) -> tuple[Column, ...]:
    """The stub and the columns with their heads."""
    text = text_of(spec)
    stub, *others = text.columns
    left = Column((str(text.stub_head or stub.label),), stub.width, align="left")
    return (left, *(Column((str(one.label),), one.width, (str(at),)) for at, one in enumerate(others, start=1)))


def sections(spec: DisplaySpec, report: Report, results: Results | None) -> tuple[Section, ...]:
    """The rows; without results those of the shell."""
    numbers = EffectNumbers(spec, report, results)
    groups = subgroups(text_of(spec), report)
    return (Section(tuple(row for part in spec.parts for row in _rows(spec, part, groups, numbers))),)


def _rows(spec: DisplaySpec, part: DisplaySpec, groups: tuple[Subgroup, ...], numbers: EffectNumbers) -> Iterator[Row]:
    text = text_of(spec)
    label = str(text.endpoints[int(part.part) - 1].label)
    yield Row(label, block=True, keep_with_next=True)
    for group in groups:
        for line in numbers.lines(part, group):
            shown = group.trend if line == group.whole else line.label
            cells = tuple(_cells(spec, part, group, line, numbers))
            yield Row(shown, cells, indent=1, parents=(label,), continued=True)


def _cells(spec: DisplaySpec, part: DisplaySpec, group: Subgroup, line: Line, numbers: EffectNumbers) -> Iterator[Cell]:
    for column in text_of(spec).columns[1:]:
        form = cell_format(column, kind_of(part))
        text, ids = numbers.cell(part, group, line, form)
        yield Cell(text, stat_class=str(template(column, kind_of(part)) if text else ""), result_ids=ids)
