"""What the heart did in truth, and what site and central laboratory recorded of it, against EG."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from true_values import long

from sdtm2adam.simulate import ecg
from sdtm2adam.simulate.screening import Cohort, screen
from sdtm2adam.simulate.truth import Trial
from sdtm2adam.simulate.visits import plan_visits

Datasets = Callable[[str], pd.DataFrame]


@pytest.fixture(scope="module")
def cohort(trial: Trial) -> Cohort:
    return screen(trial)[0]


@pytest.fixture(scope="module")
def heart(sdtm: Datasets) -> pd.DataFrame:
    rows = sdtm("EG")
    return rows.assign(DAY=rows["EGDTC"].str.slice(0, 10))


def test_central_electrocardiograms_are_the_true_ones(cohort: Cohort, heart: pd.DataFrame) -> None:
    """The true interval of the day, to what a recording and its reading can be off: five standard deviations."""
    true = ecg.draw_heart(cohort, plan_visits(cohort).measured())
    values = {"PRAG": true.pr, "QRSAG": true.qrs, "QTCFAG": true.qtcf, "EGHRMN": true.rate}
    days = long(cohort, true.visits, values).rename(columns={"TEST": "EGTESTCD"})
    central = heart[(heart["EGNAM"] != "") & heart["USUBJID"].isin(days["USUBJID"])]
    both = central[central["EGTESTCD"].isin(values)].merge(days, on=["USUBJID", "DAY", "EGTESTCD"], validate="m:1")
    assert len(both) == central["EGTESTCD"].isin(values).sum() > 10_000
    allowed = both["EGTESTCD"].map({"PRAG": 10.5, "QRSAG": 8, "QTCFAG": 17, "EGHRMN": 9})
    assert ((both["EGSTRESN"] - both["TRUE"]).abs() <= allowed).all()


def test_no_recording_is_lost_and_dates_are_read_month_first(study: Path, heart: pd.DataFrame) -> None:
    feed = pd.read_csv(study / "raw" / "ECG.csv", dtype=str)
    central = heart[(heart["EGNAM"] != "") & (heart["EGTESTCD"] == "QTAG")]
    wanted = pd.to_datetime(feed["ECGDTM"], format="%m/%d/%Y %H:%M").dt.strftime("%Y-%m-%dT%H:%M")
    key = set(zip(feed["SUBJID"], wanted, feed["REP"].astype(float), feed["QT"], strict=True))
    ours = set(zip(central["USUBJID"], central["EGDTC"], central["EGREPNUM"], central["EGORRES"], strict=True))
    assert ours == key
    assert len(ours) == len(feed)
    per_group = central.groupby(["USUBJID", "EGGRPID"])["EGREPNUM"].agg(list)
    assert per_group.map(lambda repeats: sorted(repeats) == [1, 2, 3]).all()


def test_the_central_reading_is_the_one_to_use_where_there_is_one(heart: pd.DataFrame) -> None:
    done = heart[heart["EGORRES"] != ""]
    has_central = done.groupby(["USUBJID", "VISITNUM", "EGTESTCD"])["EGNAM"].transform(
        lambda names: (names != "").any()
    )
    wanted = (done["EGNAM"] != "") | ~has_central
    assert ((done["EGACPTFL"] == "Y") == wanted).all()
    local = done[done["EGEVAL"] == "INVESTIGATOR"]
    assert 0 < (local["EGACPTFL"] == "Y").mean() < 0.1
    assert (heart.loc[heart["EGSTAT"] == "NOT DONE", "EGACPTFL"] == "").all()


def test_what_the_investigator_found_is_kept(study: Path, heart: pd.DataFrame, sdtm: Datasets) -> None:
    form = pd.read_csv(study / "raw" / "EG.csv", dtype=str)
    qualifiers = sdtm("SUPPEG")
    found = qualifiers.loc[qualifiers["QNAM"] == "EGFINDNG", "QVAL"]
    assert sorted(found) == sorted(form["EGFIND"].dropna())
    significant = heart[heart["EGCLSIG"] != ""]
    assert set(significant["EGTESTCD"]) == {"INTP"}
    assert (significant["EGSTRESC"] == "ABNORMAL").all()
