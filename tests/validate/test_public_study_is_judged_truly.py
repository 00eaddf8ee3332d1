"""The public pilot study: every issue found in it is there, looked up by hand in the records."""

import csv
import gzip
import io
import json
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sdtm2adam.model import Dataset, Severity, Variable
from sdtm2adam.validate.report import summarise_report
from sdtm2adam.validate.run import check_datasets

SHARED = Path(__file__).resolve().parents[3] / "shared"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SHARED.is_dir(), reason="the public study is not beside the repository"),
]
KEYS = {
    "DM": ("USUBJID",), "ADSL": ("USUBJID",), "SV": ("USUBJID", "VISITNUM"), "TS": ("TSPARMCD", "TSSEQ"),
    "ADAE": ("USUBJID", "AESEQ"), "ADRS": ("USUBJID", "ASEQ"), "ADTTE": ("USUBJID", "PARAMCD"),
}  # fmt: skip


def rows(name):
    path = SHARED / "standards" / name
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if name.endswith("gz") else raw).decode("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.fixture(scope="module")
def standard():
    terms = {}
    for row in rows("ct_sdtm_2025-03-28.csv.gz"):
        found = terms.setdefault(row["codelist_code"], ([], row["extensible"].lower() != "no"))
        found[0].append(row["submission_value"])
    return {(row["dataset"], row["variable"]): row for row in rows("sdtmig34_variables.csv")}, terms


def declared(kind):
    if pa.types.is_integer(kind):
        return "integer"
    if pa.types.is_floating(kind):
        return "float"
    if pa.types.is_timestamp(kind):
        return "datetime"
    return "date" if pa.types.is_date(kind) else "text"


def variable(dataset, field, label, standard):
    facts, terms = standard
    row = facts.get(("SUPPQUAL" if dataset.startswith("SUPP") else dataset, field.name), {})
    values, extensible = terms.get(row.get("codelist_ccode"), ([], True))
    return Variable(
        field.name, label, declared(field.type), codelist=row.get("codelist_ccode", ""), terms=tuple(values),
        extensible=extensible, core=row.get("core", ""),
    )  # fmt: skip


def dataset(path, stage, standard):
    name, frame = path.stem.replace("_onco", "").upper(), pq.read_table(path)
    labels = json.loads((path.parents[1] / "labels" / f"{path.stem}.json").read_text(encoding="utf-8"))["labels"]
    variables = tuple(variable(name, field, labels[field.name], standard) for field in frame.schema)
    keys = ("USUBJID", "IDVAR", "IDVARVAL", "QNAM") if name.startswith("SUPP") else ("USUBJID", f"{name}SEQ")
    return Dataset(name, name, stage, "", "", KEYS.get(name, keys), variables, frame, pa.table({}),
                   per_subject="USUBJID" in frame.column_names)  # fmt: skip


@pytest.fixture(scope="module")
def report(standard):
    study = [
        dataset(path, stage, standard)
        for folder, stage in (("pharmaversesdtm", "sdtm"), ("pharmaverseadam", "adam"))
        for path in sorted((SHARED / "data" / folder / "parquet").glob("*.parquet"))
        if "recist" not in path.stem
    ]
    return check_datasets({one.name: one for one in study})


def test_all_of_it_is_looked_at_and_nothing_could_not_run(report):
    assert sum(one.records for one in report.looked_at) == 126_717
    assert sum(one.could_not_run for one in report.looked_at) == 0
    assert summarise_report(report).startswith("looked at 19 datasets, 126,717 records, ")


def test_no_gate_is_broken(report):
    assert report.gates_broken == ()


def wrong_days(dataset, day, date):
    """Records whose study day is not the days from RFSTDTC, without a day 0; of partial dates there is none."""
    return f"""select count(*) from {dataset} join DM using (USUBJID) where {day} is distinct from (case
        when length({date}) >= 10 and length(RFSTDTC) >= 10 then
            date_diff('day', cast(left(RFSTDTC, 10) as date), cast(left({date}, 10) as date))
            + cast(left({date}, 10) >= left(RFSTDTC, 10) as integer) end)"""


FOUND = {
    ("ADRS", "same-value", "RANDDT", ""): """select count(*) from ADRS a join ADSL s using (USUBJID)
        where a.RANDDT is distinct from s.RANDDT""",
    ("ADAE", "type-differs", "SCRFDT", ""):  # a datetime in ADAE, a date elsewhere; it tells of no record
        """select count(*) from (select distinct typeof(SCRFDT) as kind from ADRS)
        where kind in (select distinct typeof(SCRFDT) from ADAE)""",
    ("CM", "codelist-spelling", "CMDOSU", "IN"): "select count(*) from CM where CMDOSU = 'IN'",
    ("RS", "missing-with", "RSORRES", "NE / NOT DONE"):
        "select count(*) from RS where RSSTAT = 'NOT DONE' and RSORRES <> ''",
    ("RS", "missing-with", "RSSTRESC", "NE / NOT DONE"):
        "select count(*) from RS where RSSTAT = 'NOT DONE' and RSSTRESC <> ''",
    ("SV", "one-to-one", "VISITNUM", "9.1 / UNSCHEDULED 9.1"):
        "select count(*) from SV where VISITNUM = 9.1 and VISIT <> 'WEEK 14 (T)'",
    ("TS", "text-ascii", "TSVAL", "Patients with Probable Mild to Moderate Alzheimer’s Disease"):
        "select count(*) from TS where TSVAL like '%’%'",
    ("VS", "codelist-spelling", "VSORRESU", "BEATS/MIN"): "select count(*) from VS where VSORRESU = 'BEATS/MIN'",
    ("VS", "codelist-spelling", "VSORRESU", "IN"): "select count(*) from VS where VSORRESU = 'IN'",
    ("VS", "codelist-spelling", "VSSTRESU", "BEATS/MIN"): "select count(*) from VS where VSSTRESU = 'BEATS/MIN'",
    ("DM", "DM-CONSENT-IN-DS", "USUBJID", "01-701-1015"): """select count(*) from DM where USUBJID not in
        (select USUBJID from DS where DSDECOD = 'INFORMED CONSENT OBTAINED')""",
    ("DS", "text-blank", "DSSPID", " 7"): "select count(*) from DS where DSSPID like ' %'",
    ("SV", "after-death", "SVSTDTC", "2013-08-03"):
        "select count(*) from SV join DM using (USUBJID) where SVSTDTC > DTHDTC and DTHDTC <> ''",
    ("AE", "study-day", "AESTDY", "366 / 2013-05-09"):
        wrong_days("AE", "AESTDY", "AESTDTC") + " and AESTDY is not null",
    ("RS", "study-day", "RSDY", "84 / 2013-10-09"): wrong_days("RS", "RSDY", "RSDTC") + " and RSDY is not null",
    ("RS", "study-day-missing", "RSDY", " / 2014-01-08"): wrong_days("RS", "RSDY", "RSDTC") + " and RSDY is null",
    ("TU", "study-day", "TUDY", "1 / 2014-01"): wrong_days("TU", "TUDY", "TUDTC") + " and TUDY is not null",
}  # fmt: skip
"""Each error and warning, with an independent count of its records."""


def test_every_error_and_warning_is_there_as_often_as_sql_counts_it(report):
    connection = duckdb.connect()
    for folder in ("pharmaversesdtm", "pharmaverseadam"):
        for path in sorted((SHARED / "data" / folder / "parquet").glob("*.parquet")):
            if "recist" not in path.stem:
                name = path.stem.replace("_onco", "").upper()
                connection.register(name, pq.read_table(path))
    told = {
        (one.dataset, one.rule, one.variable, one.value): one.records
        for one in report.issues
        if one.severity is not Severity.NOTE
    }
    counted = {key: connection.execute(sql).fetchall()[0][0] for key, sql in FOUND.items()}
    assert told == counted


def test_notes_are_values_beside_extensible_lists_and_variables_without_values(report):
    notes = [one for one in report.issues if one.severity is Severity.NOTE]
    assert {one.rule for one in notes} == {"codelist-extended", "expected-empty"}
    assert [one.variable for one in notes if one.dataset == "RS"] == ["RSSTRESC"]
    assert ("LBTESTCD", "BUN") in [(one.variable, one.value) for one in notes]
