"""Of issues that name the same records for the same reason one stays, with the weight and the sources of the others."""

from types import SimpleNamespace

import pytest

from sdtm2adam.model import Issue, Severity
from sdtm2adam.validate.examine import read_checks
from sdtm2adam.validate.kinds import KINDS
from sdtm2adam.validate.suites import read_suites
from sdtm2adam.validate.told_once import told_once

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE


def issue(rule, keys="ab", severity=WARNING, variable="AESTDTC", source=None):
    return Issue("AE", rule, severity, "Text.", variable, "", len(keys), tuple(keys), source or rule)


def likes(**said):
    return [SimpleNamespace(id=rule, like=tuple(others)) for rule, others in said.items()]


def told(expectations=(), rules=(), edit_checks=(), *, gates=(), **said):
    found = told_once(expectations, rules, edit_checks, checks=likes(**said), gates=gates)
    return {one.rule: (one.severity, one.source) for one in found}


def test_an_edit_check_stays_before_an_expectation_and_both_before_a_rule():
    suite = issue("start-end", source="AE.start-end.AESTDTC+AEENDTC")
    found = told(
        [suite], [issue("RULE", severity=ERROR, source="RULE (SD1)")], [issue("ASKS")], ASKS=["start-end", "RULE"]
    )
    assert found == {"ASKS": (ERROR, "ASKS; RULE (SD1); AE.start-end.AESTDTC+AEENDTC")}
    assert told([suite], [issue("RULE", severity=ERROR)], RULE=["start-end"]) == {
        "start-end": (WARNING, "AE.start-end.AESTDTC+AEENDTC; RULE")
    }


@pytest.mark.parametrize("said", [{"RULE": ["ASKS"]}, {"ASKS": ["RULE"]}])
def test_it_does_not_matter_which_of_two_says_that_they_are_alike(said):
    assert told(rules=[issue("RULE")], edit_checks=[issue("ASKS")], **said) == {"ASKS": (WARNING, "ASKS; RULE")}


@pytest.mark.parametrize(
    "rule",
    [issue("RULE", "abc"), issue("RULE", variable="AEENDTC"), issue("OTHER")],
    ids=["more", "elsewhere", "other"],
)
def test_what_is_not_named_by_the_other_stays(rule):
    assert set(told(rules=[rule], edit_checks=[issue("ASKS")], ASKS=["RULE"])) == {rule.rule, "ASKS"}


def test_several_together_cover_one_and_only_those_that_share_a_record_say_so():
    several = [issue("ONE", "a"), issue("TWO", "b"), issue("THREE", "c")]
    found = told(rules=[issue("RULE")], edit_checks=several, RULE=["ONE", "TWO", "THREE"])
    assert found == {"ONE": (WARNING, "ONE; RULE"), "TWO": (WARNING, "TWO; RULE"), "THREE": (WARNING, "THREE")}


def test_two_rules_that_call_each_other_alike_are_not_both_left_out():
    assert set(told(rules=[issue("A"), issue("B")], A=["B"], B=["A"])) == {"B"}


def test_a_gate_stays_for_nobody_can_accept_it():
    found = told([issue("start-end")], edit_checks=[issue("ASKS")], gates=[("AE", "start-end")], ASKS=["start-end"])
    assert set(found) == {"start-end", "ASKS"}


def test_what_bundled_checks_call_alike_is_there():
    checks = read_checks()
    everything = (*checks.rules, *checks.edit_checks)
    by_hand = {one.id for suite in read_suites() for one in suite.expectations}
    known = {"label-differs", *KINDS, *(one.id for one in everything), *by_hand}
    assert [(one.id, name) for one in everything for name in one.like if name not in known] == []


def test_an_expectation_of_several_variables_is_left_to_a_check_of_the_second():
    suite = issue("start-end", source="AE.start-end.AESTDTC+AEENDTC")
    assert set(told([suite], edit_checks=[issue("ASKS", variable="AEENDTC")], ASKS=["start-end"])) == {"ASKS"}
