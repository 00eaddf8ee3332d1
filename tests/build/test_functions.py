"""dt(), dtm(), study_day(), days(), months(), years(), recode(), imputed and pctl5: against tables, Python and R."""

import datetime as dt
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sdtm2adam.build.functions import compile_expression
from sdtm2adam.build.warehouse import Warehouse
from sdtm2adam.spec.yaml import Text


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    """A database with our functions."""
    made = Warehouse(tmp_path_factory.mktemp("spill"))
    yield made
    made.close()


def value(warehouse, text, **columns):
    """The value of an expression whose columns have these values, as a spec would compute it."""
    sql = compile_expression(Text(text), lambda _, name: columns[name], {}).sql
    return warehouse.one(f"SELECT {sql}")


def shown(found):
    """A value as a text, `.` for missing."""
    return "." if found is None else found.isoformat() if isinstance(found, dt.date) else str(found)


def dtc(text):
    """SQL of an ISO text."""
    return "cast(null as varchar)" if text is None else f"'{text}'"


def day(text):
    """SQL of a date."""
    return "cast(null as date)" if text is None else f"date '{text}'"


@pytest.mark.parametrize(
    ("text", "plain", "first", "last", "first_d", "first_y"),
    [
        ("2014-02-03", "2014-02-03", "2014-02-03", "2014-02-03", "2014-02-03", "2014-02-03"),
        ("2014-02-03T10:15", "2014-02-03", "2014-02-03", "2014-02-03", "2014-02-03", "2014-02-03"),
        ("2014-02", ".", "2014-02-01", "2014-02-28", "2014-02-01", "2014-02-01"),
        ("2016-02", ".", "2016-02-01", "2016-02-29", "2016-02-01", "2016-02-01"),
        ("2014", ".", "2014-01-01", "2014-12-31", ".", "2014-01-01"),
        ("2014---20", ".", "2014-01-20", "2014-12-20", ".", "2014-01-20"),
        (None, ".", ".", ".", ".", "."),
        ("2014-13", ".", ".", ".", ".", "."),
        ("2014-02-30", ".", ".", ".", ".", "."),
        ("--02-03", ".", ".", ".", ".", "."),
    ],
)
@pytest.mark.bad_input("B052")
def test_a_date_is_imputed_only_where_the_spec_says_so_and_only_so_far(
    warehouse, text, plain, first, last, first_d, first_y
):
    calls = ["dt(X)", "dt(X, impute := 'first')", "dt(X, impute := 'last')", "dt(X, impute := 'first', upto := 'D')",
             "dt(X, impute := 'first', upto := 'Y')"]  # fmt: skip
    assert [shown(value(warehouse, call, X=dtc(text))) for call in calls] == [plain, first, last, first_d, first_y]


@pytest.mark.parametrize(
    ("text", "side", "low", "high", "expected"),
    [
        ("2014-02", "first", "2014-02-10", None, "2014-02-10"),
        ("2014-02", "first", "2014-03-10", None, "2014-02-01"),
        ("2014-02", "first", "2014-01-10", None, "2014-02-01"),
        ("2014-02", "last", None, "2014-02-10", "2014-02-10"),
        ("2014-02", "last", None, "2014-01-10", "2014-02-28"),
        ("2014-02", "last", None, "2014-03-10", "2014-02-28"),
        ("2014", "first", "2014-06-15", "2014-06-01", "2014-06-01"),
        ("2014-02-03", "first", "2014-02-10", None, "2014-02-03"),
        ("2014-02-03", "last", None, "2014-02-01", "2014-02-03"),
        ("2014---20", "first", "2014-06-15", None, "2014-06-20"),
        ("2014---20", "first", "2014-06-25", None, "2014-07-20"),
        ("2014---31", "last", None, "2014-07-30", "2014-05-31"),
        ("2014-02", "mid", None, None, "2014-02-15"),
        ("2014", "mid", None, None, "2014-07-01"),
        ("2014---20", "mid", None, None, "2014-07-20"),
        ("2014-02", "mid", "2014-02-20", None, "2014-02-20"),
        ("2014", "mid", None, "2014-05-31", "2014-05-31"),
    ],
)
def test_bounds_hold_only_where_the_partial_date_allows_them_and_never_change_a_complete_one(
    warehouse, text, side, low, high, expected
):
    call = f"dt(X, impute := '{side}', min := LO, max := HI)"
    assert shown(value(warehouse, call, X=dtc(text), LO=day(low), HI=day(high))) == expected


def test_a_date_that_is_missing_altogether_takes_the_bound_only_up_to_the_year(warehouse):
    columns = {"X": dtc(None), "LO": day("2014-02-10")}
    assert value(warehouse, "dt(X, impute := 'first', min := LO)", **columns) is None
    assert shown(value(warehouse, "dt(X, impute := 'first', upto := 'Y', min := LO)", **columns)) == "2014-02-10"


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2014-02-03T10:15:30", "2014-02-03T10:15:30", "2014-02-03T10:15:30"),
        ("2014-02-03T10:15", "2014-02-03T10:15:00", "2014-02-03T10:15:59"),
        ("2014-02-03T10", "2014-02-03T10:00:00", "2014-02-03T10:59:59"),
        ("2014-02-03", "2014-02-03T00:00:00", "2014-02-03T23:59:59"),
        ("2014-02", "2014-02-01T00:00:00", "2014-02-28T23:59:59"),
        ("2014", "2014-01-01T00:00:00", "2014-12-31T23:59:59"),
        (None, ".", "."),
    ],
)
def test_a_time_is_imputed_to_the_same_side_as_the_date(warehouse, text, first, last):
    for side, expected in (("first", first), ("last", last)):
        assert shown(value(warehouse, f"dtm(X, impute := '{side}')", X=dtc(text))) == expected


