"""Coverage: every raw column is read by a spec, is housekeeping, or is declared not submitted; all else is told."""

import pytest
from harness import STUDY, Trial, trial

from sdtm2adam.build.coverage import coverage_issues
from sdtm2adam.build.study import uses_without_data

EVENTS = """
SUBJECT RECORDID TERM     STDAT       SERIOUS NOTE
1001    1        Headache 01_JAN_2020 Yes     asked
1001    2        Nausea   .           No      .
1002    3        Fatigue  03_JAN_2020 No      seen
"""
AE = """
dataset: AE
keys: [AESTDTC, AETERM]
records:
  - from: raw.EVENTS
    set: {AETERM: TERM, AESTDTC: STDAT, AESER: SERIOUS}
"""
CONTRACT = """
file: EVENTS.csv
key: [RECORDID]
columns: {SUBJECT: {}, RECORDID: {type: integer}, TERM: {}, STDAT: {type: date}, SERIOUS: {}, NOTE: {}}
"""


def lost(made: Trial) -> list[tuple[str, str, int]]:
    """Rule, column and number of values of what a build tells of its coverage."""
    return [(issue.rule, issue.variable, issue.records) for issue in made.build().coverage]


def events(folder, contract=CONTRACT, *specs, study=STUDY, data=EVENTS):
    return trial(folder, *(specs or (AE,)), raw={"EVENTS": data}, contracts={"EVENTS": contract}, study=study)


@pytest.mark.bad_input("B024")
def test_a_declared_column_that_no_spec_reads_is_lost_with_the_number_of_its_values(tmp_path):
    made = events(tmp_path)
    assert lost(made) == [("raw-column-lost", "NOTE", 2)]
    assert made.build().coverage[0].severity == "error"


@pytest.mark.parametrize(
    ("contract", "study"),
    [
        (CONTRACT + "not_submitted: {NOTE: note of the site}\n", STUDY),
        (CONTRACT, STUDY + "housekeeping: ['NO*']\n"),
        (CONTRACT + "where: NOTE is null\n", STUDY),
    ],
    ids=["declared", "housekeeping", "condition of the contract"],
)
def test_what_is_spoken_for_is_not_lost(tmp_path, contract, study):
    assert lost(events(tmp_path, contract, study=study)) == []


@pytest.mark.parametrize(
    "line",
    [
        '    set: {AETERM: TERM, AESTDTC: STDAT, AESER: "coalesce(NOTE, SERIOUS)"}',
        "    set: {AETERM: TERM, AESTDTC: STDAT, AESER: SERIOUS}\n    where: NOTE is null",
        (
            "    set: {AETERM: TERM, AESTDTC: STDAT, AESER: SERIOUS}\n    supp: {AENOTE: {label: Note, sql: NOTE}}\n"
            "variables: {AESEQ: auto}"
        ),
        "    set: {AETERM: TERM, AESTDTC: STDAT, AESER: SERIOUS}\n    dedupe: {by: [NOTE], order: [RECORDID]}",
    ],
    ids=["expression", "filter", "supplemental qualifier", "duplicates by name"],
)
def test_a_column_read_anywhere_in_a_spec_is_not_lost(tmp_path, line):
    spec = f"dataset: AE\nkeys: [AESTDTC, AETERM]\nrecords:\n  - from: raw.EVENTS\n{line}\n"
    assert lost(events(tmp_path, CONTRACT, spec)) == []


def test_a_column_that_a_pick_of_another_dataset_reads_is_not_lost(tmp_path):
    made = events(
        tmp_path, CONTRACT, AE,
        "dataset: DM\nkeys: [USUBJID]\nrecords:\n  - {from: raw.EVENTS, dedupe: {by: [SUBJECT], order: [RECORDID]}}\n"
        "variables: {SUBJID: {pick: {from: raw.EVENTS, order: [RECORDID], value: NOTE}}}\n",
    )  # fmt: skip
    assert lost(made) == []


def test_records_compared_in_all_columns_read_none_of_them(tmp_path):
    spec = AE + "    dedupe: {by: all}\n"
    assert lost(events(tmp_path, CONTRACT, spec)) == [("raw-column-lost", "NOTE", 2)]


def test_a_number_read_as_text_is_read_and_one_that_is_not_is_counted_as_collected(tmp_path):
    contract = CONTRACT.replace("NOTE: {}", "NOTE: {type: number}")
    made = events(tmp_path / "a", contract, AE.replace("AESER: SERIOUS", "AESER: SERIOUS, AESPID: NOTE"))
    assert lost(made) == []
    assert lost(events(tmp_path / "b", contract)) == [("raw-column-lost", "NOTE", 2)]


def test_a_key_of_several_columns_does_not_excuse_them(tmp_path):
    contract = CONTRACT.replace("key: [RECORDID]", "key: [RECORDID, NOTE]")
    assert [column for _, column, _ in lost(events(tmp_path, contract))] == ["RECORDID", "NOTE"]


def test_a_form_that_no_spec_reads_is_read_to_count_what_is_lost(tmp_path):
    made = trial(tmp_path, AE, raw={"EVENTS": EVENTS, "OTHER": "SUBJECT X\n1001 5\n1002 ."},
                 contracts={"EVENTS": CONTRACT + "not_submitted: {NOTE: a note}\n"})  # fmt: skip
    assert lost(made) == [("raw-column-lost", "X", 1)]


def test_a_column_declared_to_go_nowhere_and_read_is_a_contradiction_that_names_the_reader(tmp_path):
    made = events(tmp_path, CONTRACT + "not_submitted: {NOTE: a note, SERIOUS: a gate question}\n")
    issues = made.build().coverage
    assert [(issue.rule, issue.variable) for issue in issues] == [("raw-column-contradiction", "SERIOUS")]
    assert "read by AE.AESER" in issues[0].text


def test_what_is_lost_is_known_without_data(tmp_path):
    made = events(tmp_path)
    issues = coverage_issues(made.specs, uses_without_data(made.specs, made.inputs))
    assert [(issue.rule, issue.variable, issue.records) for issue in issues] == [("raw-column-lost", "NOTE", 0)]
    assert "lost:" not in issues[0].text


GONE = """
SUBJECT RECORDID TERM     STDAT       SERIOUS
1001    1        Headache 01_JAN_2020 Yes
"""


def test_a_column_gone_that_no_spec_reads_is_a_warning(tmp_path):
    built = events(tmp_path, CONTRACT + "not_submitted: {NOTE: a note}\n", data=GONE).build()
    assert [(i.rule, i.variable, i.severity) for i in built.issues] == [("raw-column-gone", "NOTE", "warning")]


@pytest.mark.bad_input("B023")
def test_a_column_gone_that_a_spec_reads_stops_and_names_the_reader(tmp_path):
    fault = events(tmp_path, data=GONE.replace("SERIOUS", "GRAVE")).fault()
    assert "form EVENTS has no column SERIOUS, which its contract declares and AE.AESER reads" in fault
    assert "to mend: " in fault


def test_a_column_gone_that_the_contract_needs_stops(tmp_path):
    fault = events(tmp_path, CONTRACT + "where: NOTE is null\n", data=GONE).fault()
    assert "form EVENTS has no column NOTE, which its contract declares" in fault
