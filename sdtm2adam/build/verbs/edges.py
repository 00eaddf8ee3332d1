"""The lineage of a verb on frames: for each row of the result the rows it was made from, by their places.

Places are counted from 0 in the frame of the caller, whatever its index. An Arrow table `row, source, source_row`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from sdtm2adam.build.lineage import Lineage
from sdtm2adam.build.relation import Stack, source_label
from sdtm2adam.build.verbs.desk import OWN, Desk

Places = np.ndarray[Any, np.dtype[np.int64]]


def of_rows(at: Desk, places: Places) -> pa.Table:
    """The rows that the rows of the dataset were made from; those of groups are many.

    Args:
        at: computed.
        places: where each row of the dataset stands in the result.
    """
    lineage = Lineage.of(at.plan, {})
    edges = lineage.edges(at.context)
    return _placed(at, places, (edges if edges is not None else lineage.table(at.context)), "source", "source_row")


def of_pick(at: Desk, places: Places, name: str) -> pa.Table:
    """The rows that a pick or an exists found."""
    return _placed(at, places, Lineage.of(at.plan, {}).table(at.context), f"{name}.source", f"{name}.row")


def of_pairs(at: Desk, places: Places, pairs: str, stack: Stack, *, listed: bool) -> pa.Table:
    """The rows that an agg read, from a SELECT of `_row, _nr, _srow`; none if they are not to be `listed`."""
    label = source_label(stack, "_nr")
    rows = at.plan.warehouse.arrow(
        f'SELECT _row AS "row", {label} AS source, _srow AS source_row FROM ({pairs}){"" if listed else " LIMIT 0"}'
    )
    return _placed(at, places, rows, "source", "source_row")


def _placed(at: Desk, places: Places, rows: pa.Table, source: str, place: str) -> pa.Table:
    """Lineage of the engine, by its numbers of rows, as lineage by places; rows made of nothing are left out."""
    rows = rows.filter(rows[place].is_valid())
    names = rows[source].to_numpy(zero_copy_only=False).astype(object)
    numbers = rows[place].to_numpy().astype(np.int64)
    found = np.empty(len(numbers), dtype=np.int64)
    order = np.empty(len(numbers), dtype=np.int64)
    labels = np.empty(len(numbers), dtype=object)
    for nr, name in enumerate(at.job.frames.tables):
        mine = (names == name) | (names == name + OWN)
        if mine.any():
            key = name + OWN if name + OWN in at.positions else name
            found[mine], order[mine], labels[mine] = at.positions[key][numbers[mine]], nr, name
    row = places[rows["row"].to_numpy()]
    sorting = np.lexsort([found, order, row])
    return pa.table(
        {
            "row": pa.array(row[sorting], pa.int64()),
            "source": pa.array(labels[sorting], pa.string()),
            "source_row": pa.array(found[sorting], pa.int64()),
        }
    )
