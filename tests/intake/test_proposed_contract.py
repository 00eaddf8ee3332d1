"""A proposed contract: keys proven on all records, subjects, pairs, and a text that is a contract."""

import pyarrow as pa
import pytest

from sdtm2adam.intake.contract_text import contract_text, quoted
from sdtm2adam.intake.keys import keys_of, saved_twice
from sdtm2adam.intake.pairs import pairs_of
from sdtm2adam.intake.profile import profile_columns
from sdtm2adam.intake.survey import survey
from sdtm2adam.spec.closed import read
from sdtm2adam.spec.study import Contract
from sdtm2adam.spec.yaml import loads


def table(text: str) -> pa.Table:
    head, *rows = [line.split() for line in text.strip().splitlines()]
    columns = zip(*rows, strict=True)
    return pa.table({n: [None if c == "." else c for c in column] for n, column in zip(head, columns, strict=True)})


def keys(text: str, subject: str = "SUBJ", apart=()) -> list[tuple[str, ...]]:
    frame = table(text)
    return keys_of(frame, profile_columns(frame), subject, apart)


def test_the_number_of_the_record_is_preferred_to_the_subject():
    assert keys("SUBJ RECORDID X\na 1 5\nb 2 5") == [("RECORDID",), ("SUBJ",)]


def test_the_smallest_group_with_the_subject_is_found():
    assert keys("SUBJ VISIT TEST X\na 1 p 5\na 1 q 5\na 2 p 5\nb 1 p 5\nb 1 q 6")[0] == ("SUBJ", "VISIT", "TEST")


def test_measurements_that_differ_by_chance_are_no_key():
    assert keys("SUBJ VISIT WEIGHT\na 1 70.1\na 2 70.2\nb 1 70.3")[0] == ("SUBJ", "VISIT")


def test_housekeeping_is_no_key():
    assert keys("SUBJ RECPOS VISIT\na 1 1\na 2 2", apart=["RECPOS"])[0] == ("SUBJ", "VISIT")


def test_a_column_that_is_empty_in_a_record_is_taken_only_where_others_are_not_enough():
    assert keys("SUBJ VISIT TPT\na 1 .\na 1 p\nb 1 .") == [("SUBJ", "TPT")]


def test_records_saved_twice_are_counted_and_a_key_is_one_of_the_others():
    text = "SUBJ VISIT X\na 1 5\na 1 5\na 2 5"
    assert saved_twice(table(text)) == 1
    assert keys(text) == [("SUBJ", "VISIT")]


def test_a_pair_is_an_answer_with_one_code():
    assert pairs_of(table("SEX SEX_STD RACE RACE_STD\nM 1 a 1\nF 2 a 2\nM 1 b 3")) == {"SEX": "SEX_STD"}


FILES = {
    "AE.csv": "SUBJECT,RECORDID,AETERM,AESER,AESER_STD,AESTDAT,DOSE\n"
    + "".join(f"1-{i % 3},{i},t{i},{'Yes' if i % 2 else 'No'},{i % 2},0{i} JAN 2020,1.{i}\n" for i in range(1, 9)),
    "LABS.csv": "PID;VALUE\n" + "".join(f"1-{i};{i},5\n" for i in range(3)),
    "SITES.csv": "SITE,NAME\n1,Müller\n2,Ghent\n",
    "NOTES.txt": "not a table",
}


@pytest.fixture
def found(tmp_path):
    for name, text in FILES.items():
        (tmp_path / name).write_bytes(text.encode("cp1252" if name == "SITES.csv" else "utf-8"))
    return survey(tmp_path)


def test_a_folder_is_looked_through(found):
    assert (found.subject, found.records, found.columns, found.faults) == ("SUBJECT", 13, 11, ())
    assert [path.name for path in found.files.others] == ["NOTES.txt"]
    assert {form: proposal.subject for form, proposal in found.proposals.items()} == {
        "AE": "SUBJECT", "LABS": "PID", "SITES": "",
    }  # fmt: skip


def test_the_text_of_a_contract_is_a_contract_with_its_reasons(found):
    assert contract_text(found.proposals["AE"]).splitlines()[2:] == [
        "file: AE.csv",
        "key: [RECORDID]                                 # unique in all 8 records",
        "columns:",
        "  SUBJECT: {required: true, values: [1-1, 1-2, 1-0]}",
        "  RECORDID: {type: integer, required: true}",
        "  AETERM: {required: true}                      # 8 values",
        "  AESER: {required: true, values: [No, Yes], pair: AESER_STD}",
        "  AESER_STD: {type: integer, required: true}    # the code of AESER",
        "  AESTDAT: {type: date, required: true}         # DD MON YYYY",
        "  DOSE: {type: number, required: true}",
    ]


def test_how_a_file_is_read_is_proposed_and_to_be_confirmed(found):
    labs, sites = (contract_text(found.proposals[form]) for form in ("LABS", "SITES"))
    assert 'read: {delimiter: ";", decimal: ","}' in labs
    assert "subject: PID" in labs
    assert "read: {encoding: cp1252}" in sites
    assert "subject: none" in sites
    assert "confirm it" in sites


def test_each_proposal_is_read_as_a_contract_and_is_the_same_each_time(found, tmp_path):
    again = survey(tmp_path)
    for form, proposal in found.proposals.items():
        text = contract_text(proposal)
        assert read(Contract, loads(text, form), form, form).file == proposal.file
        assert contract_text(again.proposals[form]) == text


HOSTILE = ["a: b", "a #b", "- x", "?", "*", "&a", "!t", "'q'", '"q"', "a, b", "[x]", "{x}", "%", "@", "`", "~", "null",
           "<5", ">=5", "tab\there", "a\\b", "é", "\u202e", "\x1b[2J", "=1", "|", ">", "a ", "yes", "1:30"]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_any_text_is_written_so_that_it_is_read_back(text):
    said = loads(f"values: [{quoted(text)}]\nreason: {quoted(text)}\n", "x.yaml")
    assert (str(said["values"][0]), str(said["reason"])) == (text, text)


def test_a_file_that_cannot_be_read_is_told_and_the_others_are_looked_at(tmp_path):
    (tmp_path / "A.csv").write_text("SUBJECT,X\n1,2\n")
    (tmp_path / "B.csv").write_text("SUBJECT,X\n1,2,3\n")
    found = survey(tmp_path)
    assert list(found.proposals) == ["A"]
    assert "3 fields where 2 are expected" in found.faults[0].message
