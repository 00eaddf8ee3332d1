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
import re
from collections.abc import Sequence
from dataclasses import asdict, replace
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

_COUNTED = re.compile(r" [\d,]+ of [\d,]+ records? do(es)? not meet this[.]")
"""What the text of an issue says of all records; a query is of one."""
_FORMULA = ("=", "+", "-", "@", "\n", "'", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def harmless(text: str) -> str:
    """A cell that no spreadsheet takes for a formula, and that shows its control characters.

    >>> harmless("=1+1"), harmless("-5"), harmless("  @SUM(A1)"), harmless("'t was"), harmless("\\ta\\x0bb")
    ("'=1+1", "'-5", "'  @SUM(A1)", "''t was", '\\\\x09a\\\\x0Bb')
    """
    shown = visible(text)
    return f"'{shown}" if shown.lstrip(" \xa0").startswith(_FORMULA) else shown


def queries_of(findings: Sequence[Finding]) -> list[Finding]:
    """The findings that go to the site, in order.

    A finding that asks (`query`) goes. One that does not, but names a raw record and is a warning or an error, goes if
    none that asks is of that record, and if it is of a form or of SDTM: what is wrong in an analysis dataset alone no
    site can answer. Of several that say the same of one raw record (a page with many tests) the first goes. What is
    accepted is asked no more, nor is it to be closed once it is gone.
    """
    open_to = [one for one in in_order(findings) if one.state is not State.ACCEPTED and one.accepted is None]
    asked = {record for one in open_to if one.query for record in one.raw}
    told = [one for one in open_to if one.query or (_is_of_a_record(one) and not asked.intersection(one.raw))]
    first = {one if one.query else _said(one): one for one in reversed(told)}
    return [one for one in told if first[one if one.query else _said(one)] is one]


def _is_of_a_record(one: Finding) -> bool:
    return bool(one.raw) and one.severity is not Severity.NOTE and not one.dataset.startswith("AD")


def _said(one: Finding) -> Finding:
    """A finding without what tells it from others of its raw record that say the same."""
    return replace(one, id="", key="", source="")


def write_queries(findings: Sequence[Finding], path: Path) -> int:
    """Writes the query file for the EDC.

    Resolved findings that were open are in it, so that their queries can be closed; accepted ones are not. Each has one
    line: QUERYID is the id of the finding and stays the same in every cut. FORM and RECORDID name the raw record, the
    first one where it came from several, and ALSO the others. QUERY is what is asked of the site, else the text of the
    finding with a request to check it. VALUE of a resolved finding is what the record had in the cut before.

    Returns:
        How many lines were written.
    """
    rows = [_row(one) for one in queries_of(findings)]
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    write_text(path, "\ufeff" + text.getvalue())
    return len(rows)


def _row(one: Finding) -> tuple[str, ...]:
    form, record = form_and_record(one.raw[0]) if one.raw else ("", "")
    value = one.before if one.state is State.RESOLVED else one.value
    asks = one.query or f"{_COUNTED.sub('', one.text).rstrip('. ')}. Please check."
    said = (one.variable, value, asks, one.rule, one.severity.value, one.state.value)
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
