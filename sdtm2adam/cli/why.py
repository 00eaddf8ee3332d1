"""sdtm2adam why"""

from __future__ import annotations

from pathlib import Path

import click

from sdtm2adam.cli.arguments import STUDY, printable


@click.command()
@click.option("--study", type=STUDY, default=Path(), help="The study folder [the current one].")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Its output folder [STUDY/output].")
@click.argument("words", nargs=-1, required=True, metavar="DATASET KEY... VARIABLE")
def why(study: Path, out: Path | None, words: tuple[str, ...]) -> int:
    """Explain a value of the last run: its raw record, column and text, spec line and codelist step.

    KEY is a subject (USUBJID or an end of it) and --SEQ, or NAME=VALUE pairs: why AE 1001-0007 3 AETOXGR
    """
    from sdtm2adam.errors import UsageError
    from sdtm2adam.trace import as_text, explain

    if len(words) < 2:
        mend = "sdtm2adam why AE 1001-0007 3 AETOXGR"
        raise UsageError("DATASET and VARIABLE are needed, and KEY between them", where="why", mend=mend)
    explanation = explain(study, words[0], words[1:-1], words[-1], out=out)
    click.echo(printable(as_text(explanation)), nl=False)
    return 4 if explanation.disagreements else 0
