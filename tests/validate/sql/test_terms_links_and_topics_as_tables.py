"""The tables of metadata that relate records: terms of codelists, links, and what events and treatments are called."""

import pyarrow as pa

from sdtm2adam.model import Dataset, Variable
from sdtm2adam.spec.packages import bundled_terminology
from sdtm2adam.validate.sql.meta import COLUMNS, META_TABLES
from sdtm2adam.validate.sql.store import Database, Store


def dataset(name, columns):
    frame = pa.table(columns)
    variables = tuple(Variable(column, "", "text") for column in frame.column_names)
    return Dataset(name, "", "adam" if name.startswith("AD") else "sdtm", "", "", (), variables, frame, pa.table({}))


def rows(table, *datasets):
    with Database() as database:
        store = Store(database, {one.name: one for one in datasets}, {}, bundled_terminology(), META_TABLES)
        found = META_TABLES[table](store)
    assert found.column_names == list(COLUMNS[table])
    return found.to_pylist()


VS = dataset("VS", {"USUBJID": ["1"], "VSTESTCD": ["SYSBP"], "VSTEST": ["Systolic Blood Pressure"]})


def test_a_code_and_its_name_have_one_concept_code():
    lists = {row["variable"]: row["codelist"] for row in rows("codelists", VS)}
    assert lists == {"VSTESTCD": "C66741", "VSTEST": "C67153"}
    codes = {(row["short"], row["term"]): row["code"] for row in rows("terms", VS)}
    assert codes["VSTESTCD", "SYSBP"] == codes["VSTEST", "Systolic Blood Pressure"] == "C25298"


def test_a_list_of_which_only_a_part_is_at_hand_has_no_terms():
    lb = dataset("LB", {"USUBJID": ["1"], "LBTESTCD": ["ALT"], "LBFAST": ["Y"]})
    partial = {one.code for one in bundled_terminology().of(["C65047"]) if not one.whole}
    told = {row["codelist"] for row in rows("terms", lb)}
    assert not told & partial
    assert {row["variable"] for row in rows("codelists", lb)} >= {"LBTESTCD", "LBFAST"}


def test_links_are_those_of_tabulated_records_by_subject():
    tu = dataset("TU", {"USUBJID": ["1", "1", "2"], "TULNKID": ["T1", "T1", None], "TULNKGRP": [None, None, "A"]})
    adam = dataset("ADTR", {"USUBJID": ["1"], "TRLNKID": ["T1"]})
    found = rows("links", tu, adam)
    assert [(r["variable"], r["USUBJID"], r["value"], r["records"]) for r in found] == [
        ("TULNKGRP", "2", "A", 1), ("TULNKID", "1", "T1", 2),
    ]  # fmt: skip


def test_topics_are_the_names_of_events_and_interventions_only():
    ae = dataset("AE", {"USUBJID": ["1"], "AETERM": ["rash"], "AEDECOD": ["Rash"], "AESOC": ["Skin"]})
    cm = dataset("CM", {"USUBJID": ["2"], "CMTRT": ["Aspirin"], "CMDECOD": pa.array([None], pa.string())})
    found = {(r["dataset"], r["variable"], r["value"]) for r in rows("topics", ae, cm, VS)}
    assert found == {("AE", "AETERM", "rash"), ("AE", "AEDECOD", "Rash"), ("CM", "CMTRT", "Aspirin")}


def test_tables_without_data_have_their_columns():
    for table in ("codelists", "terms", "links", "topics"):
        assert rows(table) == []
