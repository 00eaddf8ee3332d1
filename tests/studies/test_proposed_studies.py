"""Studies proposed from folders of raw files: of the simulated trial, and of a real one. They run at once."""

import shutil
from pathlib import Path

import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest

from sdtm2adam.pipeline.lint import lint
from sdtm2adam.pipeline.new import new_study_from
from sdtm2adam.pipeline.run import run
from sdtm2adam.pipeline.simulate import simulate
from sdtm2adam.spec.library import read_specs

PILOT = Path(__file__).parents[3] / "shared" / "data" / "pharmaverseraw" / "parquet"


@pytest.fixture(scope="module")
def simulated(tmp_path_factory):
    """A study proposed from the simulated forms, and what was proposed."""
    root = tmp_path_factory.mktemp("simulated")
    simulate(root / "raw", subjects=12, seed=1, format="csv", truth=False, progress=lambda _: None)
    return root / "study", new_study_from(root / "study", root / "raw")


def test_the_simulated_trial_gives_a_study_whose_only_errors_are_true_of_the_data(simulated):
    study, proposed = simulated
    assert lint(study).issues == ()
    assert {"DM", "AE", "CM", "VS", "LB"} <= set(proposed.starter.mapped)
    result = run(study)
    errors = {(one.rule, one.variable) for one in result.report.issues if one.severity == "error"}
    assert errors <= {("text-ascii", "LBORRESU"), ("text-ascii", "LBSTRESU")}, result.summary  # the sites print µmol/L
    assert result.datasets["DM"].frame.num_rows == proposed.survey.proposals["ENROL"].records


def test_every_column_is_mapped_or_listed_as_not_mapped(simulated):
    study, proposed = simulated
    specs = read_specs(study)
    for form, columns in proposed.starter.unmapped.items():
        assert list(specs.contracts[form].not_submitted) == list(columns)
        assert all("PROPOSAL" in str(reason) for reason in specs.contracts[form].not_submitted.values())


def test_each_guess_says_that_it_is_one(simulated):
    study, proposed = simulated
    for name in proposed.starter.files:
        lines = (study / name).read_text(encoding="utf-8").splitlines()
        assert lines[0].startswith(("# PROPOSED", "# Proposed"))
        in_set = [
            line for line in lines if line.startswith("      ") and ": " in line and name.startswith("specs/sdtm")
        ]
        assert all("PROPOSAL" in line or "ORRES" in line for line in in_set), name


def test_the_same_files_give_the_same_study_in_any_order_of_making(simulated, tmp_path):
    _, proposed = simulated
    for folder, forms in (("a", ["AE", "ENROL"]), ("b", ["ENROL", "AE"])):
        (tmp_path / folder / "raw").mkdir(parents=True)
        for form in forms:
            shutil.copy(proposed.survey.files.forms[form].path, tmp_path / folder / "raw")
    one, other = (new_study_from(tmp_path / name / "study", tmp_path / name / "raw").starter for name in "ab")
    assert one.files == other.files


@pytest.mark.shared
@pytest.mark.skipif(not PILOT.is_dir(), reason="the public study is not beside the repository")
def test_the_public_study_gives_datasets_with_the_values_of_its_files(tmp_path):
    (tmp_path / "raw").mkdir()
    for path in PILOT.glob("*.parquet"):
        pa_csv.write_csv(pq.read_table(path), tmp_path / "raw" / f"{path.stem}.csv")
    proposed = new_study_from(tmp_path / "study", tmp_path / "raw")
    assert lint(tmp_path / "study").issues == ()
    result = run(tmp_path / "study")
    assert set(proposed.starter.mapped) == {"AE", "DM", "DS", "VS"}
    told = {(issue.rule, issue.severity) for issue in result.report.issues if issue.severity == "error"}
    assert told == {("DS-DEATH-IN-DM", "error")}  # death is on a form that no name tells
    ae = result.datasets["AE"].frame
    raw = pq.read_table(PILOT / "ae_raw.parquet")
    assert ae.num_rows == raw.num_rows - 1  # one record is saved twice
    assert sorted(set(ae["AETERM"].to_pylist())) == sorted(set(raw["IT.AETERM"].to_pylist()))
    assert set(ae["AESEV"].to_pylist()) == {"MILD", "MODERATE", "SEVERE"}
