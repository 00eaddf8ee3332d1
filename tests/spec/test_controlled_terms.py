"""The terms that ship with the specs are those of the package the study names."""

import csv
import gzip
from pathlib import Path

import pytest

from sdtm2adam.resources import shelf

PACKAGE = Path(__file__).resolve().parents[3] / "shared" / "standards" / "ct_sdtm_2025-03-28.csv.gz"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not PACKAGE.is_file(), reason="the package of terms is not in ../shared"),
]


def test_every_term_is_in_the_package_as_it_stands() -> None:
    names = ("codelist_code", "codelist_submission_value", "codelist_name", "extensible", "term_code",
             "submission_value", "synonyms", "preferred_term")  # fmt: skip
    with gzip.open(PACKAGE, "rt", encoding="utf-8", newline="") as file:
        package = {tuple(row[name] for name in names) for row in csv.DictReader(file)}
    with (shelf("specs") / "standards" / "ct_sdtm.csv").open(encoding="utf-8", newline="") as file:
        ours = [tuple(row.values()) for row in csv.DictReader(file)]
    assert len(ours) > 4000
    assert len(ours) == len(set(ours))
    assert [row for row in ours if row not in package] == []
    assert ours == sorted(ours, key=lambda row: (row[0], row[5]))
