"""flag and seq: what the own rows say of each other within a group. Nulls form a group of their own."""

from __future__ import annotations

from sdtm2adam.build.select.pick import Order


def flagged(rows: str, groups: int, order: tuple[Order, ...], take: str, until: bool) -> str:
    """SELECT of the `_row`s that get the flag.

    Args:
        rows: SELECT of `_row`, `s2a_g0..`, `s2a_o0..` and, with `until`, `_stop`; only rows that `where` keeps.
        groups: number of group columns.
        order: the order items; row order decides ties.
        take: first, last or all.
        until: only rows up to and including the first with `_stop` are candidates.
    """
    window = _window(groups, order, reverse=False)
    if until:
        stopped = f"count(*) FILTER (WHERE _stop) OVER ({window} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"
        rows = f"SELECT * FROM ({rows}) QUALIFY coalesce({stopped}, 0) = 0"
    if take == "all":
        return f"SELECT _row FROM ({rows})"
    end = _window(groups, order, reverse=take == "last")
    return f"SELECT _row FROM ({rows}) QUALIFY row_number() OVER ({end}) = 1"


def numbered(rows: str, groups: int, order: tuple[Order, ...]) -> str:
    """SELECT of `_row` and `_value`: 1, 2, 3, ... within each group."""
    number = f"row_number() OVER ({_window(groups, order, reverse=False)})"
    return f"SELECT _row, CAST({number} AS INTEGER) AS _value FROM ({rows})"


def _window(groups: int, order: tuple[Order, ...], *, reverse: bool) -> str:
    partition = f"PARTITION BY {', '.join(f's2a_g{i}' for i in range(groups))} " if groups else ""
    items = [Order(o.sql, o.descending != reverse).clause(f"s2a_o{i}") for i, o in enumerate(order)]
    return f"{partition}ORDER BY {', '.join([*items, '_row DESC' if reverse else '_row'])}"
