"""Keys of a file: the smallest groups of columns that tell all its records apart, proven on all of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import combinations

import duckdb
import pyarrow as pa

from sdtm2adam.intake.profile import ColumnProfile

_RECORD = re.compile(r"RECORD_?(ID|NO|NUM)|REC_?ID|ROW_?ID|RECNO|.*_?OID|.*_?UUID|GUID")
_NUMBERS = re.compile(r".*(ID|NO|NUM|SEQ|REF|ACCESSION|POS|LINE)")
_PLACES = re.compile(r".*(VISIT|FOLDER|INSTANCE|EVENT|CYCLE|PERIOD|TPT|TIMEPOINT|TEST|PARAM|DAT|DT|TIM|FORM).*")
_MOST_COLUMNS, _MOST_WIDE, _LONGEST = 14, 4, 60
_MOST_TRIED = 400


def saved_twice(frame: pa.Table) -> int:
    """How many records are the same as another one in all columns."""
    if not len(frame):
        return 0
    with duckdb.connect(":memory:") as connection:
        connection.register("frame", frame)
        return len(frame) - _different(connection, frame.column_names)


def keys_of(
    frame: pa.Table, profiles: Sequence[ColumnProfile], subject: str, apart: Iterable[str] = ()
) -> list[tuple[str, ...]]:
    """The keys of a file, the one to prefer first; none if records cannot be told apart.

    No two records share a key; records that are the same in all columns count once. A number of the record is preferred
    to the subject, that to any other single column, and these to the smallest group of columns with the subject in it,
    all of which have a value in every record. Where four are not enough, columns are added until all are told apart.

    Args:
        frame: the file.
        profiles: of its columns.
        subject: the column of the subject; empty if there is none.
        apart: columns that cannot be part of a key, such as housekeeping.
    """
    if not len(frame):
        return []
    left_out = set(apart)
    records = len(frame) - saved_twice(frame)
    named = [
        p for p in profiles if p.always and p.longest <= _LONGEST and p.name not in left_out and p.type != "number"
    ]
    single = [p.name for p in named if p.distinct == records and (p.name == subject or _may_name(p))]
    found: list[tuple[str, ...]] = [
        (name,) for name in sorted(single, key=lambda name: (_weight(name, subject), frame.column_names.index(name)))
    ]
    if found:
        return found[:3]
    several = [p.name for p in named if p.distinct > 1 or p.name == subject]
    if groups := _groups(frame, several, subject, records):
        return groups
    telling = [p for p in profiles if p.distinct + (p.filled < p.records) > 1 and p.name not in left_out]
    others = [p for p in telling if p.name not in several]
    said = [p.name for p in others if p.type != "number" and p.nearly != "number"]
    measured = [p.name for p in others if p.name not in said]
    return _wide(frame, [*several, *said], subject, records) or _wide(
        frame, [*several, *said, *measured], subject, records
    )


def _may_name(profile: ColumnProfile) -> bool:
    """Whether a column may name a record by itself: values that differ by chance, such as dates, do not."""
    name = profile.name.upper()
    return profile.type in ("text", "integer") and bool(_RECORD.fullmatch(name) or _NUMBERS.fullmatch(name))


def _weight(name: str, subject: str) -> int:
    if _RECORD.fullmatch(name.upper()):
        return 0
    if name == subject:
        return 1
    return 2 if _NUMBERS.fullmatch(name.upper()) else 3 if _PLACES.fullmatch(name.upper()) else 4


def _groups(frame: pa.Table, names: Sequence[str], subject: str, records: int) -> list[tuple[str, ...]]:
    """The smallest groups that are unique, those with the subject and with numbers, visits and dates first."""
    order = {name: place for place, name in enumerate(frame.column_names)}
    likely = sorted(names, key=lambda name: (name != subject, _weight(name, subject), order[name]))[:_MOST_COLUMNS]
    with duckdb.connect(":memory:") as connection:
        connection.register("frame", frame)
        tried = 0
        for width in range(2, _MOST_WIDE + 1):
            found = []
            groups = [g for g in combinations(likely, width) if subject not in likely or subject in g]
            for group in groups:
                tried += 1
                if tried > _MOST_TRIED:
                    break
                if _different(connection, group) == records:
                    found.append(tuple(sorted(group, key=lambda name: (name != subject, order[name]))))
            if found:
                return found[:3]
    return []


def _wide(frame: pa.Table, names: Sequence[str], subject: str, records: int) -> list[tuple[str, ...]]:
    """A group made by adding, time and again, the column that tells most records apart; then without what is idle."""
    chosen = [subject] if subject in names else []
    with duckdb.connect(":memory:") as connection:
        connection.register("frame", frame)
        reached = _different(connection, chosen) if chosen else 1
        while reached < records:
            gains = {name: _different(connection, [*chosen, name]) for name in names if name not in chosen}
            best = max(gains, key=lambda name: (gains[name], -names.index(name)), default="")
            if not best or gains[best] <= reached:
                return []
            chosen.append(best)
            reached = gains[best]
        for name in [name for name in chosen if name != subject]:
            without = [other for other in chosen if other != name]
            if without and _different(connection, without) == records:
                chosen = without
    order = frame.column_names
    return [tuple(sorted(chosen, key=lambda name: (name != subject, order.index(name))))]


def _different(connection: duckdb.DuckDBPyConnection, group: Sequence[str]) -> int:
    """How many records a group of columns tells apart."""
    columns = ", ".join(f'"{name}"' for name in group)
    row = connection.execute(f"SELECT count(*) FROM (SELECT DISTINCT {columns} FROM frame)").fetchone()
    assert row is not None
    return int(row[0])
