"""confirm: keeps a candidate of a pick if the rows that follow it in its source say so."""

from __future__ import annotations

from dataclasses import dataclass

from sdtm2adam.build.quoting import name
from sdtm2adam.build.select.pick import Order

CANDIDATE = "s2a_c_"
"""Before the name of a column: that of the candidate, beside the row looked at."""


@dataclass(frozen=True)
class Confirmation:
    """SQL of one `confirm`.

    Rows come after a candidate where they are later by the order, within what they have in common; rows that are equal
    in it are not. A row with a missing value of the order comes nowhere, and nothing comes after it.

    Args:
        rows: SELECT of the rows of the source: `_nr`, `_srow` and their columns.
        by: the columns that a candidate and the rows after it have in common; nulls never match.
        order: the order, as SQL over `s.`; one item or more.
        where: SQL over `s.`: which rows are candidates; empty for all.
        until: SQL over `s.` (the row looked at, and in `s2a_c_X` the candidate's X).
        require: the same, with aggregates over the rows looked at.
        own: the columns of the candidate that the two read.
    """

    rows: str
    by: tuple[str, ...]
    order: tuple[Order, ...]
    where: str
    until: str
    require: str
    own: tuple[str, ...]


def followers(one: Confirmation) -> str:
    """SELECT of each candidate (`s2a_nr`, `s2a_srow`) with each row after it, its place, and `s2a_stop`: `until`."""
    keys = [f"s.{name(column)} IS NOT NULL" for column in one.by]
    items = [f"{item.sql} AS s2a_o{i}" for i, item in enumerate(one.order)]
    may = one.where or "TRUE"
    known = (
        f"SELECT s.*, ({may}) AS s2a_may, {', '.join(items)} FROM ({one.rows}) s WHERE {' AND '.join(keys) or 'TRUE'}"
    )
    there = " AND ".join(f"s2a_o{i} IS NOT NULL" for i in range(len(one.order)))
    partition = f"PARTITION BY {', '.join(map(name, one.by))} " if one.by else ""
    order = ", ".join(item.clause(f"s2a_o{i}") for i, item in enumerate(one.order))
    placed = f"SELECT *, dense_rank() OVER ({partition}ORDER BY {order}) AS s2a_at FROM ({known}) WHERE {there}"
    same = [f"c.{name(column)} = s.{name(column)}" for column in one.by]
    own = "".join(f", c.{name(column)} AS {name(CANDIDATE + column)}" for column in one.own)
    pairs = (
        f"SELECT c._nr AS s2a_nr, c._srow AS s2a_srow{own}, s.* FROM s2a_p c JOIN s2a_p s "
        f"ON {' AND '.join([*same, 's.s2a_at > c.s2a_at'])} WHERE c.s2a_may"
    )
    return f"WITH s2a_p AS ({placed}) SELECT s.*, {one.until} AS s2a_stop FROM ({pairs}) s"


def looked_at(one: Confirmation) -> str:
    """SELECT of each candidate with the rows after it up to and including the first with `until`; none without one.

    Rows that are equal to that first one in the order are looked at too.
    """
    first = "min(s2a_at) FILTER (WHERE s2a_stop) OVER (PARTITION BY s2a_nr, s2a_srow)"
    return f"SELECT * FROM ({followers(one)}) QUALIFY s2a_at <= {first}"


def judged(one: Confirmation) -> str:
    """SELECT of the candidates with rows to look at: `_nr`, `_srow` and `s2a_kept`, what `require` says of them."""
    own = "".join(f", {name(CANDIDATE + column)}" for column in one.own)
    return (
        f"SELECT s2a_nr AS _nr, s2a_srow AS _srow, {one.require} AS s2a_kept FROM ({looked_at(one)}) s "
        f"GROUP BY s2a_nr, s2a_srow{own}"
    )


def kept(one: Confirmation) -> str:
    """SELECT of `_nr` and `_srow` of the candidates that are confirmed."""
    return f"SELECT _nr, _srow FROM ({judged(one)}) WHERE s2a_kept"
