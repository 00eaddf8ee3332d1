"""What stands in the workbook of findings: its columns, its summary, and names of sheets that Excel takes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from sdtm2adam.display.characters import text_width, visible
from sdtm2adam.model.finding import Finding, State
from sdtm2adam.validate.life.counts import SEVERITIES, Count, count_findings, count_states
from sdtm2adam.validate.life.files import Cut
from sdtm2adam.validate.run import LookedAt

Cell = str | int

_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f]")
_LONGEST = 31
_FILLED = 0.9  # of the width of a column, the rest being lost where words end
_RESERVED = ("history", "summary", "all findings")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of findings. `width` is in characters; `wrap` breaks its texts into lines."""

    name: str
    width: int
    of: Callable[[Finding], str]
    wrap: bool = False


COLUMNS = (
    Column("Severity", 10, lambda one: one.severity.value),
    Column("State", 11, lambda one: one.state.value),
    Column("Dataset", 12, lambda one: one.dataset),
    Column("Variable", 12, lambda one: one.variable),
    Column("Site", 9, lambda one: one.site),
    Column("Subject", 24, lambda one: one.subject),
    Column("Raw records", 24, lambda one: "; ".join(one.raw), wrap=True),
    Column("Value", 24, lambda one: one.value, wrap=True),
    Column("Before", 16, lambda one: one.before, wrap=True),
    Column("What was found", 60, lambda one: one.text, wrap=True),
    Column("Query to the site", 50, lambda one: one.query, wrap=True),
    Column("Rule", 26, lambda one: one.rule),
    Column("Record", 40, lambda one: one.key, wrap=True),
    Column("Accepted by", 20, lambda one: one.accepted.who if one.accepted else "", wrap=True),
    Column("Accepted on", 12, lambda one: one.accepted.when if one.accepted else ""),
    Column("Why accepted", 36, lambda one: one.accepted.why if one.accepted else "", wrap=True),
    Column("Source", 30, lambda one: one.source, wrap=True),
    Column("Id", 19, lambda one: one.id),
)
"""The columns of findings, in the order in which a data manager needs them."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the summary; the first cell of a row may be the name of a dataset with a sheet of its own."""

    title: str
    names: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    of_datasets: bool = False


def summary(cut: Cut, looked_at: Sequence[LookedAt]) -> list[Table]:
    """The tables of the summary: by severity and state, dataset, site and rule; trend; what was looked at."""
    tables = [_by_severity(cut), *(_counted(cut, by) for by in ("dataset", "site", "rule"))]
    if cut.history:
        rows: tuple[tuple[Cell, ...], ...] = tuple(
            (one.cut or "(no name)", *_open(one.counts).values()) for one in cut.trend
        )
        tables.append(Table("Open findings of each cut", ("Cut", "Errors", "Warnings", "Notes"), rows))
    return [*tables, _looked_at(looked_at)]


def headline(cut: Cut, looked_at: Sequence[LookedAt]) -> list[str]:
    """What the summary says first: nothing found is never said without how much was looked at."""
    there = [one for one in looked_at if one.variables]
    records, asked = sum(one.records for one in there), sum(one.expectations for one in there)
    idle, failed = sum(one.not_applicable for one in looked_at), sum(one.could_not_run for one in looked_at)
    counts = count_states(cut.findings)
    found = ", ".join(f"{count:,} {name}{'' if count == 1 else 's'}" for name, count in _open(counts).items())
    could_not = f"{failed:,} could not run, and what could not run has not passed" if failed else "all others ran"
    study = f"Study {cut.study or '(no name)'}" + (f", cut {cut.cut}" if cut.cut else "")
    looked = f"Looked at: {len(there):,} datasets, {records:,} records; {asked:,} expectations ran, "
    stand = f"Open: {found}. Resolved since the cut before: {_of_state(counts, State.RESOLVED):,}. "
    return [
        study,
        looked + f"{idle:,} were not applicable, {could_not}.",
        stand + f"Accepted: {_of_state(counts, State.ACCEPTED):,}.",
    ]


def _open(counts: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """Open findings by severity."""
    return {s.value: sum(counts.get(s.value, {}).values()) - _closed(counts, s.value) for s in SEVERITIES}


def _closed(counts: Mapping[str, Mapping[str, int]], severity: str) -> int:
    of_severity = counts.get(severity, {})
    return int(of_severity.get(State.RESOLVED.value, 0) + of_severity.get(State.ACCEPTED.value, 0))


def _of_state(counts: dict[str, dict[str, int]], state: State) -> int:
    return sum(of_severity[state.value] for of_severity in counts.values())


def _by_severity(cut: Cut) -> Table:
    counts = count_states(cut.findings)
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (severity, *states.values(), sum(states.values())) for severity, states in counts.items()
    )
    return Table("By severity and state", ("Severity", *(state.value.capitalize() for state in State), "All"), rows)


def _looked_at(looked_at: Sequence[LookedAt]) -> Table:
    rows = tuple(
        (one.dataset, one.records, one.variables, one.expectations, one.not_applicable, one.could_not_run)
        for one in sorted(looked_at)
    )
    names = ("Dataset", "Records", "Variables", "Checks run", "Not applicable", "Could not run")
    return Table("What was looked at", names, rows, of_datasets=True)


def _counted(cut: Cut, by: str) -> Table:
    def row(one: Count) -> tuple[Cell, ...]:
        return (one.name, one.errors, one.warnings, one.notes, one.open, one.resolved, one.accepted)

    names = (by.capitalize(), "Errors", "Warnings", "Notes", "All open", "Resolved", "Accepted")
    rows = tuple(map(row, count_findings(cut.findings, by)))
    return Table(f"By {by}", names, rows, of_datasets=by == "dataset")


def lines_of(text: str, width: int) -> int:
    """How many lines a text takes in a column, whose words are kept whole.

    >>> lines_of("a b", 10), lines_of("x" * 25, 10), lines_of("one\\ntwo", 10)
    (1, 3, 2)
    """
    fits = max(int(width * _FILLED), 1)
    return sum(max(ceil(text_width(line) / fits), 1) for line in text.split("\n"))


def sheet_names(names: Sequence[str], taken: Sequence[str] = ()) -> dict[str, str]:
    """A name of a sheet for each name: of at most 31 characters that Excel takes, no two alike but for capitals.

    >>> sheet_names(["AE", "ae", "raw.AE", "a/b", "History"])
    {'AE': 'AE', 'ae': 'ae~2', 'raw.AE': 'raw.AE', 'a/b': 'a_b', 'History': 'History~2'}
    """
    used = {*_RESERVED, *(name.casefold() for name in taken)}
    found: dict[str, str] = {}
    for name in dict.fromkeys(names):
        plain = _FORBIDDEN.sub("_", visible(name)).strip("' ") or "no dataset"
        tried, number = plain[:_LONGEST], 1
        while tried.casefold() in used:
            number += 1
            end = f"~{number}"
            tried = plain[: _LONGEST - len(end)] + end
        used.add(tried.casefold())
        found[name] = tried
    return found
