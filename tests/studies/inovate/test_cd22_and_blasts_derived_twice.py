"""ADCP and ADBM as written against a second derivation from the written SDTM, and against the simulated truth."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from second_derivation import complete, derive_adsl, derive_responses

from sdtm2adam.simulate.screening import screen
from sdtm2adam.simulate.truth import Trial

Datasets = Callable[[str], pd.DataFrame]
CD22 = {
    "CD22POS": ("ABCSABC", "CENTRAL FLOW LABORATORY"),
    "CD22MESF": ("CD22MESF", "CENTRAL FLOW LABORATORY"),
    "CD22LPOS": ("ABCSABC", "LOCAL LABORATORY"),
}
BLASTS = {
    "BMBLAST": ("BLASTCE", "BONE MARROW"),
    "BMCELL": ("CELLULAR", "BONE MARROW"),
    "PBBLAST": ("BLAST", "BLOOD"),
    "PBBLASTP": ("BLASTLE", "BLOOD"),
}


@pytest.fixture(scope="module")
def adsl(sdtm: Datasets) -> pd.DataFrame:
    return derive_adsl(sdtm)


def measured(rows: pd.DataFrame, domain: str, adsl: pd.DataFrame) -> pd.DataFrame:
    """Numeric results of randomised subjects with ADT, SEQ, the day of randomisation, the baseline and the change."""
    rows = rows[rows[f"{domain}STRESN"].notna() & rows["USUBJID"].isin(adsl.index)].copy()
    rows["ADT"], rows["SEQ"] = complete(rows[f"{domain}DTC"]), rows[f"{domain}SEQ"]
    rows["AVAL"] = rows[f"{domain}STRESN"]
    rows["AFTER"] = rows["ADT"] > rows["USUBJID"].map(adsl["RANDDT"])
    rows = rows.sort_values(["USUBJID", f"{domain}DTC", "SEQ"])
    first = rows[~rows["AFTER"]].groupby("USUBJID").tail(1)
    rows["ABLFL"] = np.where(rows["SEQ"].index.isin(first.index), "Y", "")
    rows["BASE"] = rows["USUBJID"].map(first.set_index("USUBJID")["AVAL"])
    rows["CHG"] = (rows["AVAL"] - rows["BASE"]).where(rows["AFTER"])
    rows["PCHG"] = (100 * rows["CHG"] / rows["BASE"]).where(rows["BASE"] != 0)
    return rows


def assert_same_records(ours: pd.DataFrame, theirs: pd.DataFrame, sequence: str, *names: str) -> pd.DataFrame:
    """The same records with the same values; gives both beside each other."""
    theirs = theirs.assign(**{sequence: theirs["SEQ"]})
    keys = ["USUBJID", sequence]
    both = ours.merge(theirs, on=keys, how="outer", suffixes=("", "_2"), validate="1:1", indicator=True)
    assert (both["_merge"] == "both").all()
    assert len(both) > 100
    for name in names:
        left, right = both[name], both[f"{name}_2"]
        if left.dtype.kind == "f":
            assert np.allclose(left, right, rtol=0, atol=1e-9, equal_nan=True), name
        else:
            assert (left.astype(str) == right.astype(str)).all(), name
    return both


@pytest.mark.parametrize("code", CD22)
def test_cd22_is_as_derived_again(adam: Datasets, sdtm: Datasets, adsl: pd.DataFrame, code: str) -> None:
    test, laboratory = CD22[code]
    cp = sdtm("CP")
    theirs = measured(cp[(cp["CPTESTCD"] == test) & (cp["CPNAM"] == laboratory)], "CP", adsl)
    ours = adam("ADCP")[lambda all_: all_["PARAMCD"] == code]
    assert_same_records(ours, theirs, "CPSEQ", "AVAL", "ADT", "ABLFL", "BASE", "CHG", "PCHG")
    assert ours["ABLFL"].eq("Y").groupby(ours["USUBJID"]).sum().max() == 1
    if code == "CD22POS":
        written = adam("ADSL").set_index("USUBJID")["CD22BL"].dropna()
        base = ours[ours["ABLFL"] == "Y"].set_index("USUBJID")["AVAL"]
        assert base.sort_index().equals(written.sort_index().rename("AVAL"))


@pytest.mark.parametrize("code", ["CD22POS", "CD22MESF"])
def test_at_relapse_is_the_sample_nearest_to_the_relapse(
    adam: Datasets, sdtm: Datasets, adsl: pd.DataFrame, code: str
) -> None:
    rs = sdtm("RS")
    answers = rs[(rs["RSTESTCD"] == "OVRLRESP") & (rs["RSEVAL"] == "INVESTIGATOR")]
    relapse = complete(answers.loc[answers["RSSTRESC"] == "RELAPSED DISEASE FROM CR", "RSDTC"])
    relapse = relapse.groupby(answers["USUBJID"]).min()
    ours = adam("ADCP")[lambda all_: all_["PARAMCD"] == code]
    after = ours[ours["ADT"] > ours["USUBJID"].map(adsl["RANDDT"])]
    off = (after["ADT"] - after["USUBJID"].map(relapse)).dt.days.abs()
    wanted = (
        after.assign(OFF=off)[off <= 14].sort_values(["USUBJID", "OFF", "CPDTC", "CPSEQ"]).groupby("USUBJID").head(1)
    )
    told = ours[ours["AVISIT"] == "RELAPSE"]
    assert set(zip(told["USUBJID"], told["CPSEQ"], strict=True)) == set(
        zip(wanted["USUBJID"], wanted["CPSEQ"], strict=True)
    )
    pairs = told[told["BASE"].notna()]
    assert len(pairs) > 50
    assert (pairs["CHG"] == (pairs["AVAL"] - pairs["BASE"])).all()
    assert pairs["CHG"].median() < 0  # CD22 falls under pressure


def test_cd22_in_words_follows_from_the_number(adam: Datasets) -> None:
    rows = adam("ADCP")[lambda all_: all_["PARAMCD"].isin(["CD22POS", "CD22LPOS"])]
    wanted = np.select([rows["AVAL"] >= 90, rows["AVAL"] >= 70], [">=90%", "70% to <90%"], "<70%")
    assert (rows["AVALCAT1"] == wanted).all()
    assert set(wanted) == {">=90%", "70% to <90%", "<70%"}
    assert (rows["CRIT1FL"] == np.where(rows["AVAL"] < 20, "Y", "N")).all()
    assert set(rows["CRIT1"]) == {"CD22-positive blasts <20%"}


def test_cd22_of_the_truth_is_in_the_data(adam: Datasets, trial: Trial) -> None:
    cohort = screen(trial)[0]
    names = [f"INO-SIM-1022-{subject}" for subject in cohort.subject.to_pylist()]
    known = ~cohort.truth["cd22_missing"].astype(bool)
    rows = adam("ADCP")
    for code, name in (("CD22POS", "cd22"), ("CD22MESF", "mesf")):
        true = pd.Series(cohort.truth[name], names)[known]
        base = rows[(rows["PARAMCD"] == code) & (rows["ABLFL"] == "Y")].set_index("USUBJID")["AVAL"]
        assert set(base.index) == set(true.index)
        assert ((base - true).abs() <= (0.05 if name == "cd22" else 0.5) + 1e-9).all()


@pytest.mark.parametrize("code", BLASTS)
def test_blasts_are_as_derived_again(adam: Datasets, sdtm: Datasets, adsl: pd.DataFrame, code: str) -> None:
    test, specimen = BLASTS[code]
    lb = sdtm("LB")
    theirs = measured(lb[(lb["LBTESTCD"] == test) & (lb["LBSPEC"] == specimen)], "LB", adsl)
    new = adsl[["NEWTRTDT", "HSCTDT"]].min(axis=1)
    before = ~(theirs["ADT"] >= theirs["USUBJID"].map(new))
    theirs["ANL01FL"] = np.where((theirs["ABLFL"] == "Y") | (theirs["AFTER"] & before), "Y", "")
    ours = adam("ADBM")[lambda all_: all_["PARAMCD"] == code]
    assert set(ours["ANL01FL"]) == {"Y", ""}
    assert_same_records(ours, theirs, "LBSEQ", "AVAL", "ADT", "ABLFL", "BASE", "CHG", "PCHG", "ANL01FL")


def test_the_best_change_is_the_lowest_before_new_therapy(adam: Datasets, sdtm: Datasets, adsl: pd.DataFrame) -> None:
    lb = sdtm("LB")
    marrow = measured(lb[(lb["LBTESTCD"] == "BLASTCE") & (lb["LBSPEC"] == "BONE MARROW")], "LB", adsl)
    new = marrow["USUBJID"].map(adsl[["NEWTRTDT", "HSCTDT"]].min(axis=1))
    kept = marrow[marrow["AFTER"] & ~(marrow["ADT"] >= new) & marrow["PCHG"].notna()]
    lowest = kept.groupby("USUBJID")["PCHG"].min()
    ours = adam("ADBM")[lambda all_: all_["PARAMCD"] == "BMBEST"].set_index("USUBJID")["AVAL"].sort_index()
    assert list(ours.index) == list(lowest.index)
    assert np.allclose(ours, lowest, rtol=0, atol=1e-9)
    assert ours.min() == -100
    assert ours.max() > 0


def test_mrd_is_as_measured_and_the_lowest_in_remission_decides(
    adam: Datasets, sdtm: Datasets, adsl: pd.DataFrame
) -> None:
    cp = sdtm("CP")
    theirs = measured(cp[cp["CPNAM"] == "CENTRAL MRD LABORATORY"], "CP", adsl)
    rows = adam("ADBM")
    assert_same_records(rows[rows["PARAMCD"] == "MRD"], theirs, "CPSEQ", "AVAL", "ADT")
    negative = rows["AVALCAT1"] == "<0.01%"
    assert (negative == (rows["PARAMCD"].isin(["MRD", "MRDBEST"]) & (rows["AVAL"] < 0.01))).all()
    answers = derive_responses(sdtm, adsl)
    best = rows[rows["PARAMCD"] == "MRDBEST"].set_index("USUBJID")
    assert set(best.index) <= set(answers.index[answers["CRCRIINV"] == "Y"])
    told = answers["MRDINV"].reindex(best.index)
    assert ((best["AVALCAT1"] == "<0.01%") == (told == "Y")).all()
