"""Structure: columns, keys, identifiers, types and text, each met and each broken."""

import pyarrow as pa
import pytest
from drawn_datasets import dataset_of, draw, issues, only, rules

from sdtm2adam.model import Severity
from sdtm2adam.validate.run import check_dataset

GOOD = "STUDYID DOMAIN USUBJID AESEQ:integer AETERM\nS AE S-1 1 HEADACHE\nS AE S-2 1 NAUSEA"


def test_a_good_dataset_has_no_issues():
    report = check_dataset(draw("AE", GOOD, keys=("USUBJID", "AESEQ")))
    assert report.issues == ()
    assert report.gates_broken == ()
    assert report.looked_at[0].expectations > 5


def test_a_missing_column_breaks_the_columns_and_leaves_the_rest_unchecked_aloud():
    dataset = draw("AE", GOOD, keys=("USUBJID", "AESEQ"), types={"AESEV": "text"}, AESEV={"terms": ("MILD",)})
    found = {(issue.rule, issue.variable): issue for issue in issues(dataset)}
    assert found["columns", "AESEV"].text.endswith("AESEV is missing.")
    assert "AE.codelist-extended.AESEV" in found["could-not-run", ""].text
    assert found["could-not-run", ""].severity is Severity.ERROR


def test_a_column_that_the_spec_does_not_know_is_an_issue():
    dataset = draw("AE", GOOD)
    more = dataset_of(
        "AE", dataset.frame.append_column("X", pa.array(["a", "b"])), ["text"] * 3 + ["integer", "text", "text"]
    )
    fewer = type(more)(**{**{f: getattr(more, f) for f in more.__slots__}, "variables": more.variables[:-1]})
    assert only(fewer, "columns").variable == "X"


def test_columns_out_of_order_are_an_issue():
    dataset = draw("AE", GOOD)
    turned = dataset.frame.select(["STUDYID", "DOMAIN", "USUBJID", "AETERM", "AESEQ"])
    wrong = type(dataset)(**{**{f: getattr(dataset, f) for f in dataset.__slots__}, "frame": turned})
    assert only(wrong, "columns").text.endswith("Variable 4 is AETERM, the spec has AESEQ.")


def test_equal_keys_are_named():
    dataset = draw("AE", "USUBJID AESEQ:integer AETERM\nS-1 1 X\nS-1 2 X\nS-1 3 Y", keys=("AETERM",))
    issue = only(dataset, "key-unique")
    assert (issue.records, issue.keys) == (2, ("USUBJID=S-1, AESEQ=1", "USUBJID=S-1, AESEQ=2"))


def test_two_missing_keys_are_equal_keys():
    dataset = draw("ADX", "USUBJID PARAMCD\nS-1 .\nS-1 .", stage="adam", keys=("PARAMCD",))
    assert only(dataset, "key-unique").records == 2


def test_a_subject_stands_once_in_dm():
    dataset = draw("DM", "USUBJID SUBJID\nS-1 1\nS-1 2\nS-2 3", keys=("SUBJID",))
    assert only(dataset, "subject-once").records == 2


def test_required_variables_have_values_and_blank_text_is_none():
    frame = pa.table({"USUBJID": ["S-1", "S-2", "S-3"], "AETERM": ["X", None, "  "]})
    dataset = dataset_of("AE", frame, ["text", "text"], AETERM={"core": "Req"})
    issue = only(dataset, "required-null")
    assert (issue.variable, issue.records) == ("AETERM", 2)
    assert ("AE", "required-null") in check_dataset(dataset).gates_broken


@pytest.mark.bad_input("B047")
def test_studyid_is_one_value_and_the_odd_record_is_named():
    dataset = draw("AE", "STUDYID USUBJID AESEQ:integer\nS S-1 1\nS S-2 1\nT S-3 1")
    assert only(dataset, "constant").keys == ("USUBJID=S-3, AESEQ=1",)


def test_domain_is_the_name_of_the_dataset():
    assert only(draw("AE", "DOMAIN USUBJID\nAE S-1\nCM S-2"), "domain").value == "CM"


@pytest.mark.parametrize("second", ["1", "0", ".", "-3"])
def test_sequence_numbers_are_positive_and_once_per_subject(second):
    table = f"USUBJID AESEQ:integer\nS-1 1\nS-1 {second}\nS-2 1"
    assert rules(check_dataset(draw("AE", table))) == [("sequence", "AESEQ", 2 if second == "1" else 1)]


