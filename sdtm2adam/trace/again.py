"""The study made again, as far as one value needs it: every intermediate value can be asked for, none is retold.

Specs and data are those of the run (their hashes say so), the engine is the run's, and the same input gives the same
bytes: so what is seen here is what happened in the run, and each value is compared with the one the run wrote.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from sdtm2adam.build.assembly import key_columns
from sdtm2adam.build.engine import compute
from sdtm2adam.build.node import Node
from sdtm2adam.build.plan import Context, Plan
from sdtm2adam.build.quoting import name
from sdtm2adam.build.relation import From, Part, Relation
from sdtm2adam.build.scope import Scope
from sdtm2adam.build.sources import sequence_of
from sdtm2adam.build.study import planned
from sdtm2adam.errors import SpecErrors
from sdtm2adam.spec.dataset import Block, Copy, Relate
from sdtm2adam.spec.library import Specs
from sdtm2adam.spec.yaml import Text
from sdtm2adam.trace.run_record import RunRecord
from sdtm2adam.trace.spec_lines import SpecLines
from sdtm2adam.trace.stored import Stored

_MADE = "<made>"


@dataclass(frozen=True)
class Place:
    """One row of a relation: of a raw form, a block of records, a dataset."""

    relation: Relation
    row: int


@dataclass(frozen=True)
class Found:
    """Where a link leads: the row, the number of its relation in the stack, and how its columns are called there."""

    place: Place
    number: int
    part: Part


@dataclass
class Again:
    """A plan over the data of the run, and the outputs of the run beside it."""

    specs: Specs
    plan: Plan
    record: RunRecord
    _tables: dict[str, Stored] = field(default_factory=dict)
    _orders: dict[str, Any] = field(default_factory=dict)
    _planned: int = 0

    # --- what the run wrote -------------------------------------------------------------------------------------

    def stored(self, dataset: str) -> Stored:
        """The records of a dataset as the run wrote them."""
        return self._output(f"data/{dataset}.parquet")

    def lineage(self, dataset: str) -> Stored:
        """The lineage of a dataset, or the keys of a raw form (`raw.AE`), as the run wrote them."""
        return self._output(f"lineage/{dataset}.parquet")

    def _output(self, path: str) -> Stored:
        if path not in self._tables:
            self._tables[path] = Stored(self.record.output(path))
        return self._tables[path]

    # --- what is made again -------------------------------------------------------------------------------------

    def context(self, dataset: str) -> Context:
        """A dataset that specs make, planned."""
        self.plan.relation(dataset, None)
        self._raise()
        return self.plan.contexts[dataset]

    def need(self, nodes: Iterable[Node]) -> None:
        """Computes nodes and all they need, if they are not there yet."""
        self._raise()
        waiting = [node for node in nodes if not node.done]
        if waiting:
            self._read_files()
            compute(self.plan, waiting)

    def _raise(self) -> None:
        if self.plan.errors:
            raise SpecErrors(self.plan.errors)

    def _read_files(self) -> None:
        """Files are read with the columns that are asked for; what is asked for later is read then.

        A file is read again as a whole, its rows numbered as before. What names a record is always asked for.
        """
        if len(self.plan.nodes) == self._planned:
            return
        for relation in [one for one in self.plan.relations.values() if self.is_file(one)]:
            for column in self.file_keys(relation):
                self.plan.node(relation, column)
            asked = {column for owner, column in self.plan.nodes if owner is relation and column in relation.names}
            rows = self.plan.rows_node(relation)
            if relation.home and not asked <= set(relation.home) and rows.run is not None:
                rows.run()
        self._planned = len(self.plan.nodes)

    def is_file(self, relation: Relation) -> bool:
        """Whether it is a dataset that was read from a file."""
        return not (relation.dataset or relation.key.startswith(("raw.", "table.", "#")))

    @staticmethod
    def file_keys(relation: Relation) -> list[str]:
        """The columns that name a record of a file: USUBJID and ASEQ or --SEQ."""
        return sequence_of(relation.names)

    def has(self, place: Place, column: str) -> bool:
        """Whether the relation has such a column."""
        return column in place.relation.names

    def value(self, place: Place, column: str) -> Any:
        """A column of a row."""
        relation = place.relation
        self.need([self.plan.rows_node(relation)])
        if column not in relation.home:
            self.need([self.plan.node(relation, column)])
        return self.plan.warehouse.one(f"SELECT {name(column)} FROM {relation.home[column]} WHERE _row = {place.row}")

    def follow(self, place: Place, link_name: str) -> Found | None:
        """The row that a link leads to, if it leads to one."""
        self.need([self.plan.rows_node(place.relation)])
        link = place.relation.links[link_name]
        if link.identity:
            return Found(Place(link.stack.parts[0].relation, place.row), 0, link.stack.parts[0])
        table = place.relation.rows if link.table is None else link.table
        if not table:  # a lookup that nothing needed so far
            return None
        rows = self.plan.warehouse.rows(f"SELECT {link.nr}, {link.srow} FROM {table} WHERE _row = {place.row}")
        if not rows or rows[0][1] is None:
            return None
        number, row = rows[0]
        return Found(Place(link.stack.parts[number].relation, row), number, link.stack.parts[number])

    def candidate(self, place: Place, link_name: str) -> int:
        """The place of the candidate, from 1, that a pick found its row in; 0 where it found none."""
        link = place.relation.links[link_name]
        table = place.relation.rows if link.table is None else link.table
        rows = self.plan.warehouse.rows(f"SELECT _place FROM {table} WHERE _row = {place.row}")
        return int(rows[0][0] or 0) if rows else 0

    def scope(self, place: Place, bare_link: str = "", *, block: bool | None = None) -> Scope:
        """How names are understood on the rows of a relation: in a block a bare name is the source's first."""
        relation = place.relation
        inside = "/" in relation.key if block is None else block
        return Scope(self.plan, self.plan.contexts[relation.dataset], relation, inside, bare_link)

    def evaluate(self, scope: Scope, row: int, text: Text) -> Any:
        """The value of an expression on one row, computed by the engine."""
        bound = scope.bind(text)
        self.need([*bound.needs, self.plan.rows_node(scope.relation)])
        source = From(scope.relation)
        made = bound.compile(source).sql
        rows = self.plan.warehouse.rows(f"SELECT {made} {source.clause()} WHERE r._row = {row}")
        return rows[0][0]

    # --- rows and their places in files -------------------------------------------------------------------------

    def place(self, dataset: str, number: int) -> Place:
        """The row that became a record of the written file (counted from 0)."""
        context = self.context(dataset)
        return Place(context.relation, int(self._order(context)[number]))

    def number(self, place: Place) -> int:
        """The place of a dataset's row in the written file, from 0."""
        order = self._order(self.plan.contexts[place.relation.key])
        return int(np.nonzero(order == place.row)[0][0])

    def _order(self, context: Context) -> Any:
        """The rows of a dataset in the order of its file: by its keys, missing last."""
        if context.name not in self._orders:
            keys = key_columns(context)
            nodes = [self.plan.node(context.relation, key) for key in keys]
            self.need([self.plan.rows_node(context.relation), *nodes])
            source = From(context.relation)
            order = ", ".join([*(f"{source.own(key)} NULLS LAST" for key in keys), "r._row"])
            rows = self.plan.warehouse.arrow(f"SELECT r._row AS _row {source.clause()} ORDER BY {order}")
            self._orders[context.name] = rows["_row"].to_numpy()
        return self._orders[context.name]

    # --- blocks -------------------------------------------------------------------------------------------------

    def made(self, place: Place) -> Place:
        """The row of a block as it was made, before `having` chose among them."""
        relation = place.relation
        found = relation.links.get("")
        if found and len(found.stack.parts) == 1 and found.stack.parts[0].relation.key == relation.key + _MADE:
            inner = self.follow(place, "")
            assert inner is not None
            return inner.place
        return place

    def block(self, relation: Relation) -> Block | None:
        """The block of a spec that made a relation; None of one that the engine made for itself."""
        context = self.plan.contexts[relation.dataset]
        key = relation.key.removesuffix(_MADE)
        blocks = [(one, made.key) for one, made in context.outputs]
        blocks += [(one, context.blocks[str(one.id)].key) for one in context.spec.work if one.id is not None]
        found = next((one for one, made in blocks if made == key), None)
        is_work = found is not None and any(found is one for one in context.spec.work)
        if found is not None and is_work and found.copy_ is None and (found.from_ is not None or found.pick):
            return found.model_copy(update={"copy_": Copy(all=True)})
        return found

    def relate(self, relation: Relation) -> Relate | None:
        """The relationship of RELREC that a relation stands for."""
        context = self.plan.contexts[relation.dataset]
        made = [one for _, one in context.outputs][len(context.spec.records) :]
        return next((said for said, one in zip(context.spec.relate, made, strict=True) if one is relation), None)

    @cached_property
    def _lines(self) -> SpecLines:
        return SpecLines(self.specs)

    def line(self, where: str) -> str:
        """A place in a spec and what stands there."""
        return self._lines.line(where)

    def lines(self, where: str, name: str) -> str:
        """A place in a spec and what stands there under a name, in however many lines."""
        return self._lines.lines(where, name)


@contextmanager
def again(specs: Specs, record: RunRecord, *, threads: int | None = None) -> Iterator[Again]:
    """The study of a run, ready to be made again.

    Raises:
        SpecErrors: specs have changed since the run.
        InputErrors: data have.
    """
    inputs = record.inputs(specs)
    record.refuse_changed(specs, inputs)
    with planned(specs, inputs, threads=threads) as plan:
        yield Again(specs, plan, record)
