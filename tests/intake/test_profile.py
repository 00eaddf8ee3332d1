"""What a column is found to hold: its type from all values, the forms of its dates, its answers."""

import pyarrow as pa
import pytest

from sdtm2adam.intake.date_forms import forms_mixed, forms_of
from sdtm2adam.intake.profile import profile_columns


def profile(*values):
    """The profile of a column with these values; `.` is a missing one."""
    column = pa.array([None if value == "." else value for value in values], pa.string())
    return profile_columns(pa.table({"X": column}))[0]


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["1", "-20", " 3 "], "integer"),
        (["1", "2.50", ".5", "1e3"], "number"),
        (["1", "ND"], "text"),
        (["007", "123"], "text"),  # leading zeros would be lost
        (["12345678901234567890", "1"], "text"),  # more digits than a number holds
        (["inf", "nan"], "text"),
        (["9:05", "23:59:59"], "time"),
        (["24:00", "10:00"], "text"),
        (["01 JAN 2020", "UN FEB 2020", "UN UNK 2011"], "date"),
        (["30 FEB 2020", "31 JAN 2020"], "text"),
        (["2020-01-01", "2020-02"], "date"),
        (["01 JAN 2020 10:00", "02 JAN 2020 11:30"], "datetime"),
        (["20200131", "20191231"], "date"),
        (["2019", "2020"], "integer"),
        (["May be", "No"], "text"),
        (["."], "text"),
    ],
)
def test_a_type_is_said_only_where_every_value_has_it(values, kind):
    assert profile(*values).type == kind


def test_a_decimal_comma_is_seen():
    found = profile("1,5", "2", "0,25")
    assert (found.type, found.decimal_comma) == ("number", True)


@pytest.mark.parametrize(
    ("values", "forms"),
    [
        (["01/02/2020", "25/02/2020"], ("DD/MM/YYYY",)),
        (["01/02/2020", "02/25/2020"], ("MM/DD/YYYY",)),
        (["01/02/2020", "02/03/2020"], ("DD/MM/YYYY", "MM/DD/YYYY")),
        (["26-Dec-2013", "1-jan-2014"], ("DD-MON-YYYY",)),
        (["29AUG2012"], ("DDMONYYYY",)),
        (["29AUG2012:10:15"], ("DDMONYYYY:HH:MI",)),
        (["01.02.99", "25.02.99"], ("DD.MM.YY",)),
        (["2020-01-31 10:15:00"], ("YYYY-MM-DD HH:MI:SS",)),
        (["UNK"], ()),
        (["2020-13-01"], ()),
        ([], ()),
    ],
)
def test_the_forms_that_read_all_dates_are_found(values, forms):
    assert forms_of(values) == forms


def test_where_no_value_tells_day_from_month_it_is_said():
    found = profile("01/02/2020", "02/03/2020")
    assert (found.type, found.forms, found.ambiguous) == ("date", ("DD/MM/YYYY", "MM/DD/YYYY"), True)


def test_several_forms_in_one_column_are_told_together():
    assert forms_mixed(["01 JAN 2020", "02 JAN 2020", "2020-01-03"]) == ("DD MON YYYY", "YYYY-MM-DD")
    found = profile("01 JAN 2020", "02 JAN 2020", "2020-01-03")
    assert (found.type, found.mixed) == ("date", True)


def test_nearly_all_numbers_are_text_and_the_others_are_shown():
    found = profile(*map(str, range(1, 30)), "<5")
    assert (found.type, found.nearly, found.others) == ("text", "number", ("<5",))


def test_nearly_all_dates_are_text_and_the_others_are_shown():
    found = profile(*(f"{day:02d} JAN 2020" for day in range(1, 31)), "31 FEB 2020")
    assert (found.type, found.nearly, found.forms, found.others) == (
        "text", "date", ("DD MON YYYY",), ("31 FEB 2020",)
    )  # fmt: skip


def test_numbers_of_which_some_begin_with_zero_are_text_and_that_is_told():
    found = profile("10", "25", "040")
    assert (found.type, found.leading_zeros) == ("text", ("040",))


def test_answers_are_few_and_come_again_the_commonest_first():
    assert profile(*["No"] * 5, *["Yes"] * 3, ".").answers == ("No", "Yes")
    assert profile("a", "b", "c").answers == ()


def test_always_filled_means_every_record_and_at_least_one():
    assert profile("a", "b").always
    assert not profile("a", ".").always
    assert not profile().always


def test_blanks_are_no_values():
    found = profile("  ", ".", "x")
    assert (found.records, found.filled) == (3, 1)
