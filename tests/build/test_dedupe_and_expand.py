"""`dedupe` and `expand`: rows saved twice, and a row for each day."""

import pytest
from doses_study import DAYS, adx
from harness import is_drawn, origins, told, trial

from sdtm2adam.errors import InputError

LB = """
RECORDID:integer SUBJECT TEST RES SAVED
1                1       HGB  12  2014-01-01
2                1       HGB  12  2014-01-01
3                1       HGB  13  2014-01-01
4                2       HGB  12  2014-01-01
5                2       HGB  .   2014-01-02
6                2       HGB  .   2014-01-02
"""
RAW = """dataset: LB
keys: [LBSPID]
records:
  - from: raw.LB
    dedupe: {by: all}
    set: {LBSPID: RECORDID, LBORRES: RES}
"""


def test_rows_equal_in_all_but_the_key_are_one_record_and_are_counted(tmp_path):
    built = trial(tmp_path, RAW, raw={"LB": LB}).build()
    is_drawn(built.datasets["LB"], "USUBJID LBSPID LBORRES\nS1-1 1 12\nS1-1 3 13\nS1-2 4 12\nS1-2 5 .")
    assert origins(built.datasets["LB"]) == ["raw.LB 0", "raw.LB 2", "raw.LB 3", "raw.LB 4"]
    assert told(built, "rule", "records", "severity") == [("duplicates-dropped", 2, "note")]


def test_dedupe_never_makes_one_record_of_two_subjects(tmp_path):
    data = {"EX": "USUBJID EXTRT EXDOSE:float\nS1-1 A 10\nS1-2 A 10\nS1-2 A 10"}
    made = adx(tmp_path, "keys: [EXTRT]\nrecords:\n  - {from: EX, dedupe: {by: all}, copy: all}", sdtm=data)
    is_drawn(made, "USUBJID EXTRT EXDOSE\nS1-1 A 10\nS1-2 A 10")


@pytest.mark.parametrize(("take", "kept"), [("first", "10"), ("last", "20")])
def test_dedupe_by_a_list_keeps_the_first_or_last_by_its_order(tmp_path, take, kept):
    body = (
        f"keys: [EXTRT]\nrecords:\n"
        f"  - {{from: EX, dedupe: {{by: [USUBJID, EXTRT], order: [EXSEQ], take: {take}}}, copy: all}}"
    )
    is_drawn(adx(tmp_path, body), f"USUBJID EXTRT EXDOSE\nS1-1 A {kept}\nS1-2 A 5\nS1-2 B .")


def test_dedupe_without_order_stops_where_the_rows_of_a_group_differ(tmp_path):
    body = "keys: [EXTRT]\nrecords:\n  - {from: EX, dedupe: {by: [USUBJID, EXTRT]}, copy: all}"
    with pytest.raises(InputError, match="order"):
        adx(tmp_path, body)


def test_expand_makes_a_row_for_each_day_between_two_dates(tmp_path):
    made = adx(tmp_path, DAYS)
    is_drawn(
        made,
        """
    USUBJID EXSEQ ADT
    S1-1    1     2014-01-02
    S1-1    1     2014-01-03
    S1-1    2     2014-01-03
    S1-1    1     2014-01-04
    S1-2    1     2014-02-01
    S1-2    2     2014-02-01
    S1-2    2     2014-02-02
    """,
    )
    assert origins(made) == ["EX 0", "EX 0", "EX 1", "EX 0", "EX 2", "EX 3", "EX 3"]


def test_expand_steps_by_every_and_a_row_with_a_missing_or_reversed_date_has_no_days(tmp_path):
    ex = """
    USUBJID EXSEQ:integer EXSTDTC    EXENDTC
    S1-1    1             2014-01-02 2014-01-08
    S1-1    2             2014-01    2014-01-03
    S1-1    3             2014-01-05 .
    S1-1    4             2014-01-05 2014-01-04
    """
    made = adx(tmp_path, DAYS.replace("as: ADT", "every: 3, as: ADT"), sdtm={"EX": ex})
    is_drawn(made, "EXSEQ ADT\n1 2014-01-02\n1 2014-01-05\n1 2014-01-08")


def test_the_order_of_dedupe_may_go_down(tmp_path):
    body = "keys: [EXTRT]\nrecords:\n  - {from: EX, dedupe: {by: [USUBJID, EXTRT], order: [EXSEQ desc]}, copy: all}"
    is_drawn(adx(tmp_path, body), "USUBJID EXTRT EXSEQ\nS1-1 A 2\nS1-2 A 1\nS1-2 B 2")


def test_records_that_make_no_day_are_told(tmp_path):
    built = trial(tmp_path, """dataset: ADX
keys: [ADT]
records:
  - {from: EX, where: EXSEQ < 5, expand: {from: dt(EXSTDTC), to: dt(EXENDTC), as: ADT}, copy: [EXSEQ]}
""", sdtm={"EX": "USUBJID EXSEQ:integer EXSTDTC EXENDTC\nS1-1 1 2012-02-28 2012-03-01\nS1-1 2 2014-01-05 2014-01-04\n"
           "S1-2 1 2014-01-05 .\nS1-2 2 2014-01 2014-02-01\nS1-3 5 . ."}).build()  # fmt: skip
    is_drawn(built.datasets["ADX"], "ADT EXSEQ\n2012-02-28 1\n2012-02-29 1\n2012-03-01 1")
    assert told(built, "rule", "severity", "records") == [("expand-no-day", "warning", 3)]
    assert built.issues[0].keys == ("USUBJID=S1-1, EXSEQ=2", "USUBJID=S1-2, EXSEQ=1", "USUBJID=S1-2, EXSEQ=2")


def test_expand_over_datetimes_counts_the_days_they_fall_on(tmp_path):
    data = {"EX": "USUBJID A:datetime B:datetime\nS1-1 2014-01-01T10:00:00 2014-01-03T09:00:00"}
    made = adx(tmp_path, "keys: [ADT]\nrecords:\n  - {from: EX, expand: {from: A, to: B, as: ADT}}", sdtm=data)
    is_drawn(made, "ADT\n2014-01-01\n2014-01-02\n2014-01-03")
