"""Every number of the Kaplan-Meier figures, printed or drawn, computed a second time from the written XPT files."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from printed_cells import fixed, interval, p_value, ratio
from recomputed_statistics import hazard_ratio, log_rank
from table_columns import INO, SC, in_group, strata_of
from test_survival_recomputed import MONTH, curve
from test_times_recomputed import times
from whole_output import Whole, recomputes

Datasets = Callable[[str], pd.DataFrame]
PANELS = {"CD22 ≥90%": 1, "CD22 <90%": 2, "All Subjects": 0}
FIGURES = {
    "F14_2_1": ("DOR", "first CR/CRi", range(0, 25, 3)),
    "F14_2_2": ("PFS", "randomisation", range(0, 25, 3)),
    "F14_2_3": ("OS", "randomisation", range(0, 37, 3)),
}


def at_risk(part: pd.DataFrame, months: range) -> list[int]:
    """Subjects whose time is not shorter than each tick; at 0 all of them."""
    return [len(part) if not month else int((part["T"] >= month).sum()) for month in months]


def panel(title: str, span: pd.DataFrame, since: str, months: range) -> list[str]:
    """What the figure says of one panel: the box, and how many are at risk."""
    arms = {"InO": span[span["ARM1"]], "SC": span[~span["ARM1"]]}
    stratified = title == "All Subjects"
    strata = strata_of(span) if stratified else None
    box = []
    for name, part in arms.items():
        estimate, limits = curve(part).quantile(0.5), curve(part).quantile_limits(0.5, 0.95)
        box.append(f"{name}: {int(part['E'].sum())}/{len(part)}, median {fixed(estimate, 1)} {interval(*limits, 1)}")
    data = span["T"], span["E"], span["ARM1"]
    estimate, lower, upper = hazard_ratio(*data, strata)
    box.append(f"HR (95% CI) {ratio(estimate)} {interval(lower, upper, 2)}")
    box.append(f"1-sided p {p_value(log_rank(*data, strata))}")
    box += ["Stratified as randomised"] if stratified else []
    ticks = ", ".join(map(str, months))
    risk = [f"{name}: {', '.join(map(str, at_risk(part, months)))}" for name, part in arms.items()]
    return [f"{title}. " + "; ".join(box), f"Number at risk at months since {since} {ticks}:", *risk]


@pytest.mark.parametrize("name", FIGURES)
@recomputes(*FIGURES)
def test_a_figure_of_times_is_as_recomputed(whole: Whole, adam: Datasets, name: str) -> None:
    """Boxes and numbers at risk to the letter; every point of every curve: at risk, events, censored, survival."""
    parameter, since, months = FIGURES[name]
    frame, figure = times(adam, parameter), whole(name)
    said = [panel(title, in_group(frame, group), since, months) for title, group in PANELS.items()]
    figure.pictures([[*said[0], *said[1]], said[2]])
    results = figure.results
    for title, group in PANELS.items():
        for arm, treatment in (("InO", INO), ("SC", SC)):
            part = in_group(frame, group)[lambda all_, which=treatment: all_["TRT01P"] == which]
            level = title if group else ""  # an empty level is all subjects
            own = results[(results["g1_level"] == arm) & (results["g2_level"] == level)]
            figure.numbers(own[own["op_id"] == "M_CNT.n"], [len(part)])
            figure.numbers(own[own["op_id"] == "M_KM.at_risk"], at_risk(part, months))
            for statistic, values in points(part).items():
                chosen = own[own["op_id"] == f"M_KM.{statistic}"]
                assert chosen["g3_leveln"].tolist() == pytest.approx(values.index.tolist(), rel=1e-12)
                figure.numbers(chosen, values)


def points(part: pd.DataFrame) -> pd.DataFrame:
    """At risk, events, censored and survival in percent at each time observed, in months."""
    days = np.sort(part["AVAL"].unique())
    same = [part[part["AVAL"] == day]["E"] for day in days]
    made = curve(part)
    places = np.searchsorted(made.times * MONTH, days + 1e-6) - 1
    survival = [100.0 if place < 0 else 100 * made.survival[place] for place in places]
    columns = {
        "n_risk": [int((part["AVAL"] >= day).sum()) for day in days],
        "n_event": [int(some.sum()) for some in same],
        "n_censor": [int((~some).sum()) for some in same],
        "estimate": survival,
    }
    return pd.DataFrame(columns, index=days / MONTH)
