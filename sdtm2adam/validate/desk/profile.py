"""What the profiles of the subjects show: doses, responses, events, transplants, disposition, death, as collected."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from sdtm2adam.model import Dataset
from sdtm2adam.validate.desk.slices import as_arrow, words_of

EVENT_COLUMNS = ("subject", "kind", "dataset", "key", "what", "detail", "grade", "serious", "start", "end", "ongoing")
"""What is told of one thing that happened to a subject."""

_ONGOING = {"ONGOING", "AFTER", "DURING/AFTER", "COINCIDENT/AFTER"}
_YES = {"Y", "YES"}


@dataclass(frozen=True, slots=True)
class _Lane:
    """Where things of one kind stand in a dataset.

    Of `what` the first variable that has a value is taken, of `detail` all of them with a blank between; `by` says who
    judged, `wanted` chooses records. `ongoing` says that something went on when it was last asked for.
    """

    kind: str
    dataset: str
    what: tuple[str, ...]
    detail: tuple[str, ...] = ()
    start: tuple[str, ...] = ()
    end: tuple[str, ...] = ()
    grade: tuple[str, ...] = ()
    serious: tuple[str, ...] = ()
    ongoing: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    wanted: Callable[[pd.DataFrame], pd.Series] | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The variables it reads, beside those that identify a record."""
        return (*self.what, *self.detail, *self.start, *self.end, *self.grade, *self.serious, *self.ongoing, *self.by)


def _says(records: pd.DataFrame, names: tuple[str, ...], pattern: str) -> pd.Series:
    """Records that say so in one of these variables."""
    found = pd.Series(False, records.index)
    for name in names:
        if name in records:
            found |= records[name].str.contains(pattern, case=False, regex=True, na=False)
    return found


def _response(records: pd.DataFrame) -> pd.Series:
    """Assessments of response; all assessments of a study that calls none of them so."""
    hits = _says(records, ("RSTESTCD", "RSTEST", "PARAMCD", "PARAM"), "respon|resp$")
    return hits if bool(hits.any()) else pd.Series(True, records.index)


def _transplant(records: pd.DataFrame) -> pd.Series:
    return _says(records, ("PRTRT", "PRDECOD", "PRCAT"), r"transplant|stem cell|\bHSCT\b|\bSCT\b")


def _cause(records: pd.DataFrame) -> pd.Series:
    """Causes of death; all details of a death where none is called a cause."""
    hits = _says(records, ("DDTEST",), "cause")
    return hits if bool(hits.any()) else pd.Series(True, records.index)


def _dead(records: pd.DataFrame) -> pd.Series:
    dated = _first(records, ("DTHDTC", "DTHDT")).notna()
    return dated | records["DTHFL"].isin(_YES) if "DTHFL" in records else dated


_DOSED = ("DOSE", "DOSTXT", "DOSU", "ROUTE")
_LANES: tuple[tuple[_Lane, ...], ...] = (
    (
        _Lane("Dose", "EX", ("EXTRT",), tuple(f"EX{n}" for n in _DOSED), ("EXSTDTC",), ("EXENDTC",)),
        _Lane("Dose", "EC", ("ECTRT",), tuple(f"EC{n}" for n in _DOSED), ("ECSTDTC",), ("ECENDTC",)),
        _Lane("Dose", "ADEX", ("EXTRT", "PARAM"), ("AVAL", "EXDOSE", "EXDOSU"), ("ASTDT", "ADT"), ("AENDT",)),
    ),
    (
        _Lane("Response", "RS", ("RSTEST",), ("RSSTRESC",), ("RSDTC",), by=("RSEVAL",), wanted=_response),
        _Lane("Response", "ADRS", ("PARAM",), ("AVALC",), ("ADT", "RSDTC"), wanted=_response),
    ),
    (
        _Lane(
            "Adverse event", "AE", ("AEDECOD", "AETERM"), ("AETERM", "AEOUT"), ("AESTDTC",), ("AEENDTC",),
            ("AETOXGR", "AESEV"), ("AESER",), ("AEENRTPT", "AEENRF"),
        ),
        _Lane(
            "Adverse event", "ADAE", ("AEDECOD", "AETERM"), ("AETERM", "AEOUT"), ("AESTDTC", "ASTDT"),
            ("AEENDTC", "AENDT"), ("ATOXGR", "AETOXGR", "ASEV", "AESEV"), ("AESER",), ("AEENRTPT", "AEENRF"),
        ),
    ),
    (_Lane("Transplant", "PR", ("PRDECOD", "PRTRT"), ("PRCAT",), ("PRSTDTC",), ("PRENDTC",), wanted=_transplant),),
    (_Lane("Disposition", "DS", ("DSDECOD", "DSTERM"), ("DSTERM", "DSCAT", "DSSCAT"), ("DSSTDTC",)),),
    (
        _Lane("Death", "DM", ("DTHFL",), (), ("DTHDTC",), wanted=_dead),
        _Lane("Death", "ADSL", ("DTHFL",), ("DTHCAUS",), ("DTHDT", "DTHDTC"), wanted=_dead),
    ),
    (_Lane("Death", "DD", ("DDTEST",), ("DDORRES",), ("DDDTC",), wanted=_cause),),
)  # fmt: skip


