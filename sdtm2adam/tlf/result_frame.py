"""The results of an output as one frame, column by column: what many results share is written once and taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from sdtm2adam.model import RESULT_COLUMNS
from sdtm2adam.tlf.identity import Group

NUMBERS = ("stat", "op_order", "n_subj", "n_rec", "g1_leveln", "g2_leveln", "g3_leveln", "g4_leveln")
"""The columns of results that are numbers; all others are texts."""
_NOBODY = Group("", "")
_PLACES = range(4)


@dataclass(frozen=True, slots=True)
class Stored:
    """One result: what it shares with its row, the groups it shares with its cell, and what is its own."""

    about: dict[str, Any]
    groups: tuple[Group, ...]
    own: tuple[Any, ...]


OWN_COLUMNS = (
    "op_id", "op_order", "comp_ref", "stat_name", "stat_label", "stat", "stat_c", "status", "status_reason", "shown",
    "pattern", "formatted", "result_id", "num_id", "den_id", "member_id", "n_subj", "n_rec",
)  # fmt: skip
"""The columns that `Stored.own` has, in its order."""


def result_frame(rows: Sequence[Stored], common: dict[str, str]) -> Any:
    """All stored results, one row each.

    Args:
        rows: the results in their order.
        common: columns that have one value.
    """
    columns: dict[str, Any] = {name: _repeated(value, len(rows)) for name, value in common.items()}
    columns |= _shared([row.about for row in rows]) | _grouped([row.groups for row in rows])
    own = zip(*(row.own for row in rows), strict=True) if rows else ((),) * len(OWN_COLUMNS)
    columns |= dict(zip(OWN_COLUMNS, own, strict=True))
    return pd.DataFrame({name: _column(name, columns[name]) for name in RESULT_COLUMNS})


def as_column(values: Any) -> Any:
    """A column of texts; one that is missing is empty."""
    if not isinstance(values, (pa.Array, pa.ChunkedArray)):
        values = pa.array(["" if value is None else value for value in values], pa.large_string())
    return pd.array(values, dtype="str")


def _column(name: str, values: Any) -> Any:
    return np.array(values, dtype=np.float64) if name in NUMBERS else as_column(values)


def _repeated(value: str, times: int) -> Any:
    return pa.array([value], pa.large_string()).take(pa.array(np.zeros(times, dtype=np.int64)))


def _shared(abouts: list[dict[str, Any]]) -> dict[str, Any]:
    """The columns of the rows: each distinct row is written once."""
    distinct = {id(about): about for about in abouts}
    places = {known: at for at, known in enumerate(distinct)}
    taken = pa.array([places[id(about)] for about in abouts], pa.int64())
    names = next(iter(distinct.values())) if distinct else [name for name in RESULT_COLUMNS if name not in OWN_COLUMNS]
    return {
        name: pa.array([about[name] for about in distinct.values()], pa.large_string()).take(taken) for name in names
    }


def _grouped(groups: list[tuple[Group, ...]]) -> dict[str, Any]:
    """The columns of the groups, four each."""
    found: dict[str, Any] = {}
    for place in _PLACES:
        here = [held[place] if place < len(held) else _NOBODY for held in groups]
        found |= {
            f"g{place + 1}_id": [group.id for group in here],
            f"g{place + 1}_var": [group.variable for group in here],
            f"g{place + 1}_level": [group.level for group in here],
            f"g{place + 1}_leveln": [group.number for group in here],
        }
    return found
