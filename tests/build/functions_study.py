"""A study that may call the functions of trial_rules, a package that is installed for the test."""

from harness import STUDY, trial

DM = "USUBJID WEIGHT:float HEIGHT:float\nS1-1 81 180\nS1-2 . 170\nS1-3 60.5 160"
LB = "USUBJID LBSEQ:integer LBSTRESN:float LBTESTCD\nS1-1 1 5 A\nS1-1 2 7 A\nS1-3 1 2 A"
ALLOWED = STUDY + "packages: [trial_rules]\n"


def adx(variables, *, head="", stage="ADX", records="{from: DM, copy: [WEIGHT, HEIGHT]}"):
    lines = "\n".join(f"  {line}" for line in variables.strip().split("\n"))
    return f"dataset: {stage}\nkeys: [USUBJID]\n{head}records:\n  - {records}\nvariables:\n{lines}\n"


def study(tmp_path, *specs, study=ALLOWED, dm=DM):
    return trial(tmp_path / "study", *specs, sdtm={"DM": dm, "LB": LB}, study=study)
