"""Kinds of expectation about study days: counted from the reference date, without a day 0.

Written apart from the function that makes the days, so that one mistake cannot both make and pass a wrong day.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from sdtm2adam.validate.kinds.case import Case
from sdtm2adam.validate.kinds.partial_dates import known_part
from sdtm2adam.validate.records import Mask, Records

_DAY = 10
"""Characters of a complete date."""


def is_study_day(case: Case, variable: str) -> Mask:
    """A study day is the number of days from the reference date, which is day 1; the day before it is day -1.

    A day that no complete date and no complete reference date give is none. Not looked at: an interval (`a/b`), and a
    subject that stands several times with several reference dates, which is told of that subject.
    """
    expected, asked = _expected(case)
    number = case.own.number(variable)
    return np.asarray(asked & ~np.isnan(number) & ~(number == expected), dtype=bool)


def is_study_day_there(case: Case, variable: str) -> Mask:
    """A study day has a value where the date and the reference date are complete."""
    expected, asked = _expected(case)
    return np.asarray(asked & ~np.isnan(expected) & np.isnan(case.own.number(variable)), dtype=bool)


def _expected(case: Case) -> tuple[npt.NDArray[np.float64], Mask]:
    """The study day of each record, missing where it cannot be computed; and which records are looked at."""
    date = case.expectation.variables[1]
    reference = case.expectation.argument("reference")
    other = case.expectation.argument("other")
    if other is None:
        return _days(_complete(case.own, date), _complete(case.own, reference)), np.ones(len(case.own), dtype=bool)
    subjects = case.other(other, "USUBJID", reference)
    said = pd.DataFrame({"id": subjects.as_text("USUBJID").astype("object"), "day": _complete(subjects, reference)})
    said = said[said["id"].notna()].drop_duplicates()  # a subject that stands twice, with one date, has that date
    unclear = said["id"].duplicated(keep=False)
    mine = case.own.as_text("USUBJID").astype("object")
    known = said[~unclear].reset_index(drop=True)
    rows = pd.Index(known["id"]).get_indexer(mine)
    start = known["day"].reindex(rows).reset_index(drop=True)  # of a subject that is not there: -1, which has no date
    skipped = np.asarray(mine.isin(said.loc[unclear, "id"]), dtype=bool)
    interval = case.own.text(date).str.contains("/", regex=False).fillna(False)
    return _days(_complete(case.own, date), start), ~(skipped | np.asarray(interval, dtype=bool))


def _days(date: pd.Series, reference: pd.Series) -> npt.NDArray[np.float64]:
    difference = (date - reference).dt.days.to_numpy(dtype="float64", na_value=np.nan)
    return np.asarray(difference + (difference >= 0), dtype=np.float64)


def _complete(records: Records, name: str) -> pd.Series:
    """The days of a variable: of a text the complete dates alone, whatever their time."""
    column = records.column(name)
    if pd.api.types.is_datetime64_any_dtype(column):
        return column.dt.normalize().astype("datetime64[s]")
    known = known_part(records.text(name)).str.slice(0, _DAY)
    return pd.to_datetime(known.where(known.str.len() == _DAY), format="%Y-%m-%d", errors="coerce").astype(
        "datetime64[s]"
    )
