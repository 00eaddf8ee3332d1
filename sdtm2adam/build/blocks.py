"""Blocks of records: where rows come from, and the columns made only for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sdtm2adam.build.functions import Compiled
from sdtm2adam.build.node import Node
from sdtm2adam.build.plan import Context, Definition, Plan
from sdtm2adam.build.quoting import literal, name
from sdtm2adam.build.relation import From, Link, Part, Relation, Stack
from sdtm2adam.build.rows import share_rows, store_rows
from sdtm2adam.build.scope import Scope, VerbScope
from sdtm2adam.build.times import TimeMaker
from sdtm2adam.build.values import SUBJECT, choices_of, const_expression, copied, decide, plan_value
from sdtm2adam.errors import SpecError
from sdtm2adam.model import Issue, Severity
from sdtm2adam.spec.dataset import Block, Copy, Per
from sdtm2adam.spec.producer import Else, Pick, Producer, as_producer
from sdtm2adam.spec.yaml import Text

VISIT_LABEL = "_VISIT"
"""The hidden column with the label of the visit, as the form has it."""
Coerce = Callable[[Scope, str, Producer, Node], None]
"""What turns a produced value into the domain of its variable: nothing in ADaM, the standard's in SDTM."""


@dataclass
class BlockMaker:
    """Declares the blocks of one dataset."""

    plan: Plan
    context: Context
    value: Coerce

    def declare(self, block: Block, key: str, *, work: bool = False) -> Relation:
        """The relation of a block, with the names of its columns; nothing is computed. `work` copies all by default."""
        if work and block.copy_ is None:
            block = block.model_copy(update={"copy_": Copy(all=True)})
        relation = Relation(key, self.context.name)
        scope = Scope(self.plan, self.context, relation, block=True)
        if block.from_ is not None:
            self._from(block, relation, scope)
        elif block.pick is not None:
            self._pick(block, block.pick, relation, scope)
        elif block.agg is not None:
            self._agg(block, relation)
        elif block.tte is not None:
            per = self.per(block, key)
            TimeMaker(self.plan, self.context).declare(block.tte, per, relation, _place(block))
        self._own_columns(block, relation, scope)
        return relation

    # --- from ---------------------------------------------------------------------------------------------------

    def _from(self, block: Block, relation: Relation, scope: Scope) -> None:
        assert block.from_ is not None
        stack = self.plan.stack(block.from_, block.as_, self.context)
        relation.links[""] = Link(stack, identity=_is_whole(block, stack))
        self.plan.rows_makers[relation] = lambda node: self._plan_from_rows(block, relation, scope, node)
        if block.expand:
            relation.names[str(block.expand.as_)] = Definition(block.expand.as_.where, given=True)
        self._carry(block.copy_ or Copy(), stack, relation, scope, "")

    def _plan_from_rows(self, block: Block, relation: Relation, scope: Scope, node: Node) -> None:
        stack = relation.links[""].stack
        base = self._base(block, relation)
        reader = Scope(self.plan, self.context, base, block=True) if base else None
        verb = VerbScope(scope, stack)
        bound = None
        if reader and block.where is not None:
            bound = reader.bind(block.where)
            node.needs.extend(bound.needs)
        elif block.where is not None:
            verb.read(block.where)
        if block.expand:
            verb.read(block.expand.from_)
            verb.read(block.expand.to)
        kept = self._dedupe_columns(block, stack)
        for column in kept:
            verb.column(column, Text(column, node.where))
        for order in block.dedupe.order if block.dedupe else ():
            verb.read(order)
        node.needs.extend([*verb.needs, *(self.plan.rows_node(part.relation) for part in stack.parts)])

        def run() -> None:
            if relation.links[""].identity:
                share_rows(relation, stack.parts[0].relation)
                return
            read = "".join(f", s.{name(column)}" for column in verb.inner)
            rows = f"SELECT s._nr, s._srow{read} FROM ({stack.select(verb.inner)}) s"
            if bound is not None and reader is not None:
                source = From(reader.relation)
                rows = f"SELECT r._nr, r._srow {source_clause(source, bound.compile(source).sql)}"
            elif block.where is not None:
                rows += f" WHERE {verb.compile(block.where)}"
            if block.dedupe:
                rows = self._deduplicated(block, rows, kept, verb, relation)
            self._store_rows(block, relation, verb, rows)

        node.run = run

    def _base(self, block: Block, relation: Relation) -> Relation | None:
        """All source rows unfiltered, where the filter looks something up."""
        if block.where is None or "." not in _without_texts(str(block.where)):
            return None
        plain = Block.model_validate({"from": list(block.from_ or ())})
        base = Relation(f"{relation.key}<all>", self.context.name)
        self._from(plain.model_copy(update={"as_": block.as_}), base, Scope(self.plan, self.context, base, block=True))
        return base

    def _dedupe_columns(self, block: Block, stack: Stack) -> list[str]:
        if not block.dedupe:
            return []
        if [str(item) for item in block.dedupe.by] != ["all"]:
            return [str(item) for item in block.dedupe.by]
        left_out = {column for part in stack.parts for column in part.relation.order}
        return [column for column in stack.names if column not in left_out and column != SUBJECT]

    def _deduplicated(self, block: Block, rows: str, kept: list[str], verb: VerbScope, relation: Relation) -> str:
        assert block.dedupe is not None
        warehouse = self.plan.warehouse
        direction = "DESC" if block.dedupe.take == "last" else "ASC"
        order = [f"{verb.compile(text)} {direction} NULLS LAST" for text in block.dedupe.order]
        table = warehouse.create(rows)
        partition = ", ".join(f"s.{name(column)}" for column in kept)
        clause = ", ".join([*order, f"s._nr {direction}", f"s._srow {direction}"])
        ranked = warehouse.create(
            f"SELECT s.*, row_number() OVER (PARTITION BY {partition} ORDER BY {clause}) AS _copy FROM {table} s"
        )
        dropped = warehouse.one(f"SELECT count(*) FROM {ranked} WHERE _copy > 1")
        if dropped:
            source = relation.links[""].stack.parts[0].relation.key
            self.plan.issues.append(
                Issue(
                    dataset=self.context.name,
                    rule="duplicates-dropped",
                    severity=Severity.NOTE,
                    text=f"{dropped:,} records of {source} were saved twice; one was kept",
                    records=dropped,
                    source=block.dedupe.by[0].where,
                )
            )
        return f"SELECT * EXCLUDE (_copy) FROM {ranked} s WHERE _copy = 1"

    def _store_rows(self, block: Block, relation: Relation, verb: VerbScope, rows: str) -> None:
        items, order = ["_nr", "_srow"], ["_nr", "_srow"]
        if block.expand:
            expand = block.expand
            days = (
                f"generate_series({verb.compile(expand.from_)}, {verb.compile(expand.to)}, INTERVAL {expand.every} DAY)"
            )
            rows = f"SELECT s._nr, s._srow, CAST(unnest({days}) AS DATE) AS {name(str(expand.as_))} FROM ({rows}) s"
            items.append(name(str(expand.as_)))
            order.append(name(str(expand.as_)))
        if block.unpivot:
            codes = ", ".join(f"({i}, {literal(code)})" for i, code in enumerate(block.unpivot))
            rows = f"SELECT s.*, c._code, c._term FROM ({rows}) s CROSS JOIN (VALUES {codes}) c(_code, _term)"
            items += ["_code", "_term"]
            order.append("_code")
        number = f"row_number() OVER (ORDER BY {', '.join(order)}) - 1 AS _row"
        store_rows(self.plan, relation, f"SELECT {number}, {', '.join(items)} FROM ({rows}) s")

    # --- pick ---------------------------------------------------------------------------------------------------

    def per(self, block: Block, key: str) -> Relation:
        """The rows a `pick` or `tte` block starts from: by default all of ADSL that `where` keeps."""
        said = block.per
        if isinstance(said, Per):
            source, where = said.from_, said.where
            if said.cross is not None:
                raise SpecError(
                    "per: cross is not built yet", where=said.cross.where, mend="use expand, or a block each"
                )
        else:
            source, where = said or Text("ADSL", _place(block)), block.where
        values = {"from": [source], "where": where, "copy": Text("all", source.where)}
        relation = Relation(f"{key}<per>", self.context.name)
        self._from(Block.model_validate(values), relation, Scope(self.plan, self.context, relation, block=True))
        return relation

    def _pick(self, block: Block, pick: Pick, relation: Relation, scope: Scope) -> None:
        per = self.per(block, relation.key)
        candidates = [self.plan.stack(c.from_, c.as_, self.context) for c in pick.candidates]
        stack = Stack(tuple(part for candidate in candidates for part in candidate.parts))
        relation.links[""] = Link(stack)
        relation.links["this"] = Link(Stack((Part(per),)), nr="_tnr", srow="_trow")
        self.plan.rows_makers[relation] = lambda node: self._plan_pick_rows(block, pick, per, relation, node)
        chosen = block.copy_ or Copy(all=True)
        self._carry(chosen, stack, relation, scope, "")
        for column in _made_by_pick(pick):
            relation.names[column] = Definition(_place(block), self._picked(pick, candidates, column, relation))

    def _picked(self, pick: Pick, stacks: list[Stack], column: str, relation: Relation) -> Callable[[Node], None]:
        return lambda node: self._plan_picked(pick, stacks, column, relation, node)

    def _plan_pick_rows(self, block: Block, pick: Pick, per: Relation, relation: Relation, node: Node) -> None:
        scope = Scope(self.plan, self.context, per, block=True)
        matchings, write = choices_of(scope, pick, node, [])
        node.needs.append(self.plan.rows_node(per))
        node.needs.extend(need for m in matchings for need in m.verb.needs)

        def run() -> None:
            table = decide(self.plan, pick, write(), relation.key, _place(block), 0)
            join = "LEFT JOIN" if pick.else_ is not None else "JOIN"
            store_rows(
                self.plan,
                relation,
                "SELECT row_number() OVER (ORDER BY p._row) - 1 AS _row, c._nr, c._srow, "
                f"coalesce(c._place, 0) AS _place, 0 AS _tnr, p._row AS _trow FROM {per.rows} p {join} {table} c ON c._row = p._row",
            )

        node.run = run

    def _plan_picked(self, pick: Pick, stacks: list[Stack], column: str, relation: Relation, node: Node) -> None:
        """A column that candidates or `else` make: one branch each."""
        scope = Scope(self.plan, self.context, relation, block=True)
        branches: dict[int, Callable[[From], Compiled]] = {}
        for place, (candidate, stack) in enumerate(zip(pick.candidates, stacks, strict=True), start=1):
            sets, consts = {**pick.set, **candidate.set}, {**pick.const, **candidate.const}
            if column in sets or column in consts:
                branches[place] = self._branch(scope, sets, consts, column, node)
            elif stack.has(column):
                reference = scope.via("", None, column, Text(column, node.where))
                node.needs.extend(reference.needs)
                branches[place] = lambda source, reference=reference: Compiled(reference.sql(source))  # type: ignore[misc]
        if isinstance(pick.else_, Else) and (column in pick.else_.set or column in pick.else_.const):
            per = Scope(self.plan, self.context, relation, block=True, bare_link="this")
            branches[0] = self._branch(per, pick.else_.set, pick.else_.const, column, node)

        def expression(source: From) -> Compiled:
            made = {place: branch(source) for place, branch in branches.items()}
            cases = " ".join(f"WHEN {place} THEN {compiled.sql}" for place, compiled in made.items())
            return Compiled(f"CASE r._place {cases} END", [p for compiled in made.values() for p in compiled.probes])

        node.expression = expression

    def _branch(
        self, scope: Scope, sets: dict[str, Producer], consts: dict[str, Text], column: str, node: Node
    ) -> Callable[[From], Compiled]:
        if column in consts:
            text = str(consts[column])
            return const_expression(text)
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

    # --- agg ----------------------------------------------------------------------------------------------------

    def _agg(self, block: Block, relation: Relation) -> None:
        assert block.agg is not None
        for column in [*map(str, block.agg.by), *block.agg.value]:
            relation.names[column] = Definition(_place(block), given=True)
        self.plan.rows_makers[relation] = lambda node: self._plan_groups(block, relation, node)

    def _plan_groups(self, block: Block, relation: Relation, node: Node) -> None:
        group = block.agg
        assert group is not None
        stack = self.plan.stack(group.from_, group.as_, self.context)
        verb = VerbScope(Scope(self.plan, self.context, relation, block=True), stack)
        for text in group.by:
            verb.column(str(text), text)
        for condition in (group.where, block.where):
            verb.read(condition)
        for text in group.value.values():
            verb.read(text, aggregate=True)
        node.needs.extend([*verb.needs, *(self.plan.rows_node(part.relation) for part in stack.parts)])

        def run() -> None:
            keys = ", ".join(f"s.{name(str(text))}" for text in group.by)
            values = [f"{verb.compile(text, aggregate=True)} AS {name(column)}" for column, text in group.value.items()]
            conditions = [verb.compile(text) for text in (group.where, block.where) if text is not None]
            where = f" WHERE {' AND '.join(f'({c})' for c in conditions)}" if conditions else ""
            rows = stack.select(verb.inner)
            grouped = f"SELECT {', '.join([keys, *values])} FROM ({rows}) s{where} GROUP BY {keys}"
            order = ", ".join(name(str(text)) for text in group.by)
            store_rows(
                self.plan, relation, f"SELECT row_number() OVER (ORDER BY {order}) - 1 AS _row, * FROM ({grouped})"
            )

        node.run = run

    # --- columns ------------------------------------------------------------------------------------------------

    def _carry(self, chosen: Copy, stack: Stack, relation: Relation, scope: Scope, link: str) -> None:
        """Columns under their own name; `all` means all that nothing else produces."""
        if chosen.all:
            produced = {n for n, producer in self.context.spec.variables.items() if producer.verb}
            left_out = {*map(str, chosen.except_), *produced, *self.context.spec.include}
            columns = [n for n in stack.names if n not in left_out and (not n.startswith("_") or _is_block(stack))]
            for text in chosen.except_:
                if not stack.has(str(text)):
                    scope.via(link, None, str(text), text)
        else:
            columns = [str(text) for text in chosen.names]
        places = {str(text): text for text in chosen.names}
        for column in columns:
            where = places[column].where if column in places else ""
            if not stack.has(column):
                scope.via(link, None, column, places[column])
            relation.names[column] = Definition(where, self._copier(scope, link, column), copied=True)

    def _copier(self, scope: Scope, link: str, column: str) -> Callable[[Node], None]:
        if self.context.stage == "sdtm":
            text = Text(column, "")
            producer = as_producer(text)
            return lambda node: self.value(scope, column, producer, node)
        return copied(scope, link, column)

    def _own_columns(self, block: Block, relation: Relation, scope: Scope) -> None:
        """set, const, unpivot, visit, supp: what this block makes itself; the subject; PARAMCD of a BDS block."""
        overlaid = {column for overlay in block.unpivot.values() for column in overlay}
        for column, producer in {**block.set, **block.supp}.items():
            if column not in overlaid:
                self._define(relation, scope, column, producer)
        for column, text in block.const.items():
            self._define(relation, scope, column, _constant(text))
        if block.visit is not None:
            self._define(relation, scope, VISIT_LABEL, as_producer(block.visit))
        if block.unpivot:
            self._unpivot(block, relation, scope, sorted(overlaid, key=_first_standing(block)))
        if self.context.stage == "sdtm":
            relation.names["DOMAIN"] = Definition("", _literal_column(self.context.name))
        self._subject(relation, scope)
        kept = "PARAMCD" in relation.names and (block.from_ is not None or block.agg is not None)
        said = "PARAMCD" in block.set or "PARAMCD" in block.const
        if block.id is not None and self._is_bds() and not kept and not said:
            self._define(relation, scope, "PARAMCD", _constant(block.id))

    def _unpivot(self, block: Block, relation: Relation, scope: Scope, columns: list[str]) -> None:
        """One row per code: `into` has the code, each overlaid column a branch per code."""
        into = str(block.into) if block.into is not None else f"{self.context.name[:2]}TESTCD"
        term = Text("_term", _place(block))
        relation.names["_term"] = Definition("", given=True)
        self._define(relation, scope, into, as_producer(term))
        for column in columns:
            branches = {
                code: found
                for code, overlay in block.unpivot.items()
                if (found := overlay.get(column) or block.set.get(column)) is not None
            }
            self._overlaid(relation, scope, column, branches)

    def _overlaid(self, relation: Relation, scope: Scope, column: str, branches: dict[str, Producer]) -> None:
        """An overlaid column; branches of another domain (`like`, `codelist`, `formats`) are coerced apart."""
        groups: dict[tuple[object, ...], dict[str, Producer]] = {}
        for code, producer in branches.items():
            groups.setdefault((producer.like, producer.codelist, producer.formats), {})[code] = producer
        if len(groups) == 1:
            self._define(relation, scope, column, self._branched(relation, scope, column, branches))
            return
        made: dict[str, list[str]] = {}
        for number, group in enumerate(groups.values()):
            key = f"_~{column}~{number}~group"
            producer = self._branched(relation, scope, f"{column}~{number}", group)
            like = producer.like if producer.like is not None else Text(column, producer.where)
            self._define(relation, scope, key, producer.model_copy(update={"like": like}))
            made[key] = list(group)

        def plan_it(node: Node) -> None:
            node.needs.extend(self.plan.node(relation, key) for key in made)

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
        kept = {key: getattr(first, key) for key in ("like", "codelist", "formats", "label", "origin", "method")}
        return as_producer(said).model_copy(update=kept)

    def _hidden(self, relation: Relation, scope: Scope, column: str, branches: dict[str, Producer]) -> Text:
        key, where = f"_~{column}~branch", next(iter(branches.values())).where
        relation.names[key] = Definition(where, lambda node: self._plan_branches(scope, column, branches, node))
        return Text(f'"{key}"', where)

    def _plan_branches(self, scope: Scope, column: str, branches: dict[str, Producer], node: Node) -> None:
        """One branch per code; each is an expression over the row."""
        made: dict[str, Node] = {}
        for code, producer in branches.items():
            inner = Node(scope.relation, column, producer.where)
            plan_value(scope, column, producer, inner)
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
                probes += [
                    replace(p, condition=f"r._term = {literal(code)} AND ({p.condition})") for p in compiled.probes
                ]
            return Compiled(f"CASE r._term {' '.join(cases)} END", probes)

        node.expression = expression

    def _is_bds(self) -> bool:
        return self.context.stage == "adam" and str(self.context.spec.klass) in ("BDS", "BASIC DATA STRUCTURE")

    def _define(self, relation: Relation, scope: Scope, column: str, producer: Producer) -> None:
        def plan_it(node: Node) -> None:
            self.value(scope, column, producer, node)

        relation.names[column] = Definition(producer.where, plan_it)

    def _subject(self, relation: Relation, scope: Scope) -> None:
        """STUDYID and USUBJID, where the source has subjects."""
        link = "this" if "this" in relation.links else ""
        source = relation.links.get(link)
        if source is None and SUBJECT in relation.names:
            relation.names.setdefault("STUDYID", Definition("", _literal_column(self.plan.study)))
        if source is None or not source.stack.has(SUBJECT):
            return
        relation.names.setdefault(SUBJECT, Definition("", copied(scope, link, SUBJECT)))
        if link == "this" and relation.names[SUBJECT]:
            relation.names[SUBJECT] = Definition("", copied(scope, link, SUBJECT))
        if "STUDYID" in relation.names:
            if link == "this":
                relation.names["STUDYID"] = Definition("", copied(scope, link, "STUDYID"))
        elif source.stack.has("STUDYID"):
            relation.names["STUDYID"] = Definition("", copied(scope, link, "STUDYID"))
        else:
            relation.names["STUDYID"] = Definition("", _literal_column(self.plan.study))


