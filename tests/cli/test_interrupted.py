"""Runs that are stopped, killed, locked out or not allowed to write, as processes of their own."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from starter import left

from sdtm2adam.cli import main

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals and permissions of POSIX")


def wait_for(condition, seconds=60):
    """Waits until something is so."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.02)


@pytest.mark.bad_input("B022")
def test_ctrl_c_ends_a_run_with_code_130_and_the_next_run_is_whole(study, program):
    lock = study / "output/.sdtm2adam.lock"
    run = program("run", study)
    wait_for(lock.exists)
    run.send_signal(signal.SIGINT)
    _, err = run.communicate(timeout=60)
    assert run.returncode == 130
    assert "Traceback" not in err
    assert "stopped; what was written before is whole" in err
    assert left(study) == []


def test_an_error_that_a_library_makes_of_ctrl_c_is_no_error_of_the_specs(monkeypatch, capsys):
    def interrupted(*_, **__):
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        raise RuntimeError("Query interrupted")

    monkeypatch.setattr("sdtm2adam.cli.group.commands.main", interrupted)
    with pytest.raises(SystemExit) as ended:
        main(["run"])
    assert ended.value.code == 130
    assert capsys.readouterr().err == "stopped; what was written before is whole\n"
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_ctrl_c_within_a_text_that_is_executed_ends_with_the_same_code(tmp_path):
    program = (
        "import signal, sys; import sdtm2adam.cli as cli; import sdtm2adam.cli.group as group\n"
        "group.commands.main = lambda *_, **__: exec('signal.raise_signal(signal.SIGINT)')\n"
        "cli.main(['run'])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (130, "stopped; what was written before is whole\n")


def test_what_goes_on_after_ctrl_c_ends_as_stopped(monkeypatch):
    def taken(*_, **__):
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        return 0

    monkeypatch.setattr("sdtm2adam.cli.group.commands.main", taken)
    with pytest.raises(SystemExit) as ended:
        main(["check"])
    assert ended.value.code == 130


def test_a_second_run_is_refused_and_a_killed_one_leaves_nothing_that_stops_the_next(study, program):
    lock = study / "output/.sdtm2adam.lock"
    first = program("run", study)
    wait_for(lock.exists)
    second = program("run", study)
    _, err = second.communicate(timeout=60)
    assert second.returncode == 2
    assert f"another run holds this folder (process {first.pid} on " in err
    assert "to mend: wait until it ends" in err
    first.send_signal(signal.SIGKILL)
    first.communicate(timeout=60)
    assert lock.exists()
    assert [name for name in left(study) if name != lock.name] == []
    (study / "output/.sdtm2adam.new/data").mkdir(parents=True)  # as one killed while writing leaves it
    (study / "output/.sdtm2adam.new/data/AE.parquet").write_bytes(b"half")
    third = program("run", study)
    out, err = third.communicate(timeout=120)
    assert third.returncode == 0, out + err
    assert not [name for name in left(study) if name.startswith(".")]
    named = json.loads((study / "output/run.json").read_text(encoding="utf-8"))["outputs"]
    assert sorted([*named, "run.json"]) == left(study)


@pytest.mark.skipif(os.name == "posix" and os.geteuid() == 0, reason="root may write everywhere")
@pytest.mark.bad_input("B022")
def test_a_folder_that_cannot_be_written_to_ends_with_code_2(study, program):
    (study / "output").mkdir(mode=0o555)
    run = program("run", study)
    _, err = run.communicate(timeout=60)
    assert run.returncode == 2
    assert "output: cannot lock this folder (Permission denied)\n    to mend: " in err


def test_an_output_folder_below_a_file_ends_with_code_2(study, program):
    run = program("run", study, "--out", study / "study.yaml" / "out")
    _, err = run.communicate(timeout=60)
    assert run.returncode == 2
    assert "to mend: " in err or "Error: " in err
    assert "Traceback" not in err


def test_a_listener_that_goes_away_ends_the_command_without_a_word(program):
    with program("--help") as run:
        run.stdout.close()
        err = run.stderr.read()
    assert "Traceback" not in err
    assert "internal error" not in err
