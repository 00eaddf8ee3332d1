"""sdtm2adam demo"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sdtm2adam.cli.arguments import Teller, printable
from sdtm2adam.cli.arguments import made as made_by


@click.command()
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path("demo"), show_default=True)
@click.option("--subjects", type=click.IntRange(1), default=326, show_default=True, help="Subjects randomised.")
@click.option("--seed", type=click.IntRange(0), help="Seed of the simulation [the reference trial's].")
def demo(out: Path, subjects: int, seed: int | None) -> int:
    """Simulate the INO-VATE raw data into a study folder and run it all: raw to Word."""
    from sdtm2adam.pipeline.demo import demo as make_demo
    from sdtm2adam.simulate import REFERENCE_SEED

    teller = Teller()
    with teller.telling():
        made = make_demo(out, subjects=subjects, seed=REFERENCE_SEED if seed is None else seed, progress=teller)
    result = made.result
    click.echo(printable(result.summary))
    click.echo("\nThe simulated trial beside the published one (every record is synthetic):")
    click.echo(side_by_side(made.comparison))
    if subjects != 326:
        click.echo("Published counts are of 326 randomised subjects: compare percentages, medians and ratios only.")
    click.echo(f"\n{made_by(result)}")
    click.echo(f"Open {result.out / 'tlf' / 'index.html'}, or report.docx beside it")
    click.echo(f"What the checks found: {result.out / 'issues' / 'issues.html'}")
    return result.exit_code


def side_by_side(comparison: Any) -> str:
    """The comparison as lines: measure, arm, simulated, published and the status of the published number."""
    lines = [f"  {'':34}{'arm':5}{'simulated':>10}{'published':>11}  status"]
    lines += [
        f"  {row.measure:34}{row.arm:5}{_shown(row.simulated, row.measure):>10}"
        f"{_shown(row.published, row.measure):>11}  [{row.status}]"
        for row in comparison.itertuples()
    ]
    legend = "  status of the published number: [V] read in a source, [D] arithmetic from such, [P] our proposal"
    return "\n".join([*lines, legend])


def _shown(value: float, measure: str) -> str:
    """A count without, a hazard ratio with two, all else with one decimal; half away from zero."""
    from sdtm2adam.compute.rounding import format_fixed

    return format_fixed(float(value), 0 if measure.endswith(", n") else 2 if "ratio" in measure else 1)
