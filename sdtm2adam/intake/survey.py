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
from sdtm2adam.intake.raw_file import FoundFiles, FoundForm, find_raw_files, read_found
from sdtm2adam.intake.subjects import (
    SubjectColumn,
    named_like_subjects,
    own_subject_column,
    subject_candidates,
    values_of,
)

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
    def raw_files(self) -> int:
        """All files that the forms were found in."""
        return len({proposal.file for proposal in self.proposals.values()})

    @property
    def columns(self) -> int:
        """All columns that were looked at."""
        return sum(len(proposal.profiles) for proposal in self.proposals.values())


@dataclass
class _First:
    """What the first look at a form gives: its columns, and those named like subjects."""

    columns: list[str]
    named: dict[str, frozenset[str]]


def survey(
    folder: Path,
    *,
    subject: str = "",
    housekeeping: Choose = lambda _: (),
    progress: Progress = lambda _: None,
) -> Survey:
    """Looks through all forms in the raw files of a folder, each by itself, so that memory holds one at a time.

    Args:
        folder: of the transfer.
        subject: the column that names the subject, if that is known; else the likeliest candidate.
        housekeeping: tells the patterns of columns that are never submitted.
        progress: told which file is being looked at.

    Raises:
        InputError: the folder holds no raw file.
    """
    files = find_raw_files(folder)
    faults: list[Sdtm2adamError] = list(files.faults)
    first: dict[str, _First] = {}
    for form, found in files.forms.items():
        progress(f"reading {_said(form, found)}")
        try:
            first[form] = _first_look(found, subject)
        except InputErrors as errors:
            faults.extend(errors.errors)
        except InputError as error:
            faults.append(error)
    candidates = subject_candidates(look.named for look in first.values())
    chosen = subject or (candidates[0].name if candidates else "")
    subjects = next((c.subjects for c in candidates if c.name == chosen), frozenset())
    patterns = tuple(housekeeping({form: look.columns for form, look in first.items()}))
    proposals = {}
    for form in first:
        progress(f"looking at all values of {_said(form, files.forms[form])}")
        proposals[form] = _proposal(form, files.forms[form], chosen, subjects, patterns)
    return Survey(folder, files, proposals, tuple(candidates), chosen, subjects, patterns, tuple(faults))


def _said(form: str, found: FoundForm) -> str:
    return f"{found.path.name}: {form}" if found.part.several else found.path.name


def _first_look(found: FoundForm, subject: str) -> _First:
    frame = read_found(found).frame
    named = named_like_subjects(frame)
    if subject in frame.column_names:
        named[subject] = values_of(frame, subject)
    return _First(list(frame.column_names), named)


def _proposal(form: str, found: FoundForm, shared: str, subjects: frozenset[str], patterns: Sequence[str]) -> Proposal:
    read = read_found(found)
    frame = read.frame
    own = next((c for c in (shared, "USUBJID") if c in frame.column_names), "") or own_subject_column(frame, subjects)
    apart = frozenset(_apart(frame, patterns, own))
    profiles = tuple(profile_columns(frame))
    keys = keys_of(frame, profiles, own, apart)
    in_key = set(keys[0]) if keys else set()
    return Proposal(
        form=form,
        file=found.path.name,
        records=len(frame),
        read=found.part.read,
        profiles=profiles,
        keys=tuple(keys),
        pairs=pairs_of(frame),
        subject=own,
        shared=own == shared,
        twice=saved_twice(frame),
        apart=apart - in_key,
        names=read.names,
        why=found.part.why,
        notes=read.notes,
        within=found.part.within,
    )


def _apart(frame: pa.Table, patterns: Sequence[str], subject: str) -> list[str]:
    named = [c for c in frame.column_names if any(fnmatchcase(c, pattern) for pattern in patterns)]
    return [column for column in named if column != subject]
