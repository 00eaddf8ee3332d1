"""The records behind findings: by key, along lineage, in the raw forms as they lie in their files."""

from dataclasses import replace

import pandas as pd
import pyarrow as pa
import pytest
from desk_study import (
    ABOUT,
    ACCEPTED,
    CHANGED,
    CONFLICT,
    RAW_KEYS,
    WHOLE,
    from_raw,
    looked_at,
    parts_of,
    raw,
    rows_of,
    study,
    table,
)
from drawn_datasets import draw

from sdtm2adam.model import Finding, Severity
from sdtm2adam.validate.desk import render_dashboard
from sdtm2adam.validate.desk.keyed import pairs_of
from sdtm2adam.validate.desk.people import People


def behind(finding, datasets=None, **given):
    """The raw records of a finding as (form, record number in the file, values), and those of its dataset."""
    made = render_dashboard(
        [finding], looked_at(), datasets or study(), **{"raw": raw(), "raw_keys": RAW_KEYS, **given}
    )
    parts = parts_of(made)
    forms = [
        (parts[f"form-{at}"]["name"], parts[f"form-{at}"]["at"][row] + 1, rows_of(parts[f"form-{at}"])[row])
        for at, _, *rows in parts["findings"]["raw"][0]
        for row in rows
    ]
    own = [rows_of(parts[f"record-{at}"])[row] for at, _, *rows in parts["findings"]["own"][0] for row in rows]
    return forms, own, parts


def test_a_finding_shows_the_raw_records_that_it_names():
    forms, own, _ = behind(CONFLICT)
    assert [(form, number, values["RECORDID"]) for form, number, values in forms] == [
        ("DEATH", 2, "77"),
        ("SURV", 2, "88"),
    ]
    assert [values["DTHDTC"] for values in own] == ["2020-03-05"]


def test_the_listing_has_all_records_of_the_subject_and_none_of_others():
    _, _, parts = behind(CONFLICT)
    listed = {parts[f"form-{at}"]["name"]: [row["RECORDID"] for row in rows_of(parts[f"form-{at}"])] for at in (0, 1)}
    assert listed == {"DEATH": ["77"], "SURV": ["86", "88"]}


def test_lineage_counts_in_the_order_of_keys_and_the_form_in_that_of_its_file():
    forms, own, _ = behind(CHANGED)
    assert [(form, number, values["AETERM"]) for form, number, values in forms] == [("AE", 3, "sepsis")]
    assert own[0]["AETERM"] == "sepsis"


@pytest.mark.parametrize(
    "keys",
    [
        {},
        {"raw.AE": pa.table({"row": [0, 1, 2, 3]})},
        {"raw.AE": pa.table({"row": [0, 1, 2, 3], "GONE": [7, 9, 12, 100]})},
    ],
    ids=["no keys", "a form without key", "a key that is not in the form"],
)
def test_without_keys_lineage_leads_to_no_raw_record(keys):
    assert behind(CHANGED, raw_keys=keys)[0] == []


def test_adam_is_followed_through_sdtm():
    adae = table(
        "ADAE", {"USUBJID": ["ST-103-001"], "ASEQ": [1], "AETERM": ["rash"]}, stage="adam",
        lineage={"source": ["AE"], "source_row": [2]},
    )  # fmt: skip
    finding = Finding("1", "R", Severity.ERROR, "ADAE", "", "USUBJID=ST-103-001, ASEQ=1", "", "T")
    forms, _, _ = behind(finding, {**study(), "ADAE": adae})
    assert [(number, values["AETERM"]) for _, number, values in forms] == [(2, "rash")]


def test_a_dataset_of_one_record_a_subject_shows_what_it_was_picked_from():
    dm = table(
        "DM", {"USUBJID": ["ST-102-003"], "DTHDTC": ["2020-03-05"]},
        lineage={"source": [None], "source_row": pa.array([None], pa.int64()), "D.source": ["DD"], "D.row": [0]},
    )  # fmt: skip
    dd = replace(study()["DD"], lineage=pa.table({"row": [0], **from_raw("DEATH", [1], 1)}))
    keys = {"raw.DEATH": pa.table({"row": [0, 1], "RECORDID": [76, 77]})}
    forms, _, _ = behind(replace(CONFLICT, raw=()), {"DM": dm, "DD": dd}, raw_keys=keys)
    assert [(form, values["RECORDID"]) for form, _, values in forms] == [("DEATH", "77")]


def test_a_key_that_stands_twice_in_a_form_marks_both_records():
    forms = raw()
    forms["AE"] = pa.concat_tables([forms["AE"], forms["AE"].slice(2, 1)])
    assert [number for _, number, _ in behind(CHANGED, raw=forms)[0]] == [3, 5]


