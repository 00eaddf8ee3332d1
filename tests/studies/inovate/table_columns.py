"""The columns of the tables as rows of a dataset, arms within CD22 groups; printed rows held against wanted ones."""

import pandas as pd

Row = list[str]
INO, SC = "Inotuzumab Ozogamicin", "Standard of Care"
GROUPS = (1, 2, 9, 0)  # CD22 >= 90 %, < 90 %, missing; 0 = all
NARROW = 12
"""Characters a cell of one column may have."""


def in_group(frame: pd.DataFrame, group: int) -> pd.DataFrame:
    return frame if not group else frame[frame["CD22GR1N"] == group]


def columns(frame: pd.DataFrame, groups: tuple[int, ...] = GROUPS, arm: str = "TRT01P") -> list[pd.DataFrame]:
    """The rows of each column of a table, arms within CD22 groups."""
    parts = [in_group(frame, group) for group in groups]
    return [part[part[arm] == which] for part in parts for which in (INO, SC)]


def spans(frame: pd.DataFrame) -> list[pd.DataFrame]:
    return [in_group(frame, group) for group in GROUPS]


def check(printed: list[Row], wanted: list[Row]) -> None:
    """Each row and cell is as recomputed; the first that is not is told."""
    for place, (seen, should) in enumerate(zip(printed, wanted, strict=False)):
        assert seen == should, f"row {place}"
    assert len(printed) == len(wanted)


def heads(frame: pd.DataFrame, groups: tuple[int, ...] = GROUPS, arm: str = "TRT01P") -> set[tuple[str, ...]]:
    sizes = [len(part) for part in columns(frame, groups, arm)]
    return {tuple(f"{('InO', 'SC')[k % 2]} (N={n})" for k, n in enumerate(sizes))}


def strata_of(frame: pd.DataFrame) -> pd.Series:
    return frame["STRAT1R"] + "/" + frame["STRAT2R"] + "/" + frame["STRAT3R"]
