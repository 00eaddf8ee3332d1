"""sdtm2adam raw init, raw compare, new --raw, and data: previous: what a person types and what is then said."""

import csv
import json

import pytest
from starter import add, call, is_stopped, starter, sub, without

RENAMED = ("raw/EVENTS.csv", "STDAT", "STARTDATE")


def second(study, *changes):
    """The study again as its next transfer, changed."""
    return starter(study.parent / "second", *changes) / "raw"


# --- raw init -------------------------------------------------------------------------------------------------------


def test_init_keeps_the_contracts_that_are_there_and_writes_those_that_are_not(study, capsys):
    kept = (study / "specs/raw/DOSE.yaml").read_bytes()
    (study / "specs/raw/ENDING.yaml").unlink()
    said = call(capsys, "raw", "init", study)
    assert said.code == 0
    assert "looked at all values of 5 files" in said.out
    assert "4 contracts kept as before; --force writes them anew" in said.out
    assert "1 contract written" in said.out
    assert (study / "specs/raw/DOSE.yaml").read_bytes() == kept
    assert "key: [SUBJECT]" in (study / "specs/raw/ENDING.yaml").read_text(encoding="utf-8")


def test_init_with_force_writes_all_anew_and_the_study_still_has_good_specs(study, capsys):
    assert "5 contracts written" in call(capsys, "raw", "init", study, "--force").out
    assert "Proposed from" in (study / "specs/raw/DOSE.yaml").read_text(encoding="utf-8")
    said = call(capsys, "lint", study)
    assert "raw-column-lost: DEMOG.INITIALS" in said.out
    assert said.err == ""


def test_init_reads_the_folder_it_is_told(study, tmp_path, capsys):
    (tmp_path / "more").mkdir()
    (tmp_path / "more/EXTRA.csv").write_text("SUBJECT,X\n101-001,1\n")
    assert call(capsys, "raw", "init", study, "--raw", tmp_path / "more").code == 0
    assert (study / "specs/raw/EXTRA.yaml").is_file()


@pytest.mark.parametrize(
    ("words", "code", "texts"),
    [
        (["--raw", "nowhere"], 3, ["--raw nowhere: this folder is not there", "to mend: "]),
        (["--raw", "specs"], 3, ["holds no raw file (.csv", "to mend: "]),
    ],
)
def test_init_says_what_is_wrong_with_a_folder(study, capsys, monkeypatch, words, code, texts):
    monkeypatch.chdir(study)
    said = call(capsys, "raw", "init", *words)
    assert said.code == code
    assert all(text in said.err for text in texts)


def test_init_writes_the_contracts_of_good_files_and_tells_the_bad_ones(study, capsys):
    add("raw/DOSE.csv", "101-001,1,2,3,4,5,6,7,8,9,10,11,12\n")(study)
    without("specs/raw/ENDING.yaml")(study)
    said = call(capsys, "raw", "init", study)
    assert said.code == 3
    assert "1 contract written" in said.out
    assert "fields where" in said.err
    assert (study / "specs/raw/ENDING.yaml").is_file()


def test_init_without_a_study_says_what_a_study_is(tmp_path, capsys):
    said = call(capsys, "raw", "init", tmp_path)
    assert said.code == 2
    assert "has no study.yaml" in said.err


# --- raw compare ----------------------------------------------------------------------------------------------------


def test_compare_tells_records_and_values_and_lists_all_of_them(study, tmp_path, capsys):
    data = second(study, sub("raw/EVENTS.csv", "Headache after breakfast", "=1+1"), add("raw/DOSE.csv", ""))
    said = call(capsys, "raw", "compare", study / "raw", study, "--data", f"raw={data}", "--out", tmp_path / "drift")
    assert (said.code, "[raw-values-changed] EVENTS.TERM has changed in 1 record" in said.out) == (0, True)
    assert "[raw-extract-same] the same, value by value: DEMOG, DOSE, ENDING, RANDOM" in said.out
    assert "1 difference listed" in said.out
    with (tmp_path / "drift/drift.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows == [{"form": "EVENTS", "record": "RECORDID=21", "change": "changed", "column": "TERM",
                     "before": "Headache after breakfast", "after": "=1+1"}]  # fmt: skip
    assert (tmp_path / "drift/issues.json").is_file()


def test_compare_says_that_a_transfer_was_sent_again(study, capsys):
    said = call(capsys, "raw", "compare", study / "raw", study, "--data", f"raw={second(study)}")
    assert said.code == 0
    assert "[raw-transfer-repeated] all 5 files are the same" in said.out


