"""sdtm2adam new"""

from __future__ import annotations

import click


@click.command()
def new() -> int:
    """Not built yet."""
    return 0
