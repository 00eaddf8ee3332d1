"""The plan of a study: its relations and their columns, and for each column asked for, what it needs.

Only what an output needs is planned, column by column over all datasets: DM may need EX and EX need DM.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sdtm2adam.build.node import ROWS, Node, Unfinished
from sdtm2adam.build.relation import Link, Part, Relation, Stack, shown_key
from sdtm2adam.build.scope import Scope
from sdtm2adam.build.warehouse import Warehouse
from sdtm2adam.errors import Sdtm2adamError, SpecError, named, nearest
from sdtm2adam.model import Issue
from sdtm2adam.spec.codelists import Terminology
from sdtm2adam.spec.criteria import CriteriaSet
from sdtm2adam.spec.dataset import Block, DatasetSpec, Source
from sdtm2adam.spec.packages import bundled_terminology
from sdtm2adam.spec.producer import As, Pick
from sdtm2adam.spec.yaml import Text


class Unmakeable(SpecError):  # noqa: N818 - what a relation is, beside the error that made it so
    """What it needs could not be planned; the first cause is told, not this."""


@dataclass(eq=False)
class Definition:
    """How a column comes to be: `plan_it` fills the node.

    `given`: it is made together with the rows. `copied`: it is a source's column; `implied`: by `copy: all`, so that
    what is said of it elsewhere wins. `label`, `method`: in the words of the block that makes it.
    """

    where: str
    plan_it: Callable[[Node], None] | None = None
    given: bool = False
    copied: bool = False
    implied: bool = False
    label: str = ""
    method: str = ""


@dataclass(eq=False)
class Context:
    """What the expressions of one dataset may name."""

    name: str
    stage: str
    spec: DatasetSpec
    maps: Mapping[str, Mapping[str, str]]
    relation: Relation
    blocks: dict[str, Relation] = field(default_factory=dict)
    outputs: list[tuple[Block, Relation]] = field(default_factory=list)
    subject: bool = False


class Plan:
    """Relations by name, nodes by column, and the issues found while computing.

    `packages` are those whose functions `python` may call; `dry` tells that there are no data, only their names;
    `whole` that the subjects of the study are all there, so that it is odd if none of them has something.
    """

    def __init__(self, warehouse: Warehouse, study: str, terminology: Terminology | None = None) -> None:
        self.warehouse = warehouse
        self.study = study
        self.terminology = terminology or bundled_terminology()
        self.relations: dict[str, Relation] = {}
        self.contexts: dict[str, Context] = {}
        self.nodes: dict[tuple[Relation, str], Node] = {}
        self.rows_makers: dict[Relation, Callable[[Node], None]] = {}
        self.errors: list[Sdtm2adamError] = []
        self.issues: list[Issue] = []
        self.afterwards: list[Callable[[], None]] = []
        self.inputs: Mapping[str, str] = {}
        self.sources: Mapping[str, Source] = {}
        self.packages: tuple[str, ...] = ()
        self.dry = False
        self.whole = True
        self.criteria: Mapping[str, CriteriaSet] = {}
        self.declare: Callable[[str], Relation] = self._unknown
        self.lookup_maker: Callable[[Scope, str, Pick, Node], None] | None = None
        self.unfinished = Unfinished()

    def _unknown(self, name: str) -> Relation:
        raise SpecError(f"no dataset {name!r}", where="", mend=nearest(name, self.relations))

    # --- names to relations -------------------------------------------------------------------------------------

    def relation(self, name: str, context: Context | None, text: Text | None = None) -> Relation:
        """The relation a spec means: SELF, the id of a block, an input alias, raw.FORM, table.NAME or a dataset."""
        where = text.where if text is not None else ""
        if context:
            if name == "SELF":
                return context.relation
            if name in context.blocks:
                return context.blocks[name]
            name = str(context.spec.inputs.get(name) or self.inputs.get(name) or name)
            if name.startswith("table."):
                own = f"table.{context.name}.{name.removeprefix('table.')}"
                name = own if own in self.relations else name
        if name in self.relations:
            return self.relations[name]
        try:
            return self.declare(name)
        except SpecError as error:
            known = [*(context.blocks if context else []), *(k for k in self.relations if not {*"/<"} & {*k})]
            if error.where:
                raise
            if context and any(block.id == name for block in (*context.spec.work, *context.spec.records)):
                raise SpecError(
                    f"the block {name!r} stands below the one that reads it", where=where, mend=f"move {name} above"
                ) from error
            raise SpecError(f"no source {name!r}", where=where, mend=nearest(name, known)) from error

    def stack(self, names: tuple[Text, ...], renamed: As, context: Context) -> Stack:
        """Several sources as one; `as` gives a column that has another name in each its common name."""
        parts = []
        for name in names:
            relation = self.relation(str(name), context, name)
            parts.append(Part(relation, self._renamed(relation, name, renamed)))
        return Stack(tuple(parts))

    def _renamed(self, relation: Relation, source: Text, renamed: As) -> dict[str, str]:
        prefix = relation.key.split("/")[0][-2:] if len(relation.key) > 2 else relation.key
        result = {}
        for common, options in renamed.items():
            found = [str(option).replace("--", prefix) for option in options]
            actual = next((option for option in found if option in relation.names), None)
            if actual is None:
                raise SpecError(
                    f"as: {source} has none of {', '.join(found)}", where=options[0].where, mend="name a column it has"
                )
            result[common] = actual
        return result

    def source(self, said: Text | Source, context: Context) -> Source:
        """A source of events or censorings: in place, or by its name in the spec or in study.yaml.

        Raises:
            SpecError: there is none of that name.
        """
        if isinstance(said, Source):
            return said
        known = {**self.sources, **context.spec.sources}
        if str(said) not in known:
            raise SpecError(f"no source {str(said)!r} in sources", where=said.where, mend=nearest(said, known))
        return known[str(said)]

    # --- nodes --------------------------------------------------------------------------------------------------

    def rows_node(self, relation: Relation) -> Node:
        """The node that makes the rows of a relation."""
        maker = self.rows_makers.get(relation)
        if maker is None:
            raise Unmakeable(
                f"{relation.key} has no rows", where=relation.key, mend="mend the errors of its own spec first"
            )
        context = self.contexts.get(relation.dataset)
        return self._node(relation, ROWS, context.spec.dataset.where if context else "", maker)

    def node(self, relation: Relation, column: str) -> Node:
        """The node of a column."""
        definition = relation.names[column]
        assert isinstance(definition, Definition)

        def fill(node: Node) -> None:
            node.needs.append(self.rows_node(relation))
            if definition.plan_it:
                definition.plan_it(node)

        return self._node(relation, column, definition.where, fill)

    def stack_nodes(self, stack: Stack, column: str) -> list[Node]:
        """The nodes of a column in all parts of a stack."""
        nodes = []
        for part in stack.parts:
            actual = part.actual(column)
            nodes.append(self.node(part.relation, actual) if actual else self.rows_node(part.relation))
        return nodes

    def lookup(self, scope: Scope, name: str, text: Text) -> tuple[Node, Pick]:
        """The node of a lookup on the rows of a scope's relation, and its body."""
        relation, context = scope.relation, scope.context
        pick = context.spec.lookups.get(name) or self.implicit_lookup(context, name)
        if pick is None:
            raise SpecError(
                f"unknown name {name!r} before the dot in {str(text)!r}",
                where=text.where,
                mend=nearest(name, [*context.spec.lookups, "THIS", *(["ADSL"] if self._has_adsl(context) else [])]),
            )
        maker = self.lookup_maker
        assert maker is not None
        body = pick
        if "@" + name not in relation.links:
            relation.links["@" + name] = Link(self.lookup_stack(body, context), table="")
        return self._node(relation, "@" + name, text.where, lambda node: maker(scope, name, body, node)), body

    def lookup_stack(self, pick: Pick, context: Context) -> Stack:
        """All sources a lookup may find its row in."""
        parts = [p for c in pick.candidates for p in self.stack(c.from_, c.as_, context).parts]
        return Stack(tuple(parts))

    def implicit_lookup(self, context: Context, name: str) -> Pick | None:
        """ADSL is a lookup in every other ADaM dataset, and so is what `include` names."""
        if not (name == "ADSL" and self._has_adsl(context)) and name not in context.spec.include:
            return None
        return Pick.model_validate({"from": [Text(name, context.spec.dataset.where)]})

    @staticmethod
    def _has_adsl(context: Context) -> bool:
        """Whether ADSL is a lookup without being declared."""
        return context.stage == "adam" and context.name != "ADSL"

    def _node(self, relation: Relation, name: str, where: str, fill: Callable[[Node], None]) -> Node:
        found = self.nodes.get((relation, name))
        if found is not None:
            if found in self.unfinished.stack:
                raise self.unfinished.circle(found)
            return found
        node = Node(relation, name, where)
        self.nodes[relation, name] = node
        self.unfinished.stack.append(node)
        try:
            fill(node)
        except SpecError as error:
            del self.nodes[relation, name]
            raise named(error, shown_key(node.title)) from error
        finally:
            self.unfinished.stack.pop()
        return node
