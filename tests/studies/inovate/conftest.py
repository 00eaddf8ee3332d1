"""One run of the simulated trial, from raw CSV to Word, shared by all tests of this folder and all their workers."""

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sdtm2adam.model import Dataset
from sdtm2adam.pipeline.demo import demo
from sdtm2adam.simulate import expect, observe, simulate_trial
from sdtm2adam.simulate.truth import Trial
from sdtm2adam.simulate.write import write_raw

TESTS = Path(__file__).parents[2]
sys.path += [
    str(TESTS / name) for name in ("document", "tlf", "build")
]  # independent readers, laws of results, small studies

PATIENCE = 1500
"""Seconds a worker waits for the run another worker is making."""

Datasets = Callable[[str], pd.DataFrame]


@pytest.fixture(scope="session")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The study folder of the simulated trial, run once: whichever worker comes first makes it, the others wait."""
    base = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        base = base.parent
    folder, done, failed = (base / f"inovate{name}" for name in ("", ".done", ".failed"))
    try:
        os.close(os.open(base / "inovate.claim", os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return _wait(folder, done, failed)
    try:
        made = demo(folder)
    except BaseException as error:
        failed.write_text(repr(error))
        raise
    done.write_text(str(made.result.exit_code))
    return folder


def _wait(folder: Path, done: Path, failed: Path) -> Path:
    deadline = time.monotonic() + PATIENCE
    while not done.exists():
        if failed.exists():
            pytest.fail(f"the run of the trial stopped: {failed.read_text()}")
        if time.monotonic() > deadline:
            pytest.fail(f"no run of the trial after {PATIENCE} seconds")
        time.sleep(0.2)
    return folder


@pytest.fixture(scope="session")
def output(study: Path) -> Path:
    """The output folder of the run."""
    return study / "output"


@pytest.fixture(scope="session")
def adam(output: Path) -> Datasets:
    """An analysis dataset as written to XPT."""
    return _reader(output / "adam")


@pytest.fixture(scope="session")
def sdtm(output: Path) -> Datasets:
    """An SDTM dataset as written to XPT."""
    return _reader(output / "sdtm")


def _reader(folder: Path) -> Datasets:
    from written_files import read_xpt  # it needs the path set above

    kept: dict[str, pd.DataFrame] = {}

    def read(name: str) -> pd.DataFrame:
        if name not in kept:
            kept[name] = read_xpt(folder / f"{name.lower()}.xpt")
        return kept[name].copy()

    return read


@pytest.fixture(scope="session")
def small_trial(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Dataset]:
    """SDTM and ADaM of a clean trial of 30 subjects, as they are built."""
    from messy_study import build_study, study_folder  # a module of this folder

    place = tmp_path_factory.mktemp("small-trial")
    write_raw(observe(simulate_trial(30, 11)), place / "raw")
    return dict(build_study(study_folder(place / "study"), place / "raw").datasets)


@pytest.fixture
def whole(output: Path, request: pytest.FixtureRequest) -> Iterator[Callable[[str], Any]]:
    """Gives a written output to compare with; in the end each of its results must have been compared with something."""
    from whole_output import WholeOutput  # it needs the path set above

    opened: dict[str, WholeOutput] = {}

    def open_output(name: str) -> WholeOutput:
        return opened.setdefault(name, WholeOutput(output, name))

    failed = request.session.testsfailed
    yield open_output
    if request.session.testsfailed > failed:
        return  # the comparison itself has failed and told why
    told = set(request.function.recomputes)
    assert set(opened) <= told
    assert set(opened) == told or hasattr(request.node, "callspec")
    left = {name: one.left.head(20).to_string() for name, one in opened.items() if not one.left.empty}
    assert not left, "results that nothing was compared with\n" + "\n".join(f"{n}\n{text}" for n, text in left.items())


@pytest.fixture(scope="session")
def trial() -> Trial:
    """The truth the raw data were made from."""
    return simulate_trial()


@pytest.fixture(scope="session")
def expected(trial: Trial) -> dict[str, pd.DataFrame]:
    """What SDTM and ADaM should say of the truth."""
    return {name: rows.to_pandas() for name, rows in expect(trial).items()}


@pytest.fixture
def copied_study(study: Path, tmp_path: Path) -> Path:
    """The study folder without its output, to run again."""
    return Path(shutil.copytree(study, tmp_path / "again", ignore=shutil.ignore_patterns("output")))
