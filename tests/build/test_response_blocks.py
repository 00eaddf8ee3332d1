"""`response` blocks: what is told of the data, what is refused before them, lineage, and a study's own criteria."""

import pytest
from harness import is_drawn, trial
from leukemia_study import BLOCK, GOOD, SICK, history, judged

from sdtm2adam.model import Severity

OWN = """
criteria: OWN
title: Counts only
assessed_by: [platelets]
measures:
  platelets: {label: platelets, variable: PLT, unit: 10^9/L, worse: lower, status: V, source: BOOK}
sources: {BOOK: A book that was read}
conditions:
  enough: {measure: platelets, is: ">= 100", status: V, source: BOOK}
responses:
  - {response: GOOD, rank: 1, all: [enough], status: V, source: BOOK}
  - {response: POOR, rank: 2, none: [enough], status: V, source: BOOK}
"""
OWN_BLOCK = """
dataset: ADX
class: BDS
keys: [PARAMCD, ADT]
records:
  - id: OVR
    per: SUBJ
    response:
      criteria: OWN
      start: START
      assessments:
        platelets: {from: LB, where: LBTESTCD = 'PLAT', date: dt(LBDTC), value: LBSTRESN, unit: LBSTRESU}
"""
VISITS = (("2013-03-20", SICK), ("2013-05-02", {**GOOD, "plt": 82}), ("2013-06-02", GOOD), ("2013-07-02", SICK))


def with_own(folder, block=OWN_BLOCK, own=OWN, name="OWN", visits=VISITS):
    """A study with a criteria set of its own."""
    made = trial(folder, block, sdtm=history(*visits))
    path = folder / "specs" / "criteria" / f"{name}.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(own, encoding="utf-8")
    return made


def issues(folder, data=None, body=BLOCK):
    """What is told of a study, by rule."""
    made = trial(folder, body, sdtm=data or history(*VISITS)).build()
    return {issue.rule: issue for issue in made.issues}


def test_a_block_tells_the_response_why_and_by_which_records(tmp_path):
    made = judged(tmp_path, *VISITS)
    is_drawn(
        made,
        """
        USUBJID PARAMCD ADT        AVALC                    AVAL REMFL RESPREC                         PLT PLTDT
        S1-1    OVR     2013-05-02 CRi                      2    Y     LB_5,_LB_6,_RS_2,_LB_8          82  2013-05-02
        S1-1    OVR     2013-06-02 CR                       1    Y     LB_9,_LB_10,_RS_3,_LB_11,_LB_12 150 2013-06-02
        S1-1    OVR     2013-07-02 RELAPSED_DISEASE_FROM_CR 7    N     LB_13,_LB_14                    40  2013-07-02
        """,
    )
    remission = (
        "CR: marrow blasts 3 < 5 on 2013-06-02; peripheral blasts 0 = 0 on 2013-06-02; extramedullary disease ABSENT "
        "on 2013-06-02; ANC 2 >= 1 on 2013-06-02; platelets 150 >= 100 on 2013-06-02"
    )
    assert made.frame["RESPWHY"].to_pylist() == [
        "CRi, not CR: platelets 82 < 100 on 2013-05-02",
        remission,
        "Relapse: marrow blasts 60 >= 5 on 2013-07-02; peripheral blasts 1 > 0 on 2013-07-02; remission on 2013-06-02",
    ]


def test_lineage_leads_to_the_records_that_decided_and_to_those_of_the_remission_before(tmp_path):
    edges = judged(tmp_path, *VISITS).edges.to_pydict()
    found = {}
    for row, source, number in zip(edges["row"], edges["source"], edges["source_row"], strict=True):
        found.setdefault(row, []).append((source, number))
    assert found[0] == [("LB", 4), ("LB", 5), ("LB", 7), ("RS", 1)]
    assert found[2] == [("LB", 8), ("LB", 9), ("LB", 12), ("LB", 13), ("RS", 2)]


def test_the_method_tells_the_set_and_what_nobody_verified(tmp_path):
    dataset = judged(tmp_path, *VISITS)
    avalc = next(v for v in dataset.variables if v.name == "AVALC")
    assert avalc.origin == "Derived"
    assert avalc.method.startswith("Response by criteria set INO-VATE (")
    assert "CRi if all of remission; none of recovery" in avalc.method
    assert "Not verified (M from memory, P proposed): days of peripheral blasts (P)" in avalc.method
    assert {v.name: v.label for v in dataset.variables}["PLT"] == "Platelets (10^9/L)"
    assert all(len(v.label) <= 40 for v in dataset.variables)


def test_what_nobody_verified_is_told(tmp_path):
    told = issues(tmp_path)["response-unverified"]
    assert told.severity is Severity.NOTE
    assert "marrow up by 25 % (M)" in told.text


def test_values_in_another_unit_are_an_error_and_not_used(tmp_path):
    data = history(*VISITS)
    data["LB"] = data["LB"].replace("PLAT 150 10^9/L", "PLAT 150000 /uL")
    assert issues(tmp_path, data)["response-unit"].severity is Severity.ERROR
    assert list(trial(tmp_path / "b", BLOCK, sdtm=data).build().datasets["ADX"].frame["AVALC"].to_pylist())[1] == "NE"


