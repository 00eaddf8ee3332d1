"""Study days: right where they are given, given where both dates are complete."""

from datetime import date, timedelta

import pytest
from drawn_datasets import draw, issues, only, rules

from sdtm2adam.validate.run import check_dataset

DM = draw("DM", "USUBJID RFSTDTC\nS-1 2024-03-01T08:30\nS-2 2024-03\nS-3 .\nS-4 2024-02-29", keys=("USUBJID",))
HEAD = "USUBJID AESEQ:integer AESTDTC AESTDY:integer"


@pytest.mark.parametrize(
    "row",
    [
        "S-1 1 2024-03-01 1",
        "S-1 1 2024-03-01T23:59 1",
        "S-1 1 2024-02-29 -1",
        "S-1 1 2023-03-01 -366",
        "S-1 1 2024-03-02 2",
        "S-4 1 2024-03-01 2",
        "S-1 1 2024-03 .",
        "S-1 1 2024---15 .",
        "S-1 1 . .",
        "S-2 1 2024-03-05 .",
        "S-3 1 2024-03-05 .",
        "S-9 1 2024-03-05 .",
        "S-1 1 2024-03-01/2024-03-04 1",
    ],
)
def test_a_right_day_is_no_issue(row):
    found = [one for one in issues(draw("AE", f"{HEAD}\n{row}", keys=("AESEQ",)), DM) if one.rule.startswith("study")]
    assert found == []


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ("S-1 1 2024-03-01 0", "study-day"),
        ("S-1 1 2024-03-02 1", "study-day"),
        ("S-1 1 2024-02-29 1", "study-day"),
        ("S-1 1 2024-03 1", "study-day"),
        ("S-2 1 2024-03-05 5", "study-day"),
        ("S-3 1 2024-03-05 5", "study-day"),
        ("S-1 1 2024-03-02 .", "study-day-missing"),
    ],
)
@pytest.mark.bad_input("B062")
def test_a_wrong_day_and_a_missing_one_are_told(row, rule):
    issue = only(draw("AE", f"{HEAD}\n{row}", keys=("AESEQ",)), rule, DM)
    assert (issue.variable, issue.records, issue.keys) == ("AESTDY", 1, (f"USUBJID={row[:3]}, AESEQ=1",))


def test_days_agree_with_the_calendar_of_python_over_a_century():
    start = date(1999, 12, 15)
    dates = [start + timedelta(days=step) for step in range(-18_000, 18_000, 97)]
    days = [(one - start).days + (one >= start) for one in dates]
    lines = [f"S-1 {n + 1} {one.isoformat()} {day}" for n, (one, day) in enumerate(zip(dates, days, strict=True))]
    demographics = draw("DM", f"USUBJID RFSTDTC\nS-1 {start.isoformat()}", keys=("USUBJID",))
    dataset = draw("AE", "\n".join([HEAD, *lines]), keys=("AESEQ",))
    assert not [one for one in issues(dataset, demographics) if one.rule.startswith("study")]


def test_an_analysis_day_is_counted_from_the_date_that_its_method_names():
    table = """USUBJID ASEQ:integer ADT:date    ADY:integer TRTSDT:date
               S-1     1            2024-03-02  2           2024-03-01
               S-1     2            2024-02-29  -1          2024-03-01
               S-1     3            2024-03-04  3           2024-03-01
               S-1     4            2024-03-05  .           2024-03-01
               S-2     1            2024-03-05  .           ."""
    said = {"ADY": {"method": "study_day(ADT, TRTSDT)"}}
    assert [one for one in rules(check_dataset(draw("ADLB", table, stage="adam", keys=("ASEQ",), **said)))
            if one[1] == "ADY"] == [("study-day", "ADY", 1), ("study-day-missing", "ADY", 1)]  # fmt: skip


def test_an_analysis_day_whose_reference_nobody_says_is_not_judged():
    table = "USUBJID ASEQ:integer ADT:date ADY:integer TRTSDT:date\nS-1 1 2024-03-02 9 2024-03-01"
    assert [
        one for one in rules(check_dataset(draw("ADLB", table, stage="adam", keys=("ASEQ",)))) if "ADY" in one
    ] == []


@pytest.mark.parametrize("rows", ["", "\nS-1 1 2024-03-02 2"])
def test_a_study_without_subjects_or_records_can_be_judged(rows):
    nobody = draw("DM", "USUBJID RFSTDTC", keys=("USUBJID",))
    found = issues(draw("AE", f"{HEAD}{rows}", keys=("AESEQ",)), nobody)
    assert "could-not-run" not in {one.rule for one in found}
    assert [one.rule for one in found if one.rule.startswith("study")] == (["study-day"] if rows else [])
