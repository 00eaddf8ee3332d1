"""Dates, their bounds and flags, study days and the order of partial dates, held against a model in plain Python."""

import datetime as dt
import re

import pytest
from date_model import day_of, has_no_year, level, moment_of, open_days, time_level
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sdtm2adam.build.functions import compile_expression, imputation_flag
from sdtm2adam.build.warehouse import Warehouse
from sdtm2adam.spec.yaml import Text

MANY = settings(max_examples=40, deadline=None)
SLOW = settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
EDGES = [
    dt.date(y, m, d)
    for y in (1900, 1999, 2000, 2012, 2014, 2100)
    for m, d in ((1, 1), (1, 31), (2, 28), (3, 1), (12, 31), (7, 1), (6, 30))
] + [dt.date(2000, 2, 29), dt.date(2012, 2, 29)]
DAYS = st.one_of(st.sampled_from(EDGES), st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31)))
CLOCKS = st.one_of(
    st.sampled_from(["", "T", "T24:00", "T24:00:00", "T23:59:59", "T00:00", "T10:60", "T-:15", "T10:15Z",
                     "T10:15+09:00", "T10:15:30.25", "T10:15:30.123456789", "T10:15:30,5", " 10:15",
                     "/2014-02-05", "T1015"]),
    st.builds(lambda t, n: f"T{t.isoformat()}"[:n], st.times().map(lambda t: t.replace(microsecond=0)),
              st.sampled_from([3, 6, 9])),
)  # fmt: skip


def _partials(day):
    text = day.isoformat()
    year, month, number = text.split("-")
    return [text, text[:7], year, f"{year}---{number}", f"--{month}-{number}", f"--{month}", f"-----{number}"]


PARTIAL = st.tuples(DAYS, st.integers(0, 6)).map(lambda pair: _partials(pair[0])[pair[1]])
JUNK = st.one_of(
    st.sampled_from(["2014-02-30", "1900-02-29", "2100-02-29", "2014-13", "2014-00", "2014---32", "2014---00",
                     "2014/02/03", "20140203", "2014-2-3", "2014-02-3", "2014-02-03x", "UNK", "UNKNOWN", "garbage!",
                     "0000", "201a",
                     "2014-02-", "2014-", " ", "2014--03", "02 FEB 2014", "2014-02T10:00"]),
    st.tuples(PARTIAL, st.integers(0, 10), st.sampled_from("0-T:x ")).map(lambda p: p[0][: p[1]] + p[2] + p[0][p[1] :]),
    st.text("0123456789-T:", min_size=1, max_size=12),
)  # fmt: skip
TEXTS = st.one_of(st.none(), PARTIAL, st.builds(lambda d, c: d.isoformat() + c, DAYS, CLOCKS), JUNK)
MOMENTS = st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2100, 12, 31))


@st.composite
def cases(draw, near=DAYS):
    """Rows of a text and two bounds that lie near it, or anywhere."""
    rows = []
    for _ in range(40):
        text = draw(TEXTS)
        days = open_days(text) if text else []
        some = st.one_of(near, *([st.sampled_from(days), st.integers(-40, 40).map(lambda n, d=days[0]: _shifted(d, n))]
                                 if days else []))  # fmt: skip
        rows.append((text, draw(st.none() | some), draw(st.none() | some)))
    return rows


def _shifted(day, days):
    return min(max(day + dt.timedelta(days=days), dt.date(1900, 1, 1)), dt.date(2100, 12, 31))


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    """A database with our functions."""
    made = Warehouse(tmp_path_factory.mktemp("spill"))
    yield made
    made.close()


def literal(value, kind):
    """A value as SQL."""
    return f"cast({'null' if value is None else chr(39) + str(value) + chr(39)} as {kind})"


def computed(warehouse, calls, rows, kinds):
    """The values of SQL over rows of columns X, LO, HI: one tuple a row. Planning takes the time, not the rows."""
    values = ", ".join(
        f"({i}, {', '.join(literal(v, k) for v, k in zip(row, kinds, strict=True))})" for i, row in enumerate(rows)
    )
    return warehouse.rows(f"SELECT {', '.join(calls)} FROM (VALUES {values}) t(i, X, LO, HI) ORDER BY i")


def sql_of(call):
    return compile_expression(Text(call), lambda _, name: name, {}).sql


def flag_of(call, of_time):
    return imputation_flag(Text(call), lambda _, name: name, of_time)


def told(call, rule):
    """The condition under which an issue is told."""
    found = [p.condition for p in compile_expression(Text(call), lambda _, name: name, {}).probes if p.rule == rule]
    return f"coalesce({found[0]}, false)"


RULES = [("", "M"), *((side, upto) for side in ("first", "last") for upto in "DMY"), ("mid", "D"), ("mid", "M")]


def arguments(impute, upto):
    return f", impute := '{impute}', upto := '{upto}'" if impute else ""


@given(cases(), st.lists(st.sampled_from(RULES), min_size=4, max_size=4))
@SLOW
def test_a_date_is_that_of_the_model_and_its_flag_tells_what_was_imputed(warehouse, rows, rules):
    calls = [f"dt(X{arguments(*rule)}, min := LO, max := HI)" for rule in rules]
    found = computed(warehouse, [sql for c in calls for sql in (sql_of(c), flag_of(c, False))], rows,
                     ("varchar", "date", "date"))  # fmt: skip
    for (text, low, high), values in zip(rows, found, strict=True):
        for place, (impute, upto) in enumerate(rules):
            made, flag = values[2 * place : 2 * place + 2]
            assert made == day_of(text, impute, upto, low, high), (text, impute, upto, low, high)
            assert flag == (level(text) or None if made else None)


