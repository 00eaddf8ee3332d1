"""What SDTM says of each randomised subject, gathered in plain pandas: the ground of a second derivation of ADaM.

Nothing here reads an analysis dataset or its spec. Choices of the study come from the settings of its study.yaml.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from sdtm2adam.resources import shelf
from sdtm2adam.spec.yaml import load

Datasets = Callable[[str], pd.DataFrame]
Settings = dict[str, Any]

EVALUATORS = {"INV": "INVESTIGATOR", "EAC": "ADJUDICATION COMMITTEE"}
GONE = {"WITHDRAWAL BY SUBJECT": "Withdrew consent", "LOST TO FOLLOW-UP": "Lost to follow-up"}
READ_AS = {
    "RESPONSE_BEFORE": "least(ADSL.NEWTRTDT, ADSL.HSCTDT)",
    "MRD_UNTIL": "ADSL.EOTDT",
    "NEW_INDUCTION": "CMINTENT = 'INDUCTION'",
}
"""Settings that are expressions, and what they say where this derivation was written."""


def settings_of(study: Path) -> Settings:
    """The values of the settings of a study.yaml."""
    values = {name: setting["value"] for name, setting in load(study)["settings"].items()}
    assert {name: values[name] for name in READ_AS} == READ_AS, "an expression says something else by now"
    return values


@dataclass(frozen=True)
class Record:
    """One dated record: its day or none, its sequence number, and what it says."""

    day: date | None
    seq: int
    says: str = ""


@dataclass
class Subject:
    """A randomised subject."""

    usubjid: str
    randomised: date | None
    first_randomised: bool = False
    treated: bool = False
    first_dose: date | None = None
    last_dose: date | None = None
    treatment_end: date | None = None
    seen_at_end: bool = False
    new_therapy: date | None = None
    induction: Record | None = None
    transplant: Record | None = None
    death: date | None = None
    last_alive: date | None = None
    left: str = ""
    answers: dict[str, list[Record]] = field(default_factory=dict)
    mrd: list[Record] = field(default_factory=list)  # in the order of their dates, as are the doses
    doses: list[Record] = field(default_factory=list)
    deterioration: list[Record] = field(default_factory=list)
    occlusions: list[Record] = field(default_factory=list)


def whole_day(dtc: str) -> date | None:
    """The day of an ISO text that has one."""
    try:
        return date.fromisoformat(dtc[:10]) if len(dtc) >= 10 else None
    except ValueError:
        return None


def first_day(dtc: str, least: date | None = None) -> date | None:
    """The first day a text, maybe partial, can mean; if it can mean `least` or a later day, not before that."""
    if not dtc or (whole := whole_day(dtc)):
        return whole if dtc else None
    year, month = (int(dtc[:4]), dtc[5:7])
    day = date(year, int(month) if month.isdigit() else 1, 1)
    next_one = date(year + int(month) // 12, int(month) % 12 + 1, 1) if month.isdigit() else date(year + 1, 1, 1)
    return least if least and day < least < next_one else day


def earliest(days: Iterable[date | None]) -> date | None:
    return min((day for day in days if day is not None), default=None)


def latest(days: Iterable[date | None]) -> date | None:
    return max((day for day in days if day is not None), default=None)


def plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Texts without missing values: an empty text says the same in a file as none in memory."""
    texts = {name: "" for name, kind in frame.dtypes.items() if not pd.api.types.is_numeric_dtype(kind)}
    return frame.fillna(texts)


class Trial:
    """The SDTM of a trial by subject; `qualifiers` are columns of the supplement."""

    def __init__(self, sdtm: Datasets) -> None:
        self._sdtm = sdtm
        self._kept: dict[str, dict[str, list[dict[str, Any]]]] = {}

    def rows(self, name: str, who: str) -> list[dict[str, Any]]:
        """The records of a subject, by sequence number, with their supplemental qualifiers."""
        if name not in self._kept:
            frame = plain(self._sdtm(name)).sort_values(f"{name}SEQ" if name != "DM" else "USUBJID")
            found: dict[str, list[dict[str, Any]]] = {}
            numbered: dict[tuple[str, float], dict[str, Any]] = {}
            for row in frame.to_dict("records"):
                found.setdefault(row["USUBJID"], []).append(row)
                numbered[row["USUBJID"], float(row.get(f"{name}SEQ", 1))] = row
            if name in {"CM", "EX", "SS"}:
                for line in plain(self._sdtm(f"SUPP{name}")).to_dict("records"):
                    numbered[line["USUBJID"], float(line["IDVARVAL"])][line["QNAM"]] = line["QVAL"]
            self._kept[name] = found
        return self._kept[name].get(who, [])

    def randomised(self) -> list[str]:
        """Subjects with an arm."""
        dm = plain(self._sdtm("DM"))
        return sorted(dm["USUBJID"][dm["ARMCD"] != ""])


def subjects_of(sdtm: Datasets, settings: Settings) -> list[Subject]:
    """Every randomised subject of a trial, in the order of their numbers."""
    trial = Trial(sdtm)
    found = [gather(trial, who, settings) for who in trial.randomised()]
    moments = {s.usubjid: randomisation(trial, s.usubjid) for s in found}
    in_order = sorted(found, key=lambda s: (not moments[s.usubjid], moments[s.usubjid], s.usubjid))
    for subject in in_order[: int(settings["FIRST_RANDOMIZED"])]:
        subject.first_randomised = True
    return found


