"""Raw exports are written whole, the same bytes each time, and marked as synthetic."""

import csv
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from sdtm2adam.errors import UsageError
from sdtm2adam.simulate import FORMS, expect, export_trial, observe, simulate_trial, write_raw
from sdtm2adam.simulate.truth import Trial


@pytest.fixture(scope="module")
def small() -> Trial:
    return simulate_trial(40, 8)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_same_seed_gives_the_same_bytes(small: Trial, tmp_path: Path) -> None:
    write_raw(observe(small), tmp_path / "a")
    export_trial(simulate_trial(40, 8), tmp_path / "b")
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_a_folder_holds_each_form_and_the_mark(small: Trial, tmp_path: Path) -> None:
    export_trial(small, tmp_path, truth=True)
    wanted = {f"{name}.csv" for name in FORMS} | {"SYNTHETIC.txt"}
    wanted |= {f"truth/{name}" for name in ("subjects.parquet", "adverse_events.parquet", "SYNTHETIC.txt")}
    assert set(contents(tmp_path)) == wanted
    assert "SYNTHETIC" in (tmp_path / "SYNTHETIC.txt").read_text(encoding="utf-8")


def test_csv_files_hold_what_was_observed(small: Trial, tmp_path: Path) -> None:
    forms = observe(small)
    write_raw(forms, tmp_path)
    for name, form in forms.items():
        with (tmp_path / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file, delimiter=FORMS[name].delimiter))
        assert tuple(rows[0]) == FORMS[name].columns
        told = [["" if value is None else value for value in row.values()] for row in form.to_pylist()]
        assert rows[1:] == told


def test_parquet_files_hold_what_was_observed(small: Trial, tmp_path: Path) -> None:
    forms = observe(small)
    write_raw(forms, tmp_path, "parquet")
    assert all(pq.read_table(tmp_path / f"{name}.parquet").equals(form) for name, form in forms.items())


def test_truth_has_one_row_per_randomised_subject(small: Trial) -> None:
    subjects: Any = expect(small)["subjects"]
    assert subjects.num_rows == 40
    assert len(set(subjects["USUBJID"].to_pylist())) == 40


def test_a_write_that_fails_half_way_leaves_no_trace(small: Trial, tmp_path: Path) -> None:
    forms = observe(small)
    forms["VS"] = "no table"
    with pytest.raises(AttributeError):
        write_raw(forms, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_forms_of_another_study_are_refused(small: Trial, tmp_path: Path) -> None:
    forms = observe(small)
    del forms["AE"]
    with pytest.raises(UsageError, match="not the forms of the study: AE"):
        write_raw(forms, tmp_path)


def test_an_unknown_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="csv or parquet"):
        write_raw(dict.fromkeys(FORMS), tmp_path, "xlsx")
