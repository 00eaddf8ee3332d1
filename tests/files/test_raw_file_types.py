"""A file is what its first bytes are: its name is checked against them, and columns against the contract."""

import gzip
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from raw_samples import refusal, rows, workbook

from sdtm2adam.errors import SpecErrors
from sdtm2adam.files.file_type import TYPES, file_type
from sdtm2adam.spec.closed import read
from sdtm2adam.spec.study import Contract
from sdtm2adam.spec.yaml import load

SAS7BDAT = bytes(12) + bytes.fromhex("c2ea8160b31411cfbd92080009c7318c181f1011") + bytes(300)
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
KINDS = {
    "xpt8": b"HEADER RECORD*******LIBV8   HEADER RECORD!!!!!!!",
    "cport": b"**COMPRESSED** **COMPRESSED** **COMPRESSED**",
    "sas7bdat": SAS7BDAT,
    "gzip": gzip.compress(b"A,B\n1,2\n"),
    "pdf": b"%PDF-1.7\n",
    "xls": OLE + bytes(600),
    "locked": OLE + bytes(100) + "EncryptedPackage".encode("utf-16-le"),
    "html": b"<!DOCTYPE html><html></html>",
    "xml": b"\xef\xbb\xbf<?xml version='1.0'?><a/>",
}


@pytest.mark.parametrize("ending", ["csv", "xlsx", "xpt", "sas7bdat", "xml", "parquet"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_file_of_another_kind_is_named_as_what_it_is(tmp_path, ending, kind):
    if kind == ending:
        return
    path = tmp_path / f"AE.{ending}"
    path.write_bytes(KINDS[kind])
    [(where, what, mend)] = refusal(path)
    assert where == f"AE.{ending}"
    if (kind, ending) == ("sas7bdat", "sas7bdat"):
        assert "cut" in what
    else:
        assert what.startswith(f"this is {TYPES[kind]}, not ")
    assert mend


@pytest.mark.bad_input("B019")
def test_archives_and_office_files_are_told_apart(tmp_path):
    path = workbook(tmp_path, {"A1": "A", "A2": "1"})
    assert file_type(path) == "xlsx"
    for kind, name in (("zip", "AE.csv"), ("docx", "word/document.xml"), ("xlsb", "xl/workbook.bin")):
        with zipfile.ZipFile(tmp_path / kind, "w") as archive:
            archive.writestr(name, "x")
        assert file_type(tmp_path / kind) == kind


def test_an_archive_named_as_a_transport_file_is_an_archive(tmp_path):
    path = tmp_path / "mrd.xpt"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mrd.xpt", "x")
    assert refusal(path) == [
        ("mrd.xpt", "this is a ZIP archive, not a SAS transport file of version 5 as its name says", "unpack it")
    ]


@pytest.mark.parametrize("ending", ["csv", "xlsx", "xpt", "sas7bdat", "xml", "parquet"])
@pytest.mark.bad_input("B001")
def test_a_file_without_a_byte_is_refused(tmp_path, ending):
    path = tmp_path / f"AE.{ending}"
    path.write_bytes(b"")
    assert refusal(path) == [(f"AE.{ending}", "the file is empty", "get the file again from its source")]


def test_a_csv_file_whose_first_name_looks_like_a_mark_is_text(tmp_path):
    path = tmp_path / "AE.csv"
    path.write_text("PAR1,RDX\n1,2\n")
    assert rows(path) == [{"PAR1": "1", "RDX": "2"}]


def test_the_ending_may_be_in_capitals(tmp_path):
    path = tmp_path / "AE.CSV"
    path.write_text("A,B\n1,2\n")
    assert rows(path) == [{"A": "1", "B": "2"}]


def test_columns_are_renamed_by_the_contract_from_their_names_in_the_file_or_plain_ones(tmp_path):
    path = tmp_path / "AE.csv"
    path.write_text("IT.AETERM,Start Date,X\n1,2,3\n")
    names = {"AETERM": "IT.AETERM", "STDAT": "Start_Date"}
    assert rows(path, names) == [{"AETERM": "1", "STDAT": "2", "X": "3"}]
    assert rows(path, {"X": "Start Date", "Y": "X"}) == [{"IT_AETERM": "1", "X": "2", "Y": "3"}]


def test_names_that_the_file_lacks_or_that_collide_are_refused(tmp_path):
    path = tmp_path / "AE.csv"
    path.write_text("AETERM,STDAT\n1,2\n")
    assert refusal(path, {"TERM": "AETERMS", "STDAT": "AETERM"}) == [
        (
            "AE.csv",
            "there is no column AETERMS, which is to be TERM",
            "correct it in names: of the contract; did you mean AETERM?",
        ),
        (
            "AE.csv",
            "'AETERM' and 'STDAT' would both be STDAT",
            "give one of them another name in names: of the contract",
        ),
    ]


def test_parquet_of_texts_is_read_and_blanks_in_it_are_missing(tmp_path):
    pq.write_table(pa.table({"A": ["007", " ", ""], "B": pa.nulls(3)}), tmp_path / "AE.parquet")
    assert rows(tmp_path / "AE.parquet") == [{"A": "007", "B": None}, {"A": None, "B": None}, {"A": None, "B": None}]


def test_parquet_of_numbers_is_refused(tmp_path):
    pq.write_table(pa.table({"A": [7]}), tmp_path / "AE.parquet")
    [(_, what, mend)] = refusal(tmp_path / "AE.parquet")
    assert what == "column A is of type int64, not text"
    assert mend.startswith("export raw data as text")


@pytest.mark.parametrize(
    ("said", "what", "mend"),
    [
        ("file: AE.docx", "there is no reader for 'AE.docx', by its ending", "readers are there for .csv"),
        (
            "file: AE.csv\nread: {sheet: A}",
            "read: sheet means nothing for 'AE.csv'",
            "for this file read: knows decimal, decimal_where, delimiter, encoding",
        ),
        (
            "file: AE.xlsx\nread: {delimiter: ';', oid: X}",
            "read: delimiter, oid means nothing for 'AE.xlsx'",
            "for this file read: knows header, sheet",
        ),
        (
            "file: AE.xml\nread: {encoding: cp1252}",
            "read: encoding means nothing for 'AE.xml'",
            "for this file read: knows decimal, decimal_where, oid",
        ),
        ("file: AE.xlsx\nread: {header: x}", "no row number", "write header: 4, or [3, 4] for two rows"),
        (
            "file: AE.xlsx\nread: {header: [3, 5]}",
            "the header rows do not follow each other",
            "write them from top to bottom",
        ),
        ("file: AE.csv\nread: {decimal: ;}", "read: ';' is no decimal mark", "write decimal: '.' or ','"),
        ("file: AE.csv\nnames: {A: X, B: X}", "names: A and B both stand for 'X'", "keep one of them"),
        ("file: AE.csv\nread: {encodng: x}", "unknown key 'encodng'", "did you mean encoding?"),
    ],
)
def test_a_contract_says_of_reading_what_its_file_knows(tmp_path, said, what, mend):
    path = tmp_path / "AE.yaml"
    path.write_text(said, encoding="utf-8")
    with pytest.raises(SpecErrors) as caught:
        read(Contract, load(path, "raw/AE.yaml"), "AE", "raw/AE.yaml")
    [error] = caught.value.errors
    assert error.what == what
    assert error.mend.startswith(mend)
    assert error.where.startswith("raw/AE.yaml")
