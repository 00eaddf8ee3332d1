"""What the ADaM structures ask: baseline, change, time to event, imputation and occurrence flags."""

import pytest
from drawn_datasets import draw, issues, rules

from sdtm2adam.validate.run import check_dataset


def test_base_change_and_percent_change_follow_from_the_values():
    good = """USUBJID PARAMCD AVAL:float BASE:float CHG:float PCHG:float ABLFL
              S-1     HGB     100        100        .         .          Y
              S-1     HGB     110        100        10        10         .
              S-2     HGB     0          0          0         .          Y"""
    assert issues(draw("ADLB", good, stage="adam")) == ()
    bad = """USUBJID PARAMCD AVAL:float BASE:float CHG:float PCHG:float ABLFL
             S-1     HGB     100        101        .         .          Y
             S-1     HGB     110        100        11        9          ."""
    assert [rule for rule, *_ in rules(check_dataset(draw("ADLB", bad, stage="adam")))] == [
        "baseline-value", "change", "one-value", "percent-change",
    ]  # fmt: skip


TTE = "USUBJID PARAMCD PARAM AVAL:float CNSR:integer STARTDT:date ADT:date EVNTDESC CNSDTDSC SRCDOM"


def test_a_good_time_to_event_has_no_issues():
    dead = "S-1 OS OS_(days) 10 0 2024-01-01 2024-01-10 Death . ADSL"
    alive = "S-2 OS OS_(days) 1 1 2024-01-01 2024-01-01 Alive Last_seen ."
    assert issues(draw("ADTTE", f"{TTE}\n{dead}\n{alive}", stage="adam", keys=("PARAMCD",))) == ()


@pytest.mark.parametrize(
    ("row", "rule", "variable"),
    [
        ("S-1 OS OS_(days) 10 . 2024-01-01 2024-01-10 . . .", "filled-with", "CNSR"),
        ("S-1 OS OS_(days) 10 -1 2024-01-01 2024-01-10 Death . ADSL", "range", "CNSR"),
        ("S-1 OS OS -1 0 2024-01-01 2024-01-10 Death . ADSL", "range", "AVAL"),
        ("S-1 OS OS 10 0 2024-01-11 2024-01-10 Death . ADSL", "start-end", "STARTDT"),
        ("S-1 OS OS_(days) 11 0 2024-01-01 2024-01-10 Death . ADSL", "days-between", "AVAL"),
        ("S-1 OS OS 10 0 2024-01-01 2024-01-10 . . ADSL", "filled-with", "EVNTDESC"),
        ("S-1 OS OS 10 0 2024-01-01 2024-01-10 Death Last ADSL", "missing-with", "CNSDTDSC"),
        ("S-1 OS OS 10 0 2024-01-01 2024-01-10 Death . .", "filled-with", "SRCDOM"),
        ("S-1 OS OS 10 0 . 2024-01-10 Death . ADSL", "filled-with", "STARTDT"),
    ],
)
@pytest.mark.bad_input("B063")
def test_each_rule_of_time_to_event_is_broken_alone(row, rule, variable):
    dataset = draw("ADTTE", f"{TTE}\n{row}", stage="adam", keys=("PARAMCD",))
    assert rules(check_dataset(dataset)) == [(rule, variable, 1)]


@pytest.mark.bad_input("B063")
def test_a_censoring_code_with_a_fraction_and_two_records_of_one_parameter_are_issues():
    dataset = draw(
        "ADTTE", "USUBJID PARAMCD AVAL:float CNSR:float\nS-1 OS 1 0.5\nS-1 OS 2 0", stage="adam", keys=("AVAL",)
    )
    assert rules(check_dataset(dataset)) == [("key-unique", "USUBJID", 2), ("whole-number", "CNSR", 1)]


def test_an_imputation_flag_has_its_letter_and_its_date():
    dataset = draw("ADAE", "USUBJID ASTDT:date ASTDTF\nS-1 2024-01-01 D\nS-2 2024-01-01 X\nS-3 . M", stage="adam")
    assert rules(check_dataset(dataset)) == [("filled-only-with", "ASTDTF", 1), ("flag", "ASTDTF", 1)]


def test_occurrence_flags_stand_once_in_their_group():
    table = "USUBJID AEBODSYS AEDECOD AOCCFL AOCCSFL\nS-1 GI NAUSEA Y Y\nS-1 GI VOMITING . Y\nS-1 SKIN RASH . Y"
    assert rules(check_dataset(draw("ADAE", table, stage="adam"))) == [("flag-once", "AOCCSFL", 2)]
