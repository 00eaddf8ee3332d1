"""Defects of subjects, trial design, disposition and relationships, each with the rule under which it must be told."""

from planted_defects import Defect, Planted, filled


def gap_of_elements(copy: Planted) -> str:
    return copy.change("SE", lambda row: row["ETCD"] == "SCRN" and row["SEENDTC"], SEENDTC=lambda row: row["SESTDTC"])


def without_exposure(copy: Planted) -> str:
    row = copy.find("EX")
    copy.rows("EX")[:] = [one for one in copy.rows("EX") if one["USUBJID"] != row["USUBJID"]]
    return str(row["USUBJID"])


def without_consent(copy: Planted) -> str:
    row = copy.find("DS", lambda row: "CONSENT" in row["DSDECOD"])
    copy.rows("DS")[:] = [
        one for one in copy.rows("DS") if one["USUBJID"] != row["USUBJID"] or "CONSENT" not in one["DSDECOD"]
    ]
    return str(row["USUBJID"])


DEFECTS = (
    Defect("term in lower case", "DM", "SEX", "codelist", lambda c: c.change("DM", SEX="f")),
    Defect("country in words", "DM", "COUNTRY", "COUNTRY-FORM", lambda c: c.change("DM", COUNTRY="Germany")),
    Defect("subject twice in DM", "DM", "USUBJID", "subject-once", lambda c: c.repeat("DM")),
    Defect("orphan in SUPPAE", "SUPPAE", "IDVARVAL", "parent", lambda c: c.change("SUPPAE", IDVARVAL="9999")),
    Defect("qualifier twice", "SUPPAE", "RDOMAIN", "key-unique", lambda c: c.repeat("SUPPAE", QVAL="other")),
    Defect("qualifier without value", "SUPPAE", "QVAL", "required-null", lambda c: c.change("SUPPAE", QVAL=None)),
    Defect("qualifier named in lower case", "SUPPDM", "QNAM", "code-form", lambda c: c.change("SUPPDM", QNAM="race1x")),
    Defect(
        "qualifier of another dataset",
        "SUPPCM",
        "RDOMAIN",
        "SUPPLEMENT-OF-ANOTHER-DATASET",
        lambda c: c.change("SUPPCM", RDOMAIN="XX"),
    ),
    Defect("orphan in RELREC", "RELREC", "IDVARVAL", "parent", lambda c: c.change("RELREC", IDVARVAL="9999")),
    Defect(
        "relation of one member", "RELREC", "RELID", "RELATION-ALONE", lambda c: c.change("RELREC", RELID="LONELY1")
    ),
    Defect(
        "arm that is not planned",
        "DM",
        "ARMCD",
        "ARM-CODE-IN-TA",
        lambda c: c.change("DM", filled("ARMCD"), ARMCD="XYZ", ARM="Unknown arm"),
    ),
    Defect(
        "reason for no arm beside an arm",
        "DM",
        "ARMNRS",
        "ARM-REASON-WITH-ARMS",
        lambda c: c.change("DM", filled("ARMCD", "ACTARMCD"), ARMNRS="NOT ASSIGNED"),
    ),
    Defect(
        "reference end before start",
        "DM",
        "RFSTDTC",
        "start-end",
        lambda c: c.change("DM", filled("RFSTDTC", "RFENDTC"), RFENDTC="2001-01-01"),
    ),
    Defect(
        "first exposure not that of EX",
        "DM",
        "RFXSTDTC",
        "EXPOSURE-START-IS-FIRST-DOSE",
        lambda c: c.change("DM", filled("RFXSTDTC"), RFXSTDTC="2012-01-01"),
    ),
    Defect(
        "death flag N",
        "DM",
        "DTHFL",
        "flag",
        lambda c: c.change("DM", lambda r: r["ARMCD"] and not r["DTHFL"], DTHFL="N"),
    ),
    Defect(
        "date of death without flag",
        "DM",
        "DTHFL",
        "filled-with",
        lambda c: c.change("DM", filled("DTHDTC"), DTHFL=None),
    ),
    Defect("negative age", "DM", "AGE", "DM-AGE", lambda c: c.change("DM", AGE=-41)),
    Defect("age without unit", "DM", "AGEU", "AGE-WITHOUT-UNIT", lambda c: c.change("DM", AGEU=None)),
    Defect("gap between elements", "SE", "SEENDTC", "ELEMENTS-GAP", gap_of_elements),
    Defect("element that is not in TE", "SE", "ETCD", "ELEMENT-OF-SUBJECT-IN-TE", lambda c: c.change("SE", ETCD="XX")),
    Defect(
        "visit twice in TV",
        "TV",
        "VISITNUM",
        "key-unique",
        lambda c: c.repeat("TV", TVSTRL="again"),
    ),
    Defect("duration in words", "TE", "TEDUR", "duration", lambda c: c.change("TE", TEDUR="28 days")),
    Defect(
        "parameter of the trial missing",
        "TS",
        "TSPARMCD",
        "TRIAL-SUMMARY-TBLIND",
        lambda c: c.remove("TS", lambda r: r["TSPARMCD"] == "TBLIND"),
    ),
    Defect(
        "start of the study not a date",
        "TS",
        "TSVAL",
        "STUDY-START-DATE",
        lambda c: c.change("TS", lambda r: r["TSPARMCD"] == "SSTDTC", TSVAL="August 2012"),
    ),
    Defect(
        "number of arms not a number",
        "TS",
        "TSVAL",
        "TRIAL-SUMMARY-WHOLE-NUMBERS",
        lambda c: c.change("TS", lambda r: r["TSPARMCD"] == "NARMS", TSVAL="two"),
    ),
    Defect("treated without exposure", "DM", "ACTARMCD", "TREATED-WITHOUT-EXPOSURE", without_exposure),
    Defect("no informed consent", "DM", "USUBJID", "DM-CONSENT-IN-DS", without_consent),
    Defect(
        "disposition not of its list",
        "DS",
        "DSDECOD",
        "codelist-extended",
        lambda c: c.change("DS", lambda r: r["DSCAT"] == "DISPOSITION EVENT", DSDECOD="GONE"),
    ),
)
