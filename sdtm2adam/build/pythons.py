"""The verb `python`, planned: one value for each row, by a function of an installed package."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from sdtm2adam.build.arrow_types import ARROW_TYPES
from sdtm2adam.build.hints import shown
from sdtm2adam.build.metadata import standard_fact
from sdtm2adam.build.node import Node
from sdtm2adam.build.plan import Context, Plan
from sdtm2adam.build.python_functions import find_function
from sdtm2adam.build.python_values import Call, check_series, column_of, frame_of
from sdtm2adam.build.quoting import aliased
from sdtm2adam.build.relation import From, Relation
from sdtm2adam.build.rows import settle
from sdtm2adam.build.scope import Scope
from sdtm2adam.errors import SpecError, nearest
from sdtm2adam.spec.producer import Inputs, Producer
from sdtm2adam.spec.yaml import Text


@dataclass(frozen=True)
class Given:
    """Another dataset that a function gets: the argument, the relation, and the columns."""

    argument: str
    relation: Relation
    columns: list[str]

    def frame(self, plan: Plan) -> pd.DataFrame:
        """Its rows in the order of the dataset, as a new frame."""
        source = From(self.relation)
        items = ", ".join(aliased(source.own(column), column) for column in self.columns)
        return frame_of(plan, f"SELECT {items} {source.clause()} ORDER BY r._row", self.columns)


def plan_inputs(plan: Plan, context: Context, inputs: Inputs, call: Text, node: Node) -> list[Given]:
    """The other datasets a function gets; the node gets what they need.

    Raises:
        SpecError: a dataset or a column is not known.
    """
    found = []
    for said, columns in inputs.items():
        relation = plan.relation(said, context, Text(said, call.where))
        known = shown(relation.names)
        for column in columns or ():
            if column not in relation.names:
                what = f"inputs: {said} has no {column}"
                raise SpecError(what, where=column.where, mend=nearest(column, known))
        names = [str(column) for column in columns] if columns is not None else known
        node.needs.extend([plan.rows_node(relation), *(plan.node(relation, column) for column in names)])
        found.append(Given(said.removeprefix("table."), relation, names))
    return found


def plan_python(scope: Scope, column: str, producer: Producer, node: Node) -> None:
    """Fills the node of a variable that a function makes.

    The function gets the named columns of the rows, in the order of the rows, and the inputs by name. It is called
    once, and not at all where there are no rows: so the check without data does not run it.
    """
    verb, plan, relation = producer.python, scope.plan, scope.relation
    assert verb is not None
    function = find_function(verb.call, plan.packages)
    kind = _type_of(scope, column, producer)
    _check_once(verb.uses)
    uses = [(str(text), scope.refer("", str(text), text)) for text in verb.uses]
    node.needs.extend(need for _, reference in uses for need in reference.needs)
    inputs = plan_inputs(plan, scope.context, verb.inputs, verb.call, node)
    node.needs.append(plan.rows_node(relation))
    call = Call(function, str(verb.call), node.title, verb.call.where)

    def run() -> None:
        made: pa.ChunkedArray | pa.Array = pa.nulls(relation.count, ARROW_TYPES[kind])
        if relation.count:
            source = From(relation)
            items = "".join(f", {aliased(reference.sql(source), name)}" for name, reference in uses)
            select = f"SELECT r._row AS _row{items} {source.clause()} ORDER BY r._row"
            rows = frame_of(plan, select, [name for name, _ in uses])
            values = call.made(rows.copy(), **{one.argument: one.frame(plan) for one in inputs})
            made = column_of(call, column, check_series(call, values, rows), kind)
        numbers = pa.array(np.arange(relation.count, dtype=np.int64))
        settle(plan, relation, plan.warehouse.register(pa.table({"_row": numbers, column: made})), [column])

    node.run = run


def _check_once(uses: tuple[Text, ...]) -> None:
    for i, text in enumerate(uses):
        if text in uses[:i]:
            raise SpecError(f"uses names {text} twice", where=text.where, mend="name it once")


def _type_of(scope: Scope, column: str, producer: Producer) -> str:
    """The type that is said, else the standard's."""
    if producer.type is not None:
        return producer.type
    target = str(producer.like) if producer.like is not None else column.removeprefix("_~").split("~")[0]
    fact = standard_fact(scope.context.stage, scope.context.spec, target)
    if fact is None:
        said = f"{scope.context.name}.{target}: what type the function gives is not said"
        mend = "add type: text, integer, float, date or datetime, beside python"
        raise SpecError(said, where=producer.where, mend=mend)
    return "float" if fact.numeric else "text"
