"""`per: {from, cross}`: each subject with each row of a small table."""

from harness import build_one, is_drawn, trial

ADSL = "USUBJID TRTSDT:date SAFFL\nS1 2014-01-05 Y\nS2 2014-01-10 Y\nS3 2014-01-20 N"
VS = """
USUBJID VSSEQ:integer VSDTC      VSSTRESN:float
S1      1             2014-01-05 80
S1      2             2014-01-13 81
S1      3             2014-01-11 82
S2      1             2014-01-10 70
"""
SPEC = """
dataset: ADVS
class: BDS
keys: [AVISITN]
tables: {WINDOWS: [{AVISITN: 0, LO: -9, HI: 1}, {AVISITN: 7, LO: 2, HI: 10}, {AVISITN: 14, LO: 11, HI: 20}]}
records:
  - id: WEIGHT
    per: {from: ADSL, where: SAFFL = 'Y', cross: table.WINDOWS}
    pick:
      among:
        - from: VS
          where: study_day(dt(VSDTC), THIS.TRTSDT) between cast(THIS.LO as integer) and cast(THIS.HI as integer)
        - from: VS
          where: study_day(dt(VSDTC), THIS.TRTSDT) < cast(THIS.LO as integer)
          const: {DTYPE: LOCF}
      order: [_nr, "abs(study_day(dt(VSDTC), THIS.TRTSDT) - cast(THIS.AVISITN as integer))", VSDTC desc]
      set: {AVAL: VSSTRESN, ADT: dt(VSDTC)}
    set: {AVISITN: cast(THIS.AVISITN as integer)}
    const: {PARAM: Weight (kg)}
"""


def test_each_subject_has_each_window_and_the_value_nearest_or_carried_forward(tmp_path):
    is_drawn(build_one(tmp_path, SPEC, sdtm={"ADSL": ADSL, "VS": VS}), """
        USUBJID AVISITN AVAL DTYPE ADT
        S1      0       80   .     2014-01-05
        S1      7       82   .     2014-01-11
        S1      14      81   LOCF  2014-01-13
        S2      0       70   .     2014-01-10
        S2      7       70   LOCF  2014-01-10
        S2      14      70   LOCF  2014-01-10
    """)  # fmt: skip


def test_a_name_that_both_have_is_refused(tmp_path):
    spec = SPEC.replace("LO: -9", "SAFFL: X, LO: -9")
    fault = trial(tmp_path, spec, sdtm={"ADSL": ADSL, "VS": VS}).fault(lint_only=True)
    assert "per: cross: table.WINDOWS and the rows it is crossed with both have SAFFL" in fault
