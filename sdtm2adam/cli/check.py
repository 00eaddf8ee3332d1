"""sdtm2adam check"""

from __future__ import annotations

from pathlib import Path

import click

from sdtm2adam.cli.arguments import Teller, as_folders, data_option, printable, study_argument


@click.command()
@study_argument
@click.option("--stage", type=click.Choice(["raw", "sdtm", "adam", "all"]), default="all", help="Which stage's issues.")
@data_option
def check(study: Path, stage: str, data: tuple[str, ...]) -> int:
    """Check the data of STUDY and print the issues; nothing is written."""
    from sdtm2adam.pipeline.check import check as check_study

    teller = Teller()
    with teller.telling():
        result = check_study(study, stage=stage, data=as_folders(data), progress=teller)
    click.echo(printable(result.summary))
    return result.exit_code
