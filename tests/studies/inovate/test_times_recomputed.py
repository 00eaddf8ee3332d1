"""Duration of remission and progression-free survival, computed a second time from the written XPT files."""

from collections.abc import Callable

import pandas as pd
import pytest
from printed_cells import count, fitted, fixed, interval, p_value, ratio
from recomputed_statistics import cox_interaction, hazard_ratio, log_rank
from table_columns import INO, NARROW, Row, columns, heads, spans, strata_of
from test_survival_recomputed import MONTH, compare_survival, curve, extremes, landmark, small
from whole_output import Whole, recomputes

Datasets = Callable[[str], pd.DataFrame]
GLOBAL = "Discontinued for global deterioration"
TABLES = {
    "T14_2_4": (
        "DOR",
        "Remission rate, % [c]",
        ("Relapse from CR/CRi", "Death", "Progressive disease", GLOBAL),
        {
            "In remission at cut-off": "In remission at cut-off",
            "Withdrew/lost in remission": "Withdrew/lost in remission",
        },
    ),
    "T14_2_5": (
        "PFS",
        "Progression-free rate, % [c]",
        (
            "Death",
            "Progressive disease",
            "Relapse from CR/CRi",
            GLOBAL,
            "New induction therapy without CR/CRi",
            "HSCT without CR/CRi",
        ),
        {
            "No event at cut-off": "No event at cut-off",
            "No adequate assessment": "No adequate assessment (day 1)",
            "Withdrew/lost before event": "Withdrew/lost before event",
        },
    ),
}


def times(adam: Datasets, name: str) -> pd.DataFrame:
    frame = adam("ADTTE")[lambda all_: (all_["PARAMCD"] == name) & (all_["ITTFL"] == "Y")]
    return frame.assign(T=frame["AVAL"] / MONTH, E=frame["CNSR"] == 0, ARM1=frame["TRT01P"] == INO)


def median_rows(label: str, limits: str, parts: list[pd.DataFrame], q: float) -> list[Row]:
    shown = [interval(*curve(part).quantile_limits(q, 0.95), 1) for part in parts]
    return [[label, *(fixed(curve(part).quantile(q), 1) for part in parts)], [limits, *fitted(shown, NARROW)]]


def unwrapped(rows: list[Row]) -> list[Row]:
    """Labels that stand on two lines as one."""
    return [[row[0].replace("\n", " ") if "\n" not in row[0] else _joined(row[0]), *row[1:]] for row in rows]


def _joined(label: str) -> str:
    first, *rest = label.split("\n")
    return " ".join([first, *(part.strip() for part in rest)])


@pytest.mark.parametrize("name", list(TABLES))
@recomputes(*TABLES)
def test_times_are_as_recomputed(whole: Whole, adam: Datasets, name: str) -> None:
    parameter, title, events, censored = TABLES[name]
    frame = times(adam, parameter)
    parts, blank = columns(frame), [""] * 8

    def numbers(label: str, choose: Callable[[pd.DataFrame], pd.Series]) -> Row:
        return [label, *(count(int(choose(part).sum()), len(part)) for part in parts)]

    wanted = [numbers("Events, n (%)", lambda p: p["E"])]
    wanted += [numbers(f"  {why}", lambda p, why=why: p["E"] & (p["EVNTDESC"] == why)) for why in events]
    wanted += [numbers("Censored, n (%)", lambda p: ~p["E"])]
    for why, label in censored.items():
        wanted += [numbers(f"  {label}", lambda p, why=why: ~p["E"] & (p["CNSDTDSC"] == why))]
    wanted += [["Kaplan-Meier, months [a]", *blank]]
    for label, q in (("25th percentile", 0.25), ("Median", 0.5), ("75th percentile", 0.75)):
        wanted += median_rows(f"  {label}", "    95% CI", parts, q)
    wanted += [["  Min, Max [b]", *fitted([extremes(part) for part in parts], NARROW)], [title, *blank]]
    for month in (3, 6, 12):
        estimates = [landmark(part, month) for part in parts]
        wanted += [[f"  Month {month}", *(estimate for estimate, _ in estimates)]]
        wanted += [["    95% CI", *fitted([limits for _, limits in estimates], NARROW)]]
    wanted += compared_rows(frame)
    if name == "T14_2_5":
        wanted += sensitivity(times(adam, "PFSSTD"))
    table = whole(name)
    table.rows(wanted, unwrapped)
    table.heads(heads(frame))


def compared_rows(frame: pd.DataFrame) -> list[Row]:
    made = list(zip(*(compare_survival(span) for span in spans(frame)), strict=True))
    names = ["Hazard ratio", "  97.5% CI", "  95% CI", "1-sided log-rank p-value"]
    rows: list[Row] = [["InO vs SC, stratified [d]", *[""] * 8]]
    rows += [[f"  {name}", *cells] for name, cells in zip(names, made[:4], strict=True)]
    rows += [["InO vs SC, unstratified", *[""] * 8]]
    names = ["Hazard ratio", "  95% CI", "1-sided log-rank p-value"]
    rows += [[f"  {name}", *cells] for name, cells in zip(names, made[4:7], strict=True)]
    known = frame[frame["CD22GR1N"].isin([1, 2])]
    p = cox_interaction(known["T"], known["E"], known["ARM1"], known["CD22GR1N"] == 1)
    return [
        *rows,
        ["Month 12 difference, % [c]", *made[7]],
        ["  95% CI", *made[8]],
        ["Interaction p-value [e]", "", "", "", p_value(p)],
    ]


def sensitivity(frame: pd.DataFrame) -> list[Row]:
    """The block of PFS by the standard definition."""
    parts = columns(frame)
    rows: list[Row] = [["Sensitivity: new therapy and HSCT not events (PFSSTD)", *[""] * 8]]
    rows += [["  Events, n (%)", *(count(int(part["E"].sum()), len(part)) for part in parts)]]
    rows += median_rows("  Median, months [a]", "    95% CI", parts, 0.5)
    cells = []
    for span in spans(frame):
        assert not small(span)
        estimate, *limits = hazard_ratio(span["T"], span["E"], span["ARM1"], strata_of(span), 0.975)
        p = log_rank(span["T"], span["E"], span["ARM1"], strata_of(span))
        cells.append([ratio(estimate), interval(*limits, 2), p_value(p)])
    names = ["  Hazard ratio, strat. [d]", "    97.5% CI", "  1-sided log-rank p-value"]
    return [*rows, *([name, *row] for name, row in zip(names, zip(*cells, strict=True), strict=True))]
