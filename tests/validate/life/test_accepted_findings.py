"""accepted.yaml: who accepts a finding, when and why; and what is told where an entry does not hold."""

from dataclasses import replace
from pathlib import Path

import pytest
from drawn_findings import EVERYTHING, finding, issue

from sdtm2adam.errors import SpecError, SpecErrors
from sdtm2adam.model import Severity
from sdtm2adam.model.finding import Acceptance, State
from sdtm2adam.validate.life import (
    Ran,
    compare_findings,
    exit_code,
    findings_of,
    issues_still_open,
    read_accepted,
)

WHO = "who: J. Doe, when: 2015-03-01, why: the site has confirmed it"
BY = Acceptance("J. Doe", "2015-03-01", "the site has confirmed it")


def accepted(folder, *entries):
    lines = "\n".join(f"  - {{{entry}, {WHO}}}" for entry in entries)
    (folder / "accepted.yaml").write_text(f"accepted:\n{lines}\n", encoding="utf-8")
    return read_accepted(folder)


def compared(folder, now, *entries, before=(), **more):
    return compare_findings(now, before, accepted(folder, *entries), **({"ran": EVERYTHING} | more))


def keys_accepted(life):
    return [one.key for one in life.findings if one.state is State.ACCEPTED]


PAIN = finding("USUBJID=U-1, AESEQ=1", subject="U-1", raw=("AE RECORDID=12",), value="Y", variable="AESER")
RASH = finding("USUBJID=U-2, AESEQ=1", subject="U-2", raw=("AE RECORDID=13",), value="N", variable="AESER")
RULE = "rule: AE-RULE, dataset: AE, variable: AESER"


@pytest.mark.parametrize(
    "entry",
    [
        f"id: {PAIN.id}",
        f"id: {PAIN.id}, value: Y",
        f"{RULE}, subject: U-1",
        f'{RULE}, key: "raw.AE RECORDID=12"',
        f'{RULE}, key: "AE RECORDID=12"',
        f'{RULE}, key: "USUBJID=U-1, AESEQ=1"',
        f"{RULE}, subject: U-1, value: Y",
    ],
)
def test_an_entry_covers_the_finding_it_names_and_no_other(tmp_path, entry):
    life = compared(tmp_path, [PAIN, RASH], entry)
    assert keys_accepted(life) == [PAIN.key]
    assert next(one for one in life.findings if one.key == PAIN.key).accepted == BY
    assert life.issues == ()


def test_an_entry_by_rule_and_dataset_covers_all_its_findings(tmp_path):
    assert keys_accepted(compared(tmp_path, [PAIN, RASH], RULE)) == [PAIN.key, RASH.key]


def test_a_finding_without_variable_is_accepted_without_one(tmp_path):
    life = compared(tmp_path, [finding("a"), PAIN], "rule: AE-RULE, dataset: AE")
    assert keys_accepted(life) == ["a"]


def test_an_acceptance_ends_when_the_value_changes_and_this_is_told(tmp_path):
    now = replace(PAIN, value="N")
    life = compared(tmp_path, [now], f"id: {PAIN.id}, value: Y", before=[PAIN])
    assert [(one.rule, one.state) for one in life.findings] == [
        ("AE-RULE", State.CHANGED),
        ("acceptance-outdated", State.NEW),
    ]
    (told,) = life.issues
    assert (told.severity, told.source, told.values) == (Severity.WARNING, "accepted.yaml:2", ("N",))
    assert told.keys == (f"USUBJID=U-1, finding={PAIN.id}",)
    assert "with the value 'Y'; the value has changed since" in told.text


def test_an_empty_value_may_be_accepted(tmp_path):
    assert keys_accepted(compared(tmp_path, [finding("a")], 'rule: AE-RULE, dataset: AE, value: ""')) == ["a"]


def test_an_entry_that_matches_nothing_is_told_as_a_note(tmp_path):
    life = compared(tmp_path, [RASH], f"id: {PAIN.id}", f"{RULE}, subject: U-9", "rule: AE-RULE, dataset: AE")
    assert [(one.rule, one.severity, one.source) for one in life.issues] == [
        ("acceptance-unused", Severity.NOTE, f"accepted.yaml:{line}") for line in (2, 3, 4)
    ]
    assert f"finding {PAIN.id}, accepted by J. Doe on 2015-03-01, is no open finding" in life.issues[0].text
    assert life.issues[2].text.endswith("Findings of this rule in AE have the variable AESER.")


