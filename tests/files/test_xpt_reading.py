import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyreadstat
import pytest
from xpt_samples import USUBJID, column, dataset_of, texts, written

from sdtm2adam.errors import InputError, UsageError
from sdtm2adam.files.xpt import read_xpt, read_xpt_variables
from sdtm2adam.model import Variable

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
STUDY_FILES = sorted(SHARED.rglob("*.xpt")) if SHARED.is_dir() else []


def changed(path: Path, old: bytes, new: bytes) -> Path:
    raw = path.read_bytes()
    assert raw.count(old) == 1
    assert len(old) == len(new)
    path.write_bytes(raw.replace(old, new))
    return path


def with_number(tmp_path: Path, raw: bytes, form: str = "") -> Path:
    """A file whose only number has these eight bytes, and this format."""
    path = written(column([-118.625], "float"), tmp_path)
    changed(path, bytes.fromhex("c276a00000000000"), raw)
    if form:
        blank_format = b"Value".ljust(40) + b" " * 8
        changed(path, blank_format, b"Value".ljust(40) + form.encode().ljust(8))
    return path


@pytest.mark.shared
@pytest.mark.skipif(not STUDY_FILES, reason="the public study is not here")
@pytest.mark.parametrize("path", STUDY_FILES, ids=lambda path: f"{path.parts[-3]}/{path.stem}")
def test_the_public_study_reads_as_another_reader_reads_it(path):
    ours = read_xpt(path)
    theirs, meta = pyreadstat.read_xport(str(path), disable_datetime_conversion=True)
    assert ours.num_rows == len(theirs) > 0
    assert ours.column_names == list(theirs.columns)
    assert [variable.label for variable in read_xpt_variables(path)] == [label or "" for label in meta.column_labels]
    for variable in read_xpt_variables(path):
        values, expected = ours[variable.name], theirs[variable.name]
        if variable.type == "text":
            assert values.to_pylist() == [value or None for value in expected], variable.name
            continue
        if variable.type == "date":
            values = pc.add(values.cast(pa.int32()), 3653)
        elif variable.type == "datetime":
            values = pc.add(pc.divide(values.cast(pa.int64()).cast(pa.float64()), 1e6), 3653 * 86400.0)
        pd.testing.assert_series_equal(
            values.to_pandas().astype(float), expected.astype(float), check_names=False, check_exact=True
        )


def test_every_sas_missing_value_is_missing(tmp_path):
    for letter in "._AZ":
        path = with_number(tmp_path, letter.encode() + b"\0" * 7)
        assert read_xpt(path)["AEVAL"].to_pylist() == [None]


def test_a_number_with_a_date_format_is_a_date(tmp_path):
    one = bytes.fromhex("4110000000000000")
    assert read_xpt(with_number(tmp_path, one, "YYMMDD"))["AEVAL"].to_pylist() == [date(1960, 1, 2)]
    assert read_xpt(with_number(tmp_path, one, "BEST"))["AEVAL"].to_pylist() == [1.0]


@pytest.mark.parametrize(
    ("form", "number", "says"),
    [
        ("DATE", "4118000000000000", "1.5 is not a date"),
        ("DATE", "5110000000000000", "is not a date"),
        ("DATETIME", "5110000000000000", "is not a datetime"),
        ("TIME", "c110000000000000", "-1 is not a time"),
        ("TIME", "4515180000000000", "86400 is not a time"),
    ],
)
def test_a_number_that_is_not_what_its_format_says_is_refused(tmp_path, form, number, says):
    with pytest.raises(InputError, match=says) as caught:
        read_xpt(with_number(tmp_path, bytes.fromhex(number), form))
    assert caught.value.where.endswith("row 1, variable AEVAL")


def test_a_text_that_is_not_utf_8_is_refused_until_its_encoding_is_declared(tmp_path):
    path = changed(written(texts(["PATIENT*S", "NAUSEA"]), tmp_path), b"PATIENT*S", b"PATIENT\x92S")
    with pytest.raises(InputError, match="the byte 0x92 is neither ASCII nor part of UTF-8") as caught:
        read_xpt(path)
    assert caught.value.where == f"{path}, row 1, variable AETERM"
    assert read_xpt(path, fallback="cp1252")["AETERM"].to_pylist() == ["PATIENT\u2019S", "NAUSEA"]


