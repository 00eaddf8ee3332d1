"""Subjects at their worst: the largest value over a subject's records, within each level of a row."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from sdtm2adam.errors import InputError
from sdtm2adam.spec.display_plan import DisplayRow, WorstLevel
from sdtm2adam.tlf.population import Mask
from sdtm2adam.tlf.records import Records


def at_worst_level(
    row: DisplayRow, worst: WorstLevel, records: Records, codes: npt.NDArray[np.intp], met: Mask
) -> Mask:
    """The records that put a subject into the row: those with its largest value, where that is the level of the row.

    Records without a value do not count while another record of the subject in the same level has one. A subject all
    of whose records are without a value is in the row of missing values, with all of them.

    Args:
        row: the row, for messages.
        worst: the variable and the level.
        records: the records of the row's dataset.
        codes: the level of the row's factors of each record, -1 for none.
        met: the records that the row counts.

    Raises:
        InputError: a largest value is none that the table lists: the rows would not sum to their total.
    """
    values = records.numbers(worst.dataset, worst.variable)
    chosen = np.flatnonzero(met & (codes >= 0))
    found = np.zeros(len(met), dtype=bool)
    if not chosen.size:
        return found
    pairs = codes[chosen] * (int(records.subject.max()) + 1) + records.subject[chosen]
    _, group = np.unique(pairs, return_inverse=True)
    largest = np.full(int(group.max()) + 1, -np.inf)
    np.maximum.at(largest, group, np.where(np.isnan(values[chosen]), -np.inf, values[chosen]))
    at = largest[group]
    stray = np.isfinite(at) & ~np.isin(at, worst.levels)
    if stray.any():
        raise _no_level(row, worst, at[stray], records.usubjid()[chosen[stray]])
    if worst.level is None:
        found[chosen] = np.isneginf(at)
    else:
        found[chosen] = (at == worst.level) & (values[chosen] == worst.level)
    return found


def _no_level(row: DisplayRow, worst: WorstLevel, values: npt.NDArray[np.float64], subjects: Any) -> InputError:
    shown = ", ".join(f"{value:g}" for value in np.unique(values))
    count, name = len(np.unique(subjects.astype(str))), f"{worst.dataset}.{worst.variable}"
    return InputError(
        f"{count} subjects have a largest {name} that the table does not list: {shown} (first: {subjects[0]})",
        where=row.where,
        mend="add the value to take, or correct the data",
    )
