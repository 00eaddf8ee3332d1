"""Defects of observations in SDTM, each with the rule under which it must be told."""

from planted_defects import Defect, Planted, Row, filled


def flagged_twice(copy: Planted) -> str:
    row = copy.find("LB", lambda row: row["LBLOBXFL"] == "Y")
    same = ("USUBJID", "LBTESTCD", "LBSPEC")
    other = next(
        one for one in copy.rows("LB") if one is not row and all(one[k] == row[k] for k in same) and one["LBSTRESC"]
    )
    other["LBLOBXFL"] = "Y"
    return str(row["USUBJID"])


def seen_after_death(copy: Planted) -> str:
    dead = {row["USUBJID"] for row in copy.rows("DM") if row["DTHDTC"]}
    return copy.change("VS", lambda row: row["USUBJID"] in dead, VSDTC="2031-01-01")


def serious_without_reason(copy: Planted) -> str:
    reasons = ("AESCONG", "AESDISAB", "AESDTH", "AESHOSP", "AESLIFE", "AESMIE")
    return copy.change("AE", lambda row: row["AESER"] == "N" and not any(row[r] for r in reasons), AESER="Y")


def two_socs(copy: Planted) -> str:
    return copy.change("AE", filled("AEDECOD", "AESOC"), AESOC="Ear and labyrinth disorders")


def limits(row: Row) -> bool:
    return row["LBSTNRLO"] is not None and row["LBSTNRHI"] is not None


