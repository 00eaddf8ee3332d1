"""What names a record: its subject, which stands in ADSL, and a sequence number that no other record of it has."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sdtm2adam.errors import InputError
from sdtm2adam.model import MOST_KEYS, Issue, Severity
from sdtm2adam.tlf.population import Frames, Mask, Population
from sdtm2adam.tlf.typed_columns import numbers_of

SEQUENCES = ("ASEQ", "AESEQ")
"""The variables that number the records of a subject, first found first taken."""

_MEND = "number the records of each subject from 1 on, each number once (ADaMIG, ASEQ)"


def sequence_numbers(dataset: str, frames: Frames, where: str) -> npt.NDArray[np.float64]:
    """The sequence number of each record; NaN in ADSL, of which a subject has one.

    Raises:
        InputError: there is no variable of them, or it holds texts.
    """
    frame = frames.dataset(dataset, where)
    if dataset == "ADSL":
        return np.full(len(frame), np.nan)
    name = _sequence_of(frame)
    if name is None:
        raise InputError(
            f"{dataset} has no sequence number ({' or '.join(SEQUENCES)})",
            where=dataset,
            mend="results point to records by it: add ASEQ to the dataset",
        )
    return numbers_of(frames.column(dataset, name, where), f"{dataset}.{name}", where)


def refuse_unkeyed(
    dataset: str, subjects: Any, subject: npt.NDArray[np.intp], numbers: npt.NDArray[np.float64]
) -> None:
    """Stop where records have no key of their own: a record that stands twice would count twice.

    Args:
        dataset: its name.
        subjects: the ids of all subjects.
        subject: the position of each record's subject, ascending.
        numbers: the sequence number of each record, ascending in each subject.

    Raises:
        InputError: a number is missing or not whole, or two records of a subject have the same.
    """
    odd = ~(numbers >= 0) | (numbers != np.floor(numbers))
    again = np.zeros(len(numbers), dtype=bool)
    again[1:] = (subject[1:] == subject[:-1]) & (numbers[1:] == numbers[:-1])
    for bad, what in ((odd, "no whole sequence number"), (again, "the subject and the sequence number of another one")):
        if bad.any():
            count, at = int(bad.sum()), int(np.flatnonzero(bad)[0])
            first = f"USUBJID={subjects.iloc[subject[at]]}, {'none' if np.isnan(numbers[at]) else f'{numbers[at]:g}'}"
            said = "1 record has" if count == 1 else f"{count} records have"
            raise InputError(f"{said} {what} (first: {first})", where=dataset, mend=_MEND)


def tell_strangers(dataset: str, population: Population, frames: Frames, outside: Mask, where: str) -> None:
    """Note in `frames` the records of subjects that are not in ADSL: no output counts them.

    Args:
        dataset: its name.
        population: knows who is in ADSL.
        frames: the datasets.
        outside: the records of subjects outside the population.
        where: file and line of the spec, for messages.
    """
    if dataset not in frames.strangers:
        rows = np.flatnonzero(outside)
        strange = rows[~population.knows(frames.column(dataset, "USUBJID", where).iloc[rows])]
        found = frames.dataset(dataset, where).iloc[strange]
        frames.strangers[dataset] = _not_in_adsl(dataset, found) if len(found) else None


def _not_in_adsl(dataset: str, found: Any) -> Issue:
    subjects = found["USUBJID"].nunique(dropna=False)
    who = "subject has" if subjects == 1 else "subjects have"
    return Issue(
        dataset,
        "subject-not-in-adsl",
        Severity.ERROR,
        f"{subjects} {who} records in {dataset} and none in ADSL: no output counts them",
        "USUBJID",
        records=len(found),
        keys=_keys(found, _sequence_of(found)),
        source="outputs",
    )


def _sequence_of(frame: Any) -> str | None:
    return next((name for name in SEQUENCES if name in frame.columns), None)


def _keys(frame: Any, sequence: str | None) -> tuple[str, ...]:
    """What names each record, in the order of subject and number."""
    names = ["USUBJID", *([sequence] if sequence else [])]
    ordered = frame[names].sort_values(names, kind="stable").head(MOST_KEYS)
    said = [name + "=" + ordered[name].astype(object).map(_said) for name in names]
    return tuple(said[0] if sequence is None else said[0] + ", " + said[1])


def _said(value: Any) -> str:
    return "" if pd.isna(value) else f"{value:g}" if isinstance(value, float) else str(value)
