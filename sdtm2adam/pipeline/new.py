"""new: a study folder to start from: a copy of templates/study, or a proposal made from a folder of raw files."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sdtm2adam.errors import InputError, InputErrors, UsageError
from sdtm2adam.files.atomic import write_text
from sdtm2adam.intake.starter import Starter, housekeeping_in, propose_starter
from sdtm2adam.intake.survey import Survey, survey
from sdtm2adam.resources import shelf


@dataclass(frozen=True)
class ProposedStudy:
    """A study proposed from raw files: what was looked at, and what was made of it."""

    survey: Survey
    starter: Starter


def new_study(folder: Path) -> list[Path]:
    """Copies the starter study into a folder that is new or empty; the files made.

    Raises:
        UsageError: the folder holds something, or cannot be written to.
    """
    try:
        _refuse_full(folder)
        shutil.copytree(shelf("templates") / "study", folder, copy_function=shutil.copyfile, dirs_exist_ok=True)
    except OSError as error:
        raise _cannot_make(folder, error) from error
    return sorted(path for path in folder.rglob("*") if path.is_file())


def new_study_from(folder: Path, raw: Path, progress: Callable[[str], None] = lambda _: None) -> ProposedStudy:
    """Proposes a study from a folder of raw files, which stay where they are.

    Args:
        folder: of the study; new or empty.
        raw: the folder with the raw files.
        progress: told what is being done.

    Raises:
        UsageError: the study folder holds something, lies among the raw files, or cannot be written to.
        InputError: the raw folder is not there or holds no raw file.
        InputErrors: files that cannot be read; nothing is written.
    """
    if not raw.is_dir():
        raise InputError("this folder is not there", where=f"--raw {raw}", mend="name the folder with the raw files")
    if folder.resolve().is_relative_to(raw.resolve()):
        mend = "name a folder elsewhere; what a study reads is never written to"
        raise UsageError("the study would lie among the raw files", where=str(folder), mend=mend)
    try:
        _refuse_full(folder)
    except OSError as error:
        raise _cannot_make(folder, error) from error
    found = survey(raw, housekeeping=housekeeping_in, progress=progress)
    if found.faults:
        raise InputErrors(found.faults)
    starter = propose_starter(found, _named(raw, folder))
    for name, text in starter.files.items():
        write_text(folder / name, text)
    return ProposedStudy(found, starter)


def _named(raw: Path, folder: Path) -> str:
    """The raw folder as seen from the study folder."""
    return Path(os.path.relpath(raw.resolve(), folder.resolve())).as_posix()


def _refuse_full(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()):
        raise UsageError("is not empty", where=str(folder), mend="name a new folder; nothing is overwritten")


def _cannot_make(folder: Path, error: OSError) -> UsageError:
    reason = error.strerror or str(error)
    return UsageError(
        f"cannot make this folder ({reason})", where=str(folder), mend="name a folder that you may write to"
    )
