"""Running CORE: no shell, a clean environment, an end by force when the time is over."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_TAIL_BYTES = 8_000
_LAST_WORDS = 300
_KEPT = ("PATH", "SYSTEMROOT", "SYSTEMDRIVE", "COMSPEC", "PATHEXT", "NUMBER_OF_PROCESSORS")


@dataclass(frozen=True, slots=True)
class Ended:
    """How the program ended. `status` is None when its time was over; `said` is its last line of output."""

    status: int | None
    said: str = ""


def run_program(command: Sequence[str], folder: Path, timeout: float) -> Ended:
    """Runs a program in a folder of its own, with all it writes to the terminal in the file `said.txt` there.

    Args:
        command: its words; they are never read by a shell.
        folder: where it works; its home and its temporary files are there too.
        timeout: seconds; then it is ended with all processes it has started.

    Raises:
        OSError: it could not be started.
    """
    said = folder / "said.txt"
    with said.open("wb") as file:
        process = subprocess.Popen(
            list(command),
            cwd=folder,
            env=_environment(folder),
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            status: int | None = process.wait(timeout)
        except subprocess.TimeoutExpired:
            status = None
        finally:
            _end(process)
    return Ended(status, _last_words(said, folder))


def _environment(folder: Path) -> dict[str, str]:
    """What the program needs to start, and nothing that would change its answers: it takes options from variables."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    places = dict.fromkeys(("HOME", "USERPROFILE", "TMPDIR", "TEMP", "TMP"), str(folder))
    words = {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    python = {"PYTHONUTF8": "1", "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONNOUSERSITE": "1"}
    return {**kept, **places, **words, **python}


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends the program, if it still runs, and what it has started: CORE works in many processes."""
    if process.poll() is None:
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
        process.wait()


def _last_words(said: Path, folder: Path) -> str:
    """The last line of the output, without the name of the temporary folder, which is another in each run."""
    with said.open("rb") as file:
        file.seek(max(0, said.stat().st_size - _TAIL_BYTES))
        tail = file.read().decode("utf-8", "replace")
    lines = [line.strip() for line in tail.replace(str(folder), "FOLDER").splitlines() if line.strip()]
    return "".join(c for c in lines[-1] if c.isprintable())[:_LAST_WORDS] if lines else ""