def test_a_text_in_utf_8_stays_so_beside_the_declared_encoding(tmp_path):
    path = changed(written(texts(["CAF**", "M*RZ"]), tmp_path), b"CAF**", "CAF\u00c9".encode())
    changed(path, b"M*RZ", b"M\xc4RZ")
    assert read_xpt(path, fallback="cp1252")["AETERM"].to_pylist() == ["CAF\u00c9", "M\u00c4RZ"]


def test_a_byte_that_the_declared_encoding_does_not_know_is_refused(tmp_path):
    path = changed(written(texts(["A", "B*C"]), tmp_path), b"B*C", b"B\x81C")
    with pytest.raises(InputError, match="the byte 0x81 is no character of cp1252") as caught:
        read_xpt(path, fallback="cp1252")
    assert caught.value.where == f"{path}, row 2, variable AETERM"
    with pytest.raises(UsageError, match="no encoding is called 'klingon'"):
        read_xpt(path, fallback="klingon")


@pytest.mark.bad_input("B004")
def test_the_expected_number_of_records_is_compared(tmp_path):
    path = written(texts(["A", "B"]), tmp_path)
    assert read_xpt(path, rows=2).num_rows == 2
    with pytest.raises(InputError, match="the file has 2 records where 3 are expected"):
        read_xpt(path, rows=3)


# files that are not what they seem


@pytest.mark.bad_input("B001")
def test_an_empty_file_is_refused(tmp_path):
    (tmp_path / "ae.xpt").write_bytes(b"")
    with pytest.raises(InputError, match="the file is empty"):
        read_xpt(tmp_path / "ae.xpt")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match="there is no such file"):
        read_xpt(tmp_path / "ae.xpt")


@pytest.mark.parametrize(
    ("start", "says"),
    [
        (b"HEADER RECORD*******LIBV8   HEADER RECORD!!!!!!!", "version 8"),
        (b"**COMPRESSED** **COMPRESSED** **COMPRESSED** ", "CPORT"),
        (b"LIB CONTROL X64_10PRO", "CPORT"),
        (bytes(12) + bytes.fromhex("c2ea8160b31411cfbd92080009c7318c181f1011"), "sas7bdat"),
        (b"PAR1", "Parquet"),
        (b"USUBJID,AETERM\n", "not a SAS transport file"),
        (b"HEADER RECORD*******LIB", "within its first header record"),
    ],
)
@pytest.mark.bad_input("B006")
def test_a_file_of_another_kind_is_called_by_its_name(tmp_path, start, says):
    path = tmp_path / "ae.xpt"
    path.write_bytes(start if says.startswith("within") else start.ljust(800, b" "))
    with pytest.raises(InputError, match=says):
        read_xpt(path)


@pytest.mark.bad_input("B006")
def test_a_zip_archive_is_called_by_its_name(tmp_path):
    with zipfile.ZipFile(tmp_path / "ae.xpt", "w") as archive:
        archive.writestr("ae.xpt", "x")
    with pytest.raises(InputError, match="ZIP archive"):
        read_xpt(tmp_path / "ae.xpt")


@pytest.mark.bad_input("B006")
def test_version_8_of_another_writer_is_called_by_its_name(tmp_path):
    pyreadstat.write_xport(pd.DataFrame({"A": [1.0]}), str(tmp_path / "ae.xpt"), file_format_version=8)
    with pytest.raises(InputError, match="version 8"):
        read_xpt(tmp_path / "ae.xpt")


@pytest.mark.bad_input("B004")
def test_a_file_cut_anywhere_within_its_header_or_records_is_refused(tmp_path):
    """Records of 84 bytes end where pieces of 80 do only after 20 of them."""
    path = written(texts([f"{number:080d}" for number in range(20)]), tmp_path)
    raw = path.read_bytes()
    start = raw.index(b"HEADER RECORD*******OBS") + 80
    for size in {*range(1, len(raw))} - {start}:
        path.write_bytes(raw[:size])
        with pytest.raises(InputError):
            read_xpt(path)


@pytest.mark.bad_input("B004")
def test_a_file_cut_after_its_header_is_told_from_one_without_records_by_the_count(tmp_path):
    path = written(texts(["A"]), tmp_path)
    path.write_bytes(path.read_bytes()[:-80])
    with pytest.raises(InputError, match="0 records where 1 are expected"):
        read_xpt(path, rows=1)


