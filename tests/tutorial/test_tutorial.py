"""docs/tutorial.md: its files are written, its commands are run in their order, and what they print is compared."""

import re
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from sdtm2adam.cli import main
from sdtm2adam.cli.arguments import Teller

PAGE = Path(__file__).parents[2] / "docs" / "tutorial.md"
FENCE = re.compile(r"^```(\w+)(?: ([^\n]*))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Step:
    """One block of the page: its kind, what stands beside that, its text, and what is so in truth."""

    kind: str
    said: str
    shown: str
    found: str


def play(capsys) -> list[Step]:
    """Does what the page says, in the folder at hand."""
    return [Step(kind, said, text, DO[kind](said, text, capsys)) for kind, said, text in FENCE.findall(page())]


def page() -> str:
    return PAGE.read_text(encoding="utf-8")


def write_or_read(said: str, text: str, _) -> str:
    """A file of the page is written; one that a command has made (`made`) is read."""
    name, _, made = said.partition(" ")
    if made:
        return Path(name).read_text(encoding="utf-8")
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text, encoding="utf-8")
    return text


def run(said: str, text: str, capsys) -> str:
    """The command of a block and what it prints; it ends with the code beside the word console, else with 0."""
    command = text.splitlines()[0]
    assert command.startswith("$ sdtm2adam "), command
    capsys.readouterr()
    with pytest.raises(SystemExit) as end:
        main(command.split()[2:])
    printed = capsys.readouterr()
    assert end.value.code == int(said or 0), printed.out + printed.err
    return f"{command}\n{printed.out}{printed.err}".replace(f"{Path.cwd()}/", "")


def dataset(said: str, text: str, _) -> str:
    """The dataset with the columns that the page shows."""
    frame = pq.read_table(Path("output") / "data" / f"{said}.parquet")
    names = text.splitlines()[0].split()
    rows = [names, *([cell(row[name]) for name in names] for row in frame.select(names).to_pylist())]
    widths = [max(len(row[i]) for row in rows) for i in range(len(names))]
    lines = ("  ".join(value.ljust(width) for value, width in zip(row, widths, strict=True)) for row in rows)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def cell(value) -> str:
    return "." if value is None else f"{value:g}" if isinstance(value, float) else str(value).replace(" ", "_")


DO = {"yaml": write_or_read, "csv": write_or_read, "console": run, "text": dataset}


def test_the_tutorial_does_what_it_says(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Teller, "__call__", lambda *_: None)  # a terminal shows progress in one line that goes away
    steps = play(capsys)
    for step in steps:
        assert step.found.splitlines() == step.shown.splitlines()
    assert [step.said for step in steps if step.kind == "console"].count("") == 4
    assert {step.kind for step in steps} == set(DO)
