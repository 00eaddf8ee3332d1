"""The lines of tables of effects computed a second time in plain pandas, from the written XPT files."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import statsmodels.api as sm
from printed_cells import fixed, interval, p_value, ratio
from recomputed_statistics import hazard_ratio, kaplan_meier, log_rank, miettinen_nurminen, proportion_test
from scipy import stats
from statsmodels.duration.hazard_regression import PHReg
from table_columns import INO

Datasets = Callable[[str], pd.DataFrame]
MONTH = 30.4375
"""Days."""


def response_frame(adam: Datasets, paramcd: str, responders_only: bool) -> pd.DataFrame:
    """Subjects with their arm and whether they respond (Y)."""
    adsl, adrs = adam("ADSL"), adam("ADRS")
    subjects = adsl[adsl["ITTFL"] == "Y"]
    subjects = subjects[subjects["RESPFL"] == "Y"] if responders_only else subjects
    yes = set(adrs.loc[(adrs["PARAMCD"] == paramcd) & (adrs["AVALC"] == "Y"), "USUBJID"])
    return subjects.assign(Y=subjects["USUBJID"].isin(yes), ARM1=subjects["TRT01P"] == INO)


def time_frame(adam: Datasets, paramcd: str, responders_only: bool) -> pd.DataFrame:
    """Subjects with their arm, time in months (T) and event (E)."""
    adsl, adtte = adam("ADSL"), adam("ADTTE")
    subjects = adsl[(adsl["ITTFL"] == "Y") & ((adsl["RESPFL"] == "Y") | (not responders_only))]
    times = adtte.loc[adtte["PARAMCD"] == paramcd, ["USUBJID", "AVAL", "CNSR"]]
    merged = subjects.merge(times, on="USUBJID", validate="1:1")
    assert len(merged) == len(subjects)
    return merged.assign(T=merged["AVAL"] / MONTH, E=merged["CNSR"] == 0, ARM1=merged["TRT01P"] == INO)


def response_cells(part: pd.DataFrame) -> list[str]:
    """n/N (%) of both arms, difference with limits, 1-sided p."""
    counts = [(int(arm["Y"].sum()), len(arm)) for arm in (part[part["ARM1"]], part[~part["ARM1"]])]
    cells = [f"{x}/{n} ({fixed(100 * x / n, 1)})" if x else f"0/{n}" for x, n in counts]
    (x1, n1), (x0, n0) = counts
    if min(n1, n0) < 5:
        return [*cells, "NC", "NC"]
    effect = f"{fixed(100 * (x1 / n1 - x0 / n0), 1)} {interval(*miettinen_nurminen(x1, n1, x0, n0, 0.95), 1)}"
    return [*cells, effect, p_value(*proportion_test(x1, n1, x0, n0))]


def time_cells(part: pd.DataFrame) -> list[str]:
    """e/N and median of both arms, hazard ratio with limits, 1-sided p."""
    arms = part[part["ARM1"]], part[~part["ARM1"]]
    cells = [f"{int(a['E'].sum())}/{len(a)} {fixed(kaplan_meier(a['T'], a['E']).quantile(0.5), 1)}" for a in arms]
    if min(map(len, arms)) < 5 or part["E"].sum() < 10:
        return [*cells, "NC", "NC"]
    estimate, *limits = hazard_ratio(part["T"], part["E"], part["ARM1"])
    test = p_value(log_rank(part["T"], part["E"], part["ARM1"]))
    return [*cells, "NE" if estimate is None else f"{ratio(estimate)} {interval(*limits, 2)}", test]


def interaction(part: pd.DataFrame, group: pd.Series, levels: list[str], trend: bool = False) -> str:
    """2-sided likelihood ratio test of arm by level, or by the number of the level; NC where a level is too small."""
    known = part[group.isin(levels)].assign(L=group[group.isin(levels)].map({v: k for k, v in enumerate(levels, 1)}))
    for number in range(1, len(levels) + 1):
        here = known[known["L"] == number]
        if min(here["ARM1"].sum(), (~here["ARM1"]).sum()) < 5 or ("E" in here and here["E"].sum() < 10):
            return "NC"
    arm, dummies = known["ARM1"].to_numpy(float), [(known["L"] == k).to_numpy(float) for k in range(2, len(levels) + 1)]
    plain = np.column_stack([arm, *dummies])
    own = [arm * known["L"].to_numpy(float)] if trend else [arm * dummy for dummy in dummies]
    fits = [_log_likelihood(known, design) for design in (plain, np.column_stack([plain, *own]))]
    return p_value(float(stats.chi2.sf(2 * (fits[1] - fits[0]), len(own))))


def _log_likelihood(known: pd.DataFrame, design: np.ndarray) -> float:
    if "E" in known:
        return float(PHReg(known["T"].to_numpy(float), design, known["E"].to_numpy(int), ties="efron").fit().llf)
    with_one = np.column_stack([np.ones(len(known)), design])
    return float(sm.GLM(known["Y"].to_numpy(float), with_one, family=sm.families.Binomial()).fit(tol=1e-12).llf)
