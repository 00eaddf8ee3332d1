"""`flag` and `seq`, `keys` and `checks`: what the records of a dataset say of each other."""

import pytest
from harness import build_one, is_drawn, told, trial

from sdtm2adam.errors import InputError, SpecErrors

RS = """
USUBJID N:integer ADT:date   V
S1-1    1         2014-02-01 CR
S1-1    2         2014-03-01 PD
S1-1    3         2014-04-01 PR
S1-1    4         .          SD
S1-2    1         2014-03-05 SD
S1-2    2         2014-03-05 PR
S1-3    1         .          NE
"""


def flags(folder, said, sdtm=RS, **more):
    """N and the variable X of a dataset with the records of RS."""
    spec = f"dataset: ADX\nkeys: [N]\nrecords:\n  - {{from: RS, copy: all}}\nvariables:\n  X: {said}\n"
    return build_one(folder, spec, sdtm={"RS": sdtm}, **more)


def column(made):
    """X of all records in one line."""
    return " ".join("." if value is None else str(value) for value in made.frame["X"].to_pylist())


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("{flag: {order: [ADT]}}", "Y . . . Y . Y"),
        ("{flag: {order: [ADT], take: last}}", ". . Y . . Y Y"),
        ("{flag: {order: [ADT desc]}}", ". . Y . Y . Y"),
        ("{flag: {order: [ADT desc], take: last}}", "Y . . . . Y Y"),
        ("{flag: {order: [ADT, V], take: last}}", ". . Y . Y . Y"),
        ("{flag: {where: V <> 'CR', order: [ADT]}}", ". Y . . Y . Y"),
        ("{flag: {where: \"V in ('PR', 'PD')\", order: [ADT], take: last}}", ". . Y . . Y ."),
        ("{flag: {where: V = 'XX', order: [ADT]}}", ". . . . . . ."),
        ("{flag: {take: all, where: ADT > cast('2014-02-15' as date)}}", ". Y Y . Y Y ."),
        ("{flag: {order: [ADT], take: all, until: V = 'PD'}}", "Y Y . . Y Y Y"),
        ("{flag: {order: [ADT], take: last, until: V = 'PD'}}", ". Y . . . Y Y"),
        ("{flag: {order: [ADT], take: all, until: V = 'CR'}}", "Y . . . Y Y Y"),
        ("{flag: {by: [], order: [ADT, USUBJID]}}", "Y . . . . . ."),
        ("{flag: {by: [USUBJID, V], order: [ADT]}}", "Y Y Y Y Y Y Y"),
        ("{flag: {by: [ADT], order: [N]}}", "Y Y Y . Y . Y"),
        ("{seq: {order: [ADT desc]}}", "3 2 1 4 1 2 1"),
        ("{seq: {order: [V]}}", "1 2 3 4 2 1 1"),
        ("{seq: {by: [], order: [V, USUBJID]}}", "1 3 4 6 7 5 2"),
        ("{seq: {by: [V], order: [USUBJID]}}", "1 1 1 1 2 2 1"),
    ],
)
def test_a_flag_or_a_number_follows_group_order_and_condition(tmp_path, said, expected):
    assert column(flags(tmp_path, said)) == expected


def test_missing_groups_form_a_group_of_their_own(tmp_path):
    assert column(flags(tmp_path, "{seq: {by: [USUBJID, ADT], order: [N]}}")) == "1 1 1 1 1 2 1"


def test_flags_of_no_records_and_of_one(tmp_path):
    head, one, *_ = RS.strip().splitlines()
    assert flags(tmp_path / "none", "{flag: {order: [ADT]}}", head).frame.num_rows == 0
    assert column(flags(tmp_path / "one", "{seq: {order: [ADT]}}", f"{head}\n{one}")) == "1"


def test_a_flag_may_stand_on_another_flag_and_on_a_lookup(tmp_path):
    made = build_one(tmp_path, """dataset: ADX
keys: [N]
records:
  - {from: RS, copy: all}
variables:
  LASTFL: {flag: {where: ONFL = 'Y', order: [ADT, N], take: last}}
  ONFL: {flag: {order: [ADT, N], take: all, until: V = 'PD', where: ADT > ADSL.START}}
""", sdtm={"RS": RS, "ADSL": "USUBJID START:date\nS1-1 2014-01-01\nS1-2 2014-03-05"})  # fmt: skip
    is_drawn(
        made,
        """
    USUBJID N LASTFL ONFL
    S1-1    1 .      Y
    S1-1    2 Y      Y
    S1-1    3 .      .
    S1-1    4 .      .
    S1-2    1 .      .
    S1-2    2 .      .
    S1-3    1 .      .
    """,
    )


