"""sdtm2adam run"""

from __future__ import annotations

from pathlib import Path

import click

from sdtm2adam.cli.arguments import Teller, as_folders, as_size, data_option, made, printable, study_argument


@click.command()
@study_argument
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Where output goes [STUDY/output].")
@data_option
@click.option("--jobs", type=click.IntRange(1), help="Threads [all cores]; results do not depend on them.")
@click.option(
    "--memory", metavar="SIZE", callback=as_size, help="Memory limit of the engine (4GB); beyond it, it spills to disk."
)
@click.option("--checks", is_flag=True, help="Put rules and edit checks to the data too, and write all their reports.")
def run(
    study: Path, out: Path | None, data: tuple[str, ...], jobs: int | None, memory: str | None, checks: bool
) -> int:
    """Bring everything in STUDY's output up to date: data, checks and documents."""
    from sdtm2adam.pipeline.run import run as run_study

    teller = Teller()
    with teller.telling():
        result = run_study(
            study, out, data=as_folders(data), threads=jobs, memory=memory, checks=checks, progress=teller
        )
    click.echo(printable(result.summary))
    click.echo(made(result))
    return result.exit_code
