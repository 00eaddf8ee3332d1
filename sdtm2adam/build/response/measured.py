"""Values of measures brought to the days of assessments: windows, ties, baseline, and the best value so far.

Each value is a struct `w, d, v, nr, s, ref`: how bad it is (higher is worse), its day, the value, the number and row of
its record in the stack of sources, and the record as text (`LB 12`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sdtm2adam.build.quoting import literal
from sdtm2adam.spec.criteria import CriteriaSet, Measure

Create = Callable[[str], str]
"""Makes a table of a SELECT; its name."""
PRIOR = "OVER (PARTITION BY _row ORDER BY _d ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"
"""The assessments of the subject before this one."""


@dataclass(frozen=True)
class Window:
    """How many days before and after the assessment a value may lie; None is any number."""

    before: int | None
    after: int | None


@dataclass(frozen=True)
class Measured:
    """The records of one measure.

    `table` has `_row` (of the subject), `_d` (date), `_v` (number or text; null where the record has none), `_nr`,
    `_srow`, `_ref`. An event has no value.
    """

    measure: Measure
    table: str
    window: Window


@dataclass(frozen=True)
class Inputs:
    """What is judged: `subjects` has `_row, _start, _until`; the measures that the data have, by name."""

    criteria: CriteriaSet
    subjects: str
    measured: Mapping[str, Measured]

    def number(self, measure: str) -> int:
        """The place of a measure in its set."""
        return list(self.criteria.measures).index(measure)


def worse_first(measure: Measure, value: str) -> str:
    """SQL that is higher the worse a value is."""
    if measure.kind == "text":
        return f"list_position([{', '.join(literal(str(v)) for v in measure.values)}], {value})"
    return value if measure.worse == "higher" else f"-({value})"


def usable(value: str, measure: Measure) -> str:
    """SQL of a value that can be compared: what is not a number is missing, not larger than any threshold."""
    return f"CASE WHEN isfinite({value}) THEN {value} END" if measure.kind == "number" else value


def _struct(measure: Measure) -> str:
    if measure.kind == "event":
        return "{'d': s._d, 'nr': s._nr, 's': s._srow, 'ref': s._ref}"
    worse = worse_first(measure, "s._v")
    return f"{{'w': {worse}, 'd': s._d, 'v': s._v, 'nr': s._nr, 's': s._srow, 'ref': s._ref}}"


def wide(inputs: Inputs, create: Create) -> str:
    """A table with a row for each assessment: `_row, _d, _start`, and for measure i `m<i>, b<i>, x<i>`.

    m is the value at the assessment, b that at baseline, x the best so far, baseline included (of numbers).
    """
    days = create(_days(inputs))
    joins, items = [], ["a._row", "a._d", "a._start"]
    for name, measured in inputs.measured.items():
        if measured.measure.kind == "event":
            continue
        i = inputs.number(name)
        now = create(_aligned(days, measured, inputs.subjects))
        base = create(_baseline(inputs.subjects, measured))
        joins += [f"LEFT JOIN {now} m{i} ON m{i}._row = a._row AND m{i}._d = a._d"]
        joins += [f"LEFT JOIN {base} b{i} ON b{i}._row = a._row"]
        items += [f"m{i}.found AS m{i}", f"b{i}.found AS b{i}"]
    joined = create(f"SELECT {', '.join(items)} FROM {days} a {' '.join(joins)}")
    numbers = [inputs.number(n) for n, one in inputs.measured.items() if one.measure.kind == "number"]
    prior = [f"min(m{i}) FILTER (WHERE (m{i}).v IS NOT NULL) {PRIOR} AS p{i}" for i in numbers]
    best = [
        f"CASE WHEN (b{i}).v IS NOT NULL AND ((p{i}).v IS NULL OR (b{i}).w <= (p{i}).w) THEN b{i} ELSE p{i} END AS x{i}"
        for i in numbers
    ]
    before = f"SELECT {', '.join(['*', *prior])} FROM {joined}"
    return create(f"SELECT {', '.join(['*', *best])} FROM ({before})")


def _days(inputs: Inputs) -> str:
    """The assessments: the days after the start, until `_until`, on which the measures were taken that make one."""
    anchors = [inputs.measured[str(n)] for n in inputs.criteria.assessed_by if str(n) in inputs.measured]
    days = " UNION ALL ".join(f"SELECT _row, _d FROM {anchor.table}" for anchor in anchors)
    return (
        f"SELECT DISTINCT s._row, s._d, u._start FROM ({days}) s JOIN {inputs.subjects} u ON u._row = s._row "
        f"WHERE s._d > u._start AND {_in_time()}"
    )


def _in_time() -> str:
    return "(u._until IS NULL OR s._d <= u._until)"


def _aligned(days: str, measured: Measured, subjects: str) -> str:
    """One value for each assessment, within the days of its measure: the nearest, the best or the worst.

    At the same distance the earlier day counts, on the same day the worse value.
    """
    window = measured.window
    near = ["TRUE"]
    near += [f"s._d >= a._d - {window.before}"] if window.before is not None else []
    near += [f"s._d <= a._d + {window.after}"] if window.after is not None else []
    worse = worse_first(measured.measure, "s._v")
    distance = ["abs(s._d - a._d)", "s._d", f"{worse} DESC"]
    order = {"nearest": distance, "best": [worse, *distance], "worst": [f"{worse} DESC", *distance]}
    return (
        f"SELECT a._row, a._d, {_struct(measured.measure)} AS found FROM {days} a JOIN {measured.table} s "
        f"ON s._row = a._row JOIN {subjects} u ON u._row = a._row AND {_in_time()} "
        f"WHERE {worse} IS NOT NULL AND {' AND '.join(near)} QUALIFY row_number() OVER "
        f"(PARTITION BY a._row, a._d ORDER BY {', '.join([*order[measured.measure.take], 's._nr', 's._srow'])}) = 1"
    )


def _baseline(subjects: str, measured: Measured) -> str:
    """The last value on or before the start; on the same day the worse."""
    worse = worse_first(measured.measure, "s._v")
    return (
        f"SELECT s._row, {_struct(measured.measure)} AS found FROM {measured.table} s "
        f"JOIN {subjects} u ON u._row = s._row WHERE s._d <= u._start AND {worse} IS NOT NULL "
        f"QUALIFY row_number() OVER (PARTITION BY s._row ORDER BY s._d DESC, {worse} DESC, s._nr, s._srow) = 1"
    )


def last_event(rows: str, event: Measured, value: str, days: int) -> str:
    """SELECT of `_row, _d, found`: the last event on the day of a value, or up to `days` days before it."""
    return (
        f"SELECT a._row, a._d, max({_struct(event.measure)}) AS found FROM {rows} a JOIN {event.table} s "
        f"ON s._row = a._row AND s._d BETWEEN ({value}).d - {days} AND ({value}).d GROUP BY ALL"
    )


def tied_days(measured: Measured) -> str:
    """SELECT of `_row` and `_d`: the days on which a subject has several values that differ."""
    return (
        f"SELECT _row, _d FROM {measured.table} WHERE _v IS NOT NULL GROUP BY ALL HAVING count(DISTINCT _v) > 1 "
        "ORDER BY ALL"
    )
