"""Bad inputs that no other test stands for: names of subjects, months of other languages, wide forms, programs."""

import ast
from pathlib import Path

import pyarrow as pa
import pytest
from harness import STUDY, trial

import sdtm2adam
from sdtm2adam.errors import InputError
from sdtm2adam.files.csv import read_csv
from sdtm2adam.validate.raw import check_raw

PACKAGE = Path(sdtm2adam.__file__).parent
DM = "dataset: DM\nkeys: [USUBJID]\nrecords:\n  - {from: raw.D, set: {SUBJID: SUBJECT}}"


@pytest.mark.bad_input("B038")
def test_a_small_table_of_a_spec_keeps_the_texts_of_its_cells(tmp_path):
    """Specs are YAML and CSV: there is no cell type, no formula is computed, and no version becomes a date."""
    spec = "dataset: TE\nkeys: [ETCD]\ntables: {T: tables/T.csv}\nrecords:\n  - {from: table.T, copy: all}"
    table = "ETCD,ELEMENT,TESTRL\n8.0,3.4,=1+1\n007,1E5,2024-04-03\n"
    rows = trial(tmp_path, spec, tables={"T.csv": table}).specs.tables
    (found,) = rows.values()
    assert [tuple(row.values()) for row in found] == [("8.0", "3.4", "=1+1"), ("007", "1E5", "2024-04-03")]


@pytest.mark.bad_input("B038")
def test_a_spec_as_a_workbook_is_no_spec(tmp_path):
    (tmp_path / "specs" / "sdtm").mkdir(parents=True)
    (tmp_path / "specs" / "sdtm" / "DM.xlsx").write_bytes(b"PK\x03\x04")
    assert "DM" not in trial(tmp_path, DM.replace("DM", "AE", 1), raw={"D": "SUBJECT AGE\n11 1"}).specs.sdtm


@pytest.mark.bad_input("B048")
@pytest.mark.parametrize(
    ("subject", "told"),
    [("999-001", True), ("TEST", True), ("DUMMY-2", True), ("1001-test", True), ("9999001", False), ("1999-001", False),
     ("101-001", False), ("CONTEST-1", False), ("99-001", False)],
)  # fmt: skip
def test_a_subject_whose_name_is_that_of_a_test_is_told_and_kept(subject, told, tmp_path):
    made = trial(tmp_path, DM, raw={"D": f"SUBJECT AGE\n101-002 1\n{subject} 2"})
    built = made.build()
    assert built.datasets["DM"].frame.num_rows == 2
    found = [one for one in check_raw(made.specs, made.raw, built.raw_keys).issues if one.rule == "raw-test-subject"]
    assert [(one.severity, one.variable, one.records, one.value) for one in found] == (
        [("warning", "SUBJECT", 1, subject)] if told else []
    )


@pytest.mark.bad_input("B055")
@pytest.mark.parametrize("text", ["12_MAI_2024", "12_déc_2024", "03_März_2024", "12-JAN-2024", "12/JAN/2024"])
def test_a_month_of_another_language_or_form_is_told_and_never_guessed(text, tmp_path):
    spec = "dataset: AE\nkeys: [AETERM]\nrecords:\n  - {from: raw.D, set: {AETERM: T, AESTDTC: {datetime: [DAY]}}}"
    study = STUDY.replace("DD/MM/YYYY", "DD.MM.YYYY")
    built = trial(tmp_path, spec, raw={"D": f"SUBJECT T DAY:date\n11 a {text}"}, study=study).build()
    assert built.datasets["AE"].frame["AESTDTC"].to_pylist() == [None]
    assert {("AESTDTC", "date-unreadable"), ("DAY", "raw-date")} <= {(one.variable, one.rule) for one in built.issues}


@pytest.mark.bad_input("B021")
def test_a_form_of_four_hundred_columns_is_read_whole(tmp_path):
    path = tmp_path / "WIDE.csv"
    head = ",".join(f"C{n}" for n in range(400))
    path.write_text("\n".join([head, *(",".join(f"{row}.{n}" for n in range(400)) for row in range(500))]) + "\n")
    table = read_csv(path)
    assert (table.num_rows, table.num_columns) == (500, 400)
    assert table["C399"][499] == pa.scalar("499.399")


@pytest.mark.bad_input("B011")
def test_a_control_character_in_a_field_is_kept_and_a_nul_byte_is_refused(tmp_path):
    path = tmp_path / "AE.csv"
    path.write_bytes(b"A,B\n1,x\x1ay\n")
    assert read_csv(path)["B"].to_pylist() == ["x\x1ay"]
    path.write_bytes(b"A,B\n1,x\x00y\n")
    with pytest.raises(InputError, match="NUL"):
        read_csv(path)


@pytest.mark.bad_input("B087")
def test_no_program_is_called_through_a_shell():
    """Names of files go to programs, if at all, as arguments of a list."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        for call in (one for one in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(one, ast.Call)):
            name = ast.unparse(call.func)
            shell = [one for one in call.keywords if one.arg == "shell" and ast.unparse(one.value) != "False"]
            if shell or name in ("os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput"):
                found.append(f"{path.name}:{call.lineno}")
    assert found == []
