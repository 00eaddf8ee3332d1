"""Transport files of a folder as rows: what kind they are, what their headers say, what is wrong with them."""

from datetime import datetime

import pyarrow as pa
import pytest

from sdtm2adam.files.xpt import write_xpt
from sdtm2adam.model import Dataset, Variable
from sdtm2adam.validate.sql.meta_files import described, file_tables

CREATED = datetime(2026, 3, 1, 12, 30, 5)
TEXTS = (Variable("USUBJID", "Unique Subject Identifier", "text"), Variable("AETERM", "Reported Term", "text"))


def written(folder, name="AE", columns=None, variables=TEXTS):
    columns = columns or {"USUBJID": ["S-1", "S-2"], "AETERM": ["Headache", "Nausea"]}
    dataset = Dataset(name, "A label", "sdtm", "", "", ("USUBJID",), variables, pa.table(columns), pa.table({}))
    path = folder / f"{name.lower()}.xpt"
    path.parent.mkdir(exist_ok=True)
    write_xpt(dataset, path, CREATED)
    return path


def row(path):
    (found,) = file_tables([path])["files"](None).to_pylist()
    return found


def test_the_header_of_a_file_is_told(tmp_path):
    numbers = (*TEXTS, Variable("AESEQ", "Sequence Number", "integer"))
    path = written(tmp_path, columns={"USUBJID": ["S-1"], "AETERM": ["Rash"], "AESEQ": [1]}, variables=numbers)
    found = row(path)
    told = ("AE", "xpt5", 1, "AE", "A label", 3, 3 + 4 + 8, 1, "N", None)
    names = "dataset kind members name label variables record_length observations ambiguous fault"
    assert tuple(found[name] for name in names.split()) == told
    assert found["bytes"] == path.stat().st_size


def test_the_variables_of_a_file_are_told_in_its_order(tmp_path):
    rows = file_tables([written(tmp_path)])["file_variables"](None).to_pylist()
    told = [(one["variable"], one["position"], one["label"], one["type"], one["length"]) for one in rows]
    assert told == [("USUBJID", 1, "Unique Subject Identifier", "Char", 3), ("AETERM", 2, "Reported Term", "Char", 8)]


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"HEADER RECORD*******LIBV8   HEADER RECORD!!!!!!!", "xpt8"), (b"**COMPRESSED** **COMPRESSED**", "cport"),
        (b"PK\x03\x04", "zip"), (b"\x1f\x8b\x08", "gzip"), (b"PAR1", "parquet"), (b"STUDYID,USUBJID", "unknown"),
        (bytes(12) + bytes.fromhex("c2ea8160b31411cfbd92080009c7318c181f1011"), "sas7bdat"),
    ],
)  # fmt: skip
def test_a_file_is_known_by_its_first_bytes_not_by_its_name(tmp_path, start, kind):
    path = tmp_path / "ae.xpt"
    path.write_bytes(start + bytes(200))
    found = row(path)
    assert found["kind"] == kind
    assert found["fault"]
    assert found["observations"] is None


def test_an_empty_file_and_one_that_is_not_there_have_their_faults(tmp_path):
    (tmp_path / "ae.xpt").write_bytes(b"")
    assert row(tmp_path / "ae.xpt")["fault"] == "the file is empty"
    assert "cannot read it" in described(tmp_path / "dm.xpt").fault


def test_any_cut_of_a_file_is_a_row_and_no_error(tmp_path):
    whole = written(tmp_path).read_bytes()
    path = tmp_path / "cut.xpt"
    for length in range(1, len(whole), 37):
        path.write_bytes(whole[:length])
        assert row(path)["fault"], length


def test_two_datasets_in_a_file_are_counted(tmp_path):
    first, second = written(tmp_path).read_bytes(), written(tmp_path, "CM").read_bytes()
    both = tmp_path / "both.xpt"
    both.write_bytes(first + second[240:])
    found = row(both)
    assert found["members"] == 2
    assert "more than one dataset" in found["fault"]


def test_blanks_at_the_end_that_could_be_records_are_ambiguous(tmp_path):
    assert row(written(tmp_path))["ambiguous"] == "Y"
    wide = {"USUBJID": ["S-1", "S-2"], "AETERM": ["A" * 100, "B"]}
    assert row(written(tmp_path, "CM", wide))["ambiguous"] == "N"


def test_a_folder_is_searched_and_told_without_the_place_it_lies_at(tmp_path):
    written(tmp_path / "sdtm")
    written(tmp_path / "adam", "ADSL")
    (tmp_path / "adam" / "define.xml").write_text("<?xml version='1.0'?><ODM/>")
    (tmp_path / "adam" / "guide.txt").write_text("Read me.")
    tables = file_tables(tmp_path)
    assert [one["file"] for one in tables["files"](None).to_pylist()] == [
        "adam/adsl.xpt", "adam/define.xml", "sdtm/ae.xpt",
    ]  # fmt: skip
    assert [tuple(one.values()) for one in tables["folders"](None).to_pylist()] == [
        ("adam", "adam", 2, 1, 1), ("sdtm", "sdtm", 1, 1, 0),
    ]  # fmt: skip
