"""sdtm2adam simulate"""

from __future__ import annotations

import click


@click.command()
def simulate() -> int:
    """Not built yet."""
    return 0
