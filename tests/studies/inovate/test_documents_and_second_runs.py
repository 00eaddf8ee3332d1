"""The documents of the run say the same to the letter, and the run leaves the same bytes whenever it is made again."""

import hashlib
import json
import os
import random
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from docx_reader import read_docx
from rtf_reader import read_rtf
from written_files import alternative_texts

from sdtm2adam.resources import shelf
from sdtm2adam.simulate import FORMS

NAMES = tuple(sorted(path.stem for path in (shelf("specs") / "inovate" / "tlf").glob("*.yaml")))
each_output = pytest.mark.parametrize("name", NAMES)


def pages_of(output: Path, name: str) -> list[dict[str, list[list[str]]]]:
    pages: list[dict[str, list[list[str]]]] = json.loads(
        (output / "results" / f"{name}.display.json").read_text(encoding="utf-8")
    )
    return pages


@each_output
def test_synthetic_data_is_written_on_every_page(output: Path, name: str) -> None:
    """In the header, and the documents have one header for all pages."""
    assert all("SYNTHETIC DATA" in [left for left, _ in page["header"]] for page in pages_of(output, name))
    for read, ending in ((read_docx, "docx"), (read_rtf, "rtf")):
        found = read((output / "tlf" / f"{name}.{ending}").read_bytes())
        assert "SYNTHETIC DATA" in [text for _, region, _, _, text in found if region == "header"]
    rtf = (output / "tlf" / f"{name}.rtf").read_text(encoding="ascii")
    assert len(re.findall(r"\\header[lrf]?\b", rtf)) == 1
    assert not re.search(r"\\(titlepg|facingp|sect)\b", rtf)
    with zipfile.ZipFile(output / "tlf" / f"{name}.docx") as archive:
        body = archive.read("word/document.xml").decode()
    assert len(re.findall(r"<w:headerReference\b", body)) == len(re.findall(r"<w:sectPr\b", body)) == 1
    assert "<w:titlePg" not in body


def test_rtf_and_word_hold_the_same_pictures(output: Path) -> None:
    rtf = (output / "tlf" / "F14_2_3.rtf").read_text(encoding="ascii")
    drawn = [bytes.fromhex(re.sub(r"\s", "", found)) for found in re.findall(r"\\pngblip[^ \n]*([\s0-9a-f]+)\}", rtf)]
    with zipfile.ZipFile(output / "tlf" / "F14_2_3.docx") as archive:
        media = [archive.read(name) for name in sorted(archive.namelist()) if name.startswith("word/media/")]
    assert len(drawn) == 2
    assert sorted(drawn) == sorted(media)
    assert len(alternative_texts(output / "tlf" / "F14_2_3.docx")) == 2


# --- the same bytes again


def hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of every file but run.json, which tells the time."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in ("run.json", ".sdtm2adam.lock")
    }


def run_again(study: Path, out: Path, *options: str, **environment: str) -> dict[str, str]:
    """The hashes of a run in a process of its own."""
    command = [sys.executable, "-m", "sdtm2adam", "run", str(study), "--out", str(out), *options]
    done = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return hashes(out)


def different(first: dict[str, str], second: dict[str, str]) -> list[str]:
    names = {
        name for name in first.keys() | second.keys() if not name.startswith("issues/")
    }  # the demo runs all checks
    return sorted(name for name in names if first.get(name) != second.get(name))


def test_a_second_run_gives_the_same_bytes(study: Path, tmp_path: Path) -> None:
    """With one thread instead of all, another hash seed, time zone and locale."""
    again = run_again(study, tmp_path / "out", "--jobs", "1", PYTHONHASHSEED="7", TZ="Asia/Tokyo", LC_ALL="C")
    assert different(hashes(study / "output"), again) == []
    assert len(again) > 150


def shuffle_records(path: Path, draw: Callable[[list[str]], None]) -> None:
    """The records of a CSV file in another order; a record may hold line breaks within quotes."""
    records, encoding = [""], FORMS[path.stem].encoding
    for line in path.read_text(encoding=encoding).splitlines(keepends=True):
        records[-1] += line
        if records[-1].count('"') % 2 == 0:
            records.append("")
    head, body = records[0], [record for record in records[1:] if record]
    assert all(record.endswith("\n") for record in body)
    draw(body)
    path.write_text(head + "".join(body), encoding=encoding, newline="")


def test_raw_records_in_another_order_give_the_same_bytes(study: Path, copied_study: Path, tmp_path: Path) -> None:
    draw = random.Random(22)
    files = sorted((copied_study / "raw").glob("*.csv"))
    assert {path.stem for path in files} == set(FORMS) - {"CFLOW", "EAC", "MRD"}  # these are no CSV
    for path in files:
        shuffle_records(path, draw.shuffle)
    again = run_again(copied_study, tmp_path / "out")
    assert different(hashes(study / "output"), again) == []
