"""sdtm2adam demo"""

from __future__ import annotations

import click


@click.command()
def demo() -> int:
    """Not built yet."""
    return 0
