"""sdtm2adam ct"""

from __future__ import annotations

from pathlib import Path

import click

from sdtm2adam.cli.arguments import counted, printable, study_argument


@click.group()
def ct() -> None:
    """Controlled terminology of a study."""


@ct.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@study_argument
@click.option("--package", type=click.Choice(["sdtm", "adam"]), help="The standard, where the file does not say it.")
@click.option("--version", metavar="DATE", help="The date of the package, where the file does not say it.")
@click.option("--encoding", default="utf-8", show_default=True, help="Of a text file.")
def import_(file: Path, study: Path, package: str | None, version: str | None, encoding: str) -> int:
    """Import FILE, a full official package (tab-delimited text or ODM-XML), into STUDY."""
    from sdtm2adam.pipeline.ct import import_package

    done = import_package(file, study, kind=package, version=version, encoding=encoding)
    read = f"{done.name}: {counted(done.lists, 'codelist')}, {counted(done.terms, 'term')}"
    click.echo(printable(f"{read} {'are already, the same, in' if done.again else 'in'} {done.path}"))
    if done.without_terms:
        click.echo(f"left out, for they have no term: {', '.join(done.without_terms)}")
    line = f"standards: {{{done.key}: {done.version}}}"
    click.echo(f"study.yaml chooses it ({line})" if done.chosen else f"to use it, write in study.yaml: {line}")
    return 0
