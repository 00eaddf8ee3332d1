"""Two versions of a dataset held against each other, cell by cell, their records matched by a natural key."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

RECORD = "(record)"


@dataclass(frozen=True)
class Comparison:
    """What a comparison found.

    `cells` are all cells of the given dataset, `unequal` counts those that the own dataset has not alike, by variable;
    under `(record)` those of records that the own dataset has not at all. `extra` counts own records that were not
    given. `differing` has one row for each cell that differs: the key, `variable`, `own`, `given`.
    """

    cells: int
    unequal: dict[str, int]
    extra: int
    differing: pd.DataFrame

    @property
    def equal(self) -> int:
        """Cells that are alike."""
        return self.cells - sum(self.unequal.values())


def compare(
    own: pd.DataFrame, given: pd.DataFrame, key: list[str], ties: list[str], variables: list[str]
) -> Comparison:
    """Compare two datasets; a variable that the own one lacks is missing in it.

    Args:
        own: the dataset under test.
        given: the one it is held against.
        key: columns that name a record in both.
        ties: columns that order the records that `key` leaves alike.
        variables: those that are compared; other columns may be there for the key.
    """
    mine, theirs = (_numbered(frame, key, ties) for frame in (own, given))
    both = mine.merge(theirs, on=[*key, "_copy"], how="outer", suffixes=("|own", "|given"), indicator=True)
    pairs = both[both["_merge"] == "both"]
    unequal, found = {}, []
    absent = int((both["_merge"] == "right_only").sum())
    if absent:
        unequal[RECORD] = absent * len(variables)
    for variable in variables:
        if variable in key:
            continue
        left, right = _sides(pairs, variable, variable in own.columns)
        wrong = ~((left == right) | (left.isna() & right.isna()))
        if wrong.any():
            unequal[variable] = int(wrong.sum())
            sides = {"variable": variable, "own": left[wrong].astype(object), "given": right[wrong].astype(object)}
            found.append(pairs.loc[wrong, key].assign(**sides))
    differing = pd.concat(found, ignore_index=True) if found else pd.DataFrame()
    return Comparison(len(given) * len(variables), unequal, int((both["_merge"] == "left_only").sum()), differing)


def _numbered(frame: pd.DataFrame, key: list[str], ties: list[str]) -> pd.DataFrame:
    """The frame with `_copy`: 0, 1, ... on records that the key leaves alike."""
    ordered = frame.sort_values([*key, *ties], na_position="last", kind="stable")
    return ordered.assign(_copy=ordered.groupby(key, dropna=False, sort=False).cumcount())


def _sides(pairs: pd.DataFrame, variable: str, present: bool) -> tuple[pd.Series, pd.Series]:
    if not present:
        right = pairs[variable]
        return pd.Series(None, index=pairs.index, dtype=right.dtype), right
    return pairs[f"{variable}|own"], pairs[f"{variable}|given"]
