"""What happened to each simulated subject, against what SDTM and ADaM say of it after the whole road."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from sdtm2adam.simulate import dosing
from sdtm2adam.simulate.screening import screen
from sdtm2adam.simulate.truth import Trial
from sdtm2adam.simulate.visits import plan_visits

Datasets = Callable[[str], pd.DataFrame]
Truth = dict[str, pd.DataFrame]
VOD_DAYS = 730  # after randomisation, in which VOD/SOS is counted
REGIMENS = {-1: "INO", 0: "FLAG", 1: "MXN", 2: "HIDAC"}


@pytest.fixture(scope="module")
def subjects(expected: Truth) -> pd.DataFrame:
    return expected["subjects"].set_index("USUBJID").sort_index()


@pytest.fixture(scope="module")
def adsl(adam: Datasets) -> pd.DataFrame:
    return adam("ADSL").set_index("USUBJID").sort_index()


def of(adam: Datasets, name: str, parameter: str) -> pd.DataFrame:
    rows = adam(name)[lambda all_: all_["PARAMCD"] == parameter]
    return rows.set_index("USUBJID").sort_index()


def days(values: pd.Series) -> pd.Series:
    """Dates of either kind as days, none as -1."""
    dates = pd.to_datetime(values)
    return (dates - pd.Timestamp("1960-01-01")).dt.days.fillna(-1).astype(int)


def assert_equal(ours: pd.Series, truth: pd.Series) -> None:
    pd.testing.assert_series_equal(ours, truth, check_names=False, check_dtype=False, check_index_type=False)


@pytest.mark.parametrize("name", ["RANDDT", "TRTSDT", "TRTEDT", "DTHDT", "HSCTDT", "NEWTRTDT"])
def test_a_date_of_each_subject_is_the_true_one(subjects: pd.DataFrame, adsl: pd.DataFrame, name: str) -> None:
    assert len(adsl) == len(subjects)
    assert_equal(days(adsl[name]), days(subjects[name]))


def test_sdtm_tells_the_true_dates(subjects: pd.DataFrame, sdtm: Datasets) -> None:
    """Allocation, first and last dose, death, transplant and new therapy, before any analysis."""
    dm = sdtm("DM").set_index("USUBJID").reindex(subjects.index)
    assert_equal(dm["ARMCD"], subjects["ARMCD"])
    for name, truth in (("RFXSTDTC", "TRTSDT"), ("RFXENDTC", "TRTEDT"), ("DTHDTC", "DTHDT")):
        assert_equal(days(dm[name].str.slice(0, 10).replace("", None)), days(subjects[truth]))
    assert_equal(dm["DTHFL"] == "Y", subjects["DEATH"])
    assert_equal(dm["ARMNRS"] == "ASSIGNED, NOT TREATED", subjects["TRTSDT"].isna())
    randomised = sdtm("DS")[lambda ds: ds["DSDECOD"] == "RANDOMIZED"].set_index("USUBJID")["DSSTDTC"]
    assert_equal(days(randomised.str.slice(0, 10)).sort_index(), days(subjects["RANDDT"]))
    for dataset, category, when, truth in (
        ("PR", "PRCAT", "PRSTDTC", "HSCTDT"),
        ("CM", "CMCAT", "CMSTDTC", "NEWTRTDT"),
    ):
        rows = sdtm(dataset)[lambda all_, c=category: all_[c].str.startswith("FOLLOW-UP")]
        first = rows.groupby("USUBJID")[when].min().reindex(subjects.index)
        assert_equal(days(first), days(subjects[truth]))


def test_allocation_strata_and_cd22_are_the_true_ones(subjects: pd.DataFrame, adsl: pd.DataFrame) -> None:
    arms = adsl["TRT01P"].map({"Inotuzumab Ozogamicin": "INO", "Standard of Care": "SC"})
    assert_equal(arms, subjects["ARMCD"])
    assert_equal(adsl["STRAT1R"] + " months", subjects["DFRIVRS"])
    assert_equal(adsl["STRAT1V"] + " months", subjects["DFRCRF"])
    assert (subjects["DFRIVRS"] != subjects["DFRCRF"]).any()
    assert_equal(adsl["CD22GR1"], subjects["CD22GR1"])
    for name, digits in (("CD22BL", 1), ("MESFBL", 0)):
        assert adsl[name].isna().equals(subjects[name].isna())
        assert (adsl[name] - subjects[name]).abs().max() <= 0.5 * 10.0**-digits + 1e-9


def test_strata_are_those_typed_at_randomisation_and_those_of_the_forms(
    trial: Trial, expected: Truth, adsl: pd.DataFrame
) -> None:
    truth = trial.frame.set_index(expected["subjects"]["USUBJID"]).reindex(adsl.index)
    for name, older, salvage in (("R", "ivrs_older", "ivrs_salvage_2"), ("V", "older", "salvage_2")):
        assert_equal(adsl[f"STRAT3{name}"] == ">=55", truth[older].astype(bool))
        assert_equal(adsl[f"STRAT2{name}"] == "2", truth[salvage].astype(bool))
    assert (truth["ivrs_older"] != truth["older"]).any()
    assert_equal(adsl["AGE"], np.floor(truth["age"]))


def test_responses_are_the_true_ones(subjects: pd.DataFrame, adam: Datasets) -> None:
    best, response = of(adam, "ADRS", "BORINV"), of(adam, "ADRS", "CRCRIINV")
    assert_equal(best["AVALC"].where(best["AVALC"].isin(["CR", "CRi"]), "None"), subjects["BEST"])
    assert_equal(response["AVALC"] == "Y", subjects["BEST"] != "None")
    assert_equal(days(response["ADT"]), days(subjects["RESPDT"]))
    negative = of(adam, "ADRS", "MRDINV")["AVALC"]
    assert_equal(negative.reindex(subjects.index).fillna(""), subjects["MRDNEG"])


def test_survival_is_the_true_one(subjects: pd.DataFrame, adam: Datasets) -> None:
    rows = of(adam, "ADTTE", "OS")
    assert_equal(rows["CNSR"] == 0, subjects["DEATH"])
    assert_equal(rows["AVAL"], subjects["OSDAYS"])


def test_progression_free_survival_is_the_true_one(subjects: pd.DataFrame, adam: Datasets) -> None:
    rows = of(adam, "ADTTE", "PFS")
    event = subjects["PFSEVENT"]
    assert_equal(rows["CNSR"] == 0, event)
    assert_equal(rows["AVAL"][event], subjects["PFSDAYS"][event])
    # a subject without event is censored at the last assessment, not later than the end of observation
    assert (rows["AVAL"][~event] <= subjects["PFSDAYS"][~event]).all()


def test_transplants_and_vod_are_the_true_ones(subjects: pd.DataFrame, adsl: pd.DataFrame, adam: Datasets) -> None:
    seen = adsl["HSCTDT"].notna()
    assert_equal(adsl["HSCTDIR"][seen], subjects["HSCTDIR"][seen])
    assert (adsl["HSCTDIR"][~seen] == "N").all()
    adae = adam("ADAE")
    onset = adae[adae["CQ01NAM"] == "VOD/SOS"].groupby("USUBJID")["ASTDT"].min().reindex(subjects.index)
    assert_equal(days(onset), days(subjects["VODDT"]))
    rows = of(adam, "ADTTE", "TTVOD")
    counted = subjects["VODDT"].notna() & (days(subjects["VODDT"]) <= days(subjects["RANDDT"]) + VOD_DAYS)
    assert_equal(rows["CNSR"] == 0, counted.reindex(rows.index))


def test_adverse_events_are_the_true_ones(expected: Truth, adam: Datasets) -> None:
    truth = expected["adverse_events"].assign(AENO=lambda x: x["AENO"].astype(int)).set_index(["USUBJID", "AENO"])
    ours = adam("ADAE").assign(AENO=lambda x: x["AESPID"].astype(int)).set_index(["USUBJID", "AENO"])
    assert ours.index.is_unique
    assert set(ours.index) == set(truth.index)
    ours = ours.reindex(truth.index)
    for name in ("AEDECOD", "AEBODSYS", "AESER", "TRTEMFL"):
        assert_equal(ours[name], truth[name])
    assert_equal(ours["ATOXGRN"], truth["AETOXGR"])
    assert_equal(days(ours["ASTDT"]), days(truth["ASTDT"]))


@pytest.fixture(scope="module")
def doses(trial: Trial) -> pd.DataFrame:
    """Every dose truly given: subject, regimen, cycle, number in its cycle, and the day from randomisation."""
    cohort, _, _ = screen(trial)
    planned = dosing.plan_doses(cohort, plan_visits(cohort))
    given = planned.where(planned.given)
    names = [f"INO-SIM-1022-{subject}" for subject in cohort.subject.to_pylist()]
    after = given.day > trial.truth["response_day"][given.who]  # the smaller first dose is for those in remission
    frame = pd.DataFrame(
        {
            "USUBJID": np.array(names)[given.who],
            "REGIMEN": pd.Series(given.regimen).map(REGIMENS),
            "CYCLE": given.cycle,
            "PLACE": given.place,
            "DAY": given.day,
            "OLDER": trial.truth["older"][given.who],
        }
    )
    frame["INO"] = np.where((given.place == 1) & ~after, 0.8, 0.5)
    return frame


def test_cumulative_doses_of_standard_of_care_are_the_true_ones(doses: pd.DataFrame, sdtm: Datasets) -> None:
    sc = doses[doses["REGIMEN"] != "INO"]
    flag, mxn, hidac = (sc["REGIMEN"] == name for name in ("FLAG", "MXN", "HIDAC"))
    truth = pd.DataFrame({"USUBJID": sc["USUBJID"]})
    truth["CYTARABINE"] = np.select([flag, mxn, sc["OLDER"]], [2000.0, 200.0, 1500.0], 3000.0)
    truth["FLUDARABINE"] = np.where(flag & (sc["PLACE"] > 1), 30.0, 0.0)
    truth["FILGRASTIM"] = np.where(flag, 5.0, 0.0)
    truth["MITOXANTRONE"] = np.where(mxn & (sc["PLACE"] <= 3), 12.0, 0.0)
    wanted = truth.groupby("USUBJID").sum()
    ex = sdtm("EX")[lambda all_: all_["EXTRT"] != "INOTUZUMAB OZOGAMICIN"]
    ours = ex.pivot_table(index="USUBJID", columns="EXTRT", values="EXDOSE", aggfunc="sum", fill_value=0.0)
    assert set(ours.columns) == set(wanted.columns)
    pd.testing.assert_frame_equal(ours, wanted[ours.columns], check_names=False, check_dtype=False)
    assert (hidac & sc["OLDER"]).any()
    assert set(ex["EXDOSU"]) == {"mg/m2", "ug/kg"}


def test_cumulative_doses_of_inotuzumab_are_the_true_ones(doses: pd.DataFrame, sdtm: Datasets) -> None:
    """By the dose reduced to three quarters or not; a dose in mg over body surface is right to 0.005 mg/m2."""
    ino = doses[doses["REGIMEN"] == "INO"].sort_values(["USUBJID", "DAY"])
    ex = sdtm("EX")[lambda all_: all_["EXTRT"] == "INOTUZUMAB OZOGAMICIN"].sort_values(["USUBJID", "EXSTDTC"])
    assert ex["USUBJID"].tolist() == ino["USUBJID"].tolist()
    supplement = sdtm("SUPPEX")
    changed = supplement[(supplement["QNAM"] == "EXADJCRF") & (supplement["QVAL"] == "Reduced")]
    keys = set(zip(changed["USUBJID"], changed["IDVARVAL"].astype(float), strict=True))
    reduced = [key in keys for key in zip(ex["USUBJID"], ex["EXSEQ"], strict=True)]
    assert any(reduced)
    truth = pd.Series(ino["INO"].to_numpy() * np.where(reduced, 0.75, 1.0)).groupby(ex["USUBJID"].to_numpy()).sum()
    ours, number = ex.groupby("USUBJID")["EXDOSE"].sum(), ex.groupby("USUBJID").size()
    assert ((ours - truth).abs() <= 0.0051 * number).all()
    assert ((ours - truth).abs() < 0.011).mean() > 0.9
    assert set(ex["EXDOSU"]) == {"mg/m2"}


def test_subjects_were_dosed_on_the_true_days(doses: pd.DataFrame, subjects: pd.DataFrame, sdtm: Datasets) -> None:
    ex = sdtm("EX")
    first = days(doses["USUBJID"].map(subjects["RANDDT"])) + doses["DAY"].astype(int)
    truth = set(zip(doses["USUBJID"], first, strict=True))
    assert set(zip(ex["USUBJID"], days(ex["EXSTDTC"].str.slice(0, 10)), strict=True)) == truth


def test_cycles_started_are_those_with_a_dose(doses: pd.DataFrame, subjects: pd.DataFrame, sdtm: Datasets) -> None:
    dosed = doses.groupby("USUBJID")["CYCLE"].max().reindex(subjects.index).fillna(0)
    assert_equal(dosed, subjects["CYCLES"])
    supplement = sdtm("SUPPDS")
    collected = supplement[supplement["QNAM"] == "NCYC"].set_index("USUBJID")["QVAL"].astype(int)
    assert_equal(collected.sort_index(), dosed[dosed > 0])
