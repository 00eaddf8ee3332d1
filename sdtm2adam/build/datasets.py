"""Datasets: their blocks stacked, and the variables that are the same for all rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate

from sdtm2adam.build.assembly import variables_of
from sdtm2adam.build.blocks import BlockMaker
from sdtm2adam.build.node import Node
from sdtm2adam.build.plan import Context, Definition, Plan
from sdtm2adam.build.relate import declare_relate
from sdtm2adam.build.relation import From, Link, Part, Relation, Stack, shown_key
from sdtm2adam.build.rows import share_rows, store_rows
from sdtm2adam.build.scope import Scope
from sdtm2adam.build.values import SUBJECT, Coerce, copied
from sdtm2adam.errors import Sdtm2adamError, SpecError, SpecErrors, named, nearest
from sdtm2adam.spec import sql
from sdtm2adam.spec.dataset import Block, DatasetSpec, Relate
from sdtm2adam.spec.library import Specs
from sdtm2adam.spec.producer import Producer
from sdtm2adam.spec.yaml import Text

RESERVED = ("_row", "_nr", "_srow", "_tnr", "_trow", "_term", "_copy", "_place")
"""Columns the engine keeps beside those of the specs; SQL does not tell `_ROW` from `_row`."""


@dataclass
class DatasetMaker:
    """Declares datasets from their specs when something asks for them."""

    plan: Plan
    specs: Specs
    values: dict[str, Coerce]
    raws: dict[str, Coerce]

    def declare(self, name: str) -> Relation:
        """The relation of a dataset, by its spec."""
        spec = self.specs.datasets.get(name)
        if spec is None:
            raise SpecError(f"no dataset {name!r}", where="", mend=nearest(name, self.specs.datasets))
        stage = "sdtm" if name in self.specs.sdtm else "adam"
        relation = Relation(name, name)
        self.plan.relations[name] = relation
        context = Context(name, stage, spec, {**self.specs.study.maps, **spec.maps}, relation)
        self.plan.contexts[name] = context
        try:
            _check_names(spec)
            self._blocks(context)
            self._variables(context)
            self._refuse_twins(context)
        except SpecError as error:
            self._note(error)
        return relation

    def _refuse_twins(self, context: Context) -> None:
        """Names that differ in case only are one name to SQL and to transport files."""
        seen: dict[str, str] = {}
        for column in context.relation.names:
            if column.lower() in RESERVED and column != column.lower():
                said = f"{context.name}: {column} is a name that the engine uses"
                self._note(SpecError(said, where=_place_of(context, column), mend="call the helper something else"))
            other = seen.setdefault(column.upper(), column)
            if other != column:
                said = f"{context.name}: {other} and {column} differ in case only"
                where = _place_of(context, column)
                self._note(SpecError(said, where=where, mend="write names of variables in capitals"))

    def _note(self, error: Sdtm2adamError) -> None:
        self.plan.errors.extend(error.errors if isinstance(error, SpecErrors) else [error])

    # --- blocks -------------------------------------------------------------------------------------------------

    def _blocks(self, context: Context) -> None:
        maker = BlockMaker(self.plan, context, self.values[context.stage], self.raws[context.stage])
        spec, name = context.spec, context.name
        for block in spec.work:
            self._block(maker, context, block, f"{name}/{self._id(block, context)}", work=True)
        if not spec.records and not spec.relate:
            raise SpecError(
                f"{name} has no records", where=spec.dataset.where, mend="add records: with one block or more"
            )
        for block in spec.records:
            key = f"{name}/{self._id(block, context)}"
            relation = self._block(maker, context, block, key)
            if relation is not None:
                context.outputs.append((block, relation))
        for relate in spec.relate:
            context.outputs.append((_as_block(relate), declare_relate(self.plan, context, relate)))
        self._union(context)

    def _block(
        self, maker: BlockMaker, context: Context, block: Block, key: str, *, work: bool = False
    ) -> Relation | None:
        try:
            relation = maker.declare(block, key, work=work)
        except SpecError as error:
            self._note(named(error, shown_key(key)))
            return None
        if block.id is not None:
            context.blocks[str(block.id)] = relation
        return relation

    def _id(self, block: Block, context: Context) -> str:
        if block.id is not None:
            return str(block.id)
        base = "+".join(map(str, block.from_ or ())) or "rows"
        taken = {relation.key.split("/", 1)[1] for _, relation in context.outputs}
        number = 1
        while (candidate := base if number == 1 else f"{base}#{number}") in taken:
            number += 1
        return candidate

    def _union(self, context: Context) -> None:
        """The rows of the dataset: those of its only block, or of all blocks below each other."""
        outputs = [relation for _, relation in context.outputs]
        relation = context.relation
        if not outputs:
            return
        stack = Stack(tuple(Part(output) for output in outputs))
        relation.links[""] = Link(stack, identity=len(outputs) == 1, stacked=len(outputs) > 1)
        scope = Scope(self.plan, context, relation)
        for column in stack.names:
            definitions = [part.relation.names[column] for part in stack.parts if column in part.relation.names]
            where = next((d.where for d in definitions if isinstance(d, Definition) and d.where), "")
            made = [d for d in definitions if isinstance(d, Definition)]
            relation.names[column] = Definition(
                where,
                copied(scope, "", column),
                copied=all(d.copied for d in made),
                implied=all(d.implied for d in made),
            )
        self.plan.rows_makers[relation] = lambda node: self._plan_rows(context, node)
        context.subject = SUBJECT in relation.names

    def _plan_rows(self, context: Context, node: Node) -> None:
        relations = [relation for _, relation in context.outputs]
        node.needs.extend(self.plan.rows_node(relation) for relation in relations)

        def run() -> None:
            if context.relation.links[""].identity:
                share_rows(context.relation, relations[0])
                return
            firsts = accumulate((r.count for r in relations), initial=0)
            selects = [
                f"SELECT {first} + r._row AS _row, {i} AS _nr, r._row AS _srow {From(r).clause()}"
                for i, (first, r) in enumerate(zip(firsts, relations, strict=False))
            ]
            store_rows(self.plan, context.relation, " UNION ALL ".join(selects))

        node.run = run

    # --- variables ----------------------------------------------------------------------------------------------

    def _variables(self, context: Context) -> None:
        relation, spec = context.relation, context.spec
        scope = Scope(self.plan, context, relation)
        for source, chosen in spec.include.items():
            self._include(context, scope, source, [str(text) for text in chosen.names], chosen.all, chosen.except_)
        for column, producer in spec.variables.items():
            if not producer.verb:
                self._placed(context, column)
                continue
            self._define(context, scope, column, producer)
        for column, producer in spec.supp.items():
            self._define(context, scope, column, producer)

    def _define(self, context: Context, scope: Scope, column: str, producer: Producer) -> None:
        existing = context.relation.names.get(column)
        if isinstance(existing, Definition):
            self._note(
                SpecError(
                    f"{context.name}.{column} has two producers: the records and variables",
                    where=producer.where or existing.where,
                    mend="keep one of them",
                )
            )
            return
        value = self.values[context.stage]

        def plan_it(node: Node) -> None:
            value(scope, column, producer, node)

        context.relation.names[column] = Definition(producer.where or context.spec.dataset.where, plan_it)

    def _placed(self, context: Context, column: str) -> None:
        if column not in context.relation.names:
            self._note(
                SpecError(
                    f"{context.name}.{column} has no producer, and the records have no column of that name",
                    where=context.spec.dataset.where,
                    mend=nearest(column, context.relation.names),
                )
            )

    def _include(
        self,
        context: Context,
        scope: Scope,
        source: str,
        names: list[str],
        everything: bool,
        left_out: tuple[Text, ...],
    ) -> None:
        where = context.spec.dataset.where
        other = self.plan.relation(source, context, Text(source, where))
        theirs = variables_of(self.plan.contexts[source]) if source in self.plan.contexts else list(other.names)
        chosen = [n for n in theirs if n not in map(str, left_out)] if everything else names
        for column in chosen:
            if column not in other.names:
                self._note(
                    SpecError(f"include: {source} has no {column}", where=where, mend=nearest(column, other.names))
                )
            else:
                self._include_one(context, scope, source, column, where)

    def _include_one(self, context: Context, scope: Scope, source: str, column: str, where: str) -> None:
        """One included column; the subject's identifiers and keys are there already."""
        existing = context.relation.names.get(column)
        if column in (SUBJECT, "STUDYID") and existing is not None:
            return
        if isinstance(existing, Definition) and not existing.implied:
            self._note(
                SpecError(
                    f"{context.name}.{column} has two producers: include and the records",
                    where=existing.where or where,
                    mend=f"leave it out of the records, or include {source} without it",
                )
            )
            return
        context.relation.names[column] = Definition(where, _included(scope, source, column, where))


