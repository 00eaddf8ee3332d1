"""CDISC CORE, by a stand-in that speaks its JSON: what it finds becomes issues, how much it looked at is told."""

import os
from pathlib import Path

import pytest
from core_stand_in import (
    AE,
    FAILED,
    ISSUES,
    SKIPPED,
    STUDY,
    SUCCESS,
    asked_of,
    broken,
    failed,
    rule,
    stand_in,
    write_transport,
)

from sdtm2adam.model import Severity
from sdtm2adam.validate.core import run_core

RULES = [
    rule("CORE-000001", ISSUES, "CG0041, CG0042", "FB0101"),
    rule("CORE-000002"),
    rule("CORE-000003", SKIPPED),
]
CLEAN = [rule("CORE-000001"), rule("CORE-000002"), rule("CORE-000003", SKIPPED)]
DEATHS = [
    broken("CORE-000001", "AE", {"AESER": "Y", "AESDTH": "N"}, row=2, subject="S1-001", sequence=2),
    broken("CORE-000001", "AE", {"AESER": "N", "AESDTH": "null"}, row=4, subject="S1-002", sequence=2),
]


@pytest.fixture
def ask(tmp_path):
    """Runs the stand-in with an answer over the transport files of the study."""

    def run(rules=CLEAN, details=(), datasets=STUDY, **words):
        program = stand_in(tmp_path / "program", rules=rules, details=details)
        return run_core(program, write_transport(tmp_path / "sdtm"), datasets, version="3.4", **words)

    return run


def test_an_issue_has_the_rule_its_variables_records_values_and_public_ids(ask):
    (issue,) = ask(RULES, DEATHS).issues
    assert (issue.dataset, issue.rule, issue.severity) == ("AE", "CORE-000001", Severity.WARNING)
    assert (issue.variable, issue.records, issue.text) == ("AESDTH, AESER", 2, "It is wrong")
    assert issue.keys == ("USUBJID=S1-001, AESEQ=2", "USUBJID=S1-002, AESEQ=2")
    assert issue.values == ("AESDTH=N, AESER=Y", "AESDTH=, AESER=N")
    assert issue.source == "CDISC CORE 0.17.1 (CG0041, CG0042, FB0101)"


def test_the_summary_tells_how_much_was_looked_at_though_nothing_was_found(ask):
    answer = ask(terminology=["sdtmct-2025-03-28"])
    assert answer.issues == ()
    assert answer.is_whole
    assert answer.summary == (
        "CDISC CORE 0.17.1, SDTMIG 3.4, terminology sdtmct-2025-03-28: 2 rules ran, 1 skipped; "
        "6 records of 2 datasets looked at; 0 issues"
    )


def test_issues_are_grouped_by_rule_dataset_and_variables(ask):
    rules = [rule("CORE-000001", ISSUES), rule("CORE-000002", ISSUES)]
    details = [
        *DEATHS,
        broken("CORE-000001", "AE", {"AETERM": "RASH"}, row=4, subject="S1-002", sequence=2),
        broken("CORE-000002", "dm.xpt", {"AGE": "34.0"}, row=1, subject="S1-001"),
        broken("CORE-000002", "DM", {"AGE": "61.0"}, row=2, subject="S1-002"),
    ]
    found = [(one.rule, one.dataset, one.variable, one.records) for one in ask(rules, details).issues]
    assert found == [
        ("CORE-000001", "AE", "AESDTH, AESER", 2),
        ("CORE-000001", "AE", "AETERM", 1),
        ("CORE-000002", "DM", "AGE", 2),
    ]


def test_whole_numbers_of_numeric_variables_have_no_decimal_point_and_texts_stay(ask):
    rules = [rule("CORE-000002", ISSUES)]
    age = ask(rules, [broken("CORE-000002", "DM", {"AGE": "34.0"}, row=1, subject="S1-001")]).issues[0]
    text = ask(rules, [broken("CORE-000002", "DM", {"SEX": "34.0"}, row=1, subject="S1-001")]).issues[0]
    assert (age.value, age.values, text.value) == ("34", ("34",), "34.0")


