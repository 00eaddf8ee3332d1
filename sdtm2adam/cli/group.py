"""The commands and what they share."""

from __future__ import annotations

import click

from sdtm2adam import __version__
from sdtm2adam.cli.check import check
from sdtm2adam.cli.criteria import criteria
from sdtm2adam.cli.ct import ct
from sdtm2adam.cli.demo import demo
from sdtm2adam.cli.lint import lint
from sdtm2adam.cli.new import new
from sdtm2adam.cli.raw import raw
from sdtm2adam.cli.run import run
from sdtm2adam.cli.shell import shell
from sdtm2adam.cli.simulate import simulate
from sdtm2adam.cli.trace import trace
from sdtm2adam.cli.why import why


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def commands(debug: bool) -> None:
    """From the raw data of a clinical trial to SDTM, ADaM and its report."""
    del debug


for command in (demo, new, raw, simulate, run, check, lint, shell, ct, criteria, why, trace):
    commands.add_command(command)
