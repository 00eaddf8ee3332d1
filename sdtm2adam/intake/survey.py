"""A folder of raw files looked through: a proposed contract for each, and what cannot be read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import pyarrow as pa

from sdtm2adam.errors import InputError, InputErrors, Sdtm2adamError
from sdtm2adam.intake.contract_text import Proposal
from sdtm2adam.intake.keys import keys_of, saved_twice
from sdtm2adam.intake.pairs import pairs_of
from sdtm2adam.intake.profile import profile_columns
from sdtm2adam.intake.raw_file import FoundFiles, find_raw_files, options_seen, read_raw_file
from sdtm2adam.intake.subjects import (
    SubjectColumn,
    named_like_subjects,
    own_subject_column,
    subject_candidates,
    values_of,
)
from sdtm2adam.spec.reading import ReadOptions

Progress = Callable[[str], None]
Choose = Callable[[dict[str, list[str]]], Sequence[str]]
"""Forms with their columns -> the housekeeping patterns that hold for them."""


@dataclass(frozen=True)
class Survey:
    """What was found in a folder: proposals by form, columns that may name the subject, and files that cannot be read.

    `subject` is the column of the subject that most forms have, `subjects` whom it names.
    """

    folder: Path
    files: FoundFiles
    proposals: dict[str, Proposal]
    candidates: tuple[SubjectColumn, ...]
    subject: str
    subjects: frozenset[str]
    housekeeping: tuple[str, ...]
    faults: tuple[Sdtm2adamError, ...]

    @property
    def records(self) -> int:
        """All records that were looked at."""
        return sum(proposal.records for proposal in self.proposals.values())

    @property
    def columns(self) -> int:
        """All columns that were looked at."""
        return sum(len(proposal.profiles) for proposal in self.proposals.values())


@dataclass
class _First:
    """What the first look at a file gives: how it is read, its columns, the columns named like subjects."""

    options: ReadOptions
    columns: list[str]
    named: dict[str, frozenset[str]]


def survey(
    folder: Path,
    *,
    subject: str = "",
    housekeeping: Choose = lambda _: (),
    progress: Progress = lambda _: None,
) -> Survey:
    """Looks through all raw files of a folder, each by itself, so that memory holds one at a time.

    Args:
        folder: of the transfer.
        subject: the column that names the subject, if that is known; else the likeliest candidate.
        housekeeping: tells the patterns of columns that are never submitted.
        progress: told which file is being looked at.

    Raises:
        InputError: the folder holds no raw file.
    """
    files = find_raw_files(folder)
    faults: list[Sdtm2adamError] = []
    first: dict[str, _First] = {}
    for form, path in files.forms.items():
        progress(f"reading {path.name}")
        try:
            first[form] = _first_look(path, subject)
        except InputErrors as errors:
            faults.extend(errors.errors)
        except InputError as error:
            faults.append(error)
    candidates = subject_candidates(look.named for look in first.values())
    chosen = subject or (candidates[0].name if candidates else "")
    subjects = next((c.subjects for c in candidates if c.name == chosen), frozenset())
    patterns = tuple(housekeeping({form: look.columns for form, look in first.items()}))
    proposals = {}
    for form, look in first.items():
        progress(f"looking at all values of {files.forms[form].name}")
        proposals[form] = _proposal(form, files.forms[form], look.options, chosen, subjects, patterns)
    return Survey(folder, files, proposals, tuple(candidates), chosen, subjects, patterns, tuple(faults))


def _first_look(path: Path, subject: str) -> _First:
    options = options_seen(path)
    frame = read_raw_file(path, options)
    named = named_like_subjects(frame)
    if subject in frame.column_names:
        named[subject] = values_of(frame, subject)
    return _First(options, list(frame.column_names), named)


def _proposal(
    form: str, path: Path, options: ReadOptions, shared: str, subjects: frozenset[str], patterns: Sequence[str]
) -> Proposal:
    frame = read_raw_file(path, options)
    own = next((c for c in (shared, "USUBJID") if c in frame.column_names), "") or own_subject_column(frame, subjects)
    apart = frozenset(_apart(frame, patterns, own))
    profiles = tuple(profile_columns(frame))
    keys = keys_of(frame, profiles, own, apart)
    in_key = set(keys[0]) if keys else set()
    return Proposal(
        form=form,
        file=path.name,
        records=len(frame),
        read=options,
        profiles=profiles,
        keys=tuple(keys),
        pairs=pairs_of(frame),
        subject=own,
        shared=own == shared,
        twice=saved_twice(frame),
        apart=apart - in_key,
    )


def _apart(frame: pa.Table, patterns: Sequence[str], subject: str) -> list[str]:
    named = [c for c in frame.column_names if any(fnmatchcase(c, pattern) for pattern in patterns)]
    return [column for column in named if column != subject]