def _literal_column(text: str) -> Callable[[Node], None]:
    def fill(node: Node) -> None:
        node.expression = const_expression(text)

    return fill


def _constant(text: Text) -> Producer:
    return as_producer({"const": text})


def _part(producer: Producer, place: int) -> Producer:
    """The date (0) or the time (1) of a branch; a branch without a time has none."""
    parts = producer.datetime
    if parts is None:
        return producer if place == 0 else as_producer({"sql": Text("null", producer.where)})
    return as_producer(parts[place] if place < len(parts) else Text("null", producer.where))


def _made_by_pick(pick: Pick) -> list[str]:
    sets = [pick.set, pick.const, *(part for c in pick.candidates for part in (c.set, c.const))]
    if isinstance(pick.else_, Else):
        sets += [pick.else_.set, pick.else_.const]
    return list(dict.fromkeys(column for part in sets for column in part))


def _first_standing(block: Block) -> Callable[[str], int]:
    order = list(dict.fromkeys(column for overlay in block.unpivot.values() for column in overlay))
    return order.index


def _is_block(stack: Stack) -> bool:
    return all("/" in part.relation.key for part in stack.parts)


def _place(block: Block) -> str:
    for text in (block.id, block.where, *(block.from_ or ())):
        if text is not None and text.where:
            return text.where
    return next((t.where for c in (block.pick.candidates if block.pick else ()) for t in c.from_), "")


def _without_texts(expression: str) -> str:
    """The expression with literals blanked, to see whether a name in it has a qualifier."""
    inside, kept = False, []
    for character in expression:
        if character == "'":
            inside = not inside
        kept.append(" " if inside or character.isdigit() else character)
    return "".join(kept)


def source_clause(source: From, condition: str) -> str:
    """FROM and WHERE of a SELECT whose columns are in `source` already."""
    return f"{source.clause()} WHERE {condition}"


def _is_whole(block: Block, stack: Stack) -> bool:
    """Whether a block has the rows of its only source, one for one."""
    changed = (block.where, block.dedupe, block.expand, block.unpivot or None)
    return len(stack.parts) == 1 and all(change is None for change in changed)
