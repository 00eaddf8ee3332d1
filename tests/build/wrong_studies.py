"""A right spec of ADSL to spoil."""

from harness import trial

DM = "USUBJID STUDYID AGE:integer SEX\nS1-1 S1 50 M\nS1-2 S1 61 F"
EX = "USUBJID EXSEQ:integer EXTRT EXDOSE:float\nS1-1 1 A 10\nS1-1 2 B 20\nS1-2 1 A 5"
DATA = {"DM": DM, "EX": EX}
BASE = """dataset: ADSL
keys: [USUBJID]
records:
  - {from: DM, copy: [AGE, SEX]}
variables:
"""


def fault(folder, variables="", base=BASE, **more):
    """The message that stops a study with these variables in ADSL; line 6 is their first."""
    return trial(folder, base + variables, **({"sdtm": DATA} | more)).fault()
