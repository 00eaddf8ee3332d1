"""An issue names all its records: the subject and the raw record, however long the way from the form is."""

import pytest
from harness import told, trial

FORM = """
RECORDID:integer SUBJECT DAT        X
11               1       05_JAN_2014 1
12               1       32_JAN_2014 2
13               2       99_FEB_2014 3
14               2       99_FEB_2014 4
15               2       .           5
16               2       .           5
"""
BLOCKS = {
    "from": "  - {from: raw.F, set: {CEDTC: DAT, CETERM: X}}",
    "two blocks": "  - {from: raw.F, where: X < '3', set: {CEDTC: DAT, CETERM: X}}\n"
    "  - {from: raw.F, where: X >= '3', set: {CEDTC: DAT, CETERM: X}}",
    "having": "  - {from: raw.F, set: {CEDTC: DAT, CETERM: X}, having: CETERM <> ''}",
}
SPEC = """
dataset: CE
keys: [CETERM, _AT]
records:
{blocks}
variables: {{_AT: {{seq: {{by: [USUBJID, CETERM], order: [CETERM]}}}}}}
checks: [{{id: DATED, expect: CEDTC is not null, text: An event has a date.}}]
"""


@pytest.mark.parametrize("blocks", BLOCKS.values(), ids=list(BLOCKS))
def test_issues_name_each_record_by_subject_and_key_of_the_form(tmp_path, blocks):
    built = trial(tmp_path, SPEC.format(blocks=blocks), raw={"F": FORM}).build()
    issues = {issue.value or issue.rule: issue for issue in built.issues}
    assert issues["99 FEB 2014"].keys == ("USUBJID=S1-2, raw.F RECORDID=13", "USUBJID=S1-2, raw.F RECORDID=14")
    assert issues["32 JAN 2014"].keys == ("USUBJID=S1-1, raw.F RECORDID=12",)
    assert issues["DATED"].records == 5
    assert issues["DATED"].keys[0] == "USUBJID=S1-1, CETERM=2, raw.F RECORDID=12"


def test_records_that_were_saved_twice_are_all_named(tmp_path):
    spec = "dataset: CE\nkeys: [CETERM]\nrecords:\n  - {from: raw.F, dedupe: {by: all}, set: {CETERM: X}}"
    built = trial(tmp_path, spec, raw={"F": FORM}).build()
    assert told(built, "rule", "records", "keys") == [("duplicates-dropped", 1, ("raw.F RECORDID=16",))]


def test_a_test_of_an_unpivoted_record_is_named_once(tmp_path):
    spec = """
dataset: CE
keys: [CETERM, _CODE]
records:
  - from: raw.F
    unpivot: {A: {CEDTC: DAT}, B: {CEDTC: DAT}}
    into: _CODE
    set: {CETERM: RECORDID}
"""
    built = trial(tmp_path, spec, raw={"F": FORM}).build()
    found = next(issue for issue in built.issues if issue.value == "99 FEB 2014")
    assert (found.records, found.keys) == (2, ("USUBJID=S1-2, raw.F RECORDID=13", "USUBJID=S1-2, raw.F RECORDID=14"))


def test_lineage_says_which_block_made_a_row_where_there_are_several(tmp_path):
    spec = """
dataset: CE
keys: [CETERM]
records:
  - {from: raw.F, where: X < '3', set: {CETERM: RECORDID}}
  - {from: raw.F, where: X >= '3', set: {CETERM: RECORDID}}
"""
    made = trial(tmp_path, spec, raw={"F": FORM}).build().datasets["CE"]
    assert made.lineage["block"].to_pylist() == [0, 0, 1, 1, 1, 1]
