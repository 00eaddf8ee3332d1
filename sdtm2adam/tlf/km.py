"""Kind `km`: Kaplan-Meier figure; its curves are results, its box is read from the table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from sdtm2adam.analysis import survival
from sdtm2adam.display.figure.kaplan_meier import Scale
from sdtm2adam.errors import InternalError
from sdtm2adam.model import Results
from sdtm2adam.spec.display_model import KmText
from sdtm2adam.spec.display_plan import BoxValue, DisplayRow, DisplaySpec, Leaf
from sdtm2adam.spec.methods import COMPARING
from sdtm2adam.spec.report import Report
from sdtm2adam.tlf.context import Context
from sdtm2adam.tlf.identity import Group, Naming
from sdtm2adam.tlf.members import MemberSet
from sdtm2adam.tlf.methods.times import Times, parts_of, times_of

METHOD = "M_KM"
TIME, TICK = "TIME", "TICK"
STEP_STATISTICS = ("n_risk", "n_event", "n_censor", "estimate")


def estimate_curves(context: Context, read: Mapping[str, Results]) -> None:
    """The curve of each panel and arm at every observed time, and the numbers at risk at the ticks.

    Raises:
        InternalError: the output that the box reads is not among `read`.
    """
    text = text_of(context.spec)
    if text.box is not None and text.box.read not in read:
        raise InternalError(
            f"the figure reads {text.box.read}, whose results are not there",
            where=context.spec.id,
            mend="analyse that output first and hand its results over",
        )
    context.count_columns()
    times = times_of(context)
    for at, leaf in enumerate(context.spec.leaves):
        _store_curve(context, leaf, times, context.membership[:, at])


def _store_curve(context: Context, leaf: Leaf, times: Times, subjects: Any) -> None:
    text = text_of(context.spec)
    assert text.data.time is not None
    unit = context.report.params.days_per_month if text.data.time.unit == "months" else 1.0
    members = context.collector.members.put(*parts_of(times, subjects))
    curve = survival.kaplan_meier(times.time[subjects], times.event[subjects])
    columns = (curve.at_risk, curve.events, curve.censored, 100.0 * curve.survival)
    ticks = scale(text.x).ticks
    risk = survival.at_risk(times.time[subjects], np.asarray(ticks))
    still = [
        context.collector.members.put(*parts_of(times, subjects & ((times.time >= tick) | (tick == 0))))
        for tick in ticks
    ]
    days = [f"{time * unit:.10g}" for time in curve.time]
    for order, (name, values) in enumerate(zip(STEP_STATISTICS, columns, strict=True), start=1):
        _store_points(context, leaf, (TIME, name, order), days, curve.time, values, [members] * len(days))
    _store_points(context, leaf, (TICK, "at_risk", 5), [f"{tick:g}" for tick in ticks], ticks, risk, still)


def _store_points(
    context: Context,
    leaf: Leaf,
    what: tuple[str, str, int],
    labels: list[str],
    times: Any,
    values: Any,
    members: Sequence[MemberSet],
) -> None:
    """One statistic of a curve at many times, with the members of each."""
    factor, name, order = what
    row = DisplayRow("", analysis=f"A_{context.spec.id}_010", method=METHOD)
    groups = context.naming.column_groups(leaf)
    about: dict[str, Any] = {
        f"g{place}_{key}": value
        for place, group in enumerate(groups, start=1)
        for key, value in (("id", group.id), ("var", group.variable), ("level", group.level), ("leveln", group.number))
    }
    points = (factor, np.array(labels, dtype=object), np.asarray(times, dtype=float))
    about |= dict(zip(point_columns(leaf), points, strict=True))
    context.collector.add_block(
        row,
        stat=np.asarray(values, dtype=float),
        result_id=np.array(
            [context.naming.id_of(row, name, (*groups, Group(factor, "", label))) for label in labels], dtype=object
        ),
        **about,
        op_id=f"{METHOD}.{name}",
        op_order=float(order),
        stat_name=name.replace("_", "."),
        stat_label=name,
        status="OK",
        shown="Y",
        pattern="" if name == "estimate" else "xxx",
        formatted=[""] * len(labels) if name == "estimate" else [f"{value:.0f}" for value in values],
        member_id=np.array([one.id for one in members], dtype=object),
        n_subj=np.array([one.subjects for one in members], dtype=float),
        n_rec=np.array([one.records for one in members], dtype=float),
    )


def point_columns(leaf: Leaf) -> tuple[str, str, str]:
    """The columns of the results with what a point of a curve is, its label and its time: those after its groups."""
    after = len(leaf.levels) + 1
    return f"g{after}_id", f"g{after}_level", f"g{after}_leveln"


def with_read(context: Context, results: Results, read: Mapping[str, Results]) -> Results:
    """The figure's results and the rows it reads from another output, unchanged, with their members."""
    text = text_of(context.spec)
    if text.box is None:
        return results
    source = read[text.box.read]
    wanted = {name for names in box_ids(context.spec, context.report).values() for name in names.values()}
    rows = source.frame[source.frame["result_id"].isin(wanted)]
    members = source.members[source.members["member_id"].isin(rows["member_id"])]
    return Results(
        results.output_id,
        pd.concat([results.frame, rows], ignore_index=True),
        pd.concat([results.members, members], ignore_index=True).drop_duplicates(ignore_index=True),
    )


def box_ids(spec: DisplaySpec, report: Report) -> dict[tuple[str, str], dict[str, str]]:
    """For each panel and arm the result id of each name in the box."""
    text = text_of(spec)
    assert text.box is not None
    naming = Naming(str(text.box.read), report)
    found: dict[tuple[str, str], dict[str, str]] = {}
    for leaf in spec.leaves:
        columns = tuple(other for other in spec.leaves if other.outer == leaf.outer)
        named = {name: _box_id(naming, value, leaf, columns) for name, value in spec.box[panel_of(leaf)].items()}
        found[(panel_of(leaf), leaf.arm)] = {name: known for name, known in named.items() if known}
    return found


def _box_id(naming: Naming, value: BoxValue, leaf: Leaf, columns: tuple[Leaf, ...]) -> str:
    """The id of a number in the box; empty for a comparison of the reference with itself."""
    row = value.row or naming.total
    if compares(value):
        pair = naming.pair(leaf, columns)
        return naming.id_of(row, value.statistic, naming.column_groups(leaf), naming.comparison(pair)) if pair else ""
    if row.place == "column":
        return naming.id_of(row, value.statistic, naming.column_groups(leaf))
    return naming.id_of(row, value.statistic, naming.span_groups(columns), naming.comparison(columns))


def compares(value: BoxValue) -> bool:
    """Whether a number compares the arm of its column with the reference."""
    return value.row is not None and value.row.place == "column" and value.row.method in COMPARING


def panel_of(leaf: Leaf) -> str:
    """The panel a curve is in; empty where there is one of all subjects."""
    return leaf.outer[0] if leaf.outer else ""


def scale(axis: Any) -> Scale:
    """An axis of the spec as the picture takes it."""
    return Scale(str(axis.label), axis.from_, axis.to, axis.by)


def text_of(spec: DisplaySpec) -> KmText:
    """The text of a Kaplan-Meier spec."""
    assert isinstance(spec.text, KmText)
    return spec.text