def test_compare_ends_with_three_where_a_spec_depends_on_what_went(study, capsys):
    data = second(study, sub(*RENAMED))
    said = call(capsys, "raw", "compare", study / "raw", study, "--data", f"raw={data}")
    assert said.code == 3
    assert "the column STDAT of the previous transfer is now called STARTDATE" in said.err
    assert "AE.AESTDTC reads it" in said.err
    assert "to mend: " in said.err


def test_compare_needs_two_different_folders_that_are_there(study, capsys):
    said = call(capsys, "raw", "compare", study / "raw", study)
    assert said.code == 2
    assert "the previous transfer is the one that is read" in said.err
    said = call(capsys, "raw", "compare", study / "gone", study)
    assert said.code == 3
    assert "this folder is not there" in said.err


def test_compare_writes_nothing_where_data_lie(study, capsys):
    data = second(study)
    said = call(capsys, "raw", "compare", study / "raw", study, "--data", f"raw={data}", "--out", study / "raw")
    assert said.code == 2
    assert "previous transfer" in said.err
    assert not (study / "raw/drift.csv").exists()


# --- data: previous -------------------------------------------------------------------------------------------------


@pytest.mark.bad_input("B100")
def test_a_run_tells_what_has_changed_and_lists_it_beside_the_issues(study, capsys):
    data = second(study, sub("raw/EVENTS.csv", "Headache after breakfast", "Headache"))
    said = call(capsys, "run", study, "--data", f"raw={data}", "--data", f"previous={study / 'raw'}")
    assert said.code == 0, said.out + said.err
    assert "[raw-values-changed] 1 issue in raw.EVENTS" in said.out
    rows = json.loads((study / "output/issues/issues.json").read_text(encoding="utf-8"))["issues"]
    assert [row["variable"] for row in rows if row["rule"] == "raw-values-changed"] == ["TERM"]
    assert (study / "output/issues/drift.parquet").is_file()
    record = json.loads((study / "output/run.json").read_text(encoding="utf-8"))
    assert "issues/drift.csv" in record["outputs"]
    assert {"raw/EVENTS", "previous/EVENTS"} <= set(record["inputs"])


def test_a_run_stops_before_it_writes_where_a_spec_depends_on_what_went(study, capsys):
    data = second(study, sub(*RENAMED))
    said = call(capsys, "run", study, "--data", f"raw={data}", "--data", f"previous={study / 'raw'}")
    is_stopped(study, said, 3, "is now called STARTDATE")


def test_check_and_study_yaml_know_the_previous_transfer_too(study, capsys):
    data = second(study, sub("raw/DOSE.csv", "SUBJECT,", "SUBJECT,"), without("raw/ENDING.csv"))
    (study / "before").mkdir()
    (study / "raw").rename(study / "before/raw")
    data.rename(study / "raw")
    text = (study / "study.yaml").read_text(encoding="utf-8")
    (study / "study.yaml").write_text(text + "data: {previous: before/raw}\n", encoding="utf-8")
    said = call(capsys, "check", study)
    assert said.code == 3
    assert "ENDING.csv was in the previous transfer and is not in this one, and specs read it" in said.err


# --- new --raw ------------------------------------------------------------------------------------------------------


def test_new_from_raw_files_proposes_a_study_that_runs_and_lists_what_it_left(study, tmp_path, capsys):
    made = tmp_path / "made"
    said = call(capsys, "new", made, "--raw", study / "raw")
    assert said.code == 0, said.err
    assert "looked at all values of 5 files" in said.out
    assert "proposed datasets: " in said.out
    assert "not mapped:" in said.out
    assert f"Next: sdtm2adam run {made}" in said.out
    assert call(capsys, "lint", made).code == 0
    said = call(capsys, "run", made)
    assert said.code in (0, 1), said.err
    assert "raw-column" not in said.out


@pytest.mark.parametrize(
    ("place", "raw", "code", "text"),
    [
        ("study", "study/raw", 2, "is not empty"),
        ("study/raw/made", "study/raw", 2, "the study would lie among the raw files"),
        ("made", "nowhere", 3, "this folder is not there"),
    ],
)
def test_new_from_raw_files_writes_only_where_nothing_is_lost(study, tmp_path, capsys, place, raw, code, text):
    before = sorted(study.rglob("*"))
    said = call(capsys, "new", tmp_path / place, "--raw", tmp_path / raw)
    assert (said.code, text in said.err, "to mend: " in said.err) == (code, True, True)
    assert sorted(study.rglob("*")) == before


def test_new_from_a_file_that_cannot_be_read_writes_nothing(study, tmp_path, capsys):
    add("raw/DOSE.csv", "cut")(study)
    said = call(capsys, "new", tmp_path / "made", "--raw", study / "raw")
    assert said.code == 3
    assert "DOSE.csv" in said.err
    assert not (tmp_path / "made").exists()
