"""`auto`, `unpivot` and `visit`: what the standard itself prescribes."""

import pytest
from harness import STUDY, is_drawn, origins, shuffled, told, trial

from sdtm2adam.errors import SpecError, SpecErrors

TABLES = {
    "visits.csv": (
        "LABEL,VISITNUM,VISIT,VISITDY\nScreening,1,SCREENING,-7\nC1D1,2,CYCLE 1 DAY 1,1\nC2D1,3,CYCLE 2 DAY 1,22\n"
    ),
    "units.csv": "TESTCD,FROM,TO,FACTOR,OFFSET,DIGITS\nHGB,g/dL,g/L,10,,0\nHGB,g/L,g/L,,,0\n*,%,%,,,\nALB,,g/L,,,1\n",
}
SHARED = (
    STUDY
    + """
visits: {table: V, unscheduled: Unscheduled}
units: U
tables: {V: tables/visits.csv, U: tables/units.csv}
"""
)
DM = """dataset: DM
keys: [USUBJID]
records:
  - {from: raw.D, set: {SUBJID: SUBJECT, RFSTDTC: D, RFXSTDTC: [D, T]}}
variables: {SITEID: auto}
"""
SUBJECTS = "SUBJECT D T\n11 05_JAN_2014 10:00\n12 . ."
LB = """dataset: LB
keys: [LBTESTCD, LBDTC, LBSPID]
records:
  - from: raw.L
    visit: FOLDER
    set: {LBDTC: LBDAT, LBSPID: RECORDID, LBSTAT: {const: NOT DONE, when: _ND = '1'}}
    unpivot:
      HGB: {LBORRES: HGB, LBORRESU: HGBU, _ND: HGBND}
      ALB: {LBORRES: ALB}
    having: LBORRES is not null or LBSTAT is not null
variables:
  LBSEQ: auto
  LBTEST: auto
  LBSTRESC: auto
  LBSTRESN: auto
  LBSTRESU: auto
"""
LABS = """
RECORDID SUBJECT FOLDER      LBDAT       HGB  HGBU HGBND ALB
1        11      Screening   04_JAN_2014 12.3 g/dL .     41
2        11      C1D1        05_JAN_2014 <5   g/L  .     .
3        11      Unscheduled 06_JAN_2014 .    .    1     40.25
"""


def lab(folder, lb=LB, labs=LABS, tables=TABLES, study=SHARED):
    """The build of DM and LB."""
    return trial(folder, DM, lb, raw={"D": SUBJECTS, "L": labs}, study=study, tables=tables).build()


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


def test_a_number_without_a_unit_is_not_taken_for_one_in_standard_units(tmp_path):
    built = lab(tmp_path, labs=LABS.replace("g/dL", ".   "))
    assert [row["LBSTRESN"] for row in built.datasets["LB"].frame.to_pylist() if row["LBORRES"] == "12.3"] == [None]
    assert ("unit-missing", 1) in told(built)


@pytest.mark.parametrize(
    ("file", "line"),
    [("units.csv", "HGB,g/dL,g/L,100,,0"), ("visits.csv", "Screening,9,OTHER,9"), ("units.csv", "K,x,y,ten,,")],
)
def test_a_table_that_says_two_things_or_no_number_is_refused(tmp_path, file, line):
    with pytest.raises((SpecError, SpecErrors), match=r"study.yaml:\d+: table [UV]: "):
        lab(tmp_path, LB + "  VISITNUM: auto\n", tables=TABLES | {file: TABLES[file] + line + "\n"})


def test_a_very_large_number_is_converted_too(tmp_path):
    built = lab(tmp_path, labs=LABS.replace("12.3", "1e40"))
    assert max(v or 0 for v in built.datasets["LB"].frame["LBSTRESN"].to_pylist()) == 1e41


# --- visits -----------------------------------------------------------------------------------------------------------

VISITED = LB + "  VISITNUM: auto\n  VISIT: auto\n  VISITDY: auto\n"


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


def test_a_label_that_the_table_lacks_is_an_error(tmp_path):
    built = lab(tmp_path, LB + "  VISITNUM: auto\n", labs=LABS.replace("C1D1 ", "C1D2 "))
    assert told(built, "rule", "severity", "variable", "value", "records") == [
        ("visit-unknown", "error", "VISITNUM", "C1D2", 1)
    ]


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
  - agg: {from: LB, by: [USUBJID, VISITNUM], where: VISITNUM is not null, value: {SVSTDTC: min(LBDTC), SVENDTC: max(LBDTC)}}
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


# --- days, epochs, flags ----------------------------------------------------------------------------------------------


def test_study_days_have_no_day_0_and_need_a_complete_date(tmp_path):
    labs = LABS.replace("06_JAN_2014", "UN_JAN_2014")
    is_drawn(
        lab(tmp_path, LB + "  LBDY: auto\n", labs).datasets["LB"],
        """
    LBTESTCD LBDTC      LBDY
    ALB      2014-01    .
    ALB      2014-01-04 -1
    HGB      2014-01    .
    HGB      2014-01-04 -1
    HGB      2014-01-05 1
    """,
    )