def test_without_datasets_records_are_named_by_subject_and_sequence_else_by_row(ask):
    details = [
        broken("CORE-000001", "AE", {"AETERM": "X"}, row=2, subject="S1-001", sequence="2"),
        broken("CORE-000001", "AE", {"AETERM": "X"}, row=3),
        broken("CORE-000001", "DM", {"AGE": "3"}, row=2, subject="S1-002"),
    ]
    issues = ask([rule("CORE-000001", ISSUES)], details, datasets={}).issues
    assert [one.keys for one in issues] == [("USUBJID=S1-001, AESEQ=2", "row 3"), ("USUBJID=S1-002",)]


def test_a_row_that_is_of_another_subject_is_not_named_by_our_key(ask):
    details = [broken("CORE-000001", "AE", {"AETERM": "X"}, row=1, subject="S1-002", sequence=7)]
    (issue,) = ask([rule("CORE-000001", ISSUES)], details).issues
    assert issue.keys == ("USUBJID=S1-002, AESEQ=7",)


def test_a_row_with_another_sequence_number_is_not_named_by_our_key(ask):
    details = [broken("CORE-000001", "AE", {"AETERM": "X"}, row=1, subject="S1-001", sequence=2)]
    (issue,) = ask([rule("CORE-000001", ISSUES)], details).issues
    assert issue.keys == ("USUBJID=S1-001, AESEQ=2",)


def test_a_record_that_is_told_twice_is_one_record_with_both_values(ask):
    place = {"row": 1, "subject": "S1-001", "sequence": 1}
    details = [broken("CORE-000001", "AE", {"AETERM": value}, **place) for value in "BAA"]
    (issue,) = ask([rule("CORE-000001", ISSUES)], details).issues
    assert (issue.records, issue.keys, issue.values) == (1, ("USUBJID=S1-001, AESEQ=1",), ("A / B",))


def test_a_record_of_several_datasets_is_told_by_its_row(ask):
    details = [broken("CORE-000001", "ae.xpt, dm.xpt", {"AETERM": "X"}, row=3, subject="S1-002", sequence=1)]
    (issue,) = ask([rule("CORE-000001", ISSUES)], details).issues
    assert (issue.dataset, issue.keys) == ("AE, DM", ("row 3",))


def test_a_row_beyond_the_dataset_is_told_as_core_tells_it(ask):
    details = [broken("CORE-000001", "AE", {"AETERM": "X"}, row=99)]
    (issue,) = ask([rule("CORE-000001", ISSUES)], details).issues
    assert issue.keys == ("row 99",)


def test_a_dataset_that_breaks_a_rule_as_a_whole_names_no_records(ask):
    details = [broken("CORE-000001", "AE", {"AESEV": "Not in dataset"})]
    (issue,) = ask([rule("CORE-000001", ISSUES)], details).issues
    assert (issue.variable, issue.value, issue.records, issue.keys) == ("AESEV", "Not in dataset", 0, ())


def test_a_missing_dataset_is_an_issue_of_the_study(ask):
    details = [broken("CORE-000001", "STUDY", {"TS": "Not in study"}, message="TS is missing")]
    (issue,) = ask([rule("CORE-000001", ISSUES)], details).issues
    assert (issue.dataset, issue.text, issue.records) == ("STUDY", "TS is missing", 0)


def test_a_rule_that_core_says_may_report_too_much_says_so(ask):
    doubt = "Partially Executable - Possible Overreporting"
    details = [broken("CORE-000001", "AE", {"AETERM": "X"}, row=1, executability=doubt)]
    (issue,) = ask([rule("CORE-000001", ISSUES)], details).issues
    assert issue.text == f"It is wrong. CORE says of this rule: {doubt.lower()}."


def test_rules_that_failed_are_errors_with_their_reasons_and_never_passed(ask):
    rules = [*RULES, rule("CORE-000004", FAILED), rule("CORE-000005", FAILED), rule("CORE-000006", "UNKNOWN STATUS")]
    answer = ask(rules, [*DEATHS, failed("CORE-000004", "AE", "no column\n named X")])
    assert (answer.ran, answer.skipped, answer.could_not_run) == (2, 1, 3)
    assert not answer.is_whole
    of_ae, of_study = [one for one in answer.issues if one.rule == "core-could-not-run"]
    assert (of_ae.dataset, of_ae.severity) == ("AE", Severity.ERROR)
    assert (of_ae.keys, of_ae.values) == (
        ("rule CORE-000004",),
        ("rule execution error - no column named X: it failed",),
    )
    assert (of_study.dataset, of_study.keys) == ("STUDY", ("rule CORE-000005", "rule CORE-000006"))
    assert of_study.values == ("CORE does not say why", "its state is 'UNKNOWN STATUS'")
    assert "CORE-000001" in {one.rule for one in answer.issues}


