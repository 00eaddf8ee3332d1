"""Findings are new, still open, changed or resolved; what was not looked at again is not resolved."""

from dataclasses import replace

import pytest
from drawn_findings import EVERYTHING, finding, issue

from sdtm2adam.model import Severity
from sdtm2adam.model.finding import State
from sdtm2adam.validate.life import Ran, compare_findings, count_open, exit_code, findings_of, still_open


def states(now, before, ran=EVERYTHING, **more):
    return {
        one.key: (one.state, one.before, one.value) for one in compare_findings(now, before, ran=ran, **more).findings
    }


def test_each_finding_has_the_state_that_two_cuts_give_it():
    before = [finding("a", value="1"), finding("b", value="1"), finding("c", value="1")]
    now = [finding("a", value="1"), finding("b", value="2"), finding("d", value="1")]
    assert states(now, before) == {
        "a": (State.OPEN, "", "1"),
        "b": (State.CHANGED, "1", "2"),
        "c": (State.RESOLVED, "1", ""),
        "d": (State.NEW, "", "1"),
    }


def test_the_first_cut_has_only_new_findings():
    assert states([finding("a")], []) == {"a": (State.NEW, "", "")}


def test_what_changed_once_is_still_open_in_the_cut_after():
    first = compare_findings([finding("a", value="2")], [finding("a", value="1")], ran=EVERYTHING).findings
    assert states([finding("a", value="2")], first) == {"a": (State.OPEN, "", "2")}


def test_what_was_resolved_is_told_once_and_is_new_when_it_comes_back():
    resolved = compare_findings([], [finding("a", value="1")], ran=EVERYTHING).findings
    assert states([], resolved) == {}
    assert states([finding("a", value="1")], resolved) == {"a": (State.NEW, "", "1")}


@pytest.mark.parametrize(
    "ran",
    [
        Ran.of(()),
        Ran.of({("OTHER", "AE")}),
        Ran.of({("AE-RULE", "CM")}),
        Ran.of({("*", "*")}, {("AE-RULE", "*")}),
        Ran.of({("AE-RULE", "AE")}, {("*", "AE")}),
    ],
)
def test_a_rule_that_did_not_run_resolves_nothing(ran):
    (found,) = compare_findings([], [finding("a", value="1")], ran=ran).findings
    assert (found.state, found.value) == (State.OPEN, "1")
    assert found.text == "It is so. (open since an earlier cut; its rule did not run on this one)"
    (again,) = compare_findings([], [found], ran=ran).findings
    assert again == found
    (resolved,) = compare_findings([], [found], ran=EVERYTHING).findings
    assert (resolved.state, resolved.text) == (State.RESOLVED, "It is so.")


@pytest.mark.parametrize("pair", [("AE-RULE", "AE"), ("AE-RULE", "*"), ("*", "AE"), ("*", "*")])
def test_a_star_stands_for_all_rules_or_all_datasets(pair):
    assert states([], [finding("a")], Ran.of({pair}))["a"][0] is State.RESOLVED


def test_a_record_that_an_issue_may_have_and_does_not_name_is_not_resolved():
    before = findings_of([issue("AESEQ=1", "AESEQ=2")], {})
    now = findings_of([issue("AESEQ=1", records=5)], {})
    found = {one.key: one for one in compare_findings(now, before, ran=EVERYTHING).findings}
    assert found["AESEQ=2"].state is State.OPEN
    assert "more records now than it names" in found["AESEQ=2"].text
    later = compare_findings(findings_of([issue("AESEQ=1")], {}), tuple(found.values()), ran=EVERYTHING).findings
    assert {one.key: one.state for one in later}["AESEQ=2"] is State.RESOLVED


def test_another_severity_or_wording_is_no_other_finding():
    now = replace(finding("a"), severity=Severity.ERROR, text="Said otherwise.")
    assert states([now], [finding("a")]) == {"a": (State.OPEN, "", "")}


def test_only_open_findings_count():
    found = [
        finding("a", severity=Severity.ERROR, state=State.RESOLVED),
        finding("b", severity=Severity.ERROR, state=State.ACCEPTED),
        finding("c", state=State.CHANGED),
        finding("d", severity=Severity.NOTE, state=State.OPEN),
    ]
    assert [one.key for one in still_open(found)] == ["c", "d"]
    assert count_open(found) == {Severity.NOTE: 1, Severity.WARNING: 1, Severity.ERROR: 0}
    assert [exit_code(found, weight) for weight in (Severity.NOTE, Severity.WARNING, Severity.ERROR)] == [1, 1, 0]


def test_neither_cut_is_changed():
    now, before = (finding("a", value="2"),), (finding("a", value="1"), finding("b"))
    compare_findings(now, before, ran=EVERYTHING)
    assert (now[0].state, before[1].state) == (State.NEW, State.NEW)


def test_what_another_check_tells_now_is_neither_resolved_nor_new():
    before = finding("AESEQ=1", rule="UNIT-MISSING", variable="LBORRESU", source="UNIT-MISSING (SD0026)")
    now = finding("AESEQ=1", rule="ASKS", variable="LBORRESU", source="ASKS; UNIT-MISSING (SD0026)")
    (told,) = compare_findings([now], [before], ran=EVERYTHING).findings
    assert (told.id, told.state) == (now.id, State.OPEN)
    other = finding("AESEQ=2", rule="ASKS", variable="LBORRESU", source="ASKS; UNIT-MISSING (SD0026)")
    states = {one.rule: one.state for one in compare_findings([other], [before], ran=EVERYTHING).findings}
    assert states == {"UNIT-MISSING": State.RESOLVED, "ASKS": State.NEW}
