"""The time that files bear, the weight that fails, and the status."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from sdtm2adam.errors import SpecErrors, UsageError
from sdtm2adam.model import Issue, Severity
from sdtm2adam.pipeline.settings import Settings, read_settings
from sdtm2adam.spec.library import read_specs


def settings(folder: Path, **said: str) -> Settings:
    """The settings of a study.yaml that says these things."""
    lines = ["study: S1", *(f"{name}: {value}" for name, value in said.items())]
    (folder / "study.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return read_settings(read_specs(folder))


@pytest.fixture(autouse=True)
def _no_epoch(monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"cutoff": "2016-03-08"}, datetime(2016, 3, 8, tzinfo=UTC)),
        ({"cutoff": "2016-03-08", "run_time": "2016-05-01T12:30"}, datetime(2016, 5, 1, 12, 30, tzinfo=UTC)),
        ({"run_time": "2016-05-01T12:30+02:00"}, datetime(2016, 5, 1, 10, 30, tzinfo=UTC)),
        ({}, datetime(1980, 1, 1, tzinfo=UTC)),
    ],
)
def test_the_time_is_the_run_time_else_the_cutoff_at_midnight_utc(tmp_path, monkeypatch, said, expected):
    for zone in ("UTC", "Pacific/Kiritimati"):
        monkeypatch.setenv("TZ", zone)
        assert settings(tmp_path, **said).created == expected


def test_source_date_epoch_goes_before_both(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1457395200")
    assert settings(tmp_path, cutoff="2020-01-01", run_time="2020-01-02").created == datetime(2016, 3, 8, tzinfo=UTC)


@pytest.mark.parametrize("said", ["soon", "1.5", "99999999999999999999"])
def test_a_source_date_epoch_that_is_no_number_of_seconds_is_told(tmp_path, monkeypatch, said):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", said)
    with pytest.raises(UsageError, match=r"SOURCE_DATE_EPOCH: .* is no number of seconds"):
        settings(tmp_path)


def test_all_that_is_wrong_is_told_at_once_with_its_line(tmp_path):
    with pytest.raises(SpecErrors) as told:
        settings(tmp_path, cutoff="08MAR2016", run_time="later", fail_at="errors", status="final")
    assert [error.where for error in told.value.errors] == [f"study.yaml:{line}" for line in (4, 5, 3, 2)]
    assert "did you mean error?" in told.value.message
    assert "did you mean FINAL?" in told.value.message


@pytest.mark.parametrize(
    ("fail_at", "found", "code"),
    [
        ("error", [], 0),
        ("error", ["warning", "note"], 0),
        ("error", ["note", "error"], 1),
        ("warning", ["warning"], 1),
        ("warning", ["note"], 0),
        ("note", ["note"], 1),
    ],
)
def test_the_exit_code_is_1_from_fail_at_on(tmp_path, fail_at, found, code):
    issues = tuple(Issue(dataset="AE", rule="r", severity=Severity(weight), text="t") for weight in found)
    assert settings(tmp_path, fail_at=fail_at).exit_code(issues) == code
