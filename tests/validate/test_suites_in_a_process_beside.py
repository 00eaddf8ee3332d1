"""Of many records the suites run in a process beside: the report is the same, and a dead process costs time only."""

import pytest
from drawn_datasets import draw

from sdtm2adam.validate import beside
from sdtm2adam.validate.beside import check_beside
from sdtm2adam.validate.run import check_datasets

STUDY = {
    "DM": draw("DM", "STUDYID DOMAIN USUBJID RFSTDTC\nS1 DM S1-1 2014-01-05\nS1 DM S1-2 2014-02", keys=("USUBJID",)),
    "AE": draw("AE", "STUDYID DOMAIN USUBJID AESEQ:integer AESTDTC\nS1 AE S1-1 1 2014-13-01\nS1 AE S1-9 1 2014-01-06"),
}


@pytest.fixture
def asked(monkeypatch):
    """The processes that were started, as what they were asked to run."""
    started = []
    run = beside.subprocess.run

    def told(command, **options):
        started.append(command)
        return run(command, **options)

    monkeypatch.setattr(beside.subprocess, "run", told)
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
