"""Contracts of raw forms: what is read, left out, numbered, and told."""

import pytest
from harness import STUDY, build_one, is_drawn, told, trial

from sdtm2adam.errors import InputError, InputErrors

CONTRACT = """file: D.csv
key: [ID]
where: GONE <> '1'
columns: {ID: {type: integer}, SUBJECT: {}, AGE: {}, GONE: {}}
"""
SPEC = "dataset: DM\nkeys: [USUBJID]\nrecords:\n  - {from: raw.D, set: {AGE: AGE}}"


def contracted(folder, table, contract=CONTRACT, **more):
    """DM of a form with this contract."""
    return trial(folder, SPEC, raw={"D": table}, contracts={"D": contract}, **more)


@pytest.mark.bad_input("B049")
def test_the_contract_leaves_records_out_and_counts_them(tmp_path):
    built = contracted(tmp_path, "ID SUBJECT AGE GONE\n1 11 50 0\n2 12 51 1\n10 13 52 .").build()
    is_drawn(built.datasets["DM"], "USUBJID AGE\nS1-11 50")
    assert told(built, "dataset", "rule", "records") == [("raw.D", "raw-records-excluded", 2)]


def test_a_record_left_out_before_others_leaves_no_gap_in_their_numbers(tmp_path):
    built = contracted(tmp_path, "ID SUBJECT AGE GONE\n1 11 50 1\n2 12 51 0\n3 13 52 0").build()
    is_drawn(built.datasets["DM"], "USUBJID AGE\nS1-12 51\nS1-13 52")
    assert [row["source_row"] for row in built.datasets["DM"].lineage.to_pylist()] == [0, 1]
    assert built.raw_keys["raw.D"].to_pydict() == {"row": [0, 1], "ID": [2, 3]}


@pytest.mark.bad_input("B024")
def test_a_column_that_no_one_speaks_of_is_a_warning_and_housekeeping_is_not(tmp_path):
    table = "ID SUBJECT AGE GONE NEW LOCKED AGE_STD\n1 11 50 0 a b c"
    built = contracted(tmp_path, table, study=STUDY + 'housekeeping: [LOCKED, "*_STD"]\n').build()
    assert told(built, "rule", "severity", "variable", "records") == [("raw-column-new", "warning", "NEW", 1)]


def test_all_columns_that_a_file_lacks_are_told(tmp_path):
    with pytest.raises(InputErrors) as error:
        contracted(tmp_path, "ID AGE\n1 50").build()
    assert [(found.what, found.where.rpartition("/")[2]) for found in error.value.errors] == [
        ("form D has no column SUBJECT, which its contract declares", "D.csv"),
        ("form D has no column GONE, which its contract declares", "D.csv"),
    ]


@pytest.mark.bad_input("B040")
def test_a_key_that_stands_twice_stops_the_run(tmp_path):
    with pytest.raises(InputError, match=r"the key \[ID\] is not unique: .*; first: ID=1 stands 2 times"):
        contracted(tmp_path, "ID SUBJECT AGE GONE\n1 11 50 0\n1 12 51 0").build()


def test_records_are_numbered_by_the_key_and_a_number_key_by_its_number(tmp_path):
    spec = (
        "dataset: CM\nkeys: [CMSPID]\nrecords:\n  - {from: raw.D, set: {CMSPID: ID}}\n"
        "variables: {CMSEQ: {seq: {order: []}}}"
    )
    made = build_one(
        tmp_path, spec, raw={"D": "ID SUBJECT AGE GONE\n10 11 1 0\n9 11 1 0\n100 11 1 0"}, contracts={"D": CONTRACT}
    )
    is_drawn(made, "CMSPID CMSEQ\n10 2\n100 3\n9 1")


def test_a_feed_may_name_subjects_by_their_unique_identifier(tmp_path):
    contract = "file: D.csv\nsubject: USUBJID\ncolumns: {USUBJID: {}, AGE: {}}"
    is_drawn(
        contracted(tmp_path, "USUBJID AGE\nS1-11 50\nS1-12 51", contract).build().datasets["DM"],
        "USUBJID AGE\nS1-11 50\nS1-12 51",
    )


@pytest.mark.parametrize("line", ["type: numbr", "pair: X, max: many"])
def test_a_contract_says_only_what_it_can_say(tmp_path, line):
    contract = CONTRACT.replace("AGE: {}", f"AGE: {{{line}}}")
    assert (
        "specs/raw/D.yaml:4: D.columns.AGE" in contracted(tmp_path, "ID SUBJECT AGE GONE\n1 11 50 0", contract).fault()
    )


@pytest.mark.bad_input("B027")
def test_a_number_column_holds_numbers_and_an_integer_column_whole_ones(tmp_path):
    built = trial(
        tmp_path,
        """dataset: LB
keys: [LBSPID]
records:
  - from: raw.L
    set: {LBSPID: RECORDID, LBORRES: I, LBSTRESN: I + 0, LBSTNRLO: N + 0}
""",
        raw={"L": "RECORDID SUBJECT I:integer N:number\n1 11 5 nan\n2 11 5.7 inf\n3 11 5.0 1e3\n4 11 007 NA\n5 11 . ."},
    ).build()
    is_drawn(
        built.datasets["LB"],
        "LBSPID LBORRES LBSTRESN LBSTNRLO\n1 5 5 .\n2 5.7 . .\n3 5.0 5 1000\n4 007 7 .\n5 . . .",
    )
    assert sorted(told(built, "rule", "variable", "value")) == [
        ("not-a-number", "I", "5.7"),
        ("not-a-number", "N", "NA"),
        ("not-a-number", "N", "inf"),
        ("not-a-number", "N", "nan"),
    ]


def test_a_record_without_a_subject_is_told(tmp_path):
    spec = "dataset: CM\nkeys: [CMTRT]\nrecords:\n  - {from: raw.L, set: {CMTRT: R}}\nvariables: {CMSEQ: auto}"
    built = trial(tmp_path, spec, raw={"L": "RECORDID SUBJECT R\n1 11 a\n2 . b\n3 . c"}).build()
    assert [(i.dataset, i.severity, i.records) for i in built.issues] == [("raw.L", "error", 2)]


@pytest.mark.bad_input("B030", "B031")
def test_a_contract_is_checked_on_the_records_and_each_breach_is_told_once(tmp_path):
    contract = """file: D.csv
columns:
  SUBJECT: {}
  AGE: {}
  GONE: {max: 3, required: true}
  SEX: {values: [Male, Female], pair: CODE}
  CODE: {}
"""
    table = "SUBJECT AGE GONE SEX CODE\n11 1 a Male 1\n12 1 abcd Male 2\n13 1 . Foo 3\n14 1 b . 1\n15 1 c Male 1"
    built = contracted(tmp_path, table, contract).build()
    assert sorted(told(built, "rule", "severity", "variable", "value", "keys")) == [
        ("raw-pair", "warning", "SEX", "Male", ("SUBJECT=12",)),
        ("raw-required", "error", "GONE", "", ("SUBJECT=13",)),
        ("raw-too-long", "warning", "GONE", "abcd", ("SUBJECT=12",)),
        ("raw-value", "error", "SEX", "Foo", ("SUBJECT=13",)),
    ]


@pytest.mark.parametrize("columns", ["SUBJECT AGE Age", "SUBJECT subject AGE"])
def test_columns_that_differ_in_case_only_are_refused_in_words(tmp_path, columns):
    made = trial(tmp_path, SPEC, raw={"D": f"{columns}\n11 12 13"})
    assert "case" in made.fault()
