"""What pick, exists and agg share: the rows of other datasets that match each own row.

A matching has two sides. T: the own rows, with `_row`, the columns to match by (`s2a_b0`, ...) and what conditions
read of the own row (`s2a_t0`, ...). S: the other rows, with `_nr`, `_srow` and their columns. Where no condition reads
the own row, S is reduced per group before the two meet, so that a large S is read once.
"""

from __future__ import annotations

from dataclasses import dataclass

from sdtm2adam.build.quoting import name


@dataclass(frozen=True)
class Match:
    """SQL of one matching.

    Args:
        own: SELECT of side T.
        other: SELECT of side S.
        by: columns of S that equal s2a_b0, s2a_b1, ...; nulls never match.
        where: SQL over `s.` and `t.`; empty for all.
        reads_own: whether `where` (or what is computed) reads `t.`.
        first_nr: added to `_nr`, where several matchings are numbered through.
        place: the place of this candidate in the list, 1, 2, ...
    """

    own: str
    other: str
    by: tuple[str, ...]
    where: str = ""
    reads_own: bool = False
    first_nr: int = 0
    place: int = 1

    def pairs(self, items: list[str]) -> str:
        """SELECT of all matching pairs: `_row` of T and the items."""
        on = [f"s.{name(column)} = t.s2a_b{i}" for i, column in enumerate(self.by)]
        condition = " AND ".join([*on, *([f"({self.where})"] if self.where else [])]) or "TRUE"
        return f"SELECT t._row AS _row, {', '.join(items)} FROM ({self.own}) t JOIN ({self.other}) s ON {condition}"

    def groups(self, items: list[str]) -> str:
        """SELECT of side S alone: the `by` columns as s2a_k0, ... and the items; rows with a null key are left out."""
        keys = [f"s.{name(column)} AS s2a_k{i}" for i, column in enumerate(self.by)]
        known = [f"s.{name(column)} IS NOT NULL" for column in self.by]
        condition = " AND ".join([*known, *([f"({self.where})"] if self.where else [])]) or "TRUE"
        return f"SELECT {', '.join([*keys, *items])} FROM ({self.other}) s WHERE {condition}"

    @property
    def keys(self) -> list[str]:
        """The names of the group columns."""
        return [f"s2a_k{i}" for i in range(len(self.by))]

    def meet(self, groups: str, items: list[str]) -> str:
        """SELECT that brings one row per group (`g`) to the own rows."""
        on = " AND ".join(f"g.s2a_k{i} = t.s2a_b{i}" for i in range(len(self.by))) or "TRUE"
        return f"SELECT t._row AS _row, {', '.join(items)} FROM ({self.own}) t JOIN ({groups}) g ON {on}"
