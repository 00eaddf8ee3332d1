"""Suites written by hand: what each word means, and what is refused with file and line."""

import pytest
from drawn_datasets import draw, rules

from sdtm2adam.errors import SpecErrors
from sdtm2adam.validate.run import check_dataset, check_datasets
from sdtm2adam.validate.suites import read_suites

HEAD = "id: X-1\n    dataset: AE\n    text: It is so."


def suite(tmp_path, body, name="mine.yaml"):
    (tmp_path / name).write_text(f"expect:\n  - {HEAD}\n{body}\n", encoding="utf-8")
    return read_suites(tmp_path)


def broken(tmp_path, body, dataset, *beside):
    study = {other.name: other for other in (dataset, *beside)}
    report = check_datasets(study, suites=suite(tmp_path, body))
    return [(issue.variable, issue.records, issue.keys) for issue in report.issues if issue.rule == "X-1"]


AE = draw("AE", "USUBJID AESEQ:integer AEOUT AESEV AETOX:float\nS-1 1 FATAL MILD 5\nS-2 2 . BAD 0\nS-3 3 FATAL . .")
DM = draw("DM", "USUBJID DTHFL AESEV\nS-1 Y MILD\nS-2 . MILD\nS-3 . .", keys=("USUBJID",))


@pytest.mark.parametrize(
    ("body", "keys"),
    [
        ("    variable: AETOX\n    range: 0..4", ["S-1"]),
        ("    variable: AETOX\n    range: 1..", ["S-2"]),
        ("    variable: AETOX\n    range: ..4.5\n    where: {AEOUT: FATAL}", ["S-1"]),
        ("    variable: AESEV\n    values: [MILD, SEVERE]", ["S-2"]),
        ("    variable: AESEV\n    values: MILD\n    where: {AEOUT: FATAL}", []),
        ("    variable: AEOUT\n    filled: yes", ["S-2"]),
        ("    variable: AEOUT\n    filled: no", ["S-1", "S-3"]),
        ("    variable: AESEV\n    filled: yes\n    where: {AEOUT: FATAL}", ["S-3"]),
        ("    variable: AESEQ\n    not_after: AETOX", ["S-2"]),
        ("    variable: AESEV\n    same_as: DM", ["S-2"]),
        ("    variable: USUBJID\n    where: {AEOUT: FATAL}\n    found_in: {dataset: DM, where: {DTHFL: Y}}", ["S-3"]),
        ("    variable: [USUBJID, AESEV]\n    found_in: {dataset: DM, variable: [USUBJID, AESEV]}", ["S-2"]),
    ],
)
def test_each_word_names_the_records_that_break_it(tmp_path, body, keys):
    named = [
        key.split(", ")[0].removeprefix("USUBJID=") for *_, found in broken(tmp_path, body, AE, DM) for key in found
    ]
    assert named == keys


def test_ranges_by_test_and_unit_make_one_issue_for_each_test(tmp_path):
    vs = draw(
        "VS",
        """USUBJID VSTESTCD VSSTRESU VSSTRESN:float
           S-1     TEMP     C        98
           S-2     TEMP     F        98
           S-3     TEMP     C        99
           S-4     PULSE    b        0
           S-5     X        C        9""",
        keys=("USUBJID",),
    )
    ranges = "    ranges:\n      TEMP: {C: 30..43, F: 86..110}\n      PULSE: {b: 1..}"
    body = f"    variable: VSSTRESN\n    by: [VSTESTCD, VSSTRESU]\n{ranges}"
    (tmp_path / "a.yaml").write_text(f"expect:\n  - {HEAD.replace('AE', 'VS')}\n{body}\n", encoding="utf-8")
    found = check_dataset(vs, suites=read_suites(tmp_path)).issues
    assert [(issue.value, issue.records) for issue in found] == [("0", 1), ("98", 2)]
    assert found[1].text == "It is so. 2 of 5 records do not meet this. TEMP C: 98 to 99, plausible is 30..43."


def test_the_issue_carries_the_id_severity_and_place_of_the_suite(tmp_path):
    suites = suite(tmp_path, "    variable: AESEV\n    values: MILD\n    severity: note")
    (issue,) = check_dataset(AE, suites=suites).issues
    assert (issue.rule, issue.severity, issue.source) == ("X-1", "note", "X-1 (mine.yaml:2)")