def test_a_second_dataset_in_the_file_is_refused(tmp_path):
    path = written(texts(["A"]), tmp_path)
    raw = path.read_bytes()
    path.write_bytes(raw + raw[240:])
    with pytest.raises(InputError, match="more than one dataset"):
        read_xpt(path)


@pytest.mark.parametrize(
    ("place", "new", "says"),
    [
        (240, b"X" * 48, "no dataset header"),
        (314, b"01X0", "letters where a number"),
        (314, b"0150", "descriptions of the variables are missing"),
        (614, b"0000", "descriptions of the variables are missing"),
        (614, b"0009", "descriptions of the 9 variables are cut"),
        (560, b"X" * 48, "descriptions of the variables are missing"),
        (644, b"\x00\x09", "do not make up a record"),
        (724, b"\x00\x00\x00\x05", "do not make up a record"),
        (648, b"AETERM  ", "names of the variables are not unique"),
        (648, b"        ", "names of the variables are not unique"),
    ],
)
def test_a_damaged_header_is_refused(tmp_path, place, new, says):
    path = written(texts(["A"]), tmp_path)
    raw = bytearray(path.read_bytes())
    raw[place : place + len(new)] = new
    path.write_bytes(raw)
    with pytest.raises(InputError, match=says):
        read_xpt(path)


def one_text(values, length, folder):
    variable = replace(USUBJID, length=length)
    return written(dataset_of({"USUBJID": values}, (variable,)), folder)


@pytest.mark.parametrize("length", [1, 7, 8, 40, 79, 80, 81, 160, 200])
@pytest.mark.parametrize("rows", [1, 2, 5, 10, 11])
def test_the_filling_of_the_last_record_never_becomes_records(tmp_path, length, rows):
    assert read_xpt(one_text(["X"] * rows, length, tmp_path)).num_rows == rows


@pytest.mark.bad_input("B005")
def test_blank_records_that_leave_the_count_open_are_refused(tmp_path):
    path = one_text(["X"] * 5, 8, tmp_path)
    path.write_bytes(path.read_bytes() + b" " * 80)
    with pytest.raises(InputError, match="ends in records that are blank throughout"):
        read_xpt(path)


def test_a_blank_record_longer_than_any_filling_is_a_record(tmp_path):
    path = changed(one_text(["X", "#"], 100, tmp_path), b"#", b" ")
    assert read_xpt(path)["USUBJID"].to_pylist() == ["X", None]


def test_blank_records_before_the_last_are_kept(tmp_path):
    path = changed(one_text(["X", "#", "Z"], 8, tmp_path), b"#", b" ")
    assert read_xpt(path)["USUBJID"].to_pylist() == ["X", None, "Z"]


def test_the_shorter_descriptions_of_vms_are_read(tmp_path):
    path = written(column([1.5], "float"), tmp_path)
    raw = path.read_bytes()
    namestrs = [raw[start : start + 136] for start in (640, 780)]
    block = b"".join(namestrs)
    path.write_bytes(
        raw[:316]
        + b"36"
        + raw[318:640]
        + block
        + b" " * (-len(block) % 80)
        + raw[raw.index(b"HEADER RECORD*******OBS") :]
    )
    assert read_xpt(path)["AEVAL"].to_pylist() == [1.5]


def test_shortened_numbers_are_read(tmp_path):
    path = written(dataset_of({"AEVAL": [1.5, -2.0]}, (Variable("AEVAL", "Value", "float"),)), tmp_path)
    raw = bytearray(path.read_bytes())
    raw[644:646] = b"\x00\x04"  # four bytes each
    start = len(raw) - 80
    raw[start:] = bytes.fromhex("41180000c1200000").ljust(80)
    path.write_bytes(raw)
    assert read_xpt(path)["AEVAL"].to_pylist() == [1.5, -2.0]


def test_long_files_are_read_in_pieces(tmp_path):
    rows = 70_000
    frame = pa.table({"USUBJID": [f"S-{row}" for row in range(rows)], "AEVAL": np.arange(rows, dtype=np.float64)})
    path = written(replace(column([1.0], "float"), frame=frame), tmp_path)
    assert read_xpt(path).equals(frame)
