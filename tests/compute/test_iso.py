"""Raw dates and times to ISO 8601: what was collected, no more."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdtm2adam.compute.iso import DateForms, Unreadable, fault_of, iso_time, joined, without_midnight_twice

FORMS = DateForms(("DD MON YYYY",), ("UN", "UNK"))
MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    ("raw", "iso"),
    [
        ("05 JAN 2014", "2014-01-05"),
        ("5 jan 2014", "2014-01-05"),
        ("  05   Jan\xa02014 ", "2014-01-05"),
        ("29 FEB 2016", "2016-02-29"),
        ("UN JAN 2014", "2014-01"),
        ("UN UNK 2014", "2014"),
        ("20 UNK 2014", "2014---20"),
        ("UN UNK UNK", None),
        ("UNK", None),
        ("un unk unk", None),
    ],
)
@pytest.mark.bad_input("B052")
def test_a_date_keeps_the_precision_it_was_collected_with(raw, iso):
    assert FORMS.iso(raw) == iso


@pytest.mark.parametrize(
    "raw",
    ["31 FEB 2014", "29 FEB 2014", "00 FOO 2014", "00 FEB 2014",
     "32 JAN 2014", "05 JAN 1899", "05 JAN 2100", "05-JAN-2014",
     "yesterday", "05 JAN UNK", "UN FEB UNK", "2014-13", "2014-02-30", "2014---32", "2014-01-05T24:01",
     "2014-01-05T10:60", "", "NA"],
)  # fmt: skip
@pytest.mark.bad_input("B050", "B051", "B054")
def test_what_is_no_date_of_the_calendar_is_unreadable(raw):
    with pytest.raises(Unreadable):
        FORMS.iso(raw)


@pytest.mark.bad_input("B050", "B054")
def test_a_day_or_month_of_zeros_is_unknown_only_where_the_study_says_so():
    said = DateForms(("DD MON YYYY", "DD/MM/YYYY"), ("UN", "00"))
    assert (said.iso("00 FEB 2014"), said.iso("00/00/2014"), said.iso("00/02/2014")) == ("2014-02", "2014", "2014-02")
    for raw in ("00/02/2014", "01/00/2014", "00 FEB 2014", "1900-01-00"):
        with pytest.raises(Unreadable):
            DateForms(("DD MON YYYY", "DD/MM/YYYY", "YYYY-MM-DD"), ("UN",)).iso(raw)


@pytest.mark.parametrize(
    "iso", ["2014", "2014-01", "2014-01-05", "2014---20", "2014-01-05T10", "2014-01-05T10:15", "2014-01-05T10:15:30.5"]
)
def test_iso_8601_is_always_read_and_kept(iso):
    assert DateForms().iso(iso) == iso


@pytest.mark.parametrize(
    ("form", "raw", "iso"),
    [
        ("MM/DD/YYYY", "1/5/2014", "2014-01-05"),
        ("MM/DD/YYYY", "01/UN/2014", "2014-01"),
        ("DD.MM.YY HH:MI", "5.1.14 9:05", "2014-01-05T09:05"),
        ("DDMONYYYY", "5JAN2014", "2014-01-05"),
        ("YYYYMMDD", "20140105", "2014-01-05"),
    ],
)
def test_a_part_may_have_one_digit_where_no_digits_stand_beside_it(form, raw, iso):
    assert DateForms((form,), ("UN",)).iso(raw) == iso


@pytest.mark.parametrize("raw", ["2014015", "201415", "2014 105"])
def test_digits_without_separators_are_never_shared_out(raw):
    with pytest.raises(Unreadable):
        DateForms(("YYYYMMDD",)).iso(raw)


@pytest.mark.parametrize("form", ["DD MON YYYY", "DDMONYYYY:HH:MI", "YYYY-MM-DDTHH:MI:SS", "MM/DD/YY", "YYYY"])
def test_a_form_with_a_year_and_no_strange_letters_is_one(form):
    assert fault_of(form) == ""


@pytest.mark.parametrize(
    "form", ["mm/dd/yyyy", "DD-MMM-YYYY", "MM/DD/YYY", "MON DD", "%d%m%Y", "DD DD YYYY", "YY-YYYY", "HH24:MI YYYY", ""]
)
def test_a_form_that_cannot_be_is_told(form):
    assert fault_of(form)


def test_two_forms_that_read_a_date_differently_make_it_unreadable():
    forms = DateForms(("DD/MM/YYYY", "MM/DD/YYYY"))
    assert forms.iso("13/04/2014") == "2014-04-13"
    assert forms.iso("04/13/2014") == "2014-04-13"
    assert forms.iso("04/04/2014") == "2014-04-04"
    with pytest.raises(Unreadable):
        forms.iso("03/04/2014")


def test_a_format_may_hold_a_time_and_need_no_blanks():
    assert DateForms(("DDMONYYYY:HH:MI:SS",)).iso("05jan2014:10:15:30") == "2014-01-05T10:15:30"
    assert DateForms(("DDMONYYYY",)).iso("05JAN2014") == "2014-01-05"
    assert DateForms(("YYYYMMDD",)).iso("20140105") == "2014-01-05"


@pytest.mark.bad_input("B054")
def test_a_two_digit_year_counts_from_the_century_of_the_study():
    forms = DateForms(("DD-MON-YY",))
    assert [forms.iso(f"01-JAN-{yy}") for yy in ("49", "50", "99", "00")] == [
        "2049-01-01", "1950-01-01", "1999-01-01", "2000-01-01",
    ]  # fmt: skip
    assert DateForms(("DD-MON-YY",), century=1930).iso("01-JAN-30") == "1930-01-01"
    assert DateForms(("DD-MON-YY",), century=1930).iso("01-JAN-29") == "2029-01-01"


@given(DAYS)
@pytest.mark.bad_input("B051")
def test_every_day_of_two_centuries_is_read_as_datetime_reads_it(day):
    assert FORMS.iso(f"{day.day:02d} {MONTHS[day.month - 1]} {day.year}") == day.isoformat()
    assert DateForms(("DD/MM/YYYY",)).iso(f"{day.day}/{day.month:02d}/{day.year}") == day.isoformat()
    assert DateForms().iso(day.isoformat()) == day.isoformat()


@given(DAYS, st.integers(1, 400))
def test_two_different_days_never_become_one(day, apart):
    other = min(day + timedelta(days=apart), date(2099, 12, 31))
    texts = [f"{d.day:02d} {MONTHS[d.month - 1]} {d.year}" for d in (day, other)]
    assert (FORMS.iso(texts[0]) == FORMS.iso(texts[1])) == (day == other)


@given(st.integers(1, 40), st.integers(0, 13), st.integers(1880, 2120))
def test_a_day_that_datetime_refuses_is_refused(day, month, year):
    text = f"{day:02d}/{month:02d}/{year}"
    try:
        expected = date(year, month, day).isoformat()
    except ValueError:
        expected = None
    if (expected is None and month) or not 1900 <= year <= 2099:
        with pytest.raises(Unreadable):
            DateForms(("DD/MM/YYYY",)).iso(text)
    elif month:
        assert DateForms(("DD/MM/YYYY",)).iso(text) == expected


@given(st.text(max_size=20))
def test_any_text_is_a_date_in_plain_digits_or_unreadable(text):
    try:
        iso = FORMS.iso(text)
    except Unreadable:
        return
    assert iso is None or (iso.isascii() and iso[:4].isdigit())


@pytest.mark.parametrize(
    ("raw", "iso"), [("9:05", "09:05"), ("09:05", "09:05"), ("23:59:59", "23:59:59"), (" 0:00 ", "00:00")]
)
@pytest.mark.bad_input("B057")
def test_a_time_of_the_24_hours_is_read(raw, iso):
    assert iso_time(raw) == iso


@pytest.mark.parametrize("raw", ["24:01", "9", "9:5", "25:10", "10:60", "10:10:61", "9:05 PM", "", "905"])
@pytest.mark.bad_input("B057")
def test_what_is_no_time_is_unreadable(raw):
    with pytest.raises(Unreadable):
        iso_time(raw)


@pytest.mark.parametrize(
    ("day", "clock", "both"),
    [
        ("2014-01-05", "10:15", "2014-01-05T10:15"),
        ("2014-01-05", None, "2014-01-05"),
        ("2014-01", "10:15", "2014-01"),
        (None, "10:15", None),
        (None, None, None),
    ],
)
@pytest.mark.bad_input("B052")
def test_only_a_complete_date_takes_a_time(day, clock, both):
    assert joined(day, clock) == both


@pytest.mark.parametrize("raw", ["２０１４-０１-０５", "٠٥ JAN ٢٠١٤"])
def test_digits_of_other_scripts_are_no_date(raw):
    with pytest.raises(Unreadable):
        FORMS.iso(raw)


@pytest.mark.parametrize(("moment", "same"), [
    ("2012-02-28T24:00", "2012-02-29T00:00"), ("2013-12-31T24:00:00", "2014-01-01T00:00:00"),
    ("2013-12-31T23:59", "2013-12-31T23:59"), ("2013-12-31", "2013-12-31"), ("2013", "2013"),
])  # fmt: skip
def test_the_end_of_a_day_is_the_start_of_the_next(moment, same):
    assert without_midnight_twice(moment) == same
