"""Writers of raw exports: what they write is read by others and by us, whole, and with the same bytes each time."""

import os
import zipfile
from datetime import date, datetime, time

import openpyxl
import pyarrow as pa
import pytest
from lxml import etree
from raw_samples import rows

from sdtm2adam.errors import UsageError
from sdtm2adam.files.odm.write import NAMESPACE, OdmForm, write_odm
from sdtm2adam.files.xlsx.write import CellError, Sheet, write_xlsx

FLOW = Sheet(
    "CD22 panel",
    {
        "Patient": ["1001-0001", "=1+1", "007"],
        "CollDate": [date(2014, 10, 2), "UN OCT 2014", datetime(2014, 10, 3, 9, 5)],
        "Pct": [98.4, CellError("#N/A"), None],
        "MESF": [1676, None, 12],
        "At": [time(9, 5), None, None],
        "Valid": [True, False, None],
    },
    titles=["Study S1", "http://example.org is no link"],
    groups={"CD22": ("Pct", "MESF")},
)
VS = OdmForm(
    "VS", ["SUBJECT", "SITE", "FOLDER", "RECPOS", "RECORDID", "TEMP", "TEMPU", "NOTE"], "SUBJECT", "FOLDER", "RECPOS",
    site="SITE", units={"TEMP": "TEMPU"}, prefix="IT.VS.",
)  # fmt: skip
AE = OdmForm("AE", ["SUBJECT", "RECORDID", "TERM"], "SUBJECT")


def vs(*subjects: str) -> pa.Table:
    """Two records for each subject."""
    count = len(subjects)
    return pa.table(
        {
            "SUBJECT": [subject for subject in subjects for _ in range(2)],
            "SITE": ["S9"] * 2 * count,
            "FOLDER": ["Screening", "C1D1"] * count,
            "RECPOS": ["1", "2"] * count,
            "RECORDID": [f"{subject}{number}" for subject in subjects for number in range(2)],
            "TEMP": ["36.60", None] * count,
            "TEMPU": ["C", "F"] * count,
            "NOTE": ['a\n"b" <&>\t\'', None] * count,
        }
    )


def ae(*subjects: str) -> pa.Table:
    """One record for each subject."""
    records = {"SUBJECT": list(subjects), "RECORDID": [f"9{s}" for s in subjects], "TERM": ["007"] * len(subjects)}
    return pa.table(records)


def write(path, *parts):
    """A snapshot of these parts."""
    write_odm(path, "S1", [VS, AE], parts, "2014-10-02T00:00:00")
    return path


def test_a_workbook_is_read_back_as_what_was_written(tmp_path):
    path = tmp_path / "flow.xlsx"
    write_xlsx(path, [FLOW, Sheet("Notes", {"A": ["x"]}, hidden=True)])
    assert [tuple(row.values()) for row in rows(path, sheet="CD22 panel", header=["3", "4"])] == [
        ("1001-0001", "2014-10-02", "98.4", "1676", "09:05:00", "TRUE"),
        ("=1+1", "UN OCT 2014", None, None, None, "FALSE"),
        ("007", "2014-10-03T09:05:00", None, "12", None, None),
    ]
    assert FLOW.header == (3, 4)


def test_another_program_reads_the_workbook_alike(tmp_path):
    path = tmp_path / "flow.xlsx"
    write_xlsx(path, [FLOW, Sheet("Notes", {"A": ["x"]}, hidden=True)])
    book = openpyxl.load_workbook(path, data_only=True)
    sheet = book["CD22 panel"]
    assert [str(area) for area in sheet.merged_cells.ranges] == ["C3:D3"]
    assert [sheet[address].value for address in ("A1", "A4", "C3", "A6", "B5", "B6", "C5", "C6", "F5")] == [
        "Study S1", "Patient", "CD22", "=1+1", datetime(2014, 10, 2), "UN OCT 2014", 98.4, "#N/A", True,
    ]  # fmt: skip
    assert book["Notes"].sheet_state == "hidden"


