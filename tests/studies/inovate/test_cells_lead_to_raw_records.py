"""Every number of every output of the run leads to results, members, analysis records and raw records."""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[2] / "trace"))

from walked import walk

from sdtm2adam.resources import shelf
from sdtm2adam.trace import FinishedRun

OUTPUTS = sorted(path.stem for path in (shelf("specs") / "inovate" / "tlf").glob("*.yaml"))


@pytest.fixture(scope="module")
def run(study: Path) -> FinishedRun:
    return FinishedRun(study, study / "output")


def test_every_output_of_the_specs_was_made(run: FinishedRun) -> None:
    assert run.outputs == OUTPUTS


@pytest.mark.long
@pytest.mark.parametrize("name", OUTPUTS)
def test_every_cell_leads_to_raw_records(run: FinishedRun, name: str) -> None:
    assert walk(run, name) > 0
