"""Raw forms: what a contract says is put to their records, apart from the build, and nothing is told twice."""

import sys
from collections import Counter
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "build"))

from harness import STUDY, trial

from sdtm2adam.validate.raw import check_raw, raw_suite

SPEC = "dataset: AE\nkeys: [AESPID]\nrecords:\n  - {from: raw.E, set: {AESPID: ID}}"
ALL = "dataset: DM\nkeys: [USUBJID]\nrecords:\n  - {from: raw.D, set: {AGE: AGE}}"
CONTRACT = """file: E.csv
key: [ID]
where: GONE <> '1'
subjects: D
columns:
  ID: {type: integer, required: true}
  SUBJECT: {}
  DAY: {type: date}
  CLOCK: {type: time}
  NUMBER: {type: number}
  WHOLE: {type: integer}
  SEX: {values: [Male, Female], pair: CODE}
  CODE: {}
  TEXT: {max: 4, required: true}
  GONE: {}
"""
GOOD = (
    "1 11 05_JAN_2024 12:30 7.5 7 Male 1 text 0\n2 12 2024-01 . 1e3 -3 Female 2 b 0\n3 11 UN/UNK/2024 . . . male 1 c 0"
)
HEAD = "ID SUBJECT DAY CLOCK NUMBER WHOLE SEX CODE TEXT GONE"


def study(folder, rows, contract=CONTRACT):
    table = f"{HEAD}\n{rows}"
    raw = {"E": table, "D": "SUBJECT AGE\n11 1\n12 2"}
    return trial(folder, SPEC, ALL, raw=raw, contracts={"E": contract}, study=STUDY)


def told(issues):
    """How many records break each rule in each column."""
    count = Counter()
    for one in issues:
        if one.rule not in ("raw-records-excluded", "raw-value-normalized"):  # what was left out, what was read well
            count[one.dataset, one.rule, one.variable] += one.records
    return dict(count)


def test_a_good_form_has_no_issues_and_is_told_as_looked_at(tmp_path):
    made = study(tmp_path, GOOD)
    built = made.build()
    report = check_raw(made.specs, made.raw, built.raw_keys, built.issues)
    assert report.issues == ()
    assert [(one.dataset, one.records, one.expectations, one.could_not_run) for one in report.looked_at] == [
        ("raw.D", 2, 9, 0),
        ("raw.E", 3, 17, 0),
    ]


BAD = {
    "4 11 05_FOO_2024 . . . . . x 0": ("raw-date", "DAY"),
    "4 11 31_FEB_2024 . . . . . x 0": ("raw-date", "DAY"),
    "4 11 . 25:00 . . . . x 0": ("raw-date", "CLOCK"),
    "4 11 . . <0.5 . . . x 0": ("not-a-number", "NUMBER"),
    "4 11 . . 1,5 . . . x 0": ("not-a-number", "NUMBER"),
    "4 11 . . inf . . . x 0": ("not-a-number", "NUMBER"),
    "4 11 . . . 7.5 . . x 0": ("not-a-number", "WHOLE"),
    "4 11 . . . . M 1 x 0": ("raw-value", "SEX"),
    "4 11 . . . . Male 2 x 0": ("raw-pair", "SEX"),
    "4 11 . . . . . . texts 0": ("raw-too-long", "TEXT"),
    "4 11 . . . . . . . 0": ("raw-required", "TEXT"),
    "4 . . . . . . . x 0": ("raw-no-subject", "SUBJECT"),
}


@pytest.mark.parametrize("row", BAD)
def test_what_is_wrong_in_a_record_is_found_as_the_build_finds_it_and_told_once(tmp_path, row):
    made = study(tmp_path, f"{GOOD}\n{row}")
    built = made.build()
    alone = check_raw(made.specs, made.raw, built.raw_keys)
    assert told(alone.issues) == {("raw.E", *BAD[row]): 1} == told(built.issues)
    assert [one.keys for one in alone.issues] == [("ID=4",)]
    assert check_raw(made.specs, made.raw, built.raw_keys, built.issues).issues == ()


def test_records_that_the_contract_leaves_out_are_not_judged(tmp_path):
    made = study(tmp_path, f"{GOOD}\n4 11 05_FOO_2024 . x 7.5 M 1 texts 1\n5 99 . . . . . . x 0")
    built = made.build()
    report = check_raw(made.specs, made.raw, built.raw_keys)
    assert report.issues == ()
    assert {one.dataset: one.records for one in report.looked_at}["raw.E"] == 3


def test_without_a_build_all_records_are_judged_and_a_key_that_stands_twice_is_told(tmp_path):
    made = study(tmp_path, f"{GOOD}\n3 99 . . . . . . x 0")
    assert told(check_raw(made.specs, made.raw).issues) == {
        ("raw.E", "raw-key", "ID"): 2,
        ("raw.E", "raw-subject-unknown", "SUBJECT"): 1,
    }


def test_a_column_that_the_file_lacks_is_told_and_one_more_is_not_told_here(tmp_path):
    made = study(tmp_path, GOOD)
    path = made.raw["E"]
    path.write_text(path.read_text(encoding="utf-8").replace("CLOCK", "NEW"), encoding="utf-8")
    (issue,) = check_raw(made.specs, made.raw).issues
    assert (issue.rule, issue.severity, issue.variable) == ("raw-column-gone", "warning", "CLOCK")


def test_a_decimal_comma_that_the_contract_declares_is_a_number(tmp_path):
    contract = CONTRACT.replace("key: [ID]", 'key: [ID]\nread: {decimal: ","}')
    made = study(tmp_path, "1 11 . . 1,5 7 . . x 0\n2 11 . . 1;5 7 . . x 0", contract)
    assert told(check_raw(made.specs, made.raw).issues) == {("raw.E", "not-a-number", "NUMBER"): 1}


def test_what_a_contract_says_becomes_expectations(tmp_path):
    kinds = [one.kind for one in raw_suite(study(tmp_path, GOOD).specs, "E")]
    assert kinds == [
        "raw-column-gone", "raw-key", "raw-no-subject", "raw-test-subject", "raw-subject-unknown", "raw-required",
        "raw-value",
        "raw-too-long", "raw-pair", "not-a-number", "raw-date", *["privacy"] * 6,
    ]  # fmt: skip
