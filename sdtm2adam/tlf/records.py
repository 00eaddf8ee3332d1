"""The records of a dataset that belong to the subjects of an output."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from sdtm2adam.errors import InputError
from sdtm2adam.spec.conditions import Condition, holds
from sdtm2adam.spec.display_plan import DisplayRow
from sdtm2adam.tlf.population import Frames, Mask, Population
from sdtm2adam.tlf.record_keys import refuse_unkeyed, sequence_numbers, tell_strangers
from sdtm2adam.tlf.typed_columns import numbers_of


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

    Raises:
        InputError: the dataset has no sequence numbers, or two records of a subject in the population have the same.
    """

    def __init__(
        self, dataset: str, population: Population, frames: Frames, where: str, condition: Condition | None = None
    ) -> None:
        self.dataset, self._population, self._frames, self._where = dataset, population, frames, where
        position = population.positions(frames.column(dataset, "USUBJID", where))
        numbers = sequence_numbers(dataset, frames, where)
        tell_strangers(dataset, population, frames, position < 0, where)
        rows = np.flatnonzero(position >= 0)
        self._rows = rows[np.lexsort((numbers[rows], position[rows]))]
        self.subject: npt.NDArray[np.intp] = position[self._rows]
        if dataset != "ADSL":
            refuse_unkeyed(dataset, population.subjects, self.subject, numbers[self._rows])
        self._keep(self.meeting(condition))
        self.sequence: npt.NDArray[np.object_] = _texts(numbers[self._rows])

    def __len__(self) -> int:
        return len(self._rows)

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
            InputError: it is none, even if it is a text that reads like a number.
        """
        return numbers_of(self.column(dataset, variable), f"{dataset}.{variable}", self._where)

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
