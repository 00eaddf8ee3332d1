"""What a cell of a finished run was made from: results, members, and the records behind each of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sdtm2adam.trace.origins import Origin
from sdtm2adam.trace.printed import PrintedCell, PrintedRow


@dataclass(frozen=True)
class MemberRecord:
    """A record of the analysis data that a result counts, its values of interest, and what it was made of."""

    subject: str
    values: tuple[tuple[str, object], ...]
    origin: Origin


@dataclass(frozen=True)
class MemberGroup:
    """The members of one role in one dataset: how many subjects and records, and the records that are shown."""

    role: str
    dataset: str
    subjects: int
    records: int
    shown: tuple[MemberRecord, ...]


@dataclass(frozen=True)
class MemberSet:
    """A member set: its id, what it is of (`N` of the column for a denominator), and its members by role."""

    id: str
    of: tuple[str, ...]
    groups: tuple[MemberGroup, ...]


@dataclass(frozen=True)
class CellTrace:
    """The chain of one cell.

    `results` and `related` (numerators and denominators, by id) have the columns of the results of a run.
    `disagreements` are findings that should never be: what was written does not fit together.
    """

    output: str
    titles: tuple[str, ...]
    status: str
    row: PrintedRow
    head: str
    cell: PrintedCell
    results: tuple[dict[str, Any], ...]
    related: dict[str, dict[str, Any]]
    members: tuple[MemberSet, ...]
    disagreements: tuple[str, ...] = ()
