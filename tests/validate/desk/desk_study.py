"""A small study in which it is known what is wrong: ten sites, a death told on two days, raw forms out of order."""

import json

import pyarrow as pa
from drawn_datasets import draw
from lxml import html

from sdtm2adam.model import Acceptance, Dataset, Finding, Severity, State, Variable
from sdtm2adam.validate.desk import About, Cut
from sdtm2adam.validate.run import LookedAt

MARKUP = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"
HOSTILE = f"{MARKUP}\u202eevil\x00\x07 & \"quoted\" 'text' \u2028{{{{ 7*7 }}}}"

SIZES = {"101": 1, "102": 20, "103": 12, "104": 15, **{str(site): 8 for site in range(105, 111)}}
"""Subjects by site."""
FOUND = {"101": 3, "102": 40, "103": 22, "104": 24, **dict.fromkeys(map(str, range(105, 111)), 2)}
"""Warnings by site; that of one subject of 101 is chance."""
SUBJECTS = [f"ST-{site}-{number:03}" for site, size in SIZES.items() for number in range(1, size + 1)]
DEAD = "ST-102-003"
ABOUT = About("ST", "A study that was drawn", ("DRAFT", "SYNTHETIC"), "2020-06-30", ("3 rules ran.",), 2)
CUTS = (Cut("2020-01-31", 4, 120, 3, 127, 0), Cut("2020-06-30", 1, 101, 2, 5, 28))


def short(subject):
    return subject.removeprefix("ST-")


def table(name, columns, *, stage="sdtm", lineage=None, labels=None):
    """A dataset from columns."""
    variables = tuple(Variable(one, (labels or {}).get(one, f"Label of {one}"), "text") for one in columns)
    frame = pa.table({one: pa.array(values) for one, values in columns.items()})
    links = pa.table({"row": pa.array(range(frame.num_rows), pa.int64()), **(lineage or {})})
    return Dataset(name, f"Dataset {name}", stage, "", "", (), variables, frame, links)


def dataset_of_frame(name, frame):
    """A dataset of a table, with nothing said of it."""
    variables = tuple(Variable(one, "", "text") for one in frame.column_names)
    return Dataset(name, "", "sdtm", "", "", (), variables, frame, pa.table({}))


def from_raw(form, places, count):
    """Lineage of records that come from the raw records of one form."""
    return {"source": pa.array([f"raw.{form}"] * count), "source_row": pa.array(places, pa.int64())}


OTHERS = {
    "DD": """
        USUBJID    DDSEQ:integer DDTEST         DDORRES   DDDTC
        ST-102-003 1             Cause_of_death Infection 2020-03-05
    """,
    "EX": """
        USUBJID    EXSEQ:integer EXTRT EXDOSE:float EXDOSU EXSTDTC    EXENDTC
        ST-102-003 1             DRUG  1.8          mg     2020-01-10 2020-01-10
    """,
    "DS": """
        USUBJID    DSSEQ:integer DSTERM DSDECOD DSCAT DSSTDTC
        ST-102-003 1             Dead   DEATH   EVENT 2020-03-07
    """,
    "RS": """
        USUBJID    RSSEQ:integer RSTESTCD RSTEST             RSSTRESC RSEVAL RSDTC
        ST-102-003 1             OVRLRESP Overall_Response   CR       X      2020-02-01
        ST-102-003 2             ECOG101  Performance_Status 1        X      2020-02-01
    """,
    "PR": """
        USUBJID    PRSEQ:integer PRTRT                PRCAT PRSTDTC
        ST-102-003 1             STEM_CELL_TRANSPLANT X     2020-02-20
        ST-102-003 2             BIOPSY               X     2020-02-20
    """,
    "LB": """
    USUBJID LBSEQ:integer LBTESTCD LBTEST LBSPEC LBSTRESC LBSTRESN:float LBSTRESU LBSTNRLO:float LBSTNRHI:float LBDTC
        ST-102-003 1 PLAT Platelets BLOOD 40 40 10^9/L 150 400 2020-01-11
        ST-102-003 2 PLAT Platelets BLOOD <5 . 10^9/L 150 400 2020-01-18
        ST-102-003 3 PLAT Platelets BLOOD 90 90 10^9/L 150 400 2103-01-25
        ST-102-003 4 NA Sodium SERUM 140 140 mmol/L 135 145 2020-01-11
        """,
}


