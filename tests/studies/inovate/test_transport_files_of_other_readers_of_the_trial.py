"""Every analysis dataset of the simulated trial as pyreadstat and R's haven read its transport file back."""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1]))

from transport_readers import has_haven, reads_back_by_haven, reads_back_by_pyreadstat


def test_pyreadstat_reads_what_was_computed_and_one_length_for_a_variable(output: Path) -> None:
    reads_back_by_pyreadstat(output)


@pytest.mark.skipif(not has_haven(), reason="R with haven is not installed")
def test_haven_reads_what_was_computed(output: Path) -> None:
    reads_back_by_haven(output)
