"""sdtm2adam lint"""

from __future__ import annotations

from pathlib import Path

import click

from sdtm2adam.cli.arguments import as_folders, data_option, study_argument


@click.command()
@study_argument
@data_option
def lint(study: Path, data: tuple[str, ...]) -> int:
    """Check all specs of STUDY, before any data is read."""
    from sdtm2adam.build.study import lint as lint_specs
    from sdtm2adam.pipeline.folder import data_folders, inputs_of
    from sdtm2adam.spec.library import read_specs

    specs = read_specs(study)
    columns = lint_specs(specs, inputs_of(specs, data_folders(specs, as_folders(data))))
    click.echo(
        f"no errors in {len(specs.datasets)} dataset specs ({columns:,} columns), {len(specs.contracts)} contracts"
    )
    return 0
