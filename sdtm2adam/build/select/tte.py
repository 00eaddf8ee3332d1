"""tte: time to event. The earliest event ends the time; without one the latest censoring does."""

from __future__ import annotations

from dataclasses import dataclass

from sdtm2adam.build.quoting import aliased, literal, name
from sdtm2adam.build.select.matching import Match


@dataclass(frozen=True)
class Ending:
    """One source of events (`cnsr` 0) or censorings.

    `date` is SQL over `s.` and `t.`; `start` and `until` are SQL over `t.`; `values` are the further columns it makes.
    """

    match: Match
    date: str
    start: str
    until: str
    cnsr: int
    event: str
    censor: str
    domain: str
    variable: str
    sequence: str
    values: dict[str, str]


def dates_of(endings: list[Ending]) -> str:
    """SELECT of all dates of several sources, each with the start it is counted from."""
    return " UNION ALL BY NAME ".join(dates(ending) for ending in endings)


def dates(ending: Ending) -> str:
    """SELECT of all dates of one source, with the start they are counted from."""
    items = [
        f"{ending.match.first_nr} + s._nr AS _nr",
        "s._srow AS _srow",
        f"{ending.match.place} AS _place",
        f"CAST({ending.date} AS DATE) AS _d",
        f"CAST({ending.start} AS DATE) AS _start",
        f"CAST({ending.until} AS DATE) AS _until",
        f"{ending.cnsr} AS CNSR",
        f"{_text(ending.event)} AS EVNTDESC",
        f"{_text(ending.censor)} AS CNSDTDSC",
        f"{_text(ending.domain)} AS SRCDOM",
        f"{_text(ending.variable)} AS SRCVAR",
        f"CAST({ending.sequence} AS DOUBLE) AS SRCSEQ",
        *(aliased(value, column) for column, value in ending.values.items()),
    ]
    return f"SELECT * FROM ({ending.match.pairs(items)}) WHERE _d IS NOT NULL"


def first_of(rows: str, *, earliest: bool) -> str:
    """SELECT of the one date per subject that counts: on or after the start, not after `until`.

    Args:
        rows: a table or SELECT in brackets, as `dates_of` gives it.
        earliest: the earliest date counts, or the latest; on the same date the source listed first.
    """
    order = f"_d {'ASC' if earliest else 'DESC'}, _place, _nr, _srow"
    return (
        f"SELECT * FROM {rows} WHERE _d >= _start AND (_until IS NULL OR _d <= _until) "
        f"QUALIFY row_number() OVER (PARTITION BY _row ORDER BY {order}) = 1"
    )


def early(table: str) -> str:
    """SELECT of the places of the sources with dates before the start, and how many these are."""
    return f"SELECT _place, count(*) FROM {table} WHERE _d < _start GROUP BY _place ORDER BY _place"


def rows(per: str, starts: str, events: str, censors: str, values: list[str]) -> str:
    """SELECT of the records: one for each subject with a start and a date.

    Args:
        per: the table of the rows the times start from.
        starts: SELECT of `_row` and `STARTDT` of those with a start.
        events: table of the event of each.
        censors: table of the censoring of each.
        values: further columns the sources make.
    """
    columns = ["_nr", "_srow", "_place", "CNSR", "EVNTDESC", "CNSDTDSC", "SRCDOM", "SRCVAR", "SRCSEQ", *values]
    chosen = [f"CASE WHEN e._row IS NOT NULL THEN e.{name(c)} ELSE c.{name(c)} END AS {name(c)}" for c in columns]
    return (
        f"SELECT row_number() OVER (ORDER BY p._row) - 1 AS _row, 0 AS _tnr, p._row AS _trow, b.STARTDT, "
        f"coalesce(e._d, c._d) AS ADT, {', '.join(chosen)} FROM {per} p JOIN ({starts}) b ON b._row = p._row "
        f"LEFT JOIN {events} e ON e._row = p._row LEFT JOIN {censors} c ON c._row = p._row "
        "WHERE e._row IS NOT NULL OR c._row IS NOT NULL"
    )


def _text(value: str) -> str:
    return literal(value) if value else "CAST(NULL AS VARCHAR)"