def test_values_that_the_set_does_not_know_are_an_error(tmp_path):
    data = history(*VISITS)
    data["RS"] = data["RS"].replace("ABSENT 2013-06-02", "GONE 2013-06-02")
    told = issues(tmp_path, data)["response-value"]
    assert (told.severity, told.records) == (Severity.ERROR, 1)


def test_records_without_a_whole_date_and_values_that_differ_on_a_day_are_told(tmp_path):
    visits = (*VISITS, ("2013-08", {"plt": 10}), ("2013-06-02", {"bm": 4}))
    told = issues(tmp_path, history(*visits))
    assert (told["response-no-date"].records, told["response-no-date"].keys) == (1, ("USUBJID=S1-1, LBSEQ=17",))
    assert (told["response-tie"].records, told["response-tie"].severity) == (1, Severity.NOTE)
    assert told["response-tie"].keys == ("USUBJID=S1-1, date=2013-06-02",)


def test_values_that_are_not_used_are_named_by_subject_record_and_day(tmp_path):
    data = history(*VISITS)
    data["LB"] = data["LB"].replace("PLAT 150 10^9/L", "PLAT 150000 /uL")
    data["RS"] = data["RS"].replace("ABSENT 2013-06-02", "GONE 2013-06-02")
    told = issues(tmp_path, data)
    assert told["response-unit"].keys == ("USUBJID=S1-1, LBSEQ=12, date=2013-06-02",)
    assert told["response-value"].keys == ("USUBJID=S1-1, RSSEQ=3, date=2013-06-02",)


def test_subjects_without_an_assessment_are_counted_and_named(tmp_path):
    told = issues(tmp_path, history(VISITS[0]))["response-not-assessed"]
    assert (told.records, told.keys) == (1, ("USUBJID=S1-1",))


def test_subjects_without_a_start_are_counted_and_named(tmp_path):
    data = history(*VISITS)
    data["SUBJ"] += "\nS1-2 S1 . .\nS1-3 S1 . ."
    told = issues(tmp_path, data)
    assert (told["response-no-start"].severity, told["response-no-start"].records) == (Severity.NOTE, 2)
    assert told["response-no-start"].keys == ("USUBJID=S1-2", "USUBJID=S1-3")
    assert told["response-no-start"].text == "OVR: 2 subjects have no start, and no record"
    assert "response-not-assessed" not in told
    assert "response-no-start" not in issues(tmp_path / "all", history(*VISITS))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (("dt(LBDTC), value", "LBDTC, value"), "date: 'LBDTC' is text, and must be a date"),
        (("start: START", "start: USUBJID"), "response: start: 'USUBJID' is text, and must be a date"),
        (("until: UNTIL", "until: 100"), "response: until: '100' is a number, and must be a date"),
        (("value: LBSTRESN", "value: LBTESTCD"), "value: 'LBTESTCD' is text, and must be a number"),
    ],
)  # fmt: skip
def test_dates_that_are_none_and_numbers_held_as_text_are_refused_by_their_line(tmp_path, wrong, said):
    message = trial(tmp_path, BLOCK.replace(*wrong), sdtm=history(*VISITS)).fault(lint_only=True)
    assert "specs/adam/ADX.yaml:" in message
    assert f"rows of ADX/OVR: {said}\n    to mend: " in message


def test_threads_and_the_order_of_records_change_nothing(tmp_path):
    data = history(*VISITS)
    head, *rows = data["LB"].splitlines()
    one = trial(tmp_path / "a", BLOCK, sdtm=data).build(threads=1).datasets["ADX"]
    other = trial(tmp_path / "b", BLOCK, sdtm={**data, "LB": "\n".join([head, *rows[::-1]])}).build(threads=3)
    assert one.frame.equals(other.datasets["ADX"].frame)


def test_records_are_called_by_their_own_dataset_through_blocks(tmp_path):
    body = BLOCK.replace("records:\n", "work:\n  - {id: COUNTS, from: LB, where: LBSTRESN is not null}\nrecords:\n")
    made = judged(
        tmp_path,
        *VISITS,
        body=body.replace("from: LB, where: LBTESTCD = 'PLAT'", "from: COUNTS, where: LBTESTCD = 'PLAT'"),
    )
    assert made.frame["RESPREC"].to_pylist()[0] == "LB 5, LB 6, RS 2, LB 8"


def test_days_of_the_block_go_before_those_of_the_set(tmp_path):
    visits = (
        ("2013-03-20", SICK),
        ("2013-05-02", {k: v for k, v in GOOD.items() if k != "plt"}),
        ("2013-05-12", {"plt": 150}),
    )
    narrow = judged(tmp_path / "a", *visits)
    wide = judged(tmp_path / "b", *visits, body=BLOCK.replace("'PLAT', ", "'PLAT', after: 14, "))
    assert narrow.frame["AVALC"].to_pylist() == ["NE"]
    assert wide.frame["AVALC"].to_pylist() == ["CR"]


