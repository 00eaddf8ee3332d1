"""Draws a forest figure from its results, or the empty frame of it."""

from __future__ import annotations

from collections.abc import Iterator

from sdtm2adam.display.figure.forest import ForestAxis, ForestLook, ForestRow, Interval, draw_forest
from sdtm2adam.model import Figure, Results
from sdtm2adam.spec.display_plan import DisplaySpec
from sdtm2adam.spec.effects_check import arm_labels
from sdtm2adam.spec.effects_model import ForestText
from sdtm2adam.spec.effects_plan import RESPONSE, Line, Subgroup, cell_format, kind_of, subgroups
from sdtm2adam.spec.report import Report
from sdtm2adam.tlf.effects import EffectNumbers


def figures(spec: DisplaySpec, report: Report, results: Results | None) -> tuple[Figure, ...]:
    """The pictures, one endpoint per page; without results labels and patterns only."""
    numbers = EffectNumbers(spec, report, results)
    return tuple(_figure(spec, report, part, numbers) for part in spec.parts)


def _figure(spec: DisplaySpec, report: Report, part: DisplaySpec, numbers: EffectNumbers) -> Figure:
    text = _text(spec)
    title = str(text.endpoints[int(part.part) - 1].label)
    look = _look(text, report, kind_of(part))
    rows = tuple(_rows(spec, report, part, numbers))
    png, svg = draw_forest(rows, look)
    return Figure(png, look.lines, _alt(text, title, rows, look), title if len(spec.parts) > 1 else "", svg)


def _text(spec: DisplaySpec) -> ForestText:
    assert isinstance(spec.text, ForestText)
    return spec.text


def _look(text: ForestText, report: Report, kind: str) -> ForestLook:
    better = text.x.better or ("higher" if kind == RESPONSE else "lower")
    treatment, control = (str(text.favours).replace("{arm}", label) for label in arm_labels(text, report))
    sides = (treatment, control) if better == "lower" else (control, treatment)
    axis = ForestAxis(text.x.scale == "log", text.x.ticks, text.x.ref, text.x.clip, sides)
    heads = (str(text.stub_head or text.columns[0].label), *(str(column.label) for column in text.columns[1:]))
    plot = next(at for at, column in enumerate(text.columns) if column.plot)
    return ForestLook(tuple(column.width for column in text.columns), heads, plot, axis, text.size.lines)


def _rows(spec: DisplaySpec, report: Report, part: DisplaySpec, numbers: EffectNumbers) -> Iterator[ForestRow]:
    groups = subgroups(_text(spec), report)
    found = [(group, line) for group in groups for line in numbers.lines(part, group) if line != group.whole]
    weights = [_weight(spec, part, group, line, numbers) for group, line in found]
    most = max([weight for weight, (group, _) in zip(weights, found, strict=True) if group.whole] or weights)
    for (group, line), weight in zip(found, weights, strict=True):
        yield ForestRow(
            texts=tuple(_texts(spec, part, group, line, numbers)),
            interval=_interval(part, group, line, numbers),
            share=min(weight / most, 1.0) if most else 0.0,
            diamond=group.whole is None,
            opens=line == group.lines[0],
        )


def _texts(spec: DisplaySpec, part: DisplaySpec, group: Subgroup, line: Line, numbers: EffectNumbers) -> Iterator[str]:
    """The label and the cells of a row, the plot left out."""
    yield f"{'  ' if group.whole else ''}{line.label}"
    for column in _text(spec).columns[1:]:
        if not column.plot:
            yield numbers.cell(part, group, line, cell_format(column, kind_of(part)))[0]


def _weight(spec: DisplaySpec, part: DisplaySpec, group: Subgroup, line: Line, numbers: EffectNumbers) -> float:
    """Events, or subjects, of both arms: what the area of a square shows."""
    name = "e" if _text(spec).mark.area == "events" else "n"
    values = [numbers.number(part, group, line, f"{name}{arm}") for arm in (1, 0)]
    return sum(number.value or 0.0 for number in values if number is not None)


def _interval(part: DisplaySpec, group: Subgroup, line: Line, numbers: EffectNumbers) -> Interval | None:
    """The effect that is drawn; none where it is not calculated or not estimable."""
    found = [numbers.number(part, group, line, name) for name in ("est", "lower", "upper")]
    values = [number.value if number is not None else None for number in found]
    return None if values[0] is None else Interval(values[0], values[1], values[2])


def _alt(text: ForestText, title: str, rows: tuple[ForestRow, ...], look: ForestLook) -> str:
    """The picture in words: every row with its numbers, and what the sides mean."""
    heads = [head.replace("|", " ") for at, head in enumerate(look.heads) if at not in (0, look.plot)]
    left, right = look.axis.sides
    lines = [f"{text.number}: {text.title}. {title}.", f"Left of {look.axis.ref:g}: {left}; right: {right}."]
    for row in rows:
        told = [f"{head} {cell}" for head, cell in zip(heads, row.texts[1:], strict=True) if cell]
        lines.append(f"{row.texts[0].strip()}: {'; '.join(told)}")
    return "\n".join(lines)