def test_the_time_may_be_imputed_to_the_other_side_and_without_a_date_rule_a_partial_date_has_none(warehouse):
    assert shown(value(warehouse, "dtm(X, impute := 'first', time := 'last')", X="'2014-02'")) == "2014-02-01T23:59:59"
    assert shown(value(warehouse, "dtm(X, time := 'last')", X="'2014-02-03'")) == "2014-02-03T23:59:59"
    assert shown(value(warehouse, "dtm(X)", X="'2014-02-03'")) == "2014-02-03T00:00:00"
    assert value(warehouse, "dtm(X)", X="'2014-02'") is None


def test_a_date_as_upper_bound_means_the_end_of_that_day(warehouse):
    call = "dtm(X, impute := 'last', max := HI)"
    assert shown(value(warehouse, call, X="'2014-02-03'", HI=day("2014-02-03"))) == "2014-02-03T23:59:59"
    assert shown(value(warehouse, call, X="'2014-02'", HI=day("2014-02-03"))) == "2014-02-03T23:59:59"
    assert shown(value(warehouse, call, X="'2014-02'", HI="timestamp '2014-02-03 10:00:00'")) == "2014-02-03T10:00:00"
    low = "dtm(X, impute := 'first', min := LO)"
    assert shown(value(warehouse, low, X="'2014-02-03'", LO="timestamp '2014-02-03 10:00:00'")) == "2014-02-03T10:00:00"


DATES = st.dates(dt.date(1990, 1, 1), dt.date(2030, 12, 31))


@given(DATES, DATES)
@settings(max_examples=60, deadline=None)
def test_there_is_no_day_0_and_a_duration_counts_both_ends(warehouse, first, second):
    columns = {"A": day(first.isoformat()), "B": day(second.isoformat())}
    apart = (second - first).days
    found = warehouse.rows(
        "SELECT " + ", ".join(
            compile_expression(Text(call), lambda _, name: columns[name], {}).sql
            for call in ("study_day(B, A)", "days(A, B)", "months(A, B)", "years(A, B)"))
    )[0]  # fmt: skip
    assert found[0] == (apart + 1 if apart >= 0 else apart) != 0
    assert found[1] == apart + 1
    assert math.isclose(found[2], (apart + 1) / 30.4375)
    assert math.isclose(found[3], (apart + 1) / 365.25)


def test_study_day_of_a_missing_date_or_reference_is_missing(warehouse):
    for a, b in ((None, "2014-01-01"), ("2014-01-01", None)):
        for call in ("study_day(A, B)", "days(A, B)", "months(A, B)", "years(A, B)"):
            assert value(warehouse, call, A=day(a), B=day(b)) is None


@given(DATES, st.sampled_from(["first", "last"]), st.integers(0, 2))
@settings(max_examples=60, deadline=None)
def test_an_imputed_date_lies_within_its_partial_date_at_its_very_end(warehouse, full, side, lost):
    text = full.isoformat()[: (10, 7, 4)[lost]]
    found = value(warehouse, f"dt(X, impute := '{side}')", X=f"'{text}'")
    assert found.isoformat().startswith(text)
    neighbour = found - dt.timedelta(days=1) if side == "first" else found + dt.timedelta(days=1)
    assert lost == 0 or not neighbour.isoformat().startswith(text)


@pytest.mark.parametrize(
    ("numbers", "quartiles"),
    [
        # R 4.x: quantile(x, c(.25, .5, .75), type = 2)
        ([1], [1, 1, 1]),
        ([1, 2], [1, 1.5, 2]),
        ([3, 1, 2], [1, 2, 3]),
        ([4, 1, 3, 2], [1.5, 2.5, 3.5]),
        ([1, 2, 3, 4, 5], [2, 3, 4]),
        ([1, 2, 3, 4, 5, 6, 7, 8], [2.5, 4.5, 6.5]),
        ([10, 20, 30, 40, 50, 60, 70], [20, 40, 60]),
        ([2.5, 2.5, 7.0, 100.25, -3.0, 0.0], [0, 2.5, 7]),
    ],
)
def test_percentiles_agree_with_r_type_2(warehouse, numbers, quartiles):
    assert [percentile(warehouse, numbers, p) for p in (0.25, 0.5, 0.75)] == quartiles


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40),
    st.sampled_from([0.0, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0]),
)
@settings(max_examples=80, deadline=None)
def test_percentiles_agree_with_numpy_on_any_numbers(warehouse, numbers, p):
    expected = np.quantile(np.array(numbers), p, method="averaged_inverted_cdf")
    assert math.isclose(percentile(warehouse, numbers, p), expected, rel_tol=1e-12, abs_tol=1e-9)


def percentile(warehouse, numbers, p):
    """pctl5 over a list, as an `agg` would compute it."""
    sql = compile_expression(Text(f"pctl5(X, {p})"), lambda *_: "x", {}, aggregate=True).sql
    rows = ", ".join(f"(cast({number!r} as double))" for number in [*numbers]) + ", (null)"
    return warehouse.one(f"SELECT {sql} FROM (VALUES {rows}) t(x)")


def test_a_percentile_of_nothing_is_missing(warehouse):
    sql = compile_expression(Text("pctl5(X, 0.5)"), lambda *_: "x", {}, aggregate=True).sql
    assert warehouse.one(f"SELECT {sql} FROM (VALUES (cast(null as double))) t(x)") is None


def test_list_position_gives_the_rank_of_a_word(warehouse):
    assert value(warehouse, "list_position(['CR', 'PR', 'SD'], X)", X="'PR'") == 2
