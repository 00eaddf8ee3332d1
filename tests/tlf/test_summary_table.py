"""Baseline tables: continuous and categorical variables, missing values."""

import dataclasses

import pytest
from adam_frames import adsl
from laws import check_all

from sdtm2adam.errors import InputError
from sdtm2adam.spec.display import load_display_specs
from sdtm2adam.tlf import analyse, lay_out
from sdtm2adam.tlf.kinds import KINDS

SPEC = """
id: T1
number: Table 1
kind: summary
title: Small Table
population: AS_ITT
columns: C2
data: ADSL
rows:
  - {var: AGE, label: Age (years), block: cont}
  - {var: SEX, label: "Sex, n (%)", levels: {M: Male, F: Female}}
  - {var: RACE, label: "Race, n (%)", levels: {WHITE: White, OTHER: Other, MULTIPLE: Other}}
  - {var: PHFL, label: "Prior HSCT, n (%)", flag: Y}
footnotes: [F1]
"""


@pytest.fixture
def spec(tmp_path, report):
    path = tmp_path / "T1.yaml"
    path.write_text(SPEC, encoding="utf-8")
    return load_display_specs([path], report, KINDS)["T1"]


def test_a_table_of_six_subjects(spec, report, seen):
    subject = adsl("""
        USUBJID  N  AGE  SEX  RACE      PHFL
        01       1  20   M    WHITE     Y
        02       1  31   F    OTHER     N
        03       1  40   F    MULTIPLE  Y
        04       1  55   M    WHITE     .
        05       2  44   M    .         Y
        06       2  .    M    WHITE     N
    """)
    results = analyse(spec, report, {"ADSL": subject})
    display = lay_out(spec, report, results)
    check_all(results, display)
    assert seen(display) == "\n".join(
        [
            "Age (years)",
            "  n | 4 | 1",
            "  Mean (SD) | 36.5 (14.80) | 44.0 (NE)",
            "  Median | 35.5 | 44.0",
            "  Q1, Q3 | 25.5, 47.5 | 44.0, 44.0",
            "  Min, Max | 20, 55 | 44, 44",
            "Sex, n (%)",
            "  Male | 2 (50.0) | 2 (100.0)",
            "  Female | 2 (50.0) | 0",
            "Race, n (%)",
            "  White | 2 (50.0) | 1 (50.0)",
            "  Other | 2 (50.0) | 0",
            "  Missing | 0 | 1 (50.0)",
            "Prior HSCT, n (%) | 2 (50.0) | 1 (50.0)",
        ]
    )


def test_missing_row_is_printed_only_where_somebody_is_missing(spec, report, seen):
    subject = adsl("""
        USUBJID  N  AGE  SEX  RACE   PHFL
        01       1  20   M    WHITE  Y
        02       2  31   F    OTHER  N
    """)
    assert "Missing" not in seen(lay_out(spec, report, analyse(spec, report, {"ADSL": subject})))


@pytest.mark.bad_input("B095")
def test_variable_without_any_value_prints_n_0(spec, report, seen):
    subject = adsl("""
        USUBJID  N  AGE  SEX  RACE   PHFL
        01       1  .    M    WHITE  Y
        02       2  .    F    OTHER  N
    """)
    display = lay_out(spec, report, analyse(spec, report, {"ADSL": subject}))
    lines = [
        "Age (years)",
        "  n | 0 | 0",
        "  Mean (SD) | NE | NE",
        "  Median | NE | NE",
        "  Q1, Q3 | NE | NE",
        "  Min, Max | NE | NE",
    ]
    assert seen(display, until="Sex, n (%)") == "\n".join(lines)


def test_a_value_the_table_does_not_list_stops(spec, report):
    subject = adsl("""
        USUBJID  N  AGE  SEX  RACE   PHFL
        01       1  20   U    WHITE  Y
        02       2  31   F    OTHER  N
    """)
    with pytest.raises(InputError, match=r"1 records have a value of ADSL.SEX that the table does not list: U"):
        analyse(spec, report, {"ADSL": subject})


def test_ties_of_the_safety_denominator_round_away_from_zero(spec, report, seen):
    rows = "\n".join(f"{at:02d} 2 40 {'M' if at < 2 else 'F'} WHITE N" for at in range(32))
    subject = adsl("USUBJID N AGE SEX RACE PHFL\n" + rows)
    display = lay_out(spec, report, analyse(spec, report, {"ADSL": subject}))
    assert seen(display, "Male", "Female") == "  Male | 0 | 2 (6.3)"


def test_a_spec_is_not_changed_by_running_it(spec, report):
    before = dataclasses.replace(spec)
    analyse(spec, report, {"ADSL": adsl("USUBJID N AGE SEX RACE PHFL\n01 1 20 M WHITE Y\n02 2 30 F OTHER N")})
    assert spec == before
