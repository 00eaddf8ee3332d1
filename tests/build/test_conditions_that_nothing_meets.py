"""A condition that no row of its source meets is told, with its place and how many rows were looked at."""

import pytest
from harness import told, trial
from other_rows import DATA
from response_study import DATA as RESPONSES
from test_time_to_event import PFS

HEAD = "dataset: ADX\nkeys: [USUBJID]\n"
ROWS = "records:\n  - {from: DM, copy: [AGE, START]}\n"


def notes(folder, spec, sdtm=DATA, rule="where-matches-nothing"):
    built = trial(folder, spec, sdtm=sdtm).build()
    assert {issue.rule for issue in built.issues} <= {rule}
    assert {issue.severity.value for issue in built.issues} <= {"note"}
    return told(built, "variable", "value", "source", "text")


@pytest.mark.parametrize(
    ("verb", "looked_at"),
    [
        ("pick: {from: EX, where: EXTRT = 'Z', order: [EXSEQ], value: EXDOSE}", "none of the 5 rows of EX"),
        ("pick: {from: EX, where: EXTRT = 'Z', value: EXDOSE, else: 0}", "none of the 5 rows of EX"),
        ("pick: {among: [{from: EX}, {from: EX, where: EXTRT = 'Z'}], order: [_nr, EXSEQ], value: EXDOSE}",
         "none of the 5 rows of EX"),
        ("exists: {from: EX, where: EXTRT = 'Z', else: N}", "none of the 5 rows of EX"),
        ("agg: {from: EX, where: EXTRT = 'Z', value: sum(EXDOSE)}", "none of the 5 rows of EX"),
        ("agg: {from: EX, where: EXTRT = 'Z', value: count(*), else: 0}", "none of the 5 rows of EX"),
        ("agg: {from: EX, where: EXTRT = 'Z', by: [], value: count(*), else: 0}", "none of the 5 rows of EX"),
        ("flag: {where: EXTRT = 'Z', by: []}", "none of the 3 rows of ADX"),
    ],
)  # fmt: skip
def test_a_verb_whose_condition_no_row_meets_is_told(tmp_path, verb, looked_at):
    spec = f"{HEAD}{ROWS}variables:\n  EXTRT: {{const: A}}\n  X:\n    {verb}\n"
    expected = ("X", "EXTRT = 'Z'", "specs/adam/ADX.yaml:8", f"ADX.X: {looked_at} meets the where \"EXTRT = 'Z'\"")
    assert notes(tmp_path, spec) == [expected]


@pytest.mark.parametrize(
    "verb",
    [
        "pick: {from: EX, where: EXTRT = 'C', order: [EXSEQ], value: EXDT}",
        "pick: {among: [{from: EX}, {from: EX, where: EXTRT = 'C'}], order: [_nr, EXSEQ], value: EXSEQ}",
        "exists: {from: EX, where: EXTRT = 'C'}",
        "agg: {from: EX, where: EXTRT = 'C', value: sum(EXDOSE)}",
        "agg: {from: EX, where: EXTRT = 'C', value: sum(EXDOSE), else: 0}",
        "flag: {where: AGE > 60, by: []}",
    ],
)  # fmt: skip
def test_a_condition_that_a_row_meets_is_not_told_even_if_nothing_comes_of_it(tmp_path, verb):
    assert notes(tmp_path, f"{HEAD}{ROWS}variables:\n  X:\n    {verb}\n") == []


def test_a_condition_on_the_own_row_too_is_told_if_no_pair_meets_it(tmp_path):
    spec = f"{HEAD}{ROWS}variables:\n  X: {{exists: {{from: EX, where: EXDOSE > THIS.AGE}}}}\n"
    assert [note[:2] for note in notes(tmp_path, spec)] == [("X", "EXDOSE > THIS.AGE")]


def test_keys_that_find_no_partner_are_told_as_such(tmp_path):
    spec = (
        f"{HEAD}{ROWS}variables:\n  X: {{agg: {{from: EX, by: {{AGE: EXSEQ}}, where: EXDOSE > 0, value: count(*)}}}}\n"
    )
    assert notes(tmp_path, spec, rule="by-matches-nothing") == [
        ("X", "", "specs/adam/ADX.yaml:6", "ADX.X: none of the 5 rows of EX has the EXSEQ of a row here")
    ]


def test_a_source_without_rows_and_no_own_row_are_no_reason_to_speak(tmp_path):
    head = DATA["EX"].strip().splitlines()[0]
    verb = "variables:\n  X: {exists: {from: EX, where: EXTRT = 'Z'}}\n"
    assert notes(tmp_path / "source", f"{HEAD}{ROWS}{verb}", DATA | {"EX": head}) == []
    nobody = DATA | {"DM": DATA["DM"].strip().splitlines()[0]}
    assert notes(tmp_path / "own", f"{HEAD}{ROWS}{verb}", nobody) == []


@pytest.mark.parametrize(
    ("block", "place", "condition", "looked_at"),
    [
        ("{id: B, from: DM, where: AGE > 90}", "ADX/B", "AGE > 90", "3 rows of DM"),
        ("{id: B, from: EX, where: ADSL.AGE > 90, copy: [EXSEQ]}", "ADX/B", "ADSL.AGE > 90", "5 rows of EX"),
        ("{id: B, agg: {from: EX, where: EXDOSE > 90, by: [USUBJID], value: {N: count(*)}}}", "ADX/B", "EXDOSE > 90",
         "5 rows of EX"),
        ("{id: B, per: DM, where: AGE > 90, pick: {from: EX, order: [EXSEQ]}}", "ADX/B", "AGE > 90", "3 rows of DM"),
        ("{id: B, per: DM, pick: {from: EX, where: EXDOSE > 90}}", "ADX/B", "EXDOSE > 90", "5 rows of EX"),
        ("{id: B, from: DM, copy: [AGE], having: AGE > 90}", "ADX/B", "AGE > 90", "3 rows of ADX/B"),
    ],
)  # fmt: skip
def test_a_block_of_which_no_row_is_left_is_told(tmp_path, block, place, condition, looked_at):
    adsl = "dataset: ADSL\nkeys: [USUBJID]\nrecords:\n  - {from: DM, copy: [AGE]}\n"
    spec = f"{HEAD}records:\n  - {block}\n  - {{from: DM}}\n"
    built = trial(tmp_path, adsl, spec, sdtm=DATA).build()
    word = "having" if "having" in block else "where"
    text = f"rows of {place}: none of the {looked_at} meets the {word} {condition!r}"
    assert told(built, "rule", "value", "source", "text") == [
        ("where-matches-nothing", condition, "specs/adam/ADX.yaml:4", text)
    ]


def test_sources_of_times_are_told_once_however_many_blocks_share_them(tmp_path):
    twice = PFS.replace("V = 'PD'", "V = 'Progress'") + "\n" + PFS.split("records:\n")[1].replace("PFS,", "OTHER,")
    built = trial(tmp_path, "dataset: ADX\nclass: BDS\n" + twice, sdtm=RESPONSES).build()
    found = [issue for issue in built.issues if issue.rule == "where-matches-nothing"]
    assert [(issue.value, issue.source) for issue in found] == [("V = 'Progress'", "specs/adam/ADX.yaml:6")]
    assert found[0].text.endswith("none of the 4 rows of RS meets the where \"V = 'Progress'\"")


def test_lint_without_data_has_nothing_to_say(tmp_path):
    spec = f"{HEAD}{ROWS}variables:\n  X: {{exists: {{from: EX, where: EXTRT = 'Z'}}}}\n"
    assert trial(tmp_path, spec, sdtm=DATA).lint() > 0
