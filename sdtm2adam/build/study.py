"""All datasets of a study, built from its specs and its data in one plan."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from sdtm2adam.build.assembly import Assembled, assemble
from sdtm2adam.build.checks import needs_of_checks, run_checks
from sdtm2adam.build.coercion import Coercion, plan_plain
from sdtm2adam.build.coverage import Uses, coverage_issues, rows_to_count, uses_of
from sdtm2adam.build.datasets import DatasetMaker
from sdtm2adam.build.engine import Progress, compute
from sdtm2adam.build.lineage import Lineage
from sdtm2adam.build.node import Node
from sdtm2adam.build.picks import plan_lookup
from sdtm2adam.build.plan import Plan, Unmakeable
from sdtm2adam.build.raw import declare_raw
from sdtm2adam.build.raw_tables import raw_tables
from sdtm2adam.build.sources import declare_file, declare_table
from sdtm2adam.build.supplement import supplement
from sdtm2adam.build.values import plan_value
from sdtm2adam.build.warehouse import Warehouse
from sdtm2adam.errors import InputErrors, Sdtm2adamError, SpecError, SpecErrors, gathering
from sdtm2adam.files.xpt import read_xpt
from sdtm2adam.model import Dataset, Issue
from sdtm2adam.spec.library import Specs


@dataclass(frozen=True)
class Inputs:
    """Where the data of a study are: raw files by form, SDTM files by dataset; None of a form for a dry run.

    `qualifiers` are the names of supplemental qualifiers by dataset, where the files are parts of others that have
    more of them.
    """

    raw: Mapping[str, Path] = field(default_factory=dict)
    sdtm: Mapping[str, Path] = field(default_factory=dict)
    raw_folder: Path | None = None
    qualifiers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def folders(self) -> list[Path]:
        """The folders that may be read."""
        return sorted({path.parent.resolve() for path in (*self.raw.values(), *self.sdtm.values())})


@dataclass(frozen=True)
class Built:
    """What a build gives: datasets in the order of the road, the issues met while computing, and raw columns lost.

    `raw` are the forms as a data manager reads them, where they were asked for.
    """

    datasets: dict[str, Dataset]
    issues: tuple[Issue, ...]
    raw_rows: dict[str, int]
    raw_keys: dict[str, object]
    coverage: tuple[Issue, ...] = ()
    raw: Mapping[str, pa.Table] = field(default_factory=dict)


@contextmanager
def planned(
    specs: Specs, inputs: Inputs, *, empty: bool = False, memory: str | None = None, threads: int | None = None
) -> Iterator[Plan]:
    """A plan with all sources and specs declared; its database ends with the context.

    Args:
        specs: of the study.
        inputs: where the data are.
        empty: take the columns of the data only: the dry run that checks every name and type.
        memory: DuckDB's limit.
        threads: DuckDB's.
    """
    with tempfile.TemporaryDirectory(prefix="sdtm2adam-") as spill:
        warehouse = Warehouse(Path(spill), inputs.folders, memory=memory, threads=threads)
        try:
            plan = Plan(warehouse, str(specs.study.study), specs.terminology)
            _declare_sources(plan, specs, as_parquet(inputs, Path(spill)), empty)
            plan.inputs, plan.sources = specs.study.inputs, specs.study.sources
            plan.packages, plan.dry = tuple(map(str, specs.study.packages)), empty
            plan.criteria = specs.criteria
            coercion = Coercion(specs)
            maker = DatasetMaker(
                plan,
                specs,
                values={"adam": plan_plain(specs), "sdtm": coercion.plan},
                raws={"adam": plan_value, "sdtm": coercion.plan_raw},
            )
            plan.declare, plan.lookup_maker = maker.declare, plan_lookup
            yield plan
        finally:
            warehouse.close()


def as_parquet(inputs: Inputs, folder: Path) -> Inputs:
    """The same inputs with each transport file read and laid down as Parquet in a folder."""
    found = dict(inputs.sdtm)
    for name, path in inputs.sdtm.items():
        if path.suffix.lower() == ".xpt":
            found[name] = folder / f"{name}.parquet"
            pq.write_table(read_xpt(path, fallback="cp1252"), found[name])
    return replace(inputs, sdtm=found)


def _declare_sources(plan: Plan, specs: Specs, inputs: Inputs, empty: bool) -> None:
    for (owner, name), rows in specs.tables.items():
        declare_table(plan, f"table.{owner + '.' if owner else ''}{name}", rows)
    for form, contract in specs.contracts.items():
        declare_raw(plan, specs, form, contract, inputs.raw.get(form), inputs.raw_folder, empty=empty)
    for name, path in inputs.sdtm.items():
        if not name.startswith("SUPP") and name not in specs.sdtm:
            supplement_file = inputs.sdtm.get(f"SUPP{name}")
            declare_file(plan, name, path, supplement_file, inputs.qualifiers.get(name), empty=empty)


def nodes_of(plan: Plan, specs: Specs, only: Collection[str] = ()) -> dict[str, list[Node]]:
    """The nodes of every column of every dataset, or of those named; all names are resolved here.

    Raises:
        SpecErrors: all that is wrong in all specs.
    """
    found = {name: _nodes_of_dataset(plan, name) for name in specs.datasets if not only or name in only}
    raise_errors(plan)
    return found


def _nodes_of_dataset(plan: Plan, name: str) -> list[Node]:
    relation = plan.relation(name, None)
    context = plan.contexts[name]
    found: list[Node] = []
    for column in list(relation.names):
        attempt(plan, lambda c=column: found.append(plan.node(relation, c)))  # type: ignore[misc]
    for key in (str(k) for k in context.spec.keys if context.outputs and str(k) not in relation.names):
        where = next(k.where for k in context.spec.keys if k == key)
        plan.errors.append(
            SpecError(f"{name}: the key {key} is no variable", where=where, mend="name a variable it has")
        )
    attempt(plan, lambda: found.append(plan.rows_node(relation)))
    attempt(plan, lambda: found.extend(needs_of_checks(plan, context)))
    return found


def raise_errors(plan: Plan) -> None:
    """Raises all errors of the plan once; what only follows from another error is left out, unless nothing else is."""
    errors = list({error.message: error for error in plan.errors}.values())
    first_causes = [error for error in errors if not isinstance(error, Unmakeable)]
    if errors:
        raise SpecErrors(first_causes or errors)


def attempt(plan: Plan, action: Callable[[], None]) -> None:
    """Does something to a plan; what is wrong with the specs is kept in the plan, to be told together."""
    with gathering(plan.errors):
        action()


def lint(specs: Specs, inputs: Inputs) -> int:
    """Checks every name and type of all specs on empty tables; the number of columns looked at.

    Raises:
        SpecErrors: all that is wrong.
    """
    return without_data(specs, inputs)[0]


def without_data(specs: Specs, inputs: Inputs) -> tuple[int, dict[str, Dataset]]:
    """What `lint` makes of all specs: the number of columns looked at, and the datasets without records.

    Raises:
        SpecErrors: all that is wrong.
    """
    empty: dict[str, Dataset] = {}
    with planned(specs, inputs, empty=True, threads=1) as plan:
        nodes = nodes_of(plan, specs)
        compute(plan, [node for group in nodes.values() for node in group])
        for name in specs.datasets:
            try:
                empty[name] = assemble(plan, plan.contexts[name]).dataset
                run_checks(plan, plan.contexts[name])
            except SpecErrors as errors:
                plan.errors.extend(errors.errors)
        raise_errors(plan)
        return sum(map(len, nodes.values())), empty


def uses_without_data(specs: Specs, inputs: Inputs) -> Uses:
    """Who reads each raw column, before any data are read.

    Raises:
        SpecErrors: the specs are wrong.
    """
    with planned(specs, inputs, empty=True, threads=1) as plan:
        nodes_of(plan, specs)
        return uses_of(plan)


def build(
    specs: Specs,
    inputs: Inputs,
    *,
    only: Collection[str] = (),
    memory: str | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
    keep_raw: bool = False,
) -> Built:
    """All datasets of a study, or only those named, from what they need; with `keep_raw` the raw forms beside them.

    Raises:
        SpecErrors: a spec is wrong.
        InputErrors: the data stop the run.
    """
    with planned(specs, inputs, memory=memory, threads=threads) as plan:
        nodes = nodes_of(plan, specs, only)
        counted = [] if only else rows_to_count(plan, specs, inputs.raw)
        compute(plan, [*(node for group in nodes.values() for node in group), *counted], progress)
        for check_ties in plan.afterwards:
            check_ties()
        assembled: dict[str, Assembled] = {}
        errors: list[Sdtm2adamError] = []
        for name in nodes:
            try:
                assembled[name] = assemble(plan, plan.contexts[name])
                run_checks(plan, plan.contexts[name])
            except Sdtm2adamError as error:
                errors.append(error)
        if errors:
            raise errors[0] if len(errors) == 1 else InputErrors(errors)
        lineage = Lineage.of(plan, {name: found.rows for name, found in assembled.items()})
        datasets: dict[str, Dataset] = {}
        for name, found in assembled.items():
            context = plan.contexts[name]
            datasets[name] = replace(found.dataset, lineage=lineage.table(context), edges=lineage.edges(context))
            if found.dataset.stage == "sdtm" and (extra := supplement(plan, plan.contexts[name], found.rows)):
                datasets[extra.name] = extra
        forms = raw_tables(plan, specs) if keep_raw else {}
        lost = tuple(coverage_issues(specs, uses_of(plan), plan))
        return Built(datasets, tuple(sorted(set(plan.issues))), *_raw_rows(plan), lost, forms)


def _raw_rows(plan: Plan) -> tuple[dict[str, int], dict[str, object]]:
    forms = {key: relation for key, relation in plan.relations.items() if key.startswith("raw.") and relation.rows}
    counts = {key: relation.count for key, relation in forms.items()}
    keys = {
        key: plan.warehouse.arrow(
            f'SELECT _row AS "row", {", ".join(relation.order)} FROM {relation.rows} ORDER BY _row'
            if relation.order
            else f'SELECT _row AS "row" FROM {relation.rows} ORDER BY _row'
        )
        for key, relation in forms.items()
    }
    return counts, keys
