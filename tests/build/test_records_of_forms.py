"""Which records of a form count: coded values in any spelling, deleted rows, the data cut-off."""

import pytest
from harness import STUDY, is_drawn, told, trial

SPEC = """
dataset: CE
keys: [CETERM]
records: [{from: raw.F, where: YN = 'Yes', set: {CETERM: T, CESTDTC: D}}]
"""
CONTRACT = """
file: F.csv
key: [ID]
where: DEL is null
cutoff: D
columns: {ID: {type: integer}, SUBJECT: {}, YN: {values: [Yes, No]}, T: {}, D: {type: date}, DEL: {}}
"""
ROWS = """
ID SUBJECT YN   T D           DEL
1  1       Yes  A 01_JAN_2014 .
2  1       yes_ B 02_JAN_2014 .
3  1       No   C 02_JAN_2014 .
4  2       Yes  D UN_MAR_2014 .
4  2       Yes  E 05_JAN_2014 1
5  2       Yes  F 06_MAR_2014 .
6  2       Yes  G UN_UNK_2014 .
7  2       Yes  H .           .
"""


CUT = "cutoff: 2014-03-05\n"


def study(tmp_path, more="", contract=CONTRACT, rows=ROWS):
    return trial(tmp_path, SPEC, raw={"F": rows}, contracts={"F": contract}, study=STUDY + more)


@pytest.mark.bad_input("B030")
def test_a_coded_value_counts_in_any_spelling_and_that_is_told(tmp_path):
    built = study(tmp_path).build()
    assert [row["CETERM"] for row in built.datasets["CE"].frame.to_pylist()] == ["A", "B", "D", "F", "G", "H"]
    issue = next(issue for issue in built.issues if issue.rule == "raw-value-normalized")
    assert (issue.severity, issue.variable, issue.keys) == ("note", "YN", ("ID=2",))


@pytest.mark.parametrize("spelling", ["YES", "\xa0yes", " Yes  ", "yEs\xa0"])
def test_blanks_and_case_do_not_tell_coded_values_apart(tmp_path, spelling):
    made = study(tmp_path, rows=ROWS.replace("yes_", "Y_E_S"))
    path = made.raw["F"]
    path.write_text(path.read_text(encoding="utf-8").replace("Y E S", spelling), encoding="utf-8")
    built = made.build()
    assert "B" in [row["CETERM"] for row in built.datasets["CE"].frame.to_pylist()]


def test_values_that_differ_in_case_only_are_not_confused(tmp_path):
    contract = CONTRACT.replace("[Yes, No]", "[Yes, No, YES]")
    built = study(tmp_path, contract=contract).build()
    assert "B" not in [row["CETERM"] for row in built.datasets["CE"].frame.to_pylist()]
    assert [(i.value, i.keys) for i in built.issues if i.rule == "raw-value"] == [("yes ", ("ID=2",))]


def test_a_deleted_record_may_share_its_key_and_is_named(tmp_path):
    issues = {issue.rule: issue for issue in study(tmp_path).build().issues}
    assert issues["raw-records-excluded"].keys == ("ID=4",)
    fault = study(tmp_path / "b", contract=CONTRACT.replace("where: DEL is null\n", "")).fault()
    assert "the key [ID] is not unique" in fault


@pytest.mark.parametrize(
    ("rule", "kept", "left_out"),
    [("earliest", "ABDGH", ("ID=5",)), ("latest", "ABH", ("ID=4", "ID=5", "ID=6"))],
)
def test_records_after_the_cutoff_are_left_out_by_the_rule_and_named(tmp_path, rule, kept, left_out):
    built = study(tmp_path, f"cutoff: 2014-03-05\ncutoff_rule: {rule}\n").build()
    assert "".join(row["CETERM"] for row in built.datasets["CE"].frame.to_pylist()) == kept
    issue = next(issue for issue in built.issues if issue.rule == "after-cutoff")
    assert (issue.severity, issue.keys) == ("note", left_out)
    assert f"2014-03-05 by D (rule: {rule} possible day)" in issue.text


def test_without_a_rule_nothing_is_cut_off(tmp_path):
    built = study(tmp_path, "cutoff: 2013-03-05\n").build()
    assert len(built.datasets["CE"].frame) == 6
    assert "after-cutoff" not in {issue.rule for issue in built.issues}


@pytest.mark.parametrize(
    ("more", "contract", "said"),
    [
        (CUT + "cutoff_rule: earliest\n", CONTRACT.replace("cutoff: D\n", ""), "add cutoff: D, or cutoff: none"),
        (CUT + "cutoff_rule: first\n", CONTRACT, "cutoff_rule"),
        ("cutoff_rule: latest\n", CONTRACT, "cutoff_rule without cutoff"),
        ("", CONTRACT.replace("cutoff: D\n", "cutoff: DATE\n"), "cutoff names no column DATE"),
    ],
)  # fmt: skip
def test_a_cutoff_that_cannot_work_is_refused_before_data_are_read(tmp_path, more, contract, said):
    fault = study(tmp_path, more, contract).fault(lint_only=True)
    assert said in fault


