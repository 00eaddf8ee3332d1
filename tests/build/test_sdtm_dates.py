"""SDTM: raw dates and times become ISO 8601 at the precision collected; what cannot is told."""

import pytest
from demography_study import MAPS, dm
from harness import STUDY, is_drawn, told, trial


@pytest.mark.bad_input("B052")
def test_dates_become_iso_8601_at_the_precision_collected(tmp_path):
    built = dm(
        tmp_path,
        "{RFSTDTC: D, BRTHDTC: [D, T]}",
        """
    SUBJECT D           T
    11      05_JAN_2014 9:05
    12      UN_FEB_2014 .
    13      UN_UNK_2014 .
    14      5_feb_2014  23:59:59
    15      13/04/2014  .
    16      .           .
    17      UN_UNK_UNK  .
    """,
    )
    is_drawn(
        built.datasets["DM"],
        """
    USUBJID RFSTDTC    BRTHDTC
    S1-11   2014-01-05 2014-01-05T09:05
    S1-12   2014-02    2014-02
    S1-13   2014       2014
    S1-14   2014-02-05 2014-02-05T23:59:59
    S1-15   2014-04-13 2014-04-13
    S1-16   .          .
    S1-17   .          .
    """,
    )
    assert told(built) == []


@pytest.mark.bad_input("B050")
def test_what_is_no_date_or_time_is_missing_and_told(tmp_path):
    study = MAPS.replace("DD/MM/YYYY", "DD/MM/YYYY, MM/DD/YYYY")
    built = dm(tmp_path, "{RFSTDTC: D, BRTHDTC: [D, T]}", """
    SUBJECT D           T
    11      31_FEB_2014 .
    12      03/04/2014  .
    13      05_JAN_2014 25:00
    14      .           9:05
    15      tomorrow    .
    """, study=study)  # fmt: skip
    is_drawn(
        built.datasets["DM"],
        """
    USUBJID RFSTDTC    BRTHDTC
    S1-11   .          .
    S1-12   .          .
    S1-13   2014-01-05 2014-01-05
    S1-14   .          .
    S1-15   .          .
    """,
    )
    assert sorted(told(built, "rule", "variable", "value")) == [
        ("date-unreadable", "BRTHDTC", "03/04/2014"), ("date-unreadable", "BRTHDTC", "31 FEB 2014"),
        ("date-unreadable", "BRTHDTC", "tomorrow"), ("date-unreadable", "RFSTDTC", "03/04/2014"),
        ("date-unreadable", "RFSTDTC", "31 FEB 2014"), ("date-unreadable", "RFSTDTC", "tomorrow"),
        ("time-unreadable", "BRTHDTC", "05 JAN 2014 / 25:00"), ("time-without-date", "BRTHDTC", "9:05"),
    ]  # fmt: skip


@pytest.mark.bad_input("B057")
def test_the_end_of_a_day_becomes_the_start_of_the_next_and_is_told(tmp_path):
    spec = """
dataset: CE
keys: [CETERM]
records: [{from: raw.F, set: {CETERM: T, CESTDTC: [D, H], CEENDTC: {sql: M, formats: [MM/DD/YYYY HH:MI]}}}]
"""
    rows = (
        "SUBJECT T D           H     M\n1 A 31_DEC_2013 24:00 02/28/2012_24:00\n1 B 31_DEC_2013 9:05 02/28/2012_09:05"
    )
    built = trial(tmp_path, spec, raw={"F": rows}).build()
    is_drawn(built.datasets["CE"], """
        CETERM CESTDTC          CEENDTC
        A      2014-01-01T00:00 2012-02-29T00:00
        B      2013-12-31T09:05 2012-02-28T09:05
    """)  # fmt: skip
    assert told(built, "rule", "severity", "variable", "value") == [
        ("time-end-of-day", "note", "CEENDTC", "02/28/2012 24:00"),
        ("time-end-of-day", "note", "CESTDTC", "31 DEC 2013 / 24:00"),
    ]


def test_a_variable_may_have_date_formats_of_its_own(tmp_path):
    built = dm(tmp_path, "{RFSTDTC: {sql: D, formats: [MM/DD/YYYY]}, RFENDTC: D}", "SUBJECT D\n11 03/04/2014")
    is_drawn(built.datasets["DM"], "RFSTDTC RFENDTC\n2014-03-04 2014-04-03")


def test_a_form_of_dates_that_cannot_be_is_told_before_data_are_read(tmp_path):
    spec = "dataset: DM\nkeys: [USUBJID]\nrecords:\n  - {from: raw.D, set: {RFICDTC: D}}\n"
    study = STUDY.replace("DD/MM/YYYY", "DD-MMM-YYYY")
    made = trial(tmp_path, spec, raw={"D": "SUBJECT D\n11 ."}, study=study)
    assert "the form of dates 'DD-MMM-YYYY' has 'M', which is no part of a date" in made.fault(lint_only=True)


def test_a_time_in_the_date_and_one_beside_it_are_never_chosen_from_in_silence(tmp_path):
    raw = """
    SUBJECT D                   T
    11      2014-01-05T10:00    08:15
    12      2014-01-05T10:00    10:00:30
    13      2014-01-05T10:00:30 10:00
    14      2014-01             08:15
    15      2014-01-05          08:15
    16      2014-01-05T00:00    8:15
    """
    built = dm(tmp_path, "{RFICDTC: [D, T]}", raw)
    is_drawn(built.datasets["DM"], """
        USUBJID RFICDTC
        S1-11   2014-01-05
        S1-12   2014-01-05T10:00:30
        S1-13   2014-01-05T10:00:30
        S1-14   2014-01
        S1-15   2014-01-05T08:15
        S1-16   2014-01-05
    """)  # fmt: skip
    found = [(i.rule, i.severity, i.value) for i in built.issues if i.rule.startswith("time-")]
    assert sorted(found) == [
        ("time-not-kept", "note", "2014-01 / 08:15"),
        ("time-twice", "error", "2014-01-05T00:00 / 8:15"),
        ("time-twice", "error", "2014-01-05T10:00 / 08:15"),
    ]
