"""sdtm2adam check"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click

from sdtm2adam.cli.arguments import Teller, as_folders, data_option, printable, shown, study_argument
from sdtm2adam.validate.beside import Beside

_FOLDER = click.Path(path_type=Path, file_okay=False)


@contextmanager
def _process_beside(study: Path, data: Mapping[str, str]) -> Iterator[Beside | None]:
    """A process for the suites of a folder of many data that is no study, while this one loads and reads."""
    folders = [Path(place) for place in data.values()] or [study]
    ready = None if (study / "study.yaml").is_file() else Beside.of_files(*folders)
    try:
        yield ready
    finally:
        if ready is not None:
            ready.end()


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
            has_own = (study / "study.yaml").is_file() or (study / "validation").is_dir()
            tried = try_checks(study if has_own else None)
        click.echo(printable(tried.summary))
        return int(bool(tried.faults))
    with teller.telling(), _process_beside(study, as_folders(data)) as ready:
        from sdtm2adam.pipeline.check import check as check_study

        result = check_study(
            study, stage=stage, data=as_folders(data), out=out, previous=previous, core=core, part=part, ready=ready,
            progress=teller,
        )  # fmt: skip
    click.echo(printable(result.summary))
    if result.files:
        click.echo(f"{len(result.files)} reports in {shown(result.files[0].parent)}; open issues.html first")
    return result.exit_code
