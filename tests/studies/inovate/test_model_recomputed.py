"""The multivariable model of survival, fitted a second time by statsmodels from the written XPT files."""

from collections.abc import Callable
from pathlib import Path

import laws
import numpy as np
import pandas as pd
import pytest
from printed_cells import interval, ratio
from statsmodels.duration.hazard_regression import PHReg
from test_outputs_agree import written_display, written_results
from written_files import body_rows

Datasets = Callable[[str], pd.DataFrame]
LAWS = [laws.identity, laws.law_1, laws.law_2, laws.law_5, laws.law_6]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_a_law_of_results_holds_for_what_was_written(output: Path, law: Callable[..., None]) -> None:
    law(written_results(output, "T14_2_14"), written_display(output, "T14_2_14"))


@pytest.fixture(scope="module")
def episodes(adam: Datasets) -> pd.DataFrame:
    """One row per subject before HSCT, and one from the day after it."""
    survival = adam("ADTTE")[lambda all_: all_["PARAMCD"] == "OS"].set_index("USUBJID")
    rows = []
    for _, subject in adam("ADSL").iterrows():
        days, died = survival.loc[subject["USUBJID"], "AVAL"], survival.loc[subject["USUBJID"], "CNSR"] == 0
        day = (subject["HSCTDT"] - subject["RANDDT"]).days + 1 if pd.notna(subject["HSCTDT"]) else np.inf
        about = {
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
    return pd.DataFrame(rows).astype(float)


def test_every_ratio_of_the_model(output: Path, episodes: pd.DataFrame) -> None:
    names = ["MRD", "PLATELETS", "FIRST", "REMISSION", "HSCT"]
    entry = episodes["START"] + 0.5  # statsmodels takes a row to be at risk at its start; times are whole days
    fitted = PHReg(episodes["STOP"], episodes[names], status=episodes["DIED"], entry=entry, ties="efron").fit(disp=0)
    printed = {
        name: next(row for row in body_rows(output / "tlf" / "T14_2_14.docx") if row[0].strip().startswith(label))
        for name, label in zip(names, ["MRD-negative", "Platelets", "≥12", "Yes", "HSCT"], strict=True)
    }
    frame = written_results(output, "T14_2_14").frame
    stored = frame[frame["op_id"] == "M_COXM.est"]["stat"].tolist()
    assert stored == pytest.approx(np.exp(fitted.params).tolist(), rel=1e-6)
    for at, name in enumerate(names):
        beta, error = fitted.params[at], fitted.bse[at]
        assert printed[name][2] == ratio(np.exp(beta))
        assert printed[name][3] == interval(np.exp(beta - 1.959964 * error), np.exp(beta + 1.959964 * error), 2)
        p = fitted.pvalues[at]
        assert printed[name][4] == ("<0.0001" if p < 0.0001 else f"{p:.4f}")


def test_numbers_of_subjects(output: Path, adam: Datasets, episodes: pd.DataFrame) -> None:
    cells = {row[0].strip(): row[1] for row in body_rows(output / "tlf" / "T14_2_14.docx")}
    adsl = adam("ADSL")
    assert cells["Subjects in the model"] == str(len(adsl))
    assert cells["Deaths"] == str(int(episodes["DIED"].sum())) == str((adsl["DTHFL"] == "Y").sum())
    assert cells["Left out, a covariate is missing"] == "0"
    assert cells["MRD-negative"] == str((adsl["MRDNGFL"] == "Y").sum())
    assert cells["Not MRD-negative (reference)"] == str((adsl["MRDNGFL"] == "N").sum())
    assert cells["HSCT after randomisation, time-dependent [c]"] == str(int(episodes["HSCT"].sum()))
