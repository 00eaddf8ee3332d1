"""A form of laboratory results, and what makes SDTM of it, for the tests of automatic variables."""

from harness import STUDY, trial

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
VISITED = LB + "  VISITNUM: auto\n  VISIT: auto\n  VISITDY: auto\n"
LABS = """
RECORDID SUBJECT FOLDER      LBDAT       HGB  HGBU HGBND ALB
1        11      Screening   04_JAN_2014 12.3 g/dL .     41
2        11      C1D1        05_JAN_2014 <5   g/L  .     .
3        11      Unscheduled 06_JAN_2014 .    .    1     40.25
"""


def lab(folder, lb=LB, labs=LABS, tables=TABLES, study=SHARED):
    """The build of DM and LB."""
    return trial(folder, DM, lb, raw={"D": SUBJECTS, "L": labs}, study=study, tables=tables).build()
