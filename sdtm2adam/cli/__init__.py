"""The command line: one short file per command, and the one place where errors become messages and exit codes."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence

import click

from sdtm2adam.errors import Sdtm2adamError


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs one command and ends the process: 0 done, 1 issues, 2 usage, spec or study, 3 data, 4 internal error."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if "--debug" in words:
        words = ["--debug", *(word for word in words if word != "--debug")]
    try:
        from sdtm2adam.cli.group import commands  # here, so that Ctrl-C ends the loading of modules like all else

        _say_any_character()
        code = commands.main(words, prog_name="sdtm2adam", standalone_mode=False)
        sys.stdout.flush()
        sys.exit(code if isinstance(code, int) else 0)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped; what was written before is whole", err=True)
        sys.exit(130)
    except BrokenPipeError:  # `sdtm2adam check | head`: nobody listens any more
        sys.stdout = None
        sys.exit(141)
    except Sdtm2adamError as error:
        _tell(error.message)
        if "--debug" in words:
            raise
        sys.exit(error.exit_code)
    except Exception as error:
        if "--debug" in words:
            raise
        _tell(f"internal error: {type(error).__name__}: {error}\n    to mend: run again with --debug and report it")
        sys.exit(4)


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
