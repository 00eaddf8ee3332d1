"""What the records of a raw form are called."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa


def raw_keys(frame: pa.Table, rows: Sequence[int], keys: pa.Table | None = None) -> tuple[str, ...]:
    """The records of these rows of a raw form, each as `SUBJECT=..., RECORDID=...`; the row where it has neither.

    Args:
        frame: the form.
        rows: from 0.
        keys: the columns of its key by contract, a row for each record in the order of `frame`; without it, RECORDID.
    """
    at = pa.array(rows, pa.int64())
    own = [name for name in keys.column_names if name != "row"] if keys is not None else []
    beside = ("SUBJECT", "USUBJID") if own else ("SUBJECT", "USUBJID", "RECORDID")
    parts = [_named(frame, name, at) for name in beside if name in frame.column_names and name not in own]
    parts += [_named(keys, name, at, blank=True) for name in own]
    return tuple(", ".join(filter(None, told)) or f"row {row + 1}" for row, *told in zip(rows, *parts, strict=True))


def _named(table: pa.Table, name: str, at: pa.Array, *, blank: bool = False) -> list[str]:
    """`RECORDID=12` for each row; of a missing value nothing, or the name alone."""
    missing = f"{name}=" if blank else ""
    return [missing if value is None else f"{name}={value}" for value in table[name].take(at).to_pylist()]
