"""The lock of a folder: two runs of one study exclude each other."""

import json
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sdtm2adam.errors import UsageError

LOCK_NAME = ".sdtm2adam.lock"


@contextmanager
def lock_folder(folder: Path) -> Iterator[None]:
    """Hold a folder for this process alone while the block runs.

    The lock is a small file that names the process. A lock whose process has ended on this machine is stale and is
    taken over; one of another machine cannot be looked into and is always respected. The folder is made if it is
    missing.

    Raises:
        UsageError: another run holds the folder, or the lock cannot be written.
    """
    lock, mine = folder / LOCK_NAME, _this_process()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not _create(lock, mine):
            _take_over(lock, mine)
    except OSError as error:
        mend = "allow writing to this folder, or name another with --out"
        raise UsageError(f"cannot lock this folder ({error.strerror})", where=str(folder), mend=mend) from error
    try:
        yield
    finally:
        if _read(lock) == mine:
            lock.unlink(missing_ok=True)


def _create(lock: Path, holder: dict[str, str]) -> bool:
    """Make the lock file unless there is one; the file system lets only one process succeed."""
    try:
        descriptor = os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644)
    except FileExistsError:
        return False
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(holder, file)
    except BaseException:  # interrupted: a lock without a name would never be known as stale
        lock.unlink(missing_ok=True)
        raise
    return True


def _take_over(lock: Path, mine: dict[str, str]) -> None:
    """Replace a stale lock.

    Two runs may find the same stale lock at once. Only the one that makes the guard file removes it, after a second
    look.
    """
    guard = lock.with_name(lock.name + ".guard")
    holder = _read(lock)
    if not _is_stale(holder) or not _create(guard, mine):
        raise _held(lock, holder)
    try:
        holder = _read(lock)
        if holder is not None and _is_stale(holder):
            lock.unlink(missing_ok=True)
        if not _create(lock, mine):
            raise _held(lock, _read(lock))
    finally:
        guard.unlink(missing_ok=True)


def _held(lock: Path, holder: dict[str, str] | None) -> UsageError:
    who = f"process {holder['pid']} on {holder['host']}" if holder else "a process that has not said its name"
    return UsageError(
        f"another run holds this folder ({who})",
        where=str(lock.parent),
        mend=f"wait until it ends, or write elsewhere with --out; if no run is going on, delete {lock.name}* there",
    )


def _read(lock: Path) -> dict[str, str] | None:
    """Who holds the lock; None if it is gone or its writer has not finished it."""
    try:
        holder = json.loads(lock.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    known = isinstance(holder, dict) and set(holder) == {"pid", "host", "started"} and str(holder["pid"]).isdecimal()
    return {name: str(value) for name, value in holder.items()} if known else None


def _is_stale(holder: dict[str, str] | None) -> bool:
    if holder is None or holder["host"] != socket.gethostname():
        return False
    pid = int(holder["pid"])
    return not _is_alive(pid) or holder["started"] != _started(pid)


def _this_process() -> dict[str, str]:
    pid = os.getpid()
    return {"pid": str(pid), "host": socket.gethostname(), "started": _started(pid)}


def _started(pid: int) -> str:
    """When a process started, in ticks since boot, so that a number used again is not taken for the old process.

    Linux tells it; elsewhere it is empty and the number alone must do.
    """
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""


def _is_alive(pid: int) -> bool:
    if sys.platform == "win32":
        return _is_alive_on_windows(pid)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # it is there, and belongs to someone else
    return True


if sys.platform == "win32":
    import ctypes

    def _is_alive_on_windows(pid: int) -> bool:
        """Ask for the exit code; on Windows os.kill would end the process."""
        query_limited_information, still_active = 0x1000, 259
        handle = ctypes.windll.kernel32.OpenProcess(query_limited_information, False, pid)
        if not handle:
            return bool(ctypes.windll.kernel32.GetLastError() == 5)  # access denied: it is there
        code = ctypes.c_ulong()
        ctypes.windll.kernel32.GetExitCodeProcess(handle, ctypes.byref(code))
        ctypes.windll.kernel32.CloseHandle(handle)
        return code.value == still_active