def test_a_dataset_or_variable_that_the_study_does_not_have_is_not_applicable(tmp_path):
    suites = suite(tmp_path, "    variable: AETOXGR\n    values: [MILD]")
    report = check_datasets({"AE": AE}, suites=suites)
    assert (report.issues, report.looked_at[0].not_applicable) == ((), 1)
    report = check_datasets({"DM": DM}, suites=suites)
    assert [(one.dataset, one.not_applicable) for one in report.looked_at] == [("DM", 0), ("AE", 1)]
    found_in = suite(tmp_path, "    variable: USUBJID\n    found_in: {dataset: SV}")
    assert check_datasets({"AE": AE}, suites=found_in).looked_at[0].not_applicable == 1


def test_a_variable_of_the_spec_that_is_not_in_the_data_could_not_run(tmp_path):
    dataset = draw("AE", "USUBJID\nS-1", types={"AETOX": "float"})
    report = check_datasets({"AE": dataset}, suites=suite(tmp_path, "    variable: AETOX\n    range: 0..4"))
    assert ("could-not-run", "", 0) in rules(report)


@pytest.mark.parametrize(
    ("body", "line", "what"),
    [
        ("    variable: A\n    rang: 0..4", 6, "unknown word rang"),
        ("    variable: A", 2, "says none of what is expected"),
        ("    variable: A\n    range: 0..4\n    filled: yes", 2, "says range and filled"),
        ("    variable: A\n    range: 4..0", 6, "is empty"),
        ("    variable: A\n    range: low", 6, "low is not a range"),
        ("    variable: A\n    range: ..", 6, "is not a range"),
        ("    variable: a b\n    filled: yes", 5, "does not name variables"),
        ("    filled: yes", 2, "variable does not name variables"),
        ("    variable: A\n    filled: maybe", 6, "filled is yes or no"),
        ("    variable: A\n    filled: yes\n    severity: fatal", 7, "unknown severity fatal"),
        ("    variable: A\n    filled: yes\n    where: FATAL", 7, "where is not a mapping"),
        ("    variable: A\n    by: [B]\n    filled: yes", 2, "says filled"),
        ("    variable: A\n    by: [B, C]\n    ranges: {X: 0..4}", 7, "not one level"),
        ("    variable: A\n    found_in: DM", 6, "found_in says dataset"),
        ("    variable: A\n    found_in: {dataset: DM, variable: [A, B]}", 6, "more or fewer"),
        ("    variable: A\n    filled: yes\n    id: X-2", 7, "stands twice"),
        ("    variable: A\n    not_after: b", 6, "not_after is not a text of the right form"),
    ],
)
def test_a_wrong_entry_is_refused_with_file_and_line(tmp_path, body, line, what):
    with pytest.raises(SpecErrors) as caught:
        suite(tmp_path, body)
    (error,) = caught.value.errors
    assert (error.where, what in error.what) == (f"mine.yaml:{line}", True), error.message
    assert error.mend


def test_all_faults_of_all_files_are_told_together(tmp_path):
    (tmp_path / "a.yaml").write_text("expect:\n  - id: x\n  - word\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_text("other: 1\n", encoding="utf-8")
    with pytest.raises(SpecErrors) as caught:
        read_suites(tmp_path)
    assert [error.where for error in caught.value.errors] == ["a.yaml:2", "a.yaml:3", "b.yaml"]


def test_two_expectations_of_one_id_are_refused(tmp_path):
    suite(tmp_path, "    variable: A\n    filled: yes", "a.yaml")
    with pytest.raises(SpecErrors, match="the id X-1 stands twice"):
        suite(tmp_path, "    variable: A\n    filled: yes", "b.yaml")


def test_a_file_of_the_study_stands_in_for_the_bundled_one_of_its_name(tmp_path):
    first, second = tmp_path / "bundled", tmp_path / "study"
    first.mkdir()
    second.mkdir()
    suite(first, "    variable: A\n    filled: yes")
    suite(second, "    variable: B\n    filled: yes")
    (found,) = read_suites(first, second, tmp_path / "missing")
    assert [one.variables for one in found] == [("B",)]


def test_the_bundled_suites_are_whole():
    suites = read_suites()
    assert [one.name for one in suites] == ["plausible", "together"]
    assert all(len(one) > 4 for one in suites)
    assert all(expectation.text.endswith(".") for one in suites for expectation in one)
