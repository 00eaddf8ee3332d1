"""What can be built subject by subject: rows that need rows of their own subject only, or sources without subjects."""

from __future__ import annotations

from collections.abc import Iterator

from sdtm2adam.build.node import ROWS
from sdtm2adam.build.plan import Plan
from sdtm2adam.errors import SpecError, SpecErrors
from sdtm2adam.spec.closed import Closed
from sdtm2adam.spec.dataset import GroupBlock, PythonBlock
from sdtm2adam.spec.producer import Agg, Candidate, Exists, Flag, Pick, Python, Seq

SUBJECT = "USUBJID"


def sources_of(plan: Plan) -> list[str]:
    """The relations whose rows were planned: datasets, their blocks, and raw forms."""
    return sorted({relation.key for relation, column in plan.nodes if column == ROWS})


def refuse_several_subjects(plan: Plan, name: str) -> None:
    """A dataset can be cut where each of its rows needs rows of its own subject only, and of sources without subjects.

    Raises:
        SpecErrors: with each place that reads over subjects.
    """
    errors = []
    if not plan.contexts[name].subject:
        where = plan.contexts[name].spec.dataset.where
        errors.append(SpecError(f"{name} has no subjects to cut it by", where=where, mend="build it by run"))
    for dataset in dict.fromkeys(key.split("/")[0] for key in sources_of(plan)):
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
        if isinstance(value, (Pick, Candidate, Exists, Agg, Flag, Seq, GroupBlock, Python, PythonBlock)):
            yield value
        if isinstance(value, Closed):
            yield from _verbs([getattr(value, field) for field in type(value).model_fields])
        elif isinstance(value, dict):
            yield from _verbs(list(value.values()))
        elif isinstance(value, tuple):
            yield from _verbs(list(value))


def _over_subjects(plan: Plan, verb: Closed) -> str:
    """How a verb reads over several subjects; empty if it does not."""
    if isinstance(verb, (Python, PythonBlock)):
        return f"python {verb.call}, which gets all rows at once"
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
