"""The words of CORE's JSON report, as facts: what it was asked, which rules ran, what it has found."""

from __future__ import annotations

from dataclasses import dataclass

SUCCESS, ISSUE_REPORTED = "SUCCESS", "ISSUE REPORTED"
SKIPPED, EXECUTION_ERROR = "SKIPPED", "EXECUTION ERROR"
"""The states of a rule; any other counts as one that could not run."""


@dataclass(frozen=True, slots=True)
class RuleRun:
    """What became of one rule. `ids` are the public ids it stands for: those of CDISC (CG0001), then those of FDA."""

    rule: str
    status: str
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Detail:
    """One record that breaks a rule, or a whole dataset where neither row nor subject is told. Rows count from 1."""

    rule: str
    message: str
    executability: str
    dataset: str
    subject: str
    sequence: str
    row: int | None
    variables: tuple[str, ...]
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why one rule could not run in one dataset; `dataset` is empty where that is not told."""

    rule: str
    dataset: str
    why: str


@dataclass(frozen=True, slots=True)
class CoreReport:
    """A report that was read whole. `datasets` pairs names with records (None where CORE does not tell)."""

    engine: str
    standard: str
    version: str
    terminology: tuple[str, ...]
    limit: str
    datasets: tuple[tuple[str, int | None], ...]
    rules: tuple[RuleRun, ...]
    details: tuple[Detail, ...]
    troubles: tuple[Trouble, ...]
    summed: tuple[tuple[str, int], ...]
