"""`unpivot` and `visit`: rows for tests, results in standard units, numbers of visits."""

import pytest
from findings_study import DM, LABS, LB, SHARED, SUBJECTS, TABLES, VISITED, lab
from harness import is_drawn, origins, shuffled, told, trial

from sdtm2adam.errors import SpecError, SpecErrors


def test_unpivot_makes_a_row_for_each_code_of_each_record_and_having_drops_the_empty_ones(tmp_path):
    made = lab(tmp_path).datasets["LB"]
    is_drawn(
        made,
        """
    USUBJID LBSEQ LBTESTCD LBTEST     LBORRES LBORRESU LBSTAT   LBDTC
    S1-11   1     ALB      Albumin    41      .        .        2014-01-04
    S1-11   2     ALB      Albumin    40.25   .        .        2014-01-06
    S1-11   3     HGB      Hemoglobin 12.3    g/dL     .        2014-01-04
    S1-11   4     HGB      Hemoglobin <5      g/L      .        2014-01-05
    S1-11   5     HGB      Hemoglobin .       .        NOT_DONE 2014-01-06
    """,
    )
    assert origins(made) == ["raw.L 0", "raw.L 2", "raw.L 0", "raw.L 1", "raw.L 2"]


@pytest.mark.bad_input("B066", "B069")
def test_standard_results_are_converted_by_the_table_of_units_and_texts_stay_texts(tmp_path):
    is_drawn(
        lab(tmp_path).datasets["LB"],
        """
    LBTESTCD LBORRES LBSTRESC LBSTRESN LBSTRESU
    ALB      41      41       41       g/L
    ALB      40.25   40.3     40.3     g/L
    HGB      12.3    123      123      g/L
    HGB      <5      <5       .        g/L
    HGB      .       .        .        .
    """,
    )


@pytest.mark.bad_input("B066")
def test_a_unit_that_the_table_lacks_gives_no_standard_result_and_is_an_error(tmp_path):
    built = lab(tmp_path, labs=LABS.replace("g/dL", "lots"))
    found = [issue for issue in built.issues if issue.rule == "unit-unknown"]
    assert [(i.severity, i.value, i.records) for i in found] == [("error", "HGB / 12.3 / lots", 1)]
    is_drawn(
        built.datasets["LB"],
        """
    LBORRES LBORRESU LBSTRESN
    41      .        41
    40.25   .        40.3
    12.3    lots     .
    <5      g/L      .
    .       .        .
    """,
    )


@pytest.mark.bad_input("B067")
def test_a_number_without_a_unit_is_not_taken_for_one_in_standard_units(tmp_path):
    built = lab(tmp_path, labs=LABS.replace("g/dL", ".   "))
    assert [row["LBSTRESN"] for row in built.datasets["LB"].frame.to_pylist() if row["LBORRES"] == "12.3"] == [None]
    assert ("unit-missing", 1) in told(built)


@pytest.mark.parametrize("result", ["12,3", "1.234,5", "1.2.3", ",5"])
def test_a_result_whose_decimal_mark_is_unclear_is_told_and_no_number(tmp_path, result):
    built = lab(tmp_path, labs=LABS.replace("12.3", result.ljust(4)))
    made = [row for row in built.datasets["LB"].frame.to_pylist() if row["LBORRES"] == result]
    assert [(row["LBSTRESC"], row["LBSTRESN"]) for row in made] == [(result, None)]
    assert ("number-unclear", 1) in told(built)


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("units.csv", "HGB,g/dL,g/L,100,,0"),
        ("visits.csv", "screening ,9,OTHER,9"),
        ("visits.csv", "Late,nine,OTHER,"),
        ("units.csv", "K,x,y,ten,,"),
    ],
)
def test_a_table_that_says_two_things_or_no_number_is_refused(tmp_path, file, line):
    with pytest.raises((SpecError, SpecErrors), match=r"study.yaml:\d+: table [UV]: "):
        lab(tmp_path, LB + "  VISITNUM: auto\n", tables=TABLES | {file: TABLES[file] + line + "\n"})


def test_a_very_large_number_is_converted_too(tmp_path):
    built = lab(tmp_path, labs=LABS.replace("12.3", "1e40"))
    assert max(v or 0 for v in built.datasets["LB"].frame["LBSTRESN"].to_pylist()) == 1e41


def test_the_label_of_a_visit_gives_its_number_name_and_planned_day(tmp_path):
    is_drawn(
        lab(tmp_path, VISITED).datasets["LB"],
        """
    LBTESTCD LBSPID VISITNUM VISIT             VISITDY
    ALB      1      1        SCREENING         -7
    ALB      3      2.001    UNSCHEDULED_2.001 .
    HGB      1      1        SCREENING         -7
    HGB      2      2        CYCLE_1_DAY_1     1
    HGB      3      2.001    UNSCHEDULED_2.001 .
    """,
    )


VS = """dataset: VS
keys: [VSDTC]
records:
  - {from: raw.V, visit: FOLDER, set: {VSDTC: D}}
variables: {VISITNUM: auto, VISIT: auto}
"""


