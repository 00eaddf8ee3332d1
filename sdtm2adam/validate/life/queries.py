"""The query file for the EDC, and the whole report as JSON for machines.

`queries.csv` is UTF-8 with a byte-order mark, so that Excel reads it as such, every field in quotes as RFC 4180 has
them, lines ended by CR LF. A cell that begins with `=`, `+`, `-`, `@` or a line break, also behind blanks, is preceded
by an apostrophe, so that no spreadsheet takes it for a formula (a value of -5 is `'-5`); a cell that begins with an
apostrophe gets one more, so that taking one away always gives the value. TAB, CR and all other control characters are
shown as their code (`\\x09`).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sdtm2adam.display.characters import visible
from sdtm2adam.files.atomic import write_text
from sdtm2adam.model import Severity
from sdtm2adam.model.finding import Finding, State
from sdtm2adam.validate.life.counts import BY, count_findings, count_states
from sdtm2adam.validate.life.files import Cut
from sdtm2adam.validate.life.findings import in_order
from sdtm2adam.validate.run import LookedAt

COLUMNS = (
    "QUERYID", "SITE", "SUBJECT", "FORM", "RECORDID", "FIELD", "VALUE", "QUERY", "RULE", "SEVERITY", "STATE",
    "DATASET", "RECORD", "ALSO",
)  # fmt: skip
"""The columns of queries.csv."""

_FORMULA = ("=", "+", "-", "@", "\n", "'", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def harmless(text: str) -> str:
    """A cell that no spreadsheet takes for a formula, and that shows its control characters.

    >>> harmless("=1+1"), harmless("-5"), harmless("  @SUM(A1)"), harmless("'t was"), harmless("\\ta\\x0bb")
    ("'=1+1", "'-5", "'  @SUM(A1)", "''t was", '\\\\x09a\\\\x0Bb')
    """
    shown = visible(text)
    return f"'{shown}" if shown.lstrip(" \xa0").startswith(_FORMULA) else shown


def is_query(one: Finding) -> bool:
    """Whether a finding goes to the site: it has a query text, or names a raw record and is more than a note.

    What is accepted is asked no more, nor is it to be closed once it is gone.
    """
    if one.state is State.ACCEPTED or one.accepted is not None:
        return False
    return bool(one.query or (one.raw and one.severity is not Severity.NOTE))


def write_queries(findings: Sequence[Finding], path: Path) -> int:
    """Writes the query file for the EDC.

    A finding goes in if it has a query text, or if it names a raw record and is a warning or an error; accepted ones do
    not, resolved ones that were open do, so that their queries can be closed. Each has one line: QUERYID is the id of
    the finding and stays the same in every cut. FORM and RECORDID name the raw record, the first one where it came from
    several, and ALSO the others. QUERY is what is asked of the site, else the text of the finding. VALUE of a resolved
    finding is what the record had in the cut before.

    Returns:
        How many lines were written.
    """
    rows = [_row(one) for one in in_order(findings) if is_query(one)]
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    write_text(path, "\ufeff" + text.getvalue())
    return len(rows)


def _row(one: Finding) -> tuple[str, ...]:
    form, record = form_and_record(one.raw[0]) if one.raw else ("", "")
    value = one.before if one.state is State.RESOLVED else one.value
    said = (one.variable, value, one.query or one.text, one.rule, one.severity.value, one.state.value)
    return (one.id, one.site, one.subject, form, record, *said, one.dataset, one.key, "; ".join(one.raw[1:]))


def form_and_record(name: str) -> tuple[str, str]:
    """The form and the key of a raw record.

    >>> form_and_record("AE RECORDID=12"), form_and_record("EAC SUBJ=1001-0002, CYCLE=C1")
    (('AE', '12'), ('EAC', 'SUBJ=1001-0002, CYCLE=C1'))
    """
    form, _, key = name.partition(" ")
    return form, key.removeprefix("RECORDID=") if key.count("=") == 1 else key


def as_json(cut: Cut, looked_at: Sequence[LookedAt] = (), more: dict[str, Any] | None = None) -> str:
    """The report as JSON for programs: what was looked at, counts, trend over cuts. `findings.json` has the findings.

    Args:
        cut: the findings with their states.
        looked_at: what was looked at in each dataset (`Report.looked_at`).
        more: further facts that go in at the top, such as how many rules of a pack ran; JSON holds them.
    """
    counts = {by: [{**asdict(one), "open": one.open} for one in count_findings(cut.findings, by)] for by in sorted(BY)}
    report = {
        "study": cut.study,
        "cut": cut.cut,
        **(more or {}),
        "looked_at": [asdict(one) for one in sorted(looked_at)],
        "counts": {"by": counts, "states": count_states(cut.findings), "findings": len(cut.findings)},
        "trend": [{"cut": one.cut, "counts": one.counts} for one in cut.trend],
    }
    return json.dumps(report, indent=1, ensure_ascii=True) + "\n"
