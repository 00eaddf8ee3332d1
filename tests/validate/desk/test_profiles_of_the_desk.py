"""Profiles: what is there is told as it was collected, and nothing else."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from desk_study import DEAD, dataset_of_frame, study
from drawn_datasets import draw

from sdtm2adam.validate.desk.labs import key_labs
from sdtm2adam.validate.desk.profile import events_of


def events(datasets, kind):
    return [row for row in events_of(datasets).to_pylist() if row["kind"] == kind]


def test_dates_are_told_as_collected():
    told = {
        (row["subject"], row["key"]): (row["start"], row["end"], row["ongoing"])
        for row in events(study(), "Adverse event")
    }
    assert told == {
        (DEAD, "1"): ("2020-01-12", "2020-01-15", None),
        (DEAD, "2"): ("2020-02", None, None),
        ("ST-103-001", "1"): (None, None, "ongoing"),
        ("ST-103-001", "2"): ("2020-01-20", None, "ongoing"),
    }


def test_events_have_their_grade_and_seriousness():
    told = {row["key"]: (row["what"], row["grade"], row["serious"]) for row in events(study(), "Adverse event")[:2]}
    assert told == {"1": ("Pyrexia", "2", None), "2": ("Sepsis", "5", "serious")}


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("Dose", [("DRUG", "1.8 mg", "2020-01-10")]),
        ("Response", [("Overall Response (X)", "CR", "2020-02-01")]),
        ("Transplant", [("STEM CELL TRANSPLANT", "X", "2020-02-20")]),
        ("Disposition", [("DEATH", "Dead EVENT", "2020-03-07")]),
        ("Death", [("Cause of death", "Infection", "2020-03-05"), ("Death in DM", None, "2020-03-05")]),
    ],
)
def test_what_happened_is_told_by_kind(kind, told):
    found = events(study(), kind)
    assert sorted((row["what"], row["detail"], row["start"]) for row in found) == sorted(told, key=str)


def test_a_death_without_a_date_is_told_without_one():
    dm = draw("DM", "USUBJID DTHFL DTHDTC\n A Y .\n B . .\n C N .")
    assert [(row["subject"], row["start"]) for row in events({"DM": dm}, "Death")] == [("A", None)]


def test_adam_stands_in_where_there_is_no_sdtm():
    adae = draw("ADAE", "USUBJID AEDECOD ASTDT:date\n A Rash 2020-01-02", stage="adam")
    assert [(row["dataset"], row["what"], row["start"]) for row in events({"ADAE": adae}, "Adverse event")] == [
        ("ADAE", "Rash", "2020-01-02")
    ]
    assert {row["dataset"] for row in events({**study(), "ADAE": adae}, "Adverse event")} == {"AE"}


def test_a_study_without_any_of_it_has_none():
    assert events_of({}).num_rows == 0
    assert events_of({"AE": draw("AE", "STUDYID\n S")}).num_rows == 0
    source, labs = key_labs({})
    assert (source, labs.num_rows) == ("", 0)


def test_results_that_are_no_numbers_stay_texts():
    source, labs = key_labs(study())
    assert source == "LB"
    assert [(row["series"], row["date"], row["text"], row["number"]) for row in labs.to_pylist()] == [
        ("Platelets (BLOOD)", "2020-01-11", "40", "40"),
        ("Platelets (BLOOD)", "2020-01-18", "<5", None),
        ("Platelets (BLOOD)", "2103-01-25", "90", "90"),
    ]


LAB = "USUBJID LBSEQ:integer LBTESTCD LBTEST LBSPEC LBSTRESN:float LBDTC\n"


def series(rows):
    return sorted({row["series"] for row in key_labs({"LB": draw("LB", LAB + rows)})[1].to_pylist()})


def test_the_key_tests_are_found_by_what_the_study_has():
    rows = """
        A 1 BLASTCE Blasts/Total_Cells BONE_MARROW 40 2020-01-01
        A 2 BLASTLE Blasts/Leukocytes  BLOOD 10 2020-01-01
        A 3 BLAST   Blasts             BLOOD 10 2020-01-01
        A 4 BLAST   Blasts             BLOOD 10 2020-01-02
        A 5 XYZ     Neutrophils        BLOOD 1 2020-01-01
        A 6 MPV     Mean_Platelet_Volume BLOOD 1 2020-01-01
        A 7 BILI    Bilirubin          SERUM 1 2020-01-01
        A 8 BILI    Bilirubin          SERUM 1 2020-01-02
        A 9 BILI    Bilirubin          URINE 1 2020-01-01
        A 10 BILDIR Direct_Bilirubin   SERUM 1 2020-01-01
    """
    assert series(rows.strip()) == [
        "Bilirubin (SERUM)", "Blasts (BLOOD)", "Blasts/Total Cells (BONE MARROW)", "Neutrophils (BLOOD)",
    ]  # fmt: skip


def test_a_study_of_something_else_shows_what_it_measured_most():
    rows = "\n".join(
        f"A {test * 10 + at} T{test} Test_{test} SERUM 1 2020-01-0{at + 1}"
        for test in range(1, 8)
        for at in range(test)
    )
    assert series(rows) == [f"Test {test} (SERUM)" for test in range(3, 8)]


PUBLIC = Path(__file__).parents[4] / "shared" / "data" / "pharmaversesdtm" / "parquet"


@pytest.mark.shared
@pytest.mark.skipif(not PUBLIC.is_dir(), reason="the folder shared is not beside the repository")
def test_the_public_study_has_profiles():
    names = ("AE", "DM", "DS", "EX", "LB")
    datasets = {name: dataset_of_frame(name, pq.read_table(PUBLIC / f"{name.lower()}.parquet")) for name in names}
    told = events_of(datasets).to_pylist()
    assert {row["kind"] for row in told} == {"Adverse event", "Death", "Disposition", "Dose"}
    assert sum(row["kind"] == "Adverse event" for row in told) == datasets["AE"].frame.num_rows
    assert {row["series"] for row in key_labs(datasets)[1].to_pylist()} == {
        "Alanine Aminotransferase", "Bilirubin", "Platelet",
    }  # fmt: skip
