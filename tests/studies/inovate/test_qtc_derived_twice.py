"""ADEG as written against a second derivation from the written SDTM; limits of its categories by hand."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from harness import shown, trial
from laboratory_study import DOSES, SPECS, SUBJECT_SPEC, SUBJECTS, settings
from second_derivation import complete, derive_adsl
from second_laboratory import before_first_dose

Datasets = Callable[[str], pd.DataFrame]
TESTS = {"QTCFAG": "QTCF", "QTAG": "QT", "PRAG": "PR", "QRSAG": "QRS", "RRAG": "RR", "EGHRMN": "HR"}
KEYS = ["USUBJID", "PARAMCD", "ADT", "VISITNUM", "EGEVAL"]


@pytest.fixture(scope="module")
def both(sdtm: Datasets, adam: Datasets) -> pd.DataFrame:
    """The written records beside the means of the accepted readings of a day."""
    adsl, eg = derive_adsl(sdtm), sdtm("EG")
    eg = eg[(eg["EGACPTFL"] == "Y") & eg["EGTESTCD"].isin(list(TESTS)) & eg["USUBJID"].isin(adsl.index)]
    eg = eg.assign(PARAMCD=eg["EGTESTCD"].map(TESTS), ADT=complete(eg["EGDTC"]))
    means = eg.groupby(KEYS).agg(MEAN=("EGSTRESN", "mean"), N=("EGSEQ", "size"), LBDTC=("EGDTC", "max")).reset_index()
    for name in ("RANDDT", "TRTSDT", "TEAEEDT"):
        means[name] = means["USUBJID"].map(adsl[name])
    means["BEFORE"] = before_first_dose(means, sdtm("EX"))
    means = means.sort_values(["USUBJID", "PARAMCD", "LBDTC"])
    base = means[means["BEFORE"]].groupby(["USUBJID", "PARAMCD"])["MEAN"].last().rename("BASE_2")
    means = means.merge(base, on=["USUBJID", "PARAMCD"], how="left")
    on = ~means["BEFORE"] & (means["ADT"] <= means["TEAEEDT"])
    means["ON"] = np.where(on, "Y", "")
    found = adam("ADEG").merge(means, on=KEYS, how="outer", suffixes=("", "_2"), validate="1:1", indicator=True)
    assert (found["_merge"] == "both").all()
    assert len(found) > 5_000
    return found


def test_records_are_the_means_of_the_repeats_of_a_day(both: pd.DataFrame) -> None:
    assert np.allclose(both["AVAL"], both["MEAN"])
    assert ((both["DTYPE"] == "AVERAGE") == (both["N"] > 1)).all()
    assert set(both["N"]) == {1, 3}


def test_baseline_change_and_period_are_as_derived_again(both: pd.DataFrame) -> None:
    assert np.allclose(both["BASE"], both["BASE_2"], equal_nan=True)
    assert np.allclose(both["CHG"], (both["MEAN"] - both["BASE_2"]).where(~both["BEFORE"]), equal_nan=True)
    assert (both["ONTRTFL"] == both["ON"]).all()
    assert both["BASE"].notna().mean() > 0.9


def test_the_highest_value_and_the_largest_increase_are_flagged_once(both: pd.DataFrame) -> None:
    on = both[both["ON"] == "Y"]
    for flag, value in (("ANL02FL", "AVAL"), ("ANL03FL", "CHG")):
        flagged = both[both[flag] == "Y"].set_index(["USUBJID", "PARAMCD"])[value].sort_index()
        assert flagged.index.is_unique
        assert np.allclose(flagged, on.dropna(subset=value).groupby(["USUBJID", "PARAMCD"])[value].max())


def test_categories_have_their_limits(both: pd.DataFrame) -> None:
    qtcf = both["PARAMCD"] == "QTCF"
    assert (both.loc[~qtcf, ["AVALCAT1", "CHGCAT1"]] == "").all().all()
    length = np.select(
        [both["MEAN"] > 500, both["MEAN"] > 480, both["MEAN"] > 450], [">500", ">480 to 500", ">450 to 480"], "<=450"
    )
    assert (both["AVALCAT1"] == np.where(qtcf, length, "")).all()
    rise = np.select([both["CHG"] >= 60, both["CHG"] >= 30], [">=60", "30 to <60"], "<30")
    assert (both["CHGCAT1"] == np.where(qtcf & both["CHG"].notna(), rise, "")).all()


EG = """
USUBJID EGSEQ:integer EGTESTCD EGSTRESN:float EGSTRESU EGACPTFL EGEVAL VISITNUM:float VISIT EGDTC
S1-1 1 QTCFAG 420 ms Y A 1 SCREENING 2014-01-02T08:00
S1-1 2 QTCFAG 422 ms Y A 2 C1D1 2014-01-03T09:58
S1-1 3 QTCFAG 418 ms Y A 2 C1D1 2014-01-03T09:59
S1-1 4 QTCFAG 300 ms . B 2 C1D1 2014-01-03T09:59
S1-1 5 QTCFAG 449.9 ms Y A 3 C1D8 2014-01-10T08:00
S1-1 6 QTCFAG 450 ms Y A 4 C1D15 2014-01-17T08:00
S1-1 7 QTCFAG 479.9 ms Y A 5 C2D1 2014-01-24T08:00
S1-1 8 QTCFAG 480 ms Y A 5.001 UNSCHEDULED_5.001 2014-01-25T08:00
S1-1 9 QTCFAG 500.5 ms Y A 6 FOLLOW-UP_1 2014-03-25T08:00
S1-1 10 QTCFAG 0.5 s Y A 7 FOLLOW-UP_2 2014-04-25T08:00
"""


def test_limits_of_the_categories_by_hand(tmp_path: Path) -> None:
    """Baseline is the mean of the two accepted readings before the dose; the period ends on 21 February."""
    spec = (SPECS / "adam" / "ADEG.yaml").read_text(encoding="utf-8")
    data = {"DM": SUBJECTS, "EX": DOSES, "EG": EG}
    built = trial(tmp_path, SUBJECT_SPEC, spec, sdtm=data, study="study: S1\n" + settings()).build()
    columns = "AVISIT AVAL BASE CHG ONTRTFL ANL01FL ANL02FL ANL03FL AVALCAT1 CHGCAT1"
    assert shown(built.datasets["ADEG"].frame.sort_by("ADT"), columns)[1:] == [
        "SCREENING 420 420 . . . . . <=450 .",
        "BASELINE 420 420 . . Y . . <=450 .",
        "C1D8 449.9 420 29.9 Y Y . . <=450 <30",
        "C1D15 450 420 30 Y Y . . <=450 30_to_<60",
        "C2D1 479.9 420 59.9 Y Y . . >450_to_480 30_to_<60",
        ". 480 420 60 Y . Y Y >450_to_480 >=60",
        "FOLLOW-UP_1 500.5 420 80.5 . Y . . >500 >=60",
        "FOLLOW-UP_2 . 420 . . . . . . .",
    ]
    assert ("ADEG-UNIT", 1) in [(issue.rule, issue.records) for issue in built.issues]
