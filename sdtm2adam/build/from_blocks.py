"""`from` blocks: one row per source row, filtered, without duplicates, expanded by day, repeated per code."""

from __future__ import annotations

from dataclasses import dataclass

from sdtm2adam.build.carry import Columns
from sdtm2adam.build.losses import filtered, tell_own_losses, tell_read_losses
from sdtm2adam.build.node import Node
from sdtm2adam.build.plan import Definition
from sdtm2adam.build.quoting import literal, name
from sdtm2adam.build.record_names import source_names
from sdtm2adam.build.relation import From, Link, Relation, Stack
from sdtm2adam.build.rows import share_rows, store_rows
from sdtm2adam.build.scope import SUBJECT, Bound, Scope, VerbScope
from sdtm2adam.build.text_order import tell_text_order
from sdtm2adam.build.unmet import is_empty, rows_of, sources_of, tell_unmet
from sdtm2adam.build.whole_dates import refuse_no_condition, refuse_undated
from sdtm2adam.errors import InputError, listed
from sdtm2adam.model import Issue, Severity
from sdtm2adam.spec import sql
from sdtm2adam.spec.dataset import Block, Copy, Dedupe, Expand
from sdtm2adam.spec.yaml import Text


@dataclass
class FromBlocks:
    """Declares the `from` blocks of one dataset."""

    columns: Columns

    def declare(self, block: Block, relation: Relation, scope: Scope) -> None:
        """Names the columns carried over, and says how the rows are made."""
        plan, context = self.columns.plan, self.columns.context
        assert block.from_ is not None
        stack = plan.stack(block.from_, block.as_, context)
        relation.links[""] = Link(stack, identity=_is_whole(block, stack))
        plan.rows_makers[relation] = lambda node: self._plan_rows(block, relation, scope, node)
        if block.expand:
            relation.names[str(block.expand.as_)] = Definition(block.expand.as_.where, given=True)
        self.columns.carry(block.copy_ or Copy(), stack, relation, scope, "")

    def _plan_rows(self, block: Block, relation: Relation, scope: Scope, node: Node) -> None:
        plan = self.columns.plan
        stack = relation.links[""].stack
        node.needs.extend(plan.rows_node(part.relation) for part in stack.parts)
        if relation.links[""].identity:
            node.run = lambda: share_rows(relation, stack.parts[0].relation)
            return
        base = self._base(block, relation)
        verb, bound = VerbScope(scope, stack), None
        if base is not None and block.where is not None:
            bound = Scope(plan, self.columns.context, base, block=True).bind(block.where)
            named = [plan.node(base, SUBJECT)] if SUBJECT in base.names else []
            node.needs.extend([*bound.needs, *named, plan.rows_node(base)])
        else:
            verb.read(block.where)
        if block.expand:
            verb.read(block.expand.from_)
            verb.read(block.expand.to)
        for text in _dedupe_texts(block):
            verb.read(text)
        read = frozenset(verb.needs)
        for text in _compared_texts(block, stack):
            verb.read(text)
        node.needs.extend(verb.needs)
        node.compares = frozenset(verb.needs) - read

        def run() -> None:
            rows = self._kept(block, stack, verb, base, bound, node)
            if block.dedupe:
                self._watch(verb, stack, rows, list(block.dedupe.order), node)
                tell_text_order(plan, stack, block.dedupe.order, node)
                rows = self._deduplicated(block.dedupe, rows, verb, relation)
            if block.expand:
                self._refuse_undated(block.expand, rows, verb, node)
                self._watch(verb, stack, rows, [block.expand.from_, block.expand.to], node)
                self._tell_without_days(block.expand, rows, verb, stack)
            self._store(block, relation, verb, rows)
            if not relation.count and block.where is not None and is_empty(plan, rows):
                tell_unmet(plan, node, block.where, rows_of(stack), sources_of(stack))

        node.run = run

    def _base(self, block: Block, relation: Relation) -> Relation | None:
        """All source rows unfiltered, where the filter looks something up."""
        if block.where is None or not any(qualifier for qualifier, _ in sql.columns(sql.parse(block.where))):
            return None
        plain = Block.model_validate({"from": list(block.from_ or ()), "copy": Text("all")})
        base = Relation(f"{relation.key}<all>", self.columns.context.name)
        scope = Scope(self.columns.plan, self.columns.context, base, block=True)
        self.declare(plain.model_copy(update={"as_": block.as_}), base, scope)
        return base

    def _watch(self, verb: VerbScope, stack: Stack, rows: str, texts: list[Text], node: Node) -> None:
        """What an order or the days cannot read is told."""
        probes = [probe for text in texts for probe in verb.probes(sql.split_order(text)[0])]
        tell_read_losses(self.columns.plan, stack, rows, probes, node)

    def _refuse_undated(self, expand: Expand, rows: str, verb: VerbScope, node: Node) -> None:
        for key, text in (("expand: from", expand.from_), ("expand: to", expand.to)):
            refuse_undated(self.columns.plan, node, key, text, f"SELECT {verb.compile(text)} FROM ({rows}) s")

    def _kept(
        self, block: Block, stack: Stack, verb: VerbScope, base: Relation | None, bound: Bound | None, node: Node
    ) -> str:
        """SELECT of the source rows that the filter keeps, with the columns that are read of them."""
        read = "".join(f", s.{name(column)}" for column in verb.inner)
        rows = f"SELECT s._nr, s._srow{read} FROM ({stack.select(verb.inner)}) s"
        plan = self.columns.plan
        if block.where is None:
            return rows
        if base is None or bound is None:
            made = verb.compile(block.where)
            refuse_no_condition(plan, node, "where", block.where, f"SELECT {made} FROM ({rows}) s")
            return filtered(plan, stack, rows, made, verb.probes(block.where), node)
        source = From(base)
        number, row = source.link("")
        condition = bound.compile(source)
        refuse_no_condition(plan, node, "where", block.where, f"SELECT {condition.sql} {source.clause()}")
        tell_own_losses(plan, base, source, [(node, probe) for probe in condition.probes])
        kept = f"SELECT {number} AS _nr, {row} AS _srow {source.clause()} WHERE {condition.sql}"
        return f"SELECT s.* FROM ({rows}) s JOIN ({kept}) k ON k._nr = s._nr AND k._srow = s._srow"

    # --- dedupe -------------------------------------------------------------------------------------------------

    def _deduplicated(self, dedupe: Dedupe, rows: str, verb: VerbScope, relation: Relation) -> str:
        warehouse = self.columns.plan.warehouse
        stack = relation.links[""].stack
        direction = "DESC" if dedupe.take == "last" else "ASC"
        order = [
            f"{verb.compile(text)} {'DESC' if down != (dedupe.take == 'last') else 'ASC'} NULLS LAST"
            for text, down in map(sql.split_order, dedupe.order)
        ]
        by = [str(text) for text in _dedupe_by(dedupe, stack)]
        partition = ", ".join(f"s.{name(column)}" for column in by)
        clause = ", ".join([*order, f"s._nr {direction}", f"s._srow {direction}"])
        ranked = warehouse.create(
            f"SELECT s.*, row_number() OVER (PARTITION BY {partition} ORDER BY {clause}) AS _copy FROM ({rows}) s"
        )
        if not dedupe.order:
            self._refuse_different(dedupe, ranked, by, stack, relation)
        self._tell(dedupe, ranked, stack)
        return f"SELECT * EXCLUDE (_copy) FROM {ranked} s WHERE _copy = 1"

    def _refuse_different(self, dedupe: Dedupe, ranked: str, by: list[str], stack: Stack, relation: Relation) -> None:
        """Without an order the rows of a group must agree in all but key and housekeeping."""
        others = [column for column in _comparable(stack) if column not in by]
        if not others:
            return
        group, value = ", ".join(map(name, by)), "row(" + ", ".join(map(name, others)) + ")"
        found = f"SELECT {group}, count(DISTINCT {value}) AS n FROM {ranked} GROUP BY ALL HAVING n > 1"
        many = self.columns.plan.warehouse.one(f"SELECT count(*) FROM ({found})")
        if many:
            raise InputError(
                f"{relation.key}: dedupe by [{', '.join(by)}] finds {many:,} groups of records that differ otherwise",
                where=dedupe.by[0].where,
                mend="add order: that says which record counts, or more columns to by:",
            )

    def _tell(self, dedupe: Dedupe, ranked: str, stack: Stack) -> None:
        plan = self.columns.plan
        dropped = plan.warehouse.one(f"SELECT count(*) FROM {ranked} WHERE _copy > 1")
        if not dropped:
            return
        parts = [part.relation for part in stack.parts]
        named = source_names(plan, parts, f"SELECT 0 AS g, _nr, _srow AS _row FROM {ranked} WHERE _copy > 1")
        sources = listed([part.key for part in parts], 5)
        plan.issues.append(
            Issue(
                dataset=self.columns.context.name, rule="duplicates-dropped", severity=Severity.NOTE, records=dropped,
                text=f"{dropped:,} records of {sources} were saved twice; one of each was kept",
                keys=named[0], source=dedupe.by[0].where,
            )
        )  # fmt: skip

    def _tell_without_days(self, expand: Expand, rows: str, verb: VerbScope, stack: Stack) -> None:
        """Records that make no row, because a date is missing or the last is before the first, are told."""
        plan, parts = self.columns.plan, [part.relation for part in stack.parts]
        days = f"coalesce(len({_days(expand, verb)}), 0)"
        lost = plan.warehouse.create(f"SELECT 0 AS g, _nr, _srow AS _row FROM ({rows}) s WHERE {days} = 0")
        count = plan.warehouse.one(f"SELECT count(*) FROM {lost}")
        if count:
            text = (
                f"{count:,} records of {listed([part.key for part in parts], 5)} make no row: "
                f"{expand.from_} or {expand.to} is missing, or the second lies before the first"
            )
            plan.issues.append(
                Issue(
                    dataset=self.columns.context.name, rule="expand-no-day", severity=Severity.WARNING, records=count,
                    text=text, keys=source_names(plan, parts, f"FROM {lost}")[0], source=expand.from_.where,
                )
            )  # fmt: skip

    # --- rows ---------------------------------------------------------------------------------------------------

    def _store(self, block: Block, relation: Relation, verb: VerbScope, rows: str) -> None:
        """Makes the rows, in the order of the source, of its days and of the codes, and beside them what is at hand."""
        items = ["_nr", "_srow"]
        if block.expand and not block.unpivot:
            day = name(str(block.expand.as_))
            numbered = _numbered_days(block.expand, verb, rows)
            number = "n._first + unnest(range(len(n._days))) AS _row"
            made = f"{number}, n._nr, n._srow, CAST(unnest(n._days) AS DATE) AS {day}"
            items.append(day)
        else:
            made = "n.*"
            if block.expand:
                day, days = name(str(block.expand.as_)), _days(block.expand, verb)
                rows = f"SELECT s._nr, s._srow, CAST(unnest({days}) AS DATE) AS {day} FROM ({rows}) s"
                items.append(day)
            if block.unpivot:
                codes = ", ".join(f"({i}, {literal(code)})" for i, code in enumerate(block.unpivot))
                rows = f"SELECT s.*, c._code, c._term FROM ({rows}) s CROSS JOIN (VALUES {codes}) c(_code, _term)"
                items += ["_code", "_term"]
            order = ", ".join(item for item in items if item != "_term")
            numbered = f"SELECT row_number() OVER (ORDER BY {order}) - 1 AS _row, {', '.join(items)} FROM ({rows}) s"
        at_hand = [node for node in self._at_hand(relation) if name(node.name) not in items]
        select = f"SELECT {', '.join([made, *(f'j.{name(node.name)}' for node in at_hand)])} FROM ({numbered}) n"
        if at_hand:
            select += f" JOIN {relation.links[''].stack.parts[0].relation.rows} j ON j._row = n._srow"
        store_rows(self.columns.plan, relation, select)
        for node in at_hand:
            node.done = True

    def _at_hand(self, relation: Relation) -> list[Node]:
        """The wanted columns that only copy what stands in the rows table of the only source: they come along."""
        parts = relation.links[""].stack.parts
        source = parts[0].relation
        nodes = [self.columns.plan.nodes.get((relation, column)) for column in relation.names]
        there = [n for n in source.names if source.home.get(n) == source.rows and parts[0].actual(n) == n]
        return [node for node in nodes if node and node.plain and node.name in there] if len(parts) == 1 else []