def test_a_text_of_blanks_is_missing_in_conditions_too(tmp_path):
    spec = "dataset: CE\nkeys: [CETERM]\nrecords: [{from: raw.F, where: X is null, set: {CETERM: T}}]"
    made = trial(tmp_path, spec, raw={"F": "SUBJECT T X\n1 A .\n1 B _\n1 C NBSP\n1 D x"})
    path = made.raw["F"]
    path.write_text(path.read_text(encoding="utf-8").replace("NBSP", "\xa0 "), encoding="utf-8")
    built = made.build()
    is_drawn(built.datasets["CE"], "CETERM\nA\nB\nC")
    assert told(built, "rule") == []


def test_a_date_that_no_declared_form_reads_is_told_of_the_form_whoever_reads_it(tmp_path):
    spec = """
dataset: CE
keys: [CETERM]
records: [{from: raw.F, where: T <> 'C', set: {CETERM: T, CESTDTC: {sql: M, formats: [MM/DD/YYYY]}}}]
"""
    columns = "{ID: {}, SUBJECT: {}, T: {}, D: {type: date}, M: {type: date}, H: {type: time}}"
    contract = f"file: F.csv\nkey: [ID]\ncolumns: {columns}"
    rows = """
ID SUBJECT T D           M          H
1  1       A 01_JAN_2014 02/28/2014 10:00
2  1       B UN_UNK_2014 02/30/2014 25:00
3  1       C 32_JAN_2014 .          .
"""
    built = trial(tmp_path, spec, raw={"F": rows}, contracts={"F": contract}).build()
    found = [(i.variable, i.value, i.keys) for i in built.issues if i.rule == "raw-date"]
    assert found == [("D", "32 JAN 2014", ("ID=3",)), ("H", "25:00", ("ID=2",)), ("M", "02/30/2014", ("ID=2",))]


FEED = """
file: G.csv
key: [ID]
subjects: F
columns: {ID: {}, SUBJECT: {}, T: {}}
"""
FEED_ROWS = "ID SUBJECT T\n1 1 X\n2 2 Y\n3 3 Z\n4 . W"


def test_records_of_subjects_that_nobody_enrolled_are_left_out_and_named(tmp_path):
    spec = "dataset: CE\nkeys: [CETERM]\nrecords: [{from: raw.G, set: {CETERM: T}, where: T <> 'W'}]"
    made = trial(tmp_path, spec, raw={"F": ROWS, "G": FEED_ROWS}, contracts={"F": CONTRACT, "G": FEED})
    built = made.build()
    assert [row["CETERM"] for row in built.datasets["CE"].frame.to_pylist()] == ["X", "Y"]
    (issue,) = (issue for issue in built.issues if issue.rule == "raw-subject-unknown")
    assert (issue.dataset, issue.severity, issue.keys) == ("raw.G", "error", ("ID=3",))
    assert issue.text == "1 records name a subject that F does not list, and are left out"
    assert [i.keys for i in built.issues if i.rule == "raw-no-subject"] == [("ID=4",)]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("subjects: FF", "form G: subjects names no other form FF"),
        ("subjects: G", "form G: subjects names no other form G"),
        ("subjects: F\nsubject: none", "form G: subjects needs forms with subjects, and G has none"),
    ],
)
def test_a_list_of_subjects_that_is_none_is_refused_before_data_are_read(tmp_path, line, said):
    spec = "dataset: CE\nkeys: [CETERM]\nrecords: [{from: raw.G, set: {CETERM: T}}]"
    contracts = {"F": CONTRACT, "G": FEED.replace("subjects: F", line)}
    made = trial(tmp_path, spec, raw={"F": ROWS, "G": FEED_ROWS}, contracts=contracts)
    assert said in made.fault(lint_only=True)


def test_a_time_in_a_column_of_dates_is_told_for_it_goes_into_sdtm(tmp_path):
    spec = "dataset: DM\nkeys: [USUBJID]\nrecords: [{from: raw.D, set: {BRTHDTC: B, RFICDTC: C}}]\n"
    contract = "file: D.csv\nkey: [SUBJECT]\ncolumns: {SUBJECT: {}, B: {type: date}, C: {type: datetime}}"
    rows = "SUBJECT B C\n1 1960-02-03T00:00:00 2014-01-05T10:00\n2 1961-02-03 .\n3 1962-02-03T00:00:00 2014-01-05"
    built = trial(tmp_path, spec, raw={"D": rows}, contracts={"D": contract}, study=STUDY).build()
    found = [i for i in built.issues if i.rule == "raw-date-time"]
    assert [(i.variable, i.severity, i.records, i.keys) for i in found] == [
        ("B", "warning", 2, ("SUBJECT=1", "SUBJECT=3")),
    ]
    assert "take the date alone by left(B, 10)" in found[0].text
