"""The raw exports of the study: the columns of every EDC form and external feed, in file order.

A form is written as `<FORM>.csv`, in UTF-8 unless `_ENCODINGS` says otherwise. Every form row starts with its key
(`KEY`) and ends with the columns of the EDC system (`SYSTEM`). A coded field `X` is followed by `X_STD`: the label as
shown on screen, then its code.
Dates on forms are `DD MON YYYY` with unknown parts `UN`/`UNK`, times `HH:MM`; feeds have the dates named in `FEEDS`.
Codes and labels are in `codes.py`, units in `units.csv`.
"""

from dataclasses import dataclass

KEY = ("SUBJECT", "FOLDER", "FORM", "RECPOS", "RECORDID")
SYSTEM = ("PROJECTID", "SITE", "SITENAME", "FOLDERSEQ", "PAGESEQ", "SAVETS", "LOCKED", "FROZEN", "QUERYCNT")

LB_HEM_TESTS = (
    "WBC", "RBC", "HGB", "HCT", "PLAT", "NEUT", "NEUTP", "LYM", "LYMP", "MONO", "EOS", "BASO", "BLAST", "BLASTP",
)  # fmt: skip
"""The tests of the local haematology form; each has `T`, `T_U` (unit as printed) and `T_ND` (1 if not done)."""

LB_CHEM_TESTS = (
    "ALB", "ALP", "ALT", "AST", "BILI", "BILDIR", "UREA", "CREAT", "CA", "PHOS", "MG", "NA", "K", "CL", "CO2", "GLUC",
    "LDH", "URATE", "GGT", "LIPASE", "AMYLASE", "PROT",
)  # fmt: skip
"""The tests of the local chemistry form, each with its unit and not-done box; LBNDR has the reason."""

LB_COAG_TESTS = ("INR", "PT", "APTT", "FIBRINO", "DDIMER")
"""The tests of the local coagulation form."""

_HEMATOLOGY, _CHEMISTRY, _COAGULATION = (
    " ".join(f"{test} {test}_U {test}_ND" for test in tests) for tests in (LB_HEM_TESTS, LB_CHEM_TESTS, LB_COAG_TESTS)
)

# ruff: noqa: ISC004 - the fields of a form are one text, two lines where they are many
# An asterisk marks a coded field: it is exported as the pair X, X_STD.
_CRF = {
    "ENROL": "ICFDAT ICFVER BRTHYR AGE SEX* RACE1 RACE2 RACE3 RACE4 RACE5 RACE6 ETHNIC* CHILDPOT* PREVSUBJ ENROLDAT",
    "IE": "IETYPE* IECODE IERES* IEDAT ELIG* SFREAS",
    "VISIT": "VISDAT VISYN* VISREAS CONTMODE*",
    "MH": "MHYN* MHTERM MHSTDAT MHENDAT MHONGO* MHGRADE* LIVDIS*",
    "ALLHX": "DXDAT DXFAB* LINEAGE* PHSTAT* CNSHX* EMDHX* DFRDAT REL1DAT DFRCAT* SALV* REFRACT*",
    "PRTX": "REGNO LINE* DRUG STDAT ENDAT BRESP* RELDAT",
    "PRHSCT": "PHYN* PHDAT PHTYPE* DONOR* GRAFT* COND*",
    "CYTOG": "CYDAT CYDONE* KARYO T922* T411* HYPODIP* COMPLEX* BCRABL1*",
    "CD22LOC": "CDDAT CDMETH* CDRES* CDPCT",
    "ECOG": "ECDAT ECOG*",
    "VS": "VSDAT VSTIM VSTPT* TEMP TEMPU TEMPLOC SYSBP DIABP PULSE RESP WEIGHT WEIGHTU HEIGHT HEIGHTU VSND",
    "LB_HEM": f"LBDAT LBTIM LABID SPECTM {_HEMATOLOGY}",
    "BM": "BMDAT BMTYPE* BMQUAL* BMBLAST BMCELL BMLOC",
    "EMD": "EMDAT EMDYN* EMDSITE* EMDRES* CSF*",
    "RESP": "RSDAT RSYN* RESP* RSBM* RSPB* RSEMD* RSANC* RSPLT* RELSITE* RSDRV",
    "EX_INO": "EXYN* EXREAS EXDAT EXSTTIM EXENTIM CYCLE DAY BSA PLANDOSE EXDOSE EXVOL EXVOLU "
    "EXINT* EXADJ* EXADJR EXLOT",
    "EX_FLAG": "EXDAT DAY FLUDOSE FLUU ARADOSE ARAU GCSF* GCSFDOSE GCSFU",
    "EX_MXN": "EXDAT DAY MXNDOSE MXNU ARADOSE ARAU ARASTDAT ARASTTIM ARAENDAT ARAENTIM",
    "EX_HIDAC": "EXDAT EXTIM DOSENO ARADOSE ARAU",
    "CM": "CMYN* CMTRT CMINDC CMDOSE CMDOSU CMFREQ CMROUTE CMSTDAT CMENDAT CMONGO* CMAENO",
    "FUTX": "FTYN* FTTRT FTREG FTSTDAT FTENDAT FTINTENT*",
    "HSCT": "HSDAT HSTYPE* DONOR* GRAFT* COND* CONDAG1 CONDAG2 CONDAG3 CONDAG4 CONDAG5 CONDAG6 HSPRIOR* "
    "ENGANC ENGPLT GVHDPRO",
    "AE": "AEYN* AENO AETERM AESTDAT AESTTIM AEENDAT AEONGO* GRADE* AESER* SDTH SLIFE SHOSP SDISAB SCONG SMIE "
    "AERELINO* AERELSC* AEACN* AEACNOTH AEOUT* AEDLT AESIVOD DELETED",
    "VOD": "VDAENO VDDAT VDBILI VDWTGAIN VDASC* VDHEPMEG* VDRUQ* VDDOP* VDBX* VDDEFIB* VDDEFSTD VDOUT* VDCRIT*",
    "SURV": "SVDAT SVSTAT* SVLASTAL SVSRC",
    "DEATH": "DTHDAT DTHTIM DCAUSE* DCAUSESP AUTOPSY* DTHAENO",
    "EOT": "EOTDAT LASTDOSE EOTRSN* EOTRSNSP NCYC",
    "EOS": "EOSDAT EOSRSN* EOSSP",
}  # fmt: skip

