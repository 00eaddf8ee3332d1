"""Data come as CSV or Parquet (raw) and as Parquet or XPT (SDTM); the same data give the same datasets."""

from datetime import UTC, date, datetime

import pyarrow as pa
import pytest
from harness import is_drawn, trial, write_parquet

from sdtm2adam.errors import InputError
from sdtm2adam.files.xpt import write_xpt

DM = """dataset: DM
keys: [USUBJID]
records:
  - from: raw.D
    set: {SUBJID: SUBJECT, AGE: AGE, SEX: SEX, RFSTDTC: START}
    supp: {NOTE: {sql: N, label: Note}}
"""
ADSL = (
    "dataset: ADSL\nkeys: [USUBJID]\nrecords:\n  - {from: DM, copy: [AGE, SEX, NOTE]}\nvariables:\n"
    "  TRTSDT: dt(DM.RFSTDTC)\nlookups: {DM: {from: DM}}"
)
RAW = "SUBJECT AGE:number SEX N START\n11 50 M x 05_JAN_2014\n12 . F . ."


def test_sdtm_may_come_as_xpt(tmp_path):
    sdtm = trial(tmp_path / "sdtm", DM, raw={"D": RAW}).build().datasets
    study = trial(tmp_path / "adam", ADSL)
    for name, dataset in sdtm.items():
        study.sdtm[name] = tmp_path / f"{name.lower()}.xpt"
        write_xpt(dataset, study.sdtm[name], datetime(2020, 1, 1, tzinfo=UTC))
    assert study.lint() > 0
    is_drawn(
        study.build().datasets["ADSL"],
        "USUBJID AGE SEX NOTE TRTSDT\nS1-11 50 M x 2014-01-05\nS1-12 . F . .",
    )


def test_a_raw_form_may_come_as_parquet_of_texts(tmp_path):
    study = trial(tmp_path, DM, raw={"D": RAW})
    columns = {"SUBJECT": ["11"], "AGE": ["50"], "SEX": ["M"], "N": ["x"], "START": ["05 JAN 2014"]}
    study.raw["D"] = write_parquet(tmp_path / "raw" / "D.parquet", pa.table(columns))
    is_drawn(study.build().datasets["DM"], "USUBJID AGE SEX RFSTDTC\nS1-11 50 M 2014-01-05")


def test_a_raw_form_as_parquet_of_numbers_or_dates_is_refused_since_texts_are_lost_in_them(tmp_path):
    study = trial(tmp_path, DM, raw={"D": RAW})
    columns = {"SUBJECT": [11], "AGE": [50.0], "SEX": ["M"], "N": ["x"], "START": [date(2014, 1, 5)]}
    study.raw["D"] = write_parquet(tmp_path / "raw" / "D.parquet", pa.table(columns))
    with pytest.raises(InputError, match="column SUBJECT is of type int64, not text"):
        study.build()
