"""sdtm2adam trace"""

from __future__ import annotations

from pathlib import Path

import click

from sdtm2adam.cli.arguments import printable


@click.command()
@click.argument("words", nargs=-1, required=True, metavar="[STUDY] OUTPUT ROW COLUMN")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Its output folder [STUDY/output].")
@click.option("--members", type=click.IntRange(0), default=3, show_default=True, help="Members of each role to follow.")
@click.option("--all", "all_members", is_flag=True, help="Follow all members.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def trace(words: tuple[str, ...], out: Path | None, members: int, all_members: bool, as_json: bool) -> int:
    """Show what a cell of the last run was made from: results, members, ADaM, SDTM and raw records.

    ROW and COLUMN are numbers, r3 c1, or what is printed: "CR/CRi" "CD22 >=90%|InO". ROW N is the column N.
    """
    from sdtm2adam.errors import UsageError
    from sdtm2adam.trace import cell_as_json, cell_as_text, trace

    if len(words) not in (3, 4):
        mend = 'sdtm2adam trace STUDY T14_2_1 "CR/CRi" "CD22 >=90%|InO"'
        raise UsageError("OUTPUT, ROW and COLUMN are needed, and STUDY before them", where="trace", mend=mend)
    study = Path(words[0]) if len(words) == 4 else Path()
    told = trace(study, *words[-3:], out=out, most=None if all_members else members)
    click.echo(cell_as_json(told) if as_json else printable(cell_as_text(told)), nl=False)
    return 4 if told.disagreements else 0
