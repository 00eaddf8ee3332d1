"""Workbooks and ODM files looked through: a form for each sheet and item group, each with a contract that reads it."""

import pyarrow as pa
import pytest

from sdtm2adam.files.odm.write import OdmForm, write_odm
from sdtm2adam.files.raw_table import read_raw
from sdtm2adam.files.xlsx.sheet import Area
from sdtm2adam.files.xlsx.write import CellError, Sheet, write_xlsx
from sdtm2adam.intake.column_names import proposed_names
from sdtm2adam.intake.contract_text import contract_text
from sdtm2adam.intake.header import propose_header
from sdtm2adam.intake.survey import survey
from sdtm2adam.pipeline.lint import lint
from sdtm2adam.pipeline.new import new_study_from
from sdtm2adam.pipeline.raw_compare import raw_compare
from sdtm2adam.pipeline.raw_init import raw_init
from sdtm2adam.pipeline.run import run
from sdtm2adam.spec.closed import read
from sdtm2adam.spec.library import read_specs
from sdtm2adam.spec.study import Contract
from sdtm2adam.spec.yaml import loads

SUBJECTS = [f"10-{number:03}" for number in range(1, 7)]
LAB = {"Patient": SUBJECTS, "Visit date": ["2020-01-05"] * 6, "Result (mg/L)": [1.5, 2, 3, 4, 5, CellError()]}
VITALS = {"Patient": SUBJECTS, "Weight": [70 + n for n in range(6)], "Systolic": [120 + n for n in range(6)]}
ODM = {
    "VS": pa.table({"SUBJECT": SUBJECTS * 2, "FOLDER": ["V1"] * 6 + ["V2"] * 6, "REPEAT": ["1"] * 12,
                    "TEMP": [f"36.{n % 10}" for n in range(12)], "TEMPU": ["C"] * 12}),
    "AE": pa.table({"SUBJECT": SUBJECTS, "FOLDER": ["LOG"] * 6, "REPEAT": ["1"] * 6,
                    "AETERM": [f"event {n}" for n in range(6)], "AESTDAT": [f"0{n} JAN 2020" for n in range(1, 7)]}),
}  # fmt: skip


def odm(path, tables=ODM):
    forms = [
        OdmForm(name, table.column_names, "SUBJECT", "FOLDER", "REPEAT", prefix="IT.",
                units={"TEMP": "TEMPU"} if "TEMPU" in table.column_names else {})
        for name, table in tables.items()
    ]  # fmt: skip
    write_odm(path, "S-1", forms, [tables], "2020-01-01T00:00:00")


@pytest.fixture
def folder(tmp_path):
    raw = tmp_path / "raw"
    raw.mkdir()
    write_xlsx(
        raw / "central.xlsx",
        [
            Sheet("Lab", LAB, titles=["Results of the laboratory", "drawn on 2020-02-01"]),
            Sheet("Vital signs", VITALS, titles=["Site 10"], groups={"Pressure": ("Systolic", "Systolic")}),
            Sheet("Notes", {"Read me": ["not for analysis", "call us"]}, hidden=True),
        ],
    )
    odm(raw / "edc.xml")
    (raw / "other.xml").write_text("<report><line/></report>")
    (raw / "~$central.xlsx").write_bytes(b"open")
    (raw / "SITES.csv").write_text("SITE,TOWN\n10,Bonn\n11,Ulm\n")
    return raw


def read_again(folder, proposal):
    contract = read(Contract, loads(contract_text(proposal), "x.yaml"), "x", "x.yaml")
    return read_raw(folder / str(contract.file), contract.read, contract.names, list(contract.columns)).frame


def test_each_sheet_and_each_item_group_is_a_form(folder):
    found = survey(folder)
    assert found.faults == ()
    said = {form: (p.file, p.read.part, p.read.header, p.subject, p.records) for form, p in found.proposals.items()}
    assert (
        said
        == {
            "AE": ("edc.xml", "AE", (1,), "SubjectKey", 6),
            "VS": ("edc.xml", "VS", (1,), "SubjectKey", 12),
            "LAB": ("central.xlsx", "Lab", (3,), "Patient", 6),
            "VITAL_SIGNS": ("central.xlsx", "Vital signs", (3,), "Patient", 6),
            "SITES": ("SITES.csv", "", (1,), "", 2),
        }
        or said
    )
    assert found.files.passed_over == ["other.xml", "~$central.xlsx", "central.xlsx: sheet Notes"]
    assert found.raw_files == 3


def test_each_proposed_contract_reads_all_columns_and_records_of_its_form(folder):
    for proposal in survey(folder).proposals.values():
        frame = read_again(folder, proposal)
        assert len(frame) == proposal.records
        assert set(frame.column_names) == {profile.name for profile in proposal.profiles}


