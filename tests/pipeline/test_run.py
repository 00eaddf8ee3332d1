"""Runs after runs: same bytes, the time in files, what goes when data go, and FINAL."""

import json
import os
from pathlib import Path

import pytest

from sdtm2adam.errors import InputError, SpecError
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
    others = {name for name in changed if not name.startswith(("sdtm/", "adam/", "tlf/"))}
    assert others == {"results/T14_3_1.display.json", "results/ard.xpt", "results/ardmem.xpt", "results/ars.json"}
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
    changed = {name for name in after if after[name] != before.get(name)}
    assert {name.partition("/")[0] for name in changed} == {"issues"}
    assert {"issues/issues.json", "issues/issues.html", "issues/issues.xlsx", "issues/queries.csv"} <= changed
    issues = json.loads((again / "output/issues/issues.json").read_text(encoding="utf-8"))["issues"]
    assert "31 FEB 2025" in [issue["value"] for issue in issues]

    change(again / "raw/EVENTS.csv", "31 FEB 2025", "12 FEB 2025")
    assert run(again).exit_code == 0
    assert b"FINAL" in (again / "output/tlf/T14_3_1.rtf").read_bytes()
    assert b"DRAFT" not in (again / "output/tlf/T14_3_1.rtf").read_bytes()


def test_the_message_names_the_first_errors_and_says_where_all_are(again):
    change(again / "study.yaml", "status: DRAFT", "status: FINAL")
    events = again / "raw/EVENTS.csv"
    change(events, " FEB 2025", " FEB 20Z5")
    with pytest.raises(InputError) as told:
        run(again)
    lines = told.value.message.splitlines()
    assert "declared FINAL while" in lines[0]
    assert all(line.startswith("    ") for line in lines[1:])
    assert lines[1].startswith("    AE.")
    assert "FEB 20Z5" in told.value.message
    assert "first: USUBJID=" in lines[1]
    assert lines[-1].startswith("    to mend: resolve the errors listed in")
    issues = json.loads((again / "output/issues/issues.json").read_text(encoding="utf-8"))["issues"]
    errors = sum(issue["severity"] == "error" for issue in issues)
    assert f"while {errors} error" in lines[0]
    assert ("more" in lines[-2]) == (errors > 3)


def test_the_command_ends_with_3_and_writes_nothing_final(again, capfd):
    from sdtm2adam.cli import main

    change(again / "study.yaml", "status: DRAFT", "status: FINAL")
    change(again / "raw/EVENTS.csv", "12 FEB 2025", "31 FEB 2025")
    with pytest.raises(SystemExit) as ended:
        main(["run", str(again)])
    assert ended.value.code == 3
    assert "declared FINAL while 1 error is open" in capfd.readouterr().err
    assert not any(b"FINAL" in path.read_bytes() for path in (again / "output/tlf").glob("*.rtf"))
    assert not (again / "output" / ".sdtm2adam.new").exists()


def statuses(out: Path) -> set[str]:
    """The status on each page of each output."""
    paths = (out / "results").glob("*.display.json")
    return {page["header"][-1][1] for path in paths for page in json.loads(path.read_text(encoding="utf-8"))}


def test_a_report_is_a_draft_unless_it_is_declared_final_and_says_so_on_every_page(again):
    change(again / "study.yaml", "\nstatus: DRAFT", "\n# status:")
    assert run(again).exit_code == 0
    assert statuses(again / "output") == {"DRAFT"}
    assert json.loads((again / "output/run.json").read_text(encoding="utf-8"))["status"] == "DRAFT"
    change(again / "study.yaml", "\n# status:", "\nstatus: FINAL")
    run(again)
    assert statuses(again / "output") == {"FINAL"}
    assert json.loads((again / "output/run.json").read_text(encoding="utf-8"))["status"] == "FINAL"


def test_the_report_file_does_not_declare_a_draft_final(again):
    change(again / "specs/report.yaml", "synthetic: true}", "synthetic: true, status: FINAL}")
    with pytest.raises(SpecError, match="declares the report FINAL, and the study does not"):
        run(again)
