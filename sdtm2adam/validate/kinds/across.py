"""Kinds of expectation that look into another dataset."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sdtm2adam.validate.kinds.case import Case, NotApplicable
from sdtm2adam.validate.kinds.partial_dates import is_after
from sdtm2adam.validate.kinds.values import same_number
from sdtm2adam.validate.records import Mask, Records

DAY = 10
"""Characters of a complete date."""


def where_mask(records: Records, where: Sequence[tuple[str, Sequence[str]]]) -> Mask:
    """The records that have one of the values in each of these variables."""
    mask = np.ones(len(records), dtype=bool)
    for name, values in where:
        mask &= records.is_value(name, values)
    return mask


def _index(columns: Sequence[pd.Series]) -> pd.MultiIndex:
    return pd.MultiIndex.from_arrays([column.astype("object") for column in columns])


def is_found_in(case: Case, variable: str) -> Mask:  # noqa: ARG001 - looks at all variables together
    """The values of these variables are found together in a record of the other dataset (where `there` holds)."""
    other_names = case.expectation.argument("names", case.expectation.variables)
    there = case.expectation.argument("there", ())
    other = case.other(case.expectation.argument("other"), *other_names, *(name for name, _ in there))
    mine = _index([case.own.as_text(name) for name in case.expectation.variables])
    theirs = _index([other.as_text(name)[where_mask(other, there)] for name in other_names])
    filled = np.logical_and.reduce([case.own.filled(name) for name in case.expectation.variables])
    return np.asarray(filled & ~mine.isin(theirs.unique()), dtype=bool)


def is_same_as(case: Case, variable: str) -> Mask:
    """The variable has the value that the same variable of the other dataset has for this subject.

    Subjects that the other dataset does not have, or has twice, are not looked at: other expectations say so.
    """
    by = case.expectation.argument("by")
    other = case.other(case.expectation.argument("other"), by, variable)
    once = ~other.as_text(by).duplicated(keep=False) & other.filled(by)
    rows = pd.Index(other.as_text(by)[once].astype("object")).get_indexer(case.own.as_text(by).astype("object"))
    found = rows >= 0
    theirs = other.column(variable)[once].reset_index(drop=True).reindex(np.where(found, rows, -1))
    return np.asarray(found & ~_equal(case.own.column(variable), theirs.reset_index(drop=True)), dtype=bool)


def _equal(mine: pd.Series, theirs: pd.Series) -> Mask:
    numeric = [pd.api.types.is_numeric_dtype(column) for column in (mine, theirs)]
    if all(numeric):
        left, right = (column.to_numpy(dtype="float64", na_value=np.nan) for column in (mine, theirs))
        return same_number(left, right)
    if any(numeric) or str(mine.dtype).startswith("datetime") != str(theirs.dtype).startswith("datetime"):
        return np.asarray(mine.isna() & theirs.isna(), dtype=bool)
    return np.asarray((mine == theirs).fillna(False) | (mine.isna() & theirs.isna()), dtype=bool)


def is_not_after_death(case: Case, variable: str) -> Mask:
    """The date is not later than the subject's date of death, by the day."""
    demographics = case.other("DM", "USUBJID", "DTHDTC")
    deaths = pd.Series(demographics.text("DTHDTC").to_numpy(), index=demographics.column("USUBJID").to_numpy())
    deaths = deaths[deaths.index.notna() & ~deaths.index.duplicated(keep=False)]
    death = case.own.column("USUBJID").map(deaths).astype("str")
    return is_after(case.own.text(variable), death, DAY)


def is_parent_there(case: Case, variable: str) -> Mask:  # noqa: ARG001 - looks at RDOMAIN, USUBJID, IDVAR, IDVARVAL
    """RDOMAIN, USUBJID, IDVAR and IDVARVAL lead to a record of the dataset that RDOMAIN names.

    The value is compared as text, whole numbers without a decimal point. A record without RDOMAIN leads nowhere
    on purpose. One loop step for each pair of dataset and variable, not for each record.
    """
    names = ("RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL")
    if not case.own.has(*names):
        raise NotApplicable(f"{case.expectation.dataset} has no parents")
    pointers = pd.DataFrame({name: case.own.as_text(name).astype("object") for name in names})
    broken = np.zeros(len(pointers), dtype=bool)
    for (parent, idvar), part in pointers.groupby(["RDOMAIN", "IDVAR"], dropna=False, sort=True):
        if not pd.isna(parent):
            broken[part.index] = ~_leads(case, str(parent), None if pd.isna(idvar) else str(idvar), part)
    return broken


def _leads(case: Case, parent: str, idvar: str | None, part: pd.DataFrame) -> Mask:
    """Where pointers to one variable of one parent meet a record; without a variable they mean the subject.

    In RELREC a pointer without subject and value relates whole datasets: there the variable is enough.
    """
    records = case.study.get(parent)
    if records is None or (idvar is not None and not records.has(idvar)):
        return np.zeros(len(part), dtype=bool)
    whole = np.asarray(part["USUBJID"].isna() & part["IDVARVAL"].isna(), dtype=bool)
    if not records.has("USUBJID"):
        names = ["IDVARVAL"] if idvar else []
    else:
        names = ["USUBJID", "IDVARVAL"] if idvar else ["USUBJID"]
    if not names:
        return np.ones(len(part), dtype=bool)
    there = [records.as_text(idvar if name == "IDVARVAL" and idvar else "USUBJID") for name in names]
    meets = np.asarray(_index([part[name] for name in names]).isin(_index(there)), dtype=bool)
    return meets | (whole & case.own.has("RELID"))