def _days(expand: Expand, verb: VerbScope) -> str:
    first, last = (f"CAST({verb.compile(text)} AS DATE)" for text in (expand.from_, expand.to))
    ends = f"{first}, {last}, INTERVAL {expand.every} DAY"
    return f"generate_series({ends})"


def _numbered_days(expand: Expand, verb: VerbScope, rows: str) -> str:
    """SELECT of the source rows with their days and the number of the first of these; nothing is sorted day by day."""
    with_days = f"SELECT s._nr, s._srow, {_days(expand, verb)} AS _days FROM ({rows}) s"
    before = "sum(len(_days)) OVER (ORDER BY _nr, _srow ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"
    return f"SELECT _nr, _srow, _days, CAST(coalesce({before}, 0) AS BIGINT) AS _first FROM ({with_days})"


def _comparable(stack: Stack) -> list[str]:
    """The columns in which records saved twice must agree: all but key and housekeeping."""
    apart = {column for part in stack.parts for column in part.relation.apart}
    return [column for column in stack.names if column not in apart and "~" not in column]


def _by_all(dedupe: Dedupe) -> bool:
    return [str(item) for item in dedupe.by] == ["all"]


def _dedupe_by(dedupe: Dedupe, stack: Stack) -> list[Text]:
    if not _by_all(dedupe):
        return list(dedupe.by)
    return [Text(column, dedupe.by[0].where) for column in _comparable(stack)]


def _dedupe_texts(block: Block) -> list[Text]:
    """What a dedupe names."""
    dedupe = block.dedupe
    if dedupe is None:
        return []
    by = [] if _by_all(dedupe) else [Text(f'"{text}"', text.where) for text in dedupe.by]
    return [*by, *(sql.split_order(text)[0] for text in dedupe.order)]


def _compared_texts(block: Block, stack: Stack) -> list[Text]:
    """What a dedupe compares beyond what it names: all that is neither key nor housekeeping."""
    dedupe = block.dedupe
    if dedupe is None or (dedupe.order and not _by_all(dedupe)):
        return []
    return [Text(f'"{column}"', dedupe.by[0].where) for column in _comparable(stack)]


def _is_whole(block: Block, stack: Stack) -> bool:
    """Whether a block has the rows of its only source, one for one."""
    changed = (block.where, block.dedupe, block.expand, block.unpivot or None)
    return len(stack.parts) == 1 and all(change is None for change in changed)
