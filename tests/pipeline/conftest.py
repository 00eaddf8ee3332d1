"""The starter study: one that is spoilt as a test likes, and one that was run once for all who only look."""

import shutil
import sys
from pathlib import Path

import pytest

from sdtm2adam.pipeline.new import new_study
from sdtm2adam.pipeline.run import RunResult, run

TESTS = Path(__file__).parents[1]
sys.path += [str(TESTS / name) for name in ("files", "build", "submit")]  # packages, studies, reports


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """The starter study, untouched."""
    new_study(tmp_path / "study")
    return tmp_path / "study"


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, RunResult]:
    """A starter study with its output; not to be changed."""
    folder = tmp_path_factory.mktemp("finished") / "study"
    new_study(folder)
    suite = "expect:\n  - {id: X-AGE, dataset: DM, variable: AGE, range: 18..99, text: Adults.}\n"
    (folder / "validation/suites").mkdir(parents=True)
    (folder / "validation/suites/own.yaml").write_text(suite, encoding="utf-8")
    return folder, run(folder)


@pytest.fixture
def again(finished: tuple[Path, RunResult], tmp_path: Path) -> Path:
    """A copy of the study that was run, with its output, to change."""
    shutil.copytree(finished[0], tmp_path / "again")
    return tmp_path / "again"
