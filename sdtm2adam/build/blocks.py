"""Blocks of records: where rows come from, and the columns made only for them."""

from __future__ import annotations

from dataclasses import dataclass

from sdtm2adam.build.carry import Columns, constant
from sdtm2adam.build.from_blocks import FromBlocks
from sdtm2adam.build.group_blocks import GroupBlocks
from sdtm2adam.build.losses import tell_own_losses
from sdtm2adam.build.node import Node
from sdtm2adam.build.pick_blocks import PickBlocks
from sdtm2adam.build.plan import Context, Definition, Plan
from sdtm2adam.build.python_blocks import PythonBlocks
from sdtm2adam.build.relation import From, Link, Part, Relation, Stack, shown_key
from sdtm2adam.build.responses import ResponseMaker
from sdtm2adam.build.rows import store_rows
from sdtm2adam.build.scope import Scope
from sdtm2adam.build.times import TimeMaker
from sdtm2adam.build.unmet import tell_unmet
from sdtm2adam.build.unpivot import Unpivot, overlaid
from sdtm2adam.build.values import Coerce, copied
from sdtm2adam.build.visit_label import VISIT_LABEL
from sdtm2adam.build.whole_dates import refuse_no_condition
from sdtm2adam.errors import SpecError, SpecErrors
from sdtm2adam.spec.dataset import Block, Copy
from sdtm2adam.spec.producer import as_producer
from sdtm2adam.spec.yaml import Text

_MEANING = {
    "from": ("as_", "where", "dedupe", "expand", "visit", "unpivot", "into", "copy_", "set", "const", "having", "supp"),
    "pick": ("per", "where", "visit", "copy_", "set", "const", "having", "supp"),
    "tte": ("per", "where", "set", "const", "having"),
    "agg": ("visit", "set", "const", "having", "supp"),
    "python": ("visit", "set", "const", "having", "supp"),
    "response": ("per", "where", "set", "const", "having"),
}
"""The keys that have a meaning in a block of each kind, beside id and foreach."""
_NO_DOMAIN = ("RELREC", "RELSPEC", "RELSUB")
_SDTM_ONLY = ("visit", "supp", "unpivot", "into")
_ALL_KEYS = tuple(dict.fromkeys(key for keys in _MEANING.values() for key in keys))


