"""ADRS and ADTTE as built, laid beside those derived a second time: every record, and what each of them says."""

from datetime import date, datetime
from typing import Any

import pandas as pd
from second_responses import derive_responses
from second_subject import Datasets, Settings, subjects_of
from second_times import Source, derive_times

ADRS = ["USUBJID", "PARAMCD", "ADT", "AVALC", "AVAL", "ANL01FL", "RSSEQ"]
ADTTE = [
    "USUBJID", "PARAMCD", "STARTDT", "ADT", "CNSR", "AVAL", "EVNTDESC", "CNSDTDSC", "SRCDOM", "SRCVAR", "SRCSEQ",
]  # fmt: skip
Cells = tuple[Any, ...]


def derived_again(sdtm: Datasets, adrs: pd.DataFrame, settings: Settings) -> dict[str, list[Cells]]:
    """The records of both datasets from SDTM; `adrs` as built is only read for the numbers of its records (ASEQ)."""
    subjects = subjects_of(sdtm, settings)
    responses = [row for subject in subjects for row in derive_responses(subject, settings)]
    times = [time for subject in subjects for time in derive_times(subject, settings)]
    numbers = {cells[:-1]: cells[-1] for cells in cells_of(adrs, ["USUBJID", "PARAMCD", "RSSEQ", "ASEQ"])}
    single = {cells[:-1]: cells[-1] for cells in cells_of(adrs, ["USUBJID", "PARAMCD", "ASEQ"])}

    def number(who: str, source: Source) -> float | None:
        if source.dataset != "ADRS":
            return None if source.seq is None else float(source.seq)
        if source.seq is None:
            return single.get((who, source.parameter))
        return numbers.get((who, source.parameter, float(source.seq)))

    made: dict[str, list[Cells]] = {"ADRS": [], "ADTTE": []}
    for row in responses:
        seq = None if row.seq is None else float(row.seq)
        made["ADRS"].append((row.usubjid, row.parameter, row.day, row.answer or None, row.value, row.flag or None, seq))
    for time in times:
        end = time.end
        words = ("Censored", end.says) if end.censored else (end.says, None)
        trace = (end.source.dataset, end.source.variable, number(time.usubjid, end.source))
        days = (time.start, end.day, float(end.censored), float(time.days))
        made["ADTTE"].append((time.usubjid, time.parameter, *days, *words, *trace))
    return made


def cells_of(frame: pd.DataFrame, names: list[str]) -> list[Cells]:
    """Some columns, record by record: none for what is missing, days for dates, one kind of number."""
    return [tuple(map(plain_cell, record)) for record in frame[names].itertuples(index=False)]


def plain_cell(value: Any) -> Any:
    """A cell as it can be compared, whichever file it came from."""
    if value is None or value == "" or value is pd.NaT or value != value:
        return None
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, str | date) else float(value)


def differences(built: list[Cells], again: list[Cells]) -> str:
    """The records that only one of the two has, a line for each; empty if both have the same records."""
    ours, theirs = pd.Series(built).value_counts(), pd.Series(again).value_counts()
    change = ours.sub(theirs, fill_value=0)
    lines = [f"{'built ' if count > 0 else 'again '} {cells}" for cells, count in change[change != 0].items()]
    return "\n".join(sorted(lines, key=lambda line: line[6:]))
