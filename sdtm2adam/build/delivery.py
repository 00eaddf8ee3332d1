"""One dataset of a large study straight to Parquet: built part by part, so that memory does not grow with subjects."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from sdtm2adam.build.assembly import assemble
from sdtm2adam.build.by_subject import refuse_several_subjects, sources_of
from sdtm2adam.build.checks import needs_of_checks, run_checks
from sdtm2adam.build.engine import compute
from sdtm2adam.build.node import Node
from sdtm2adam.build.parts import cut_inputs
from sdtm2adam.build.plan import Plan
from sdtm2adam.build.study import Inputs, as_parquet, attempt, planned, raise_errors
from sdtm2adam.errors import UsageError
from sdtm2adam.files.parquet import ParquetParts
from sdtm2adam.model import MOST_KEYS, Dataset, Issue
from sdtm2adam.spec.library import Specs

SUBJECT = "USUBJID"
SUBJECTS_OF_A_PART = 5000


@dataclass(frozen=True)
class Delivered:
    """What was written: the records, the parts they were built in, and the issues of all parts together."""

    records: int
    parts: int
    issues: tuple[Issue, ...]


def build_dataset(
    specs: Specs,
    inputs: Inputs,
    name: str,
    path: Path,
    *,
    subjects: int = SUBJECTS_OF_A_PART,
    memory: str | None = None,
    threads: int | None = None,
) -> Delivered:
    """Builds one dataset, and what it needs, and writes it as Parquet: the same file as a run writes.

    The data, raw or SDTM, are cut by subject; each part is built, checked (keys, types, the spec's own checks) and
    written, in the order of subjects. Checks over the whole dataset, what no row of a source meets among them,
    lineage and transport files are left to `run`.

    Args:
        specs: of the study.
        inputs: where the data are.
        name: the dataset; it has subjects, and nothing it needs reads over several of them.
        path: the file.
        subjects: the most subjects of one part.
        memory: DuckDB's limit, beyond which it spills to disk.
        threads: DuckDB's.

    Raises:
        SpecErrors: a spec is wrong, or the dataset cannot be cut by subject.
        InputErrors: the data stop the run.
        UsageError: the dataset is not one of the study.
    """
    if name not in specs.datasets:
        raise UsageError(f"no dataset {name!r} in the study", where="build_dataset", mend="name one of its specs")
    with tempfile.TemporaryDirectory(prefix="sdtm2adam-parts-") as folder:
        issues: list[Issue] = []
        inputs = as_parquet(inputs, Path(folder))
        with planned(specs, inputs, memory=memory, threads=threads) as plan:
            _nodes(plan, name)
            refuse_several_subjects(plan, name)
            parts = cut_inputs(plan, specs, inputs, sources_of(plan), Path(folder), subjects)
            issues += plan.issues
        records = 0
        with ParquetParts(path) as writer:
            for part in parts:
                dataset, found = _part(specs, part, name, memory, threads)
                writer.write(dataset.frame)
                records += dataset.frame.num_rows
                issues += found
        return Delivered(records, len(parts), together(issues))


def _part(
    specs: Specs, inputs: Inputs, name: str, memory: str | None, threads: int | None
) -> tuple[Dataset, list[Issue]]:
    with planned(specs, inputs, memory=memory, threads=threads) as plan:
        plan.whole = False
        compute(plan, _nodes(plan, name))
        for check_ties in plan.afterwards:
            check_ties()
        assembled = assemble(plan, plan.contexts[name])
        run_checks(plan, plan.contexts[name])
        return assembled.dataset, plan.issues


def _nodes(plan: Plan, name: str) -> list[Node]:
    relation = plan.relation(name, None)
    found: list[Node] = []
    for column in list(relation.names):
        attempt(plan, lambda c=column: found.append(plan.node(relation, c)))  # type: ignore[misc]
    attempt(plan, lambda: found.append(plan.rows_node(relation)))
    attempt(plan, lambda: found.extend(needs_of_checks(plan, plan.contexts[name])))
    raise_errors(plan)
    return found


def together(issues: list[Issue]) -> tuple[Issue, ...]:
    """The issues of several parts as those of the whole: records added up, the same fault told once."""
    groups: dict[tuple[str, ...], list[Issue]] = {}
    for issue in issues:
        key = (issue.dataset, issue.rule, issue.severity, issue.variable, issue.value, issue.source)
        groups.setdefault(key, []).append(issue)
    return tuple(sorted(_one(same) for same in groups.values()))


def _one(same: list[Issue]) -> Issue:
    first = same[0]
    if len(set(same)) == 1:  # of a source that every part has whole
        return first
    records = sum(issue.records for issue in same)
    keys = list(dict.fromkeys(key for issue in same for key in issue.keys))[:MOST_KEYS]
    text = first.text.replace(f"{first.records:,} ", f"{records:,} ", 1)
    return replace(first, records=records, keys=tuple(keys), text=text)
