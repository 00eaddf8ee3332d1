"""sdtm2adam new"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sdtm2adam.cli.arguments import STUDY, Teller, counted, forms_in_files, printable

if TYPE_CHECKING:
    from sdtm2adam.pipeline.new import ProposedStudy


@click.command()
@click.argument("folder", type=STUDY, metavar="DIR")
@click.option("--raw", type=STUDY, help="Propose contracts and a first mapping from the raw files of this folder.")
def new(folder: Path, raw: Path | None) -> int:
    """Make a study folder to start from: a small running study, or a proposal from your own raw files."""
    from sdtm2adam.pipeline.new import new_study, new_study_from

    if raw is None:
        files = new_study(folder)
        click.echo(f"{len(files)} files in {folder}")
    else:
        teller = Teller()
        with teller.telling():
            proposed = new_study_from(folder, raw, teller)
        _tell(proposed)
        click.echo(f"{len(proposed.starter.files)} files in {folder}; every guess in them is marked PROPOSAL")
    click.echo(f"Next: sdtm2adam run {folder}")
    return 0


def _tell(proposed: ProposedStudy) -> None:
    """What was looked at, what is mapped, and all that is not."""
    found, starter = proposed.survey, proposed.starter
    click.echo(
        f"looked at all values of {forms_in_files(len(found.proposals), found.raw_files)} in {found.folder}: "
        f"{counted(found.records, 'record')}, {counted(found.columns, 'column')}"
    )
    if found.files.passed_over:
        click.echo(printable(f"passed over, being no tables: {', '.join(found.files.passed_over)}"))
    said = ", ".join(f"{domain} ({counted(many, 'column')})" for domain, many in starter.mapped.items())
    click.echo(f"proposed datasets: {said or 'none'}")
    click.echo("not mapped:")
    for form, columns in starter.unmapped.items():
        why = f" ({starter.skipped[form]})" if form in starter.skipped else ""
        if columns or why:
            click.echo(printable(f"  {form}{why}: {', '.join(columns) or 'no column left'}"))
            for column, reason in columns.items():
                if reason:
                    click.echo(printable(f"    {column} {reason}"))
