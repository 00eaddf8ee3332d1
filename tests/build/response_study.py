"""Subjects and assessments for the tests of blocks that are verbs."""

from harness import build_one

SUBJECTS = """
USUBJID STUDYID START:date DTH:date   LAST:date  HSCT:date  ARM
S1-1    S1      2014-01-10 2014-03-01 2014-03-01 .          A
S1-2    S1      2014-01-10 .          2014-04-01 2014-02-01 A
S1-3    S1      2014-01-10 2014-01-05 2014-01-05 .          A
S1-4    S1      .          2014-03-01 2014-03-01 .          A
S1-5    S1      2014-01-10 .          .          .          B
"""
RS = """
USUBJID RSSEQ:integer ADT:date   V
S1-1    1             2014-02-01 CR
S1-1    2             2014-03-01 PD
S1-2    1             2014-03-05 PD
S1-2    2             2014-02-01 SD
"""
DATA = {"SUBJ": SUBJECTS, "RS": RS}


def made_of(folder, body, sdtm=DATA):
    """The dataset ADX of a spec without its first line."""
    return build_one(folder, "dataset: ADX\nclass: BDS\n" + body, sdtm=sdtm)
