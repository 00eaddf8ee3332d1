"""sdtm2adam simulate"""

from __future__ import annotations

from pathlib import Path
from typing import Literal, cast

import click

from sdtm2adam.cli.arguments import Teller


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), metavar="DIR")
@click.option("--subjects", type=click.IntRange(1), default=326, show_default=True, help="Subjects randomised.")
@click.option("--seed", type=click.IntRange(0), help="Seed of the simulation [the reference trial's].")
@click.option("--mess", type=click.Choice(["none"]), default="none", show_default=True, help="Errors planted.")
@click.option("--format", "form", type=click.Choice(["csv", "parquet", "odm"]), help="[csv up to 5,000 subjects]")
@click.option("--truth", is_flag=True, help="Write what SDTM and ADaM should say beside the forms.")
def simulate(folder: Path, subjects: int, seed: int | None, mess: str, form: str | None, truth: bool) -> int:
    """Write only the raw exports of the simulated INO-VATE trial to DIR."""
    from sdtm2adam.pipeline.simulate import simulate as simulate_raw
    from sdtm2adam.simulate import REFERENCE_SEED

    del mess  # only clean exports exist so far
    seed = REFERENCE_SEED if seed is None else seed
    chosen = cast(Literal["csv", "parquet", "odm"] | None, form)
    teller = Teller()
    with teller.telling():
        _, files = simulate_raw(folder, subjects=subjects, seed=seed, format=chosen, truth=truth, progress=teller)
    click.echo(f"{len(files)} files of {subjects:,} randomised synthetic subjects (seed {seed}) in {folder}")
    return 0