def test_the_contract_of_a_sheet_says_where_it_stands_and_what_its_reader_found(folder):
    text = contract_text(survey(folder).proposals["LAB"])
    assert "read: {sheet: Lab, header: 3}" in text
    assert "PROPOSAL: row 3 is the first with a name for each column" in text
    assert "'Results of the laboratory'" in text
    assert "# Found: Result_mg_L: the error #N/A stands in 1 cell" in text
    assert "names:\n  Visit_date: Visit date\n  Result_mg_L: Result (mg/L)\n" in text


def test_the_contract_of_an_item_group_says_its_oid_and_the_names_of_its_items(folder):
    text = contract_text(survey(folder).proposals["VS"])
    assert "read: {oid: VS}" in text
    assert "names:\n  TEMP: IT.TEMP\n  TEMP_unit: IT.TEMP.unit\n" in text
    assert "  StudyEventOID: {" in text  # two visits; the repeat keys and OIDs of the form are the same throughout
    assert "ItemGroupRepeatKey" not in text


def row(*texts):
    return {number: text for number, text in enumerate(texts) if text}


@pytest.mark.parametrize(
    ("rows", "merged", "header"),
    [
        ([row("A", "B"), row("1", "2")], [], (1,)),
        ([row("Title"), row("A", "B"), row("1", "2")], [], (2,)),
        ([row("Study", "S-1"), row("A", "B", "C"), row("1", "2", "3")], [], (2,)),
        ([row("Title"), row("A", "B"), row("1", "2")], [Area(1, 0, 1, 1)], (2,)),  # merged over all: a title
        ([row("", "G"), row("A", "B", "C"), row("1", "2", "3")], [Area(1, 1, 1, 2)], (1, 2)),
        ([row("A", "G"), row("", "B", "C"), row("1", "2", "3")], [Area(1, 1, 1, 2), Area(1, 0, 2, 0)], (1, 2)),
        ([row("A", "B", "C"), row("1", "2", "3"), row("1", "2", "3", "4")], [], (1,)),  # a stray value: no header there
        ([row("A", "B", "C"), row("1", "2", "3"), row("4", "5", "6", "x"), row("1", "2", "3", "x")], [], (1,)),
        ([row("A", "A"), row("x", "y"), row("z", "w")], [], (1,)),  # named alike: reading it says so
        ([row("Title"), row("A", "B")], [], (2,)),  # no record yet
        ([row("Only text"), row("and more")], [], None),
        ([], [], None),
    ],
)
def test_the_header_is_the_first_row_that_names_all_columns_with_values(rows, merged, header):
    top = dict(enumerate(rows, start=1))
    last = {column: number for number, cells in top.items() for column in cells}
    found = propose_header(top, last, merged)
    assert (found.rows if found else None) == header


def test_a_merged_header_of_two_rows_is_proposed_and_read(tmp_path):
    columns = {"Patient": SUBJECTS, "Value": [1, 2, 3, 4, 5, 6], "Unit": ["g"] * 6}
    write_xlsx(tmp_path / "w.xlsx", [Sheet("S", columns, titles=["T"], groups={"Iron": ("Value", "Unit")})])
    proposal = survey(tmp_path).proposals["W"]
    assert "read: {sheet: S, header: [2, 3]}" in contract_text(proposal)
    assert read_again(tmp_path, proposal).column_names == ["Patient", "Iron_Value", "Iron_Unit"]


def test_sheets_of_one_name_are_called_by_their_files_too(tmp_path):
    for name in ("a", "b"):
        write_xlsx(
            tmp_path / f"{name}.xlsx", [Sheet("Data", {"X": ["1"], "Y": ["2"]}), Sheet(name, {"X": ["1"], "Y": ["2"]})]
        )
    assert list(survey(tmp_path).proposals) == ["A", "A_DATA", "B", "B_DATA"]


def test_a_workbook_that_cannot_be_read_is_told_and_the_other_files_are_looked_at(folder):
    (folder / "bad.xlsx").write_bytes((folder / "central.xlsx").read_bytes()[:900])
    (folder / "cut.xml").write_bytes((folder / "edc.xml").read_bytes()[:-60])
    found = survey(folder)
    assert len(found.proposals) == 5
    assert [name for name in ("bad.xlsx", "cut.xml") if any(name in str(fault) for fault in found.faults)] == [
        "bad.xlsx", "cut.xml",
    ]  # fmt: skip


def test_names_that_would_be_alike_are_taken_whole():
    assert proposed_names(["IT.A.X", "IT.B.X", "Y", "IT.Y"], oids=True) == {
        "IT_A_X": "IT.A.X", "IT_B_X": "IT.B.X", "IT_Y": "IT.Y",
    }  # fmt: skip


