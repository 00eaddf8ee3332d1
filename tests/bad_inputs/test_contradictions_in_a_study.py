"""Records that contradict each other or cannot be: each is told by a suite, a rule or an edit check."""

import pytest
from whole_study import STUDY, drawn, new_in, told

EX3 = "S-2 1 Standard 100 mg 2024-01-11 2024-01-17"
RS1 = "S-1 1 OVRLRESP CR CR 2024-02-09"
LB2 = "S-1 2 BLASTLE BONE_MARROW 2 2 2 % 2024-02-08"
AE1 = "S-1 1 Nausea Nausea GI N N N 1 RECOVERED/RESOLVED 2024-01-12 2024-01-13"
DS2 = "S-2 2 RANDOMIZED RANDOMIZED PROTOCOL_MILESTONE 2024-01-09"
AE1_EYE = AE1.replace("S-1 1", "S-1 2").replace("GI", "Eye")

TOLD = {
    "age 150": ("B046", {"DM": ("1970 53", "1970 150")}),
    "age -5": ("B046", {"DM": ("1970 53", "1970 -5")}),
    "end of an event before its start": ("B058", {"AE": ("2024-01-12 2024-01-13", "2024-01-12 2024-01-11")}),
    "a sample after death": ("B059", {"DM": ("INO Inotuzumab . .", "INO Inotuzumab 2024-02-01 Y")}, "LB"),
    "a dose and an event after death": ("B059", {"DM": ("SC Standard . .", "SC Standard 2024-01-10 Y")}, "EX", "AE"),
    "120 % blasts": ("B071", {"LB": ("70 70 70 %", "120 120 120 %")}),
    "a negative count": ("B071", {"LB": ("PLAT BLOOD 150 150 150", "PLAT BLOOD -150 -150 -150")}),
    "grade 5 and recovered": ("B073", {"AE": ("Y 3 RECOVERED", "Y 5 RECOVERED")}),
    "led to death and recovered": ("B073", {"AE": ("N Y 3", "Y Y 3")}),
    "fatal, and alive in DM": ("B073", {"AE": ("3 RECOVERED/RESOLVED", "5 FATAL")}),
    "recovered without an end": ("B073", {"AE": ("2024-01-12 2024-01-13", "2024-01-12 .")}),
}  # fmt: skip
"""What the suites tell today."""

OF_EDIT_CHECKS = {
    "screen failure with a dose": ("B043", {"EX": (EX3, f"{EX3}\nS-3 1 Standard 100 mg 2024-01-11 2024-01-17")}),
    "randomised and never treated": ("B043", {"EX": (EX3, "")}),
    "treated without randomisation": ("B043", {"DS": (DS2, "")}),
    "treated before consent": ("B043", {"DM": ("2024-01-11 2024-01-03", "2024-01-11 2024-01-13")}),
    "drug of the other arm": ("B044", {"EX": (EX3, EX3.replace("Standard", "Inotuzumab"))}),
    "another stratum on the form": ("B045", {"ADSL": ("S-2 >=12 >=12", "S-2 >=12 <12")}),
    "birth after consent": ("B046", {"DM": ("2024-01-03 1980", "2024-01-03 2024-06-01")}),
    "a pregnant man": ("B046", {"LB": ("S-1 3 NEUT BLOOD 2 2 2 10^9/L", "S-1 3 HCG SERUM POSITIVE POSITIVE . .")}),
    "an event before consent": ("B060", {"AE": ("2024-01-12 2024-01-13", "2023-12-12 2024-01-13")}),
    "no date of consent": ("B060", {"DM": ("2024-01-11 2024-01-03", "2024-01-11 .")}),
    "screening after the first cycle": ("B060", {"SV": ("S-2 0 SCREENING 2024-01-03 2024-01-08",
                                                        "S-2 0 SCREENING 2024-01-13 2024-01-18")}),
    "a sample in the future": ("B060", {"LB": ("150 10^9/L 2024-02-08", "150 10^9/L 2099-02-08")}),
    "doses that overlap": ("B061", {"EX": (EX3, f"{EX3}\nS-2 2 Standard 100 mg 2024-01-15 2024-01-20")}),
    "a dose after the end of treatment": ("B061", {"EX": (EX3, f"{EX3}\nS-2 2 Standard 100 mg 2024-05-15 2024-05-20")}),
    "ECOG 7": ("B071", {"QS": ("ECOG101 1 1 1", "ECOG101 7 7 7")}),
    "KPS 55": ("B071", {"QS": ("80 80 80", "55 55 55")}),
    "serious without a criterion": ("B073", {"AE": ("Y N Y 3", "Y N N 3")}),
    "the same event twice": ("B073", {"AE": (AE1, f"{AE1}\n{AE1.replace('S-1 1', 'S-1 2')}")}),
    "an event called test": ("B073", {"AE": ("1 Nausea Nausea", "1 test Nausea")}),
    "an event without a code": ("B074", {"AE": ("Nausea Nausea GI", "Nausea . .")}),
    "a term under two organ classes": ("B074", {"AE": (AE1, f"{AE1}\n{AE1_EYE}")}),
    "CR with 30 % blasts": ("B075", {"LB": (LB2, LB2.replace("2 2 2 %", "30 30 30 %"))}),
    "CR without a marrow": ("B075", {"LB": (LB2, "")}),
    "CR after progression": ("B075", {"RS": (RS1, f"S-1 2 OVRLRESP PD PD 2024-02-01\n{RS1}")}),
    "a criterion not met, and randomised": ("B076", {"IE": ("S-3 1 IN01", "S-2 1 IN01")}),
}  # fmt: skip
"""What edit checks and the rule pack tell; the first of a case is the row it stands for."""


def cases(table, **more):
    """The cases of a table, each marked with its row."""
    return [
        pytest.param(changes, beside, id=name, marks=[pytest.mark.bad_input(row), *more.values()])
        for name, (row, changes, *beside) in table.items()
    ]


def test_the_study_as_it_is_can_be_checked():
    """Nothing could not run; what the small study is told of itself is left out of what is new."""
    assert "could-not-run" not in {one.rule for one in told(drawn(), STUDY)}


@pytest.mark.parametrize(("changes", "beside"), cases(TOLD))
def test_what_cannot_be_is_told_with_its_record(changes, beside):
    new = new_in(*beside, **changes)
    assert new
    assert all(one.keys for one in new)


@pytest.mark.parametrize(("changes", "beside"), cases(OF_EDIT_CHECKS))
def test_what_contradicts_itself_is_told_by_a_rule_or_asked_of_the_site(changes, beside):
    assert new_in(*beside, **changes)
