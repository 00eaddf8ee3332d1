"""The study that `new` copies: it runs, its numbers are right, and every file of it explains itself."""

import json

import docx
import pandas as pd
import pyreadstat
from starter import TEMPLATE, call

from sdtm2adam.spec.library import read_specs


def test_new_makes_a_study_that_runs_and_its_table_has_the_numbers_of_its_files(tmp_path, capsys):
    study = tmp_path / "my" / "study"
    said = call(capsys, "new", study)
    assert (said.code, said.err) == (0, "")
    assert f"Next: sdtm2adam run {study}" in said.out
    said = call(capsys, "run", study)
    assert said.code == 0, said.out + said.err
    assert "0 outputs" not in said.out
    assert "error" not in said.out
    assert "warning" not in said.out

    adsl, _ = pyreadstat.read_xport(study / "output/adam/adsl.xpt")
    adae, _ = pyreadstat.read_xport(study / "output/adam/adae.xpt")
    safety = adsl[adsl["SAFFL"] == "Y"]
    emergent = adae[(adae["TRTEMFL"] == "Y") & adae["USUBJID"].isin(safety["USUBJID"])]
    subjects = emergent.groupby(["AEDECOD", "TRTA"])["USUBJID"].nunique().unstack(fill_value=0)
    total = safety["TRT01A"].value_counts()
    table = docx.Document(str(study / "output/tlf/T14_3_1.docx")).tables
    rows = {cells[0]: cells[1:] for one in table for row in one.rows if (cells := [c.text.strip() for c in row.cells])}
    for term, counts in subjects.iterrows():
        assert rows[str(term)] == [shown(counts[arm], total[arm]) for arm in ("Test Drug", "Placebo")]
    assert len(subjects) == 7


def shown(count: int, total: int) -> str:
    """A count and its percentage as the table prints them."""
    return f"{count} ({100 * count / total:.1f})" if count else "0"


def test_every_file_of_it_begins_with_a_comment_and_most_lines_are_explained():
    for path in TEMPLATE.rglob("*.yaml"):
        lines = path.read_text(encoding="utf-8").splitlines()
        assert lines[0].startswith("# "), path
        assert sum("#" in line for line in lines) >= len(lines) / 8, path
        assert max(map(len, lines)) <= 120, path


def test_it_is_marked_as_invented_wherever_it_can_be():
    specs = read_specs(TEMPLATE)
    assert "invented" in str(specs.study.synthetic)
    assert "synthetic: true" in (TEMPLATE / "specs/report.yaml").read_text(encoding="utf-8")
    assert {path.name for path in (TEMPLATE / "raw").iterdir()} == {str(c.file) for c in specs.contracts.values()}


def test_its_pages_say_synthetic_data(tmp_path, capsys):
    assert call(capsys, "new", tmp_path / "s").code == 0
    assert call(capsys, "run", tmp_path / "s").code == 0
    pages = json.loads((tmp_path / "s/output/results/T14_3_1.display.json").read_text(encoding="utf-8"))
    assert all(["SYNTHETIC DATA", "DRAFT"] in page["header"] for page in pages)
    assert pd.notna(pages[0]["number"])
