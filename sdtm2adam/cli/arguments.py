"""Arguments that several commands share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console

STUDY = click.Path(path_type=Path, file_okay=False)

study_argument = click.argument("study", type=STUDY, default=Path())
data_option = click.option(
    "--data", multiple=True, metavar="KIND=DIR", help="Take raw or sdtm data from another folder (read only)."
)


def as_folders(said: tuple[str, ...]) -> dict[str, str]:
    """`raw=DIR` texts as a mapping."""
    folders = {}
    for text in said:
        kind, sign, folder = text.partition("=")
        if not sign or not folder:
            raise click.BadParameter(f"{text!r} is not KIND=DIR", param_hint="--data")
        folders[kind] = folder
    return folders


class Teller:
    """Tells on standard error what is being done: a spinner on a terminal, lines elsewhere."""

    def __init__(self) -> None:
        self.console = Console(stderr=True, highlight=False)

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
