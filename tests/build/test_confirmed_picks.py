"""`confirm` of a pick: a candidate counts if the rows after it, up to and including the first with `until`, say so."""

import datetime as dt
import random

import pyarrow as pa
import pytest
from harness import build_one, is_drawn, picked, told, trial, write_parquet
from other_rows import DATA, values

from sdtm2adam.errors import SpecError, SpecErrors

RS_HEAD = "USUBJID N:integer DAY:date R"
FOUR_WEEKS = """{until: R = 'CR' and DAY >= THIS.DAY + 28, require: "bool_and(R in ('CR', 'NE')) and count(*) <= 2"}"""


def responses(*rows):
    """Assessments of subjects as a drawn table: `1 2014-01-01 CR` is one of subject S1-1."""
    lines = [f"S1-{row.split()[0]} {n} {' '.join(row.split()[1:])}" for n, row in enumerate(rows, 1)]
    return DATA | {"RS": "\n".join([RS_HEAD, *lines])}


def first_confirmed(folder, *rows, confirm=FOUR_WEEKS, take="first", order="[DAY]"):
    """The first CR that is confirmed, for each of three subjects."""
    pick = f"{{from: RS, where: R = 'CR', order: {order}, take: {take}, value: N, confirm: {confirm}}}"
    return values(folder, f"D: {{pick: {pick}}}", responses(*rows))


def found(made):
    return made.frame["D"].to_pylist()


# --- which rows are looked at -----------------------------------------------------------------------------------------


def test_a_candidate_is_kept_if_the_rows_up_to_the_first_with_until_meet_require(tmp_path):
    made = first_confirmed(
        tmp_path,
        "1 2014-01-01 CR", "1 2014-01-15 NE", "1 2014-02-01 CR", "1 2014-02-02 PD",  # confirmed before the PD
        "2 2014-01-01 CR", "2 2014-01-15 PD", "2 2014-02-01 CR",  # a progression lies between
        "3 2014-01-01 CR", "3 2014-01-10 NE", "3 2014-01-11 NE", "3 2014-02-01 CR",  # too many between
    )  # fmt: skip
    assert found(made) == [1, None, None]
    assert picked(made, "D") == ["RS 0", "-", "-"]


def test_without_a_row_that_has_until_nothing_is_confirmed(tmp_path):
    made = first_confirmed(tmp_path, "1 2014-01-01 CR", "2 2014-01-01 CR", "2 2014-01-20 CR", "3 2014-01-01 PR")
    assert found(made) == [None, None, None]


def test_the_next_candidate_is_tried_where_the_first_is_not_confirmed(tmp_path):
    rows = ("1 2014-01-01 CR", "1 2014-01-10 PD", "1 2014-03-01 CR", "1 2014-04-01 CR", "1 2014-05-01 CR")
    assert found(first_confirmed(tmp_path / "first", *rows))[0] == 3
    assert found(first_confirmed(tmp_path / "last", *rows, take="last"))[0] == 4


def test_until_is_first_met_on_the_first_day_that_is_late_enough(tmp_path):
    rows = ("1 2014-01-01 CR", "1 2014-01-29 CR", "2 2014-01-01 CR", "2 2014-01-28 CR")
    assert found(first_confirmed(tmp_path, *rows)) == [1, None, None]


def test_rows_of_the_same_day_do_not_come_after_each_other(tmp_path):
    confirm = "{until: R = 'NE', require: count(*) > 0}"
    assert found(first_confirmed(tmp_path, "1 2014-01-01 CR", "1 2014-01-01 NE", confirm=confirm))[0] is None


def test_rows_that_tie_with_the_first_that_has_until_are_looked_at_too(tmp_path):
    rows = (
        "1 2014-01-01 CR",
        "1 2014-02-01 CR",
        "1 2014-02-01 PD",
        "2 2014-01-01 CR",
        "2 2014-02-01 PD",
        "2 2014-02-01 CR",
    )
    assert found(first_confirmed(tmp_path, *rows)) == [None, None, None]


def test_a_row_without_a_day_confirms_nothing_and_is_not_confirmed(tmp_path):
    rows = ("1 . CR", "1 2014-02-01 CR", "2 2014-01-01 CR", "2 . CR", "3 2014-01-01 CR", "3 . PD", "3 2014-02-01 CR")
    assert found(first_confirmed(tmp_path, *rows)) == [None, None, 5]


def test_after_means_after_in_the_order_as_it_is_written(tmp_path):
    rows = ("1 2014-01-01 NE", "1 2014-02-01 CR", "2 2014-01-01 CR", "2 2014-02-01 NE")
    confirm = "{until: R = 'NE', require: count(*) = 1}"
    assert found(first_confirmed(tmp_path, *rows, confirm=confirm, order="[DAY desc]")) == [2, None, None]


