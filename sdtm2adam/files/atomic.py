"""Writing so that a reader never meets half a file: beside, checked, renamed."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

from sdtm2adam.errors import UsageError

_FULL = {errno.ENOSPC, errno.EDQUOT} if hasattr(errno, "EDQUOT") else {errno.ENOSPC}


def write_atomically(path: Path, write: Callable[[Path], None], check: Callable[[Path], None] | None = None) -> None:
    """Write a file whole or not at all.

    `write` makes the file under a temporary name in the folder of `path`. It is forced to the disk, read back by
    `check`, and only then renamed over `path`. A run that is killed leaves the old file, or none; an error removes the
    temporary file and leaves the old one as it was. The folder is made if it is missing.

    Args:
        path: the file to make or replace.
        write: makes the file at the path it is given.
        check: reads the file at the path it is given, and raises if it is not what was meant.

    Raises:
        UsageError: the folder cannot be written to, the disk is full, or another program has the file open.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.unlink(missing_ok=True)
        write(temporary)
        _force_to_disk(temporary)
        if check is not None:
            check(temporary)
        os.replace(temporary, path)  # noqa: PTH105 - Path.replace is the same call; the name says what matters
        _force_folder_to_disk(path.parent)
    except OSError as error:
        raise _cannot_write(path, error) from error
    finally:
        _remove(temporary)


def write_bytes(path: Path, data: bytes) -> None:
    """Write bytes to a file, whole or not at all."""

    def check(written: Path) -> None:
        if written.read_bytes() != data:
            raise OSError(errno.EIO, "what was read back is not what was written")

    write_atomically(path, lambda temporary: _write_all(temporary, data), check)


def write_text(path: Path, text: str) -> None:
    """Write text to a file as UTF-8 with its line breaks as they are, whole or not at all."""
    write_bytes(path, text.encode("utf-8"))


def _write_all(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def _force_to_disk(path: Path) -> None:
    with path.open("r+b") as file:  # Windows forces only files open for writing
        os.fsync(file.fileno())


def _force_folder_to_disk(folder: Path) -> None:
    """Make the rename itself outlive a power cut, where folders can be opened (not on Windows)."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in {errno.EINVAL, errno.ENOTSUP}:  # some network file systems cannot, and lose nothing by it
            raise
    finally:
        os.close(descriptor)


def _remove(temporary: Path) -> None:
    """Remove what an interrupted write left; where even that fails, the first error is the one to tell."""
    try:
        temporary.unlink(missing_ok=True)
    except OSError:
        return


def _cannot_write(path: Path, error: OSError) -> UsageError:
    if error.errno in _FULL:
        mend = "free space on the disk, or write to another folder with --out, and run again; the old file is as it was"
    elif isinstance(error, PermissionError):
        mend = "allow writing to this folder, close a program that has the file open, or write elsewhere with --out"
    else:
        mend = "make sure that the folder exists, can be written to and lies on a sound disk, and run again"
    return UsageError(f"cannot write this file ({error.strerror or error})", where=str(path), mend=mend)
