"""Outputs reach their folder together, and what a run no longer makes goes."""

import json
from pathlib import Path

import pytest

from sdtm2adam.errors import UsageError
from sdtm2adam.pipeline.staging import publish, staged


def put(folder: Path, **files: str) -> None:
    """Files as a run makes them, and its record; `data_A` is data/A."""
    names = {name.replace("_", "/", 1): text for name, text in files.items()}
    for name, text in names.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    (folder / "run.json").write_text(json.dumps({"outputs": dict.fromkeys(names, "hash")}))


def tree(folder: Path) -> dict[str, str]:
    """All files but the record, with their texts."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != "run.json")
    return {path.relative_to(folder).as_posix(): path.read_text() for path in files}


def run(out: Path, **files: str) -> None:
    with staged(out) as stage:
        put(stage, **files)
        publish(stage, out)


def test_a_file_that_the_new_run_does_not_make_is_removed_and_one_of_the_user_stays(tmp_path):
    run(tmp_path, data_A="1", sdtm_a="1", data_B="1")
    (tmp_path / "data/notes.txt").write_text("mine")
    (tmp_path / "mine.txt").write_text("mine")
    run(tmp_path, data_A="2", data_B="2")  # A has no records any more: no transport file
    assert tree(tmp_path) == {"data/A": "2", "data/B": "2", "data/notes.txt": "mine", "mine.txt": "mine"}


def test_a_run_that_fails_leaves_the_old_outputs_and_nothing_hidden(tmp_path):
    run(tmp_path, data_A="1")

    def fails() -> None:
        with staged(tmp_path) as stage:
            put(stage, data_A="2", data_B="2")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert tree(tmp_path) == {"data/A": "1"}


def test_a_run_killed_while_it_moves_files_leaves_no_record_and_the_next_one_clears_up(tmp_path, monkeypatch):
    run(tmp_path, data_A="1", data_B="1", data_C="1")

    def killed(self, target):
        if self.name == "B":
            raise KeyboardInterrupt
        return rename(self, target)

    rename = Path.replace
    monkeypatch.setattr(Path, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, data_A="2", data_B="2")
    assert not (tmp_path / "run.json").exists()  # the folder does not pass for that of one run
    monkeypatch.undo()
    run(tmp_path, data_A="3", data_B="3")
    assert tree(tmp_path) == {"data/A": "3", "data/B": "3"}  # C of the first run is not forgotten


@pytest.mark.parametrize(
    "name", ["../victim", "/tmp/victim", "victim", "data/../victim", "specs/victim", "data/x/victim"]
)
def test_a_forged_record_removes_nothing_outside_the_shelves(tmp_path, name):
    out = tmp_path / "out"
    run(out, data_A="1")
    for place in (tmp_path, out, out / "specs", out / "data/x"):
        place.mkdir(exist_ok=True)
        (place / "victim").write_text("mine")
    (out / "run.json").write_text(json.dumps({"outputs": {name: "hash"}}))
    run(out, data_A="2")
    assert all((place / "victim").exists() for place in (tmp_path, out, out / "specs", out / "data/x"))


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"outputs": 1}', '{"outputs": [1]}', "\x00"])
def test_a_damaged_record_stops_nothing(tmp_path, text):
    run(tmp_path, data_A="1")
    (tmp_path / "run.json").write_text(text)
    run(tmp_path, data_B="2")
    assert tree(tmp_path)["data/B"] == "2"


def test_what_a_killed_run_staged_is_not_published(tmp_path):
    (tmp_path / ".sdtm2adam.new/data").mkdir(parents=True)
    (tmp_path / ".sdtm2adam.new/data/OLD").write_text("half")
    run(tmp_path, data_A="1")
    assert tree(tmp_path) == {"data/A": "1"}


def test_a_folder_where_a_file_should_go_is_told(tmp_path):
    (tmp_path / "data/A").mkdir(parents=True)
    with pytest.raises(UsageError, match="cannot write to the output folder") as told:
        run(tmp_path, data_A="1")
    assert "data/A" in told.value.where
    assert "--out" in told.value.mend