EX = """dataset: EX
keys: [EXSTDTC]
records:
  - {from: raw.X, set: {EXSTDTC: S, EXENDTC: E}}
variables: {EXSEQ: auto, EXSTDY: auto, EXENDY: auto, EPOCH: auto}
"""
SE = """dataset: SE
keys: [SESTDTC]
records:
  - {id: SCR, from: DM, set: {SESTDTC: "'2013-12-20'"}, const: {ETCD: SCR, EPOCH: SCREENING}}
  - {id: TRT, from: DM, where: RFXSTDTC is not null, set: {SESTDTC: RFXSTDTC}, const: {ETCD: TRT, EPOCH: TREATMENT}}
variables: {SESEQ: auto}
"""


def test_start_and_end_days_and_the_epoch_of_a_record(tmp_path):
    doses = """
    RECORDID SUBJECT S           E
    1        11      05_JAN_2014 07_JAN_2014
    2        11      04_JAN_2014 UN_JAN_2014
    3        11      01_DEC_2013 .
    4        12      05_JAN_2014 .
    """
    built = trial(tmp_path, DM, EX, SE, raw={"D": SUBJECTS, "X": doses}, study=SHARED, tables=TABLES).build()
    is_drawn(
        built.datasets["EX"],
        """
    USUBJID EXSEQ EXSTDTC    EXENDTC    EXSTDY EXENDY EPOCH
    S1-11   1     2013-12-01 .          -35    .      .
    S1-11   2     2014-01-04 2014-01    -1     .      SCREENING
    S1-11   3     2014-01-05 2014-01-07 1      3      TREATMENT
    S1-12   1     2014-01-05 .          .      .      SCREENING
    """,
    )


def test_the_last_result_on_or_before_the_first_dose_is_flagged_for_each_test(tmp_path):
    labs = """
    RECORDID SUBJECT FOLDER    LBDAT       HGB HGBU HGBND ALB
    1        11      Screening 03_JAN_2014 120 g/L  .     40
    2        11      C1D1      05_JAN_2014 121 g/L  .     .
    3        11      C1D1      06_JAN_2014 122 g/L  .     42
    4        12      C1D1      06_JAN_2014 122 g/L  .     42
    5        11      C1D1      04_JAN_2014 .   .    1     .
    """
    is_drawn(
        lab(tmp_path, LB + "  LBLOBXFL: auto\n", labs).datasets["LB"],
        """
    USUBJID LBTESTCD LBDTC      LBORRES LBLOBXFL
    S1-11   ALB      2014-01-03 40      Y
    S1-11   ALB      2014-01-06 42      .
    S1-11   HGB      2014-01-03 120     .
    S1-11   HGB      2014-01-04 .       .
    S1-11   HGB      2014-01-05 121     Y
    S1-11   HGB      2014-01-06 122     .
    S1-12   ALB      2014-01-06 42      .
    S1-12   HGB      2014-01-06 122     .
    """,
    )


def test_a_time_before_or_after_the_first_dose_decides_on_the_same_day(tmp_path):
    labs = """
    RECORDID SUBJECT FOLDER LBDAT       LBTIM HGB HGBU HGBND ALB
    1        11      C1D1   05_JAN_2014 09:00 120 g/L  .     .
    2        11      C1D1   05_JAN_2014 11:00 121 g/L  .     .
    """
    made = lab(tmp_path, LB.replace("LBDTC: LBDAT", "LBDTC: [LBDAT, LBTIM]") + "  LBLOBXFL: auto\n", labs).datasets[
        "LB"
    ]
    is_drawn(made, "LBDTC LBLOBXFL\n2014-01-05T09:00 Y\n2014-01-05T11:00 .")


def test_the_site_follows_the_rule_of_the_study(tmp_path):
    is_drawn(lab(tmp_path).datasets["DM"], "USUBJID SUBJID SITEID\nS1-11 11 1\nS1-12 12 1")


def test_the_sequence_of_an_analysis_dataset_follows_its_keys_within_the_subject(tmp_path):
    spec = "dataset: ADX\nkeys: [A, B]\nrecords:\n  - {from: XX, copy: all}\nvariables: {ASEQ: auto}"
    made = trial(tmp_path, spec, sdtm={"XX": "USUBJID A B\n1 b x\n1 a y\n2 a y\n1 . z"}).build().datasets["ADX"]
    is_drawn(made, "USUBJID A B ASEQ\n1 a y 1\n1 b x 2\n1 . z 3\n2 a y 1")


def test_nothing_is_automatic_that_the_standard_does_not_prescribe(tmp_path):
    with pytest.raises(SpecErrors, match=r"DM.SEX: the standard prescribes no way to make it"):
        trial(tmp_path, DM.replace("SITEID: auto", "SEX: auto"), raw={"D": SUBJECTS}).build()


def test_a_dataset_of_no_records_has_all_its_automatic_variables(tmp_path):
    head = LABS.strip().splitlines()[0]
    made = lab(tmp_path, VISITED + "  LBDY: auto\n  LBLOBXFL: auto\n", head).datasets["LB"]
    assert made.frame.num_rows == 0
    assert {"LBSEQ", "LBTEST", "LBSTRESN", "VISITNUM", "VISIT", "LBDY", "LBLOBXFL"} <= set(made.frame.column_names)


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