DEFECTS = (
    Defect("term outside a closed codelist", "AE", "AESER", "codelist", lambda c: c.change("AE", AESER="Yes")),
    Defect("day that is not in the calendar", "AE", "AESTDTC", "date", lambda c: c.change("AE", AESTDTC="2013-02-30")),
    Defect("date not in ISO 8601", "CM", "CMSTDTC", "date", lambda c: c.change("CM", CMSTDTC="03/12/2013")),
    Defect("hour 25", "LB", "LBDTC", "date", lambda c: c.change("LB", LBDTC="2013-05-06T25:10")),
    Defect(
        "end before start",
        "AE",
        "AESTDTC",
        "start-end",
        lambda c: c.change("AE", filled("AESTDTC"), AEENDTC="2001-01-01"),
    ),
    Defect(
        "study day one too many",
        "AE",
        "AESTDY",
        "study-day",
        lambda c: c.change("AE", filled("AESTDY"), AESTDY=lambda r: r["AESTDY"] + 1),
    ),
    Defect(
        "study day 0",
        "VS",
        "VSDY",
        "study-day",
        lambda c: c.change("VS", filled("VSDY"), VSDY=0),
    ),
    Defect(
        "study day of a partial date",
        "CM",
        "CMSTDY",
        "study-day",
        lambda c: c.change("CM", filled("CMSTDY"), CMSTDTC=lambda r: r["CMSTDTC"][:7]),
    ),
    Defect("sequence number twice", "AE", "AESEQ", "sequence", lambda c: c.repeat("AE", AETERM="something else")),
    Defect(
        "record twice but for its number",
        "VS",
        "VSTESTCD",
        "FINDING-DUPLICATE",
        lambda c: c.repeat("VS", filled("VSORRES"), VSSEQ=9001),
    ),
    Defect(
        "subject that is not in DM",
        "LB",
        "USUBJID",
        "subject-known",
        lambda c: c.change("LB", USUBJID="INO-SIM-1022-9999-0001"),
    ),
    Defect(
        "letter that is not ASCII",
        "MH",
        "MHTERM",
        "text-ascii",
        lambda c: c.change("MH", MHTERM="SJ\u00d6GREN SYNDROME"),
    ),
    Defect("201 bytes", "AE", "AETERM", "text-length", lambda c: c.change("AE", AETERM="x" * 201)),
    Defect("tab in a text", "CM", "CMTRT", "text-ascii", lambda c: c.change("CM", CMTRT="CEFE\tPIME")),
    Defect("text that begins with a blank", "CM", "CMINDC", "text-blank", lambda c: c.change("CM", CMINDC=" Fever")),
    Defect("text that is a point", "MH", "MHTERM", "text-blank", lambda c: c.change("MH", MHTERM=".")),
    Defect(
        "another study",
        "VS",
        "STUDYID",
        "constant",
        lambda c: c.change("VS", STUDYID="OTHER-1"),
    ),
    Defect("another domain", "CM", "DOMAIN", "domain", lambda c: c.change("CM", DOMAIN="CN")),
    Defect("required value missing", "LB", "LBTESTCD", "required-null", lambda c: c.change("LB", LBTESTCD=None)),
    Defect(
        "two names of a test",
        "LB",
        "LBTESTCD",
        "one-to-one",
        lambda c: c.change("LB", lambda r: r["LBTESTCD"] == "ALB", LBTEST="Albumen"),
    ),
    Defect("test code begins with a digit", "VS", "VSTESTCD", "code-form", lambda c: c.change("VS", VSTESTCD="1DIABP")),
    Defect("result after death", "VS", "VSDTC", "after-death", seen_after_death),
    Defect("epoch that is not planned", "EX", "EPOCH", "EPOCH-IN-TRIAL-ARMS", lambda c: c.change("EX", EPOCH="RUN-IN")),
    Defect(
        "visit name of another visit",
        "VS",
        "VISIT",
        "VISIT-NAME-AS-IN-SUBJECT-VISITS",
        lambda c: c.change("VS", lambda r: r["VISIT"] == "C1D1", VISIT="C2D8"),
    ),
    Defect(
        "visit the subject never made",
        "LB",
        "VISITNUM",
        "VISIT-IN-SUBJECT-VISITS",
        lambda c: c.change("LB", filled("VISITNUM"), VISITNUM=77.0, VISIT="C77"),
    ),
    Defect("last before exposure twice", "LB", "LBLOBXFL", "flag-once", flagged_twice),
    Defect(
        "original result without standard result",
        "LB",
        "LBSTRESC",
        "filled-with",
        lambda c: c.change("LB", filled("LBORRES", "LBSTRESC"), LBSTRESC=None, LBSTRESN=None),
    ),
    Defect(
        "number not that of the text",
        "LB",
        "LBSTRESN",
        "NUMERIC-RESULT-DIFFERS",
        lambda c: c.change("LB", filled("LBSTRESN"), LBSTRESN=lambda r: r["LBSTRESN"] + 1),
    ),
    Defect(
        "limits the wrong way round",
        "LB",
        "LBSTNRLO",
        "start-end",
        lambda c: c.change("LB", limits, LBSTNRLO=lambda r: r["LBSTNRHI"] + 1),
    ),
    Defect(
        "not done with a result",
        "LB",
        "LBORRES",
        "missing-with",
        lambda c: c.change("LB", filled("LBORRES"), LBSTAT="NOT DONE"),
    ),
    Defect(
        "two units of a test",
        "LB",
        "LBSTRESU",
        "STANDARD-UNIT-ONE-FOR-TEST",
        lambda c: c.change("LB", lambda r: r["LBTESTCD"] == "ALB" and r["LBSTRESU"], LBSTRESU="kg/L"),
    ),
    Defect("serious without reason", "AE", "AESER", "SERIOUS-WITHOUT-CRITERION", serious_without_reason),
    Defect(
        "fatal and recovered",
        "AE",
        "AEOUT",
        "DEATH-EVENT-NOT-FATAL",
        lambda c: c.change("AE", lambda r: r["AEOUT"] == "RECOVERED/RESOLVED", AESER="Y", AESDTH="Y"),
    ),
    Defect("grade 6", "AE", "AETOXGR", "TOXICITY-GRADE-OF-EVENT", lambda c: c.change("AE", AETOXGR="6")),
    Defect("preferred term in two SOCs", "AE", "AEDECOD", "MEDDRA-ONE-PRIMARY-PATH", two_socs),
    Defect(
        "ongoing without reference date",
        "AE",
        "AEENRTPT",
        "END-RELATION-NEEDS-TIME-POINT",
        lambda c: c.change("AE", lambda r: not r["AEENTPT"], AEENRTPT="ONGOING"),
    ),
    Defect("negative dose", "EX", "EXDOSE", "EX-DOSE", lambda c: c.change("EX", EXDOSE=-5.0)),
    Defect(
        "dose without unit",
        "EX",
        "EXDOSE",
        "DOSE-WITHOUT-UNIT",
        lambda c: c.change("EX", filled("EXDOSE"), EXDOSU=None),
    ),
    Defect(
        "exposure without start",
        "EX",
        "EXSTDTC",
        "EXPOSURE-START-DATE-MISSING",
        lambda c: c.change("EX", EXSTDTC=None),
    ),
    Defect(
        "occurrence that nobody asked for",
        "MH",
        "MHOCCUR",
        "OCCURRENCE-WITHOUT-PRESPECIFIED",
        lambda c: c.change("MH", filled("MHOCCUR"), MHPRESP=None),
    ),
    Defect(
        "label of 41 letters",
        "AE",
        "AEACN",
        "label",
        lambda c: c.describe("AE", "AEACN", label="x" * 41),
    ),
    Defect(
        "label not that of the standard",
        "CM",
        "CMDOSE",
        "VARIABLE-LABEL-STANDARD",
        lambda c: c.describe("CM", "CMDOSE", label="Dosage"),
    ),
    Defect("label of a dataset", "MH", "", "DATASET-LABEL-STANDARD", lambda c: c.describe("MH", label="History")),
)
