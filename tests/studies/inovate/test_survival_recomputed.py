"""Every number of the table and the figure of overall survival, computed a second time from the written XPT files."""

from collections.abc import Callable

import numpy as np
import pandas as pd
from printed_cells import count, fitted, fixed, interval, p_value, ratio
from recomputed_statistics import (
    Curve,
    cox_interaction,
    hazard_ratio,
    kaplan_meier,
    log_rank,
)
from table_columns import INO, NARROW, Row, columns, heads, spans, strata_of
from whole_output import Whole, recomputes

Datasets = Callable[[str], pd.DataFrame]
MONTH = 30.4375
"""Days."""


def survival_frame(adam: Datasets) -> pd.DataFrame:
    """Overall survival in months."""
    adtte = adam("ADTTE")[lambda all_: (all_["PARAMCD"] == "OS") & (all_["ITTFL"] == "Y")].copy()
    adtte["T"] = adtte["AVAL"] / MONTH
    adtte["E"] = adtte["CNSR"] == 0
    adtte["ARM1"] = adtte["TRT01P"] == INO
    return adtte


def curve(part: pd.DataFrame) -> Curve:
    return kaplan_meier(part["T"], part["E"])


def extremes(part: pd.DataFrame) -> str:
    """Shortest and longest time, + where only censored times are so short or long."""
    ends = [part["T"].min(), part["T"].max()]
    marks = ["" if part.loc[part["T"] == end, "E"].any() else "+" for end in ends]
    return ", ".join(f"{fixed(end, 1)}{mark}" for end, mark in zip(ends, marks, strict=True))


def percent(value: float | None) -> float | None:
    return None if value is None else 100 * value


def landmark(part: pd.DataFrame, month: int) -> tuple[str, str]:
    estimate, lower, upper, _ = curve(part).at(month, 0.95)
    return fixed(percent(estimate), 1), interval(percent(lower), percent(upper), 1)


def landmark_difference(span: pd.DataFrame, month: int) -> tuple[str, str]:
    (s1, _, _, v1), (s0, _, _, v0) = (curve(span[span["ARM1"] == arm]).at(month, 0.95) for arm in (True, False))
    if s1 is None or s0 is None or v1 is None or v0 is None:
        return "NE", "(NE, NE)"
    half = 1.959963984540054 * np.sqrt(v1 + v0)
    return fixed(100 * (s1 - s0), 1), interval(100 * (s1 - s0 - half), 100 * (s1 - s0 + half), 1)


def small(span: pd.DataFrame) -> bool:
    """Too few subjects in an arm or too few events for a comparison."""
    return min(span["ARM1"].sum(), (~span["ARM1"]).sum()) < 5 or span["E"].sum() < 10


def compare_survival(span: pd.DataFrame) -> list[str]:
    """The cells of one CD22 group below the estimates of the arms."""
    if small(span):
        return ["NC"] * 9
    data = span["T"], span["E"], span["ARM1"]
    strata = strata_of(span)
    ratio_, *wide = hazard_ratio(*data, strata, 0.975)
    plain, *limits = hazard_ratio(*data)
    return [
        ratio(ratio_),
        interval(*wide, 2),
        interval(*hazard_ratio(*data, strata)[1:], 2),
        p_value(log_rank(*data, strata)),
        ratio(plain),
        interval(*limits, 2),
        p_value(log_rank(*data)),
        *landmark_difference(span, 12),
    ]


def survival_estimates(parts: list[pd.DataFrame]) -> list[Row]:
    """The Kaplan-Meier rows of the arms."""
    rows: list[Row] = [["Kaplan-Meier, months [a]", *[""] * 8]]
    for label, q in (("25th percentile", 0.25), ("Median", 0.5), ("75th percentile", 0.75)):
        rows.append([f"  {label}", *(fixed(curve(part).quantile(q), 1) for part in parts)])
        limits = [interval(*curve(part).quantile_limits(q, 0.95), 1) for part in parts]
        rows.append(["    95% CI", *fitted(limits, NARROW)])
    rows.append(["  Min, Max [b]", *fitted([extremes(part) for part in parts], NARROW)])
    rows.append(["Survival rate, % [c]", *[""] * 8])
    for month in (3, 6, 12, 24):
        estimates = [landmark(part, month) for part in parts]
        rows.append([f"  Month {month}", *(estimate for estimate, _ in estimates)])
        rows.append(["    95% CI", *fitted([limits for _, limits in estimates], NARROW)])
    follow = [kaplan_meier(part["T"], ~part["E"]).quantile(0.5) for part in parts]
    rows.append(["Median follow-up, mo. [d]", *(fixed(value, 1) for value in follow)])
    return rows


@recomputes("T14_2_6")
def test_overall_survival_is_as_recomputed(whole: Whole, adam: Datasets) -> None:
    frame = survival_frame(adam)
    parts = columns(frame)

    def numbers(label: str, choose: Callable[[pd.DataFrame], pd.Series]) -> Row:
        return [label, *(count(int(choose(part).sum()), len(part)) for part in parts)]

    wanted = [numbers("Events, n (%)", lambda p: p["E"]), numbers("  Death", lambda p: p["EVNTDESC"] == "Death")]
    wanted += [numbers("Censored, n (%)", lambda p: ~p["E"])]
    for why in ("Alive at data cut-off", "Withdrew consent", "Lost to follow-up"):
        wanted.append(numbers(f"  {why}", lambda p, why=why: ~p["E"] & (p["CNSDTDSC"] == why)))
    wanted += survival_estimates(parts)
    compared = list(zip(*(compare_survival(span) for span in spans(frame)), strict=True))
    names = ["Hazard ratio", "  97.5% CI", "  95% CI", "1-sided log-rank p-value"]
    wanted += [["InO vs SC, stratified [e]", *[""] * 8]]
    wanted += [[f"  {name}", *cells] for name, cells in zip(names, compared[:4], strict=True)]
    wanted += [["InO vs SC, unstratified", *[""] * 8]]
    names = ["Hazard ratio", "  95% CI", "1-sided log-rank p-value"]
    wanted += [[f"  {name}", *cells] for name, cells in zip(names, compared[4:7], strict=True)]
    wanted += [["Month 12 difference, % [c]", *compared[7]], ["  95% CI", *compared[8]]]
    known = frame[frame["CD22GR1N"].isin([1, 2])]
    p = cox_interaction(known["T"], known["E"], known["ARM1"], known["CD22GR1N"] == 1)
    wanted += [["Interaction p-value [f]", "", "", "", p_value(p)]]
    table = whole("T14_2_6")
    table.rows(wanted)
    table.heads(heads(frame))
