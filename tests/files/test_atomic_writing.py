import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sdtm2adam.errors import InternalError, UsageError
from sdtm2adam.files.atomic import write_atomically, write_bytes, write_text


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_is_written_is_there_and_nothing_else(tmp_path):
    write_text(tmp_path / "new" / "t1.rtf", "µ ≥ 5\r\nline\n")
    assert (tmp_path / "new" / "t1.rtf").read_bytes() == "µ ≥ 5\r\nline\n".encode()
    assert names(tmp_path / "new") == ["t1.rtf"]


def test_a_second_write_replaces_the_first(tmp_path):
    write_bytes(tmp_path / "a", b"one")
    write_bytes(tmp_path / "a", b"two")
    assert (tmp_path / "a").read_bytes() == b"two"


def test_the_temporary_file_lies_beside_and_bears_the_process(tmp_path):
    seen = []
    write_atomically(tmp_path / "ae.xpt", lambda path: (seen.append(path), path.write_bytes(b"x")))
    assert seen == [tmp_path / f".ae.xpt.{os.getpid()}.tmp"]


def test_a_failed_check_leaves_the_old_file(tmp_path):
    write_bytes(tmp_path / "a", b"old")

    def refuse(_path):
        raise InternalError("not what was meant", where="a", mend="report it")

    with pytest.raises(InternalError, match="not what was meant"):
        write_atomically(tmp_path / "a", lambda path: path.write_bytes(b"new"), refuse)
    assert (tmp_path / "a").read_bytes() == b"old"
    assert names(tmp_path) == ["a"]


def test_the_check_sees_the_new_file_before_it_takes_its_name(tmp_path):
    write_bytes(tmp_path / "a", b"old")
    seen = []
    write_atomically(
        tmp_path / "a",
        lambda path: path.write_bytes(b"new"),
        lambda path: seen.append((path.read_bytes(), (tmp_path / "a").read_bytes())),
    )
    assert seen == [(b"new", b"old")]


def test_an_interrupt_leaves_the_old_file(tmp_path):
    write_bytes(tmp_path / "a", b"old")

    def interrupted(path):
        path.write_bytes(b"ne")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_atomically(tmp_path / "a", interrupted)
    assert (tmp_path / "a").read_bytes() == b"old"
    assert names(tmp_path) == ["a"]


@pytest.mark.bad_input("B022")
def test_a_full_disk_says_how_to_mend(tmp_path):
    write_bytes(tmp_path / "a", b"old")

    def full(path):
        path.write_bytes(b"n")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(UsageError, match="free space on the disk"):
        write_atomically(tmp_path / "a", full)
    assert (tmp_path / "a").read_bytes() == b"old"


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(UsageError, match="cannot write this file") as caught:
        write_text(tmp_path / "file" / "t.rtf", "x")
    assert str(tmp_path / "file" / "t.rtf") in caught.value.where


@pytest.mark.skipif(os.name != "posix", reason="kills a process the POSIX way")
@pytest.mark.bad_input("B022")
def test_a_killed_run_leaves_the_old_file(tmp_path):
    write_bytes(tmp_path / "a", b"old")
    program = (
        "import os, signal, pathlib\n"
        "from sdtm2adam.files.atomic import write_atomically\n"
        "def write(path):\n"
        "    path.write_bytes(b'half')\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        f"write_atomically(pathlib.Path({str(tmp_path / 'a')!r}), write)\n"
    )
    ended = subprocess.run([sys.executable, "-c", program], check=False)
    assert ended.returncode == -signal.SIGKILL
    assert (tmp_path / "a").read_bytes() == b"old"
