"""Raw files of other formats in a study: what their readers find becomes issues, one file may serve several forms."""

import shutil

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from harness import STUDY, is_drawn, told, trial

from sdtm2adam.errors import InputError, SpecErrors
from sdtm2adam.files.xlsx.write import CellError, Sheet, write_xlsx
from sdtm2adam.pipeline.folder import DataFolders, folder_issues, inputs_of

LB = "dataset: LB\nkeys: [LBSPID]\nrecords:\n  - {from: raw.D, set: {LBSPID: ID, LBORRES: PCT, LBDTC: DAT}}"
DM = "dataset: DM\nkeys: [USUBJID]\nrecords:\n  - {from: raw.E, set: {SUBJID: SUBJECT}}"
FLOW = Sheet(
    "Flow",
    {
        "ID": ["1", "2", "3"],
        "Patient": ["11", "12", "12"],
        "CD22 %": [98.4, CellError("#N/A"), 0.5],
        "DAT": ["2014"] * 3,
    },
)
READ_FLOW = """file: export.xlsx
read: {sheet: Flow, header: 1}
names: {SUBJECT: Patient, PCT: CD22 %}
key: [ID]
columns: {ID: {}, SUBJECT: {}, PCT: {type: number}, DAT: {}}
"""


def study(folder, *sheets, contracts, specs):
    """A study whose raw folder holds export.xlsx."""
    made = trial(folder, *specs)
    for form, text in contracts.items():
        path = folder / "specs" / "raw" / f"{form}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (folder / "raw").mkdir()
    write_xlsx(folder / "raw" / "export.xlsx", sheets)
    return made


def folders(folder):
    """The data folders of a study."""
    return DataFolders((folder / "raw").resolve(), None)


def built(made):
    """A study built from its raw folder, as a run finds the files."""
    made.raw = dict(inputs_of(made.specs, folders(made.folder)).raw)
    return made.build()


def test_a_cell_with_an_error_is_an_issue_of_its_form_and_column(tmp_path):
    made = built(study(tmp_path, FLOW, contracts={"D": READ_FLOW}, specs=[LB]))
    is_drawn(made.datasets["LB"], "USUBJID LBSPID LBORRES\nS1-11 1 98.4\nS1-12 2 .\nS1-12 3 0.5")
    assert told(made, "dataset", "rule", "variable", "value", "keys", "text") == [
        ("raw.D", "raw-cell-error", "PCT", "#N/A", ("C3",), "D: the error #N/A stands in 1 cell, read as missing: C3")
    ]


def test_a_sheet_that_no_contract_names_is_told_once(tmp_path):
    sheets = [FLOW, Sheet("Enrol", {"SUBJECT": ["11"]}), Sheet("Notes", {"A": ["x"]})]
    enrol = "file: export.xlsx\nread: {sheet: Enrol}\ncolumns: {SUBJECT: {}}"
    made = built(study(tmp_path, *sheets, contracts={"D": READ_FLOW, "E": enrol}, specs=[LB, DM]))
    is_drawn(made.datasets["DM"], "USUBJID SUBJID\nS1-11 11")
    assert [issue for issue in told(made, "dataset", "rule", "text") if issue[1] == "raw-part-new"] == [
        ("raw.D", "raw-part-new", "export.xlsx: Notes is named by no contract; none of its records are submitted")
    ]


def test_one_sheet_has_one_contract(tmp_path):
    made = study(tmp_path, FLOW, contracts={"D": READ_FLOW, "E": READ_FLOW}, specs=[LB])
    with pytest.raises(SpecErrors, match=r"file: export.xlsx has another contract at specs/raw/D.yaml:1") as caught:
        inputs_of(made.specs, folders(tmp_path))
    assert "for each sheet or group of a file that has several" in caught.value.message


def test_a_form_of_a_workbook_may_come_as_parquet_under_its_own_name(tmp_path):
    made = study(tmp_path, FLOW, contracts={"D": READ_FLOW}, specs=[LB])
    (tmp_path / "raw" / "export.xlsx").unlink()
    texts = {"ID": ["1"], "SUBJECT": ["11"], "PCT": ["98.4"], "DAT": ["2014"]}
    pq.write_table(pa.table(texts), tmp_path / "raw" / "D.parquet")
    is_drawn(built(made).datasets["LB"], "USUBJID LBSPID LBORRES LBDTC\nS1-11 1 98.4 2014")
    assert folder_issues(made.specs, folders(tmp_path), {}) == []
    write_xlsx(tmp_path / "raw" / "export.xlsx", [FLOW])
    with pytest.raises(InputError, match=r"export.xlsx and D.parquet are the same form"):
        inputs_of(made.specs, folders(tmp_path))


def test_files_of_formats_that_can_be_read_and_are_named_by_no_contract_are_told(tmp_path):
    made = study(tmp_path, FLOW, contracts={"D": READ_FLOW}, specs=[LB])
    for name in ("mrd.xpt", "cm.sas7bdat", "snapshot.xml", "old.xls", "README.txt"):
        shutil.copy(tmp_path / "raw" / "export.xlsx", tmp_path / "raw" / name)
    found = [issue.text.split(" ")[0] for issue in folder_issues(made.specs, folders(tmp_path), {})]
    assert found == ["cm.sas7bdat", "mrd.xpt", "old.xls", "snapshot.xml"]


@pytest.mark.parametrize(
    ("collected", "result", "issues"),
    [
        ("12,3", "12.3", []),
        ("-0,5", "-0.5", []),
        ("118", "118", []),
        ("1.234", "1.234", [("not-a-number", "1.234")]),  # 1234 or 1.234? never guessed
        ("1.234,5", "1.234,5", [("not-a-number", "1.234,5")]),
        ("<0,1", "<0,1", [("not-a-number", "<0,1")]),
    ],
)
def test_a_declared_decimal_comma_is_written_as_a_point_and_no_other_mark_is_taken(tmp_path, collected, result, issues):
    columns = "columns: {ID: {}, SUBJECT: {}, PCT: {type: number}, DAT: {}}"
    contract = f'file: D.csv\nread: {{delimiter: ";", decimal: ","}}\nkey: [ID]\n{columns}'
    made = trial(tmp_path, LB, raw={"D": "ID SUBJECT PCT DAT\n1 11 0 ."}, contracts={"D": contract})
    made.raw["D"].write_text(f"ID;SUBJECT;PCT;DAT\n1;11;{collected};\n", encoding="utf-8")
    found = made.build()
    is_drawn(found.datasets["LB"], f"USUBJID LBSPID LBORRES\nS1-11 1 {result}")
    assert told(found, "rule", "value") == issues


def test_the_study_knows_what_no_reader_is_there_for(tmp_path):
    made = trial(
        tmp_path,
        LB,
        raw={"D": "ID SUBJECT PCT DAT\n1 11 0 ."},
        contracts={"D": "file: D.docx\ncolumns: {ID: {}}"},
        study=STUDY,
    )
    assert made.fault(lint_only=True).startswith("specs/raw/D.yaml:1: there is no reader for 'D.docx', by its ending")
