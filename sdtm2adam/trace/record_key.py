"""From the words of the command line to one record of a dataset."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sdtm2adam.errors import Sdtm2adamError, UsageError, listed, nearest
from sdtm2adam.trace.story import plain

Rows = np.ndarray[Any, np.dtype[np.int64]]
_MOST = 8


class Frame(Protocol):
    """Records by column: an Arrow table, or one that is read column by column."""

    @property
    def num_rows(self) -> int:
        """How many records there are."""

    @property
    def column_names(self) -> list[str]:
        """The variables."""

    def __getitem__(self, name: str) -> pa.ChunkedArray:
        """A variable of all records."""


def find_record(dataset: str, frame: Frame, key: Sequence[str]) -> int:
    """The place of the record that a key names, counted from 0.

    Args:
        dataset: its name, for messages.
        frame: its records.
        key: a subject (USUBJID, or an end of it that no other subject has), then --SEQ; or NAME=VALUE pairs of any
            variables; or both.

    Raises:
        UsageError: no record, or several, have the key; with those that are nearest.
    """
    if not frame.num_rows:
        raise _error(dataset, "has no records", "there is nothing to explain")
    pairs, words = _split(frame, key)
    rows = np.arange(frame.num_rows)
    if words:
        rows = rows_having(frame, rows, "USUBJID", _subject(dataset, frame, words[0]))
    if len(words) > 1:
        sequence = _sequence(dataset, frame)
        rows = _narrowed(dataset, frame, rows, sequence, words[1])
    if len(words) > 2:
        raise _error(dataset, f"{words[2]!r} is one word too many", "write SUBJECT, SEQ and NAME=VALUE pairs")
    for name, value in pairs:
        rows = _narrowed(dataset, frame, rows, name, value)
    if len(rows) == 1:
        return int(rows[0])
    what = f"{len(rows):,} records have the key {' '.join(key)}" if key else "a key is needed to name one record"
    raise _error(dataset, what, f"name one: {_choices(dataset, frame, rows)}")


def _split(frame: Frame, key: Sequence[str]) -> tuple[list[tuple[str, str]], list[str]]:
    """NAME=VALUE pairs, and the other words; a word with = that starts with no name is a value."""
    pairs, words = [], []
    for word in key:
        name, sign, value = word.partition("=")
        if sign and re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name):
            pairs.append((_variable(frame, name), value))
        else:
            words.append(word)
    return pairs, words


def _variable(frame: Frame, name: str) -> str:
    known = list(map(str, frame.column_names))
    found = next((column for column in known if column.upper() == name.upper()), None)
    if found is None:
        hint = nearest(name, known)
        raise UsageError(f"there is no variable {name} to find the record by", where=name, mend=hint)
    return found


def _subject(dataset: str, frame: Frame, said: str) -> str:
    """The subject that a word names."""
    if "USUBJID" not in frame.column_names:
        first = _choices(dataset, frame, np.arange(frame.num_rows))
        raise _error(dataset, "has no subjects", f"name the record by NAME=VALUE: {first}")
    subjects = sorted(map(str, pc.unique(frame["USUBJID"]).drop_null().to_pylist()))
    if said in subjects:
        return said
    ends = [subject for subject in subjects if subject.endswith(said)]
    whole = [subject for subject in ends if not subject.removesuffix(said)[-1:].isalnum()]
    found = whole or ends
    if len(found) == 1:
        return found[0]
    if found:
        raise _error(dataset, f"{len(found)} subjects end with {said!r}", f"say more of it: {listed(found, _MOST)}")
    near = difflib.get_close_matches(said, [*subjects, *(s[-len(said) :] for s in subjects)], n=3, cutoff=0.6)
    ends = [subject for subject in subjects if any(subject.endswith(n) for n in near)]
    hint = f"did you mean {' or '.join(ends[:3])}?" if ends else f"subjects: {listed(subjects, _MOST)}"
    raise _error(dataset, f"no subject {said!r} has a record", hint)


def _sequence(dataset: str, frame: Frame) -> str:
    """The variable that numbers a subject's records: --SEQ or ASEQ; of SUPP--, IDVARVAL."""
    domain = dataset.removeprefix("AD")[:2] if dataset.startswith("AD") and len(dataset) > 3 else dataset[:2]
    known = [name for name in (f"{domain}SEQ", "ASEQ", "IDVARVAL") if name in frame.column_names]
    if not known:
        hint = f"name the record by NAME=VALUE of {listed(frame.column_names)}"
        raise _error(dataset, "has no --SEQ or ASEQ", hint)
    return known[0]


def _narrowed(dataset: str, frame: Frame, rows: Rows, name: str, value: str) -> Rows:
    found = rows_having(frame, rows, name, value)
    if len(found):
        return found
    there = [plain(one) or '""' for one in pc.unique(frame[name].take(pa.array(rows))).to_pylist()]
    near = difflib.get_close_matches(value, there, n=3, cutoff=0.6)
    hint = f"did you mean {name}={f' or {name}='.join(near)}?" if near else f"{name} here: {listed(there, _MOST)}"
    raise _error(dataset, f"no record has {name}={value}", hint)


def rows_having(frame: Frame, rows: Rows, name: str, value: str) -> Rows:
    """Those of some rows that have a value, said as text; an empty text is a missing value."""
    column = frame[name].take(pa.array(rows))
    wanted = [one for one in pc.unique(column).to_pylist() if _same(one, value)]
    found: Rows = rows[pc.is_in(column, pa.array(wanted, column.type)).to_numpy(zero_copy_only=False)]
    return found


def _same(stored: object, said: str) -> bool:
    if stored is None or said == "":
        return stored is None and said == ""
    if isinstance(stored, (int, float)) and not isinstance(stored, bool):
        try:
            return float(stored) == float(said)
        except ValueError:
            return False
    return plain(stored) == said


def _choices(dataset: str, frame: Frame, all_rows: Rows) -> str:
    """The first keys of records, by what tells them apart at a glance."""
    rows = [int(row) for row in all_rows[:_MOST]]
    names = [n for n in ("USUBJID", f"{dataset[:2]}SEQ", "ASEQ", "PARAMCD", "IDVARVAL", "QNAM", "RDOMAIN", "RELID")
             if n in frame.column_names]  # fmt: skip
    if len({tuple(frame[n][row].as_py() for n in names) for row in rows}) < len(rows):
        names += [n for n in frame.column_names if n not in (*names, "STUDYID", "DOMAIN")][:4]
    keys = [" ".join(f"{n}={plain(frame[n][row].as_py())}" for n in names) for row in rows]
    return "; ".join(keys) + (f"; and {len(all_rows) - _MOST:,} more" if len(all_rows) > _MOST else "")


def _error(dataset: str, what: str, mend: str) -> Sdtm2adamError:
    return UsageError(what, where=dataset, mend=mend)
