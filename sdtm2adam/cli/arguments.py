"""Arguments that several commands share."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console

if TYPE_CHECKING:  # the commands import what they need when they run, so that --help is quick
    from sdtm2adam.pipeline.run import RunResult

_UNSEEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
STUDY = click.Path(path_type=Path, file_okay=False)

study_argument = click.argument("study", type=STUDY, default=Path())
data_option = click.option(
    "--data",
    multiple=True,
    metavar="KIND=DIR",
    help="Take raw, sdtm or previous (the raw transfer before) data from another folder (read only).",
)


def as_folders(said: tuple[str, ...]) -> dict[str, str]:
    """`raw=DIR` texts as a mapping."""
    folders = {}
    for text in said:
        kind, sign, folder = text.partition("=")
        if not sign or not folder:
            raise click.BadParameter(f"{text!r} is not KIND=DIR", param_hint="--data")
        if kind in folders:
            raise click.BadParameter(f"{kind} is named twice", param_hint="--data")
        folders[kind] = folder
    return folders


def as_size(context: click.Context, option: click.Parameter, said: str | None) -> str | None:
    """A size of memory as the engine takes it."""
    if said is not None and not re.fullmatch(r"[0-9]+(\.[0-9]+)? ?[KMGT]i?B", said, re.IGNORECASE):
        raise click.BadParameter(f"{said!r} is no size; write 500MB or 4GB", context, option)
    return said


def printable(text: str) -> str:
    """A text in which control characters and marks of direction are shown, not sent to the terminal.

    >>> printable("A\\x1b[2JB")
    'A\\\\x1b[2JB'
    """
    return "".join(c if c in "\n\t" or unicodedata.category(c) not in _UNSEEN else ascii(c)[1:-1] for c in text)


def shown(path: Path) -> str:
    """A path as seen from the folder at hand, where it lies in that."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def counted(number: int, word: str) -> str:
    """A number with its word.

    >>> counted(1, "output"), counted(2, "output")
    ('1 output', '2 outputs')
    """
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def forms_in_files(forms: int, files: int) -> str:
    """How many forms were found in how many files.

    >>> forms_in_files(2, 2), forms_in_files(3, 1)
    ('2 files', '1 file with 3 forms')
    """
    return counted(files, "file") + (f" with {counted(forms, 'form')}" if forms != files else "")


def made(result: RunResult) -> str:
    """What a run has made, and where the issues are if there are any."""
    counts = [(len(result.datasets), "dataset"), (len(result.outputs), "output"), (result.files, "file")]
    text = f"{', '.join(counted(*count) for count in counts)} in {result.out}"
    return f"{text}; issues in {result.out / 'issues'}" if result.report.issues else text


class Teller:
    """Tells on standard error what is being done: a spinner on a terminal, lines elsewhere."""

    def __init__(self) -> None:
        self.console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)

    @contextmanager
    def telling(self) -> Iterator[Teller]:
        """Shows the spinner while the block runs."""
        if not self.console.is_terminal:
            yield self
            return
        with self.console.status("starting") as self._status:
            yield self

    def __call__(self, what: str) -> None:
        """Tells one step."""
        if self.console.is_terminal:
            self._status.update(what)
        else:
            self.console.print(what)
