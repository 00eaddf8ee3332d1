"""Tables and a figure of the CDISC pilot by specs alone: three arms and a total, every number recomputed from XPT."""

import json
import re
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pyreadstat
import pytest
from docx import Document
from statsmodels.duration.survfunc import SurvfuncRight

from sdtm2adam.pipeline.run import run
from sdtm2adam.trace import trace

STUDY = Path(__file__).resolve().parent / "pharmaverse"
SDTM = Path(__file__).resolve().parents[3] / "shared" / "data" / "pharmaversesdtm" / "parquet"
ARMS = ["Placebo", "Xanomeline Low Dose", "Xanomeline High Dose"]
BLOCK = ("n", "Mean (SD)", "Median", "Q1, Q3", "Min, Max")
LABELS = ("Age group", "Sex", "Race", "Ethnicity", "Region")
LISTED = {
    "AGEGR1": {"18-64": "18-64 years", ">64": ">64 years"},
    "SEX": {"F": "Female", "M": "Male"},
    "RACE": {
        "WHITE": "White",
        "BLACK OR AFRICAN AMERICAN": "Black or African American",
        "ASIAN": "Asian",
        "AMERICAN INDIAN OR ALASKA NATIVE": "American Indian or Alaska Native",
    },
    "ETHNIC": {"HISPANIC OR LATINO": "Hispanic or Latino", "NOT HISPANIC OR LATINO": "Not Hispanic or Latino"},
    "REGION1": {"NA": "North America", "RoW": "Rest of the world"},
}

pytestmark = [pytest.mark.shared, pytest.mark.skipif(not SDTM.is_dir(), reason="the public study is not in ../shared")]


@pytest.fixture(scope="module")
def output(tmp_path_factory):
    """The folder of outputs that one run of the study leaves."""
    out = tmp_path_factory.mktemp("pharmaverse") / "out"
    assert run(STUDY, out).exit_code == 0
    return out


@pytest.fixture(scope="module")
def adsl(output):
    return pyreadstat.read_xport(output / "adam" / "adsl.xpt")[0]


@pytest.fixture(scope="module")
def times(output, adsl):
    """Days, events and arm of each randomized subject."""
    adtte = pyreadstat.read_xport(output / "adam" / "adtte.xpt")[0]
    found = adtte[adtte["PARAMCD"] == "PFS"].merge(adsl[["USUBJID", "TRT01P", "RANDDT"]], on="USUBJID")
    assert len(found) == adsl["RANDDT"].notna().sum() == 254
    return {arm: (rows["AVAL"], rows["CNSR"] == 0) for arm, rows in found.groupby("TRT01P")}


def rows_of(output, name):
    """The rows of the Word file below its head: label and cells, the blanks around them taken off."""
    (table,) = Document(str(output / "tlf" / f"{name}.docx")).tables
    texts = [[cell.text.strip() for cell in row.cells] for row in table.rows]
    return [" ".join(text.split()) for text in texts[0]], texts[1:]


def rounded(value, digits):
    """Half away from zero."""
    return str(Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP))


def summary(age):
    """The block of a continuous variable; quartiles by SAS definition 5."""
    ordered = sorted(age)

    def quartile(p):
        whole, rest = divmod(len(ordered) * p, 100)
        return (ordered[whole - 1] + ordered[whole]) / 2 if rest == 0 else ordered[whole]

    return [
        str(len(age)),
        f"{rounded(age.mean(), 1)} ({rounded(age.std(ddof=1), 2)})",
        rounded(quartile(50), 1),
        f"{rounded(quartile(25), 1)}, {rounded(quartile(75), 1)}",
        f"{rounded(age.min(), 0)}, {rounded(age.max(), 0)}",
    ]


def counted(n, total):
    return f"{n} ({rounded(Decimal(100 * int(n)) / total, 1)})" if n else "0"


def test_every_number_of_the_demographic_table(output, adsl):
    heads, rows = rows_of(output, "T14_1_1")
    treated = adsl[adsl["SAFFL"] == "Y"]
    columns = [*(treated[treated["TRT01A"] == arm] for arm in ARMS), treated]
    assert heads[1:] == [f"{arm} (N={len(at)})" for arm, at in zip([*ARMS, "Total"], columns, strict=True)]
    expected = [["Age (years)"] + [""] * 4]
    blocks = zip(*(summary(at["AGE"]) for at in columns), strict=True)
    expected += [[name, *block] for name, block in zip(BLOCK, blocks, strict=True)]
    for label, (variable, levels) in zip(LABELS, LISTED.items(), strict=True):
        assert treated[variable].isin(list(levels)).all()
        expected.append([f"{label}, n (%)"] + [""] * 4)
        for value, level in levels.items():
            expected.append([level, *(counted((at[variable] == value).sum(), len(at)) for at in columns)])
    assert rows == expected


