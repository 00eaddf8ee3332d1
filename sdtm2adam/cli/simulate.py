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
@click.option(
    "--mess",
    default="none",
    show_default=True,
    metavar="KINDS",
    help="Errors planted: none, all, or names and numbers.",
)
@click.option("--mess-seed", type=click.IntRange(0), help="Seed of the errors [the seed of the simulation].")
@click.option(
    "--transfer",
    type=click.Choice(["1", "2", "both"]),
    help="The export at the first cut, at the second, or both with what changed [one export, at the last cut].",
)
@click.option("--format", "form", type=click.Choice(["csv", "parquet", "odm"]), help="[csv up to 5,000 subjects]")
@click.option("--truth", is_flag=True, help="Write what SDTM and ADaM should say beside the forms.")
def simulate(
    folder: Path, subjects: int, seed: int | None, mess: str, mess_seed: int | None, transfer: str | None,
    form: str | None, truth: bool,
) -> int:  # fmt: skip
    """Write only the raw exports of the simulated INO-VATE trial to DIR."""
    from sdtm2adam.pipeline.simulate import Asked, Transfer
    from sdtm2adam.pipeline.simulate import simulate as simulate_raw
    from sdtm2adam.simulate import REFERENCE_SEED, choose_kinds

    seed = REFERENCE_SEED if seed is None else seed
    asked = Asked(choose_kinds(mess), seed if mess_seed is None else mess_seed, cast("Transfer | None", transfer))
    chosen = cast(Literal["csv", "parquet", "odm"] | None, form)
    teller = Teller()
    with teller.telling():
        _, files = simulate_raw(
            folder, subjects=subjects, seed=seed, format=chosen, truth=truth, asked=asked, progress=teller
        )
    planted = f", {len(asked.kinds)} kinds of errors (seed {asked.mess_seed})" if asked.kinds else ""
    click.echo(f"{len(files)} files of {subjects:,} randomised synthetic subjects (seed {seed}{planted}) in {folder}")
    return 0
