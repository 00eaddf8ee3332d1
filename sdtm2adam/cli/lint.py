"""sdtm2adam lint"""

from __future__ import annotations

from pathlib import Path

import click

from sdtm2adam.cli.arguments import as_folders, counted, data_option, printable, study_argument


@click.command()
@study_argument
@data_option
def lint(study: Path, data: tuple[str, ...]) -> int:
    """Check all specs of STUDY, before any data is read."""
    from sdtm2adam.pipeline.lint import lint as lint_study

    found = lint_study(study, data=as_folders(data))
    for note in found.notes:
        click.echo(printable(f"{note.source}: {note.severity} {note.rule}: {note.text}"))
    click.echo(
        f"no errors in {found.datasets} dataset specs ({counted(found.columns, 'column')}; "
        f"terms by {found.terminology}), "
        f"{counted(found.contracts, 'contract')}, {counted(found.outputs, 'output')}, "
        f"{counted(found.suites, 'suite')} of the study"
    )
    return 0
