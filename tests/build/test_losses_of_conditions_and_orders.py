"""What conditions, orders, days and values cannot read is told wherever it stands, with the records."""

import pytest
from harness import is_drawn, told, trial

DM = "USUBJID STUDYID AGE:integer\nS1-1 S1 50\nS1-2 S1 61"
EX = """
USUBJID EXSEQ:integer EXTRT EXDOSE:float EXSTDTC    EXENDTC
S1-1    1             8     10           2014-01-02 2014-01-03
S1-1    2             x     20           2014-02-30 2014-02-30
S1-2    1             9     5            2014-02-01 2014-02-01
"""
LOST = {"DM": DM, "EX": EX}
CAST = [("cast-lost", "x", 1, ("USUBJID=S1-1, EXSEQ=2",))]
DATE = [("date-lost", "2014-02-30", 1, ("USUBJID=S1-1, EXSEQ=2",))]
ADSL = "dataset: ADSL\nkeys: [USUBJID]\nrecords:\n  - {from: DM, copy: [AGE]}\n"


def losses(folder, block, variables="", keys="[EXSEQ]", head=""):
    spec = f"dataset: ADX\nkeys: {keys}\n{head}records:\n  - {block}\n{variables}"
    built = trial(folder, ADSL, spec, sdtm=LOST).build()
    for issue in built.issues:
        assert issue.source.startswith("specs/adam/ADX.yaml:"), issue
    return built.datasets["ADX"], told(built, "rule", "value", "records", "keys")


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ("{from: EX, where: cast(EXTRT as integer) > 8, copy: [EXSEQ]}", CAST),
        ("{from: EX, where: dt(EXSTDTC) > cast('2014-01-15' as date), copy: [EXSEQ]}", DATE),
        ("{from: EX, where: EXSEQ = 1 and dt(EXSTDTC) is not null, copy: [EXSEQ]}", DATE),
        ("{from: EX, where: cast(EXTRT as integer) < ADSL.AGE, copy: [EXSEQ]}", CAST),
        ("{from: EX, copy: [EXSEQ, EXTRT], having: cast(EXTRT as integer) > 8}", CAST),
        ("{from: EX, copy: [EXSEQ], expand: {from: dt(EXSTDTC), to: dt(EXSTDTC), as: ADT}}",
         [*DATE, ("expand-no-day", "", 1, ("USUBJID=S1-1, EXSEQ=2",))]),
        ("{from: EX, copy: [EXSEQ], dedupe: {by: [USUBJID], order: [dt(EXSTDTC)]}}",
         [*DATE, ("duplicates-dropped", "", 1, ("USUBJID=S1-1, EXSEQ=2",))]),
        ("{agg: {from: EX, where: cast(EXTRT as integer) > 8, by: [USUBJID, EXSEQ], value: {N: count(*)}}}", CAST),
        ("{agg: {from: EX, by: [USUBJID, EXSEQ], value: {N: sum(cast(EXTRT as integer))}}}", CAST),
        ("{agg: {from: EX, by: [USUBJID, EXSEQ], value: {D: max(dt(EXSTDTC))}}}", DATE),
        ("{per: DM, pick: {from: EX, order: [EXSEQ], take: last, set: {D: dt(EXSTDTC)}}, copy: [EXSEQ]}",
         [("date-lost", "2014-02-30", 1, ("USUBJID=S1-1, EXSEQ=2",))]),
    ],
)  # fmt: skip
def test_what_a_block_cannot_read_is_told_with_its_records(tmp_path, block, expected):
    assert sorted(losses(tmp_path, block)[1]) == sorted(expected)


def confirmed(text):
    return (
        f"X: {{pick: {{from: EX, where: EXSEQ = 1, order: [EXSEQ], take: first, value: EXSEQ, confirm: {{{text}}}}}}}"
    )


@pytest.mark.parametrize(
    ("variable", "expected"),
    [
        ("X: {flag: {where: cast(EXTRT as integer) > 1, by: []}}", CAST),
        ("X: {flag: {order: [dt(EXSTDTC)], take: last}}", DATE),
        ("X: {flag: {take: all, order: [EXSEQ], until: cast(EXTRT as integer) = 9}}", CAST),
        ("X: {seq: {order: [dt(EXSTDTC)]}}", DATE),
        ("X: {pick: {from: DM, by: {EXDOSE: AGE}, value: AGE, else: cast(EXTRT as integer)}}",
         [("by-matches-nothing", "", 1, ()), *CAST]),
        ("X: {agg: {from: DM, by: {EXDOSE: AGE}, value: sum(AGE), else: cast(EXTRT as integer)}}",
         [("by-matches-nothing", "", 1, ()), *CAST]),
        (confirmed("until: dt(EXSTDTC) >= dt(THIS.EXSTDTC), require: count(*) = 1"), DATE),
        (confirmed("until: EXSEQ >= 1, require: max(cast(EXTRT as integer)) > THIS.EXSEQ"), CAST),
        ("X: F.D", [("date-lost", "2014-02-30", 2, ("USUBJID=S1-1, EXSEQ=1", "USUBJID=S1-1, EXSEQ=2"))]),
    ],
)  # fmt: skip
def test_what_a_variable_cannot_read_is_told_with_its_records(tmp_path, variable, expected):
    lookup = "lookups:\n  F: {among: [{from: EX, set: {D: dt(EXSTDTC)}}], order: [EXSEQ], take: last}\n"
    found = losses(tmp_path, "{from: EX, copy: all}", f"variables:\n  {variable}\n", head=lookup)
    assert sorted(found[1]) == sorted(expected)


def test_an_else_that_is_not_needed_loses_nothing(tmp_path):
    found = losses(
        tmp_path,
        "{from: EX, copy: all}",
        "variables:\n  X: {pick: {from: DM, value: AGE, else: cast(EXTRT as integer)}}\n",
    )
    assert found[1] == []


def test_a_condition_with_losses_keeps_the_same_rows(tmp_path):
    made, _ = losses(tmp_path, "{from: EX, where: cast(EXTRT as integer) > 7 or EXSEQ = 2, copy: [EXSEQ]}")
    is_drawn(made, "USUBJID EXSEQ\nS1-1 1\nS1-1 2\nS1-2 1")


def test_sources_of_times_tell_what_their_own_columns_cannot_read(tmp_path):
    source = "{from: EX, date: cast(EXENDTC as date), desc: Dose, set: {NO: cast(EXTRT as integer)}}"
    tte = f"{{id: T, per: ADSL, tte: {{start: cast('2014-01-01' as date), events: [{source}], censors: [{source}]}}}}"
    _, found = losses(tmp_path, tte, keys="[ADT]")
    assert {(rule, value, records) for rule, value, records, _ in found} == {
        ("cast-lost", "x", 1), ("cast-lost", "2014-02-30", 1),
    }  # fmt: skip