def test_a_response_is_confirmed_within_a_block(tmp_path):
    body = BLOCK + "      confirm: {responses: [CR, CRi], days: 28}\n"
    is_drawn(
        judged(tmp_path, *VISITS, body=body),
        """
        USUBJID ADT        AVALC                    CONFFL CONFDT
        S1-1    2013-05-02 CRi                      Y      2013-06-02
        S1-1    2013-06-02 CR                       N      .
        S1-1    2013-07-02 RELAPSED_DISEASE_FROM_CR .      .
    """,
    )


# --- a study's own set ---------------------------------------------------------------------------------------------


def test_a_study_brings_its_own_criteria(tmp_path):
    made = with_own(tmp_path)
    assert made.lint() > 5
    built = made.build()
    assert built.datasets["ADX"].frame["AVALC"].to_pylist() == ["POOR", "GOOD", "POOR"]
    assert "response-unverified" not in {issue.rule for issue in built.issues}
    assert any(path.name == "OWN.yaml" for path in made.specs.files)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("criteria: OWN", "criteria: OTHER", "the file is called OWN.yaml, the set OTHER"),
        ("is: \">= 100\"", "is: at least 100", "OWN.yaml:9: enough: is: needs a comparator and a number"),
        ("measure: platelets", "measure: plts", "no measure 'plts'\n    to mend: did you mean platelets?"),
        ("all: [enough]", "all: [enuf]", "no condition 'enuf'\n    to mend: did you mean enough?"),
        ("worse: lower, ", "", "worse: says which numbers are worse"),
        ("worse: lower", "worse: less", "'less' is not one of higher, lower"),
        ("variable: PLT", "variable: PLATELETS", "at most 6"),
        ("variable: PLT", "variable: CONF", "the variable CONFDT of a measure is taken"),
        ("enough: {measure", "so; so: {measure", "'so; so' is no plain name"),
        ("unit: 10^9/L", "units: 10^9/L", "unknown key 'units'"),
        ("rank: 2", "rank: 1", "POOR needs a rank of its own"),
        ("response: POOR", "response: GOOD", "GOOD stands twice"),
        ("response: POOR", "response: NE", "NE cannot be a response of a set"),
        ("source: BOOK}\nsources", "source: BOK}\nsources", "no source 'BOK'\n    to mend: did you mean BOOK?"),
        (", status: V, source: BOOK}\nresponses", ", status: M, source: BOOK}\nresponses", "the status M has a source"),
        (", status: V, source: BOOK}\nresponses", ", status: V}\nresponses", "says that it was read, and no source"),
        ("assessed_by: [platelets]", "assessed_by: []", "assessed_by is empty"),
        ("enough: {measure", "enough: {all: [enough], measure", "a condition has a measure, or had, or all"),
        ("is: \">= 100\"", "is: \">= 100\", at: nadir", "the nadir is the best value only where higher is worse"),
        ("responses:", "  odd: {all: [odd]}\nresponses:", "a circle: odd needs odd"),
        ("responses:", "  odd: {at_least: 2, all: [enough]}\nresponses:", "at_least and of belong together"),
        ("rank: 2,", "rank: 2, instead_of: FINE,", "no response 'FINE'"),
        ("status: V, source: BOOK}\nsources", "status: X}\nsources", "'X' is not one of V, D, M, P"),
    ],
)  # fmt: skip
def test_a_set_is_read_strictly(tmp_path, old, new, said):
    assert old in OWN
    assert said in with_own(tmp_path, own=OWN.replace(old, new, 1)).fault(lint_only=True)


def test_a_bundled_name_is_taken(tmp_path):
    own = OWN.replace("criteria: OWN", "criteria: iwCLL")
    fault = with_own(tmp_path, own=own, name="iwCLL").fault(lint_only=True)
    assert "a bundled set is called iwCLL too" in fault


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("      accept_unverified: true\n", "", "the criteria set INO-VATE has what nobody verified"),
        ("criteria: INO-VATE", "criteria: INO-VAT", "no criteria set 'INO-VAT'\n    to mend: did you mean INO-VATE?"),
        ("        platelets:", "        plts:", "INO-VATE has no measure 'plts'"),
        ("        platelets:", "        plts:", "assessments: platelets is missing, which INO-VATE needs"),
        (", unit: LBSTRESU}", "}", "marrow: unit is missing"),
        ("value: RSSTRESC", "value: RSSTRESC, unit: RSSTRESC", "emd: unit is of no use"),
        ("value: LBSTRESN", "value: LBSTRES", "unknown name 'LBSTRES'"),
        ("start: START", "begin: START", "unknown key 'begin'"),
        ("    per: SUBJ\n", "    per: SUBJ\n    copy: all\n", "copy has no meaning in this response block"),
        ("      until: UNTIL\n", "      confirm: {responses: [CX], days: 28}\n", "confirm: no response 'CX'"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_block_is_told_before_data(tmp_path, old, new, said):
    assert old in BLOCK
    fault = trial(tmp_path, BLOCK.replace(old, new, 1), sdtm=history(*VISITS)).fault(lint_only=True)
    assert said in fault
    assert "ADX.yaml:" in fault