def _place_of(context: Context, column: str) -> str:
    definition = context.relation.names[column]
    where = definition.where if isinstance(definition, Definition) else ""
    return where or context.spec.dataset.where


def _as_block(relate: Relate) -> Block:
    """The block a relationship stands for: rows of its left and right side."""
    return Block.model_validate({"id": relate.id, "from": [relate.left, relate.right]})


def _check_names(spec: DatasetSpec) -> None:
    """Lookups can be named in SQL, and records in the file: what the model alone cannot check."""
    errors: list[SpecError] = []
    for name, pick in spec.lookups.items():
        try:
            parsed = sql.is_column(sql.parse(Text(f"{name}.X")))
        except SpecError:
            parsed = False
        if not parsed:
            where = pick.candidates[0].from_[0].where
            errors.append(
                SpecError(f"a lookup cannot be called {name}: SQL uses the word", where=where, mend="rename it")
            )
    if spec.relate and spec.dataset != "RELREC":
        where = spec.relate[0].id.where
        errors.append(SpecError("relate makes RELREC only", where=where, mend="move it to RELREC.yaml"))
    if not spec.keys and spec.dataset != "RELREC":
        errors.append(
            SpecError(
                f"{spec.dataset} has no keys", where=spec.dataset.where, mend="add keys: what tells its records apart"
            )
        )
    if errors:
        raise SpecErrors(errors)


def _included(scope: Scope, source: str, column: str, where: str) -> Callable[[Node], None]:
    def fill(node: Node) -> None:
        bound = scope.bind(Text(f"{source}.{column}", where))
        node.needs.extend(bound.needs)
        node.expression = bound.compile

    return fill