def events_of(datasets: Mapping[str, Dataset]) -> pa.Table:
    """What happened to the subjects, dates as collected (`EVENT_COLUMNS`), in order of subject, kind, date.

    Of each kind the first dataset that is there is read: SDTM before ADaM. What a study does not have is not shown.
    """
    chosen = [next((lane for lane in lanes if lane.dataset in datasets), None) for lanes in _LANES]
    found = [_events(lane, datasets[lane.dataset]) for lane in chosen if lane is not None]
    whole = pd.concat([pd.DataFrame(columns=list(EVENT_COLUMNS), dtype="str"), *found], ignore_index=True)
    order = ["subject", "kind", "start", "dataset", "what", "key"]
    whole = whole.sort_values(order, kind="stable", na_position="last")
    columns = [as_arrow(whole[name]) for name in EVENT_COLUMNS]
    return pa.table(columns, names=list(EVENT_COLUMNS))


def _events(lane: _Lane, dataset: Dataset) -> pd.DataFrame:
    sequence = f"{lane.dataset}SEQ"
    also = ("RSTESTCD", "PARAMCD", "PRTRT", "PRDECOD", "PRCAT", "DTHFL")
    words = words_of(dataset, ("USUBJID", sequence, *lane.names, *also))
    records = words.to_pandas().astype("str")
    records = records.mask(records.apply(lambda column: column.str.strip() == ""))
    if "USUBJID" not in records:
        return pd.DataFrame(columns=list(EVENT_COLUMNS), dtype="str")
    records = records[records["USUBJID"].notna()]
    if lane.wanted is not None:
        records = records[lane.wanted(records)]
    what, by = _first(records, lane.what), _first(records, lane.by)
    what = what.where(by.isna(), what + " (" + by + ")")
    told = pd.DataFrame(
        {
            "subject": records["USUBJID"],
            "kind": lane.kind,
            "dataset": lane.dataset,
            "key": records[sequence] if sequence in records else pd.Series(None, records.index, dtype="str"),
            "what": what if lane.kind != "Death" or lane.dataset == "DD" else f"Death in {lane.dataset}",
            "detail": _together(records, lane.detail, what),
            "grade": _first(records, lane.grade),
            "serious": _flag(records, lane.serious, _YES, "serious"),
            "start": _first(records, lane.start),
            "end": _first(records, lane.end),
            "ongoing": _flag(records, lane.ongoing, _ONGOING, "ongoing"),
        }
    )
    told["ongoing"] = told["ongoing"].where(told["end"].isna())
    return told


def _first(records: pd.DataFrame, names: tuple[str, ...]) -> pd.Series:
    """For each record the first of these variables that has a value."""
    found = pd.Series(None, records.index, dtype="str")
    for name in names:
        if name in records:
            found = found.where(found.notna(), records[name])
    return found


def _together(records: pd.DataFrame, names: tuple[str, ...], but: pd.Series) -> pd.Series:
    """All of these variables that have a value, each once, without what is said already."""
    whole, said = pd.Series("", records.index, dtype="str"), [but]
    for name in names:
        if name not in records:
            continue
        text = records[name]
        new = text.notna() & np.logical_and.reduce([np.asarray(text != other, dtype=bool) for other in said])
        whole = whole.where(~new, whole + " " + text.fillna(""))
        said.append(text)
    whole = whole.str.strip()
    return whole.where(whole != "")


def _flag(records: pd.DataFrame, names: tuple[str, ...], yes: set[str], word: str) -> pd.Series:
    found = pd.Series(None, records.index, dtype="str")
    for name in names:
        if name in records:
            found = found.mask(records[name].str.upper().isin(yes), word)
    return found