def test_a_study_proposed_from_such_files_has_good_specs_and_runs(folder, tmp_path):
    proposed = new_study_from(tmp_path / "study", folder)
    assert [issue for issue in lint(tmp_path / "study").issues if issue.severity == "error"] == []
    assert "AE" in proposed.starter.mapped
    result = run(tmp_path / "study")
    assert sorted(result.datasets["AE"].frame["AETERM"].to_pylist()) == ODM["AE"]["AETERM"].to_pylist()


def test_init_knows_the_contract_of_each_part_of_a_file(folder, tmp_path):
    study = tmp_path / "study"
    new_study_from(study, folder)
    kept = study / "specs/raw/LAB.yaml"
    kept.rename(kept.with_name("CENTRAL_LAB.yaml"))
    result = raw_init(study)
    assert result.written == ()
    assert "CENTRAL_LAB.yaml" in {path.name for path in result.kept}
    assert "LAB.yaml" not in {path.name for path in result.kept}


# --- transfers compared ---------------------------------------------------------------------------------------------


def drift(study, previous):
    return raw_compare(previous, study).drift


def rules(found):
    return sorted({(issue.rule, issue.dataset) for issue in found.issues})


@pytest.fixture
def study(folder, tmp_path):
    new_study_from(tmp_path / "study", folder)
    return tmp_path / "study"


def test_the_same_workbook_and_odm_again_have_no_difference(study, folder, tmp_path):
    found = drift(study, another(folder, tmp_path))
    assert {rule for rule, _ in rules(found)} <= {"raw-transfer-repeated", "raw-extract-same", "raw-no-key"}
    assert (found.listing.num_rows, found.forms) == (0, 5)


def another(folder, tmp_path):
    previous = tmp_path / "previous"
    previous.mkdir()
    for path in folder.iterdir():
        (previous / path.name).write_bytes(path.read_bytes())
    return previous


def test_a_changed_item_is_listed_under_the_name_of_the_contract(study, folder, tmp_path):
    previous = another(folder, tmp_path)
    ae = ODM["AE"]
    odm(
        previous / "edc.xml",
        {**ODM, "AE": ae.set_column(3, "AETERM", pa.array(["other", *ae["AETERM"].to_pylist()[1:]]))},
    )
    found = drift(study, previous)
    rows = [(r["form"], r["change"], r["column"], r["before"], r["after"]) for r in found.listing.to_pylist()]
    assert rows == [("AE", "changed", "AETERM", "other", "event 0")]


def test_a_sheet_that_the_previous_workbook_lacks_is_told_as_the_first(study, folder, tmp_path):
    previous = another(folder, tmp_path)
    write_xlsx(previous / "central.xlsx", [Sheet("Lab", LAB, titles=["a", "b"])])
    found = drift(study, previous)
    assert ("raw-file-first", "raw.VITAL_SIGNS") in rules(found)
    assert found.listing.num_rows == 0


def in_csv(folder, study, form, path):
    contract = read_specs(study).contracts[form]
    frame = read_raw(folder / str(contract.file), contract.read, contract.names, list(contract.columns)).frame
    lines = [frame.column_names, *([value or "" for value in record.values()] for record in frame.to_pylist())]
    path.write_text("\n".join(",".join(line) for line in lines) + "\n", encoding="utf-8")


def test_the_same_records_from_csv_in_the_previous_transfer_have_no_difference(study, folder, tmp_path):
    previous = another(folder, tmp_path)
    (previous / "central.xlsx").unlink()
    (previous / "edc.xml").unlink()
    for form in ("LAB", "VITAL_SIGNS", "AE", "VS"):
        in_csv(folder, study, form, previous / f"{form}.csv")
    found = drift(study, previous)
    assert found.listing.num_rows == 0
    assert found.errors == ()
    assert {dataset for rule, dataset in rules(found) if rule == "raw-file-format"} == {
        "raw.LAB", "raw.VITAL_SIGNS", "raw.AE", "raw.VS",
    }  # fmt: skip
    assert {rule for rule, _ in rules(found)} <= {
        "raw-file-format", "raw-transfer-repeated", "raw-extract-same", "raw-no-key",
    }  # fmt: skip


def test_from_csv_to_a_workbook_with_titles_for_names(tmp_path):
    (tmp_path / "new").mkdir()
    (tmp_path / "old").mkdir()
    write_xlsx(tmp_path / "new/lab.xlsx", [Sheet("Export", {**LAB, "Result (mg/L)": [1, 2, 3, 4, 5, 6]}, titles=["T"])])
    rows = "".join(f"{subject},2020-01-05,{number}\n" for number, subject in enumerate(SUBJECTS, start=1))
    (tmp_path / "old/LAB.csv").write_text("Patient,Visit date,Result (mg/L)\n" + rows)
    new_study_from(tmp_path / "study", tmp_path / "new")
    found = drift(tmp_path / "study", tmp_path / "old")
    assert (found.forms, found.records, found.listing.num_rows, found.errors) == (1, 6, 0, ())
