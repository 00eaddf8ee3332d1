"""Checking datasets: their suites are made, judged and told as a report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sdtm2adam.model import Dataset, Issue, Severity
from sdtm2adam.validate.attributes import attribute_issues
from sdtm2adam.validate.expectation import Expectation, Suite
from sdtm2adam.validate.judge import judge
from sdtm2adam.validate.outcome import NOT_APPLICABLE, NOT_RUN, RAN, Outcome
from sdtm2adam.validate.records import Records
from sdtm2adam.validate.suite import cross_suite, suite_of
from sdtm2adam.validate.suites import read_suites

COULD_NOT_RUN = "could-not-run"


@dataclass(frozen=True, slots=True, order=True)
class LookedAt:
    """What was looked at in one dataset. `expectations` counts those that ran."""

    dataset: str
    records: int
    variables: int
    expectations: int
    not_applicable: int = 0
    could_not_run: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """What checks have found, and what they looked at. `gates_broken` pairs datasets with rules, sorted."""

    issues: tuple[Issue, ...]
    looked_at: tuple[LookedAt, ...]
    gates_broken: tuple[tuple[str, str], ...] = ()

    def is_gated(self, dataset: str) -> bool:
        """Whether this dataset must not leave its stage."""
        return any(name == dataset for name, _ in self.gates_broken)


_WEIGHT = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


def in_order(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    """Issues once each: errors first, then by dataset, rule, variable and value."""
    once = dict.fromkeys(issues)
    return tuple(
        sorted(once, key=lambda one: (_WEIGHT[one.severity], one.dataset, one.rule, one.variable, one.value, one))
    )


def check_dataset(
    dataset: Dataset, *, beside: Mapping[str, Dataset] | None = None, suites: Sequence[Suite] = ()
) -> Report:
    """Checks one dataset before it leaves its stage.

    Args:
        dataset: it is not changed.
        beside: datasets that are there already (DM, ADSL, ...); what `dataset` expects of them is checked too.
        suites: suites written by hand; by default none, since most of them need the whole study.
    """
    study = {**(beside or {}), dataset.name: dataset}
    return _check(study, [dataset.name], suites)


def check_datasets(datasets: Mapping[str, Dataset], *, suites: Sequence[Suite] | None = None) -> Report:
    """Checks all datasets of a study: each by its own suite, all against each other, and by the suites by hand.

    Args:
        datasets: SDTM and ADaM, by name; they are not changed.
        suites: suites written by hand; by default the bundled ones.
    """
    report = _check(datasets, sorted(datasets), read_suites() if suites is None else suites)
    return replace(report, issues=in_order((*report.issues, *attribute_issues(datasets))))


def _check(study: Mapping[str, Dataset], names: Iterable[str], suites: Sequence[Suite]) -> Report:
    records = {name: Records(dataset) for name, dataset in study.items()}
    shared = [*cross_suite(study), *(expectation for suite in suites for expectation in suite)]
    report = report_of(
        {name: (*suite_of(study[name]), *(one for one in shared if one.dataset == name)) for name in names}, records
    )
    absent = [one for one in shared if one.dataset not in study]
    return replace(report, looked_at=(*report.looked_at, *_absent(absent)))


def report_of(expectations: Mapping[str, Sequence[Expectation]], records: Mapping[str, Records]) -> Report:
    """Puts expectations to records and tells what came of it.

    Args:
        expectations: by dataset; their ids are unique.
        records: those of these datasets, and of all that they are compared with.
    """
    issues: list[Issue] = []
    looked_at: list[LookedAt] = []
    gates: set[tuple[str, str]] = set()
    for name, asked in expectations.items():
        outcomes = judge(asked, records[name], records)
        issues += [issue for outcome in outcomes for issue in outcome.issues]
        issues += _could_not_run(name, outcomes)
        gates |= {(name, rule) for rule in map(_rule_of_broken_gate, outcomes) if rule}
        looked_at.append(_looked_at(records[name], outcomes))
    return Report(in_order(issues), tuple(sorted(looked_at)), tuple(sorted(gates)))


def _rule_of_broken_gate(outcome: Outcome) -> str:
    """The rule of the issue that tells of a broken gate; empty where nothing is broken."""
    if not outcome.expectation.gate or outcome.passed or outcome.state == NOT_APPLICABLE:
        return ""
    return outcome.expectation.kind if outcome.state == RAN else COULD_NOT_RUN


def _looked_at(records: Records, outcomes: Sequence[Outcome]) -> LookedAt:
    states = [outcome.state for outcome in outcomes]
    return LookedAt(
        records.dataset.name,
        len(records),
        len(records.names),
        states.count(RAN),
        states.count(NOT_APPLICABLE),
        states.count(NOT_RUN),
    )


def _absent(expectations: Sequence[Expectation]) -> list[LookedAt]:
    """Datasets that a suite written by hand speaks of and the study does not have."""
    names = sorted({expectation.dataset for expectation in expectations})
    counts = [sum(expectation.dataset == name for expectation in expectations) for name in names]
    return [LookedAt(name, 0, 0, 0, count) for name, count in zip(names, counts, strict=True)]


def _could_not_run(name: str, outcomes: Sequence[Outcome]) -> list[Issue]:
    """One issue for each reason: what could not run has not passed."""
    reasons: dict[str, list[str]] = {}
    for outcome in outcomes:
        if outcome.state == NOT_RUN:
            reasons.setdefault(outcome.why, []).append(outcome.expectation.id)
    return [
        Issue(
            name,
            COULD_NOT_RUN,
            Severity.ERROR,
            f"{len(ids)} {'expectation' if len(ids) == 1 else 'expectations'} could not run: {why}. "
            f"Not checked: {', '.join(sorted(ids)[:8])}{f' and {len(ids) - 8} more' if len(ids) > 8 else ''}.",
            records=0,
        )
        for why, ids in sorted(reasons.items())
    ]
