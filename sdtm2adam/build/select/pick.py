"""pick: for each own row, one row of other datasets: the first or last by an order."""

from __future__ import annotations

from dataclasses import dataclass, field

from sdtm2adam.build.quoting import aliased, name
from sdtm2adam.build.select.matching import Match


@dataclass(frozen=True)
class Order:
    """One item of an order: SQL over a candidate's columns, ascending or descending; nulls never win."""

    sql: str
    descending: bool

    def clause(self, column: str) -> str:
        """The item in an ORDER BY."""
        return f"{column} {'DESC' if self.descending else 'ASC'} NULLS LAST"


@dataclass(frozen=True)
class Choice:
    """One candidate of a pick: its matching, its order (one SQL per item), and the values it brings."""

    match: Match
    order: tuple[Order, ...]
    values: dict[str, str] = field(default_factory=dict)


def best(choices: list[Choice]) -> str:
    """SELECT of the candidates first by the order, ties included: `_row, _nr, _srow, _place, s2a_o0.., values`.

    All choices have the same number of order items and the same value names.
    """
    parts = [_reduced(choice) for choice in choices]
    if len(parts) == 1 and choices[0].match.reads_own is False:
        return parts[0]
    union = " UNION ALL BY NAME ".join(parts)
    return _firsts(union, ["_row"], choices[0].order)


def chosen(table: str, *, take_last: bool) -> str:
    """SELECT of the one row per `_row` among those that tie: the first (last) in source order."""
    direction = "DESC" if take_last else "ASC"
    return (
        f"SELECT * FROM {table} QUALIFY row_number() OVER (PARTITION BY _row "
        f"ORDER BY _place {direction}, _nr {direction}, _srow {direction}) = 1"
    )


def _reduced(choice: Choice) -> str:
    match = choice.match
    items = [f"{match.first_nr} + s._nr AS _nr", "s._srow AS _srow", f"{match.place} AS _place"]
    items += [f"{order.sql} AS s2a_o{i}" for i, order in enumerate(choice.order)]
    items += [aliased(sql, column) for column, sql in choice.values.items()]
    if match.reads_own:
        return match.pairs(items)
    groups = _firsts(match.groups(items), match.keys, choice.order)
    names = ["_nr", "_srow", "_place", *(f"s2a_o{i}" for i in range(len(choice.order))), *map(name, choice.values)]
    return match.meet(groups, [f"g.{column}" for column in names])


def _firsts(rows: str, group: list[str], order: tuple[Order, ...]) -> str:
    """SELECT of the rows of each group that no other row precedes; all of them where the order leaves ties."""
    if not order:
        return rows
    if len(order) == 1:
        return _extremes(rows, group, order[0])
    partition = f"PARTITION BY {', '.join(group)} " if group else ""
    clauses = ", ".join(item.clause(f"s2a_o{i}") for i, item in enumerate(order))
    return f"SELECT * FROM ({rows}) QUALIFY rank() OVER ({partition}ORDER BY {clauses}) = 1"


def _extremes(rows: str, group: list[str], item: Order) -> str:
    """The same for an order of one item, by a hash aggregate instead of a sort."""
    extreme = "max" if item.descending else "min"
    keys = ", ".join(group)
    ends = f"SELECT {keys + ', ' if keys else ''}{extreme}(s2a_o0) AS _end FROM _c {'GROUP BY ' + keys if keys else ''}"
    same = " AND ".join([*(f"c.{key} = e.{key}" for key in group), "c.s2a_o0 IS NOT DISTINCT FROM e._end"])
    return f"(WITH _c AS ({rows}), _e AS ({ends}) SELECT c.* FROM _c c JOIN _e e ON {same})"
