"""Defects of parameters, results and times in ADaM, each with the rule under which it must be told."""

import datetime as dt

from planted_defects import Defect, Planted, Row, filled

YEAR = dt.timedelta(days=365)


def baseline(row: Row) -> bool:
    return row["ABLFL"] == "Y" and row["AVAL"] is not None and row["ANL01FL"] == "Y"


def after(row: Row) -> bool:
    return row["ABLFL"] is None and row["CHG"] not in (None, 0) and row["PCHG"] is not None


def second_baseline(copy: Planted) -> str:
    row = copy.find("ADLB", baseline)
    other = next(
        one
        for one in copy.rows("ADLB")
        if one["USUBJID"] == row["USUBJID"] and one["PARAMCD"] == row["PARAMCD"] and one is not row
    )
    other["ABLFL"] = "Y"
    return str(row["USUBJID"])


def dead_but_censored(copy: Planted) -> str:
    dead = {row["USUBJID"] for row in copy.rows("ADSL") if row["DTHDT"]}
    return copy.change("ADTTE", lambda r: r["PARAMCD"] == "OS" and r["USUBJID"] in dead and r["CNSR"] == 0, CNSR=1)


def event(row: Row) -> bool:
    return row["CNSR"] == 0


DEFECTS = (
    Defect("copy of ADSL that differs", "ADLB", "ITTFL", "ADSL-COPY", lambda c: c.change("ADLB", ITTFL="N")),
    Defect("treatment of another arm", "ADLB", "TRT01P", "one-to-one", lambda c: c.change("ADLB", TRT01P="Placebo")),
    Defect(
        "analysis day one too many",
        "ADLB",
        "ADY",
        "study-day",
        lambda c: c.change("ADLB", lambda r: r["ADY"] is not None and r["ADY"] > 3, ADY=lambda r: r["ADY"] + 1),
    ),
    Defect(
        "two names of a parameter",
        "ADLB",
        "PARAMCD",
        "one-to-one",
        lambda c: c.change("ADLB", lambda r: r["PARAMCD"] == "ALB", PARAM="Albumen (g/L)"),
    ),
    Defect("parameter code in lower case", "ADEG", "PARAMCD", "code-form", lambda c: c.change("ADEG", PARAMCD="hr-1")),
    Defect("parameter without code", "ADLB", "PARAMCD", "required-null", lambda c: c.change("ADLB", PARAMCD=None)),
    Defect(
        "baseline not that flagged",
        "ADLB",
        "BASE",
        "baseline-value",
        lambda c: c.change("ADLB", baseline, BASE=lambda r: r["AVAL"] + 5),
    ),
    Defect(
        "baseline that changes",
        "ADLB",
        "BASE",
        "one-value",
        lambda c: c.change("ADLB", after, BASE=lambda r: r["BASE"] + 2),
    ),
    Defect("change from baseline", "ADLB", "CHG", "change", lambda c: c.change("ADLB", after, CHG=lambda r: -r["CHG"])),
    Defect(
        "percent change from baseline",
        "ADLB",
        "PCHG",
        "percent-change",
        lambda c: c.change("ADLB", after, PCHG=lambda r: r["PCHG"] / 100),
    ),
    Defect("two baselines", "ADLB", "ABLFL", "flag-once", second_baseline),
    Defect("baseline flag N", "ADEG", "ABLFL", "flag", lambda c: c.change("ADEG", ABLFL="N")),
    Defect(
        "number of a visit",
        "ADLB",
        "AVISIT",
        "one-to-one",
        lambda c: c.change("ADLB", filled("AVISITN"), AVISITN=555.0),
    ),
    Defect("analysis flag N", "ADLB", "ANL01FL", "flag", lambda c: c.change("ADLB", ANL01FL="N")),
    Defect(
        "indicator against the limits",
        "ADLB",
        "ANRIND",
        "RANGE-INDICATOR-AGREES",
        lambda c: c.change("ADLB", lambda r: r["ANRIND"] == "LOW", ANRIND="HIGH"),
    ),
    Defect(
        "text not that of the number",
        "ADLB",
        "AVALC",
        "AVAL-ONE-AVALC",
        lambda c: c.change("ADLB", lambda r: r["AVALC"] and r["AVALC"] == str(int(r["AVAL"] or 0)), AVALC="99999"),
    ),
    Defect(
        "laboratory record of no LB record",
        "ADLB",
        "LBSEQ",
        "SDTM-RECORD-UNKNOWN",
        lambda c: c.change("ADLB", filled("LBSEQ"), LBSEQ=99999),
    ),
    Defect(
        "value that is not a number",
        "ADEG",
        "AVAL",
        "finite",
        lambda c: c.change("ADEG", filled("AVAL"), AVAL=float("inf")),
    ),
    Defect("censoring negative", "ADTTE", "CNSR", "range", lambda c: c.change("ADTTE", CNSR=-1)),
    Defect("censoring missing", "ADTTE", "CNSR", "filled-with", lambda c: c.change("ADTTE", CNSR=None)),
    Defect(
        "event that leads to no record",
        "ADTTE",
        "SRCSEQ",
        "SOURCE-RECORD-UNKNOWN",
        lambda c: c.change("ADTTE", filled("SRCSEQ"), SRCSEQ=9999),
    ),
    Defect(
        "event without source",
        "ADTTE",
        "SRCDOM",
        "filled-with",
        lambda c: c.change("ADTTE", event, SRCDOM=None, SRCVAR=None, SRCSEQ=None),
    ),
    Defect(
        "time before its start",
        "ADTTE",
        "STARTDT",
        "start-end",
        lambda c: c.change("ADTTE", ADT=lambda r: r["STARTDT"] - YEAR),
    ),
    Defect(
        "time that is not the difference",
        "ADTTE",
        "AVAL",
        "days-between",
        lambda c: c.change("ADTTE", AVAL=lambda r: r["AVAL"] + 1),
    ),
    Defect("parameter twice for a subject", "ADTTE", "USUBJID", "key-unique", lambda c: c.repeat("ADTTE")),
    Defect("dead but censored", "ADTTE", "CNSR", "SURVIVAL-CENSORED-AFTER-DEATH", dead_but_censored),
    Defect(
        "reason for censoring of an event",
        "ADTTE",
        "CNSDTDSC",
        "missing-with",
        lambda c: c.change("ADTTE", event, CNSDTDSC="Lost"),
    ),
    Defect("no description", "ADTTE", "EVNTDESC", "filled-with", lambda c: c.change("ADTTE", EVNTDESC=None)),
    Defect(
        "response that is not of the list",
        "ADRS",
        "AVALC",
        "AVAL-ONE-AVALC",
        lambda c: c.change("ADRS", lambda r: r["PARAMCD"] == "CRCRIINV", AVALC="PERHAPS"),
    ),
    Defect(
        "number of another response",
        "ADRS",
        "AVAL",
        "AVALC-ONE-AVAL",
        lambda c: c.change("ADRS", lambda r: r["PARAMCD"] == "CRCRIINV", AVAL=7),
    ),
    Defect("201 bytes", "ADRS", "PARAM", "text-length", lambda c: c.change("ADRS", PARAM="x" * 201)),
    Defect(
        "label not that of the standard",
        "ADTTE",
        "CNSR",
        "ADAM-LABEL-STANDARD",
        lambda c: c.describe("ADTTE", "CNSR", label="Censored?"),
    ),
    Defect(
        "other label in another dataset",
        "ADLB",
        "SAFFL",
        "label-differs",
        lambda c: c.describe("ADLB", "SAFFL", label="Safety Flag"),
    ),
)
