"""Frames of Python programmers: pandas or Arrow in, checked and never changed; the same kind out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from sdtm2adam.build.datasets import RESERVED
from sdtm2adam.build.pandas_columns import as_column, as_series
from sdtm2adam.errors import InputError, SpecError

Frame = Any
"""A pandas DataFrame or an Arrow table."""
POSITION = "position~"
"""The hidden column that says where in the caller's frame a row stands; no expression can name it."""
ALONE = "FRAME"
"""What a frame is called that is given without a name."""


@dataclass(frozen=True)
class Frames:
    """The frames of one call by name, as Arrow tables; the first is the one whose rows are made or added to."""

    tables: dict[str, pa.Table]
    given: Frame

    @property
    def own(self) -> str:
        """The name of the first frame."""
        return next(iter(self.tables))

    @property
    def is_pandas(self) -> bool:
        """Whether the first frame is of pandas: then so is what is given back."""
        return isinstance(self.given, pd.DataFrame)

    def added(self, columns: Mapping[str, pa.ChunkedArray]) -> Frame:
        """The first frame with further columns; its own columns and index are as they were."""
        if not self.is_pandas:
            made = self.given
            for name, values in columns.items():
                made = made.append_column(name, values)
            return made
        return self.given.assign(**{name: as_series(values, self.given.index) for name, values in columns.items()})

    def alike(self, table: pa.Table) -> Frame:
        """A table as the kind of frame the first one is; of pandas with rows numbered from 0."""
        if not self.is_pandas:
            return table
        index = pd.RangeIndex(table.num_rows)
        return pd.DataFrame({name: as_series(table[name], index) for name in table.column_names}, index=index)


def frames_of(said: Frame | Mapping[str, Frame], alone: str = ALONE) -> Frames:
    """The frames of a call.

    Args:
        said: one frame, or frames by name.
        alone: how one frame without a name is called.

    Raises:
        InputError: a frame, a name or a column that the engine cannot read.
    """
    named: Mapping[str, Frame] = said if isinstance(said, Mapping) else {alone: said}
    if not named:
        raise InputError("there is no frame", where="frames", mend="give a frame, or frames by name: {'ADSL': adsl}")
    for name in named:
        if not isinstance(name, str) or not re.fullmatch(r"[A-Z][A-Z0-9_]{0,31}", name):
            said_name = f"{name!r} is no name of a dataset"
            raise InputError(said_name, where="frames", mend="capital letters, digits and _, as in {'ADSL': adsl}")
    tables = {name: _table(frame, f"frames[{name!r}]") for name, frame in named.items()}
    return Frames(tables, next(iter(named.values())))


def _table(frame: Frame, where: str) -> pa.Table:
    if not isinstance(frame, (pd.DataFrame, pa.Table)):
        said = f"is a {type(frame).__name__}, not a frame"
        raise InputError(said, where=where, mend="give a pandas DataFrame or an Arrow table")
    names = list(frame.columns) if isinstance(frame, pd.DataFrame) else frame.column_names
    _check_names(names, where)
    columns = {
        name: as_column(frame.iloc[:, i] if isinstance(frame, pd.DataFrame) else frame.column(i), f"{where}: {name}")
        for i, name in enumerate(names)
    }
    rows = len(frame) if isinstance(frame, pd.DataFrame) else frame.num_rows
    return pa.table({**columns, POSITION: pa.array(np.arange(rows, dtype=np.int64))})


def _check_names(names: list[Any], where: str) -> None:
    seen: set[str] = set()
    for name in names:
        if not isinstance(name, str) or not name or "~" in name or name.lower() in RESERVED:
            raise InputError(f"has a column called {name!r}", where=where, mend="rename it: letters, digits and _")
        if name.upper() in seen:
            raise InputError(f"has two columns called {name}, but for case", where=where, mend="drop or rename one")
        seen.add(name.upper())


def free(frames: Frames, name: str, where: str = "name") -> None:
    """Refuses a name for a new column that the first frame has, or that no column can have.

    Raises:
        SpecError: it has, or cannot be.
    """
    if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name) or name.lower() in RESERVED:
        raise SpecError(f"{name!r} is no name of a column", where=where, mend="letters, digits and _, as in TRTSDT")
    if name.upper() in map(str.upper, frames.tables[frames.own].column_names):
        said = f"{frames.own} has a column {name} already"
        raise SpecError(said, where=where, mend="call the new one otherwise, or drop the old one first")
