"""Folders that commands make: never over what somebody else put there."""

import json
from pathlib import Path

import pytest

from sdtm2adam.errors import UsageError
from sdtm2adam.pipeline.demo import demo
from sdtm2adam.pipeline.new import new_study
from sdtm2adam.pipeline.simulate import simulate
from sdtm2adam.resources import shelf


def test_new_copies_the_whole_starter_study_with_files_that_can_be_written(tmp_path):
    made = new_study(tmp_path / "s")
    source = shelf("templates") / "study"
    assert {path.relative_to(tmp_path / "s") for path in made} == {
        path.relative_to(source) for path in source.rglob("*") if path.is_file()
    }
    assert all(path.stat().st_mode & 0o200 for path in made)


def test_new_takes_an_empty_folder_and_no_other(tmp_path):
    (tmp_path / "s").mkdir()
    new_study(tmp_path / "s")
    with pytest.raises(UsageError, match="is not empty"):
        new_study(tmp_path / "s")
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot make this folder"):
        new_study(tmp_path / "file" / "s")


def test_a_simulation_replaces_an_earlier_one_whole_and_nothing_else(tmp_path):
    _, first = simulate(tmp_path / "raw", subjects=10, seed=1)
    assert {path.suffix for path in first} == {".csv", ".json", ".xlsx", ".xpt"}
    simulate(tmp_path / "raw", subjects=11, seed=3, format="odm")
    simulate(tmp_path / "raw", subjects=12, seed=2, format="parquet")
    assert {path.suffix for path in (tmp_path / "raw").iterdir()} == {".parquet", ".json", ".txt"}
    said = json.loads((tmp_path / "raw/simulation.json").read_text(encoding="utf-8"))
    assert (said["seed"], said["randomised"], said["synthetic"]) == (2, 12, True)
    assert "SYNTHETIC DATA" in (tmp_path / "raw/SYNTHETIC.txt").read_text(encoding="utf-8")

    real = tmp_path / "real"
    real.mkdir()
    (real / "AE.csv").write_text("SUBJECT\n1\n")
    with pytest.raises(UsageError, match="something else than an earlier simulation"):
        simulate(real, subjects=10)
    assert (real / "AE.csv").read_text() == "SUBJECT\n1\n"


def test_a_simulation_that_stops_while_writing_leaves_no_forms_of_the_one_before(tmp_path, monkeypatch):
    simulate(tmp_path / "raw", subjects=10, seed=1)

    def stopped(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("sdtm2adam.pipeline.simulate.export_trial", stopped)
    with pytest.raises(KeyboardInterrupt):
        simulate(tmp_path / "raw", subjects=10, seed=2)
    assert [path.name for path in (tmp_path / "raw").iterdir()] == ["SYNTHETIC.txt"]
    monkeypatch.undo()
    simulate(tmp_path / "raw", subjects=10, seed=2)
    assert (tmp_path / "raw/simulation.json").is_file()


class Ran(Exception):  # noqa: N818 - it is no error
    """The demo came as far as its run."""


@pytest.fixture
def _no_run(monkeypatch):
    def ran(*_, **__):
        raise Ran

    monkeypatch.setattr("sdtm2adam.pipeline.demo.run", ran)


def files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.usefixtures("_no_run")
def test_a_demo_makes_its_folder_anew_unless_somebody_changed_its_specs(tmp_path):
    folder = tmp_path / "demo"
    for seed in (1, 2):
        with pytest.raises(Ran):
            demo(folder, subjects=10, seed=seed)
    assert json.loads((folder / "raw/simulation.json").read_text(encoding="utf-8"))["seed"] == 2

    spec = folder / "specs/sdtm/AE.yaml"
    spec.write_text(spec.read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")
    before = files(folder)
    with pytest.raises(UsageError, match=r"a demo whose specs were changed \(sdtm/AE.yaml\)") as told:
        demo(folder, subjects=10)
    assert "--out" in told.value.mend
    assert files(folder) == before


@pytest.mark.usefixtures("_no_run")
def test_a_demo_has_the_checks_of_its_study_where_a_run_reads_them_and_keeps_those_of_others(tmp_path):
    folder, own = tmp_path / "demo", tmp_path / "demo/validation/edit_checks/mine.yaml"
    for _ in range(2):
        with pytest.raises(Ran):
            demo(folder, subjects=10)
        own.write_text("checks: []\n", encoding="utf-8")
    bundled = shelf("specs") / "inovate/validation"
    names = {path.relative_to(bundled) for path in bundled.rglob("*") if path.is_file()}
    assert names
    assert files(folder / "validation").keys() == {folder / "validation" / name for name in names} | {own}
    assert not (folder / "specs/validation").exists()

    changed = folder / "validation" / min(names)
    changed.write_text("checks: []\n", encoding="utf-8")
    with pytest.raises(UsageError, match=changed.name):
        demo(folder, subjects=10)


@pytest.mark.usefixtures("_no_run")
def test_a_demo_that_was_stopped_can_be_made_again(tmp_path, monkeypatch):
    folder = tmp_path / "demo"

    def stopped(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("sdtm2adam.pipeline.demo.simulate", stopped)
        with pytest.raises(KeyboardInterrupt):
            demo(folder, subjects=10)
    with pytest.raises(Ran):
        demo(folder, subjects=10)


@pytest.mark.usefixtures("_no_run")
def test_a_demo_leaves_a_study_of_somebody_else_alone(tmp_path):
    new_study(tmp_path / "mine")
    before = files(tmp_path / "mine")
    with pytest.raises(UsageError, match="something else than an earlier demo"):
        demo(tmp_path / "mine", subjects=10)
    assert files(tmp_path / "mine") == before
