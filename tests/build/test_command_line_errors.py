"""Errors through the command line: a message and an exit code, never a traceback."""

import os
import re
import subprocess
import sys

import pytest
from click.testing import CliRunner
from harness import STUDY, trial

from sdtm2adam.cli import commands, main

SPEC = "dataset: ADSL\nkeys: [USUBJID]\nrecords:\n  - {from: DM, copy: [AGE]}\nvariables:\n  AGEN: AGE + 1\n"
DM = "USUBJID STUDYID AGE:integer\nS1-1 S1 50\nS1-2 S1 61"


def called(capsys, *words):
    """Exit code, standard output and standard error of a command."""
    with pytest.raises(SystemExit) as stop:
        main([str(word) for word in words])
    said = capsys.readouterr()
    assert "Traceback" not in said.out + said.err
    return stop.value.code, said.out, said.err


def made(folder, spec=SPEC, dm=DM, **more):
    """A study folder, and the words that name its data."""
    trial(folder, spec, sdtm={"DM": dm}, **more)
    return folder, "--data", f"sdtm={folder / 'data'}"


def test_a_right_study_is_linted_with_code_0_and_told_how_much_was_looked_at(tmp_path, capsys):
    code, out, err = called(capsys, "lint", *made(tmp_path))
    assert (code, err) == (0, "")
    assert re.search(r"no errors in 1 dataset specs? \(5 columns; terms by ", out)


def test_a_wrong_spec_ends_with_code_2_before_data_are_read(tmp_path, capsys):
    words = made(tmp_path, SPEC.replace("AGE + 1", "AEG + 1"))
    for command in ("lint", "run"):
        code, _, err = called(capsys, command, *words)
        assert code == 2
        assert (
            "specs/adam/ADSL.yaml:6: ADSL.AGEN: unknown name 'AEG' in 'AEG + 1'\n    to mend: did you mean AGE" in err
        )
    assert not list((tmp_path / "output").glob("data/*")) if (tmp_path / "output").exists() else True


def test_data_that_stop_the_run_end_it_with_code_3_and_nothing_is_written(tmp_path, capsys):
    code, _, err = called(capsys, "run", *made(tmp_path, dm=DM + "\nS1-2 S1 62"))
    assert code == 3
    assert "ADSL: the keys [STUDYID, USUBJID] are not unique; first: STUDYID=S1, USUBJID=S1-2 stands 2 times" in err
    assert not (tmp_path / "output" / "data").exists()


def test_a_missing_raw_file_ends_with_code_3_and_names_form_and_file(tmp_path, capsys):
    spec = "dataset: DM\nkeys: [USUBJID]\nrecords:\n  - {from: raw.D, set: {SUBJID: SUBJECT}}"
    study = trial(tmp_path, spec, raw={"D": "SUBJECT X\n11 a"})
    study.raw["D"].unlink()
    code, _, err = called(capsys, "run", tmp_path)
    assert code == 3
    assert "raw/D.csv: the file D.csv of form D is not there\n    to mend: put it there, or name another folder" in err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["run", "STUDY", "--data", "sdtm=/no/such/folder"], "this folder is not there"),
        (["run", "STUDY", "--data", "lab=."], "--data lab=...: no such kind of data"),
        (["run", "STUDY", "--data", "sdtm"], "'sdtm' is not KIND=DIR"),
        (["rn", "STUDY"], "No such command 'rn'"),
        (["lint", "STUDY", "--fast"], "No such option"),
    ],
)
def test_wrong_usage_is_told_and_never_ends_with_code_0_or_4(tmp_path, capsys, words, message):
    made(tmp_path)
    code, _, err = called(capsys, *[tmp_path if word == "STUDY" else word for word in words])
    assert code in (2, 3)
    assert message in err


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("fail_at: bad", "fail_at cannot be 'bad'\n    to mend: known: error, note, warning"),
        ("status: FINALL", "status cannot be 'FINALL'\n    to mend: did you mean FINAL?"),
        ("cutoff: soon", "'soon' is no ISO 8601 date\n    to mend: write 2016-03-08 or 2016-03-08T12:00"),
    ],
)
def test_a_wrong_setting_of_a_run_ends_with_code_2_and_the_line(tmp_path, capsys, line, message):
    code, _, err = called(capsys, "run", *made(tmp_path, study=STUDY.lstrip() + line))
    assert code == 2
    assert f"study.yaml:4: {message}" in err


def test_a_folder_without_a_study_ends_with_code_2(tmp_path, capsys):
    code, _, err = called(capsys, "lint", tmp_path)
    assert code == 2
    assert "has no study.yaml\n    to mend: name a study folder, or make one: sdtm2adam new DIR" in err


def test_the_program_run_as_a_module_gives_the_same_code_and_message(tmp_path):
    words = made(tmp_path, SPEC.replace("AGE + 1", "random()"))
    done = subprocess.run(
        [sys.executable, "-m", "sdtm2adam", "lint", *map(str, words)], capture_output=True, text=True, check=False,
        env=os.environ | {"NO_COLOR": "1"},
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("specs/adam/ADSL.yaml:6: ADSL.AGEN: function ")
    assert "random" in done.stderr
    assert "Traceback" not in done.stderr


def test_every_command_has_a_help_text():
    for name in commands.commands:
        found = CliRunner().invoke(commands, [name, "--help"])
        assert found.exit_code == 0
        assert "Usage:" in found.output
