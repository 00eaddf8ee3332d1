"""The order of levels found in the data."""

from __future__ import annotations


def frequency_order(levels: dict[str, tuple[float, ...]], last: str) -> list[str]:
    """Levels by descending count in each of some columns, most important first, then by alphabet.

    Args:
        levels: the counts of each level, one per column to sort by.
        last: the level of uncoded records, which stands last whatever its count.

    >>> frequency_order({"Rash": (3, 1), "Nausea": (5, 0), "Uncoded": (9, 9), "anaemia": (3, 1)}, "Uncoded")
    ['Nausea', 'anaemia', 'Rash', 'Uncoded']
    """
    return sorted(
        levels,
        key=lambda level: (level == last, tuple(-count for count in levels[level]), level.casefold(), level),
    )