def test_a_finding_of_a_raw_form_gets_subject_and_site_from_its_record():
    finding = Finding("1", "raw-date", Severity.WARNING, "raw.AE", "AESTDAT", "RECORDID=9", "UN FEB 2020", "T")
    forms, _, parts = behind(finding)
    assert [(form, number) for form, number, _ in forms] == [("AE", 3)]
    told = rows_of(parts["findings"]["table"])[0]
    assert (told["subject"], told["site"]) == ("ST-102-003", "102")


def test_a_finding_about_several_subjects_belongs_to_none():
    finding = Finding("1", "R", Severity.ERROR, "AE", "", "AETOXGR=1, AESER=N", "", "T")
    assert rows_of(behind(finding)[2]["findings"]["table"])[0]["subject"] == "ST-103-001"
    finding = replace(finding, key="AESER=N")
    told = rows_of(behind(finding)[2]["findings"]["table"])[0]
    assert (told["subject"], told["site"]) == (None, None)


def test_a_raw_record_in_the_key_is_found_where_the_rest_names_nothing():
    key = "USUBJID=ST-102-003, AESTDTC=, _WORK=1, raw.AE RECORDID=7"
    forms, own, _ = behind(replace(CHANGED, key=key))
    assert ([values["AETERM"] for _, _, values in forms], own) == (["fever"], [])


def test_acceptance_state_and_value_before_are_told():
    told = rows_of(behind(ACCEPTED)[2]["findings"]["table"])[0]
    assert (told["state"], told["who"], told["when"], told["why"]) == (
        "accepted",
        "A. Manager",
        "2020-05-01",
        "Not known.",
    )
    assert rows_of(behind(CHANGED)[2]["findings"]["table"])[0]["before"] == "4"


def test_a_finding_of_a_whole_dataset_has_no_record():
    assert behind(WHOLE)[:2] == ([], [])


def test_many_records_of_one_finding_are_counted_and_the_first_shown():
    vs = table("VS", {"USUBJID": ["ST-102-003"] * 30, "VSSEQ": list(range(30))})
    finding = Finding("1", "R", Severity.ERROR, "VS", "", "USUBJID=ST-102-003", "", "T")
    _, own, parts = behind(finding, {**study(), "VS": vs})
    assert (len(own), parts["findings"]["own"][0][0][1]) == (20, 30)


KEYED = draw(
    "LB",
    """
    USUBJID LBSEQ:integer VISITNUM:float LBTEST LBDTC
    01      1             203            a,_b   2020-01-01
    01      2             208.001        A=1    .
    02      3             1              .      2020-01-01
    """,
)


@pytest.mark.parametrize(
    ("key", "rows"),
    [
        ("USUBJID=01, LBSEQ=2", [1]),
        ("USUBJID=01, VISITNUM=203.0", [0]),
        ("USUBJID=01, VISITNUM=208.001", [1]),
        ("USUBJID=01, LBTEST=a, b", [0]),
        ("USUBJID=01, LBDTC=", [1]),
        ("LBTEST=A=1", [1]),
        ("USUBJID=01", [0, 1]),
        ("row 3", [2]),
        ("row 4", []),
        ("USUBJID=03, LBSEQ=1", []),
        ("USUBJID=01, GONE=1", []),
        ("USUBJID=01, USUBJID=01", []),
        ("whatever", []),
        ("", []),
    ],
)
def test_a_key_in_words_names_records(key, rows):
    found = pairs_of(KEYED, {5: key})
    assert found["row"].tolist() == rows
    assert set(found["finding"]) <= {5}


def test_the_column_of_the_subject_is_the_one_that_names_subjects():
    people = People(study())
    assert people.column_in(raw()["AE"]) == "SUBJECT"
    assert (
        people.column_in(pa.table({"ACC": ["1", "2"], "PATIENT": ["102-003", "999"], "WHO": ["102-003", "102-004"]}))
        == "WHO"
    )
    assert people.column_in(pa.table({"LABID": ["L1"], "LO": ["1"]})) == ""


def test_a_short_name_that_two_subjects_share_names_neither():
    dm = draw("DM", "USUBJID SUBJID SITEID\n A-1 1 A\n B-1 1 B\n B-2 2 B")
    people = People({"DM": dm})
    assert [people.named(name) for name in ("1", "2", "A-1")] == ["1", "B-2", "A-1"]


def test_nothing_given_is_changed():
    datasets, forms = study(), raw()
    before = {name: dataset.frame.to_pydict() for name, dataset in datasets.items()}
    render_dashboard([CONFLICT, CHANGED], looked_at(), datasets, about=ABOUT, raw=forms, raw_keys=RAW_KEYS)
    assert {name: dataset.frame.to_pydict() for name, dataset in datasets.items()} == before
    assert forms["AE"].equals(raw()["AE"])
    assert isinstance(pairs_of(KEYED, {}), pd.DataFrame)