def randomisation(trial: Trial, who: str) -> str:
    return next((row["DSSTDTC"] for row in trial.rows("DS", who) if row["DSDECOD"] == "RANDOMIZED"), "")


def gather(trial: Trial, who: str, settings: Settings) -> Subject:
    """What is known of one subject."""
    subject = Subject(who, whole_day(randomisation(trial, who)))
    doses = [row for row in trial.rows("EX", who) if row["EXDOSE"] > 0]
    doses.sort(key=lambda row: (row["EXSTDTC"], row["EXSEQ"]))
    subject.doses = [Record(whole_day(row["EXSTDTC"]), row["EXSEQ"], row["VISIT"]) for row in doses]
    subject.treated = bool(doses)
    subject.first_dose = earliest(dose.day for dose in subject.doses)
    subject.last_dose = latest(whole_day(row["EXENDTC"]) for row in doses)
    for row in trial.rows("DS", who):
        if row["DSSCAT"] == "STUDY TREATMENT":
            subject.treatment_end = whole_day(row["DSSTDTC"])
            subject.seen_at_end = row["DSDECOD"] not in {"DEATH", "LOST TO FOLLOW-UP"}
            if settings["DETERIORATION"] in row["DSTERM"].lower():
                subject.deterioration.append(Record(whole_day(row["DSSTDTC"]), row["DSSEQ"]))
        elif row["DSSCAT"] == "STUDY PARTICIPATION" and row["DSCAT"] == "DISPOSITION EVENT":
            subject.left = GONE.get(row["DSDECOD"], "")
    later = [row for row in trial.rows("CM", who) if row["CMCAT"] == "FOLLOW-UP ANTICANCER THERAPY"]
    grafts = [row for row in trial.rows("PR", who) if row["PRCAT"] == "FOLLOW-UP HSCT"]
    therapy = first_begun(later, "CM", subject.randomised)
    subject.new_therapy = therapy.day if therapy else None
    subject.induction = first_begun(
        [row for row in later if row.get("CMINTENT") == "INDUCTION"], "CM", subject.randomised
    )
    subject.transplant = first_begun(grafts, "PR", subject.randomised)
    read_responses(trial, subject)
    read_death(trial, subject, settings)
    subject.occlusions = [
        Record(first_day(row["AESTDTC"], subject.first_dose), row["AESEQ"])
        for row in trial.rows("AE", who)
        if row["AEDECOD"] in occlusive_terms()
    ]
    return subject


def read_responses(trial: Trial, subject: Subject) -> None:
    """Overall responses of investigator and committee, and residual disease by the central laboratory."""
    rows = trial.rows("RS", subject.usubjid)
    for short, evaluator in EVALUATORS.items():
        subject.answers[short] = [
            Record(whole_day(row["RSDTC"]), row["RSSEQ"], row["RSSTRESC"])
            for row in rows
            if row["RSTESTCD"] == "OVRLRESP" and row["RSEVAL"] == evaluator and row["RSEVALID"] == ""
        ]
    disease = [row for row in rows if row["RSTESTCD"] == "MRDRESP"]
    disease.sort(key=lambda row: (row["RSDTC"].ljust(16, "~"), row["RSSEQ"]))
    subject.mrd = [Record(whole_day(row["RSDTC"]), row["RSSEQ"], row["RSSTRESC"]) for row in disease]


def read_death(trial: Trial, subject: Subject, settings: Settings) -> None:
    """The last day the subject is known to have lived, and the day of death: not before that if its day is unknown."""
    who = subject.usubjid
    dated = [(row, name) for name in settings["ALIVE_IN"] for row in trial.rows(name, who)]
    seen = [first_day(row[f"{name}STDTC" if f"{name}STDTC" in row else f"{name}DTC"]) for row, name in dated]
    seen += [subject.randomised, subject.treatment_end if subject.seen_at_end else None]
    for row in trial.rows("SS", who):
        if row["SSSTRESC"] == "ALIVE":
            seen.append(whole_day(row["SSDTC"]))
        seen.append(whole_day(row.get("SSLASTAL", "")))
    alive = latest(seen)
    subject.death = first_day(trial.rows("DM", who)[0]["DTHDTC"], alive)
    subject.last_alive = earliest([alive, subject.death])
    if subject.death:
        subject.left = ""


def first_of(records: Iterable[Record]) -> Record | None:
    """The first by day; of several on that day the one with the lower number."""
    return min((r for r in records if r.day), key=lambda r: (r.day, r.seq), default=None)


def first_begun(rows: list[dict[str, Any]], prefix: str, least: date | None) -> Record | None:
    """The first of the records, and its day, imputed to the first but not before `least`.

    A date known in part comes after those that it may be, and none after all: what is known to be early goes first.
    """
    row = min(rows, key=lambda r: (r[f"{prefix}STDTC"].ljust(16, "~"), r[f"{prefix}SEQ"]), default=None)
    return Record(first_day(row[f"{prefix}STDTC"], least), row[f"{prefix}SEQ"]) if row else None


def occlusive_terms() -> set[str]:
    """Preferred terms of VOD/SOS."""
    table = pd.read_csv(shelf("specs") / "inovate" / "tables" / "cqlist.csv")
    return set(table["AEDECOD"][table["CQNAM"] == "VOD/SOS"])


def after(day: date, days: int) -> date:
    return day + timedelta(days=days)
