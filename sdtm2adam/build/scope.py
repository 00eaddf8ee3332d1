"""Scopes: what a name in an expression means, and what must be there before it can be computed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sdtm2adam.build.functions import Compiled, compile_expression, imputation_flag, refuse_calls
from sdtm2adam.build.hints import hint_for, shown
from sdtm2adam.build.node import Node
from sdtm2adam.build.probe import Probe
from sdtm2adam.build.quoting import literal
from sdtm2adam.build.relation import From, Relation, Stack
from sdtm2adam.errors import SpecError, nearest
from sdtm2adam.spec import sql
from sdtm2adam.spec.producer import Candidate, Pick
from sdtm2adam.spec.yaml import Text

SUBJECT = "USUBJID"

if TYPE_CHECKING:
    from sdtm2adam.build.plan import Context, Plan


@dataclass(frozen=True)
class Reference:
    """One name: what it needs, its SQL in a SELECT over the relation, and what watches it where it is computed."""

    needs: tuple[Node, ...]
    sql: Callable[[From], str]
    probes: Callable[[From], list[Probe]] = lambda _: []


@dataclass(frozen=True)
class Bound:
    """An expression whose names are known."""

    text: Text
    references: Mapping[tuple[str, str], Reference]
    maps: Mapping[str, Mapping[str, str]]
    strict: bool = False

    @property
    def needs(self) -> list[Node]:
        """All nodes the expression reads."""
        return [need for reference in self.references.values() for need in reference.needs]

    def compile(self, source: From) -> Compiled:
        """Its SQL in a SELECT over `source`."""
        made = compile_expression(
            self.text, lambda q, n: self.references[q, n].sql(source), self.maps, strict=self.strict
        )
        watched = [probe for reference in self.references.values() for probe in reference.probes(source)]
        return Compiled(made.sql, [*watched, *made.probes])

    def flag(self, source: From, of_time: bool) -> Compiled:
        """The SQL of the imputation flag of the date it makes."""
        return Compiled(imputation_flag(self.text, lambda q, n: self.references[q, n].sql(source), of_time))


@dataclass(frozen=True)
class Scope:
    """How names are understood on the rows of one relation.

    In the `variables` of a dataset a bare name is a column of the dataset. In a block (`block`) it is the source's
    column, or, if the source has none of that name, the block's own. `lookups` says whether NAME.X may be used.
    """

    plan: Plan
    context: Context
    relation: Relation
    block: bool = False
    bare_link: str = ""

    def bind(self, text: Text) -> Bound:
        """The expression with each of its names resolved.

        Raises:
            SpecError: a name is not known; with the nearest that are.
        """
        tree = sql.parse(text)
        refuse_calls(text, self.context.maps)
        references = {(q, n): self.refer(q, n, text) for q, n in sql.columns(tree)}
        return Bound(text, references, self.context.maps, self.plan.dry)

    def refer(self, qualifier: str, column: str, text: Text) -> Reference:
        """What one name means here."""
        if qualifier == "THIS":
            return self._via_this(column, text)
        if qualifier:
            return self._via_lookup(qualifier, column, text)
        source = self.relation.links.get(self.bare_link) if self.block else None
        if source and source.stack.has(column):
            return self.via(self.bare_link, None, column, text)
        if column in self.relation.names:
            node = self.plan.node(self.relation, column)
            return Reference((node,), lambda source: source.own(column))
        known = shown([*(source.stack.names if source else []), *self.relation.names])
        mend = hint_for(self.plan, self.context, self.relation, column, known, str(text))
        raise SpecError(f"unknown name {column!r} in {str(text)!r}", where=text.where, mend=mend)

    def _via_lookup(self, lookup: str, column: str, text: Text) -> Reference:
        """A column of the row a lookup binds, or what its candidates make of that row."""
        node, pick = self.plan.lookup(self, lookup, text)
        made = [{**made_by(pick), **made_by(candidate)} for candidate in pick.candidates]
        self.relation.used.setdefault(lookup, set()).update(
            n for values in made for n in ([column] if column not in values else _names_in(values[column]))
        )
        if not any(column in values for values in made):
            return self.via("@" + lookup, node, column, text)
        branches: dict[int, tuple[Text, dict[str, Reference]]] = {}
        for place, values in enumerate(made, start=1):
            expression = values.get(column, Text(column, text.where))
            names = [n for q, n in sql.columns(sql.parse(expression)) if not q]
            branches[place] = (expression, {n: self.via("@" + lookup, node, n, expression) for n in names})
        needs = [need for _, read in branches.values() for reference in read.values() for need in reference.needs]

        def compiled(source: From) -> dict[int, Compiled]:
            maps, strict = self.context.maps, self.plan.dry
            return {
                number: compile_expression(expression, lambda _, n, r=read: r[n].sql(source), maps, strict=strict)  # type: ignore[misc]
                for number, (expression, read) in branches.items()
            }

        def write(source: From) -> str:
            cases = [f"WHEN {number} THEN {made.sql}" for number, made in compiled(source).items()]
            return f"CASE {source.place('@' + lookup)} {' '.join(cases)} END"

        def watch(source: From) -> list[Probe]:
            place = source.place("@" + lookup)
            return [p.within(f"{place} = {n}") for n, made in compiled(source).items() for p in made.probes]

        return Reference((node, *needs), write, watch)

    def _via_this(self, column: str, text: Text) -> Reference:
        if "this" not in self.relation.links:
            raise SpecError(
                f"THIS.{column} has no meaning here", where=text.where, mend="THIS is the row being made, inside a verb"
            )
        return self.via("this", None, column, text)

    def via(self, link: str, node: Node | None, column: str, text: Text) -> Reference:
        """What a column of the row behind a link means."""
        stack = self.relation.links[link].stack
        if not stack.has(column):
            what = link.lstrip("@") or self.relation.key
            raise SpecError(
                f"unknown name {column!r} in {str(text)!r}: {what} has none",
                where=text.where,
                mend=nearest(column, shown(stack.names)),
            )
        needs = [*([node] if node else []), *self.plan.stack_nodes(stack, column)]
        if not node:
            needs.append(self.plan.rows_node(self.relation))
        return Reference(tuple(needs), lambda source: source.via(link, column))


def made_by(body: Pick | Candidate) -> dict[str, Text]:
    """What a pick or a candidate makes of its row: expressions, and constants as literals."""
    made = {column: Text(literal(str(text)), text.where) for column, text in body.const.items()}
    for column, producer in body.set.items():
        if producer.sql is None and producer.const is None:
            raise SpecError(
                f"{column}: the set of a pick takes expressions",
                where=producer.where,
                mend="use an expression or const",
            )
        made[column] = producer.sql if producer.sql is not None else Text(literal(str(producer.const)))
    return made


def _names_in(text: Text) -> list[str]:
    return [column for qualifier, column in sql.columns(sql.parse(text)) if not qualifier]


@dataclass
class VerbScope:
    """Names inside a verb: bare names are columns of the other rows (S), THIS.X and NAME.X are of the own row (T).

    `made` is what a candidate makes of the row it picks; where the source has a column of that name, the bare name is
    the source's: a condition looks at the row as it is.
    """

    outer: Scope
    stack: Stack
    extra: frozenset[str] = frozenset()
    inner: list[str] = field(default_factory=list)
    own: dict[tuple[str, str], Reference] = field(default_factory=dict)
    needs: list[Node] = field(default_factory=list)
    made: dict[str, Text] = field(default_factory=dict)

    def read(self, text: Text | None, *, aggregate: bool = False) -> None:
        """Notes the names of an expression, so that both sides bring them."""
        if text is None:
            return
        refuse_calls(text, self.outer.context.maps, aggregate=aggregate)
        for qualifier, column in sql.columns(sql.parse(text, aggregate=aggregate)):
            if qualifier:
                self._read_own(qualifier, column, text)
            elif column in self.made and not self.stack.has(column):
                self.read(self.made[column])
            elif column not in self.extra:
                self.column(column, text)

    def column(self, column: str, text: Text) -> None:
        """Notes a column of the other rows."""
        if not self.stack.has(column):
            own = self.outer.relation.names
            sources = ", ".join(dict.fromkeys(part.relation.key for part in self.stack.parts))
            mend = nearest(column, shown(self.stack.names))
            if column.lower() in ("count", "sum", "min", "max", "avg", "median") and str(text) == column:
                mend = f"write {column}(X), or count(*) for the number of rows"
            elif column in own and str(text) != column:
                mend = f"a bare name is a column of {sources}: write THIS.{column} for that of the row being made"
            elif column in own:
                mend = f"by matches columns of both; say by: {{{column}: THEIRS}} with the name in {sources}; {mend}"
            raise SpecError(f"unknown name {column!r} in {str(text)!r}", where=text.where, mend=mend)
        if column not in self.inner:
            self.inner.append(column)
            self.needs.extend(self.outer.plan.stack_nodes(self.stack, column))

    def _read_own(self, qualifier: str, column: str, text: Text) -> None:
        if (qualifier, column) in self.own:
            return
        outer = self.outer
        if qualifier == "THIS" and "this" not in outer.relation.links:
            reference = outer.refer("", column, text)
        else:
            reference = outer.refer(qualifier, column, text)
        self.own[qualifier, column] = reference
        self.needs.extend(reference.needs)

    def compile(self, text: Text, *, aggregate: bool = False, own_prefix: str = "t.") -> str:
        """SQL over `s.` (other rows) and `t.` (own row)."""
        return compile_expression(text, lambda q, n: self._sql(q, n, own_prefix), self.outer.context.maps,
                                  aggregate=aggregate, strict=self.outer.plan.dry).sql  # fmt: skip

    def probes(self, text: Text, *, aggregate: bool = False) -> list[Probe]:
        """What tells that an expression over `s.` and `t.` lost a value; of aggregates what they are over."""
        texts = sql.row_parts(text) if aggregate else [text]
        maps, found = self.outer.context.maps, []
        for one in texts:
            found += compile_expression(one, lambda q, n: self._sql(q, n, "t."), maps).probes
            for qualifier, column in sql.columns(sql.parse(one)):
                if not qualifier and column in self.made and not self.stack.has(column):
                    found += self.probes(self.made[column])
        return found

    def _sql(self, qualifier: str, column: str, own_prefix: str) -> str:
        if qualifier:
            return f"{own_prefix}s2a_t{list(self.own).index((qualifier, column))}"
        if column in self.made and not self.stack.has(column):
            return f"({self.compile(self.made[column])})"
        return f's."{column}"'

    @property
    def reads_own(self) -> bool:
        """Whether anything read so far is of the own row."""
        return bool(self.own)

    def own_select(self, by: list[Reference]) -> str:
        """SELECT of side T: `_row`, the columns to match by, and what is read of the own row."""
        source = From(self.outer.relation)
        items = ["r._row AS _row"]
        items += [f"{reference.sql(source)} AS s2a_b{i}" for i, reference in enumerate(by)]
        items += [f"{reference.sql(source)} AS s2a_t{i}" for i, reference in enumerate(self.own.values())]
        return f"SELECT {', '.join(items)} {source.clause()}"
