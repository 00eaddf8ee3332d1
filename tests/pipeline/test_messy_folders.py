"""Folders of simulated data with errors, and of two transfers."""

import json
from pathlib import Path

import pandas as pd
import pytest

from sdtm2adam.cli import main
from sdtm2adam.pipeline.simulate import Asked, simulate
from sdtm2adam.simulate import FORMS, choose_kinds
from sdtm2adam.simulate.vendor_files import FILES


def lines(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def forms(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix in (".csv", ".xlsx", ".xpt")}


EVERY_FORM = {FILES.get(form, f"{form}.csv") for form in FORMS}
"""Some feeds come in the files of their vendors."""


def test_the_log_of_errors_lies_beside_the_forms_not_among_them(tmp_path):
    asked = Asked(choose_kinds("duplicate,3"), mess_seed=4)
    _, files = simulate(tmp_path / "raw", subjects=30, seed=1, asked=asked)
    assert set(forms(tmp_path / "raw")) == EVERY_FORM
    log = lines(tmp_path / "raw/truth/mess_truth.csv")
    assert set(log["kind"]) == {"duplicate", "end-before-start"}
    assert tmp_path / "raw/truth/mess_truth.csv" in files
    said = json.loads((tmp_path / "raw/simulation.json").read_text(encoding="utf-8"))
    assert (said["mess"], said["mess_seed"]) == ("end-before-start, duplicate", 4)

    simulate(tmp_path / "raw", subjects=30, seed=1)
    assert not (tmp_path / "raw/truth/mess_truth.csv").exists()
    clean = forms(tmp_path / "raw")
    simulate(tmp_path / "other", subjects=30, seed=1, asked=asked)
    differing = {name for name, text in forms(tmp_path / "other").items() if text != clean[name]}
    assert {"AE.csv", "CM.csv", "CODING.csv", "LB_HEM.csv", "VS.csv"} <= differing


def test_the_same_words_write_the_same_bytes(tmp_path):
    words = ["--subjects", "25", "--seed", "3", "--mess", "all", "--mess-seed", "8", "--transfer", "both"]
    for name in ("one", "two"):
        with pytest.raises(SystemExit) as ended:
            main(["simulate", str(tmp_path / name), *words])
        assert ended.value.code == 0
    found = [{p.relative_to(tmp_path / n): p.read_bytes() for p in (tmp_path / n).rglob("*") if p.is_file()} for n in
             ("one", "two")]  # fmt: skip
    assert found[0] == found[1]


def test_two_transfers_lie_in_folders_of_their_own_with_what_changed_between_them(tmp_path):
    kinds = choose_kinds("drift, impossible-date")
    simulate(tmp_path / "raw", subjects=326, asked=Asked(kinds, 1, "both"), truth=True)
    one, two = (tmp_path / "raw" / name for name in ("transfer_1", "transfer_2"))
    assert not forms(tmp_path / "raw").keys() - {"changes_truth.csv"}
    assert set(forms(one)) == set(forms(two)) == EVERY_FORM
    assert len(lines(one / "ENROL.csv")) < len(lines(two / "ENROL.csv"))
    assert set(lines(tmp_path / "raw/changes_truth.csv")["change"]) == {"new", "changed", "gone"}
    assert set(lines(one / "truth/mess_truth.csv")["kind"]) == {"impossible-date"}
    assert set(lines(two / "truth/mess_truth.csv")["kind"]) == {"impossible-date", "drift"}
    assert (two / "truth/subjects.parquet").exists()
    assert not (one / "truth/subjects.parquet").exists()
    said = [json.loads((folder / "simulation.json").read_text(encoding="utf-8"))["transfer"] for folder in (one, two)]
    assert said == [1, 2]

    simulate(tmp_path / "first", subjects=326, asked=Asked(kinds, 1, "1"))
    assert forms(tmp_path / "first") == forms(one)
