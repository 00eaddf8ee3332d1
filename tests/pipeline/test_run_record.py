"""run.json: what was read and made, with hashes, versions, counts and times; and the shelves of the output."""

import hashlib
import json
import re
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import pyarrow.parquet as pq
import pytest

ROOTS = {"data", "sdtm", "adam", "lineage", "results", "tlf", "issues"}


@pytest.fixture
def record(finished):
    return json.loads((finished[0] / "output/run.json").read_text(encoding="utf-8"))


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_it_has_the_hash_of_every_file_that_was_made_and_of_no_other(finished, record):
    out = finished[0] / "output"
    there = {p.relative_to(out).as_posix(): digest(p) for p in out.rglob("*") if p.is_file() and p.name != "run.json"}
    assert record["outputs"] == there
    assert finished[1].files == len(there)


def test_it_has_the_hash_of_every_input(finished, record):
    raw = finished[0] / "raw"
    assert {name: entry["sha256"] for name, entry in record["inputs"].items()} == {
        f"raw/{path.stem}": digest(path) for path in raw.glob("*.csv")
    }
    assert all(Path(entry["path"]).is_absolute() for entry in record["inputs"].values())


def test_it_has_the_hash_of_every_spec_displays_and_own_suites_among_them(finished, record):
    folder = finished[0]
    specs = [folder / "study.yaml", *(folder / "specs").rglob("*.*"), folder / "validation/suites/own.yaml"]
    assert record["specs"] == {path.relative_to(folder).as_posix(): digest(path) for path in specs}


def test_it_has_versions_counts_and_seconds(finished, record):
    assert record["study"] == "STARTER-01"
    assert record["versions"]["sdtm2adam"] == version("sdtm2adam")
    assert record["versions"]["duckdb"] == version("duckdb")
    assert re.fullmatch(r"3\.\d+\.\d+.*", record["versions"]["python"])
    assert set(record["seconds"]) == {"specs", "lint", "build", "check", "write datasets", "outputs"}
    assert abs((datetime.now(UTC) - datetime.fromisoformat(record["finished"])).days) < 2
    for name, count in record["records"].items():
        if not name.startswith("raw."):
            assert count == pq.read_metadata(finished[0] / f"output/data/{name}.parquet").num_rows
    assert record["records"]["raw.DEMOG"] == 12
    assert record["issues"] == {
        weight: sum(issue.severity == weight for issue in finished[1].report.issues)
        for weight in ("error", "warning", "note")
    }
    assert "seeds" not in record  # nothing of this study was drawn at random


def test_the_output_has_the_shelves_of_the_design_and_nothing_hidden(finished):
    out = finished[0] / "output"
    assert {path.name for path in out.iterdir()} == ROOTS | {"run.json"}
    names = {folder: {path.name for path in (out / folder).iterdir()} for folder in ROOTS}
    assert names["sdtm"] == {"dm.xpt", "ae.xpt", "ex.xpt", "ds.xpt", "suppae.xpt"}
    assert names["adam"] == {"adsl.xpt", "adae.xpt"}
    assert {f"{Path(name).stem.upper()}.parquet" for name in names["sdtm"] | names["adam"]} == names["data"]
    assert names["data"] <= names["lineage"]
    outputs = {f"{name}.{ending}" for name in ("T14_3_1", "report") for ending in ("rtf", "docx")}
    assert names["tlf"] == outputs | {"T14_3_1.html", "index.html"}
    own = {f"T14_3_1.{kind}" for kind in ("parquet", "members.parquet", "display.json")}
    assert names["results"] == own | {"ard_all.parquet", "ard_member.parquet", "ard.xpt", "ardmem.xpt", "ars.json"}
    assert names["issues"] == {"issues.json", "issues.parquet"}


def test_only_run_json_holds_a_clock_or_a_path(finished):
    out = finished[0] / "output"
    folder, today = str(finished[0].parent).encode(), datetime.now(UTC).strftime("%Y-%m-%d").encode()
    for path in out.rglob("*"):
        if path.is_file() and path.name != "run.json":
            assert folder not in path.read_bytes(), path
            assert today not in path.read_bytes(), path
