"""Issues as files, and a report as text: the same bytes for the same issues."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from sdtm2adam.files.atomic import write_text
from sdtm2adam.files.parquet import write_parquet
from sdtm2adam.model import Issue, Severity
from sdtm2adam.validate.run import Report, in_order

__all__ = ["in_order", "read_issues", "summarise_report", "write_issues"]

SCHEMA = pa.schema(
    [
        ("dataset", pa.string()),
        ("rule", pa.string()),
        ("severity", pa.string()),
        ("variable", pa.string()),
        ("value", pa.string()),
        ("records", pa.int64()),
        ("keys", pa.list_(pa.string())),
        ("text", pa.string()),
        ("source", pa.string()),
        ("values", pa.list_(pa.string())),
        ("queries", pa.list_(pa.string())),
    ]
)
"""The columns of issues.parquet, and the words of issues.json."""

_LISTS = ("keys", "values", "queries")

MOST_PER_RULE = 5
"""How many issues of one rule in one dataset a summary shows; the files hold them all."""


_SHOWN = 5
"""How many records of an issue a summary names; the files name them all."""


def write_issues(issues: Sequence[Issue], folder: Path) -> tuple[Path, Path]:
    """Writes `issues.json` and `issues.parquet` into a folder, each whole or not at all.

    Args:
        issues: in any order; the files are sorted.
        folder: made if it is not there.

    Returns:
        The two files.
    """
    rows = [_row(issue) for issue in in_order(issues)]
    as_json, as_parquet = folder / "issues.json", folder / "issues.parquet"
    write_text(as_json, json.dumps({"issues": rows}, indent=1, ensure_ascii=False) + "\n")
    write_parquet(pa.Table.from_pylist(rows, schema=SCHEMA), as_parquet)
    return as_json, as_parquet


def read_issues(path: Path) -> tuple[Issue, ...]:
    """The issues of an `issues.json`."""
    rows = json.loads(path.read_text(encoding="utf-8"))["issues"]
    return tuple(
        Issue(**{**row, "severity": Severity(row["severity"]), **{name: tuple(row.get(name, ())) for name in _LISTS}})
        for row in rows
    )


def _row(issue: Issue) -> dict[str, object]:
    row = {name: getattr(issue, name) for name in SCHEMA.names}
    return {**row, "severity": issue.severity.value, **{name: list(getattr(issue, name)) for name in _LISTS}}


def summarise_report(report: Report, most: int = MOST_PER_RULE) -> str:
    """A report as text: what was looked at, the first errors and warnings of each rule, and how many notes there are.

    Args:
        report: of `check_dataset` or `check_datasets`.
        most: issues shown for each rule of each dataset; the rest is counted.
    """
    lines = [_looked_at(report)]
    shown: Counter[tuple[str, str]] = Counter()
    for issue in in_order([issue for issue in report.issues if issue.severity != Severity.NOTE]):
        shown[issue.dataset, issue.rule] += 1
        if shown[issue.dataset, issue.rule] <= most:
            lines += _lines(issue)
    lines += [
        f"  {dataset} {rule}: {_count(number - most, 'more issue')} of this rule"
        for (dataset, rule), number in sorted(shown.items())
        if number > most
    ]
    return "\n".join([*lines, *_notes(report)])


def _notes(report: Report) -> list[str]:
    """One line for each rule of notes: they are worth knowing, not worth a page."""
    found: dict[str, list[str]] = {}
    for issue in report.issues:
        if issue.severity == Severity.NOTE:
            found.setdefault(issue.rule, []).append(issue.dataset)
    return [
        f"  note    [{rule}] {_count(len(datasets), 'issue')} in {', '.join(sorted(set(datasets)))}"
        for rule, datasets in sorted(found.items())
    ]


def _looked_at(report: Report) -> str:
    """The first line: nothing found is never said without how much was looked at."""
    there = [one for one in report.looked_at if one.variables]
    idle = sum(one.not_applicable for one in report.looked_at)
    failed = sum(one.could_not_run for one in report.looked_at)
    parts = [
        _count(len(there), "dataset"),
        _count(sum(one.records for one in there), "record"),
        _count(sum(one.expectations for one in there), "expectation"),
    ]
    more = [f"{idle:,} not applicable"] * bool(idle) + [f"{failed:,} could not run"] * bool(failed)
    looked = f"looked at {', '.join(parts)}" + (f" ({', '.join(more)})" if more else "")
    weights = Counter(issue.severity for issue in report.issues)
    found = ", ".join(_count(weights[severity], severity.value) for severity in reversed(Severity) if weights[severity])
    held = len({dataset for dataset, _ in report.gates_broken})
    gates = f"; {_count(held, 'dataset')} held back" if held else ""
    return f"{looked}; {found or 'no issues'}{gates}"


def _count(number: int, word: str) -> str:
    """A number with its word.

    >>> _count(1, "record"), _count(31204, "record")
    ('1 record', '31,204 records')
    """
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def _lines(issue: Issue) -> list[str]:
    name = f"{issue.dataset}.{issue.variable}" if issue.variable else issue.dataset
    lines = [f"  {issue.severity.value:<7} {name} [{issue.rule}] {issue.text}"]
    if issue.keys:
        rest = issue.records - len(issue.keys[:_SHOWN])
        lines.append(f"          {'; '.join(issue.keys[:_SHOWN])}" + (f"; and {rest:,} more" if rest > 0 else ""))
    return lines
