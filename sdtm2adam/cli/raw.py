"""sdtm2adam raw: contracts of raw files, and what has changed between two transfers"""

from __future__ import annotations

from pathlib import Path

import click

from sdtm2adam.cli.arguments import (
    STUDY,
    Teller,
    as_folders,
    counted,
    data_option,
    forms_in_files,
    printable,
    shown,
    study_argument,
)


@click.group()
def raw() -> None:
    """Contracts of raw files: propose them from data, compare transfers."""


@raw.command()
@study_argument
@click.option("--raw", "folder", type=STUDY, help="The folder with the raw files [the study's].")
@click.option("--force", is_flag=True, help="Write contracts anew that are there already.")
def init(study: Path, folder: Path | None, force: bool) -> int:
    """Propose contracts from all values of raw files.

    Writes specs/raw/FORM.yaml of STUDY; a contract that is there already is kept.
    """
    from sdtm2adam.errors import InputErrors
    from sdtm2adam.pipeline.raw_init import raw_init

    teller = Teller()
    with teller.telling():
        result = raw_init(study, folder, force=force, progress=teller)
    found = result.survey
    click.echo(
        f"looked at all values of {forms_in_files(len(found.proposals), found.raw_files)} in {shown(found.folder)}: "
        f"{counted(found.records, 'record')}, {counted(found.columns, 'column')}"
    )
    if found.files.passed_over:
        click.echo(printable(f"passed over, being no tables: {', '.join(found.files.passed_over)}"))
    for name, proposal in found.proposals.items():
        for note in proposal.notes:
            click.echo(printable(f"{name}: {note}"))
        if not proposal.keys and proposal.records:
            click.echo(printable(f"{name}: no key was found; its records are named by their first column"))
        if not proposal.subject:
            click.echo(printable(f"{name}: no column names the subjects"))
    if result.kept:
        click.echo(f"{counted(len(result.kept), 'contract')} kept as before; --force writes them anew")
    click.echo(
        f"{counted(len(result.written), 'contract')} written"
        + (f" to {result.written[0].parent}; read them before you rely on them" if result.written else "")
    )
    if result.faults:
        raise InputErrors(result.faults)
    return 0


@raw.command()
@click.argument("previous", type=STUDY)
@study_argument
@data_option
@click.option("--out", type=STUDY, help="Write the issues and all differences, record by record, to this folder.")
def compare(previous: Path, study: Path, data: tuple[str, ...], out: Path | None) -> int:
    """Compare raw data with a previous transfer.

    The contracts of STUDY say what tells records apart, its specs what depends on what. The data of STUDY are compared
    with those in the folder PREVIOUS.
    """
    from sdtm2adam.pipeline.raw_compare import raw_compare

    teller = Teller()
    with teller.telling():
        result = raw_compare(previous, study, data=as_folders(data), out=out, progress=teller)
    drift = result.drift
    click.echo(
        f"compared {counted(drift.forms, 'file')} ({counted(drift.records, 'record')}) with {shown(result.previous)}"
    )
    same = [issue.dataset.removeprefix("raw.") for issue in drift.issues if issue.rule == "raw-extract-same"]
    if same:
        click.echo(f"  note    [raw-extract-same] the same, value by value: {', '.join(same)}")
    for issue in (issue for issue in drift.issues if issue.rule != "raw-extract-same"):
        click.echo(printable(f"  {issue.severity.value:<7} [{issue.rule}] {issue.text}"))
        if issue.keys:
            rest = issue.records - len(issue.keys)
            click.echo(printable(f"          {'; '.join(issue.keys)}" + (f"; and {rest:,} more" if rest > 0 else "")))
    if not drift.issues and not drift.errors:
        click.echo("  nothing has changed")
    if out is not None:
        click.echo(f"{counted(drift.listing.num_rows, 'difference')} listed in {out / 'drift.csv'}")
    drift.refuse()
    return result.exit_code