def test_unscheduled_visits_are_numbered_by_day_over_all_forms_after_the_last_planned_one(tmp_path):
    vitals = """
    RECORDID SUBJECT FOLDER      D
    1        11      Unscheduled 01_JAN_2014
    2        11      Screening   02_JAN_2014
    3        11      Unscheduled 07_JAN_2014
    4        11      Unscheduled 06_JAN_2014
    5        12      Unscheduled 06_JAN_2014
    6        11      Unscheduled 31_JAN_2014
    7        11      C2D1        30_JAN_2014
    """
    built = trial(
        tmp_path, DM, VISITED, VS, raw={"D": SUBJECTS, "L": LABS, "V": vitals}, study=SHARED, tables=TABLES
    ).build()
    is_drawn(
        built.datasets["VS"],
        """
    USUBJID VSDTC      VISITNUM VISIT
    S1-11   2014-01-01 0.001    UNSCHEDULED_0.001
    S1-11   2014-01-02 1        SCREENING
    S1-11   2014-01-06 2.001    UNSCHEDULED_2.001
    S1-11   2014-01-07 2.002    UNSCHEDULED_2.002
    S1-11   2014-01-30 3        CYCLE_2_DAY_1
    S1-11   2014-01-31 3.001    UNSCHEDULED_3.001
    S1-12   2014-01-06 0.001    UNSCHEDULED_0.001
    """,
    )
    assert [v for v in built.datasets["LB"].frame["VISITNUM"].to_pylist() if v not in (1, 2)] == [2.001, 2.001]


@pytest.mark.bad_input("B033")
def test_a_label_that_the_table_lacks_is_an_error(tmp_path):
    built = lab(tmp_path, LB + "  VISITNUM: auto\n", labs=LABS.replace("C1D1 ", "C1D2 "))
    assert told(built, "rule", "severity", "variable", "value", "records") == [
        ("visit-unknown", "error", "VISITNUM", "C1D2", 1)
    ]


def test_a_label_that_the_table_lacks_is_told_once_for_all_variables_of_the_visit(tmp_path):
    built = lab(tmp_path, VISITED, labs=LABS.replace("C1D1 ", "C1D2 "))
    assert told(built, "rule", "variable") == [("visit-unknown", "VISITNUM")]
    alone = lab(tmp_path / "alone", LB + "  VISIT: auto\n", labs=LABS.replace("C1D1 ", "C1D2 "))
    assert told(alone, "rule", "variable") == [("visit-unknown", "VISIT")]


@pytest.mark.bad_input("B033")
def test_blanks_and_case_do_not_tell_visits_apart(tmp_path):
    labs = LABS.replace("Screening  ", "_SCREENING_").replace("C1D1 ", "c1d1 ").replace("Unscheduled", "unscheduled")
    built = lab(tmp_path, VISITED, labs=labs)
    assert built.datasets["LB"].frame == lab(tmp_path / "same", VISITED).datasets["LB"].frame
    assert told(built) == []


@pytest.mark.parametrize(
    ("table", "fault"),
    [
        ("LABEL;VISITNUM;VISIT;VISITDY\nC1D1;2;C;1\n", "study.yaml:5: table V has no column LABEL"),
        ("LABEL,VISITNUM\nC1D1,2\n", "study.yaml:5: table V has no column VISIT\n"),
    ],
)
def test_a_table_of_visits_without_its_columns_is_refused(tmp_path, table, fault):
    with pytest.raises((SpecError, SpecErrors), match=fault):
        lab(tmp_path, LB + "  VISITNUM: auto\n", tables=TABLES | {"visits.csv": table})


def test_a_table_of_units_with_semicolons_is_refused(tmp_path):
    with pytest.raises((SpecError, SpecErrors), match=r"study.yaml:6: table U: it has no column TESTCD"):
        lab(tmp_path, tables=TABLES | {"units.csv": TABLES["units.csv"].replace(",", ";")})


def test_an_unscheduled_record_without_a_complete_date_is_told(tmp_path):
    built = lab(tmp_path, LB + "  VISITNUM: auto\n", labs=LABS.replace("06_JAN_2014", "UN_JAN_2014"))
    assert [row["VISITNUM"] for row in built.datasets["LB"].frame.to_pylist() if row["LBDTC"] == "2014-01"] == [
        None,
        None,
    ]
    assert any(rule.startswith("visit") for rule, _ in told(built))


def test_visit_and_visitdy_follow_from_a_visitnum_that_is_there(tmp_path):
    sv = """dataset: SV
keys: [VISITNUM]
records:
  - agg:
      from: LB
      by: [USUBJID, VISITNUM]
      where: VISITNUM is not null
      value: {SVSTDTC: min(LBDTC), SVENDTC: max(LBDTC)}
variables: {VISIT: auto, VISITDY: auto}
"""
    built = trial(tmp_path, DM, VISITED, sv, raw={"D": SUBJECTS, "L": LABS}, study=SHARED, tables=TABLES).build()
    rows = built.datasets["SV"].frame.select(["VISITNUM", "VISIT", "VISITDY", "SVSTDTC"]).to_pylist()
    assert [tuple(row.values()) for row in rows][:2] == [
        (1.0, "SCREENING", -7.0, "2014-01-04"), (2.0, "CYCLE 1 DAY 1", 1.0, "2014-01-05"),
    ]  # fmt: skip


def test_the_order_of_raw_rows_changes_nothing(tmp_path):
    first = lab(tmp_path / "a", VISITED)
    other = lab(tmp_path / "b", VISITED, labs=shuffled(LABS, 3))
    assert first.datasets["LB"].frame == other.datasets["LB"].frame
    assert first.datasets["LB"].lineage == other.datasets["LB"].lineage


def test_an_unscheduled_visit_has_the_same_name_in_every_dataset(tmp_path):
    sv = """dataset: SV
keys: [VISITNUM]
records:
  - agg: {from: LB, by: [USUBJID, VISITNUM], value: {SVSTDTC: min(LBDTC)}}
variables: {VISIT: auto}
"""
    built = trial(tmp_path, DM, VISITED, sv, raw={"D": SUBJECTS, "L": LABS}, study=SHARED, tables=TABLES).build()
    names = [{row["VISITNUM"]: row["VISIT"] for row in built.datasets[d].frame.to_pylist()} for d in ("LB", "SV")]
    assert names[0] == names[1]
    assert names[0][2.001] == "UNSCHEDULED 2.001"
