"""`auto`: what the standard itself prescribes."""

import pytest
from findings_study import DM, LABS, LB, SHARED, SUBJECTS, TABLES, VISITED, lab
from harness import is_drawn, trial

from sdtm2adam.errors import SpecErrors


@pytest.mark.bad_input("B062")
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


def test_a_partial_date_has_an_epoch_only_where_no_element_starts_in_what_it_leaves_open(tmp_path):
    doses = """
    RECORDID SUBJECT S           E
    1        11      UN_DEC_2013 .
    2        11      UN_JAN_2014 .
    3        11      UN_FEB_2014 .
    4        11      UN_UNK_2013 .
    5        11      UN_UNK_2014 .
    6        11      UN_UNK_2015 .
    7        12      UN_JAN_2014 .
    """
    built = trial(tmp_path, DM, EX, SE, raw={"D": SUBJECTS, "X": doses}, study=SHARED, tables=TABLES).build()
    is_drawn(
        built.datasets["EX"],
        """
    USUBJID EXSTDTC EPOCH
    S1-11   2013    .
    S1-11   2013-12 .
    S1-11   2014    .
    S1-11   2014-01 .
    S1-11   2014-02 TREATMENT
    S1-11   2015    TREATMENT
    S1-12   2014-01 SCREENING
    """,
    )


def test_of_elements_that_start_on_one_day_the_planned_order_tells_the_last(tmp_path):
    follow_up = (
        "  - {id: FU, from: DM, where: RFXSTDTC is not null, set: {SESTDTC: 'left(RFXSTDTC, 10)'}, "
        "const: {TAETORD: 3, ETCD: FU, EPOCH: FOLLOW-UP}}\n"
    )
    elements = SE.replace("{ETCD: SCR", "{TAETORD: 1, ETCD: SCR").replace("{ETCD: TRT", "{TAETORD: 2, ETCD: TRT")
    elements = elements.replace("variables:", follow_up + "variables:")
    doses = "RECORDID SUBJECT S E\n1 11 04_JAN_2014 .\n2 11 05_JAN_2014 .\n3 11 06_JAN_2014 ."
    built = trial(tmp_path, DM, EX, elements, raw={"D": SUBJECTS, "X": doses}, study=SHARED, tables=TABLES).build()
    is_drawn(built.datasets["EX"], "EXSTDTC EPOCH\n2014-01-04 SCREENING\n2014-01-05 FOLLOW-UP\n2014-01-06 FOLLOW-UP")


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


SITES = """dataset: DM
keys: [USUBJID]
records:
  - {from: raw.D, set: {SUBJID: "split_part(SUBJECT, '-', 2)", SITEID: auto}}
"""


def test_the_site_is_read_from_the_raw_number_of_the_subject_not_from_subjid(tmp_path):
    built = trial(tmp_path / "block", SITES, raw={"D": "SUBJECT NOTE\n7-1015 .\n8-1015 ."}).build()
    is_drawn(built.datasets["DM"], "USUBJID   SUBJID SITEID\nS1-7-1015 1015 7\nS1-8-1015 1015 8")
    shared = SITES.replace(", SITEID: auto", "") + "variables: {SITEID: auto}\n"
    assert trial(tmp_path / "shared", shared, raw={"D": "SUBJECT NOTE\n7-1015 ."}).fault() == (
        "specs/sdtm/DM.yaml:5: DM.SITEID: the rule of study.yaml reads SUBJECT, which is not at hand\n"
        "    to mend: write SITEID: auto in set: of a block from a raw form"
    )


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