_ITEMS = " ".join(f"Q{number}" for number in range(1, 31))
# Forms and feeds of a later version of the study: record ids follow the order of FORMS, so they come last.
_LATER_CRF = {
    "QLQC30": f"QSDAT QSND QSNDR QSLANG {_ITEMS}",
    "EQ5D": "QSDAT QSND QSNDR QSLANG MOBILITY SELFCARE ACTIVITY PAIN ANXIETY VAS",
    "TRANSF": "TFDAT TFPROD* TFUNITS",
    "DV": "DVTERM DVCAT* DVDAT DVMAJ*",
    "LB_CHEM": f"LBDAT LBTIM LABID SPECTM {_CHEMISTRY} LBNDR",
    "LB_COAG": f"LBDAT LBTIM LABID SPECTM {_COAGULATION} LBNDR",
    "LB_URIN": "LBDAT LBTIM LABID UTEST* URES",
    "LB_SERO": "LBDAT LBTIM LABID HBSAG* HBCAB* HCAB* PREG*",
    "EG": "EGDAT EGTIM EGND EGNDR EGHR EGPR EGQRS EGQT EGQTCF EGINTP* EGFIND",
}

# name: (columns, form of its dates, delimiter)
_FEEDS = {
    "IVRS": ("SUBJ RANDNO RANDDT RANDTM ARMTXT STRAT_DFR STRAT_SALV STRAT_AGE SCCHOICE KITNO", "DDMONYYYY", ";"),
    "CFLOW": (
        "Protocol Patient Accession Visit CollDate RecvDate Specimen Viability TotalEvents BlastPct CD22Pct "
        "CD22MESF CD19Pct CD10Pct Comment",
        "YYYY-MM-DD",
        ",",
    ),
    "MRD": ("USUBJID ACCNO COLDT SPEC MRDPCT MRDEVT LOD LLOQ STATUS", "DDMONYYYY", ","),
    "EAC": ("SUBJ CYCLE ASSESSDT READER1 READER2 ADJUD FINAL FINALDT COMMENT", "YYYY-MM-DD", ","),
    "CODING": ("FORM RECORDID TERM LLT PT HLT HLGT SOC VER DRUG PREF ATC", "", ","),
    "SITES": ("SITEID SITENAME COUNTRY INVID INVNAM", "", ","),
}  # fmt: skip

_LATER_FEEDS = {
    "PK": ("SUBJ NOMTIME ACTDTM CONC UNIT LLOQ FLAG", "YYYY-MM-DD", ","),
    "QUERIES": ("SUBJECT FORM RECORDID FIELD TEXT STATUS", "", ","),
    "ECG": ("SUBJID VISIT ECGDTM REP HR PR QRS QT QTCF RR INTERP", "MM/DD/YYYY", ","),
    "LABRANGES": ("LABID TEST SEX AGELO AGEHI UNIT LO HI EFFDT", "YYYY-MM-DD", ";"),
}
_ENCODINGS = {"LABRANGES": "cp1252"}

SUBJECT_COLUMN = {
    "IVRS": "SUBJ", "CFLOW": "Patient", "MRD": "USUBJID", "EAC": "SUBJ", "PK": "SUBJ", "QUERIES": "SUBJECT",
    "ECG": "SUBJID",
}  # fmt: skip
"""The column that names the subject in a feed; forms have SUBJECT; CODING, SITES and LABRANGES name none."""


@dataclass(frozen=True, slots=True)
class Form:
    """One raw export.

    `columns` are in file order; `coded` are the fields exported as a pair with `X_STD`. `dates` is the form of its
    dates, `delimiter` separates the columns of its CSV file, `encoding` is that of its CSV file.
    """

    name: str
    kind: str
    columns: tuple[str, ...]
    coded: tuple[str, ...] = ()
    dates: str = "DD MON YYYY"
    delimiter: str = ","
    encoding: str = "utf-8"

    @property
    def file(self) -> str:
        """The name of its CSV file."""
        return f"{self.name}.csv"


def _form(name: str, fields: str) -> Form:
    """A CRF form from its fields: key columns first, code pairs spelled out, system columns last."""
    columns: list[str] = []
    for field in fields.split():
        columns += [field[:-1], f"{field[:-1]}_STD"] if field.endswith("*") else [field]
    coded = tuple(field[:-1] for field in fields.split() if field.endswith("*"))
    return Form(name, "form", (*KEY, *columns, *SYSTEM), coded)


def _forms(fields: dict[str, str]) -> dict[str, Form]:
    return {name: _form(name, each) for name, each in fields.items()}


def _feeds(shapes: dict[str, tuple[str, str, str]]) -> dict[str, Form]:
    return {
        name: Form(name, "transfer", tuple(columns.split()), (), dates, delimiter, _ENCODINGS.get(name, "utf-8"))
        for name, (columns, dates, delimiter) in shapes.items()
    }


FORMS: dict[str, Form] = _forms(_CRF) | _feeds(_FEEDS) | _forms(_LATER_CRF) | _feeds(_LATER_FEEDS)
"""Every raw export by name: forms and feeds in the order in which the study got them. A new one is added at the end."""
