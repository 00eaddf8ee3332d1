"""Data problems that do not stop: they are collected whole, told with record and value, and the exit code says so."""

import json

import pandas as pd
import pyarrow.parquet as pq
import pytest
from starter import SUBJECT, add, call, event, left, only, starter, sub, write


def issues(study):
    """The issues written, by dataset, variable and rule."""
    found = json.loads((study / "output/issues/issues.json").read_text(encoding="utf-8"))["issues"]
    return {(issue["dataset"], issue["variable"], issue["rule"]): issue for issue in found}


def data(study, name):
    """A dataset as it was written."""
    return pq.read_table(study / "output/data" / f"{name}.parquet").to_pandas()


@pytest.mark.bad_input("B050", "B064")
def test_one_bad_value_does_not_hide_the_others_and_each_is_told_with_its_record(tmp_path, capsys):
    study = starter(
        tmp_path / "study",
        sub("raw/EVENTS.csv", "12 FEB 2025", "31 FEB 2025"),  # no such day
        sub("raw/DEMOG.csv", "71,Male", "71,Mael"),  # no term of the code list
        sub("raw/DOSE.csv", "75.5", "75x5"),  # no number
        write("raw/LABS.csv", "SUBJECT\n101-001\n"),  # a file without a contract
    )
    ending = study / "raw/ENDING.csv"  # and a column that no contract speaks of
    lines = ending.read_text(encoding="utf-8").splitlines()
    ending.write_text("\n".join([f"{lines[0]},WHY", *(f"{line},x" for line in lines[1:])]) + "\n", encoding="utf-8")
    said = call(capsys, "run", study)
    assert said.code == 1
    found = issues(study)
    date = found["AE", "AESTDTC", "date-unreadable"]
    assert date["value"] == "31 FEB 2025"
    assert "USUBJID=STARTER-01-101-001" in date["keys"][0]
    assert "raw.EVENTS RECORDID=23" in date["keys"][0]
    sex = found["DM", "SEX", "codelist-unmapped"]
    assert (sex["value"], sex["severity"]) == ("Mael", "error")
    assert "USUBJID=STARTER-01-101-002" in sex["keys"][0]
    assert found["raw.DOSE", "DOSE", "not-a-number"]["value"] == "75x5"
    assert found["raw.LABS", "", "raw-file-new"]["severity"] == "warning"
    assert found["raw.ENDING", "WHY", "raw-column-new"]["severity"] == "warning"
    for text in ("31 FEB 2025", "Mael", "75x5", "LABS.csv", "WHY"):
        assert text in said.out
    ae = data(study, "AE").set_index("AESPID")
    assert pd.isna(ae.loc["23", "AESTDTC"])  # no date is guessed
    assert data(study, "EX")["EXDOSE"].isna().sum() == 1  # and no number
    assert "tlf/T14_3_1.rtf" in left(study)


@pytest.mark.bad_input("B058")
def test_an_end_before_the_start_breaks_the_check_of_the_spec(tmp_path, capsys):
    study = starter(tmp_path / "study", sub("raw/EVENTS.csv", "13 FEB 2025", "11 FEB 2025"))
    said = call(capsys, "check", study)
    assert said.code == 1
    assert "AE-END-BEFORE-START" in said.out
    assert "AESEQ=3" in said.out
    assert {name.partition("/")[0] for name in left(study)} == {"issues"}  # check writes reports and nothing else
    said = call(capsys, "check", study, "--stage", "raw")
    assert said.code == 0  # the raw stage has a note on excluded records, and no error
    assert "raw-records-excluded" in said.out
    assert "AE-END-BEFORE-START" not in said.out


@pytest.mark.bad_input("B002")
def test_a_form_without_records_gives_a_warning_and_its_dataset_no_transport_file(tmp_path, capsys):
    study = starter(
        tmp_path / "study",
        only(SUBJECT),
        lambda s: write("raw/EVENTS.csv", (s / "raw/EVENTS.csv").read_text(encoding="utf-8").splitlines()[0] + "\n")(s),
    )
    said = call(capsys, "run", study)
    assert said.code == 0
    assert "warning raw.EVENTS [raw-file-empty]" in said.out
    assert len(data(study, "AE")) == 0
    assert "sdtm/ae.xpt" not in left(study)
    assert "sdtm/dm.xpt" in left(study)
    assert "tlf/T14_3_1.docx" in left(study)


@pytest.mark.bad_input("B093")
def test_one_subject_and_an_arm_without_subjects_give_a_table_with_zeros(tmp_path, capsys):
    study = starter(tmp_path / "study", only(SUBJECT))
    said = call(capsys, "run", study)
    assert said.code == 0, said.out + said.err
    shown = (study / "output/results/T14_3_1.display.json").read_text(encoding="utf-8")
    head = json.loads(shown)[0]["head"][0]["texts"]
    assert "(N=1)" in head[1]
    assert "(N=0)" in head[2]
    assert "nan" not in shown.lower().replace("finance", "")


def test_no_subject_at_all_is_told_five_times_and_never_called_clean(tmp_path, capsys):
    study = starter(tmp_path / "study", only())
    said = call(capsys, "run", study)
    assert said.code == 0
    assert said.out.count("raw-file-empty") == 5
    assert "no issues" not in said.out


@pytest.mark.bad_input("B047")
def test_another_project_in_the_file_is_no_subject_of_this_study(tmp_path, capsys):
    study = starter(tmp_path / "study", event("Fever", "OTHER-9"))
    said = call(capsys, "run", study)
    assert said.code == 3
    assert "STARTER-01-OTHER-9" in said.err


def test_records_of_another_study_and_answers_that_a_form_does_not_offer_are_told_with_their_record(tmp_path, capsys):
    study = starter(
        tmp_path / "study",
        sub("specs/raw/DEMOG.yaml", "  AGE: ", "  PROJECT: {values: [STARTER]}\n  AGE: "),
        sub("raw/DEMOG.csv", "ZZ,STARTER", "ZZ,OTHER"),
        sub("raw/DEMOG.csv", "White,USA,ZZ,STARTER", "Martian,USA,ZZ,STARTER"),
    )
    assert call(capsys, "run", study).code == 1
    found = issues(study)
    project = found["raw.DEMOG", "PROJECT", "raw-value"]
    assert (project["value"], project["severity"]) == ("OTHER", "error")
    assert any(SUBJECT in key for key in project["keys"])
    assert found["raw.DEMOG", "RACE", "raw-value"]["value"] == "Martian"


@pytest.mark.bad_input("B028", "B029")
def test_na_and_leading_zeros_stay_what_they_are(tmp_path, capsys):
    row = "NA,Nausea,Nausea,Gastrointestinal disorders"
    study = starter(
        tmp_path / "study", sub("raw/EVENTS.csv", "23,Felt sick,Nausea,Gastrointestinal disorders", f"0{row}")
    )
    sub("specs/raw/EVENTS.yaml", "RECORDID: {type: integer, required: true}", "RECORDID: {required: true}")(study)
    sub("raw/EVENTS.csv", "101-001,0NA,", "101-001,007,")(study)
    sub("raw/EVENTS.csv", "101-001,007,Nausea,", "101-001,007,NA,")(study)
    add("raw/ENDING.csv", "")(study)
    assert call(capsys, "run", study).code == 0
    ae = data(study, "AE").set_index("AESPID")
    assert ae.loc["007", "AETERM"] == "NA"
