"""`pick` blocks: one row for each row they start from, with the columns of the row picked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sdtm2adam.build.carry import Columns
from sdtm2adam.build.from_blocks import FromBlocks
from sdtm2adam.build.functions import Compiled
from sdtm2adam.build.node import Node
from sdtm2adam.build.picks import choices_of, decide
from sdtm2adam.build.plan import Definition
from sdtm2adam.build.relation import From, Link, Part, Relation, Stack
from sdtm2adam.build.rows import store_rows
from sdtm2adam.build.scope import Scope
from sdtm2adam.build.unmet import tell_unmet_candidates
from sdtm2adam.build.values import Expression, const_expression, copied, plan_value
from sdtm2adam.errors import SpecError
from sdtm2adam.spec.dataset import Block, Copy, Per
from sdtm2adam.spec.producer import Else, Pick, Producer
from sdtm2adam.spec.yaml import Text


@dataclass
class PickBlocks:
    """Declares the `pick` blocks of one dataset, and the rows that `pick` and `tte` blocks start from."""

    columns: Columns
    from_blocks: FromBlocks

    def per(self, block: Block, key: str, place: str) -> Relation:
        """The rows a block starts from: by default all of ADSL that `where` keeps."""
        if isinstance(block.per, Per):
            source, where = block.per.from_, block.per.where
            if block.where is not None:
                raise SpecError(
                    "where stands beside per: {from: ...}", where=block.where.where, mend="move it into per:"
                )
        else:
            source, where = block.per or Text("ADSL", place), block.where
        values = {"from": [source], "where": where, "copy": Text("all", source.where)}
        relation = Relation(f"{key}<per>", self.columns.context.name)
        scope = Scope(self.columns.plan, self.columns.context, relation, block=True)
        self.from_blocks.declare(Block.model_validate(values), relation, scope)
        cross = block.per.cross if isinstance(block.per, Per) else None
        return relation if cross is None else self._grid(relation, cross, key)

    def _grid(self, per: Relation, cross: Text, key: str) -> Relation:
        """Each row of `per` with each row of another source: all columns of both, which must differ in name."""
        plan, context = self.columns.plan, self.columns.context
        other = plan.relation(str(cross), context, cross)
        twice = [n for n in other.names if n in per.names and "~" not in n]
        if twice:
            said = f"per: cross: {cross} and the rows it is crossed with both have {twice[0]}"
            raise SpecError(said, where=cross.where, mend="rename the column of the one that is yours")
        relation = Relation(f"{key}<grid>", context.name)
        scope = Scope(plan, context, relation, block=True)
        for link, source in (("", per), ("cross", other)):
            stack, of_cross = Stack((Part(source),)), link == "cross"
            relation.links[link] = Link(stack, nr="_xnr", srow="_xrow") if of_cross else Link(stack)
            for column in source.names:
                if "~" not in column:
                    relation.names[column] = Definition(cross.where, copied(scope, link, column), copied=True)
        plan.rows_makers[relation] = lambda node: self._plan_grid(per, other, relation, node)
        return relation

    def _plan_grid(self, per: Relation, other: Relation, relation: Relation, node: Node) -> None:
        plan = self.columns.plan
        node.needs.extend([plan.rows_node(per), plan.rows_node(other)])
        node.run = lambda: store_rows(
            plan,
            relation,
            "SELECT row_number() OVER (ORDER BY p._row, x._row) - 1 AS _row, 0 AS _nr, p._row AS _srow, 0 AS _xnr, "
            f"x._row AS _xrow FROM {per.rows} p CROSS JOIN {other.rows} x",
        )

    def declare(self, block: Block, pick: Pick, relation: Relation, scope: Scope, place: str) -> None:
        """Names the columns of the block, and says how its rows are made."""
        plan, context = self.columns.plan, self.columns.context
        per = self.per(block, relation.key, place)
        stacks = [plan.stack(c.from_, c.as_, context) for c in pick.candidates]
        stack = Stack(tuple(part for candidate in stacks for part in candidate.parts))
        relation.links[""] = Link(stack)
        relation.links["this"] = Link(Stack((Part(per),)), nr="_tnr", srow="_trow")
        plan.rows_makers[relation] = lambda node: self._plan_rows(pick, per, relation, place, node)
        self.columns.carry(block.copy_ or Copy(all=True), stack, relation, scope, "")
        for column in _made(pick):
            relation.names[column] = Definition(place, self._picked(pick, stacks, column, relation))

    def _plan_rows(self, pick: Pick, per: Relation, relation: Relation, place: str, node: Node) -> None:
        plan = self.columns.plan
        if pick.value is not None or isinstance(pick.else_, Text):
            raise SpecError(
                "a pick block has no value", where=place, mend="use set: and else: {const: ...} for what it makes"
            )
        scope = Scope(plan, self.columns.context, per, block=True)
        matchings, write = choices_of(scope, pick, node, [])
        node.needs.append(plan.rows_node(per))
        stack = relation.links[""].stack

        def compared() -> tuple[Stack, list[str]]:
            carried = [n for n, d in relation.names.items() if isinstance(d, Definition) and d.copied and stack.has(n)]
            there = [n for n in carried if all(_is_home(part, n) for part in stack.parts)]
            return stack, there

        def run() -> None:
            table = decide(plan, pick, write(), relation.key, place, compared)
            tell_unmet_candidates(matchings, node, table)
            join = "LEFT JOIN" if pick.else_ is not None else "JOIN"
            store_rows(
                plan,
                relation,
                "SELECT row_number() OVER (ORDER BY p._row) - 1 AS _row, c._nr, c._srow, "
                f"coalesce(c._place, 0) AS _place, 0 AS _tnr, p._row AS _trow FROM {per.rows} p {join} {table} c "
                "ON c._row = p._row",
            )

        node.run = run

    # --- columns that candidates make ---------------------------------------------------------------------------

    def _picked(self, pick: Pick, stacks: list[Stack], column: str, relation: Relation) -> Callable[[Node], None]:
        return lambda node: self._plan_picked(pick, stacks, column, relation, node)

    def _plan_picked(self, pick: Pick, stacks: list[Stack], column: str, relation: Relation, node: Node) -> None:
        """A column that candidates or `else` make: one branch each."""
        scope = Scope(self.columns.plan, self.columns.context, relation, block=True)
        branches: dict[int, Expression] = {}
        for place, (candidate, stack) in enumerate(zip(pick.candidates, stacks, strict=True), start=1):
            sets, consts = {**pick.set, **candidate.set}, {**pick.const, **candidate.const}
            if column in sets or column in consts:
                branches[place] = self._branch(scope, sets, consts, column, node)
            elif stack.has(column):
                branches[place] = _as_it_is(scope, column, node)
        if isinstance(pick.else_, Else) and (column in pick.else_.set or column in pick.else_.const):
            none = Scope(self.columns.plan, self.columns.context, relation, block=True, bare_link="this")
            branches[0] = self._branch(none, pick.else_.set, pick.else_.const, column, node)

        def expression(source: From) -> Compiled:
            made = {place: branch(source) for place, branch in branches.items()}
            cases = " ".join(f"WHEN {place} THEN {compiled.sql}" for place, compiled in made.items())
            probes = [p.within(f"r._place = {place}") for place, compiled in made.items() for p in compiled.probes]
            return Compiled(f"CASE r._place {cases} END", probes)

        node.expression = expression

    def _branch(
        self, scope: Scope, sets: dict[str, Producer], consts: dict[str, Text], column: str, node: Node
    ) -> Expression:
        if column in consts:
            return const_expression(str(consts[column]))
        inner = Node(scope.relation, column, sets[column].where)
        plan_value(scope, column, sets[column], inner)
        if inner.expression is None:
            raise SpecError(
                f"{column}: the set of a pick takes expressions",
                where=sets[column].where,
                mend="move the verb to variables",
            )
        node.needs.extend(inner.needs)
        return inner.expression


def _as_it_is(scope: Scope, column: str, node: Node) -> Expression:
    reference = scope.via("", None, column, Text(column, node.where))
    node.needs.extend(reference.needs)
    return lambda source: Compiled(reference.sql(source))


def _is_home(part: Part, column: str) -> bool:
    actual = part.actual(column)
    return actual is None or actual in part.relation.home


def _made(pick: Pick) -> list[str]:
    sets = [pick.set, pick.const, *(part for c in pick.candidates for part in (c.set, c.const))]
    if isinstance(pick.else_, Else):
        sets += [pick.else_.set, pick.else_.const]
    return list(dict.fromkeys(column for part in sets for column in part))
