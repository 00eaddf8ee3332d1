"""proportions of responders, their differences and tests."""

from __future__ import annotations

from typing import Any

import numpy as np

from sdtm2adam.analysis.estimate import Estimate, too_small
from sdtm2adam.analysis.interaction import logistic_interaction
from sdtm2adam.analysis.proportions import (
    cmh_test,
    common_odds_ratio,
    difference,
    odds_ratio,
    one_sided_test,
    proportion,
    relative_risk,
    stratified_difference,
    two_sided_test,
)
from sdtm2adam.spec.display_plan import DisplayRow
from sdtm2adam.tlf.collect import Place
from sdtm2adam.tlf.context import Arms, Context
from sdtm2adam.tlf.members import Part
from sdtm2adam.tlf.methods.interaction import first_too_small, interaction_groups
from sdtm2adam.tlf.population import Mask

_STRATIFIED = ("M_DIFFS", "M_CMH", "M_ORS")


def estimate_proportion(context: Context, row: DisplayRow) -> None:
    """The proportion of responders with its interval by the setting `ci_prop`, per column."""
    records = context.home(row)
    met, response = records.meeting(row.condition), records.subjects_meeting(row.condition)
    for at, leaf in enumerate(context.spec.leaves):
        if not row.applies(leaf):
            continue
        name, subjects = context.denominators[row.base][at]
        groups = context.naming.column_groups(leaf)
        chosen = np.flatnonzero(met & subjects[records.subject])
        members = context.collector.members.put(Part(records, chosen, "NUM"))
        place = Place(groups, members=members, denominator=name)
        counts = int((response & subjects).sum()), int(subjects.sum())
        estimate = proportion(*counts, row.conf, context.report.params.ci_prop)
        context.collector.add_estimate(row, place, estimate)


def compare_proportions(context: Context, row: DisplayRow) -> None:
    """Difference, ratio or test of the proportions of two arms, stratified or not, per span, under the size rule."""
    base = _base(context, row)
    response = context.home(row).subjects_meeting(row.condition)
    for arms in context.comparisons(row):
        treatment, control = arms.treatment & base, arms.control & base
        n1, n0 = int(treatment.sum()), int(control.sum())
        params = context.report.params
        small = too_small(n1, n0, min_subjects=params.min_arm)
        estimate = small or _compared(context, row, response, treatment, control)
        context.collector.add_estimate(row, _place(context, row, arms, base), estimate)


def _compared(context: Context, row: DisplayRow, response: Mask, treatment: Mask, control: Mask) -> Estimate:
    params = context.report.params
    if row.method in _STRATIFIED:
        counts = _counts_by_stratum(context, response, treatment, control)
        if row.method == "M_DIFFS":
            return stratified_difference(*counts, row.conf, params.ci_diff_strat, params.weights)
        return cmh_test(*counts) if row.method == "M_CMH" else common_odds_ratio(*counts, row.conf)
    x1, n1 = int((response & treatment).sum()), int(treatment.sum())
    x0, n0 = int((response & control).sum()), int(control.sum())
    match row.method:
        case "M_DIFF":
            return difference(x1, n1, x0, n0, row.conf, params.ci_diff)
        case "M_PROP_P":
            return one_sided_test(x1, n1, x0, n0, params.fisher_below)
        case "M_PROP_2":
            return two_sided_test(x1, n1, x0, n0)
        case "M_ORT":
            return odds_ratio(x1, n1, x0, n0, row.conf)
        case _:
            return relative_risk(x1, n1, x0, n0, row.conf)


def _counts_by_stratum(context: Context, response: Mask, treatment: Mask, control: Mask) -> tuple[Any, Any, Any, Any]:
    """Responders and subjects of treatment, then of control, one number per stratum."""
    both = treatment | control
    strata = context.strata(both)

    def counted(chosen: Mask) -> Any:
        return np.bincount(strata[chosen[both]], minlength=int(strata.max()) + 1)

    return counted(response & treatment), counted(treatment), counted(response & control), counted(control)


def compare_groups(context: Context, row: DisplayRow) -> None:
    """Treatment by group interaction or trend: logistic model, likelihood ratio, two-sided, under the size rule."""
    base = _base(context, row)
    response = context.home(row).subjects_meeting(row.condition)
    for arms in context.comparisons(row):
        group = interaction_groups(context, row, arms)
        used = base & (group >= 0)
        small = first_too_small(context, row, arms, group, used, None)
        trend = row.method == "M_TREND"
        estimate = small or logistic_interaction(response[used], arms.treatment[used], group[used], trend=trend)
        context.collector.add_estimate(row, _place(context, row, arms, used), estimate)


def _base(context: Context, row: DisplayRow) -> Mask:
    """The subjects of the denominator, over all columns."""
    if not row.base:
        return np.ones(len(context.population), dtype=bool)
    return np.asarray(np.any([subjects for _, subjects in context.denominators[row.base]], axis=0))


def _place(context: Context, row: DisplayRow, arms: Arms, base: Mask) -> Place:
    """Where a comparison stands: behind it are the records of the responders, and all subjects of both arms."""
    records = context.home(row)
    used = arms.both & base
    numerator = np.flatnonzero(records.meeting(row.condition) & used[records.subject])
    return context.span_place(
        row, arms, Part(records, numerator, "NUM"), Part(context.adsl, np.flatnonzero(used), "DEN")
    )
