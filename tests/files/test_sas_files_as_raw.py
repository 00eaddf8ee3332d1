"""SAS datasets and transport files as raw data: what a SAS user sees, as texts."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from raw_samples import column, refusal, rows, told

from sdtm2adam.files.sas_text import sas_texts
from sdtm2adam.files.xpt.formats import parse_format

SAMPLES = Path(__file__).parent / "same_rows"
DAY = float((date(2014, 10, 2) - date(1960, 1, 1)).days)
MOMENT = DAY * 86_400


def xpt(folder, frame, formats=None):
    """A transport file written by another program."""
    path = folder / "mrd.xpt"
    pyreadstat.write_xport(
        pd.DataFrame(frame), str(path), file_format_version=5, table_name="MRD", variable_format=formats or {}
    )
    return path


def shown(values, form):
    """Numbers under a SAS format."""
    numbers = np.array(values, dtype=np.float64)
    return sas_texts(np.nan_to_num(numbers), np.isnan(numbers), parse_format(form)).values.to_pylist()


def test_numbers_are_the_shortest_decimals_that_they_are():
    values = [5, 0.1, -0.5, 1e15, 1234567890123456, 1e22, 1e-7, 0.30000000000000004, -0.0, np.nan]
    assert shown(values, "8.2") == [
        "5", "0.1", "-0.5", "1000000000000000", "1234567890123456", "10000000000000000000000", "0.0000001",
        "0.30000000000000004", "0", None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (DAY, "DATE9.", "2014-10-02"),
        (0, "YYMMDD10.", "1960-01-01"),
        (-1, "DDMMYY10.", "1959-12-31"),
        (DAY, "DATE", "2014-10-02"),
        (DAY, "MONYY7.", "2014-10-02"),
        (DAY - 1, "MONYY7.", "2014-10"),
        (19724, "YEAR4.", "2014"),
        (MOMENT + 37_800, "DATETIME20.", "2014-10-02T10:30:00"),
        (MOMENT + 37_800, "DATETIME", "2014-10-02T10:30:00"),
        (MOMENT + 37_800, "DATETIME13.", "2014-10-02T10:30"),
        (MOMENT + 37_805, "DATETIME13.", "2014-10-02T10:30:05"),
        (MOMENT + 37_805.25, "DATETIME22.2", "2014-10-02T10:30:05.25"),
        (MOMENT, "DTDATE9.", "2014-10-02"),
        (MOMENT + 60, "DTDATE9.", "2014-10-02T00:01:00"),
        (-1, "DATETIME20.", "1959-12-31T23:59:59"),
        (37_800, "TIME5.", "10:30"),
        (37_801, "TIME5.", "10:30:01"),
        (37_800, "TIME8.", "10:30:00"),
        (86_400, "TIME8.", "24:00:00"),
        (DAY + 0.5, "DATE9.", "19998.5"),
        (9e9, "DATE9.", "9000000000"),
        (-5, "TIME8.", "-5"),
        (DAY, "BEST12.", "19998"),
    ],
)
def test_a_number_is_read_as_its_format_shows_it(value, form, text):
    assert shown([value], form) == [text]


def test_a_transport_file_gives_texts_dates_and_missing_values(tmp_path):
    path = xpt(
        tmp_path,
        {"ACCNO": ["M1", "", "007"], "COLDT": [DAY, None, 0.0], "PCT": [0.01, 1.0, None]},
        {"COLDT": "DATE9."},
    )
    assert rows(path, {"Accession": "ACCNO"}) == [
        {"Accession": "M1", "COLDT": "2014-10-02", "PCT": "0.01"},
        {"Accession": None, "COLDT": None, "PCT": "1"},
        {"Accession": "007", "COLDT": "1960-01-01", "PCT": None},
    ]
    assert told(path) == []


def test_special_missing_values_of_a_transport_file_are_missing_and_counted(tmp_path):
    path = xpt(tmp_path, {"A": ["1", "2", "3"], "PCT": [0.25, 0.5, 0.75]})
    data = path.read_bytes()
    half, three_quarters = (bytes.fromhex(f"40{first}0000000000000") for first in ("8", "c"))
    assert data.count(half) == data.count(three_quarters) == 1
    path.write_bytes(data.replace(half, b"A" + bytes(7)).replace(three_quarters, b"_" + bytes(7)))
    assert column(path, "PCT") == ["0.25", None, None]
    assert told(path) == [
        ("raw-special-missing", "note", "PCT: the special missing value .A of SAS is read as missing (records: 1)"),
        ("raw-special-missing", "note", "PCT: the special missing value ._ of SAS is read as missing (records: 1)"),
    ]


def test_a_number_that_cannot_be_the_date_it_is_shown_as_is_kept_and_told(tmp_path):
    path = xpt(tmp_path, {"A": ["1", "2"], "D": [DAY, DAY + 0.5]}, {"D": "DATE9."})
    assert column(path, "D") == ["2014-10-02", "19998.5"]
    what = "D: 1 of its numbers cannot be a date, as the format DATE9. says; kept as numbers"
    assert told(path) == [("raw-sas-format", "error", what)]


def test_a_date_shown_without_its_day_is_told(tmp_path):
    [(rule, severity, what)] = told(xpt(tmp_path, {"A": ["1"], "D": [DAY]}, {"D": "MONYY7."}))
    assert (rule, severity) == ("raw-date-coarse", "warning")
    assert what == "D is shown by its format MONYY7. without a day; whether the days stored were collected is open"


@pytest.mark.bad_input("B008")
def test_texts_that_are_not_utf8_need_a_declared_encoding_and_are_counted(tmp_path):
    path = xpt(tmp_path, {"T": ["caf\u00e9", "tea"]})
    path.write_bytes(path.read_bytes().replace("\u00e9".encode(), b"\x92 "))
    [(where, what, mend)] = refusal(path)
    assert where == "mrd.xpt, row 1, variable T"
    assert what == "the byte 0x92 is neither ASCII nor part of UTF-8"
    assert mend.startswith("declare the encoding of the file")
    assert column(path, "T", encoding="cp1252") == ["caf\u2019", "tea"]
    assert told(path, encoding="cp1252") == [
        ("raw-encoding", "note", "T: texts that are not UTF-8 were read as cp1252, as declared (records: 1)")
    ]


def test_a_sas_dataset_gives_texts_dates_and_missing_values():
    first, *_, last = rows(SAMPLES / "lab.sas7bdat")
    assert first == {
        "RECORDID": "1", "SUBJECT": "007-0001", "FOLDER": "Screening", "COLLECTED": "2014-01-03T08:00:00",
        "HGB": "12.3", "HGB_U": "g/dL", "CREATININE": "70", "CREATININE_U": "µmol/L", "PLAT": "150",
    }  # fmt: skip
    assert (last["HGB"], last["CREATININE"]) == (None, "0.000001")
    assert told(SAMPLES / "lab.sas7bdat") == [
        ("raw-special-missing", "note", "HGB: the special missing value .A of SAS is read as missing (records: 1)")
    ]
    assert column(SAMPLES / "demog.sas7bdat", "INFORMED_TIME") == ["09:05", None, None]


def test_a_sas_dataset_is_read_alike_in_pieces(monkeypatch):
    whole = rows(SAMPLES / "lab.sas7bdat")
    monkeypatch.setattr("sdtm2adam.files.sas7bdat._CELLS", 20)
    assert rows(SAMPLES / "lab.sas7bdat") == whole


@pytest.mark.parametrize("size", [100, 300, 8192, 12_000, 16_383])
def test_a_sas_dataset_that_was_cut_is_refused(tmp_path, size):
    path = tmp_path / "lab.sas7bdat"
    path.write_bytes((SAMPLES / "lab.sas7bdat").read_bytes()[:size])
    [(where, what, _)] = refusal(path)
    assert where == "lab.sas7bdat"
    assert what in (
        f"the file ends after {size} bytes, within its header",
        f"the file has {size:,} bytes where its header says 16,384: it is cut",
    )


@pytest.mark.bad_input("B007")
def test_a_sas_dataset_with_a_wrong_encoding_names_the_first_such_text(tmp_path):
    path = tmp_path / "lab.sas7bdat"
    data = (SAMPLES / "lab.sas7bdat").read_bytes()
    path.write_bytes(data.replace("µmol/L".encode(), "µmol/L ".encode("cp1252")))
    [(where, what, mend)] = refusal(path)
    assert where == "lab.sas7bdat, row 1, variable CREATININE_U"
    assert what.startswith("a text is not in the encoding utf-8 ('utf-8' codec can't decode byte 0xb5")
    assert mend.startswith("declare how the texts really are: read: {encoding: cp1252}")
    assert column(path, "CREATININE_U", encoding="cp1252")[0] == "µmol/L"
