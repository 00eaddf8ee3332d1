import json
import os
import socket
import subprocess
import sys

import pytest

from sdtm2adam.errors import UsageError
from sdtm2adam.files.lock import LOCK_NAME, lock_folder


def ended_process() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def leave_lock(folder, **changes):
    holder = {"pid": str(os.getpid()), "host": socket.gethostname(), "started": "1"} | changes
    (folder / LOCK_NAME).write_text(json.dumps(holder))


def test_the_lock_is_gone_after_the_block(tmp_path):
    with lock_folder(tmp_path / "output"):
        assert (tmp_path / "output" / LOCK_NAME).exists()
    assert list((tmp_path / "output").iterdir()) == []


def test_the_lock_is_gone_after_an_error(tmp_path):
    with pytest.raises(ZeroDivisionError), lock_folder(tmp_path):
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def test_a_second_run_of_the_same_folder_is_refused(tmp_path):
    refused = pytest.raises(UsageError, match="another run holds this folder")
    with lock_folder(tmp_path), refused as caught, lock_folder(tmp_path):
        pass
    assert f"process {os.getpid()}" in caught.value.what
    assert caught.value.where == str(tmp_path)
    assert "wait until it ends" in caught.value.mend


def test_another_process_is_refused_while_the_lock_is_held(tmp_path):
    program = (
        "import pathlib\nfrom sdtm2adam.files.lock import lock_folder\n"
        f"with lock_folder(pathlib.Path({str(tmp_path)!r})): pass"
    )
    with lock_folder(tmp_path):
        inner = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, text=True)
    assert inner.returncode == 1
    assert "another run holds this folder" in inner.stderr
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_a_lock_of_a_dead_process_is_taken_over(tmp_path):
    leave_lock(tmp_path, pid=str(ended_process()))
    with lock_folder(tmp_path):
        assert json.loads((tmp_path / LOCK_NAME).read_text())["pid"] == str(os.getpid())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux tells when a process started")
def test_a_number_used_again_is_not_taken_for_the_old_process(tmp_path):
    leave_lock(tmp_path, started="1")
    with lock_folder(tmp_path):
        assert json.loads((tmp_path / LOCK_NAME).read_text())["started"] != "1"


def test_a_lock_of_another_machine_is_respected(tmp_path):
    leave_lock(tmp_path, host="elsewhere", pid=str(ended_process()))
    with pytest.raises(UsageError, match="on elsewhere"), lock_folder(tmp_path):
        pass


def test_a_lock_that_says_nothing_is_respected(tmp_path):
    (tmp_path / LOCK_NAME).write_text("")
    with pytest.raises(UsageError, match="has not said its name") as caught, lock_folder(tmp_path):
        pass
    assert f"delete {LOCK_NAME}*" in caught.value.mend


def test_only_one_of_two_takes_a_stale_lock_over(tmp_path):
    leave_lock(tmp_path, pid=str(ended_process()))
    (tmp_path / f"{LOCK_NAME}.guard").write_text("")
    with pytest.raises(UsageError, match="another run holds this folder"), lock_folder(tmp_path):
        pass


def test_a_lock_taken_away_meanwhile_is_left_to_its_new_owner(tmp_path):
    with lock_folder(tmp_path):
        leave_lock(tmp_path, host="elsewhere")
    assert json.loads((tmp_path / LOCK_NAME).read_text())["host"] == "elsewhere"


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot lock this folder"), lock_folder(tmp_path / "file"):
        pass
