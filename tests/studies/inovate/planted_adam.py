"""Defects of ADSL and ADAE, each with the rule under which it must be told."""

import datetime as dt

from planted_defects import Defect, Planted, Row, filled

YEAR = dt.timedelta(days=365)


def first_twice(copy: Planted) -> str:
    row = copy.find("ADAE", lambda r: r["AOCCFL"] == "Y")
    other = next(
        one
        for one in copy.rows("ADAE")
        if one["USUBJID"] == row["USUBJID"] and one["TRTEMFL"] == "Y" and one is not row
    )
    other["AOCCFL"] = "Y"
    return str(row["USUBJID"])


def treated(row: Row) -> bool:
    return row["SAFFL"] == "Y" and row["TRTSDT"] is not None


DEFECTS = (
    Defect("subject twice in ADSL", "ADSL", "USUBJID", "subject-once", lambda c: c.repeat("ADSL")),
    Defect("randomised subject not in ADSL", "DM", "USUBJID", "DM-TREATED-NOT-IN-ADSL", lambda c: c.remove("ADSL")),
    Defect(
        "subject that is not in ADSL",
        "ADAE",
        "USUBJID",
        "subject-known",
        lambda c: c.change("ADAE", USUBJID="INO-SIM-1022-9999-0001"),
    ),
    Defect("age not that of DM", "ADSL", "AGE", "same-value", lambda c: c.change("ADSL", AGE=lambda r: r["AGE"] + 3)),
    Defect(
        "sex not that of DM",
        "ADSL",
        "SEX",
        "same-value",
        lambda c: c.change("ADSL", SEX=lambda r: "F" if r["SEX"] == "M" else "M"),
    ),
    Defect("population flag missing", "ADSL", "ITTFL", "required-null", lambda c: c.change("ADSL", ITTFL=None)),
    Defect("population flag of neither Y nor N", "ADSL", "SAFFL", "flag", lambda c: c.change("ADSL", SAFFL="X")),
    Defect(
        "safety without first dose",
        "ADSL",
        "TRTSDT",
        "ADSL-SAFETY-NO-FIRST-DOSE",
        lambda c: c.change("ADSL", treated, TRTSDT=None),
    ),
    Defect(
        "first dose not that of EX",
        "ADSL",
        "TRTSDT",
        "ADSL-TRTSDT-BEFORE-EX",
        lambda c: c.change("ADSL", treated, TRTSDT=lambda r: r["TRTSDT"] - YEAR),
    ),
    Defect(
        "last dose before first",
        "ADSL",
        "TRTSDT",
        "start-end",
        lambda c: c.change("ADSL", treated, TRTEDT=lambda r: r["TRTSDT"] - YEAR),
    ),
    Defect(
        "days of treatment",
        "ADSL",
        "TRTDURD",
        "ADSL-TRTDURD",
        lambda c: c.change("ADSL", filled("TRTDURD"), TRTDURD=lambda r: r["TRTDURD"] + 7),
    ),
    Defect("number of a treatment", "ADSL", "TRT01P", "one-to-one", lambda c: c.change("ADSL", TRT01PN=9)),
    Defect(
        "death not that of DM",
        "ADSL",
        "DTHDT",
        "ADSL-DTHDT-NOT-DM",
        lambda c: c.change("ADSL", filled("DTHDT"), DTHDT=lambda r: r["DTHDT"] + YEAR),
    ),
    Defect(
        "group of age",
        "ADSL",
        "AGEGR1",
        "ADSL-AGE-GROUP",
        lambda c: c.change("ADSL", AGEGR1=lambda r: ">=55" if r["AGEGR1"] == "<55" else "<55"),
    ),
    Defect(
        "alive after death",
        "ADSL",
        "LSTALVDT",
        "ADSL-ALIVE-AFTER-DEATH",
        lambda c: c.change("ADSL", filled("DTHDT"), LSTALVDT=lambda r: r["DTHDT"] + YEAR),
    ),
    Defect(
        "end before start",
        "ADAE",
        "ASTDT",
        "start-end",
        lambda c: c.change("ADAE", filled("ASTDT", "AENDT"), AENDT=lambda r: r["ASTDT"] - YEAR),
    ),
    Defect(
        "analysis day 0",
        "ADAE",
        "ASTDY",
        "day-zero",
        lambda c: c.change("ADAE", filled("ASTDY"), ASTDY=0),
    ),
    Defect("treatment-emergent N", "ADAE", "TRTEMFL", "flag", lambda c: c.change("ADAE", TRTEMFL="N")),
    Defect(
        "treatment-emergent before treatment",
        "ADAE",
        "TRTEMFL",
        "EMERGENT-STARTED-BEFORE-TREATMENT",
        lambda c: c.change("ADAE", lambda r: r["TRTEMFL"] and r["ASTDT"], ASTDT=lambda r: r["TRTSDT"] - YEAR),
    ),
    Defect("event lost from AE to ADAE", "AE", "AESEQ", "ADAE-RECORD-MISSING", lambda c: c.remove("ADAE")),
    Defect("event twice", "ADAE", "USUBJID", "key-unique", lambda c: c.repeat("ADAE")),
    Defect("event of no AE record", "ADAE", "AESEQ", "SDTM-RECORD-UNKNOWN", lambda c: c.change("ADAE", AESEQ=9999)),
    Defect(
        "text not that of AE",
        "ADAE",
        "AEDECOD",
        "SDTM-COPY",
        lambda c: c.change("ADAE", filled("AEDECOD"), AEDECOD="Something else"),
    ),
    Defect("first occurrence twice", "ADAE", "AOCCFL", "flag-once", first_twice),
    Defect(
        "imputation flag of a complete date",
        "ADAE",
        "ASTDTF",
        "ASTDTF-OF-COMPLETE-DATE",
        lambda c: c.change("ADAE", lambda r: r["AESTDTC"] and len(r["AESTDTC"]) >= 10 and not r["ASTDTF"], ASTDTF="D"),
    ),
    Defect("imputation flag unknown", "ADAE", "ASTDTF", "codelist", lambda c: c.change("ADAE", ASTDTF="X")),
    Defect(
        "date outside of what was collected",
        "ADAE",
        "ASTDT",
        "ASTDT-WITHIN-COLLECTED",
        lambda c: c.change(
            "ADAE", lambda r: r["AESTDTC"] and len(r["AESTDTC"]) >= 10, ASTDT=lambda r: r["ASTDT"] - YEAR
        ),
    ),
    Defect(
        "grade not that collected",
        "ADAE",
        "ATOXGR",
        "one-to-one",
        lambda c: c.change("ADAE", lambda r: r["AETOXGR"] == "3", ATOXGRN=1),
    ),
    Defect(
        "letter that is not ASCII", "ADAE", "AETERM", "text-ascii", lambda c: c.change("ADAE", AETERM="fi\u00e8vre")
    ),
    Defect("label of a dataset", "ADSL", "", "DATASET-LABEL-STANDARD", lambda c: c.describe("ADSL", label="Subjects")),
    Defect(
        "date without format", "ADSL", "TRTSDT", "format-differs", lambda c: c.describe("ADSL", "TRTSDT", format="")
    ),
)