def test_a_rule_of_an_entry_that_no_finding_has_is_told_with_the_nearest(tmp_path):
    life = compared(tmp_path, [RASH], "rule: AE-RUEL, dataset: AE, variable: AESER")
    assert life.issues[0].text.endswith("No finding is of a rule AE-RUEL; in AE, did you mean AE-RULE?")


def test_what_is_told_of_entries_has_a_life_too(tmp_path):
    first = compared(tmp_path, [], f"id: {PAIN.id}")
    second = compared(tmp_path, [], f"id: {PAIN.id}", before=first.findings)
    third = compared(tmp_path, [PAIN], f"id: {PAIN.id}", before=second.findings, ran=Ran.of({("AE-RULE", "AE")}))
    assert [[(one.rule, one.state) for one in life.findings] for life in (first, second, third)] == [
        [("acceptance-unused", State.NEW)],
        [("acceptance-unused", State.OPEN)],
        [("AE-RULE", State.ACCEPTED), ("acceptance-unused", State.RESOLVED)],
    ]


def test_an_error_that_is_a_gate_is_never_accepted(tmp_path):
    error = replace(PAIN, severity=Severity.ERROR)
    life = compared(tmp_path, [error, RASH], RULE, gates={("AE", "AE-RULE")})
    assert keys_accepted(life) == [RASH.key]
    (told,) = life.issues
    assert (told.rule, told.records) == ("acceptance-of-gate", 1)
    assert exit_code(life.findings, Severity.ERROR) == 1


def test_a_resolved_finding_is_not_accepted(tmp_path):
    life = compared(tmp_path, [], f"id: {PAIN.id}", before=[PAIN])
    assert [one.state for one in life.findings if one.rule == "AE-RULE"] == [State.RESOLVED]


def test_a_finding_stays_accepted_over_cuts_and_while_its_rule_does_not_run(tmp_path):
    before = compared(tmp_path, [PAIN], f"id: {PAIN.id}").findings
    for now, ran in (([PAIN], EVERYTHING), ([], Ran())):
        assert keys_accepted(compared(tmp_path, now, f"id: {PAIN.id}", before=before, ran=ran)) == [PAIN.key]


def test_without_its_entry_it_is_open_again(tmp_path):
    before = compared(tmp_path, [PAIN], f"id: {PAIN.id}").findings
    (found,) = compare_findings([PAIN], before, ran=EVERYTHING).findings
    assert (found.state, found.accepted) == (State.OPEN, None)


def test_the_first_entry_that_holds_is_the_one_that_counts(tmp_path):
    second = RULE + ", subject: U-1"
    text = f"accepted:\n  - {{{RULE}, value: X, {WHO}}}\n  - {{{second}, {WHO}}}\n"
    text += f"  - {{id: {PAIN.id}, who: R. Roe, when: 2015-04-01, why: later}}\n"
    (tmp_path / "accepted.yaml").write_text(text.replace("J. Doe", "A. Second", 2), encoding="utf-8")
    life = compare_findings([PAIN], (), read_accepted(tmp_path), ran=EVERYTHING)
    assert next(one for one in life.findings if one.rule == "AE-RULE").accepted.who in ("A. Second", "R. Roe")
    assert [one.rule for one in life.issues] == ["acceptance-outdated"]


def test_issues_that_are_still_open_leave_out_the_accepted_records(tmp_path):
    both = issue("AESEQ=1", "AESEQ=2", records=9, values=("a", "b"), queries=("p", "q"), severity=Severity.ERROR)
    alone = issue("AESEQ=1", rule="OTHER", severity=Severity.ERROR)
    whole = issue(rule="WHOLE", records=7)
    now = findings_of([both, alone, whole], {})
    entries = ['rule: AE-RULE, dataset: AE, key: "AESEQ=1"', "rule: OTHER, dataset: AE", "rule: WHOLE, dataset: AE"]
    life = compared(tmp_path, now, *entries)
    (left,) = issues_still_open([both, alone, whole], life.findings)
    assert (left.keys, left.values, left.queries, left.records) == (("AESEQ=2",), ("b",), ("q",), 8)
    assert issues_still_open([both], now) == (both,)


