"""Subjects and doses for the tests of `from` blocks."""

from harness import build_one

DM = """
USUBJID STUDYID AGE:integer SEX
S1-1    S1      50          M
S1-2    S1      61          F
S1-3    S1      .           .
"""
EX = """
USUBJID EXSEQ:integer EXTRT EXDOSE:float EXSTDTC    EXENDTC
S1-1    1             A     10           2014-01-02 2014-01-04
S1-1    2             A     20           2014-01-03 2014-01-03
S1-2    1             A     5            2014-02-01 2014-02-01
S1-2    2             B     .            2014-02-01 2014-02-02
"""
DATA = {"DM": DM, "EX": EX}


def adx(folder, body, sdtm=DATA, **more):
    """The dataset ADX of a spec without its first line."""
    return build_one(folder, "dataset: ADX\n" + body, sdtm=sdtm, **more)


DAYS = (
    "keys: [ADT, EXSEQ]\nrecords:\n  - {from: EX, expand: {from: dt(EXSTDTC), to: dt(EXENDTC), as: ADT}, copy: [EXSEQ]}"
)
