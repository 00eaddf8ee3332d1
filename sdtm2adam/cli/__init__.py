"""The command line: one short file per command, and the one place where errors become messages and exit codes."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence

import click

from sdtm2adam.cli.interrupts import STOPPED, Interrupts
from sdtm2adam.errors import Sdtm2adamError


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs one command and ends the process: 0 done, 1 issues, 2 usage, spec or study, 3 data, 4 internal error."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if "--debug" in words:
        words = ["--debug", *(word for word in words if word != "--debug")]
    with Interrupts() as interrupts:
        try:
            code = _run(words)
        except SystemExit:
            raise
        except BaseException as error:
            if not (interrupts.met or isinstance(error, (click.Abort, KeyboardInterrupt))):
                code = _told(error, debug="--debug" in words)
            else:  # whatever a library makes of Ctrl-C: DuckDB calls it an error of its own
                code = STOPPED
        if interrupts.met or code == STOPPED:
            click.echo("stopped; what was written before is whole", err=True)
            code = STOPPED
    sys.exit(code)


def _run(words: list[str]) -> int:
    from sdtm2adam.cli.group import commands  # here, so that Ctrl-C ends the loading of modules like all else

    _say_any_character()
    code = commands.main(words, prog_name="sdtm2adam", standalone_mode=False)
    sys.stdout.flush()
    return code if isinstance(code, int) else 0


def _told(error: BaseException, *, debug: bool) -> int:
    """Tells an error; the exit code for it. With `debug`, errors of ours and of the program are raised again."""
    if isinstance(error, click.ClickException):
        error.show()
        return 2
    if isinstance(error, BrokenPipeError):  # `sdtm2adam check | head`: nobody listens any more
        sys.stdout = None
        return 141
    if isinstance(error, Sdtm2adamError):
        _tell(error.message)
    elif not debug:
        _tell(f"internal error: {type(error).__name__}: {error}\n    to mend: run again with --debug and report it")
    if debug:
        raise error
    return error.exit_code if isinstance(error, Sdtm2adamError) else 4


def __getattr__(name: str) -> click.Group:
    """`sdtm2adam.cli.commands`, loaded when it is asked for."""
    if name != "commands":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from sdtm2adam.cli.group import commands

    return commands


def _say_any_character() -> None:
    """A terminal that cannot show a character gets its number instead of ending the command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _tell(message: str) -> None:
    """A message on standard error; control characters of the data in it are shown, not sent to the terminal."""
    from sdtm2adam.cli.arguments import printable

    click.echo(printable(message), err=True)