def test_a_sequence_number_with_a_fraction_is_an_issue():
    assert only(draw("AE", "USUBJID AESEQ:float\nS-1 1.5\nS-1 2.0"), "sequence").records == 1


def test_a_number_kept_as_text_breaks_the_type_and_what_needs_numbers_says_so():
    dataset = draw("AE", "USUBJID AESTDY\nS-1 1\nS-1 two", types={"AESTDY": "integer"})
    found = {issue.rule: issue for issue in issues(dataset)}
    assert found["type"].text.endswith("AESTDY is declared integer and holds string.")
    assert "AESTDY holds string, not numbers" in found["could-not-run"].text


def test_a_column_without_values_has_every_type():
    frame = pa.table({"USUBJID": ["S-1"], "AESTDY": pa.nulls(1)})
    assert issues(dataset_of("AE", frame, ["text", "integer"])) == ()


def test_names_and_labels_have_their_form():
    dataset = draw("AE", "USUBJID aeTerm\nS-1 X", aeTerm={"label": "x" * 41})
    assert {issue.rule for issue in issues(dataset)} == {"name", "label"}


def test_text_is_counted_in_the_bytes_of_the_transport_file():
    frame = pa.table({"USUBJID": ["S-1", "S-2", "S-3"], "AETERM": ["é" * 200, "½" * 67, "e" * 200]})  # 200, 201, 200
    found = {issue.rule: issue.records for issue in issues(dataset_of("AE", frame, ["text", "text"]))}
    assert found == {"text-length": 1, "text-ascii": 2}


def test_text_that_is_not_ascii_is_an_error_and_no_gate():
    frame = pa.table({"USUBJID": ["S-1", "S-2"], "AETERM": ["5 µg", "ok\x07"]})
    report = check_dataset(dataset_of("AE", frame, ["text", "text"]))
    assert [(issue.rule, issue.records, issue.severity) for issue in report.issues] == [("text-ascii", 2, "error")]
    assert report.gates_broken == ()


def test_empty_text_leading_blanks_and_a_lone_full_stop_are_warnings():
    frame = pa.table({"USUBJID": ["S-1"] * 5, "AETERM": ["", " X", ".", "A. B", None]})
    assert only(dataset_of("AE", frame, ["text", "text"]), "text-blank").records == 3


def test_an_expected_variable_without_any_value_is_a_note():
    dataset = draw("AE", "USUBJID AEACN\nS-1 .\nS-2 .", AEACN={"core": "Exp"})
    assert only(dataset, "expected-empty").severity is Severity.NOTE


def test_a_required_variable_of_adam_may_be_missing_for_a_subject_and_is_noted_where_no_subject_has_it():
    dataset = draw("ADSL", "USUBJID RACE SEX\nS-1 . .\nS-2 . F", stage="adam", keys=("USUBJID",),
                   RACE={"core": "Req"}, SEX={"core": "Req"})  # fmt: skip
    assert [(one.rule, one.variable, one.severity) for one in issues(dataset)] == [("expected-empty", "RACE", "note")]


@pytest.mark.bad_input("B070")
def test_numbers_are_finite_and_missing_ones_are_missing():
    frame = pa.table({"USUBJID": ["S-1"] * 4, "AVAL": [1.0, float("inf"), float("nan"), None]})
    dataset = dataset_of("ADX", frame, ["text", "float"], stage="adam")
    assert rules(check_dataset(dataset)) == [("finite", "AVAL", 2)]


def test_a_gate_that_could_not_run_is_a_broken_gate_under_the_rule_of_its_issue():
    report = check_dataset(draw("AE", "USUBJID\nS-1", keys=("USUBJID",), types={"AESEQ": "integer"}))
    assert report.gates_broken == (("AE", "columns"), ("AE", "could-not-run"))
    assert {issue.rule for issue in report.issues} == {"columns", "could-not-run"}


def test_a_long_value_is_shown_in_part():
    frame = pa.table({"USUBJID": ["S-1"], "AETERM": ["x" * 300]})
    assert only(dataset_of("AE", frame, ["text", "text"]), "text-length").value == "x" * 120 + "..."


def test_qualifiers_of_dm_need_no_record_to_belong_to():
    columns = {"IDVAR": {"core": "Exp"}, "IDVARVAL": {"core": "Exp"}}
    drawn = "USUBJID QNAM IDVAR IDVARVAL\nS-1 X . ."
    noted = [{i.variable for i in issues(draw(name, drawn, **columns))} for name in ("SUPPDM", "SUPPAE")]
    assert noted == [set(), {"IDVAR", "IDVARVAL"}]
