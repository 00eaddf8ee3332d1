"""Runs after runs: same bytes, the time in files, what goes when data go, and FINAL."""

import json
import os
from pathlib import Path

import pytest

from sdtm2adam.errors import InputError
from sdtm2adam.pipeline.run import run


def files(out: Path) -> dict[str, bytes]:
    """All that a run writes but its record."""
    found = (path for path in out.rglob("*") if path.is_file() and path.name != "run.json")
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in found}


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8", newline="")


def test_a_second_run_with_other_threads_gives_the_same_bytes_and_a_smaller_study_no_old_files(again):
    before = files(again / "output")
    run(again, threads=1)
    assert files(again / "output") == before

    events = again / "raw/EVENTS.csv"  # no adverse events any more, and one output less
    events.write_text(events.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    (again / "specs/tlf/T14_3_1.yaml").unlink()
    run(again)
    gone = set(before) - set(files(again / "output"))
    assert {"sdtm/ae.xpt", "adam/adae.xpt", "tlf/T14_3_1.rtf", "tlf/T14_3_1.html", "tlf/report.docx"} <= gone
    assert not any(name.startswith(("data/AE", "data/DM", "sdtm/dm")) for name in gone)


def test_the_time_of_source_date_epoch_is_in_documents_and_transport_files_and_nowhere_else(again, monkeypatch):
    before = files(again / "output")
    monkeypatch.setitem(os.environ, "SOURCE_DATE_EPOCH", "1735689599")  # 2024-12-31T23:59:59Z
    run(again)
    after = files(again / "output")
    changed = {name for name in before if before[name] != after[name]}
    assert {Path(name).suffix for name in changed} <= {".xpt", ".rtf", ".docx", ".html", ".json"}
    assert all(name.startswith(("sdtm/", "adam/", "tlf/")) or name.endswith("display.json") for name in changed)
    assert b"31DEC24:23:59:59" in after["sdtm/dm.xpt"]
    assert b"31DEC2024 23:59" in after["tlf/T14_3_1.rtf"]
    assert b"2024-12-31T23:59:59Z" in after["tlf/index.html"]


def test_a_final_report_is_refused_while_errors_are_open_and_the_old_outputs_stay(again):
    before = files(again / "output")
    change(again / "study.yaml", "status: DRAFT", "status: FINAL")
    change(again / "raw/EVENTS.csv", "12 FEB 2025", "31 FEB 2025")
    with pytest.raises(InputError, match="declared FINAL while 1 error is open") as told:
        run(again)
    assert told.value.exit_code == 3
    assert told.value.where == "study.yaml:26"
    after = files(again / "output")
    assert {name for name in after if after[name] != before[name]} == {"issues/issues.json", "issues/issues.parquet"}
    issues = json.loads((again / "output/issues/issues.json").read_text(encoding="utf-8"))["issues"]
    assert "31 FEB 2025" in [issue["value"] for issue in issues]

    change(again / "raw/EVENTS.csv", "31 FEB 2025", "12 FEB 2025")
    assert run(again).exit_code == 0
    assert b"FINAL" in (again / "output/tlf/T14_3_1.rtf").read_bytes()
    assert b"DRAFT" not in (again / "output/tlf/T14_3_1.rtf").read_bytes()
