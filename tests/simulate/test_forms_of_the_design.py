"""Every form and feed of the design is exported with its columns, and its contract speaks of each of them.

The lists are typed from the design of the raw data. Chemistry, coagulation, urine, serology, ECG and the ranges of
the laboratories are not listed.
"""

import fnmatch
import re
from pathlib import Path

import pytest
import yaml

from sdtm2adam.resources import shelf
from sdtm2adam.simulate import FORMS
from sdtm2adam.simulate.forms import KEY, SYSTEM
from sdtm2adam.simulate.vendor_files import FILES

# ruff: noqa: E501 - a form is one line
FORMS_OF_THE_DESIGN = {
    "ENROL": "ICFDAT ICFVER BRTHYR AGE SEX RACE1 RACE2 RACE3 RACE4 RACE5 RACE6 ETHNIC CHILDPOT PREVSUBJ ENROLDAT",
    "IE": "IETYPE IECODE IERES IEDAT ELIG SFREAS",
    "VISIT": "VISDAT VISYN VISREAS CONTMODE",
    "MH": "MHYN MHTERM MHSTDAT MHENDAT MHONGO MHGRADE LIVDIS",
    "ALLHX": "DXDAT DXFAB LINEAGE PHSTAT CNSHX EMDHX DFRDAT REL1DAT DFRCAT SALV REFRACT",
    "PRTX": "REGNO LINE DRUG STDAT ENDAT BRESP RELDAT",
    "PRHSCT": "PHYN PHDAT PHTYPE DONOR GRAFT COND",
    "CYTOG": "CYDAT CYDONE KARYO T922 T411 HYPODIP COMPLEX BCRABL1",
    "CD22LOC": "CDDAT CDMETH CDRES CDPCT",
    "ECOG": "ECDAT ECOG",
    "VS": "VSDAT VSTIM VSTPT TEMP TEMPU TEMPLOC SYSBP DIABP PULSE RESP WEIGHT WEIGHTU HEIGHT HEIGHTU VSND",
    "LB_HEM": "LBDAT LBTIM LABID SPECTM " + " ".join(
        f"{test} {test}_U {test}_ND" for test in ["WBC", "RBC", "HGB", "HCT", "PLAT", "NEUT", "NEUTP", "LYM", "LYMP", "MONO", "EOS", "BASO", "BLAST", "BLASTP"]
    ),
    "BM": "BMDAT BMTYPE BMQUAL BMBLAST BMCELL BMLOC",
    "EMD": "EMDAT EMDYN EMDSITE EMDRES CSF",
    "RESP": "RSDAT RSYN RESP RSBM RSPB RSEMD RSANC RSPLT RELSITE RSDRV",
    "QLQC30": "QSDAT QSND QSLANG " + " ".join(f"Q{number}" for number in range(1, 31)),
    "EQ5D": "QSDAT QSND QSLANG MOBILITY SELFCARE ACTIVITY PAIN ANXIETY VAS",
    "EX_INO": "EXYN EXREAS EXDAT EXSTTIM EXENTIM CYCLE DAY BSA PLANDOSE EXDOSE EXVOL EXVOLU EXINT EXADJ EXADJR EXLOT",
    "EX_FLAG": "EXDAT DAY FLUDOSE FLUU ARADOSE ARAU GCSF GCSFDOSE GCSFU",
    "EX_MXN": "EXDAT DAY MXNDOSE MXNU ARADOSE ARAU ARASTDAT ARASTTIM ARAENDAT ARAENTIM",
    "EX_HIDAC": "EXDAT EXTIM DOSENO ARADOSE ARAU",
    "CM": "CMYN CMTRT CMINDC CMDOSE CMDOSU CMFREQ CMROUTE CMSTDAT CMENDAT CMONGO CMAENO",
    "TRANSF": "TFDAT TFPROD TFUNITS",
    "FUTX": "FTYN FTTRT FTREG FTSTDAT FTENDAT FTINTENT",
    "HSCT": "HSDAT HSTYPE DONOR GRAFT COND CONDAG1 CONDAG2 CONDAG3 CONDAG4 CONDAG5 CONDAG6 HSPRIOR ENGANC ENGPLT GVHDPRO",
    "AE": "AEYN AENO AETERM AESTDAT AESTTIM AEENDAT AEONGO GRADE AESER SDTH SLIFE SHOSP SDISAB SCONG SMIE AERELINO AERELSC AEACN AEACNOTH AEOUT AEDLT AESIVOD",
    "VOD": "VDAENO VDDAT VDBILI VDWTGAIN VDASC VDHEPMEG VDRUQ VDDOP VDBX VDDEFIB VDDEFSTD VDOUT VDCRIT",
    "SURV": "SVDAT SVSTAT SVLASTAL SVSRC",
    "DEATH": "DTHDAT DTHTIM DCAUSE DCAUSESP AUTOPSY DTHAENO",
    "EOT": "EOTDAT LASTDOSE EOTRSN EOTRSNSP NCYC",
    "EOS": "EOSDAT EOSRSN EOSSP",
    "DV": "DVTERM DVCAT DVDAT DVMAJ",
    "EG": "EGDAT EGTIM EGND EGHR EGPR EGQRS EGQT EGQTCF EGINTP EGFIND",
    "LB_CHEM": "LBDAT LBTIM LABID " + " ".join(
        f"{test} {test}_U {test}_ND"
        for test in ["ALB", "ALP", "ALT", "AST", "BILI", "BILDIR", "UREA", "CREAT", "CA", "PHOS", "MG", "NA", "K", "CL", "CO2", "GLUC", "LDH", "URATE", "GGT", "LIPASE", "AMYLASE", "PROT"]
    ),
    "LB_COAG": "LBDAT LBTIM LABID " + " ".join(f"{test} {test}_U {test}_ND" for test in ["INR", "PT", "APTT", "FIBRINO", "DDIMER"]),
    "LB_URIN": "LBDAT LBTIM LABID UTEST URES",
    "LB_SERO": "LBDAT LBTIM LABID HBSAG HBCAB HCAB PREG",
}  # fmt: skip
FEEDS_OF_THE_DESIGN = {
    "IVRS": "SUBJ RANDNO RANDDT RANDTM ARMTXT STRAT_DFR STRAT_SALV STRAT_AGE SCCHOICE KITNO",
    "CFLOW": "Protocol Patient Accession Visit CollDate RecvDate Specimen Viability TotalEvents BlastPct CD22Pct CD22MESF CD19Pct CD10Pct Comment",
    "MRD": "USUBJID ACCNO COLDT SPEC MRDPCT MRDEVT LOD LLOQ STATUS",
    "EAC": "SUBJ CYCLE ASSESSDT READER1 READER2 ADJUD FINAL FINALDT COMMENT",
    "PK": "SUBJ NOMTIME ACTDTM CONC UNIT LLOQ FLAG",
    "CODING": "FORM RECORDID TERM LLT PT HLT HLGT SOC VER DRUG PREF ATC",
    "SITES": "SITEID COUNTRY INVNAM",
    "QUERIES": "FORM RECORDID FIELD TEXT STATUS",
    "ECG": "SUBJID VISIT ECGDTM REP HR PR QRS QT QTCF RR INTERP",
    "LABRANGES": "LABID TEST SEX AGELO AGEHI UNIT LO HI EFFDT",
}
ALL = {**FORMS_OF_THE_DESIGN, **FEEDS_OF_THE_DESIGN}
FIRST = (
    "ENROL IE VISIT MH ALLHX PRTX PRHSCT CYTOG CD22LOC ECOG VS LB_HEM BM EMD RESP EX_INO EX_FLAG EX_MXN EX_HIDAC CM "
    "FUTX HSCT AE VOD SURV DEATH EOT EOS IVRS CFLOW MRD EAC CODING SITES"
)
"""The forms and feeds that were there first, in the order that makes their record ids."""
SPECS = shelf("specs") / "inovate"


