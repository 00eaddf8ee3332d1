"""All that judges the data of a study: suites, the rule pack, edit checks; one report, each fault told once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from sdtm2adam.model import Dataset, Issue, Severity
from sdtm2adam.resources import shelf
from sdtm2adam.spec.codelists import Terminology
from sdtm2adam.spec.packages import bundled_terminology
from sdtm2adam.validate.beside import Beside, check_beside
from sdtm2adam.validate.expectation import Suite
from sdtm2adam.validate.own_checks import not_put, own_ids, refuse_unknown_like, refuse_unread
from sdtm2adam.validate.run import COULD_NOT_RUN, Report, in_order
from sdtm2adam.validate.sql.check import Check, read_edit_checks, read_rules
from sdtm2adam.validate.sql.examples import SelfTest, edit_check_examples, rule_examples, self_test
from sdtm2adam.validate.sql.meta import META_TABLES
from sdtm2adam.validate.sql.run import NOT_RUN, RAN, Findings, put_checks
from sdtm2adam.validate.sql.store import Database, Store
from sdtm2adam.validate.told_once import told_once

RULES, EDIT_CHECKS = "rules", "edit_checks"
"""The folders of a shelf `validation/` that hold checks written as SQL."""


@dataclass(frozen=True)
class Checks:
    """The checks written as SQL that a study is put to; `own` are the ids of those it wrote itself."""

    rules: tuple[Check, ...] = ()
    edit_checks: tuple[Check, ...] = ()
    own: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Examined:
    """What all engines found, and what came of each check written as SQL."""

    report: Report
    rules: Findings = field(default_factory=lambda: Findings((), ()))
    edit_checks: Findings = field(default_factory=lambda: Findings((), ()))

    @property
    def said(self) -> tuple[str, ...]:
        """How many checks ran, were not applicable, could not run: one sentence for each engine that was asked."""
        named = (("rules", self.rules), ("edit checks", self.edit_checks))
        return tuple(f"{len(found.ran):,} {name}: {found.summary}" for name, found in named if found.ran)


def read_checks(study: Path | None = None) -> Checks:
    """The bundled checks and the study's own, which stand in for bundled ones of the same name.

    Args:
        study: the study folder; None for the bundled ones alone.

    Raises:
        SpecErrors: all faults of all files.
    """
    if study is not None:
        refuse_unread(study)
    rules, edit_checks = read_rules(*_shelves(study, RULES)), read_edit_checks(*_shelves(study, EDIT_CHECKS))
    if study is None:
        return Checks(rules, edit_checks)
    shelf_of = study / "validation"
    own = own_ids(rules, shelf_of / RULES) | own_ids(edit_checks, shelf_of / EDIT_CHECKS)
    refuse_unknown_like((*rules, *edit_checks), own, study)
    return Checks(rules, edit_checks, own)


def try_checks(study: Path | None = None) -> SelfTest:
    """Tries all checks of `read_checks` on their example data, on this machine."""
    checks = read_checks(study)
    examples = {**rule_examples(*_shelves(study, RULES)), **edit_check_examples(*_shelves(study, EDIT_CHECKS))}
    return self_test((*checks.rules, *checks.edit_checks), examples)


def _shelves(study: Path | None, name: str) -> list[Path]:
    return [shelf("validation") / name, *([study / "validation" / name] if study is not None else [])]


def examine(
    datasets: Mapping[str, Dataset],
    checks: Checks,
    *,
    suites: Sequence[Suite] | None = None,
    raw: Mapping[str, pa.Table] = {},
    terminology: Terminology | None = None,
    meta: Mapping[str, Callable[[Store], pa.Table]] = {},
    part: bool = False,
    raw_keys: Mapping[str, Any] = {},
    ready: Beside | None = None,
) -> Examined:
    """Puts suites, rules and edit checks to the data of a study.

    Args:
        datasets: SDTM and ADaM, by name; not changed.
        checks: the rules and edit checks.
        suites: written by hand; by default the bundled ones.
        raw: raw forms by name, for edit checks.
        terminology: what values are compared with.
        meta: more tables of metadata for rules.
        part: the datasets are a part of a package.
        raw_keys: for each form (`raw.AE`) its records in order with the columns of its key.
        ready: a process for the suites, started before.
    """
    report_of_suites = check_beside(datasets, suites, ready)
    rules, edit_checks = _run_both(datasets, checks, raw, terminology, meta, part, raw_keys)
    report = report_of_suites()
    told = told_once(
        report.issues, rules.issues, edit_checks.issues, checks=(*checks.rules, *checks.edit_checks),
        gates=report.gates_broken,
    )  # fmt: skip
    failed = [issue for found in (rules, edit_checks) for issue in could_not_run(found)]
    idle = [issue for found in (rules, edit_checks) for issue in not_put(found, checks.own, part=part)]
    issues = in_order((*told, *failed, *idle))
    return Examined(replace(report, issues=issues), rules, edit_checks)


def _run_both(
    datasets: Mapping[str, Dataset],
    checks: Checks,
    raw: Mapping[str, pa.Table],
    terminology: Terminology | None,
    meta: Mapping[str, Callable[[Store], pa.Table]],
    part: bool,
    raw_keys: Mapping[str, Any],
) -> tuple[Findings, Findings]:
    with Database() as database:
        store = Store(database, datasets, raw, terminology or bundled_terminology(), {**META_TABLES, **meta})
        rules = put_checks(checks.rules, store, part=part, raw_keys=raw_keys, alike=checks.own)
        edit_checks = put_checks(checks.edit_checks, store, part=part, raw_keys=raw_keys, alike=checks.own)
    return rules, edit_checks


def could_not_run(found: Findings) -> tuple[Issue, ...]:
    """One issue for each check that could not run: it has not passed."""
    return tuple(
        Issue(
            one.why.partition(":")[0] if ":" in one.why else "STUDY",
            COULD_NOT_RUN,
            Severity.ERROR,
            f"{one.check.id} could not run: {one.why}",
            value=one.check.id,
            records=0,
            source=one.check.source,
        )
        for one in found.ran
        if one.state == NOT_RUN
    )


def ran_on(found: Findings) -> frozenset[tuple[str, str]]:
    """The pairs of check and dataset that ran."""
    return frozenset((one.check.id, dataset) for one in found.ran if one.state == RAN for dataset in one.datasets)
