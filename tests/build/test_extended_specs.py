"""`extends`: a dataset that is another one but for what it says itself."""

import pytest
from harness import is_drawn, trial

DM = "USUBJID STUDYID AGE:integer SEX\nS1-1 S1 50 M\nS1-2 S1 61 F"
BASE = """dataset: ADONE
label: One
keys: [USUBJID]
tables: {LIMITS: [{SEX: M, UPTO: 40}, {SEX: F, UPTO: 70}]}
maps: {SEXES: {M: Male, F: Female}}
records:
  - {from: DM, copy: [AGE, SEX]}
variables:
  UPTO: {pick: {from: table.LIMITS, by: [SEX], value: cast(UPTO as integer)}}
  OLDFL: {const: "Y", when: AGE > UPTO}
  SEXL: recode(SEX, 'SEXES')
"""


def test_an_extending_spec_takes_over_what_it_does_not_say(tmp_path):
    own = """dataset: ADTWO
extends: ADONE
label: Two
maps: {SEXES: {M: Man, F: Woman}}
variables:
  OLDFL: {const: "N", when: AGE <= UPTO}
  AGEM: AGE * 12
"""
    built = trial(tmp_path, BASE, own, sdtm={"DM": DM}).build()
    is_drawn(built.datasets["ADONE"], "USUBJID UPTO OLDFL SEXL\nS1-1 40 Y Male\nS1-2 70 . Female")
    made = built.datasets["ADTWO"]
    is_drawn(made, "USUBJID AGE SEX UPTO OLDFL SEXL AGEM\nS1-1 50 M 40 . Man 600\nS1-2 61 F 70 N Woman 732")
    assert made.frame.column_names[-4:] == ["UPTO", "OLDFL", "SEXL", "AGEM"], "the order of the base, then what is new"
    assert (built.datasets["ADONE"].label, made.label) == ("One", "Two")


def test_records_keys_and_other_lists_take_the_place_of_those_of_the_base(tmp_path):
    own = "dataset: ADTWO\nextends: ADONE\nlabel: Two\nrecords:\n  - {from: DM, where: SEX = 'F', copy: [AGE, SEX]}\n"
    made = trial(tmp_path, BASE, own, sdtm={"DM": DM}).build().datasets["ADTWO"]
    is_drawn(made, "USUBJID SEXL\nS1-2 Female")


def test_a_fault_of_the_base_is_told_at_its_own_place(tmp_path):
    own = "dataset: ADTWO\nextends: ADONE\nlabel: Two\n"
    message = trial(tmp_path, BASE.replace("AGE > UPTO", "AEG > UPTO"), own, sdtm={"DM": DM}).fault()
    assert message.count("specs/adam/ADONE.yaml:10: ") == 2
    assert "ADONE.OLDFL: unknown name 'AEG'" in message
    assert "ADTWO.OLDFL: unknown name 'AEG'" in message


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("ADOEN", "extends 'ADOEN', and adam/ has no such spec\n    to mend: did you mean ADONE?"),
        ("ADTWO", "extends 'ADTWO', and adam/ has no such spec\n"),
        ("ADTHREE", "extends 'ADTHREE', which extends another one\n    to mend: extend that one"),
        ("[ADONE]", "extends takes the name of one spec"),
    ],
)
def test_a_spec_extends_one_whole_spec_of_its_stage(tmp_path, said, message):
    own = f"dataset: ADTWO\nextends: {said}\nlabel: Two\n"
    third = "dataset: ADTHREE\nextends: ADONE\nlabel: Three\n"
    assert f"specs/adam/ADTWO.yaml:2: {message}" in trial(tmp_path, BASE, own, third, sdtm={"DM": DM}).fault()