def test_a_workbook_has_the_same_bytes_at_another_time_and_place(tmp_path, monkeypatch):
    first, second = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    write_xlsx(first, [FLOW])
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    previous = os.umask(0o077)
    try:
        write_xlsx(second, [FLOW])
    finally:
        os.umask(previous)
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(first) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize(
    ("sheet", "what"),
    [
        (Sheet("A", {"X": ["1"], "Y": []}), "the columns are not of one length"),
        (Sheet("A", {"X": [None] * 1_048_576}), "1,048,577 rows of 1 columns do not fit into a sheet of Excel"),
        (Sheet("A", {"X": ["x" * 32_768]}), "the text in row 2 has 32,768 characters; a cell holds 32,767"),
        (Sheet("A", {"X": [b"x"]}), "row 2 holds b'x', a bytes, which no cell can"),  # type: ignore[list-item]
        (
            Sheet("A", {"X": ["1"]}, groups={"G": ("X", "Y")}),
            "the group G is over X to Y, which are no columns in this order",
        ),
    ],
)
def test_what_a_sheet_cannot_hold_is_refused_and_no_file_is_left(tmp_path, sheet, what):
    with pytest.raises(UsageError) as caught:
        write_xlsx(tmp_path / "a.xlsx", [sheet])
    assert (caught.value.what, caught.value.where) == (what, f"{tmp_path / 'a.xlsx'}: A")
    assert list(tmp_path.iterdir()) == []


def test_a_snapshot_is_read_back_as_what_was_written(tmp_path):
    path = write(tmp_path / "s.xml", {"VS": vs("2", "1"), "AE": ae("1")}, {"VS": vs("0"), "AE": ae()})
    wanted = vs("1", "2", "0")
    found = [{name: row[name] for name in wanted.column_names} for row in rows(path, VS.names, oid="VS")]
    assert found == wanted.to_pylist()
    assert rows(path, AE.names, oid="AE") == [{"RECORDID": "91", "TERM": "007", "SUBJECT": "1"}]


def test_a_snapshot_is_one_tree_of_subjects_events_forms_and_groups(tmp_path):
    root = etree.parse(write(tmp_path / "s.xml", {"VS": vs("1"), "AE": ae("1")})).getroot()

    def oids(tag: str, name: str) -> list[str]:
        return [element.get(name) for element in root.iter(f"{{{NAMESPACE}}}{tag}")]

    assert oids("SubjectData", "SubjectKey") == ["1"]
    assert oids("StudyEventData", "StudyEventOID") == ["Screening", "C1D1", "COMMON"]
    assert oids("FormData", "FormOID") == ["F.VS", "F.VS", "F.AE"]
    assert set(oids("StudyEventData", "StudyEventOID")) == set(oids("StudyEventDef", "OID"))
    assert set(oids("ItemData", "ItemOID")) <= set(oids("ItemDef", "OID"))
    assert (
        set(oids("MeasurementUnitRef", "MeasurementUnitOID")) == set(oids("MeasurementUnit", "OID")) == {"MU.C", "MU.F"}
    )


def test_a_snapshot_has_the_same_bytes_each_time(tmp_path):
    first = write(tmp_path / "a.xml", {"VS": vs("1", "2"), "AE": ae("2")})
    assert write(tmp_path / "b.xml", {"VS": vs("1", "2"), "AE": ae("2")}).read_bytes() == first.read_bytes()


def test_what_a_snapshot_cannot_hold_is_refused(tmp_path):
    for table, what in (
        (ae("1").set_column(2, "TERM", pa.array(["a\x01"])), "TERM holds a control character, which XML cannot"),
        (ae("1").set_column(0, "SUBJECT", pa.nulls(1, pa.string())), "SUBJECT is missing in 1 records"),
    ):
        with pytest.raises(UsageError) as caught:
            write(tmp_path / "s.xml", {"AE": table})
        assert caught.value.what == what
    assert list(tmp_path.iterdir()) == []
