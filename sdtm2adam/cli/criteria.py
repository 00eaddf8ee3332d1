"""sdtm2adam criteria"""

from __future__ import annotations

from pathlib import Path

import click

from sdtm2adam.cli.arguments import printable


@click.command()
@click.argument("name", required=False)
@click.option("--study", type=click.Path(path_type=Path), help="A study whose own criteria sets are shown too.")
def criteria(name: str | None, study: Path | None) -> int:
    """List the criteria sets of disease response, or print the set NAME with status and source of each threshold."""
    from sdtm2adam.pipeline.criteria import criteria_lines

    for line in criteria_lines(name, study):
        click.echo(printable(line))
    return 0
