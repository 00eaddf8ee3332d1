"""From computed columns to a dataset: file order of variables, sorting by keys, unique keys, lineage."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from sdtm2adam.build.metadata import klass_of, type_of, variable_of
from sdtm2adam.build.plan import Context, Plan
from sdtm2adam.build.quoting import aliased, literal, name
from sdtm2adam.build.relation import From, Relation, source_label
from sdtm2adam.build.supplement import qualifiers_of
from sdtm2adam.errors import InputError, Sdtm2adamError, SpecErrors
from sdtm2adam.model import Dataset, Variable
from sdtm2adam.spec import standards

_ARROW = {
    "text": pa.string(),
    "integer": pa.int64(),
    "float": pa.float64(),
    "date": pa.date32(),
    "datetime": pa.timestamp("us"),
    "time": pa.time64("us"),
}


def variables_of(context: Context) -> list[str]:
    """The variables of a dataset in file order.

    SDTM: the standard's order. ADaM: identifiers and keys, `include`, the blocks' columns, then the list, in which a name
    without a value places a block's column.
    """
    spec, names = context.spec, [n for n in context.relation.names if not n.startswith("_")]
    supplemental = _supplemental(context)
    names = [n for n in names if n not in supplemental]
    if context.stage == "sdtm":
        return sorted(names, key=lambda n: (_standard_order(context.name, n), names.index(n)))
    listed = [n for n in spec.variables if n in names]
    own = [n for n in names if n not in listed]
    included = [n for n in own if any(n in _included(context, source) for source in spec.include)]
    first = [n for n in ("STUDYID", "USUBJID", *map(str, spec.keys)) if n in names and n not in listed]
    blocks = [n for n in own if n not in included]
    return list(dict.fromkeys([*first, *included, *blocks, *listed]))


def _included(context: Context, source: str) -> set[str]:
    chosen = context.spec.include[source]
    made = {n for block, _, _ in context.outputs for n in (*block.set, *block.const)}
    if chosen.all:
        return {n for n in context.relation.names if n not in made and n not in _of_blocks(context)}
    return set(map(str, chosen.names))


def _of_blocks(context: Context) -> set[str]:
    return {n for _, relation, _ in context.outputs for n in relation.names}


def _supplemental(context: Context) -> set[str]:
    return set(qualifiers_of(context))


def _standard_order(dataset: str, column: str) -> int:
    fact = standards.sdtm_variable(dataset, column)
    return fact.order if fact else 10_000


def key_columns(context: Context) -> list[str]:
    """The keys, with the implied subject in front."""
    keys = [str(key) for key in context.spec.keys]
    implied = ["STUDYID", "USUBJID"] if context.subject else []
    return [*(k for k in implied if k not in keys and k in context.relation.names), *keys]


@dataclass(frozen=True)
class Assembled:
    """A dataset and the number each of its rows had while it was made."""

    dataset: Dataset
    rows: pa.Array


def assemble(plan: Plan, context: Context) -> Assembled:
    """The dataset of a context whose columns are all computed.

    Raises:
        SpecErrors: a variable's type is not what the spec or the standard says.
        InputError: the keys are not unique.
    """
    errors: list[Sdtm2adamError] = []
    columns = variables_of(context)
    variables = [variable_of(plan, context, column, errors) for column in columns]
    variables = with_expected(context, variables)
    if errors:
        raise SpecErrors(errors)
    relation = context.relation
    source = From(relation)
    keys = key_columns(context)
    items = [aliased(source.own(column), column) for column in columns]
    order = ", ".join(f"{source.own(key)} NULLS LAST" for key in keys)
    _unique(plan, context, keys)
    whole = plan.warehouse.arrow(
        f"SELECT r._row AS _row, {', '.join(items)} {source.clause()} ORDER BY {order + ', ' if order else ''}r._row"
    )
    made = set(columns)
    frame = pa.table(
        {v.name: _typed(whole[v.name], v) if v.name in made else _missing(whole.num_rows, v) for v in variables}
    )
    klass = klass_of(context)
    fact = standards.sdtm_datasets().get(context.name)
    long_name, structure = standards.ADAM_CLASSES.get(klass, (klass, ""))
    dataset = Dataset(
        name=context.name,
        label=str(context.spec.label or (fact.label if fact else context.name)),
        stage=context.stage,
        klass=long_name,
        structure=str(context.spec.structure or (fact.structure if fact else structure)),
        keys=tuple(key for key in keys if not key.startswith("_")),
        variables=tuple(variables),
        frame=frame,
        lineage=lineage_of(plan, context, whole["_row"]),
        per_subject=context.subject,
    )
    return Assembled(dataset, whole["_row"])


def with_expected(context: Context, variables: list[Variable]) -> list[Variable]:
    """SDTM: a variable the standard expects is there, empty where the spec does not make it."""
    if context.stage != "sdtm":
        return variables
    made = {variable.name for variable in variables}
    expected = [
        Variable(fact.name, fact.label, "float" if fact.numeric else "text", core=fact.core, role=fact.role)
        for (dataset, column), fact in standards.sdtm_variables().items()
        if dataset == context.name and fact.core == "Exp" and column not in made
    ]
    return sorted([*variables, *expected], key=lambda v: _standard_order(context.name, v.name))


def _missing(rows: int, variable: Variable) -> pa.Array:
    return pa.nulls(rows, _ARROW[variable.type])


def _typed(column: pa.ChunkedArray, variable: Variable) -> pa.ChunkedArray:
    kind = _ARROW[variable.type]
    if pa.types.is_boolean(column.type):
        return pc.if_else(column, "Y", "N")
    return column.cast(kind)


def _unique(plan: Plan, context: Context, keys: list[str]) -> None:
    if not keys:
        return
    source = From(context.relation)
    items = ", ".join(aliased(source.own(key), key) for key in keys)
    group = ", ".join(name(key) for key in keys)
    twice = plan.warehouse.rows(
        f"SELECT {group}, count(*) FROM (SELECT {items} {source.clause()}) GROUP BY ALL HAVING count(*) > 1 "
        f"ORDER BY {group} LIMIT 1"
    )
    if twice:
        shown = ", ".join(f"{key}={value}" for key, value in zip(keys, twice[0], strict=False))
        raise InputError(
            f"{context.name}: the keys [{', '.join(keys)}] are not unique; first: {shown} stands {twice[0][-1]} times",
            where=context.spec.keys[0].where or context.spec.dataset.where,
            mend="remove the duplicate record at its source, or add a key that tells the records apart",
        )


# --- lineage ------------------------------------------------------------------------------------------------------


def lineage_of(plan: Plan, context: Context, rows: pa.ChunkedArray) -> pa.Table:
    """One row per row of the dataset: the record it was made from, and for each pick the row it picked.

    Columns: `row`; `source`, `source_row` (where the record came from, through all blocks); for each pick or lookup
    `<name>.source`, `<name>.row`. Source rows are numbered from 0 in the order of that source.
    """
    relation = context.relation
    source = From(relation)
    items = ["r._row AS _row"]
    chain = _origins(plan, relation, source)
    items += chain
    for link_name, link in relation.links.items():
        if link_name[0:1] not in ("%", "@") or not link.table:
            continue
        number, row = source.link(link_name)
        label = link_name[1:]
        items.append(
            f"CASE WHEN {row} IS NOT NULL THEN {source_label(link.stack, number)} END AS {name(label + '.source')}"
        )
        items.append(f"{row} AS {name(label + '.row')}")
    order = plan.warehouse.register(pa.table({"_row": rows, "_place": pa.array(range(len(rows)), pa.int64())}))
    select = f"SELECT {', '.join(items)} {source.clause()}"
    return plan.warehouse.arrow(
        f'SELECT o._place AS "row", l.* EXCLUDE (_row) FROM {order} o JOIN ({select}) l ON l._row = o._row ORDER BY o._place'
    )


def _origins(plan: Plan, relation: Relation, source: From) -> list[str]:
    """SQL of the first relation outside the dataset that a row comes from, and its row there."""
    table = plan.warehouse.create(_origin_select(relation))
    source._clauses.append(f"LEFT JOIN {table} origin ON origin._row = r._row")
    return ["origin.source AS source", "origin.source_row AS source_row"]


def _origin_select(relation: Relation) -> str:
    link = relation.links.get("")
    if link is None:
        return f"SELECT r._row AS _row, {literal(relation.key)} AS source, r._row AS source_row FROM {relation.rows} r"
    place = From(relation)
    number, row = place.link("")
    picked = f"SELECT r._row AS _row, {number} AS _nr, {row} AS _srow {place.clause()}"
    branches = []
    for i, part in enumerate(link.stack.parts):
        inner = _origin_select(part.relation) if "/" in part.relation.key else None
        if inner:
            branches.append(
                f"SELECT p._row, o.source, o.source_row FROM ({picked}) p JOIN ({inner}) o ON o._row = p._srow WHERE p._nr = {i}"
            )
        else:
            branches.append(
                f"SELECT p._row, {literal(part.relation.key)} AS source, p._srow AS source_row FROM ({picked}) p WHERE p._nr = {i}"
            )
    return " UNION ALL ".join(branches)


__all__ = ["Assembled", "assemble", "key_columns", "type_of", "variables_of"]
