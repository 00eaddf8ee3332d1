"""sdtm2adam lint"""

from __future__ import annotations

from pathlib import Path

import click

from sdtm2adam.cli.arguments import as_folders, counted, data_option, printable, study_argument


@click.command()
@study_argument
@data_option
@click.option(
    "--schemas",
    type=click.Path(path_type=Path, file_okay=False),
    help="Also write the JSON schemas of specs into this folder, for editors.",
)
def lint(study: Path, data: tuple[str, ...], schemas: Path | None) -> int:
    """Check all specs of STUDY, before any data is read."""
    from sdtm2adam.pipeline.lint import lint as lint_study
    from sdtm2adam.spec.schema import write_schemas

    if schemas is not None:
        for path in write_schemas(schemas):
            click.echo(printable(f"written: {path}"))
    found = lint_study(study, data=as_folders(data))
    for issue in (*found.notes, *found.issues):
        click.echo(printable(f"{issue.source}: {issue.severity.value} {issue.rule}: {issue.text}"))
    specs = f"{found.datasets} dataset specs ({counted(found.columns, 'column')}; terms by {found.terminology})"
    click.echo(
        f"{'no other' if found.issues else 'no'} errors in {specs}, "
        f"{counted(found.contracts, 'contract')}, {counted(found.outputs, 'output')}, "
        f"{counted(found.suites, 'suite')} of the study"
    )
    return found.exit_code
