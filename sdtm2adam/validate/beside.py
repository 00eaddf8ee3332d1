"""The suites in a process beside: great-expectations is all Python, so rules and suites would wait for each other.

The library takes seconds to load, so the command starts the process first of all, where it sees many data. This module
loads nothing of its own, for the same reason.
"""

from __future__ import annotations

import gc
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sdtm2adam.model import Dataset
    from sdtm2adam.validate.expectation import Suite
    from sdtm2adam.validate.run import Report

_ENOUGH = 50_000
"""Records from which the start of another process costs less than it saves."""
_ENOUGH_BYTES = {".xpt": 10_000_000, ".parquet": 400_000}
"""About as many records, by the size of their files."""
_CHILD = "import sys; sys.path[:] = sys.argv[1:]; from sdtm2adam.validate.beside import answer; answer()"


class Beside:
    """A process that gets ready while its parent reads data, and then puts suites to them."""

    def __init__(self) -> None:
        command = [sys.executable, "-c", _CHILD, *sys.path]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._ended = False

    @classmethod
    def of_files(cls, *folders: Path) -> Beside | None:
        """A process for the datasets of these folders and of those in them; None where they are few."""
        share = 0.0
        for folder in folders:
            for path in [*folder.glob("*"), *folder.glob("*/*")]:
                if most := _ENOUGH_BYTES.get(path.suffix.lower()):
                    share += path.stat().st_size / most
        return cls() if share >= 1 and _cores() > 1 else None

    def end(self) -> None:
        """Ends the process, whatever it does; nobody waits for its answer any more."""
        self._ended = True
        if self._process.poll() is None:
            self._process.kill()
            with suppress(OSError, ValueError):
                self._process.communicate()  # closes the pipes

    def answer_of(self, datasets: Mapping[str, Dataset], suites: Sequence[Suite] | None) -> Report:
        """What `check_datasets` says; where the process died, the same work is done here.

        Raises:
            RuntimeError: the process was ended, since nobody waits.
        """
        from sdtm2adam.validate.run import Report, check_datasets

        told = b""
        with suppress(OSError, ValueError):
            told, _ = self._process.communicate(pickle.dumps((dict(datasets), suites), protocol=5))
        if self._ended:
            raise RuntimeError("the process beside was ended")
        if self._process.returncode != 0 or not told:
            return check_datasets(datasets, suites=suites)
        report = pickle.loads(told)  # noqa: S301 - our own child wrote it
        assert isinstance(report, Report)
        return report


def check_beside(
    datasets: Mapping[str, Dataset], suites: Sequence[Suite] | None, ready: Beside | None = None
) -> Callable[[], Report]:
    """Begins with what `check_datasets` does, of many records in a process beside; gives what waits for the report.

    Args:
        datasets: SDTM and ADaM, by name; not changed.
        suites: suites written by hand; by default the bundled ones.
        ready: a process that has been started already.
    """
    from sdtm2adam.validate.run import check_datasets

    records = sum(dataset.frame.num_rows for dataset in datasets.values())
    if ready is None and (records < _ENOUGH or _cores() < 2):
        return lambda: check_datasets(datasets, suites=suites)
    asked = ready or Beside()
    waiting = ThreadPoolExecutor(1)
    report = waiting.submit(asked.answer_of, datasets, suites)
    waiting.shutdown(wait=False)
    return report.result


def answer() -> None:
    """The other side: gets ready, reads what is asked, writes the report; nothing else may be printed there."""
    out = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    gc.set_threshold(200_000, 50, 100)  # what it makes stays to the end
    from sdtm2adam.validate.gx import get_ready
    from sdtm2adam.validate.run import check_datasets

    get_ready()
    try:
        datasets, suites = pickle.load(sys.stdin.buffer)  # noqa: S301 - our own parent wrote it
    except EOFError:  # nobody asks
        return
    report = check_datasets(datasets, suites=suites)
    with os.fdopen(out, "wb") as pipe:
        pickle.dump(report, pipe, protocol=5)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