def test_a_rule_with_a_fault_of_its_own_could_not_run(ask):
    wrong = broken("CORE-000001", "N/A", {"AETERM": "null"}, message="Invalid or undefined sensitivity", row=0)
    answer = ask([rule("CORE-000001", ISSUES), rule("CORE-000002")], [wrong])
    assert (answer.ran, answer.could_not_run) == (1, 1)
    assert [one.rule for one in answer.issues] == ["core-could-not-run"]


def test_a_reason_for_skipping_is_no_issue(ask):
    answer = ask(CLEAN, [failed("CORE-000003", "AE", "Outside scope")])
    assert (answer.issues, answer.skipped, answer.could_not_run) == ((), 1, 0)


def test_core_is_asked_in_its_own_words_on_copies_of_the_transport_files_alone(tmp_path):
    program = stand_in(tmp_path / "program", rules=[rule("CORE-000001")])
    (program.parent / "resources" / "cache").mkdir(parents=True)
    folder = write_transport(tmp_path / "sdtm")
    (folder / "ae.json").write_text("{}")
    define = tmp_path / "define of the study.xml"
    define.write_text("<ODM/>")
    packages = ["sdtmct-2025-03-28", "sdtmct-2024-09-27"]
    run_core(program, folder, STUDY, version="3.4", terminology=packages, define=define, processes=3)
    asked = asked_of(program)
    options = asked["options"]
    assert asked["files"] == ["ae.xpt", "dm.xpt"]
    assert (options["-s"], options["-v"], options["-of"], options["-ps"]) == (["sdtmig"], ["3-4"], ["JSON"], ["3"])
    assert options["-ct"] == packages
    assert options["-ca"] == [str(program.parent / "resources" / "cache")]
    assert Path(options["-dxp"][0]).name == "define.xml"
    assert not Path(asked["folder"]).exists()
    assert sorted(path.name for path in folder.iterdir()) == ["ae.json", "ae.xpt", "dm.xpt"]


def test_a_file_of_another_name_is_known_by_the_dataset_in_it(tmp_path):
    program = stand_in(tmp_path / "program", rules=[rule("CORE-000001")])
    folder = write_transport(tmp_path / "sdtm")
    (folder / "ae.xpt").rename(folder / "AE_of_the_pilot.XPT")
    assert run_core(program, folder, STUDY, version="3.4").is_whole
    assert asked_of(program)["files"] == ["ae.xpt", "dm.xpt"]


def test_the_environment_brings_core_no_options_and_no_secrets(ask, monkeypatch, tmp_path):
    for name in ("CT", "PRODUCT", "MAX_ERRORS_PER_RULE", "CDISC_LIBRARY_API_KEY", "PYTHONPATH"):
        monkeypatch.setenv(name, "1")
    ask()
    asked = asked_of(tmp_path / "program" / "core")
    assert set(asked["environment"]) & {"CT", "PRODUCT", "MAX_ERRORS_PER_RULE", "CDISC_LIBRARY_API_KEY"} == set()
    assert "PYTHONPATH" not in asked["environment"]
    assert Path(asked["environment"]["HOME"]) == Path(asked["folder"])


def test_the_order_of_the_answer_changes_nothing_and_no_clock_is_in_it(ask):
    rules, details = [rule("CORE-000001", ISSUES), rule("CORE-000002", SUCCESS)], [*DEATHS]
    assert ask(rules, details) == ask(rules[::-1], details[::-1])


def test_the_datasets_are_not_changed(ask):
    before = AE.frame
    ask(RULES, DEATHS)
    assert AE.frame.equals(before)


@pytest.mark.parametrize("place", ["core", "."])
def test_a_folder_stands_for_the_program_in_it(tmp_path, place):
    program = stand_in(tmp_path / "program", rules=[rule("CORE-000001")])
    answer = run_core(program.parent / place, write_transport(tmp_path / "sdtm"), STUDY, version="3.4")
    assert answer.is_whole
    assert os.access(program, os.X_OK)