def test_a_missing_condition_is_not_true(tmp_path):
    rows = ("1 2014-01-01 CR", "1 2014-02-01 .", "2 2014-01-01 CR", "2 2014-02-01 NE")
    confirm = "{until: DAY > THIS.DAY, require: max(case when R = 'NE' then 1 end) = 1}"
    assert found(first_confirmed(tmp_path, *rows, confirm=confirm)) == [None, 3, None]


def test_require_may_compare_with_the_candidate(tmp_path):
    rows = ("1 2014-01-01 CR", "1 2014-02-01 CR", "2 2014-01-01 CR", "2 2014-06-01 CR")
    confirm = "{until: R = THIS.R, require: max(DAY) - THIS.DAY <= 60 and min(R) = THIS.R}"
    assert found(first_confirmed(tmp_path, *rows, confirm=confirm)) == [1, None, None]


def test_rows_after_are_those_with_the_same_by(tmp_path):
    rs = "USUBJID EYE N:integer\nS1-1 L 1\nS1-1 R 2\nS1-2 L 1\nS1-2 L 2\nS1-2 . 3"
    made = values(tmp_path, "D: {pick: {from: RS, by: [USUBJID, {SIDE: EYE}], order: [N], value: N, "
                  "confirm: {until: N > 1, require: count(*) = 1}}}\nSIDE: {const: L}", DATA | {"RS": rs})  # fmt: skip
    is_drawn(made, "USUBJID D\nS1-1 .\nS1-2 1\nS1-3 .")


def test_a_condition_of_the_row_being_made_beside_confirm(tmp_path):
    pick = (
        "{from: RS, where: DAY > THIS.START, order: [DAY], value: N, confirm: {until: R = 'CR', require: count(*) = 1}}"
    )
    made = values(tmp_path, f"D: {{pick: {pick}}}", responses("1 2014-01-01 CR", "1 2014-01-03 CR", "1 2014-01-04 CR"))
    assert found(made) == [2, None, None]


def test_each_source_of_among_has_a_confirm_of_its_own(tmp_path):
    made = values(tmp_path, f"""
D:
    pick:
      among:
        - {{from: RS, where: R = 'CR', confirm: {FOUR_WEEKS}}}
        - {{from: RS, where: R = 'NE'}}
      order: [_nr, DAY]
      value: N
""", responses("1 2014-01-01 CR", "1 2014-03-01 CR", "2 2014-01-01 CR", "2 2014-01-02 NE"))  # fmt: skip
    assert found(made) == [1, 4, None]


def test_a_block_of_records_and_a_lookup_take_confirmed_rows(tmp_path):
    rs = responses("1 2014-01-01 CR", "1 2014-03-01 CR", "2 2014-01-01 CR")
    made = build_one(tmp_path, f"""dataset: ADX
keys: [USUBJID]
lookups:
  CONF: {{from: RS, where: R = 'CR', order: [DAY], confirm: {FOUR_WEEKS}}}
records:
  - per: DM
    pick: {{from: RS, where: R = 'CR', order: [DAY], confirm: {FOUR_WEEKS}, set: {{A: DAY}}, else: {{}}}}
    copy: [N]
variables:
  B: CONF.DAY
""", sdtm=rs)  # fmt: skip
    is_drawn(made, "USUBJID N A B\nS1-1 1 2014-01-01 2014-01-01\nS1-2 . . .\nS1-3 . . .")


def test_confirm_over_a_source_without_records(tmp_path):
    assert found(first_confirmed(tmp_path)) == [None, None, None]


# --- what is refused before data are read -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("confirm", "message"),
    [
        ("until: N, require: count(*) > 1", "'N' of confirm is bigint, no condition"),
        ("until: R = 'CR', require: count(*)", r"'count\(\*\)' of confirm is bigint, no condition"),
        ("until: R = 'CR', require: N = 1", "'N = 1' of confirm does not fit its columns"),
        ("until: DAY > 1, require: count(*) = 1", "'DAY > 1' of confirm does not fit its columns"),
        ("until: AGE = 1, require: count(*) > 1", "unknown name 'AGE' in 'AGE = 1'"),
        ("until: THIS.AGE = 1, require: count(*) > 1", "unknown name 'AGE' in 'THIS.AGE = 1'"),
        ("until: X.AGE = 1, require: count(*) > 1", "X.AGE has no meaning in confirm"),
        ("until: count(*) = 1, require: count(*) > 1", "function count in .* is not allowed in a row expression"),
        ("until: R = 'CR'", "the key 'require' is missing"),
    ],
)
def test_a_confirm_that_cannot_be(tmp_path, confirm, message):
    made = trial(tmp_path, pick_of(f"from: RS, order: [DAY], confirm: {{{confirm}}}"), sdtm=responses())
    with pytest.raises((SpecError, SpecErrors), match=message):
        made.lint()


