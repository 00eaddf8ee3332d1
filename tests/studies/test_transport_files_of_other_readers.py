"""Each analysis dataset of the public study as haven and pyreadstat read it: values, labels, formats, order."""

from pathlib import Path

import pytest
from transport_readers import has_haven, reads_back_by_haven, reads_back_by_pyreadstat

from sdtm2adam.pipeline.run import run

STUDY = Path(__file__).resolve().parent / "pharmaverse"
SDTM = Path(__file__).resolve().parents[3] / "shared" / "data" / "pharmaversesdtm" / "parquet"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SDTM.is_dir(), reason="the public study is not in ../shared"),
]


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of outputs that one run of the study leaves."""
    out = tmp_path_factory.mktemp("pharmaverse") / "out"
    run(STUDY, out)
    return out


def test_pyreadstat_reads_what_was_computed_and_one_length_for_a_variable(output: Path) -> None:
    reads_back_by_pyreadstat(output)


@pytest.mark.skipif(not has_haven(), reason="R with haven is not installed")
def test_haven_reads_what_was_computed(output: Path) -> None:
    reads_back_by_haven(output)