def test_a_study_without_the_file_accepts_nothing(tmp_path):
    assert read_accepted(tmp_path).entries == ()
    (tmp_path / "accepted.yaml").write_text("accepted:\n", encoding="utf-8")
    assert read_accepted(tmp_path).entries == ()


FAULTS = {
    "accepted:\n  - {id: 12, who: a, when: 2015-03-01, why: b}": "accepted.yaml:2: '12' is no id of a finding",
    "accepted:\n  - {id: 0123456789abcdef, when: 2015-03-01}": "accepted.yaml:2: does not say who or why",
    "accepted:\n  - id: 0123456789abcdef\n    who: a\n    when: 1 March\n    why: b": (
        "accepted.yaml:4: '1 March' is no ISO 8601 date"
    ),
    "accepted:\n  - {id: 0123456789abcdef, who: a, when: 2015-02-30, why: b}": "'2015-02-30' is no ISO 8601 date",
    "accepted:\n  - {rule: R, who: a, when: 2015-03-01, why: b}": ":2: names no finding: it has no dataset",
    "accepted:\n  - {who: a, when: 2015-03-01, why: b}": "it has no rule and no dataset",
    "accepted:\n  - {id: 0123456789abcdef, subject: U-1, who: a, when: 2015-03-01, why: b}": "by id and by subject",
    "accepted:\n  - {rule: R, datset: AE, who: a, when: 2015-03-01, why: b}": "to mend: did you mean dataset?",
    "accepted:\n  - rule: R\n    dataset: AE\n    who:\n    when: 2015-03-01\n    why: b": ":4: who has no text",
    "accepted:\n  - rule: R\n    dataset: AE\n    value:\n    who: a\n    when: 2015-03-01\n    why: b": (
        'to mend: write "" for an empty value'
    ),
    "accepted:\n  - text": "accepted.yaml:2: is no mapping",
    "accept: []": "holds something else than a list `accepted:`",
    "accepted: text": "holds something else than a list `accepted:`",
}


@pytest.mark.parametrize(("text", "told"), FAULTS.items())
def test_a_fault_is_told_with_its_line(tmp_path, text, told):
    (tmp_path / "accepted.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(SpecError) as caught:
        read_accepted(tmp_path)
    assert told in str(caught.value)


def test_the_example_of_the_documents_is_read(tmp_path):
    page = (Path(__file__).parents[3] / "docs" / "findings.md").read_text(encoding="utf-8")
    (tmp_path / "accepted.yaml").write_text(page.split("```yaml\n")[1].split("```")[0], encoding="utf-8")
    first, second = read_accepted(tmp_path).entries
    assert (first.id, first.acceptance.when) == ("1cb5a6eb5f10f2bd", "2014-10-10")
    assert (second.rule, second.key, second.value) == ("CM-AFTER-DEATH", "raw.CM RECORDID=4420504", "2013-02-23")


def test_all_faults_are_told_at_once(tmp_path):
    entry = f"  - {{id: 0123456789abcdef, {WHO}}}\n"
    (tmp_path / "accepted.yaml").write_text(f"accepted:\n{entry}  - {{id: 1, {WHO}}}\n{entry}", encoding="utf-8")
    with pytest.raises(SpecErrors) as caught:
        read_accepted(tmp_path)
    assert "accepted.yaml:3: '1' is no id" in str(caught.value)
    assert "accepted.yaml:4: accepts finding 0123456789abcdef a second time" in str(caught.value)
    assert "the first is at accepted.yaml:2" in str(caught.value)


@pytest.mark.parametrize("name", ["accepted.yml", "Accepted.yaml", "ACCEPTED.YAML"])
def test_a_file_that_nobody_would_read_is_refused(tmp_path, name):
    (tmp_path / name).write_text("accepted: []\n", encoding="utf-8")
    with pytest.raises(SpecError, match="nobody reads this file") as told:
        read_accepted(tmp_path)
    assert (told.value.where, told.value.mend) == (name, "call it accepted.yaml, or take it out")


def test_an_entry_by_the_rule_that_was_left_to_another_check_holds(tmp_path):
    one = finding("AESEQ=1", rule="ASKS", variable="AESER", source="ASKS; AE-RULE (SD1); AE.codelist.AESER (CG1)")
    assert keys_accepted(compared(tmp_path, [one], RULE)) == ["AESEQ=1"]
    assert keys_accepted(compared(tmp_path, [one], "rule: codelist, dataset: AE, variable: AESER")) == ["AESEQ=1"]
