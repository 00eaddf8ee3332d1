"""The functions of dates on series: against Python's calendar, of one value and of many, of any kind and index."""

import datetime

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sdtm2adam.build import verbs
from sdtm2adam.errors import InputError, SpecError

DAYS = st.lists(st.one_of(st.none(), st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 1, 1))), min_size=1)
FEW = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@FEW
@given(DAYS, st.dates(datetime.date(1950, 1, 1), datetime.date(2050, 1, 1)))
def test_study_days_have_no_day_zero(dates, ref):
    made = verbs.study_day(pa.array(dates, pa.date32()), ref).to_pylist()
    apart = [None if date is None else (date - ref).days for date in dates]
    assert made == [None if days is None else days + (days >= 0) for days in apart]


@FEW
@given(DAYS, st.data())
def test_days_count_both_ends(dates, data):
    others = data.draw(st.lists(st.dates(), min_size=len(dates), max_size=len(dates)))
    made = verbs.days(pa.array(dates, pa.date32()), pa.array(others)).to_pylist()
    assert made == [None if a is None else (b - a).days + 1 for a, b in zip(dates, others, strict=True)]


@FEW
@given(DAYS)
def test_a_whole_date_is_itself_whatever_is_imputed(dates):
    texts = pa.array([date and date.isoformat() for date in dates], pa.string())
    for impute in (None, "first", "last"):
        assert verbs.dt(texts, impute=impute).to_pylist() == dates


@pytest.mark.parametrize(
    ("text", "words", "date"),
    [
        ("2014-02", {}, None),
        ("2014-02", {"impute": "first"}, "2014-02-01"),
        ("2016-02", {"impute": "last"}, "2016-02-29"),
        ("2014", {"impute": "last"}, "2014-12-31"),
        ("2014", {"impute": "last", "upto": "D"}, None),
        ("2014", {"impute": "first", "min": datetime.date(2014, 5, 6)}, "2014-05-06"),
        ("2014", {"impute": "first", "min": datetime.date(2015, 5, 6)}, "2014-01-01"),
        ("2014", {"impute": "last", "max": pd.Timestamp("2014-05-06")}, "2014-05-06"),
        (None, {"impute": "last", "max": pd.Timestamp("2014-05-06")}, None),
        (None, {"impute": "last", "upto": "Y", "max": pd.Timestamp("2014-05-06")}, "2014-05-06"),
    ],
)
def test_a_partial_date_is_imputed_as_said(text, words, date):
    made = verbs.dt(pd.Series([text], dtype=object), **words)
    assert [None if value is pd.NaT else str(value.date()) for value in made] == [date]


@pytest.mark.parametrize("kind", ["datetime64", "objects", "arrow"])
def test_dates_of_any_kind_are_dates(kind):
    dates = [datetime.date(2014, 1, 5), None]
    series = {
        "datetime64": pd.Series(pd.to_datetime(dates)),
        "objects": pd.Series(dates, dtype=object),
        "arrow": pd.Series(pd.array(dates, dtype=pd.ArrowDtype(pa.date32()))),
    }[kind]
    assert verbs.study_day(series, datetime.date(2014, 1, 1)).tolist() == [5, pd.NA]


def test_a_series_keeps_its_index_and_stays_as_it_was():
    texts = pd.Series(["2014-01", "2014"], index=["b", "a"], name="AESTDTC")
    before = texts.copy(deep=True)
    made = verbs.dt(texts, impute="first")
    pd.testing.assert_series_equal(texts, before)
    assert made.index.tolist() == ["b", "a"]


@pytest.mark.parametrize("function", ["study_day", "days", "months", "years"])
def test_a_series_without_rows_gives_one_without_rows(function):
    none = pd.Series([], dtype="datetime64[ns]")
    assert getattr(verbs, function)(none, none).tolist() == []


@pytest.mark.parametrize(
    ("call", "where", "said"),
    [
        (lambda: verbs.dt(["2014"]), "x", "is a list, not a series"),
        (lambda: verbs.dt(pd.Series(["2014-02-30"])), "dt", "'2014-02-30' is no date of the calendar"),
        (lambda: verbs.dt(pd.Series([2014.0])), "x", "holds double, and dt() reads dates from ISO 8601 texts"),
        (
            lambda: verbs.dtm(pd.Series(pd.to_datetime(["2014-01-04"]))),
            "x",
            "and dtm() reads dates from ISO 8601 texts",
        ),
        (lambda: verbs.dt(pd.Series(["2014"]), impute="frist"), "dt", "impute := 'frist'"),
        (lambda: verbs.dtm(pd.Series(["2014-01-01T25:00"])), "dtm", "has a time that is not"),
        (lambda: verbs.days(pd.Series(["2014-01-01"]), datetime.date(2014, 1, 1)), "a", "holds string, not dates"),
        (lambda: verbs.days(pd.Series([20140101]), datetime.date(2014, 1, 1)), "a", "holds int64, not dates"),
        (lambda: verbs.days(pd.Series([pd.NaT, pd.NaT]), pd.Series([pd.NaT])), "b", "has other rows than a"),
        (lambda: verbs.days(pd.Series([pd.NaT]), pd.Series([pd.NaT], index=[1])), "b", "has other rows than a"),
        (lambda: verbs.study_day(pd.Series([pd.NaT]), None), "ref", "is None"),
        (lambda: verbs.recode(pd.Series(["c"]), {"a": 1}), "x", "'c' is not in the map MAP"),
    ],
)
def test_what_cannot_be_computed_is_told(call, where, said):
    with pytest.raises((InputError, SpecError)) as told:
        call()
    assert told.value.where == where
    assert said in told.value.what


def test_values_that_are_lost_can_be_collected():
    issues = []
    assert verbs.dt(pd.Series(["2014-02-30", "2014-02-03"]), issues=issues).notna().tolist() == [False, True]
    assert [(issue.rule, issue.value) for issue in issues] == [("date-lost", "2014-02-30")]
