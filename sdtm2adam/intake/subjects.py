"""The column that names the subject: by its name, and by its values, which come again from form to form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

_NAMES = re.compile(
    r"USUBJID|SUBJECT(_?(ID|NO|NUM(BER)?|KEY|NAME))?|SUBJ(_?(ID|NO))?|PAT(IENT)?_?(ID|NO|NUM(BER)?)?|SCRNO|PTID|PT"
)
_SHARE = 0.9


@dataclass(frozen=True)
class SubjectColumn:
    """A column that may name the subject: in how many forms it stands, and whom it names there."""

    name: str
    forms: int
    subjects: frozenset[str]


def named_like_subjects(frame: pa.Table) -> dict[str, frozenset[str]]:
    """The columns of a form that are called as subject columns are, with their values."""
    return {column: values_of(frame, column) for column in frame.column_names if _NAMES.fullmatch(column.upper())}


def subject_candidates(forms: Iterable[Mapping[str, frozenset[str]]]) -> list[SubjectColumn]:
    """The columns that may name the subject, the likeliest first: that of most forms, then that of most subjects."""
    found: dict[str, list[frozenset[str]]] = {}
    for columns in forms:
        for column, values in columns.items():
            found.setdefault(column, []).append(values)
    candidates = [SubjectColumn(name, len(sets), frozenset().union(*sets)) for name, sets in found.items()]
    return sorted(candidates, key=lambda c: (-c.forms, -len(c.subjects), c.name))


def own_subject_column(frame: pa.Table, subjects: frozenset[str]) -> str:
    """The column of a form whose values are those of the subjects elsewhere, nine in ten at least; empty: none."""
    best = ("", 0.0)
    for column in frame.column_names:
        values = values_of(frame, column)
        share = len(values & subjects) / len(values) if values else 0.0
        if share >= _SHARE and share > best[1]:
            best = (column, share)
    return best[0]


def values_of(frame: pa.Table, column: str) -> frozenset[str]:
    """The values of a column, without blanks around them."""
    return frozenset(value.strip() for value in pc.unique(frame[column]).to_pylist() if value is not None)
