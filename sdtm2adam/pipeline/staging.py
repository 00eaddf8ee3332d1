"""Outputs reach their folder together: all are made beside, then moved into place, the record of the run last.

A run that stops on the way leaves the last good outputs as they were. One that is killed while it moves files (they are
renamed, so this is short) leaves no run.json: where run.json is, everything it names belongs to one run.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from sdtm2adam.errors import UsageError

SHELVES = ("data", "sdtm", "adam", "lineage", "results", "tlf", "issues")
"""The folders of an output folder that runs write."""

RECORD = "run.json"
_STAGE, _PREVIOUS = ".sdtm2adam.new", ".sdtm2adam.previous.json"


@contextmanager
def staged(out: Path) -> Iterator[Path]:
    """A folder in the output folder to make all outputs in; it is gone afterwards, whatever happens.

    Raises:
        UsageError: the output folder cannot be written to.
    """
    stage = out / _STAGE
    try:
        shutil.rmtree(stage, ignore_errors=True)  # what a killed run left; the lock is ours
        stage.mkdir(parents=True)
    except OSError as error:
        raise _cannot_write(out, error) from error
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def publish(stage: Path, out: Path) -> None:
    """Moves what was made into the output folder, and removes what an earlier run made and this one did not.

    Raises:
        UsageError: a file cannot be replaced.
    """
    made = {path.relative_to(stage).as_posix() for path in stage.rglob("*") if path.is_file()}
    stale = _made_before(out) - made
    try:
        if (out / RECORD).is_file():
            (out / RECORD).replace(out / _PREVIOUS)
        for name in sorted(made - {RECORD}):
            (out / name).parent.mkdir(parents=True, exist_ok=True)
            (stage / name).replace(out / name)
        for name in sorted(stale):
            (out / name).unlink(missing_ok=True)
        (stage / RECORD).replace(out / RECORD)
        (out / _PREVIOUS).unlink(missing_ok=True)
    except OSError as error:
        raise _cannot_write(out, error) from error


def _made_before(out: Path) -> set[str]:
    """The files that earlier runs say they made; only such as lie on the shelves of this folder."""
    names: set[str] = set()
    for record in (out / RECORD, out / _PREVIOUS):
        try:
            said = json.loads(record.read_text(encoding="utf-8"))["outputs"]
        except (OSError, ValueError, KeyError, TypeError):
            continue  # no record, or not one of ours: then nothing of it is removed
        if isinstance(said, dict):
            names |= {name for name in said if _is_ours(name)}
    return names


def _is_ours(name: object) -> bool:
    parts = PurePosixPath(str(name)).parts
    return len(parts) == 2 and parts[0] in SHELVES and parts[1] not in ("..", ".")


def _cannot_write(out: Path, error: OSError) -> UsageError:
    mend = "allow writing there, close programs that have its files open, free space, or write elsewhere with --out"
    return UsageError(
        f"cannot write to the output folder ({error.strerror})", where=str(error.filename or out), mend=mend
    )
