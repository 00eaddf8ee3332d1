"""Subjects and doses for the tests of verbs that read other rows."""

from harness import build_one

DM = """
USUBJID STUDYID AGE:integer SEX START:date
S1-1    S1      50          M   2014-01-02
S1-2    S1      61          F   2014-01-30
S1-3    S1      .           .   .
"""
EX = """
USUBJID EXSEQ:integer EXTRT EXDOSE:float EXDT:date
S1-1    1             A     10           2014-01-02
S1-1    2             A     20           2014-01-03
S1-1    3             C     .            .
S1-2    1             A     5            2014-02-01
S1-2    2             B     6            2014-02-01
"""
DATA = {"DM": DM, "EX": EX}


def values(folder, lines, sdtm=DATA, head=""):
    """ADX with one record per subject of DM, and these variables."""
    body = "\n".join(f"  {line}" for line in lines.strip().splitlines())
    return build_one(
        folder,
        f"dataset: ADX\nkeys: [USUBJID]\n{head}\nrecords:\n  - {{from: DM, copy: [AGE, START]}}\nvariables:\n{body}\n",
        sdtm=sdtm,
    )