# --- keys and checks --------------------------------------------------------------------------------------------------


def test_records_are_sorted_by_the_keys_with_missing_last(tmp_path):
    spec = "dataset: ADX\nkeys: [ADT, V]\nrecords:\n  - {from: RS, copy: [ADT, V, N]}"
    is_drawn(
        build_one(tmp_path, spec, sdtm={"RS": RS}),
        """
    USUBJID ADT        V  N
    S1-1    2014-02-01 CR 1
    S1-1    2014-03-01 PD 2
    S1-1    2014-04-01 PR 3
    S1-1    .          SD 4
    S1-2    2014-03-05 PR 2
    S1-2    2014-03-05 SD 1
    S1-3    .          NE 1
    """,
    )


def test_two_missing_keys_are_equal_keys(tmp_path):
    rs = RS.replace("S1-1    1         2014-02-01 CR", "S1-1    1         .          CR")
    with pytest.raises(InputError, match=r"first: STUDYID=S1, USUBJID=S1-1, ADT=None stands 2 times"):
        build_one(
            tmp_path,
            "dataset: ADX\nkeys: [ADT]\nrecords:\n  - {from: RS, where: USUBJID = 'S1-1', copy: [ADT]}",
            sdtm={"RS": rs},
        )


def test_helpers_may_be_keys_and_are_never_written(tmp_path):
    spec = "dataset: ADX\nkeys: [_O, N]\nrecords:\n  - {from: RS, copy: [N], set: {_O: 0 - N}}"
    made = build_one(tmp_path, spec, sdtm={"RS": RS})
    assert made.frame.column_names == ["STUDYID", "USUBJID", "N"]
    assert made.keys == ("STUDYID", "USUBJID", "N")
    assert made.frame["N"].to_pylist() == [4, 3, 2, 1, 2, 1, 1]


def test_a_dataset_without_keys_is_told_so_when_subjects_have_several_records(tmp_path):
    with pytest.raises((SpecErrors, InputError), match="key"):
        build_one(tmp_path, "dataset: ADX\nrecords:\n  - {from: RS, copy: all}", sdtm={"RS": RS})


CHECKS = """dataset: ADX
keys: [N]
records:
  - {from: RS, copy: all}
checks:
  - {id: DATED, where: V <> 'NE', expect: ADT is not null, severity: warning, text: A response has a date.}
  - {id: EARLY, expect: ADT < cast('2014-03-01' as date), text: Seen early.}
  - {id: FINE, expect: N > 0, severity: note, text: Never.}
"""


def test_a_check_tells_the_records_that_do_not_pass_and_missing_does_not_pass(tmp_path):
    built = trial(tmp_path, CHECKS, sdtm={"RS": RS}).build()
    assert told(built, "rule", "severity", "records", "keys", "text") == [
        ("DATED", "warning", 1, ("USUBJID=S1-1, N=4",), "A response has a date."),
        ("EARLY", "error", 6, tuple(f"USUBJID={key}" for key in (
            "S1-1, N=2", "S1-1, N=3", "S1-1, N=4", "S1-2, N=1", "S1-2, N=2", "S1-3, N=1")), "Seen early."),
    ]  # fmt: skip


def test_the_names_of_checks_are_known_before_data_are_read(tmp_path):
    assert trial(tmp_path / "right", CHECKS, sdtm={"RS": RS}).fault(lint_only=True) == ""
    wrong = CHECKS.replace("expect: N > 0", "expect: M > 0")
    assert "unknown name 'M' in 'M > 0'" in trial(tmp_path / "wrong", wrong, sdtm={"RS": RS}).fault(lint_only=True)
    misfit = CHECKS.replace("expect: N > 0", "expect: 0.85 * USUBJID > 0")
    assert "the check " in trial(tmp_path / "misfit", misfit, sdtm={"RS": RS}).fault(lint_only=True)
