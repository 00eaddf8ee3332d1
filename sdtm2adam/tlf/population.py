"""The subjects of an output and the columns they stand in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sdtm2adam.errors import InputError, SpecError, nearest
from sdtm2adam.model import Issue
from sdtm2adam.spec.conditions import holds, parse
from sdtm2adam.spec.display_plan import DisplaySpec, Leaf
from sdtm2adam.spec.report import ALL, Grouping, Report
from sdtm2adam.tlf.typed_columns import dates_of, numbers_of

Mask = npt.NDArray[np.bool_]


@dataclass
class Frames:
    """The ADaM datasets of an output.

    `read` remembers which variables were read, `strangers` what is told of records that belong to no subject of ADSL.
    """

    datasets: Mapping[str, Any]
    read: set[tuple[str, str]] = field(default_factory=set)
    strangers: dict[str, Issue | None] = field(default_factory=dict)

    def dataset(self, name: str, where: str) -> Any:
        """One dataset.

        Raises:
            SpecError: it is not there.
        """
        if name not in self.datasets:
            raise SpecError(f"unknown dataset {name!r}", where=where, mend=nearest(name, self.datasets))
        return self.datasets[name]

    def column(self, dataset: str, variable: str, where: str) -> Any:
        """One variable of a dataset.

        Raises:
            SpecError: it is not there.
        """
        frame = self.dataset(dataset, where)
        if variable not in frame.columns:
            raise SpecError(
                f"unknown variable {dataset}.{variable}", where=where, mend=nearest(variable, map(str, frame.columns))
            )
        self.read.add((dataset, variable))
        return frame[variable]


class Population:
    """The analysis set of an output, from ADSL, sorted by subject.

    Args:
        spec: the output.
        report: its sets and groupings.
        frames: the datasets.
        chosen: the analysis set, where it is not that of the output.

    Raises:
        InputError: a subject stands twice in ADSL or has no id, or has no level of a grouping of the columns.
    """

    def __init__(self, spec: DisplaySpec, report: Report, frames: Frames, chosen: str = "") -> None:
        self.spec, self.report, self.frames = spec, report, frames
        condition = parse(report.sets[chosen or spec.text.population].where)
        where = str(spec.text.population.where)
        size = len(frames.dataset("ADSL", where))
        met = holds(condition, lambda dataset, variable: frames.column(dataset, variable, where), size)
        ids = frames.column("ADSL", "USUBJID", where)
        _refuse_duplicates(ids)
        positions = np.flatnonzero(met)
        self._rows = positions[np.argsort(ids.to_numpy(dtype=object)[positions], kind="stable")]
        self.subjects = ids.iloc[self._rows].reset_index(drop=True)
        self._index = pd.Index(self.subjects)
        self._all = ids
        self._coded: dict[str, npt.NDArray[np.intp]] = {}

    def __len__(self) -> int:
        return len(self.subjects)

    def column(self, variable: str) -> Any:
        """One ADSL variable, one value per subject."""
        values = self.frames.column("ADSL", variable, str(self.spec.text.id.where))
        return values.iloc[self._rows].reset_index(drop=True)

    def numbers(self, variable: str) -> npt.NDArray[np.float64]:
        """One ADSL variable as numbers, one per subject, NaN where it is missing.

        Raises:
            InputError: it is none.
        """
        return numbers_of(self.column(variable), f"ADSL.{variable}", str(self.spec.text.id.where))

    def dates(self, variable: str) -> Any:
        """One ADSL variable as timestamps, one per subject.

        Raises:
            InputError: it is no date.
        """
        return dates_of(self.column(variable), f"ADSL.{variable}", str(self.spec.text.id.where))

    def positions(self, ids: Any) -> npt.NDArray[np.intp]:
        """The position of each id among the subjects; -1 for one outside the set."""
        found: npt.NDArray[np.intp] = self._index.get_indexer(pd.Index(ids))
        return found

    def knows(self, ids: Any) -> Mask:
        """Whether each id stands in ADSL, in the set or not."""
        return np.asarray(ids.isin(self._all), dtype=bool)

    def level(self, name: str, level: str) -> Mask:
        """The subjects of one level of a grouping."""
        if level == ALL:
            return np.ones(len(self), dtype=bool)
        grouping = self.report.groupings[name]
        met: Mask = self.coded(name) == list(grouping.levels).index(level)
        return met

    def coded(self, name: str) -> npt.NDArray[np.intp]:
        """The position of each subject's level in a grouping.

        Raises:
            InputError: a subject has a value that is no level.
        """
        if name not in self._coded:
            grouping = self.report.groupings[name]
            values = as_texts(self.column(grouping.coded))
            known = np.array(["" if value is None else value for value in values], dtype=object)
            found = pd.Index([str(value) for value, _ in grouping.levels.values()]).get_indexer(known)
            if (found < 0).any():
                raise _no_level(name, grouping, values[found < 0], self.subjects[found < 0])
            self._coded[name] = found
        return self._coded[name]

    def leaf(self, leaf: Leaf) -> Mask:
        """The subjects of one leaf column."""
        met = np.ones(len(self), dtype=bool)
        for name, level in zip(leaf.groupings, leaf.levels, strict=True):
            met &= self.level(name, level)
        return met

    def membership(self, leaves: tuple[Leaf, ...]) -> Mask:
        """Subjects by leaf columns."""
        for name in dict.fromkeys(name for leaf in leaves for name in leaf.groupings):
            self.coded(name)
        return np.stack([self.leaf(leaf) for leaf in leaves], axis=1) if leaves else np.ones((len(self), 0), dtype=bool)


def as_texts(values: Any) -> npt.NDArray[np.object_]:
    """Values as the spec writes them: 1.0 is `1`, missing is None.

    >>> as_texts(pd.Series([1.0, None])).tolist(), as_texts(pd.Series(["INO"])).tolist()
    (['1', None], ['INO'])
    """
    series = pd.Series(values)
    texts = series.astype(object).to_numpy()
    if pd.api.types.is_numeric_dtype(series):
        whole = np.array([f"{value:.15g}" for value in pd.unique(series.dropna())], dtype=object)
        numbers = pd.Index(pd.unique(series.dropna()))
        texts = np.array([*whole, None], dtype=object)[numbers.get_indexer(series)]
    texts = np.array(texts, dtype=object)
    texts[series.isna().to_numpy()] = None
    return texts


def _refuse_duplicates(ids: Any) -> None:
    if ids.isna().any():
        raise InputError(
            f"{int(ids.isna().sum())} records of ADSL have no USUBJID", where="ADSL", mend="name their subjects"
        )
    again = ids[ids.duplicated()]
    if len(again):
        raise InputError(
            f"{len(again)} subjects stand more than once in ADSL (first: {again.iloc[0]})",
            where="ADSL",
            mend="ADSL has one record per subject",
        )


def _no_level(name: str, grouping: Grouping, values: Any, subjects: Any) -> InputError:
    shown = ", ".join(sorted({"missing" if value is None else str(value) for value in values}))
    return InputError(
        f"{len(values)} subjects have a value of {grouping.dataset}.{grouping.coded} that is no level of {name}: "
        f"{shown} (first: {subjects.iloc[0]})",
        where=f"{grouping.dataset}.{grouping.coded}",
        mend=f"add the value to the levels of {name} in report.yaml, or correct the data",
    )
