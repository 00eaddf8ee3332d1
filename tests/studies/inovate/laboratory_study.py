"""A study of a few drawn laboratory results, made by the laboratory spec of the bundled study; ADSL is drawn too."""

import re
from pathlib import Path

from harness import Trial, trial

from sdtm2adam.resources import shelf

SPECS = shelf("specs") / "inovate"
SUBJECT_SPEC = """
dataset: ADSL
class: ADSL
keys: [USUBJID]
records:
  - {from: DM, copy: all}
"""
SUBJECTS = (
    "USUBJID SITEID AGE:integer SEX ITTFL SAFFL TRT01P TRT01PN:integer TRT01A TRT01AN:integer"
    " RANDDT:date TRTSDT:date TRTEDT:date TEAEEDT:date CD22GR1 CD22GR1N:integer\n"
    "S1-1 1 50 M Y Y InO 1 InO 1 2014-01-01 2014-01-03 2014-01-10 2014-02-21 >=90% 1\n"
    "S1-2 1 50 F Y N SC 2 . . 2014-01-01 . . . >=90% 1\n"
)
DOSES = """
USUBJID EXSEQ:integer EXDOSE:float EXSTDTC
S1-1 1 0.8 2014-01-03T10:00
"""
_LB = (
    "USUBJID LBSEQ:integer LBCAT LBTESTCD LBTEST LBORRES LBORRESU LBORNRLO LBORNRHI LBSTRESC LBSTRESN:float LBSTRESU"
    " LBSTNRLO:float LBSTNRHI:float LBSPEC LBNAM VISITNUM:float VISIT LBDTC"
)
_NUMBER = re.compile(r"\d+([.]\d+)?")


def settings() -> str:
    """The settings of the bundled study."""
    study = (SPECS / "study.yaml").read_text(encoding="utf-8")
    return study[study.index("\nsettings:") :]


def laboratory_study(folder: Path, *results: str) -> Trial:
    """The study of results drawn as `subject time visit test unit value low high`.

    A value `37.6@2.2/mg/dL/0.2/1.2` is 37.6 in the standard unit and was reported as 2.2 mg/dL with limits 0.2 and 1.2.
    """
    tables = {name: (SPECS / "tables" / name).read_text(encoding="utf-8") for name in ("units.csv", "ctcae.csv")}
    named = "study: S1\ntables: {UNITS: tables/units.csv, CTCAE: tables/ctcae.csv}\n"
    spec = (SPECS / "adam" / "ADLB.yaml").read_text(encoding="utf-8")
    rows = "\n".join(_record(number, *row.split()) for number, row in enumerate(results, 1))
    sdtm = {"DM": SUBJECTS, "EX": DOSES, "LB": f"{_LB}\n{rows}"}
    return trial(folder, SUBJECT_SPEC, spec, sdtm=sdtm, study=named + settings(), tables=tables)


def _record(number: int, who: str, when: str, visit: str, test: str, unit: str, value: str, low: str, high: str) -> str:
    text, _, reported = value.partition("@")
    printed = [text, unit, low, high]
    if reported:
        amount, _, rest = reported.partition("/")
        printed = [amount, *rest.rsplit("/", 2)]  # a unit may have a slash
    result = text if _NUMBER.fullmatch(text) else "."
    fields = [who, str(number), "CHEMISTRY", test, test, *printed, text, result, unit, low, high, "SERUM", "LAB1"]
    return " ".join([*fields, "99" if visit.startswith("UNSCHEDULED") else "1", visit, when])
