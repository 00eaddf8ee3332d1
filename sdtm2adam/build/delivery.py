"""One dataset of a large study straight to Parquet: built part by part, so that memory does not grow with subjects."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from sdtm2adam.build.assembly import assemble
from sdtm2adam.build.checks import needs_of_checks, run_checks
from sdtm2adam.build.engine import compute
from sdtm2adam.build.node import ROWS, Node
from sdtm2adam.build.parts import cut_forms
from sdtm2adam.build.plan import Plan
from sdtm2adam.build.study import Inputs, attempt, planned, raise_errors
from sdtm2adam.errors import SpecError, SpecErrors, UsageError
from sdtm2adam.files.parquet import ParquetParts
from sdtm2adam.model import MOST_KEYS, Dataset, Issue
from sdtm2adam.spec.closed import Closed
from sdtm2adam.spec.dataset import GroupBlock
from sdtm2adam.spec.library import Specs
from sdtm2adam.spec.producer import Agg, Candidate, Exists, Flag, Pick, Seq

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
    """Builds one dataset from raw data, and what it needs, and writes it as Parquet: the same file as a run writes.

    The raw data are cut by subject; each part is built, checked (keys, types, the spec's own checks) and written, in
    the order of subjects. Checks over the whole dataset, lineage and transport files are left to `run`.

    Args:
        specs: of the study.
        inputs: where the raw data are.
        name: the dataset; it has subjects, and nothing it needs reads over several of them.
        path: the file.
        subjects: the most subjects of one part.
        memory: DuckDB's limit, beyond which it spills to disk.
        threads: DuckDB's.

    Raises:
        SpecErrors: a spec is wrong, or the dataset cannot be cut by subject.
        InputErrors: the data stop the run.
        UsageError: the dataset is not one of the study, or its data are SDTM files.
    """
    if name not in specs.datasets:
        raise UsageError(f"no dataset {name!r} in the study", where="build_dataset", mend="name one of its specs")
    if inputs.sdtm:
        mend = "cut studies start at raw data; run builds from SDTM files"
        raise UsageError("the study starts at SDTM", where="build_dataset", mend=mend)
    with tempfile.TemporaryDirectory(prefix="sdtm2adam-parts-") as folder:
        issues: list[Issue] = []
        with planned(specs, inputs, empty=True, threads=1) as plan:
            _nodes(plan, name)
            _refuse_several_subjects(plan, name)
            forms = [key.removeprefix("raw.") for key in _sources(plan) if key.startswith("raw.")]
        with planned(specs, inputs, memory=memory, threads=threads) as plan:
            _nodes(plan, name)  # so that a column that is gone is known to be needed
            files = {form: inputs.raw.get(form) for form in forms}
            parts = cut_forms(plan, specs, files, inputs.raw_folder, Path(folder), subjects)
            issues += plan.issues
        records = 0
        with ParquetParts(path) as writer:
            for part in parts:
                some = replace(inputs, raw=part, raw_folder=Path(folder))
                dataset, found = _part(specs, some, name, memory, threads)
                writer.write(dataset.frame)
                records += dataset.frame.num_rows
                issues += found
        return Delivered(records, len(parts), together(issues))


def _part(
    specs: Specs, inputs: Inputs, name: str, memory: str | None, threads: int | None
) -> tuple[Dataset, list[Issue]]:
    with planned(specs, inputs, memory=memory, threads=threads) as plan:
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


def _sources(plan: Plan) -> list[str]:
    return sorted({relation.key for relation, column in plan.nodes if column == ROWS})


# --- what cannot be cut -------------------------------------------------------------------------------------------


def _refuse_several_subjects(plan: Plan, name: str) -> None:
    """A dataset can be cut where each of its rows needs rows of its own subject only, and of sources without subjects.

    Raises:
        SpecErrors: with each place that reads over subjects.
    """
    errors = []
    if not plan.contexts[name].subject:
        where = plan.contexts[name].spec.dataset.where
        errors.append(SpecError(f"{name} has no subjects to cut it by", where=where, mend="build it by run"))
    for dataset in dict.fromkeys(key.split("/")[0] for key in _sources(plan)):
        context = plan.contexts.get(dataset)
        if context is None:
            continue
        planned_names = {column for relation, column in plan.nodes if relation is context.relation}
        bodies = [producer for column, producer in context.spec.variables.items() if column in planned_names]
        looked_up = [pick for key, pick in context.spec.lookups.items() if f"@{key}" in planned_names]
        for verb in _verbs([*bodies, *looked_up, *context.spec.records, *context.spec.work]):
            if said := _over_subjects(plan, verb):
                said = f"{dataset} reads over several subjects: {said}"
                where = context.spec.dataset.where
                errors.append(
                    SpecError(said, where=where, mend=f"build {name} by run, which keeps all subjects together")
                )
    if errors:
        raise SpecErrors(errors)


def _verbs(values: list[object]) -> Iterator[Closed]:
    """All verbs anywhere in producers and blocks."""
    for value in values:
        if isinstance(value, (Pick, Candidate, Exists, Agg, Flag, Seq, GroupBlock)):
            yield value
        if isinstance(value, Closed):
            yield from _verbs([getattr(value, field) for field in type(value).model_fields])
        elif isinstance(value, dict):
            yield from _verbs(list(value.values()))
        elif isinstance(value, tuple):
            yield from _verbs(list(value))


def _over_subjects(plan: Plan, verb: Closed) -> str:
    """How a verb reads over several subjects; empty if it does not."""
    if isinstance(verb, (Flag, Seq)):
        by = verb.by
        over = by is not None and SUBJECT not in map(str, by)
        return f"{type(verb).__name__.lower()} by [{', '.join(map(str, by or ()))}]" if over else ""
    by_names = [str(one) if isinstance(one, str) else str(one[1]) for one in getattr(verb, "by", None) or ()]
    if getattr(verb, "by", None) is None or SUBJECT in by_names:
        return ""
    sources = [str(source) for source in getattr(verb, "from_", ())]
    with_subjects = [source for source in sources if source == "SELF" or _has_subjects(plan, source)]
    return f"from {', '.join(with_subjects)} by [{', '.join(by_names)}]" if with_subjects else ""


def _has_subjects(plan: Plan, source: str) -> bool:
    relation = plan.relations.get(source)
    return relation is not None and SUBJECT in relation.names


# --- issues of parts ----------------------------------------------------------------------------------------------


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