def study():
    """DM, AE, DD, EX, LB, RS, PR, DS of the study."""
    sites = [subject.split("-")[1] for subject in SUBJECTS]
    count = len(SUBJECTS)
    dead = [subject == DEAD for subject in SUBJECTS]
    dm = table(
        "DM",
        {
            "USUBJID": SUBJECTS,
            "SUBJID": [short(one) for one in SUBJECTS],
            "SITEID": sites,
            "AGE": [40.0 + at % 30 for at in range(count)],
            "RFSTDTC": ["2020-01-10"] * count,
            "DTHDTC": ["2020-03-05" if one else None for one in dead],
            "DTHFL": ["Y" if one else None for one in dead],
        },
    )
    ae = draw(
        "AE",
        """
        USUBJID    AESEQ:integer AETERM AEDECOD  AETOXGR AESER AESTDTC    AEENDTC    AEENRTPT
        ST-102-003 1             fever  Pyrexia  2       N     2020-01-12 2020-01-15 .
        ST-102-003 2             sepsis Sepsis   5       Y     2020-02    .          .
        ST-103-001 1             rash   Rash     1       N     .          .          ONGOING
        ST-103-001 2             cough  Cough    1       N     2020-01-20 .          ONGOING
        """,
    )
    links = {"row": pa.array(range(4)), **from_raw("AE", [0, 1, 3, 2], 4)}
    ae = Dataset(**{**{name: getattr(ae, name) for name in ae.__slots__}, "lineage": pa.table(links)})
    return {"DM": dm, "AE": ae, **{name: draw(name, drawn) for name, drawn in OTHERS.items()}}


def raw():
    """Raw forms in the order of their files, which is not that of their keys."""
    return {
        "AE": texts(
            "SUBJECT  RECORDID AETERM AESTDAT",
            "103-001  12       cough  20_JAN_2020",
            "103-001  100      rash   .",
            "102-003  9        sepsis UN_FEB_2020",
            "102-003  7        fever  12_JAN_2020",
        ),
        "DEATH": texts("SUBJECT RECORDID DTHDAT DCAUSE", "102-004 76 . .", "102-003 77 05_MAR_2020 Infection"),
        "SURV": texts(
            "SUBJECT RECORDID SVDAT SVSTAT SVSRC",
            "102-003 86 01_FEB_2020 Alive .",
            "102-003 88 07_MAR_2020 Dead .",
            "105-001 89 07_MAR_2020 Alive .",
        ),
    }


RAW_KEYS = {"raw.AE": pa.table({"row": [0, 1, 2, 3], "RECORDID": [7, 9, 12, 100]})}


def texts(head, *rows):
    """A raw form from aligned texts."""
    values = [[None if word == "." else word.replace("_", " ") for word in row.split()] for row in rows]
    return pa.table({name: pa.array([row[at] for row in values], pa.string()) for at, name in enumerate(head.split())})


def warnings():
    """Warnings spread over the subjects of each site."""
    for site, number in FOUND.items():
        people = [subject for subject in SUBJECTS if subject.split("-")[1] == site]
        for at in range(number):
            subject = people[at % len(people)]
            yield Finding(
                f"w{site}{at:03}", "VISIT-WINDOW", Severity.WARNING, "VS", "VSDTC", f"USUBJID={subject}, VSSEQ={at}",
                "2020-02-30", "A visit lies in its window.", subject=subject, site=site, state=State.OPEN,
            )  # fmt: skip


CONFLICT = Finding(
    "d000001", "DEATH-DATE-CONFLICT", Severity.ERROR, "DM", "DTHDTC", f"USUBJID={DEAD}", "2020-03-05",
    "The death form and the survival form give the same day of death.",
    "The death form says 05 MAR 2020, the survival form 07 MAR 2020. Please check both.",
    DEAD, "102", "validation/edit_checks/death.yaml", ("DEATH RECORDID=77", "SURV RECORDID=88"), State.NEW,
)  # fmt: skip
ACCEPTED = Finding(
    "a000001", "AE-NO-START", Severity.NOTE, "AE", "AESTDTC", "USUBJID=ST-103-001, AESEQ=1", "",
    "An event has a start.", subject="ST-103-001", site="103", state=State.ACCEPTED,
    accepted=Acceptance("A. Manager", "2020-05-01", "Not known."),
)  # fmt: skip
CHANGED = Finding(
    "c000001", "AE-GRADE-5", Severity.WARNING, "AE", "AETOXGR", "USUBJID=ST-102-003, AESEQ=2", "5", "Grade 5 is fatal.",
    state=State.CHANGED, before="4",
)  # fmt: skip
WHOLE = Finding("s000001", "codelist", Severity.NOTE, "AE", "AEREL", "", "", "AEREL is expected.", state=State.RESOLVED)


def findings():
    return [*warnings(), CONFLICT, ACCEPTED, CHANGED, WHOLE]


def looked_at():
    return [LookedAt("AE", 4, 9, 30, 2, 1), LookedAt("DM", len(SUBJECTS), 7, 20), LookedAt("XX", 0, 0, 0, 3)]


def parts_of(page):
    """The data of a page by name."""
    tree = html.document_fromstring(page.decode())
    return {
        one.get("id").removeprefix("data-"): json.loads(one.text)
        for one in tree.iter("script")
        if one.get("type") == "application/json"
    }


def rows_of(data):
    """The rows of a slice as dicts; None where there is no value."""

    def read(texts, codes, row):
        if codes is None:
            return texts[row]
        code = codes if isinstance(codes, int) else codes[row]
        return texts[code - 1] if code else None

    return [{name: read(pool, codes, row) for name, _, pool, codes in data["columns"]} for row in range(data["size"])]
