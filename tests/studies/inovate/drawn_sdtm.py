"""SDTM of subjects with dense random histories: much happens on the same day, dates are partial, nothing is likely.

No rule of the simulated trial holds here: a remission may follow a relapse, therapy may come before it, a transplant
on its day. With `errors`, deaths lie before other records, and dates are missing.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
from second_responses import RANK

STUDY = "INO-SIM-1022"
FIRST, CUTOFF = date(2013, 11, 20), date(2016, 3, 8)
SPAN = 120
"""Days from randomisation in which nearly everything happens."""
COLUMNS = {
    "DM": "SUBJID SITEID COUNTRY SEX RACE ETHNIC AGEU ARM ARMCD ACTARM DTHDTC DTHFL "
    "STRATDFR STRATSLV STRATAGE DFRCAT SALV SCCHOICE",
    "DS": "DSTERM DSDECOD DSCAT DSSCAT DSSTDTC LASTDOSE", "EX": "EXTRT EXSTDTC EXENDTC VISIT EXCYCLE",
    "RS": "RSTESTCD RSSTRESC RSEVAL RSEVALID RSDTC VISIT", "CM": "CMCAT CMSCAT CMTRT CMGRPID CMSPID CMSTDTC CMINTENT",
    "PR": "PRCAT PRSTDTC PRSPID", "SS": "SSSTRESC SSDTC SSLASTAL",
    "AE": "AETERM AEDECOD AEBODSYS AESTDTC AEENDTC AETOXGR AEREL AEOUT AESER AESDTH AEACN AESPID AESIVOD",
    "LB": "LBTESTCD LBDTC", "VS": "VSTESTCD VSDTC", "CP": "CPTESTCD CPNAM CPSTRESC CPREASND CPDTC",
    "FA": "FATESTCD FASTRESC FAORRES", "DD": "DDTESTCD DDSTRESC",
}  # fmt: skip
NUMBERS = {"DM": "AGE", "EX": "EXDOSE", "RS": "VISITNUM", "LB": "LBSTRESN", "VS": "VSSTRESN", "CP": "CPSTRESN"}
TERMS = {
    "Venoocclusive liver disease": "Hepatobiliary disorders", "Pyrexia": "General disorders",
    "Sepsis": "Infections and infestations", "Anaemia": "Blood disorders",
}  # fmt: skip


@dataclass
class Draw:
    """Draws the records of a trial, one subject after the other."""

    rng: np.random.Generator
    errors: bool
    made: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {name: [] for name in COLUMNS})

    def one(self, *values: Any) -> Any:
        return values[self.rng.integers(len(values))]

    def happens(self, share: float) -> bool:
        return bool(self.rng.random() < share)

    def day(self, start: date, least: int = 0, most: int = SPAN) -> date:
        """A day after another one; small steps, so that days meet."""
        return start + timedelta(days=int(self.rng.integers(least, most + 1)) // 3 * 3)

    def text(self, day: date, partial: float = 0.0) -> str:
        """ISO 8601, at times with a time, cut short where partial."""
        if self.errors and self.happens(0.03):
            return ""
        if self.happens(partial):
            return day.isoformat()[: self.one(7, 7, 4)]
        return day.isoformat() + self.one("", "", "T09:30")

    def add(self, dataset: str, who: str, **values: Any) -> None:
        self.made[dataset].append({"USUBJID": who, **values})


def draw_sdtm(seed: int, subjects: int = 120, *, errors: bool = False) -> dict[str, pd.DataFrame]:
    """SDTM datasets by name; qualifiers of supplements are columns."""
    draw = Draw(np.random.default_rng(seed), errors)
    for number in range(1, subjects + 1):
        _subject(draw, f"{STUDY}-{1001 + number // 20}-{number:04d}")
    return {name: _frame(name, rows, draw.rng) for name, rows in draw.made.items()}


def _subject(draw: Draw, who: str) -> None:
    start = draw.day(FIRST, 0, 60)
    treated = draw.happens(0.9)
    death = draw.day(start, 30, 2 * SPAN) if draw.happens(0.5) else None
    until = start + timedelta(days=SPAN) if draw.errors or death is None else min(death, start + timedelta(days=SPAN))
    _entry(draw, who, start, treated, death)
    _exposure(draw, who, start, treated, until)
    _responses(draw, who, start, until)
    _therapies(draw, who, start, until)
    _events(draw, who, start, until)
    _ending(draw, who, start, until, death)


def _entry(draw: Draw, who: str, start: date, treated: bool, death: date | None) -> None:
    ino = draw.happens(0.5)
    arm = "Inotuzumab Ozogamicin" if ino else "Standard of Care"
    age = int(draw.rng.integers(18, 80))
    long, lines = draw.one("<12 months", ">=12 months"), draw.one("Salvage 1", "Salvage 2")
    draw.add(
        "DM", who, SUBJID=who[13:], SITEID=who[13:17], COUNTRY=draw.one("USA", "JPN", "FRA", "ZAF"),
        AGE=age, AGEU="YEARS", SEX=draw.one("M", "F"), RACE="WHITE", ETHNIC="NOT REPORTED", ARM=arm,
        ARMCD="INO" if ino else "SC", ACTARM=arm if treated else "", DTHDTC=draw.text(death, 0.2) if death else "",
        STRATDFR=long, STRATSLV=lines, STRATAGE="<55" if age < 55 else ">=55", DFRCAT=long, SALV=lines,
        SCCHOICE=draw.one("FLAG", "Ara-C+MXN", "HiDAC"),
    )  # fmt: skip
    draw.made["DM"][-1]["DTHFL"] = "Y" if draw.made["DM"][-1]["DTHDTC"] else ""
    draw.add(
        "DS",
        who,
        DSDECOD="RANDOMIZED",
        DSCAT="PROTOCOL MILESTONE",
        DSSTDTC=draw.text(start) and f"{start}T{draw.rng.integers(8, 18):02d}:15",
    )
    for test, value in (("WBC", 4.1), ("PLAT", 50), ("BLASTCE", 70)):
        for _ in range(draw.rng.integers(0, 4)):
            draw.add("LB", who, LBTESTCD=test, LBSTRESN=value, LBDTC=draw.text(draw.day(start, -9, 9)))
    draw.add("VS", who, VSTESTCD="WEIGHT", VSSTRESN=70.0, VSDTC=draw.text(start - timedelta(days=3)))
    if draw.happens(0.8):
        share = round(float(draw.rng.uniform(40, 100)), 1)
        for test, value in (("ABCSABC", share), ("CD22MESF", float(draw.rng.integers(100, 9000)))):
            draw.add(
                "CP",
                who,
                CPTESTCD=test,
                CPNAM="CENTRAL FLOW LABORATORY",
                CPSTRESN=value,
                CPDTC=draw.text(draw.day(start, -9, 3)),
            )
    if death and draw.happens(0.9):
        draw.add("DD", who, DDTESTCD="PRCDTH", DDSTRESC=draw.one("DISEASE UNDER STUDY", "VOD", "OTHER"))
    draw.add("FA", who, FATESTCD="PHCHROM", FASTRESC=draw.one("POSITIVE", "NEGATIVE"))


def _exposure(draw: Draw, who: str, start: date, treated: bool, until: date) -> None:
    drug = "INOTUZUMAB OZOGAMICIN" if draw.made["DM"][-1]["ARMCD"] == "INO" else "CYTARABINE"
    for number in range(draw.rng.integers(1, 8) if treated else 0):
        cycle = 1 + number // 3
        day = min(start + timedelta(days=int(draw.rng.integers(0, 4)) * 3 + 21 * number // 3), until)
        visit = f"C{cycle}D{(1, 8, 15)[number % 3]}" if draw.happens(0.9) else "UNSCHEDULED"
        text = draw.text(day)
        draw.add(
            "EX",
            who,
            EXTRT=drug,
            EXDOSE=0.5 if draw.happens(0.95) else 0.0,
            EXSTDTC=text,
            EXENDTC=text,
            VISIT=visit,
            EXCYCLE=str(cycle),
        )


def _responses(draw: Draw, who: str, start: date, until: date) -> None:
    answers = [*RANK, "CR", "CRi", "CRi"]
    for evaluator, reader in (
        ("INVESTIGATOR", ""),
        ("ADJUDICATION COMMITTEE", ""),
        ("ADJUDICATION COMMITTEE", "READER 1"),
    ):
        for _ in range(draw.rng.integers(0, 7)):
            day = min(draw.day(start, -6), until)
            draw.add(
                "RS",
                who,
                RSTESTCD="OVRLRESP",
                RSSTRESC=draw.one(*answers),
                RSEVAL=evaluator,
                RSEVALID=reader,
                RSDTC=draw.text(day),
            )
    for _ in range(draw.rng.integers(0, 6)):
        answer = draw.one("NEGATIVE", "POSITIVE", "NOT EVALUABLE")
        draw.add(
            "RS",
            who,
            RSTESTCD="MRDRESP",
            RSSTRESC=answer,
            RSEVAL="INDEPENDENT ASSESSOR",
            RSDTC=draw.text(min(draw.day(start), until)),
        )
    draw.add(
        "RS", who, RSTESTCD="ECOG101", RSSTRESC=draw.one("0", "1", "2"), RSEVAL="INVESTIGATOR", RSDTC=start.isoformat()
    )


def _therapies(draw: Draw, who: str, start: date, until: date) -> None:
    for number in range(draw.one(0, 0, 0, 1, 2)):
        day = min(draw.day(start, 0), until)
        draw.add("CM", who, CMCAT="FOLLOW-UP ANTICANCER THERAPY", CMTRT="BLINATUMOMAB", CMSPID=f"F{number}",
                 CMSTDTC=draw.text(day, 0.1), CMINTENT=draw.one("INDUCTION", "CONSOLIDATION", ""))  # fmt: skip
    for number in range(draw.one(0, 0, 1, 1, 2)):
        draw.add(
            "PR",
            who,
            PRCAT="FOLLOW-UP HSCT",
            PRSPID=f"H{number}",
            PRSTDTC=draw.text(min(draw.day(start, 3), until), 0.05),
        )
    draw.add(
        "CM",
        who,
        CMCAT="PRIOR ANTICANCER THERAPY",
        CMSCAT="INDUCTION",
        CMTRT="VINCRISTINE",
        CMGRPID="1",
        CMSPID="P1",
        CMSTDTC="2012",
    )


def _events(draw: Draw, who: str, start: date, until: date) -> None:
    for number in range(draw.rng.integers(0, 9)):
        term = draw.one(*TERMS)
        day = min(draw.day(start, -6), until)
        grade = draw.one("1", "2", "3", "4", "")
        draw.add("AE", who, AETERM=term, AEDECOD=term, AEBODSYS=TERMS[term], AESTDTC=draw.text(day, 0.2), AETOXGR=grade,
                 AEENDTC=draw.text(min(day + timedelta(days=9), until), 0.2), AEOUT="RECOVERED/RESOLVED",
                 AESER=draw.one("Y", "N"), AEREL=draw.one("RELATED", "NOT RELATED", ""),
                 AESPID=str(number + 1))  # fmt: skip


def _ending(draw: Draw, who: str, start: date, until: date, death: date | None) -> None:
    why = draw.one("Relapse or PD", "Adverse event", "Global deterioration of health status")
    if draw.happens(0.9):
        end = min(draw.day(start, 20), until)
        draw.add(
            "DS",
            who,
            DSTERM=why,
            DSDECOD="OTHER",
            DSCAT="DISPOSITION EVENT",
            DSSCAT="STUDY TREATMENT",
            DSSTDTC=draw.text(end),
        )
    left = "DEATH" if death else draw.one("", "", "WITHDRAWAL BY SUBJECT", "LOST TO FOLLOW-UP")
    if left:
        draw.add(
            "DS",
            who,
            DSTERM=left,
            DSDECOD=left,
            DSCAT="DISPOSITION EVENT",
            DSSCAT="STUDY PARTICIPATION",
            DSSTDTC=draw.text(death or until),
        )
    for _ in range(draw.rng.integers(0, 3)):
        last = min(draw.day(start, 0, 3 * SPAN), death or CUTOFF)
        status = draw.one("ALIVE", "ALIVE", "UNKNOWN")
        draw.add(
            "SS",
            who,
            SSSTRESC=status,
            SSDTC=draw.text(last),
            SSLASTAL=draw.text(last - timedelta(days=1)) if status == "UNKNOWN" else "",
        )


def _frame(name: str, rows: list[dict[str, Any]], rng: np.random.Generator) -> pd.DataFrame:
    """Every column as text or number, in the order of SDTM: by subject, sequence numbers drawn."""
    frame = pd.DataFrame(rows, columns=["USUBJID", *COLUMNS[name].split(), *NUMBERS.get(name, "").split()])
    frame.insert(0, "STUDYID", STUDY)
    frame.insert(1, "DOMAIN", name)
    for column in COLUMNS[name].split():
        texts = frame[column].astype("object")
        frame[column] = texts.where(texts.notna() & (texts != ""), None).astype("str")
    for column in NUMBERS.get(name, "").split():
        frame[column] = frame[column].astype(float)
    if name != "DM":
        frame = frame.iloc[rng.permutation(len(frame))]
        frame[f"{name}SEQ"] = frame.groupby("USUBJID").cumcount() + 1
    return frame.sort_values(["USUBJID", *([f"{name}SEQ"] if name != "DM" else [])], ignore_index=True)