@dataclass
class BlockMaker:
    """Declares the blocks of one dataset."""

    plan: Plan
    context: Context
    value: Coerce
    raw: Coerce

    def declare(self, block: Block, key: str, *, work: bool = False) -> Relation:
        """The relation of a block, with the names of its columns; nothing is computed. `work` copies all by default.

        Raises:
            SpecError: a key has no meaning in a block of its kind, or a column two producers.
        """
        self._check_keys(block)
        if work and block.copy_ is None and (block.from_ is not None or block.pick is not None):
            block = block.model_copy(update={"copy_": Copy(all=True)})
        relation = Relation(f"{key}<made>" if block.having is not None else key, self.context.name)
        scope = Scope(self.plan, self.context, relation, block=True)
        columns = Columns(self.plan, self.context, self.value)
        self._rows(block, relation, scope, columns)
        self._own_columns(block, relation, scope, columns)
        return relation if block.having is None else self._having(block.having, relation, key)

    def _check_keys(self, block: Block) -> None:
        kind = block.kind
        said = [key for key in _ALL_KEYS if getattr(block, key)]
        wrong = [key for key in said if key not in _MEANING[kind]]
        if self.context.stage == "adam":
            wrong += [key for key in said if key in _SDTM_ONLY and key not in wrong]
        if block.into is not None and not block.unpivot:
            wrong.append("into")
        if wrong:
            raise SpecErrors(
                SpecError(
                    f"{key.rstrip('_')} has no meaning in this {kind} block of {self.context.name}",
                    where=place_of(block) or self.context.spec.dataset.where,
                    mend="leave it out; docs/spec-grammar.md says what each kind of block takes",
                )
                for key in wrong
            )

    def _rows(self, block: Block, relation: Relation, scope: Scope, columns: Columns) -> None:
        place = place_of(block) or self.context.spec.dataset.where
        froms = FromBlocks(columns)
        picks = PickBlocks(columns, froms)
        if block.from_ is not None:
            froms.declare(block, relation, scope)
        elif block.pick is not None:
            picks.declare(block, block.pick, relation, scope, place)
        elif block.agg is not None:
            GroupBlocks(columns).declare(block.agg, relation, place)
        elif block.python is not None:
            PythonBlocks(self.plan, self.context).declare(block.python, relation, place)
        elif block.tte is not None:
            per = picks.per(block, relation.key, place)
            TimeMaker(self.plan, self.context).declare(block.tte, per, relation, place)
        elif block.response is not None:
            per = picks.per(block, relation.key, place)
            ResponseMaker(self.plan, self.context).declare(block.response, per, relation)

    def _own_columns(self, block: Block, relation: Relation, scope: Scope, columns: Columns) -> None:
        """set, const, unpivot, visit, supp: what this block makes itself; the subject; PARAMCD of a BDS block."""
        over = set(overlaid(block))
        for column, producer in block.set.items():
            if column not in over:
                columns.define(relation, scope, column, producer)
        for column, producer in block.supp.items():
            columns.define(relation, scope, column, producer)
        for column, text in block.const.items():
            columns.define(relation, scope, column, constant(text))
        if block.visit is not None:
            columns.define(relation, scope, VISIT_LABEL, as_producer(block.visit))
        if block.unpivot:
            Unpivot(columns, self.raw).define(block, relation, scope, place_of(block))
        if self.context.stage == "sdtm" and self.context.name not in _NO_DOMAIN:
            columns.fixed(relation, "DOMAIN", self.context.name)
        columns.subject(relation, scope)
        if self.context.stage == "sdtm" and "STUDYID" not in relation.names:
            columns.fixed(relation, "STUDYID", self.plan.study)
        if block.id is not None and self._names_parameter(block, relation):
            relation.names.pop("PARAMCD", None)
            columns.define(relation, scope, "PARAMCD", constant(block.id))

    def _names_parameter(self, block: Block, relation: Relation) -> bool:
        """In a BDS dataset PARAMCD is the block's id, unless it is said, or the source of the records has one."""
        if self.context.stage != "adam" or str(self.context.spec.klass) != "BDS":
            return False
        kept = "PARAMCD" in relation.names and block.kind in ("from", "agg", "python")
        return not kept and "PARAMCD" not in block.set and "PARAMCD" not in block.const

    # --- having -------------------------------------------------------------------------------------------------

    def _having(self, having: Text, made: Relation, key: str) -> Relation:
        """The rows of a block whose produced columns meet a condition, with all columns of the block."""
        relation = Relation(key, self.context.name)
        stack = Stack((Part(made),))
        relation.links[""] = Link(stack)
        scope = Scope(self.plan, self.context, relation, block=True)
        for column, definition in made.names.items():
            old = definition if isinstance(definition, Definition) else Definition("")
            relation.names[column] = Definition(
                old.where, copied(scope, "", column), copied=old.copied, implied=old.implied
            )
        self.plan.rows_makers[relation] = lambda node: self._plan_having(having, made, relation, node)
        return relation

    def _plan_having(self, having: Text, made: Relation, relation: Relation, node: Node) -> None:
        bound = Scope(self.plan, self.context, made).bind(having)
        node.needs.extend([*bound.needs, self.plan.rows_node(made)])

        def run() -> None:
            source = From(made)
            compiled = bound.compile(source)
            condition = compiled.sql
            refuse_no_condition(self.plan, node, "having", having, f"SELECT {condition} {source.clause()}")
            tell_own_losses(self.plan, made, source, [(node, probe) for probe in compiled.probes])
            store_rows(
                self.plan,
                relation,
                f"SELECT row_number() OVER (ORDER BY r._row) - 1 AS _row, 0 AS _nr, r._row AS _srow {source.clause()} "
                f"WHERE {condition}",
            )
            if not relation.count:
                tell_unmet(self.plan, node, having, made.count, shown_key(made.key), "having")

        node.run = run


def place_of(block: Block) -> str:
    """Where a block stands, for messages."""
    for text in (block.id, *(block.from_ or ()), block.where):
        if text is not None and text.where:
            return text.where
    if block.python is not None:
        return block.python.call.where
    candidates = block.pick.candidates if block.pick else ()
    return next((text.where for candidate in candidates for text in candidate.from_), "")
