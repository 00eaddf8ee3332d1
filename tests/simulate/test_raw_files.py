"""Raw exports are written whole, the same bytes each time, and marked as synthetic."""

import csv
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest

from sdtm2adam.errors import UsageError
from sdtm2adam.files.raw_table import read_raw
from sdtm2adam.resources import shelf
from sdtm2adam.simulate import FORMS, expect, export_trial, observe, simulate_trial, write_raw
from sdtm2adam.simulate.snapshot import CARRIED
from sdtm2adam.simulate.truth import Trial
from sdtm2adam.simulate.vendor_files import FILES
from sdtm2adam.spec.closed import read
from sdtm2adam.spec.study import Contract
from sdtm2adam.spec.yaml import load


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
    wanted = {FILES.get(name, f"{name}.csv") for name in FORMS} | {"SYNTHETIC.txt"}
    wanted |= {f"truth/{name}" for name in ("subjects.parquet", "adverse_events.parquet", "SYNTHETIC.txt")}
    assert set(contents(tmp_path)) == wanted
    assert "SYNTHETIC" in (tmp_path / "SYNTHETIC.txt").read_text(encoding="utf-8")


def test_csv_files_hold_what_was_observed(small: Trial, tmp_path: Path) -> None:
    forms = observe(small)
    write_raw(forms, tmp_path)
    for name, form in forms.items():
        if name in FILES:
            continue
        encoding = FORMS[name].encoding.replace("utf-8", "utf-8-sig")
        with (tmp_path / f"{name}.csv").open(encoding=encoding, newline="") as file:
            rows = list(csv.reader(file, delimiter=FORMS[name].delimiter))
        assert tuple(rows[0]) == FORMS[name].columns
        told = [["" if value is None else value for value in row.values()] for row in form.to_pylist()]
        assert rows[1:] == told


def test_feeds_in_the_files_of_their_vendors_hold_what_was_observed(small: Trial, tmp_path: Path) -> None:
    forms = observe(small)
    write_raw(forms, tmp_path)
    for name, file in FILES.items():
        place = shelf("specs") / "inovate" / "raw" / f"{name}.yaml"
        contract = read(Contract, load(place, place.name), name, place.name)
        found = read_raw(tmp_path / file, contract.read, contract.names)
        assert (str(contract.file), found.notices, found.others) == (file, (), ())
        meant = forms[name].to_pydict()
        if name == "MRD":  # a SAS date is no text
            meant["COLDT"] = [datetime.strptime(text, "%d%b%Y").date().isoformat() for text in meant["COLDT"]]
        assert found.frame.to_pydict() == meant


def test_a_workbook_holds_real_dates_beside_texts_and_numbers_only_where_no_digit_is_lost(
    small: Trial, tmp_path: Path
) -> None:
    write_raw(observe(small), tmp_path)
    sheet = openpyxl.load_workbook(tmp_path / "CFLOW.xlsx")["Immunophenotyping"]
    cells = {
        head.value: [row[place].value for row in sheet.iter_rows(min_row=6)] for place, head in enumerate(sheet[5])
    }
    assert [type(value).__name__ for value in cells["CollDate"][:3]] == ["datetime", "datetime", "str"]
    assert {type(value).__name__ for value in cells["CD22Pct"]} >= {"float", "str"}
    assert all(not isinstance(value, str) or value.endswith(".0") for value in cells["CD22Pct"])


def test_a_snapshot_and_its_contracts_hold_what_was_observed(small: Trial, tmp_path: Path) -> None:
    forms = observe(small)
    made = write_raw(forms, tmp_path, "odm")
    assert {path.relative_to(tmp_path).as_posix() for path in made} >= {"EDC.xml", "contracts/AE.yaml", "CM.csv"}
    assert not [path for name in CARRIED if (path := tmp_path / f"{name}.csv").exists()]
    for name in CARRIED:
        place = tmp_path / "contracts" / f"{name}.yaml"
        contract = read(Contract, load(place, place.name), name, place.name)
        found = read_raw(tmp_path / str(contract.file), contract.read, contract.names)
        assert (found.notices, set(found.others)) == ((), set(CARRIED) - {name})
        meant = forms[name].sort_by("RECORDID")
        assert found.frame.select(meant.column_names).sort_by("RECORDID").to_pydict() == meant.to_pydict()


def test_some_files_begin_with_a_byte_order_mark(small: Trial, tmp_path: Path) -> None:
    write_raw(observe(small), tmp_path)
    marked = {path.stem for path in tmp_path.glob("*.csv") if path.read_bytes().startswith(b"\xef\xbb\xbf")}
    assert marked == {"CODING", "SITES"}


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
    with pytest.raises(UsageError, match="csv, parquet or odm"):
        write_raw(dict.fromkeys(FORMS), tmp_path, "xlsx")
