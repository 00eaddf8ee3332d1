"""What the laboratory measured in truth, against LB; limits of normal looked up a second time."""

import csv
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from true_values import long

from sdtm2adam.resources import shelf
from sdtm2adam.simulate import blood, coagulation, dosing
from sdtm2adam.simulate.chemistry import draw_chemistry
from sdtm2adam.simulate.events import draw_events
from sdtm2adam.simulate.laboratory import read_tests
from sdtm2adam.simulate.panels import Samples, take_samples
from sdtm2adam.simulate.screening import Cohort, screen
from sdtm2adam.simulate.truth import Trial
from sdtm2adam.simulate.visits import plan_visits

Datasets = Callable[[str], pd.DataFrame]
MOLAR_MASS = {
    "BILI": "584.66", "BILDIR": "584.66", "CREAT": "113.12", "URATE": "168.112", "UREAN": "28.0134",
    "GLUC": "180.156", "CA": "40.078", "PHOS": "30.973762", "MG": "24.305",
}  # fmt: skip
RENAMED = {"UREA": "UREAN", "NA": "SODIUM", "LIPASE": "LIPASET", "NEUTP": "NEUTLE", "LYMP": "LYMLE",
           "BLASTP": "BLASTLE"}  # fmt: skip
# half of the last digit printed, in standard units, in the unit that prints it coarsest; and half of that of the table
HALF_STEP = {
    "ALB": 0.5, "ALP": 0.6, "ALT": 0.6, "AST": 0.6, "BILI": 0.86, "BILDIR": 0.14, "UREAN": 0.19, "CREAT": 0.5,
    "CA": 0.018, "PHOS": 0.022, "MG": 0.026, "SODIUM": 0.5, "K": 0.05, "CL": 0.5, "CO2": 0.5, "GLUC": 0.06,
    "LDH": 0.6, "URATE": 3.1, "GGT": 0.6, "LIPASET": 0.6, "AMYLASE": 0.6, "PROT": 0.5, "INR": 0.005,
    "PT": 0.05, "APTT": 0.05, "FIBRINO": 0.005, "DDIMER": 0.005, "PLAT": 0.5, "NEUT": 0.005, "LYM": 0.005,
    "WBC": 0.005, "HGB": 0.5, "BLAST": 0.005, "RBC": 0.005, "HCT": 0.0005, "MONO": 0.005, "EOS": 0.005,
    "BASO": 0.005, "NEUTLE": 0.05, "LYMLE": 0.05, "BLASTLE": 0.05,
}  # fmt: skip


@pytest.fixture(scope="module")
def cohort(trial: Trial) -> Cohort:
    return screen(trial)[0]


@pytest.fixture(scope="module")
def samples(cohort: Cohort) -> Samples:
    return take_samples(cohort, blood.draw_counts(cohort, plan_visits(cohort).measured()))


@pytest.fixture(scope="module")
def truth(cohort: Cohort, samples: Samples) -> pd.DataFrame:
    """Every true value of a sample of a randomised subject, in standard units: subject, day, test, value."""
    visits = plan_visits(cohort)
    last_dose = dosing.last_dose_day(cohort, dosing.plan_doses(cohort, visits))
    counts = blood.draw_counts(cohort, visits.measured())
    tested = coagulation.clotting_samples(samples)
    parts = [
        long(cohort, samples.at, draw_chemistry(samples, draw_events(cohort, last_dose)).values),
        long(cohort, tested.at, coagulation.draw_coagulation(tested)),
        long(cohort, counts.visits, {test: v for test, v in counts.values.items() if test != "MARROW"}),
    ]
    told = pd.concat(parts, ignore_index=True)
    return told.assign(LBTESTCD=told["TEST"].replace(RENAMED))


@pytest.fixture(scope="module")
def lab(sdtm: Datasets) -> pd.DataFrame:
    rows = sdtm("LB")
    return rows.assign(DAY=rows["LBDTC"].str.slice(0, 10))


def test_results_in_standard_units_are_the_true_ones(lab: pd.DataFrame, truth: pd.DataFrame) -> None:
    printed = lab[lab["LBCAT"].isin(["CHEMISTRY", "COAGULATION", "HEMATOLOGY"])]
    both = printed.merge(truth, on=["USUBJID", "DAY", "LBTESTCD"], how="right", validate="1:1", indicator=True)
    assert (both["_merge"] == "both").all()
    assert len(both) == len(truth) > 120_000
    missing = both["LBSTRESN"].isna()
    assert ((both["LBSTAT"] == "NOT DONE") == missing).all()
    allowed = both["LBTESTCD"].map(HALF_STEP) + 0.0501 * both["LBTESTCD"].isin(["BILI", "BILDIR", "CREAT", "URATE"])
    allowed += 0.00501 * both["LBTESTCD"].isin(["UREAN", "GLUC", "CA", "PHOS", "MG"])
    apart = (both["LBSTRESN"] - both["TRUE"]).abs()
    wrong = both[~missing & (apart > allowed + 1e-9)]
    assert wrong.empty, wrong[["USUBJID", "LBTESTCD", "LBORRES", "LBORRESU", "LBSTRESN", "TRUE"]].head().to_string()


