"""The starter study, copied and spoilt: what a person may do to it, and what the command line then says."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sdtm2adam.cli import main
from sdtm2adam.resources import shelf

TEMPLATE = shelf("templates") / "study"
Change = Callable[[Path], object]

SUBJECT = "101-001"


def starter(folder: Path, *changes: Change) -> Path:
    """A copy of the starter study, changed."""
    shutil.copytree(TEMPLATE, folder, copy_function=shutil.copyfile, dirs_exist_ok=True)
    for change in changes:
        change(folder)
    return folder


def sub(name: str, old: str, new: str) -> Change:
    """The first `old` in a file becomes `new`."""

    def change(study: Path) -> None:
        text = (study / name).read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {name}"
        (study / name).write_text(text.replace(old, new, 1), encoding="utf-8", newline="")

    return change


def add(name: str, text: str) -> Change:
    """Text at the end of a file."""
    return lambda study: write(name, (study / name).read_text(encoding="utf-8") + text)(study)


def write(name: str, content: str | bytes) -> Change:
    """A whole file."""

    def change(study: Path) -> None:
        (study / name).parent.mkdir(parents=True, exist_ok=True)
        (study / name).write_bytes(content.encode("utf-8") if isinstance(content, str) else content)

    return change


def without(name: str) -> Change:
    """A file or a folder gone."""
    return lambda study: shutil.rmtree(study / name) if (study / name).is_dir() else (study / name).unlink()


def only(*subjects: str) -> Change:
    """The raw records of some subjects alone; of none, the lines with the column names."""

    def change(study: Path) -> None:
        for path in (study / "raw").glob("*.csv"):
            head, *rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
            kept = [row for row in rows if row.startswith(subjects)] if subjects else []
            path.write_text(head + "".join(kept), encoding="utf-8", newline="")

    return change


def event(term: str, subject: str = SUBJECT, number: int = 99) -> Change:
    """One more adverse event."""
    tail = "Nervous system disorders,20 JAN 2025,21 JAN 2025,1,No,Related,Recovered,0,STARTER,2025-06-30\n"
    return add("raw/EVENTS.csv", f"{subject},{number},{term},{term},{tail}")


@dataclass(frozen=True)
class Said:
    """What a command said."""

    code: int
    out: str
    err: str


def call(capsys, *words: object) -> Said:
    """Runs a command in this process; a traceback is never shown."""
    capsys.readouterr()
    try:
        main([str(word) for word in words])
    except SystemExit as stop:
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return Said(int(stop.code or 0), said.out, said.err)
    raise AssertionError("the command did not end the process")


def left(study: Path) -> list[str]:
    """The files in the output folder."""
    out = study / "output"
    return sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file())


def is_stopped(study: Path, said: Said, code: int, *texts: str) -> None:
    """Asserts that a command stopped with a message that says what, where and how to mend, and wrote nothing else."""
    assert said.code == code, said.err
    for text in (*texts, "to mend: "):
        assert text in said.err
    assert "internal error" not in said.err
    assert [name for name in left(study) if not name.startswith("issues/")] == []
