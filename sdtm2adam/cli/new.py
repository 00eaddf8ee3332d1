"""sdtm2adam new"""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), metavar="DIR")
def new(folder: Path) -> int:
    """Make a study folder to start from: a small running study with commented specs."""
    from sdtm2adam.pipeline.new import new_study

    files = new_study(folder)
    click.echo(f"{len(files)} files in {folder}")
    click.echo(f"Next: sdtm2adam run {folder}")
    return 0
