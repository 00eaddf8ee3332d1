"""The multivariable model of survival, fitted a second time by statsmodels from the written XPT files."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from printed_cells import interval, p_value, ratio
from scipy import stats
from statsmodels.duration.hazard_regression import PHReg
from whole_output import Whole, recomputes

Datasets = Callable[[str], pd.DataFrame]


@pytest.fixture(scope="module")
def episodes(adam: Datasets) -> pd.DataFrame:
    """One row per subject before HSCT, and one from the day after it."""
    survival = adam("ADTTE")[lambda all_: all_["PARAMCD"] == "OS"].set_index("USUBJID")
    rows = []
    for _, subject in adam("ADSL").iterrows():
        days, died = survival.loc[subject["USUBJID"], "AVAL"], survival.loc[subject["USUBJID"], "CNSR"] == 0
        day = (subject["HSCTDT"] - subject["RANDDT"]).days + 1 if pd.notna(subject["HSCTDT"]) else np.inf
        about = {
            "USUBJID": subject["USUBJID"],
            "MRD": subject["MRDNGFL"] == "Y",
            "PLATELETS": subject["PLATBL"] / 10,
            "FIRST": subject["STRAT1V"] == ">=12",
            "REMISSION": subject["RESPFL"] == "Y",
        }
        if day < days:
            rows.append({**about, "START": 0, "STOP": day, "DIED": False, "HSCT": 0})
            rows.append({**about, "START": day, "STOP": days, "DIED": died, "HSCT": 1})
        else:
            rows.append({**about, "START": 0, "STOP": days, "DIED": died, "HSCT": 0})
    frame = pd.DataFrame(rows)
    return frame.astype(dict.fromkeys(frame.columns.drop("USUBJID"), float))


@recomputes("T14_2_14")
def test_the_model_is_as_fitted_again(whole: Whole, adam: Datasets, episodes: pd.DataFrame) -> None:
    names = ["MRD", "PLATELETS", "FIRST", "REMISSION", "HSCT"]
    entry = episodes["START"] + 0.5  # statsmodels takes a row to be at risk at its start; times are whole days
    fitted = PHReg(episodes["STOP"], episodes[names], status=episodes["DIED"], entry=entry, ties="efron").fit(disp=0)
    half = stats.norm.ppf(0.975) * fitted.bse
    sides = [np.exp(fitted.params + shift) for shift in (0, -half, half)]
    cells = {
        name: [ratio(estimate), interval(lower, upper, 2), p_value(p)]
        for name, estimate, lower, upper, p in zip(names, *sides, fitted.pvalues, strict=True)
    }
    n, subjects = "", episodes.drop_duplicates("USUBJID")
    wanted = [
        ["Subjects in the model", str(len(subjects)), n, n, n],
        ["  Deaths", str(int(episodes["DIED"].sum())), n, n, n],
        ["Left out, a covariate is missing", "0", n, n, n],
    ]

    def pair(label: str, reference: str, level: str, name: str) -> list[list[str]]:
        some = int(subjects[name].sum())
        return [
            [label, n, n, n, n],
            [f"  {reference} (reference)", str(len(subjects) - some), n, n, n],
            [f"  {level}", str(some), *cells[name]],
        ]

    wanted += pair("Best MRD in remission [b]", "Not MRD-negative", "MRD-negative", "MRD")
    wanted += [["Platelets at baseline (per 10 x 10^9/L)", str(len(subjects)), *cells["PLATELETS"]]]
    wanted += pair("Duration of first remission, CRF (months)", "<12", "≥12", "FIRST")
    wanted += pair("CR/CRi [b]", "No", "Yes", "REMISSION")
    grafted = str(int(episodes["HSCT"].sum()))
    wanted += [["HSCT after randomisation, time-dependent [c]", grafted, *cells["HSCT"]]]
    table = whole("T14_2_14")
    table.rows(wanted)
    for operation, values in zip(("est", "lower", "upper"), sides, strict=True):
        stored = table.results[table.results["op_id"] == f"M_COXM.{operation}"]["stat"]
        assert stored.tolist() == pytest.approx(values.tolist(), rel=1e-6)
    assert len(subjects) == len(adam("ADSL"))
