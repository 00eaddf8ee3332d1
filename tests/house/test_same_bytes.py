"""The whole road twice: equal inputs give equal bytes, whatever the order of rows, jobs, time zone or hash seed."""

import csv
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sdtm2adam.resources import shelf

pytestmark = pytest.mark.long
CLOCKED = {"run.json"}
"""Files of a run that may hold a clock, a host or an absolute path."""


def sdtm2adam(*words: str | Path, **environment: str) -> None:
    command = [sys.executable, "-m", "sdtm2adam", *map(str, words)]
    done = subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, encoding="utf-8", timeout=900
    )
    assert done.returncode in (0, 1), done.stdout + done.stderr


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The study folder of a small trial, and its first output."""
    folder = tmp_path_factory.mktemp("bytes") / "study"
    sdtm2adam("demo", "--out", folder, "--subjects", "60", TZ="UTC", PYTHONHASHSEED="1")
    return folder


def files(output: Path) -> dict[str, bytes]:
    return {
        path.relative_to(output).as_posix(): path.read_bytes()
        for path in sorted(output.rglob("*"))
        if path.is_file() and path.name not in CLOCKED
    }


def differing(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    return [name for name in sorted({*one, *other}) if one.get(name) != other.get(name)]


@pytest.mark.bad_input("B098")
def test_a_second_run_elsewhere_gives_the_same_bytes(study: Path, tmp_path: Path) -> None:
    surroundings = {"TZ": "Asia/Tokyo", "PYTHONHASHSEED": "77", "LC_ALL": "C"}
    sdtm2adam("run", study, "--out", tmp_path / "again", "--jobs", "1", **surroundings)
    first = files(study / "output")
    assert len(first) > 100
    assert differing(first, files(tmp_path / "again")) == []


@pytest.mark.bad_input("B098")
def test_the_order_of_raw_rows_does_not_matter(study: Path, tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    shutil.copytree(study / "raw", raw)
    for path in sorted(raw.glob("*.csv")):
        shuffle(path, random.Random(path.name))
    sdtm2adam("run", study, "--data", f"raw={raw}", "--out", tmp_path / "shuffled")
    assert differing(files(study / "output"), files(tmp_path / "shuffled")) == []


def shuffle(path: Path, chance: random.Random) -> None:
    """The records of a CSV file in another order, the header first."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        delimiter = ";" if path.stem == "IVRS" else ","
        header, *records = csv.reader(file, delimiter=delimiter)
    chance.shuffle(records)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter, lineterminator="\n").writerows([header, *records])


def test_an_installed_copy_of_the_study_is_not_changed_by_a_run(study: Path) -> None:
    bundled = shelf("specs") / "inovate"
    for path in sorted(bundled.rglob("*.yaml")):
        copy = study / ("study.yaml" if path.name == "study.yaml" else f"specs/{path.relative_to(bundled).as_posix()}")
        assert copy.read_bytes() == path.read_bytes()
