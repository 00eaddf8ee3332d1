"""sdtm2adam check"""

from __future__ import annotations

import gc
from pathlib import Path

import click

from sdtm2adam.cli.arguments import Teller, as_folders, data_option, printable, shown, study_argument

_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command()
@study_argument
@click.option("--stage", type=click.Choice(["raw", "sdtm", "adam", "all"]), default="all", help="Which stage's issues.")
@data_option
@click.option("--out", type=_FOLDER, help="Where the reports go [STUDY/output/issues].")
@click.option("--previous", type=_FOLDER, help="The output of the cut before: what is new, changed, resolved.")
@click.option("--core", type=click.Path(path_type=Path), help="Ask CDISC CORE too: its program, or its folder.")
@click.option(
    "--part", is_flag=True, help="The datasets are a part of a package; nothing is said of what is not there."
)
@click.option("--self-test", is_flag=True, help="Try all rules and edit checks on their own examples; read no data.")
def check(
    study: Path,
    stage: str,
    data: tuple[str, ...],
    out: Path | None,
    previous: Path | None,
    core: Path | None,
    part: bool,
    self_test: bool,
) -> int:
    """Check the data of STUDY: suites, rules, edit checks; print the issues and write the reports.

    STUDY is a study folder, or a folder with SDTM and ADaM datasets (.xpt, .parquet) that somebody made.
    """
    gc.set_threshold(200_000, 50, 100)  # parsed checks and findings stay to the end: to look for garbage there is waste
    teller = Teller()
    if self_test:
        from sdtm2adam.validate.examine import try_checks

        with teller.telling():
            tried = try_checks(study if (study / "study.yaml").is_file() else None)
        click.echo(printable(tried.summary))
        return int(bool(tried.faults))
    from sdtm2adam.pipeline.check import check as check_study

    with teller.telling():
        result = check_study(
            study, stage=stage, data=as_folders(data), out=out, previous=previous, core=core, part=part, progress=teller
        )
    click.echo(printable(result.summary))
    if result.files:
        click.echo(f"{len(result.files)} reports in {shown(result.files[0].parent)}; open issues.html first")
    return result.exit_code
