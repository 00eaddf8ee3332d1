"""`python` blocks: the rows that a function of an installed package makes of other datasets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from sdtm2adam.build.arrow_types import ARROW_TYPES
from sdtm2adam.build.node import Node
from sdtm2adam.build.plan import Context, Definition, Plan
from sdtm2adam.build.python_functions import find_function
from sdtm2adam.build.python_values import Call, check_frame, column_of
from sdtm2adam.build.pythons import Given, plan_inputs
from sdtm2adam.build.relation import Part, Relation, Stack
from sdtm2adam.build.rows import store_rows
from sdtm2adam.spec.dataset import PythonBlock


@dataclass
class PythonBlocks:
    """Declares the `python` blocks of one dataset."""

    plan: Plan
    context: Context

    def declare(self, block: PythonBlock, relation: Relation, place: str) -> None:
        """Names the columns, which the block declares with their types."""
        for column in block.columns:
            relation.names[column] = Definition(place, given=True)
        self.plan.rows_makers[relation] = lambda node: self._plan_rows(block, relation, node)

    def _plan_rows(self, block: PythonBlock, relation: Relation, node: Node) -> None:
        function = find_function(block.call, self.plan.packages)
        inputs = plan_inputs(self.plan, self.context, block.inputs, block.call, node)
        call = Call(function, str(block.call), relation.key, block.call.where)
        node.run = lambda: self._run(block, call, inputs, relation)

    def _run(self, block: PythonBlock, call: Call, inputs: list[Given], relation: Relation) -> None:
        """Calls the function once, and never without data: then there are no rows."""
        plan = self.plan
        if plan.dry:
            columns = {name: pa.nulls(0, ARROW_TYPES[kind]) for name, kind in block.columns.items()}
        else:
            frame = call.made(**{one.argument: one.frame(plan) for one in inputs})
            made = check_frame(call, frame, block.columns)
            columns = {name: column_of(call, name, made[name], kind) for name, kind in block.columns.items()}
        rows = len(next(iter(columns.values())))
        numbers = pa.array(np.arange(rows, dtype=np.int64))
        store_rows(plan, relation, f"SELECT * FROM {plan.warehouse.register(pa.table({'_row': numbers, **columns}))}")
        # which row came from which, the function does not say: lineage knows the datasets it was given and no more
        nothing = plan.warehouse.create("SELECT 0 AS _row, 0 AS _nr, 0 AS _srow WHERE false")
        relation.edges = (nothing, Stack(tuple(Part(one.relation) for one in inputs)))
