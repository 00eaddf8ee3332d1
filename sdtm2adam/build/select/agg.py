"""agg and exists: one number, or one flag, over the matching rows of another dataset."""

from __future__ import annotations

from sdtm2adam.build.select.matching import Match


def aggregate(match: Match, value: str) -> str:
    """SELECT of `_row` and `_value` (the aggregate over the matching rows); own rows without any are left out.

    Float sums run in the order of the other dataset's rows, so that any number of threads gives the same bits.
    """
    if match.reads_own:
        inner = match.pairs(["s.*", "t.* EXCLUDE (_row)"])
        return f"SELECT _row, {value} AS _value FROM ({inner}) s GROUP BY _row"
    keys = ", ".join(match.keys)
    groups = match.groups(["s.*"])
    return match.meet(
        f"SELECT {keys + ', ' if keys else ''}{value} AS _value FROM ({groups}) s {_there(keys)}", ["g._value"]
    )


def exists(match: Match) -> str:
    """SELECT of `_row, _nr, _srow`: the first matching row, by source order, of own rows that have one."""
    first = "min(_nr * 1000000000000 + _srow)"
    position = f"CAST({first} // 1000000000000 AS INTEGER) AS _nr, {first} % 1000000000000 AS _srow"
    if match.reads_own:
        return f"SELECT _row, {position} FROM ({match.pairs(['s._nr AS _nr', 's._srow AS _srow'])}) GROUP BY _row"
    keys = ", ".join(match.keys)
    groups = match.groups(["s._nr AS _nr", "s._srow AS _srow"])
    grouped = f"SELECT {keys + ', ' if keys else ''}{position} FROM ({groups}) {_there(keys)}"
    return match.meet(grouped, ["g._nr", "g._srow"])


def _there(keys: str) -> str:
    """Groups with rows only: without a group, an aggregate over no row would be a row all the same."""
    return f"GROUP BY {keys}" if keys else "HAVING count(*) > 0"
