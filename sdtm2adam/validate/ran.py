"""Which checks ran on which datasets, so that only what was looked at again can be resolved."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from sdtm2adam.model import Finding
from sdtm2adam.validate.core import CoreAnswer
from sdtm2adam.validate.examine import Examined
from sdtm2adam.validate.kinds import KINDS
from sdtm2adam.validate.life.states import ALL, Ran
from sdtm2adam.validate.run import Report
from sdtm2adam.validate.sql.grammar import META
from sdtm2adam.validate.sql.run import RAN, Findings
from sdtm2adam.validate.sql.run import Ran as CheckRan

_CORE = "CORE-"


def what_ran(
    examined: Examined,
    report: Report,
    before: Sequence[Finding],
    datasets: Collection[str] | None,
    core: CoreAnswer | None,
    columns: Mapping[str, Collection[str]] = {},
) -> Ran:
    """What ran in this cut.

    Args:
        examined: what came of suites, rules and edit checks.
        report: with the issues of all engines.
        before: the findings of the cut before, for the rules of CORE where it was not asked now.
        datasets: those of the stage that was told; None for all.
        core: the answer of CORE, where it was asked.
        columns: of each dataset and form that was read.
    """
    did = {(ALL, ALL)} if datasets is None else {(ALL, name) for name in datasets}
    did_not = {(ALL, one.dataset) for one in report.looked_at if one.could_not_run}
    others = set(columns) - set(datasets if datasets is not None else columns)
    not_there = {(name, "") for name in _not_read(before, report) - others}
    not_there |= {
        (one.dataset, one.variable)
        for one in before
        if one.rule in KINDS and one.dataset in columns and one.variable not in {"", *columns[one.dataset]}
    }
    names = {one.dataset for one in before} | {one.dataset for one in report.looked_at}
    for found in (examined.rules, examined.edit_checks):
        did_not |= set(_idle(found, names))
    if core is None or not core.is_whole:
        did_not |= {(one.rule, ALL) for one in before if one.rule.startswith(_CORE)}
    not_asked = names - set(datasets) if datasets is not None else set()
    return Ran(frozenset(did), frozenset(did_not), frozenset(not_there), frozenset(not_asked))


def _not_read(before: Sequence[Finding], report: Report) -> set[str]:
    """The datasets of the cut before that are not there now, or cannot be read: nobody looked at them again."""
    read = {one.dataset for one in report.looked_at if one.variables}
    names = {one.dataset for one in before if one.dataset.isupper() and one.dataset != "STUDY"}
    return {name for name in names - read if not name.startswith("RAW.")}


def _idle(found: Findings, names: Collection[str]) -> Iterator[tuple[str, str]]:
    """The pairs of check and dataset that did not run."""
    for one in found.ran:
        if one.state != RAN:
            yield one.check.id, ALL
        elif not _is_of_all(one):
            yield from ((one.check.id, name) for name in names if name not in one.datasets)


def _is_of_all(one: CheckRan) -> bool:
    """Whether a check looks at all datasets at once, through their metadata."""
    return one.check.query.base.schema == META
