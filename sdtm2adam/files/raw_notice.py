"""What a reader of raw files gives: the table, and what a person must know of it."""

from dataclasses import dataclass, field

import pyarrow as pa

from sdtm2adam.model import Severity

MOST_PLACES = 5


@dataclass(frozen=True, slots=True)
class Notice:
    """Something odd in a raw file that does not stop its reading.

    `rule` names the kind, `records` counts the cells or rows that have it, `places` names the first few (cell
    addresses, rows). `column` is empty where it is not of one column.
    """

    rule: str
    severity: Severity
    text: str
    column: str = ""
    value: str = ""
    records: int = 1
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RawTable:
    """A raw file as texts.

    `frame` has one text column per column of the file. `others` are the sheets, or groups of items, of the file that
    were not read.
    """

    frame: pa.Table
    notices: tuple[Notice, ...] = ()
    others: tuple[str, ...] = ()


@dataclass(slots=True)
class Tally:
    """Counts the places of one kind, and remembers the first few."""

    count: int = 0
    places: list[str] = field(default_factory=list)

    def add(self, place: str) -> None:
        """One more."""
        self.count += 1
        if len(self.places) < MOST_PLACES:
            self.places.append(place)
