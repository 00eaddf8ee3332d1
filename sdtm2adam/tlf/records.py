"""The records of a dataset that belong to the subjects of an output."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sdtm2adam.errors import InputError
from sdtm2adam.spec.conditions import Condition, holds
from sdtm2adam.spec.display_plan import DisplayRow
from sdtm2adam.tlf.population import Frames, Mask, Population

SEQUENCES = ("ASEQ", "AESEQ")
"""The variables that number the records of a subject, first found first taken."""


class Records:
    """Records of one dataset, those of subjects in the population, sorted by subject and sequence number.

    Args:
        dataset: its name; ADSL gives one record per subject.
        population: the subjects.
        frames: the datasets.
        where: file and line of the spec, for messages.
        condition: which records count at all.

    Attributes:
        subject: the position of each record's subject in the population.
        sequence: the sequence number of each record as text, empty in ADSL.
    """

    def __init__(
        self, dataset: str, population: Population, frames: Frames, where: str, condition: Condition | None = None
    ) -> None:
        self.dataset, self._population, self._frames, self._where = dataset, population, frames, where
        position = population.positions(frames.column(dataset, "USUBJID", where))
        numbers = self._numbers()
        rows = np.flatnonzero(position >= 0)
        self._rows = rows[np.lexsort((numbers[rows], position[rows]))]
        self.subject: npt.NDArray[np.intp] = position[self._rows]
        self._keep(self.meeting(condition))
        self.sequence: npt.NDArray[np.object_] = _texts(numbers[self._rows])

    def __len__(self) -> int:
        return len(self._rows)

    def _numbers(self) -> npt.NDArray[np.float64]:
        frame = self._frames.dataset(self.dataset, self._where)
        name = next((name for name in SEQUENCES if name in frame.columns), None)
        if self.dataset == "ADSL":
            return np.full(len(frame), np.nan)
        if name is None:
            raise InputError(
                f"{self.dataset} has no sequence number ({' or '.join(SEQUENCES)})",
                where=self.dataset,
                mend="results point to records by it: add ASEQ to the dataset",
            )
        return np.asarray(self._frames.column(self.dataset, name, self._where).to_numpy(dtype=float, na_value=np.nan))

    def _keep(self, met: Mask) -> None:
        self._rows, self.subject = self._rows[met], self.subject[met]

    def column(self, dataset: str, variable: str) -> Any:
        """A variable of the dataset, or of ADSL, one value per record."""
        if dataset == "ADSL":
            return self._population.column(variable).iloc[self.subject].reset_index(drop=True)
        return self._frames.column(dataset, variable, self._where).iloc[self._rows].reset_index(drop=True)

    def numbers(self, dataset: str, variable: str) -> npt.NDArray[np.float64]:
        """A variable as numbers, NaN where it is missing.

        Raises:
            InputError: it is a text, even if it reads like a number.
        """
        column = self.column(dataset, variable)
        if pd.api.types.is_string_dtype(column) and column.notna().any():
            raise InputError(
                f"{dataset}.{variable} is a text where a number is needed (first: {column.dropna().iloc[0]!r})",
                where=self._where,
                mend="name its numeric variable, or give it a numeric type in the dataset",
            )
        return np.asarray(column.to_numpy(dtype=float, na_value=np.nan))

    def meeting(self, condition: Condition | None) -> Mask:
        """Which records meet a condition."""
        return holds(condition, self.column, len(self._rows))

    def subjects_meeting(self, condition: Condition | None) -> Mask:
        """Which subjects have a record that meets a condition."""
        met = np.zeros(len(self._population), dtype=bool)
        met[self.subject[self.meeting(condition)]] = True
        return met

    def keys(self) -> npt.NDArray[np.object_]:
        """One text per record that names it: subject, sequence number and parameter."""
        ids = self._population.subjects.to_numpy(dtype=object)[self.subject]
        return np.asarray(ids + "\t" + self.sequence + "\t" + self.paramcd(), dtype=object)

    def paramcd(self) -> npt.NDArray[np.object_]:
        """The parameter of each record, empty where the dataset has none."""
        frame = self._frames.dataset(self.dataset, self._where)
        if "PARAMCD" not in frame.columns:
            return np.full(len(self), "", dtype=object)
        return np.asarray(self.column(self.dataset, "PARAMCD").fillna("").to_numpy(dtype=object))

    def usubjid(self) -> npt.NDArray[np.object_]:
        """The subject of each record."""
        return np.asarray(self._population.subjects.to_numpy(dtype=object)[self.subject])


def refuse_several(row: DisplayRow, records: Records, met: Mask) -> None:
    """Stop where a subject has several values.

    Raises:
        InputError: naming the first of them.
    """
    counts = np.bincount(records.subject[met], minlength=1)
    if counts.max() < 2:
        return
    first = records.usubjid()[met][records.subject[met] == int(np.flatnonzero(counts > 1)[0])][0]
    raise InputError(
        f"{int((counts > 1).sum())} subjects have more than one value of {row.dataset}.{row.variable}"
        f"{f' in the row {row.label!r}' if row.label else ''} (first: {first})",
        where=row.where,
        mend="narrow where: to one record per subject",
    )


def _texts(numbers: npt.NDArray[np.float64]) -> npt.NDArray[np.object_]:
    """Sequence numbers as texts: each distinct number is written once."""
    known, places = np.unique(np.nan_to_num(numbers, nan=-1.0), return_inverse=True)
    words = np.array(["" if number < 0 else str(int(number)) for number in known], dtype=object)
    return words[places] if len(words) else np.zeros(0, dtype=object)
