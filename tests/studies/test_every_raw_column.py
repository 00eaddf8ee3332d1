"""Every raw column of every study that is kept here is mapped, housekeeping or declared not submitted."""

from pathlib import Path

import pytest

from sdtm2adam.build.coverage import coverage_issues
from sdtm2adam.build.study import Inputs, uses_without_data
from sdtm2adam.spec.library import read_specs

ROOT = Path(__file__).parents[2]
STUDIES = sorted(
    path.parent
    for path in (
        ROOT / "specs/inovate/study.yaml",
        ROOT / "templates/study/study.yaml",
        *(ROOT / "tests/studies").glob("pharmaverse*/study.yaml"),
    )
    if (path.parent / "raw").is_dir() or (path.parent / "specs" / "raw").is_dir()
)


@pytest.mark.parametrize("study", STUDIES, ids=lambda study: study.name)
def test_no_column_is_lost_or_contradicts_its_contract(study):
    specs = read_specs(study)
    assert specs.contracts
    assert coverage_issues(specs, uses_without_data(specs, Inputs())) == []