@given(cases(), st.sampled_from(RULES[1:]))
@SLOW
def test_an_imputed_date_is_one_the_text_leaves_open_and_keeps_a_bound_that_it_can_keep(warehouse, rows, rule):
    calls = [f"dt(X{arguments(*rule)}, min := LO, max := HI)"]
    sql = [item for c in calls for item in (sql_of(c), told(c, "date-bounds"))]
    for (text, low, high), values in zip(
        rows, computed(warehouse, sql, rows, ("varchar", "date", "date")), strict=True
    ):
        days = open_days(text) if text else []
        for made, clash in zip(values[::2], values[1::2], strict=True):
            if made is None or len(days) == 1:
                assert not clash
                continue
            assert not days or made in days
            can_low, can_high = (not days or (low and low <= days[-1])), (not days or (high and high >= days[0]))
            broken = bool((low and can_low and made < low) or (high and can_high and made > high))
            assert broken == clash
            if broken:
                assert not any(low <= d <= high for d in days)


@given(
    cases(near=st.one_of(DAYS, MOMENTS)),
    st.sampled_from(["first", "last"]),
    st.lists(st.sampled_from(RULES), min_size=2, max_size=2),
    st.sampled_from([dt.date, dt.datetime]),
)
@SLOW
def test_a_moment_is_that_of_the_model_whether_bounds_are_dates_or_moments(warehouse, rows, time, rules, kind):
    same = [(text, _as(low, kind), _as(high, kind)) for text, low, high in rows]
    calls = [f"dtm(X{arguments(*rule)}, min := LO, max := HI, time := '{time}')" for rule in rules]
    sql = [s for c in calls for s in (sql_of(c), flag_of(c, False), flag_of(c, True), told(c, "date-bounds")
           if "impute" in c else "false")]  # fmt: skip
    name = "date" if kind is dt.date else "timestamp"
    for (text, low, high), values in zip(same, computed(warehouse, sql, same, ("varchar", name, name)), strict=True):
        for place, (impute, upto) in enumerate(rules):
            made, days, times, clash = values[4 * place : 4 * place + 4]
            assert made == moment_of(text, impute, upto, low, high, time), (text, impute, upto, low, high)
            assert days == (level(text) or None if made else None)
            assert times == (time_level(text) if made else None)
            assert not clash or None not in (low, high)


def _as(bound, kind):
    if bound is None or (kind is dt.datetime) == isinstance(bound, dt.datetime):
        return bound
    return bound.date() if kind is dt.date else dt.datetime.combine(bound, dt.time(9, 30))


@given(st.lists(TEXTS.filter(lambda t: t is not None), min_size=1, max_size=20))
@MANY
def test_what_is_no_date_is_told_and_nothing_else(warehouse, texts):
    rows = [(text, None, None) for text in texts]
    call = "dtm(X, impute := 'first')"
    found = computed(warehouse, [told(call, "date-lost"), told(call, "time-unclear"), sql_of(call)], rows,
                     ("varchar", "date", "date"))  # fmt: skip
    for text, (lost, unclear, made) in zip(texts, found, strict=True):
        assert lost == (level(text) is None and not has_no_year(text))
        assert [lost, unclear, made is not None].count(True) == (0 if has_no_year(text) else 1), text


@given(DAYS, st.integers(-40000, 40000).filter(bool))
@MANY
def test_a_study_day_leads_back_to_its_date(warehouse, reference, day):
    date = reference + dt.timedelta(days=day - (day > 0))
    call = sql_of("study_day(LO, HI)")
    assert computed(warehouse, [call], [(None, date, reference)], ("varchar", "date", "date")) == [(day,)]


@given(st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2100, 1, 1)), MOMENTS)
@MANY
def test_days_of_moments_are_those_of_their_dates_and_change_sign_with_the_order(warehouse, first, second):
    calls = ["study_day(HI, LO)", "days(LO, HI)", "days(HI, LO)", "months(LO, HI)", "years(LO, HI)"]
    found = computed(warehouse, [sql_of(c) for c in calls], [(None, first, second)], ("varchar", *["timestamp"] * 2))[0]
    apart = (second.date() - first.date()).days
    assert found[:3] == (apart + (apart >= 0), apart + 1, 1 - apart)
    assert found[3:] == pytest.approx(((apart + 1) / 30.4375, (apart + 1) / 365.25))
    assert (found[3] > 0) == (found[4] > 0) == (apart >= 0)


PLAIN_CLOCKS = CLOCKS.filter(lambda clock: re.fullmatch(r"(T\d\d(:\d\d(:\d\d)?)?)?", clock))
ORDERED = st.lists(
    st.one_of(PARTIAL, st.builds(lambda d, c: d.isoformat() + c, DAYS, PLAIN_CLOCKS)), min_size=2, max_size=12
)


@given(ORDERED)
@MANY
def test_the_least_of_partial_dates_is_the_earliest_that_is_known_best(warehouse, texts):
    rows = ", ".join(f"('{text}')" for text in texts)
    call = compile_expression(Text("min(LBDTC)"), lambda *_: "LBDTC", {}, aggregate=True).sql
    least = warehouse.one(f"SELECT {call} FROM (VALUES {rows}) t(LBDTC)")
    assert least == min(texts, key=lambda text: (not text[0].isdigit(), _parts(text), text))


def _parts(text):
    """The parts of a date, an unknown one after all that are known."""
    if not text[0].isdigit():
        return ()
    known = re.match(r"(\d{4})(?:-(\d\d)|-(?=-))?(?:-{1,2}(\d\d))?(?:T(\d\d))?(?::(\d\d))?(?::(\d\d))?", text).groups()
    return tuple("99" if part is None else part for part in known)