@pytest.mark.parametrize(
    ("pick", "message"),
    [
        ("from: RS", "confirm without an order"),
        ("from: RS, order: [abs(N - THIS.AGE)]", "reads the row being made, so confirm cannot tell what comes after"),
        ("among: [{from: RS}], order: [_nr, DAY]", "confirm stands beside among"),
    ],
)
def test_a_pick_that_cannot_be_confirmed(tmp_path, pick, message):
    said = "confirm: {until: R = 'CR', require: count(*) > 1}"
    made = trial(tmp_path, pick_of(f"{pick}, {said}"), sdtm=responses())
    with pytest.raises(SpecErrors, match=message):
        made.lint()


def pick_of(body):
    """ADX with one picked variable."""
    return f"""dataset: ADX
keys: [USUBJID]
records:
  - {{from: DM, copy: [AGE, START]}}
variables:
  D: {{pick: {{{body}, value: N}}}}
"""


# --- against a plain reading ------------------------------------------------------------------------------------------

RECIST = """dataset: ADX
keys: [USUBJID]
records:
  - {from: DM}
variables:
  CR:
    pick:
      from: RS
      where: R = 'CR'
      order: [DAY]
      ties: any
      value: DAY
      confirm:
        until: R = 'CR' and DAY >= THIS.DAY + 28
        require: bool_and(R in ('CR', 'NE')) and count(*) filter (where R = 'NE') <= 1
  PR:
    pick:
      from: RS
      where: R = 'PR'
      order: [DAY]
      take: last
      ties: any
      value: DAY
      confirm:
        until: R in ('CR', 'PR') and DAY >= THIS.DAY + 28
        require: bool_and(R in ('CR', 'PR', 'NE')) and count(*) filter (where R = 'NE') <= 1
"""
START = dt.date(2014, 1, 1)


def confirms(candidate, rows, ends, allowed):
    """Whether the rows after a candidate confirm it, read one by one."""
    if candidate["DAY"] is None:
        return False
    later = [row for row in rows if row["DAY"] is not None and row["DAY"] > candidate["DAY"]]
    days = [row["DAY"] for row in later if row["R"] in ends and row["DAY"] >= candidate["DAY"] + dt.timedelta(days=28)]
    if not days:
        return False
    seen = [row["R"] for row in later if row["DAY"] <= min(days)]
    known = [r for r in seen if r is not None]
    return all(r in allowed for r in known) and known.count("NE") <= 1


@pytest.mark.parametrize("seed", range(6))
def test_confirmed_responses_are_those_that_a_plain_reading_confirms(tmp_path, seed):
    chance = random.Random(seed)
    people = [f"S-{i:02d}" for i in range(40)]
    rows = [
        {
            "USUBJID": chance.choice(people[:36]),
            "DAY": None if chance.random() < 0.08 else START + dt.timedelta(days=7 * chance.randrange(14)),
            "R": None if chance.random() < 0.03 else chance.choices(["CR", "PR", "NE", "PD"], [7, 4, 2, 1])[0],
        }
        for _ in range(260)
    ]
    made = trial(tmp_path, RECIST)
    schema = pa.schema([("USUBJID", pa.string()), ("DAY", pa.date32()), ("R", pa.string())])
    made.sdtm["RS"] = write_parquet(tmp_path / "RS.parquet", pa.Table.from_pylist(rows, schema))
    made.sdtm["DM"] = write_parquet(tmp_path / "DM.parquet", pa.table({"USUBJID": people, "STUDYID": ["S1"] * 40}))
    built = made.build()
    assert told(built) == []
    expected = {"CR": [], "PR": []}
    for person in people:
        own = [row for row in rows if row["USUBJID"] == person]
        for response, ends, choose in (("CR", {"CR"}, min), ("PR", {"CR", "PR"}, max)):
            days = [r["DAY"] for r in own if r["R"] == response and confirms(r, own, ends, {*ends, "NE"})]
            expected[response].append(choose(days, default=None))
    frame = built.datasets["ADX"].frame
    assert {name: frame[name].to_pylist() for name in expected} == expected
    assert 5 < sum(day is not None for day in expected["CR"]) < 35
