"""A small drawn study in SDTM, and what all engines of checks say of it.

`told` is the one place where engines are named.
"""

from dataclasses import replace
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc
from drawn_datasets import draw

from sdtm2adam.model import Severity
from sdtm2adam.validate.examine import read_checks
from sdtm2adam.validate.run import check_dataset
from sdtm2adam.validate.sql.run import run_checks
from sdtm2adam.validate.suites import read_suites

KEYS = {"DM": ("USUBJID",), "EX": ("EXSEQ",), "AE": ("AESEQ",), "LB": ("LBSEQ",), "DS": ("DSSEQ",), "RS": ("RSSEQ",),
        "QS": ("QSSEQ",), "IE": ("IESEQ",), "SV": ("VISITNUM",), "ADSL": ("USUBJID",)}  # fmt: skip

STUDY = {
    "DM": """
    USUBJID RFSTDTC    RFICDTC    BRTHDTC AGE:integer AGEU  SEX ARMCD ARM        ACTARMCD ACTARM     DTHDTC DTHFL
    S-1     2024-01-10 2024-01-02 1970    53          YEARS M   INO   Inotuzumab INO      Inotuzumab .      .
    S-2     2024-01-11 2024-01-03 1980    43          YEARS F   SC    Standard   SC       Standard   .      .
    S-3     .          2024-01-04 1990    33          YEARS F   .     .          .        .          .      .""",
    "EX": """USUBJID EXSEQ:integer EXTRT      EXDOSE:float EXDOSU EXSTDTC    EXENDTC
             S-1     1             Inotuzumab 1.5          mg     2024-01-10 2024-01-10
             S-1     2             Inotuzumab 1.5          mg     2024-01-17 2024-01-17
             S-2     1             Standard   100          mg     2024-01-11 2024-01-17""",
    "AE": """
    USUBJID AESEQ:integer AETERM AEDECOD AESOC AESER AESDTH AESHOSP AETOXGR AEOUT              AESTDTC    AEENDTC
    S-1     1             Nausea Nausea  GI    N     N      N       1       RECOVERED/RESOLVED 2024-01-12 2024-01-13
    S-2     1             Fever  Pyrexia Whole Y     N      Y       3       RECOVERED/RESOLVED 2024-01-14 2024-01-20""",
    "LB": """USUBJID LBSEQ:integer LBTESTCD LBSPEC      LBORRES LBSTRESC LBSTRESN:float LBSTRESU LBDTC
             S-1     1             BLASTLE  BONE_MARROW 60      60       60             %        2024-01-08
             S-1     2             BLASTLE  BONE_MARROW 2       2        2              %        2024-02-08
             S-1     3             NEUT     BLOOD       2       2        2              10^9/L   2024-02-08
             S-1     4             PLAT     BLOOD       150     150      150            10^9/L   2024-02-08
             S-2     1             BLASTLE  BONE_MARROW 70      70       70             %        2024-01-08
             S-2     2             PLAT     BLOOD       150     150      150            10^9/L   2024-02-08""",
    "RS": """USUBJID RSSEQ:integer RSTESTCD RSORRES RSSTRESC RSDTC
             S-1     1             OVRLRESP CR      CR       2024-02-09""",
    "DS": """USUBJID DSSEQ:integer DSTERM                    DSDECOD                   DSCAT              DSSTDTC
             S-1     1             INFORMED_CONSENT_OBTAINED INFORMED_CONSENT_OBTAINED PROTOCOL_MILESTONE 2024-01-02
             S-1     2             RANDOMIZED                RANDOMIZED                PROTOCOL_MILESTONE 2024-01-09
             S-1     3             COMPLETED                 COMPLETED                 DISPOSITION_EVENT  2024-03-01
             S-2     1             INFORMED_CONSENT_OBTAINED INFORMED_CONSENT_OBTAINED PROTOCOL_MILESTONE 2024-01-03
             S-2     2             RANDOMIZED                RANDOMIZED                PROTOCOL_MILESTONE 2024-01-09
             S-2     3             COMPLETED                 COMPLETED                 DISPOSITION_EVENT  2024-03-01
             S-3     1             INFORMED_CONSENT_OBTAINED INFORMED_CONSENT_OBTAINED PROTOCOL_MILESTONE 2024-01-04
             S-3     2             SCREEN_FAILURE            SCREEN_FAILURE            DISPOSITION_EVENT  2024-01-08""",
    "QS": """USUBJID QSSEQ:integer QSTESTCD QSORRES QSSTRESC QSSTRESN:float QSDTC
             S-1     1             ECOG101  1       1        1              2024-01-09
             S-1     2             KPSS0101 80      80       80             2024-01-09""",
    "IE": """USUBJID IESEQ:integer IETESTCD IETEST       IECAT     IEORRES IESTRESC IEDTC
             S-3     1             IN01     CD22_disease INCLUSION N       N        2024-01-05""",
    "SV": """USUBJID VISITNUM:float VISIT         SVSTDTC    SVENDTC
             S-1     0              SCREENING     2024-01-02 2024-01-08
             S-1     1              CYCLE_1_DAY_1 2024-01-10 2024-01-10
             S-2     0              SCREENING     2024-01-03 2024-01-08
             S-2     1              CYCLE_1_DAY_1 2024-01-11 2024-01-11
             S-3     0              SCREENING     2024-01-04 2024-01-08""",
    "ADSL": """USUBJID STRAT1R STRAT1V
               S-1     <12     <12
               S-2     >=12    >=12""",
}  # fmt: skip
"""Two treated subjects and one who failed screening."""


