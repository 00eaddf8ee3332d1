"""unpivot: a block repeated once per code, its overlaid columns one branch per code."""

from __future__ import annotations

from dataclasses import dataclass

from sdtm2adam.build.carry import Columns
from sdtm2adam.build.functions import Compiled
from sdtm2adam.build.node import Node
from sdtm2adam.build.plan import Definition
from sdtm2adam.build.quoting import literal
from sdtm2adam.build.relation import From, Relation
from sdtm2adam.build.scope import Scope
from sdtm2adam.build.values import Coerce, plan_value
from sdtm2adam.errors import SpecError
from sdtm2adam.spec.dataset import Block
from sdtm2adam.spec.producer import Producer, as_producer
from sdtm2adam.spec.yaml import Text

_KEPT = ("like", "codelist", "formats", "label", "origin", "method")


def overlaid(block: Block) -> list[str]:
    """The columns that the codes of a block overlay, in the order of their first standing."""
    return list(dict.fromkeys(column for overlay in block.unpivot.values() for column in overlay))


@dataclass
class Unpivot:
    """Defines the columns of unpivoted blocks; `raw` makes a branch before it is coerced."""

    columns: Columns
    raw: Coerce = plan_value

    def define(self, block: Block, relation: Relation, scope: Scope, place: str) -> None:
        """`into` has the code; each overlaid column is a branch per code, coerced as a whole."""
        into = str(block.into) if block.into is not None else f"{self.columns.context.name[:2]}TESTCD"
        relation.names["_term"] = Definition("", given=True)
        self.columns.define(relation, scope, into, as_producer(Text("_term", place)))
        for column in overlaid(block):
            branches = {
                code: found
                for code, overlay in block.unpivot.items()
                if (found := overlay.get(column) or block.set.get(column)) is not None
            }
            self._overlay(relation, scope, column, branches)

    def _overlay(self, relation: Relation, scope: Scope, column: str, branches: dict[str, Producer]) -> None:
        """An overlaid column; branches of another domain (`like`, `codelist`, `formats`) are coerced apart."""
        groups: dict[tuple[object, ...], dict[str, Producer]] = {}
        for code, producer in branches.items():
            groups.setdefault((producer.like, producer.codelist, producer.formats), {})[code] = producer
        if len(groups) == 1:
            self.columns.define(relation, scope, column, self._branched(relation, scope, column, branches))
            return
        made: dict[str, list[str]] = {}
        for number, group in enumerate(groups.values()):
            key = f"_~{column}~{number}~group"
            producer = self._branched(relation, scope, f"{column}~{number}", group)
            like = producer.like if producer.like is not None else Text(column, producer.where)
            self.columns.define(relation, scope, key, producer.model_copy(update={"like": like}))
            made[key] = list(group)

        def plan_it(node: Node) -> None:
            node.needs.extend(self.columns.plan.node(relation, key) for key in made)

            def expression(source: From) -> Compiled:
                cases = [f"WHEN {literal(c)} THEN {source.own(key)}" for key, codes in made.items() for c in codes]
                return Compiled(f"CASE r._term {' '.join(cases)} END")

            node.expression = expression

        relation.names[column] = Definition(next(iter(branches.values())).where, plan_it)

    def _branched(self, relation: Relation, scope: Scope, column: str, branches: dict[str, Producer]) -> Producer:
        """The producer of an overlaid column: raw branches in hidden columns, coerced as a whole like any value."""
        first = next(iter(branches.values()))
        if not any(producer.verb == "datetime" for producer in branches.values()):
            said: dict[str, object] = {"sql": self._hidden(relation, scope, column, branches)}
        else:
            dates, times = ({c: _part(p, i) for c, p in branches.items()} for i in (0, 1))
            parts = [self._hidden(relation, scope, f"{column}~{i}~raw", b) for i, b in enumerate((dates, times))]
            said = {"datetime": parts}
        return as_producer(said).model_copy(update={key: getattr(first, key) for key in _KEPT})

    def _hidden(self, relation: Relation, scope: Scope, column: str, branches: dict[str, Producer]) -> Text:
        key, where = f"_~{column}~branch", next(iter(branches.values())).where
        relation.names[key] = Definition(where, lambda node: self._plan_branches(scope, column, branches, node))
        return Text(f'"{key}"', where)

    def _plan_branches(self, scope: Scope, column: str, branches: dict[str, Producer], node: Node) -> None:
        """One branch per code; each is an expression over the row."""
        made: dict[str, Node] = {}
        for code, producer in branches.items():
            inner = Node(scope.relation, column, producer.where)
            self.raw(scope, column, producer, inner)
            if inner.expression is None:
                raise SpecError(
                    f"{column} of {code}: unpivot takes expressions",
                    where=producer.where,
                    mend="move the verb to variables",
                )
            made[code] = inner
            node.needs.extend(inner.needs)

        def expression(source: From) -> Compiled:
            cases, probes = [], []
            for code, inner in made.items():
                assert inner.expression is not None
                compiled = inner.expression(source)
                cases.append(f"WHEN {literal(code)} THEN CAST({compiled.sql} AS VARCHAR)")
                probes += [probe.within(f"r._term = {literal(code)}") for probe in compiled.probes]
            return Compiled(f"CASE r._term {' '.join(cases)} END", probes)

        node.expression = expression


def _part(producer: Producer, place: int) -> Producer:
    """The date (0) or the time (1) of a branch; a branch without a time has none."""
    parts = producer.datetime
    if parts is None:
        return producer if place == 0 else as_producer({"sql": Text("null", producer.where)})
    return as_producer(parts[place] if place < len(parts) else Text("null", producer.where))
