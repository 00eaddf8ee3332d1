"""Columns that bear another name than in the last transfer: a gone and a new one with the same values by key."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from sdtm2adam.intake.difference import both, quoted

_SAME = 0.95


@dataclass(frozen=True)
class Renamed:
    """An old and a new name, and in how many of the records that have a value under either the two agree.

    `of` says what was compared: records, or different values where no key tells the records apart.
    """

    old: str
    new: str
    same: int
    compared: int
    of: str = "records"


def renamed_columns(
    before: pa.Table, after: pa.Table, key: Sequence[str], gone: Sequence[str], new: Sequence[str]
) -> list[Renamed]:
    """The gone columns that a new one continues: equal in at least 95 of 100 records that both transfers have.

    Of several that agree as well, the one whose name is most alike. A column with a single value everywhere proves
    nothing, and is left out unless the names are alike. Where no key is in both transfers (it may be what was renamed),
    the different values are compared instead of the records.

    Args:
        before: the previous transfer.
        after: this one.
        key: the columns that name a record, in both.
        gone: columns of `before` that `after` lacks.
        new: columns of `after` that `before` lacks.
    """
    if not gone or not new:
        return []
    if not key:
        return _by_values(before, after, gone, new)
    pairs = [(old, name) for old in gone for name in new]
    with both(before, after) as connection:
        same = " AND ".join(f"b.{quoted(c)} IS NOT DISTINCT FROM a.{quoted(c)}" for c in key)
        items = [
            item
            for old, name in pairs
            for b, a in [(f"b.{quoted(old)}", f"a.{quoted(name)}")]
            for item in (f"count(*) FILTER ({b} = {a})", f"count(*) FILTER (coalesce({b}, {a}) IS NOT NULL)",
                         f"count(DISTINCT {b})")
        ]  # fmt: skip
        row = connection.execute(f"SELECT {', '.join(items)} FROM b JOIN a ON {same}").fetchone()
    assert row is not None
    likely = []
    for (old, name), (equal, compared, values) in zip(pairs, zip(*[iter(row)] * 3, strict=True), strict=True):
        alike = difflib.SequenceMatcher(None, old.upper(), name.upper()).ratio()
        if compared and equal / compared >= _SAME and (values > 1 or alike > 0.6):
            likely.append((-equal / compared, -alike, old, name, equal, compared))
    return _one_to_one(likely)


def _by_values(before: pa.Table, after: pa.Table, gone: Sequence[str], new: Sequence[str]) -> list[Renamed]:
    """The same by the different values of each column, where records cannot be told apart."""
    old = {column: _values(before, column) for column in gone}
    now = {column: _values(after, column) for column in new}
    likely = []
    for column, was in old.items():
        for name, values in now.items():
            alike = difflib.SequenceMatcher(None, column.upper(), name.upper()).ratio()
            same, compared = len(was & values), len(was)
            if compared and same / compared >= _SAME and (compared > 1 or alike > 0.6):
                likely.append((-same / compared, -alike, column, name, same, compared))
    return [replace(one, of="different values") for one in _one_to_one(likely)]


def _values(frame: pa.Table, column: str) -> frozenset[str]:
    return frozenset(value for value in pc.unique(frame[column]).to_pylist() if value is not None)


def _one_to_one(likely: list[tuple[float, float, str, str, int, int]]) -> list[Renamed]:
    """Each old and each new name once, the best pairs first."""
    found: list[Renamed] = []
    for _, _, old, new, equal, compared in sorted(likely):
        if all(old != other.old and new != other.new for other in found):
            found.append(Renamed(old, new, equal, compared))
    return sorted(found, key=lambda one: one.old)