def drawn(**changes):
    """The datasets of the study, with other texts for some: `AE=("1 Nausea", "1 Vomiting")` or a whole table."""
    tables = dict(STUDY)
    for name, (old, new) in changes.items():
        table = "\n".join(" ".join(line.split()) for line in tables[name].splitlines())
        if old not in table:
            raise ValueError(f"{old!r} is not in {name}")
        tables[name] = table.replace(old, new, 1).replace("\n\n", "\n")
    stages = {name: "adam" if name.startswith("AD") else "sdtm" for name in tables}
    return {name: spaced(draw(name, table, keys=KEYS[name], stage=stages[name])) for name, table in tables.items()}


def spaced(dataset):
    """The dataset with blanks for the low lines that hold words together in the tables above."""
    frame = dataset.frame
    for place, field in enumerate(frame.schema):
        if pa.types.is_string(field.type):
            frame = frame.set_column(place, field.name, pc.replace_substring(frame.column(place), "_", " "))
    return replace(dataset, frame=frame)


RULES = ("EXPOSURE-AFTER-DISPOSITION", "EVENT-NOT-CODED", "TREATED-WITHOUT-EXPOSURE")
"""Rules of the pack that tell what no edit check asks; all others are put to whole studies elsewhere."""


@cache
def checks():
    """The edit checks, and these rules."""
    bundled = read_checks()
    return (*bundled.edit_checks, *(rule for rule in bundled.rules if rule.id in RULES))


def told(datasets, names):
    """What all engines of checks tell of some datasets of a study; notes only where an edit check asks the site."""
    suites = read_suites()
    reports = [check_dataset(datasets[name], beside=datasets, suites=suites) for name in names]
    found = [one for report in reports for one in report.issues if one.severity is not Severity.NOTE]
    own = [one for one in checks() if {source.name for source in one.query.sources} & {*names, "DATASET"}]
    return [*found, *run_checks(own, datasets, part=True).issues]


@cache
def told_before():
    """What is told of the study as it is."""
    return frozenset((one.dataset, one.rule, one.variable, one.keys) for one in told(drawn(), sorted(STUDY)))


def new_in(*beside, **changes):
    """What is told of the changed datasets, and of those beside them, that is not told of the study as it is."""
    found = told(drawn(**changes), [*changes, *beside])
    return [one for one in found if (one.dataset, one.rule, one.variable, one.keys) not in told_before()]