def median(days, event):
    """Median with log-log limits (Brookmeyer and Crowley); the midpoint where the curve is at one half."""
    curve = SurvfuncRight(days, event)
    time, rate = curve.surv_times, curve.surv_prob
    at = next(k for k, reached in enumerate(rate) if reached <= 0.5 + 1e-9)
    later = [*time[at + 1 :], max(days)]
    middle = (time[at] + later[0]) / 2 if abs(rate[at] - 0.5) < 1e-9 else time[at]
    inside = (rate > 0) & (rate < 1)
    time, rate, error = time[inside], rate[inside], curve.surv_prob_se[inside]
    width = 1.959963984540054 * error / (rate * np.abs(np.log(rate)))
    lower, upper = time[rate ** np.exp(width) <= 0.5], time[rate ** np.exp(-width) < 0.5]
    return middle, [rounded(limit[0], 1) if len(limit) else "NE" for limit in (lower, upper)]


def test_every_number_of_the_table_of_times(output, times):
    heads, rows = rows_of(output, "T14_2_1")
    arms = [times[arm] for arm in ARMS]
    assert heads[1:] == [f"{arm} (N={len(days)})" for arm, (days, _) in zip(ARMS, arms, strict=True)]
    estimates = [median(days, event) for days, event in arms]
    assert rows == [
        ["Events, n (%)", *(counted(event.sum(), len(event)) for _, event in arms)],
        ["Median (days)", *(rounded(found, 1) for found, _ in estimates)],
        ["95% CI", *(f"({low}, {high})" for _, (low, high) in estimates)],
        ["Hazard ratio (95% CI)", "", "NC", "NC"],
        ["1-sided log-rank p-value", "", "NC", "NC"],
    ]


def test_comparisons_are_not_calculated_for_want_of_events(output, times):
    frame = pq.read_table(output / "results" / "T14_2_1.parquet").to_pandas()
    compared = frame[frame["comp_ref"] != ""]
    assert set(compared["comp_ref"]) == {f"{arm} - Placebo" for arm in ARMS[1:]}
    assert set(compared["status_reason"]) == {"fewer than 10 events"}
    assert max(int(times[arm][1].sum() + times["Placebo"][1].sum()) for arm in ARMS[1:]) < 10


def test_curves_and_numbers_at_risk_of_the_figure(output, times):
    frame = pq.read_table(output / "results" / "F14_2_1.parquet").to_pandas()
    for arm, (days, event) in times.items():
        own = frame[(frame["output_id"] == "F14_2_1") & (frame["g1_level"] == arm)]
        curve = own[own["op_id"] == "M_KM.estimate"].sort_values("g2_leveln")
        known = SurvfuncRight(days, event)
        rates = pd.Series(known.surv_prob, known.surv_times).reindex(curve["g2_leveln"]).ffill().fillna(1.0)
        assert curve["g2_leveln"].tolist() == sorted(set(days))
        assert curve["stat"].tolist() == pytest.approx((100 * rates).tolist(), abs=1e-9)
        risk = own[own["op_id"] == "M_KM.at_risk"].set_index("g2_leveln")["stat"]
        assert risk.to_dict() == {tick: int((days >= tick).sum()) for tick in range(0, 181, 30)}


def test_the_figure_says_in_words_what_the_table_prints(output, times):
    page = (output / "tlf" / "F14_2_1.html").read_text(encoding="utf-8")
    for arm, (days, event) in times.items():
        found, _ = median(days, event)
        assert f"{arm}: {event.sum()}/{len(event)}, median {rounded(found, 1)}" in page
        risk = ", ".join(str((days >= tick).sum()) for tick in range(0, 181, 30))
        assert re.search(rf"{arm}: {risk}\b", page)
    assert "Xanomeline High Dose vs Placebo: HR NC" in page
    assert "Placebo vs Placebo" not in page


def test_a_cell_of_each_output_leads_to_the_records_of_the_subjects(output, adsl, times):
    told = trace(STUDY, "T14_1_1", "Race, n (%)|White", "Total", out=output)
    assert told.cell.text == counted((adsl[adsl["SAFFL"] == "Y"]["RACE"] == "WHITE").sum(), 254)
    assert trace(STUDY, "T14_2_1", "Median (days)", ARMS[1], out=output).cell.text == rounded(
        median(*times[ARMS[1]])[0], 1
    )
    assert trace(STUDY, "F14_2_1", "at risk|30", ARMS[2], out=output).cell.text == str((times[ARMS[2]][0] >= 30).sum())


def test_a_label_with_a_line_break_is_one_line_in_results_and_standard(output):
    frame = pq.read_table(output / "results" / "ard_all.parquet").to_pandas()
    assert set(frame["g1_level"]) == {"", *ARMS}
    said = json.dumps(json.loads((output / "results" / "ars.json").read_text(encoding="utf-8")))
    assert "Xanomeline Low Dose" in said
    assert "Xanomeline|Low Dose" not in said
