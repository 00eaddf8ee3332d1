"""The suites in a process beside: great-expectations is all Python, so rules and suites would wait for each other."""

from __future__ import annotations

import gc
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from sdtm2adam.model import Dataset
from sdtm2adam.validate.expectation import Suite
from sdtm2adam.validate.run import Report, check_datasets

_ENOUGH = 50_000
"""Records from which the start of another process costs less than it saves."""
_CHILD = "import sys; sys.path[:] = sys.argv[1:]; from sdtm2adam.validate.beside import answer; answer()"


def check_beside(datasets: Mapping[str, Dataset], suites: Sequence[Suite] | None) -> Callable[[], Report]:
    """Begins with what `check_datasets` does, of many records in a process beside; gives what waits for the report.

    Args:
        datasets: SDTM and ADaM, by name; not changed.
        suites: suites written by hand; by default the bundled ones.
    """
    records = sum(dataset.frame.num_rows for dataset in datasets.values())
    if records < _ENOUGH or _cores() < 2:
        return lambda: check_datasets(datasets, suites=suites)
    waiting = ThreadPoolExecutor(1)
    report = waiting.submit(_elsewhere, datasets, suites)
    waiting.shutdown(wait=False)
    return report.result


def _elsewhere(datasets: Mapping[str, Dataset], suites: Sequence[Suite] | None) -> Report:
    asked = pickle.dumps((datasets, suites), protocol=5)
    done = subprocess.run([sys.executable, "-c", _CHILD, *sys.path], input=asked, capture_output=True, check=False)
    if done.returncode != 0 or not done.stdout:  # it could not be started or died: the same work is done here
        return check_datasets(datasets, suites=suites)
    report = pickle.loads(done.stdout)  # noqa: S301 - our own child wrote it
    assert isinstance(report, Report)
    return report


def answer() -> None:
    """The other side: reads what is asked, writes the report; nothing else may be printed there."""
    out = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    gc.set_threshold(200_000, 50, 100)  # what it makes stays to the end
    datasets, suites = pickle.load(sys.stdin.buffer)  # noqa: S301 - our own parent wrote it
    report = check_datasets(datasets, suites=suites)
    with os.fdopen(out, "wb") as pipe:
        pickle.dump(report, pipe, protocol=5)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
