"""From computed columns to a dataset: file order of variables, sorting by keys, unique keys, lineage."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sdtm2adam.build.arrow_types import ARROW_TYPES, as_type
from sdtm2adam.build.at_rest import gathered, plain
from sdtm2adam.build.metadata import check_class, klass_of, producer_of, variable_of
from sdtm2adam.build.plan import Context, Plan
from sdtm2adam.build.quoting import aliased, name
from sdtm2adam.build.ranks import row_order
from sdtm2adam.build.relation import From
from sdtm2adam.build.supplement import qualifiers_of
from sdtm2adam.errors import InputError, Sdtm2adamError, SpecError, SpecErrors
from sdtm2adam.files.xpt import variable_faults
from sdtm2adam.model import Dataset, Variable
from sdtm2adam.spec import standards

Rows = npt.NDArray[np.int64]

_DEFAULT_KEYS = {"RELREC": ("RELID", "RDOMAIN", "IDVAR", "IDVARVAL")}


def variables_of(context: Context) -> list[str]:
    """The variables of a dataset in file order.

    SDTM: the standard's order. ADaM: identifiers and keys, `include`, the blocks' columns, then the list, in which a
    name without a value places a block's column.
    """
    spec, names = context.spec, [n for n in context.relation.names if not n.startswith("_") and "~" not in n]
    supplemental = _supplemental(context)
    names = [n for n in names if n not in supplemental]
    if context.stage == "sdtm":
        return sorted(names, key=lambda n: (standards.place_in_file(context.name, n), names.index(n)))
    listed = [n for n in spec.variables if n in names]
    own = [n for n in names if n not in listed]
    from_others = {n for source in spec.include for n in _included(context, source)}
    included = [n for n in own if n in from_others]
    first = [n for n in ("STUDYID", "USUBJID", *map(str, spec.keys)) if n in names and n not in listed]
    blocks = [n for n in own if n not in included]
    return list(dict.fromkeys([*first, *included, *blocks, *listed]))


def _included(context: Context, source: str) -> set[str]:
    chosen = context.spec.include[source]
    if chosen.all:
        made = {n for block, _ in context.outputs for n in (*block.set, *block.const)} | _of_blocks(context)
        return {n for n in context.relation.names if n not in made}
    return set(map(str, chosen.names))


def _of_blocks(context: Context) -> set[str]:
    return {n for _, relation in context.outputs for n in relation.names}


def _supplemental(context: Context) -> set[str]:
    return set(qualifiers_of(context))


def key_columns(context: Context) -> list[str]:
    """The keys, with the implied subject in front."""
    keys = [str(key) for key in context.spec.keys] or list(_DEFAULT_KEYS.get(context.name, ()))
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
    wrong_class = check_class(context)
    errors: list[Sdtm2adamError] = [wrong_class] if wrong_class else []
    columns = variables_of(context)
    variables = [variable_of(plan, context, column, errors) for column in columns]
    errors += undeliverable(context, variables)
    variables = with_expected(context, variables)
    if errors:
        raise SpecErrors(errors)
    whole = _sorted(plan, context, columns)
    made = set(columns)
    frame = pa.table(
        {
            v.name: as_type(f"{context.name}.{v.name}", whole[v.name], v.type)
            if v.name in made
            else _missing(whole.num_rows, v)
            for v in variables
        }
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
        keys=tuple(key for key in key_columns(context) if not key.startswith("_")),
        variables=tuple(variables),
        frame=frame,
        lineage=pa.table({}),
        per_subject=context.subject,
    )
    return Assembled(dataset, whole["_row"])


def undeliverable(context: Context, variables: list[Variable]) -> list[SpecError]:
    """What is said of the variables of a delivered dataset that no transport file can hold, as long labels."""
    if not context.spec.output:
        return []
    errors = []
    for variable in variables:
        producer = producer_of(context, variable.name)
        where = (producer.where if producer else "") or context.spec.dataset.where
        for what, mend in variable_faults(variable):
            errors.append(SpecError(f"{context.name}.{variable.name}: {what}", where=where, mend=mend))
    return errors


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
    return sorted([*variables, *expected], key=lambda v: standards.place_in_file(context.name, v.name))


def _missing(rows: int, variable: Variable) -> pa.Array:
    return pa.nulls(rows, ARROW_TYPES[variable.type])


def _sorted(plan: Plan, context: Context, columns: list[str]) -> pa.Table:
    """`_row` and the columns of all rows, sorted by the keys, which must be unique; nulls stand last.

    Rows are often made in the order of the keys: where these strictly increase from row to row, the rows are sorted and
    the keys unique, and nothing else is to be done. Else the keys alone are sorted; each other column is brought into
    their order where it is taken out of its table, once.
    """
    relation, keys = context.relation, key_columns(context)
    order = np.arange(relation.count, dtype=np.int64)
    lying = gathered(plan, relation, keys, order)
    found = {key: plain(column) for key, column in lying.items()}
    if not increases([found[key] for key in keys]):
        order = row_order([lying[key] for key in keys])
        found = {key: column.take(pa.array(order)) for key, column in found.items()}
        if not differ([found[key] for key in keys]):
            _unique(plan, context, keys)
    found |= gathered(plan, relation, [column for column in columns if column not in found], order, as_texts=True)
    return pa.table({"_row": pa.array(order), **found})


def differ(keys: list[pa.Array]) -> bool:
    """Whether each row differs from the next in one of the keys; nulls, and numbers that are none, are alike.

    >>> differ([pa.array(["a", "a", None]), pa.array([1, 2, 2])])
    True
    >>> differ([pa.array(["a", None, None])])
    False
    """
    same: pa.Array | bool = True
    for key in keys:
        this, following = key[:-1], key[1:]
        missing = pc.and_(pc.is_null(this, nan_is_null=True), pc.is_null(following, nan_is_null=True))
        same = pc.and_(same, pc.or_(pc.fill_null(pc.equal(this, following), False), missing))
    return not pc.any(same, min_count=0).as_py() if keys else True


def increases(keys: list[pa.Array]) -> bool:
    """Whether each row stands before the next by the keys; null has no place in that order.

    >>> increases([pa.array(["a", "a", "b"]), pa.array([1, 2, 1])])
    True
    >>> increases([pa.array([1, 1])])
    False
    """
    if not keys:
        return True
    if any(key.null_count for key in keys):
        return False
    before: pa.Array | bool = False
    equal: pa.Array | bool = True
    for key in keys:
        this, following = key[:-1], key[1:]
        before = pc.or_(before, pc.and_(equal, pc.less(this, following)))
        equal = pc.and_(equal, pc.equal(this, following))
    return bool(pc.all(before, min_count=0).as_py())


def _unique(plan: Plan, context: Context, keys: list[str]) -> None:
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
            where=next((k.where for k in context.spec.keys), context.spec.dataset.where),
            mend="remove the duplicate record at its source, or add a key that tells the records apart",
        )
