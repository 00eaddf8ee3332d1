"""Commands called in a way that cannot work: exit 2, a hint, and nothing is touched."""

import pytest
from starter import call, left, starter, sub


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["rnu"], "Did you mean 'run'?"),
        (["run", "STUDY", "--fats"], "No such option"),
        (["run", "STUDY", "STUDY"], "unexpected extra argument"),
        (["run", "nowhere"], "nowhere: has no study.yaml"),
        (["check", "nowhere"], "sdtm2adam new DIR"),
        (["lint", "nowhere"], "sdtm2adam new DIR"),
        (["run", "STUDY/study.yaml"], "is a file"),
        (["run", "STUDY", "--data", "foo=bar"], "no such kind of data"),
        (["run", "STUDY", "--data", "raw"], "is not KIND=DIR"),
        (["run", "STUDY", "--data", "raw=a", "--data", "raw=b"], "raw is named twice"),
        (["run", "STUDY", "--jobs", "0"], "is not in the range"),
        (["run", "STUDY", "--memory", "lots"], "write 500MB or 4GB"),
        (["run", "STUDY", "--out", "STUDY/study.yaml"], "is a file"),
        (["run", "STUDY", "--out", "STUDY/raw"], "outputs would go where the raw data of the study lie"),
        (["run", "STUDY", "--out", "STUDY/raw/new"], "outputs would go where the raw data of the study lie"),
        (["run", "STUDY", "--out", "STUDY/specs"], "outputs would go where the specs of the study lie"),
        (["check", "STUDY", "--stage", "tlf"], "is not one of"),
        (["new"], "Missing argument 'DIR'"),
        (["new", "STUDY"], "nothing is overwritten"),
        (["new", "STUDY/study.yaml"], "is a file"),
        (["simulate", "STUDY", "--subjects", "10"], "nothing real is overwritten"),
        (["simulate", "new", "--subjects", "0"], "is not in the range"),
        (["simulate", "new", "--seed", "-1"], "is not in the range"),
        (["simulate", "new", "--mess", "unit-mixed"], "did you mean unit-mix?"),
        (["simulate", "new", "--mess-seed", "-1"], "is not in the range"),
        (["simulate", "new", "--transfer", "3"], "is not one of"),
        (["simulate", "new", "--transfer", "1", "--truth"], "ask for transfer 2, or for both"),
        (["demo", "--out", "STUDY"], "name an empty folder with --out"),
        (["demo", "--subjects", "many"], "is not a valid integer"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage_ends_with_code_2_and_touches_nothing(tmp_path, capsys, monkeypatch, words, hint):
    study = starter(tmp_path / "STUDY")
    monkeypatch.chdir(tmp_path)
    before = {path: path.read_bytes() for path in study.rglob("*") if path.is_file()}
    said = call(capsys, *words)
    assert said.code == 2
    assert hint in said.err
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    assert not (study / "output").exists()


def test_a_data_folder_that_is_not_there_ends_with_code_3(study, capsys):
    said = call(capsys, "run", study, "--data", "raw=nowhere")
    assert said.code == 3
    assert "--data raw=nowhere: this folder is not there\n    to mend: " in said.err


def test_help_and_version_end_with_code_0(capsys):
    assert "Usage: sdtm2adam" in call(capsys, "--help").out
    assert call(capsys, "-h").code == 0
    assert "version" in call(capsys, "--version").out


def test_an_internal_error_ends_with_code_4_and_shows_its_traceback_only_when_asked(study, capsys, monkeypatch):
    def broken(*_, **__):
        raise ZeroDivisionError("the engine \x1b[2J")

    monkeypatch.setattr("sdtm2adam.pipeline.run.build", broken)
    said = call(capsys, "run", study)
    assert said.code == 4
    assert "internal error: ZeroDivisionError: the engine \\x1b[2J\n    to mend: run again with --debug" in said.err
    assert left(study) == []
    from sdtm2adam.cli import main

    with pytest.raises(ZeroDivisionError):
        main(["run", str(study), "--debug"])


def test_ctrl_c_in_the_middle_ends_with_code_130_and_leaves_no_file(study, capsys, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("sdtm2adam.pipeline.run.make_outputs", interrupted)
    said = call(capsys, "run", study)
    assert said.code == 130
    assert said.err.endswith("stopped; what was written before is whole\n")
    assert left(study) == []  # the lock is gone too


def test_a_spec_error_shows_its_traceback_only_when_asked(tmp_path, capsys):
    from sdtm2adam.cli import main
    from sdtm2adam.errors import SpecErrors

    study = starter(tmp_path / "study", sub("study.yaml", "status: DRAFT", "status: DONE"))
    assert "status cannot be 'DONE'" in call(capsys, "lint", study).err
    with pytest.raises(SpecErrors):
        main(["--debug", "lint", str(study)])


def test_lint_writes_schemas_for_editors(tmp_path, capsys):
    study = starter(tmp_path / "study")
    said = call(capsys, "lint", str(study), "--schemas", str(tmp_path / "schemas"))
    written = sorted(path.name for path in (tmp_path / "schemas").iterdir())
    assert (said.code, written) == (0, [
        "contract.schema.json", "criteria.schema.json", "dataset.schema.json", "study.schema.json",
    ])  # fmt: skip
    assert f"written: {tmp_path / 'schemas' / 'study.schema.json'}" in said.out
