"""A later transfer with another structure: the column that is gone, the new one, and the one of another type."""

from pathlib import Path

import pytest
from messy_study import build_study, study_folder

from sdtm2adam.errors import InputError, InputErrors
from sdtm2adam.simulate import observe, simulate_trial
from sdtm2adam.simulate.mess import Log
from sdtm2adam.simulate.mess.drift import drift
from sdtm2adam.simulate.write import write_messy


def test_drift_of_a_transfer_is_told_column_by_column(tmp_path: Path) -> None:
    clean = observe(simulate_trial(25, 4))
    log = Log()
    later = drift(clean, log)
    study = study_folder(tmp_path / "study")

    write_messy(later, tmp_path / "later")
    try:
        said = "\n".join(issue.text for issue in build_study(study, tmp_path / "later").issues)
    except (InputError, InputErrors) as stopped:
        said = str(stopped)
    assert "RSDRV" in said

    write_messy({**later, "RESP": clean["RESP"]}, tmp_path / "later")
    issues = build_study(study, tmp_path / "later").issues
    assert ("raw.AE", "AEREPDT") in {(i.dataset, i.variable) for i in issues if i.rule == "raw-column-new"}
    lines = log.table().to_pandas()
    retyped = {f"RECORDID={record}" for record in lines.loc[lines["column"] == "NCYC", "RECORDID"]}
    assert retyped
    assert retyped == {key for i in issues if (i.rule, i.variable) == ("not-a-number", "NCYC") for key in i.keys}


@pytest.mark.long
def test_a_transfer_without_drift_says_nothing_of_it(tmp_path: Path) -> None:
    write_messy(observe(simulate_trial(25, 4)), tmp_path / "raw")
    issues = build_study(study_folder(tmp_path / "study"), tmp_path / "raw").issues
    assert not {i.rule for i in issues} & {"raw-column-new", "not-a-number"}