def contract(name: str) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = yaml.safe_load((SPECS / "raw" / f"{name}.yaml").read_text(encoding="utf-8"))
    return found


def housekeeping() -> list[str]:
    text = (SPECS / "study.yaml").read_text(encoding="utf-8")
    return list(yaml.safe_load(re.search(r"housekeeping: (\[.*?\])", text, re.DOTALL)[1]))  # type: ignore[index]


def test_all_37_forms_and_10_feeds_of_the_design_are_here() -> None:
    assert (len(FORMS_OF_THE_DESIGN), len(FEEDS_OF_THE_DESIGN)) == (37, 10)
    assert set(FORMS) == set(ALL)


@pytest.mark.parametrize("name", ALL)
def test_a_form_of_the_design_is_exported_with_its_columns(name: str) -> None:
    assert set(ALL[name].split()) <= set(FORMS[name].columns)
    assert FORMS[name].kind == ("form" if name in FORMS_OF_THE_DESIGN else "transfer")
    if FORMS[name].kind == "form":
        assert FORMS[name].columns[: len(KEY)] == KEY
        assert FORMS[name].columns[-len(SYSTEM) :] == SYSTEM


@pytest.mark.parametrize("name", ALL)
def test_a_coded_field_is_followed_by_its_code(name: str) -> None:
    columns = FORMS[name].columns
    assert all(columns[columns.index(field) + 1] == f"{field}_STD" for field in FORMS[name].coded)


@pytest.mark.parametrize("name", ALL)
def test_each_column_is_in_the_contract_or_declared_not_submitted(name: str) -> None:
    said = contract(name)
    assert str(said["file"]) == FILES.get(name, FORMS[name].file)
    known = {*said["columns"], *said.get("not_submitted", {})}
    unsaid = [column for column in FORMS[name].columns if column not in known]
    assert [c for c in unsaid if not any(fnmatch.fnmatchcase(c, each) for each in housekeeping())] == []


@pytest.mark.parametrize("name", ALL)
def test_each_column_of_a_contract_is_named_in_a_spec_or_not_submitted(name: str) -> None:
    """By its name in the specs that read the form: a rough look, that no column was forgotten."""
    said = contract(name)
    texts = [path.read_text(encoding="utf-8") for path in sorted((SPECS / "sdtm").glob("*.yaml"))]
    readers = "\n".join(text for text in texts if re.search(rf"raw\.{name}\b", text)) + _of_every_form()
    declared = {*said.get("not_submitted", {}), *said.get("key", []), "SUBJECT", said.get("subject")}
    forgotten = [c for c in said["columns"] if c not in declared and not re.search(rf"\b{c}\b", readers)]
    assert forgotten == []


def _of_every_form() -> str:
    return Path(SPECS / "study.yaml").read_text(encoding="utf-8")


def test_forms_that_came_later_stand_last_so_that_record_ids_stay() -> None:
    assert list(FORMS)[: len(FIRST.split())] == FIRST.split()
