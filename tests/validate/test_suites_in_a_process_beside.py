"""Of many records the suites run in a process beside: the report is the same, and a dead process costs time only."""

import subprocess
import sys

import pytest
from drawn_datasets import draw

from sdtm2adam.validate import beside
from sdtm2adam.validate.beside import Beside, check_beside
from sdtm2adam.validate.run import check_datasets

STUDY = {
    "DM": draw("DM", "STUDYID DOMAIN USUBJID RFSTDTC\nS1 DM S1-1 2014-01-05\nS1 DM S1-2 2014-02", keys=("USUBJID",)),
    "AE": draw("AE", "STUDYID DOMAIN USUBJID AESEQ:integer AESTDTC\nS1 AE S1-1 1 2014-13-01\nS1 AE S1-9 1 2014-01-06"),
}


@pytest.fixture
def asked(monkeypatch):
    """The processes that were started, as what they were asked to run."""
    started = []
    start = beside.subprocess.Popen

    def told(command, **options):
        started.append(command)
        return start(command, **options)

    monkeypatch.setattr(beside.subprocess, "Popen", told)
    monkeypatch.setattr(beside, "_cores", lambda: 2)
    return started


def test_a_process_beside_gives_the_same_report(asked, monkeypatch):
    monkeypatch.setattr(beside, "_ENOUGH", 1)
    here = check_datasets(STUDY)
    assert here.issues
    assert check_beside(STUDY, None)() == here
    assert len(asked) == 1


def test_few_records_are_checked_here(asked):
    assert check_beside(STUDY, None)() == check_datasets(STUDY)
    assert asked == []


def test_what_dies_beside_is_done_here(asked, monkeypatch):
    monkeypatch.setattr(beside, "_ENOUGH", 1)
    monkeypatch.setattr(beside, "_CHILD", "import sys; print('half a rep', end=''); sys.exit(3)")
    assert check_beside(STUDY, None)() == check_datasets(STUDY)
    assert len(asked) == 1


def test_a_process_that_was_started_before_answers(asked):
    ready = Beside()
    assert check_beside(STUDY, None, ready)() == check_datasets(STUDY)
    ready.end()
    assert len(asked) == 1


def test_a_process_that_nobody_asks_is_ended():
    ready = Beside()
    ready.end()
    assert ready._process.returncode != 0
    with pytest.raises(RuntimeError, match="was ended"):
        ready.answer_of(STUDY, None)


def test_a_process_is_started_for_large_files_only(asked, tmp_path):
    (tmp_path / "adam").mkdir()
    for name, size in (("dm.parquet", 100_000), ("lb.XPT", 6_000_000), ("notes.pdf", 50_000_000)):
        with (tmp_path / name).open("wb") as file:
            file.truncate(size)
    assert Beside.of_files(tmp_path) is None
    assert asked == []
    with (tmp_path / "adam" / "adlb.parquet").open("wb") as file:
        file.truncate(80_000)
    ready = Beside.of_files(tmp_path)
    assert ready is not None
    ready.end()
    assert len(asked) == 1


def test_the_module_of_the_process_loads_nothing_heavy():
    heavy = "{'pandas', 'pyarrow', 'duckdb', 'numpy'}"
    code = f"import sys, sdtm2adam.validate.beside; print(sorted({heavy} & {{*sys.modules}}))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