def test_what_was_not_done_has_the_reason_of_its_form(lab: pd.DataFrame) -> None:
    missing = lab[lab["LBSTAT"] == "NOT DONE"]
    assert len(missing) > 100
    assert set(missing["LBREASND"]) == {"Hemolyzed", "Insufficient sample", "Sample lost"}
    assert (missing["LBORRES"] == "").all()
    assert (lab.loc[lab["LBSTAT"] == "", "LBREASND"] == "").all()


def rows_of_units() -> list[dict[str, str]]:
    """The conversions by molar mass."""
    with (shelf("specs") / "inovate" / "tables" / "units.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["TESTCD"] in MOLAR_MASS and row["FROM"] == "mg/dL"]


def test_factors_are_those_of_the_molar_masses() -> None:
    """10,000 / M from mg/dL to umol/L, 10 / M to mmol/L, to the sixteenth digit."""
    assert {row["TESTCD"] for row in rows_of_units()} == set(MOLAR_MASS)
    for row in rows_of_units():
        exact = Decimal(10_000 if row["TO"] == "umol/L" else 10) / Decimal(MOLAR_MASS[row["TESTCD"]])
        assert abs(Decimal(row["FACTOR"]) / exact - 1) < Decimal("1e-15")


def test_two_results_that_differ_as_printed_differ_in_standard_units() -> None:
    printed = {
        RENAMED.get(test, test): law["us_digits"] for test, law in read_tests("chemistry").items() if "us_unit" in law
    }
    for row in rows_of_units():
        step = Decimal(row["FACTOR"]) * Decimal(1).scaleb(-printed[row["TESTCD"]])
        assert Decimal(1).scaleb(-int(row["DIGITS"])) <= step


@pytest.fixture(scope="module")
def limits(study: Path) -> pd.DataFrame:
    """The limits of the laboratories, as numbers, by the names of CT."""
    rows = pd.read_csv(study / "raw" / "LABRANGES.csv", sep=";", encoding="cp1252", decimal=",", keep_default_na=False,
                       na_values={"LO": [""], "HI": [""]})  # fmt: skip
    return rows.assign(LBTESTCD=rows["TEST"].replace(RENAMED))


def test_limits_are_those_in_effect_for_laboratory_test_sex_and_age(
    lab: pd.DataFrame, limits: pd.DataFrame, sdtm: Datasets
) -> None:
    people = sdtm("DM")[["USUBJID", "SEX", "AGE"]]
    results = lab[(lab["LBSPEC"].isin(["SERUM", "PLASMA", "BLOOD"])) & (lab["LBCAT"] != "PREGNANCY")]
    results = results[results["LBSTRESN"].notna()].merge(people, on="USUBJID", validate="m:1")
    candidates = results.merge(
        limits, left_on=["LBNAM", "LBTESTCD"], right_on=["LABID", "LBTESTCD"], suffixes=("", "_OF")
    )
    fit = (candidates["SEX_OF"] == candidates["SEX"]) | (candidates["SEX_OF"] == "B")
    fit &= candidates["AGE"].between(candidates["AGELO"], candidates["AGEHI"]) & (
        candidates["EFFDT"] <= candidates["DAY"]
    )
    last = candidates[fit].sort_values("EFFDT").groupby(["USUBJID", "LBSEQ"]).last()
    assert len(last) == len(results) > 100_000
    for ours, theirs in (("LBORNRLO", "LO"), ("LBORNRHI", "HI")):
        told = pd.to_numeric(last[ours])
        assert (told.isna() == last[theirs].isna()).all()
        assert (told.dropna() == last[theirs].dropna()).all()
    assert last["EFFDT"].gt("2012-01-01").sum() > 5_000
    value, low, high = pd.to_numeric(last["LBORRES"]), last["LO"], last["HI"]
    told = np.select([value < low, value > high], ["LOW", "HIGH"], "NORMAL")  # in the units of the laboratory
    assert (last["LBNRIND"] == told).all()
    assert set(told) == {"LOW", "HIGH", "NORMAL"}


def test_urine_antibodies_and_pregnancy_have_no_limits(lab: pd.DataFrame, sdtm: Datasets) -> None:
    others = lab[lab["LBCAT"].isin(["URINALYSIS", "PREGNANCY", "MARROW MORPHOLOGY"])]
    assert (others[["LBORNRLO", "LBORNRHI", "LBNRIND"]] == "").all().all()
    assert set(sdtm("MB")["MBSTRESC"]) == {"NEGATIVE"}
    antibodies = sdtm("IS")
    assert set(antibodies["ISBDAGNT"]) == {"HEPATITIS B VIRUS CORE ANTIGEN", "HEPATITIS C VIRUS"}
    assert antibodies.groupby("USUBJID").size().eq(2).all()


def test_the_last_result_before_the_first_dose_is_flagged_once(lab: pd.DataFrame, sdtm: Datasets) -> None:
    flagged = lab[lab["LBLOBXFL"] == "Y"]
    assert not flagged.duplicated(["USUBJID", "LBTESTCD", "LBSPEC"]).any()
    first = sdtm("DM").set_index("USUBJID")["RFXSTDTC"]
    dosed = flagged["USUBJID"].map(first)
    assert (dosed != "").all()
    assert (flagged["DAY"] <= dosed.str.slice(0, 10)).all()
