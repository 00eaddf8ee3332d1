"""sdtm2adam shell"""

from __future__ import annotations

from pathlib import Path

import click

from sdtm2adam.cli.arguments import counted, printable, shown, study_argument


@click.command()
@study_argument
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Where the shells go [STUDY/shells].")
def shell(study: Path, out: Path | None) -> int:
    """Write the mock shells of all outputs of STUDY, from the same specs as the finals; no data are read."""
    from sdtm2adam.pipeline.shell import shell as make_shells

    made = make_shells(study, out)
    for issue in made.documents.issues:
        click.echo(printable(f"{issue.source}: {issue.severity.value} {issue.rule}: {issue.text}"))
    what = f"{counted(len(made.documents.outputs), 'shell')}, {counted(len(made.documents.files), 'file')}"
    click.echo(printable(f"{what} in {shown(made.out)}"))
    return 0
