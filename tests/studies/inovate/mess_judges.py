"""What must stand in SDTM for each kind of mess that is to be kept or normalised: one function per kind."""

from collections.abc import Callable
from typing import Any

import pandas as pd
from messy_study import STUDYID, MessyStudy

Line = Any
"""A line of the log of planted errors."""

_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
_DATES = {"AESTDAT": "AESTDTC", "CMSTDAT": "CMSTDTC", "STDAT": "CMSTDTC", "ENDAT": "CMENDTC"}
_MADE_FROM = {
    "GRADE": "AETOXGR", "AEONGO": "AEENRTPT", "CMONGO": "CMENRTPT", "MHONGO": "MHENRTPT", "EXYN": "EXDOSE",
    "RESP": "RSSTRESC", "TEMPLOC": "VSLOC",
}  # fmt: skip
_VERBATIM = {"AETERM", "CMTRT", "CMINDC", "MHTERM"}
_NUMBERS = ["LBTESTCD", "LBSTRESN", "VSTESTCD", "VSSTRESN", "EXDOSE"]


def truncated_date(study: MessyStudy, line: Line) -> bool:
    """The date has the precision collected."""
    _, month, year = line.messy.split()
    iso = year if month == "UNK" else f"{year}-{_MONTHS.index(month) + 1:02d}"
    return iso in study.rows("messy", line.form, line.RECORDID)[_DATES.get(line.column, "MHSTDTC")].tolist()


def same_numbers(study: MessyStudy, line: Line) -> bool:
    """The numbers are those of the clean export."""
    return same(study, line, _NUMBERS)


def same(study: MessyStudy, line: Line, names: list[str]) -> bool:
    """Variables have the values that they have in the clean export, which may have no row of a dose not given."""
    clean, messy = (values(study, which, line, names) for which in ("clean", "messy"))
    return clean == messy and (bool(clean) or line.form == "EX_INO")


def values(study: MessyStudy, which: str, line: Line, names: list[str]) -> list[list[Any]]:
    """Some variables of the SDTM rows of a record, missing ones as None."""
    rows = study.rows(which, line.form, line.RECORDID)
    kept = rows[[name for name in names if name in rows.columns]]
    return kept.astype(object).where(kept.notna(), None).to_numpy().tolist()


def tidy_text(study: MessyStudy, line: Line) -> bool:
    """A coded value is the clean one; a verbatim is, but for capitals and doubled blanks."""
    names = [_MADE_FROM.get(line.column, line.column)]
    if line.column not in _VERBATIM:
        return same(study, line, names)
    clean, messy = (values(study, which, line, names) for which in ("clean", "messy"))
    said = [text for row in messy for text in row if text]
    plain = [[" ".join(text.split()).casefold() for row in part for text in row if text] for part in (clean, messy)]
    return bool(clean) and plain[0] == plain[1] and all(text == text.strip() and "\xa0" not in text for text in said)


def ends_next_day(study: MessyStudy, line: Line) -> bool:
    """An infusion that starts late in the evening ends on the next day, at the time on the form; 24:00 is 00:00."""
    if line.form == "ECG":
        return recorded_at_midnight(study, line)
    row = study.rows("messy", line.form, line.RECORDID)
    if len(row) != 1:
        return False
    start, end = row["EXSTDTC"].iloc[0], row["EXENDTC"].iloc[0]
    day = (pd.Timestamp(start[:10]) + pd.Timedelta(days=1)).strftime("%Y-%m-%d")
    clock = {"24:00": "00:00", "23:00": "00:00"}.get(line.messy, "00:30")
    return bool(end == f"{day}T{clock}" and start[11:13] == "23")


def recorded_at_midnight(study: MessyStudy, line: Line) -> bool:
    """An electrocardiogram at 24:00 was recorded at 00:00 of the next day."""
    day = pd.to_datetime(line.messy[:10], format="%m/%d/%Y") + pd.Timedelta(days=1)
    rows = study.frame("messy", "EG")
    who = STUDYID + "-" + line.RECORDID.split("/")[0].removeprefix(f"{STUDYID}-")
    return bool((rows["EGDTC"][rows["USUBJID"] == who] == day.strftime("%Y-%m-%dT00:00")).any())


def both_results(study: MessyStudy, line: Line) -> bool:
    """The repeated result is there beside the first."""
    column = "VSORRES" if line.form == "VS" else "LBORRES"
    first = str(int(line.RECORDID) - 500)
    there = [study.rows("messy", line.form, record)[column].tolist() for record in (line.RECORDID, first)]
    return line.messy in there[0] and line.clean in there[1]


def unscheduled(study: MessyStudy, line: Line) -> bool:
    """A sample between visits is an unscheduled one."""
    rows = study.rows("messy", line.form, line.RECORDID)
    return bool(len(rows)) and bool(rows["VISIT"].str.startswith("UNSCHEDULED").all())


def _subject(study: MessyStudy, number: str) -> pd.Series:
    return study.frame("messy", "DM").set_index("USUBJID").loc[f"{STUDYID}-{number}"]


def failed_with_rows(study: MessyStudy, line: Line) -> bool:
    """The rows of a screen failure are there."""
    there = len(study.rows("messy", line.form, line.RECORDID)) > 0
    return there and _subject(study, line.clean)["ARMNRS"] == "SCREEN FAILURE"


def failed_before(study: MessyStudy, line: Line) -> bool:
    """The first screening of a subject is there, under the number of that time."""
    return bool(_subject(study, line.messy)["ARMNRS"] == "SCREEN FAILURE")


def assigned_not_treated(study: MessyStudy, line: Line) -> bool:
    """Who was never dosed has the planned arm and no actual one."""
    dm = _subject(study, line.RECORDID)
    return bool(dm["ARMNRS"] == "ASSIGNED, NOT TREATED" and pd.isna(dm["ACTARM"]) and pd.notna(dm["ARM"]))


def both_strata(study: MessyStudy, line: Line) -> bool:
    """The stratum of the randomisation and that of the form are both there."""
    supp = study.frame("messy", "SUPPDM")
    mine = supp[supp["USUBJID"] == f"{STUDYID}-{line.RECORDID}"].set_index("QNAM")["QVAL"]
    names = {"STRAT_DFR": ("STRATDFR", "DFRCAT"), "STRAT_SALV": ("STRATSLV", "SALV")}
    typed, crf = names.get(line.column, ("STRATAGE", ""))
    return bool(mine[typed] == line.messy and (not crf or mine[crf] == line.clean))


def no_row(study: MessyStudy, line: Line) -> bool:
    """No row is invented for a sample that was not taken."""
    return study.rows("messy", line.form, line.RECORDID).empty


def one_row(study: MessyStudy, line: Line) -> bool:
    """Each line of an event that is on two lines is a record."""
    return len(study.rows("messy", line.form, line.RECORDID)) == 1


def still_listed(study: MessyStudy, line: Line) -> bool:
    """An open query is in the export, and no dataset is made of it."""
    return line.form in study.forms and "QUERIES" not in study.messy.datasets


JUDGES: dict[str, Callable[[MessyStudy, Line], bool]] = {
    "partial-date": truncated_date,
    "decimal-comma": same_numbers,
    "repeat-draw": both_results,
    "untidy-text": tidy_text,
    "wrong-visit": unscheduled,
    "stratum": both_strata,
    "screened-twice": failed_before,
    "past-midnight": ends_next_day,
    "screen-failure": failed_with_rows,
    "never-dosed": assigned_not_treated,
    "no-mrd": no_row,
    "split-event": one_row,
    "clock-24": ends_next_day,
    "open-query": still_listed,
}
