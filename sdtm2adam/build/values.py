"""Producers to nodes: how each verb of a variable is computed."""

from __future__ import annotations

from collections.abc import Callable

from sdtm2adam.build.aggregates import plan_agg, plan_exists
from sdtm2adam.build.functions import Compiled
from sdtm2adam.build.node import Node
from sdtm2adam.build.own import plan_own_rows
from sdtm2adam.build.picks import plan_pick
from sdtm2adam.build.plan import Definition
from sdtm2adam.build.pythons import plan_python
from sdtm2adam.build.quoting import aliased, literal
from sdtm2adam.build.relation import From
from sdtm2adam.build.rows import settle
from sdtm2adam.build.scope import SUBJECT, Bound, Scope
from sdtm2adam.errors import SpecError
from sdtm2adam.spec import sql
from sdtm2adam.spec.producer import Producer
from sdtm2adam.spec.yaml import Text

Expression = Callable[[From], Compiled]
Coerce = Callable[[Scope, str, Producer, Node], None]
"""What turns a produced value into the domain of its variable: nothing in ADaM, the standard's in SDTM."""

__all__ = ["SUBJECT", "Coerce", "Expression", "const_expression", "copied", "plan_guarded", "plan_value"]


def const_expression(text: str) -> Expression:
    """A literal text."""
    return lambda _: Compiled(literal(text))


def plan_value(scope: Scope, column: str, producer: Producer, node: Node) -> None:
    """Fills the node of a column whose producer is a verb that every dataset knows."""
    verb = producer.verb
    if verb in ("sql", "const"):
        _plan_expression(scope, producer, node)
    elif producer.when is not None:
        plan_guarded(scope, column, producer, node, plan_value)
    elif verb == "imputed":
        _plan_imputed(scope, column, producer, node)
    elif producer.flag is not None or producer.seq is not None:
        plan_own_rows(scope, column, producer.flag or producer.seq, node)
    elif producer.pick is not None:
        plan_pick(scope, column, producer.pick, node)
    elif producer.exists is not None:
        plan_exists(scope, column, producer.exists, node)
    elif producer.agg is not None:
        plan_agg(scope, column, producer.agg, node)
    elif producer.python is not None:
        plan_python(scope, column, producer, node)
    else:
        raise SpecError(
            f"{scope.relation.key}.{column}: the verb {verb or 'nothing'!r} has no meaning here",
            where=producer.where or node.where,
            mend="see docs/spec-grammar.md for the verbs of this stage",
        )


def _plan_expression(scope: Scope, producer: Producer, node: Node) -> None:
    """A constant or an expression; null where `when` is not true."""
    if producer.sql is not None:
        bound = scope.bind(producer.sql)
        node.needs.extend(bound.needs)
        value: Expression = bound.compile
    else:
        if producer.const in ("null", "~", ""):
            where = producer.const.where if producer.const is not None else ""
            said = f"const: {str(producer.const)!r} is no value"
            raise SpecError(said, where=where, mend="leave the variable out; what nothing fills is missing")
        refuse_expression(scope, producer.const)
        value = const_expression(str(producer.const))
    if producer.when is None:
        node.expression = value
        return
    guard = scope.bind(producer.when)
    node.needs.extend(guard.needs)
    node.expression = lambda source: _guard(guard, value, source)


def refuse_expression(scope: Scope, const: Text | None) -> None:
    """A literal that reads as an expression over columns that are there was most likely meant as one.

    The name of a column alone is a literal: `SRCVAR: {const: ADT}`.

    Raises:
        SpecError: it is `AGE + 1`, or `ADSL.TRTSDT`.
    """
    try:
        tree = sql.parse(const) if const is not None else None
    except SpecError:
        return
    names = list(sql.columns(tree)) if tree is not None else []
    if tree is None or not names or names == [("", str(const))]:
        return
    source = scope.relation.source
    known = {*scope.relation.names, *(source.names if source is not None else ())}
    lookups = {"ADSL", "THIS", *scope.context.spec.lookups}
    if all(qualifier in lookups if qualifier else column in known for qualifier, column in names):
        said = f"const: {str(const)!r} is a literal text, and looks like an expression over columns that are there"
        mend = "write it without const:, or with sql:; for the text itself sql: \"'...'\""
        raise SpecError(said, where=const.where if const is not None else "", mend=mend)


def plan_guarded(scope: Scope, column: str, producer: Producer, node: Node, plan_it: Coerce) -> None:
    """`when` beside a verb that makes its own table: the value in a hidden column, kept where the guard is true."""
    assert producer.when is not None
    key = f"_~{column}~always"
    free = producer.model_copy(update={"when": None})
    scope.relation.names[key] = Definition(producer.where, lambda inner: plan_it(scope, key, free, inner))
    guard = scope.bind(producer.when)
    node.needs.extend([*guard.needs, scope.plan.node(scope.relation, key)])
    node.expression = lambda source: _guard(guard, lambda s: Compiled(s.own(key)), source)


def _guard(guard: Bound, value: Expression, source: From) -> Compiled:
    inner, condition = value(source), guard.compile(source)
    kept = [probe.within(condition.sql) for probe in inner.probes]
    return Compiled(f"CASE WHEN {condition.sql} THEN {inner.sql} END", [*condition.probes, *kept])


def _plan_imputed(scope: Scope, column: str, producer: Producer, node: Node) -> None:
    """The flag of another variable, by that variable's own rule, so that the two cannot disagree."""
    target = producer.imputed
    assert target is not None
    rules = _rules(scope, str(target))
    if len(set(map(str, rules))) != 1:
        said = "is made by different rules in the blocks" if rules else "is not made by dt() or dtm() in this spec"
        raise SpecError(
            f"imputed: {target} {said}", where=target.where, mend="make the flag beside the date, in each block's set"
        )
    bound = scope.bind(rules[0])
    node.needs.extend([*bound.needs, scope.plan.node(scope.relation, str(target))])
    of_time = column.removesuffix("~always").endswith("TMF")
    node.expression = lambda source: _flag_of(source, str(target), bound.flag(source, of_time))


def _flag_of(source: From, target: str, flag: Compiled) -> Compiled:
    """The flag where the date is: an expression around the rule, or a `when`, may have taken it away."""
    return Compiled(f"CASE WHEN {source.own(target)} IS NOT NULL THEN {flag.sql} END", flag.probes)


def _rules(scope: Scope, target: str) -> list[Text]:
    """The expressions that make a variable: the block's own, or the dataset's, or those of all its blocks."""
    own = scope.relation.made_by.get(target) if scope.block else None
    if own is not None:
        return [own]
    spec = scope.context.spec
    found = [spec.variables[target]] if target in spec.variables and spec.variables[target].verb else []
    found = found or [block.set[target] for block in spec.records if target in block.set]
    return [producer.sql for producer in found if producer.sql is not None]


def copied(scope: Scope, link: str, column: str) -> Callable[[Node], None]:
    """A column of the row behind a link, under its own name; where the rows are the same, its table is shared."""

    def fill(node: Node) -> None:
        reference = scope.via(link, None, column, Text(column, node.where))
        node.needs.extend(reference.needs)
        if not scope.relation.links[link].identity:
            node.expression = lambda source: Compiled(reference.sql(source))
            node.plain = link == ""
            return
        node.run = lambda: _share(scope, link, column)

    return fill


def _share(scope: Scope, link: str, column: str) -> None:
    part = scope.relation.links[link].stack.parts[0]
    actual = part.actual(column)
    assert actual is not None
    if actual == column:
        scope.relation.home[column] = part.relation.home[column]
        scope.relation.types[column] = part.relation.types[column]
        if (codes := part.relation.codes.get(column)) is not None:
            scope.relation.codes.put(column, codes)
        return
    source = From(scope.relation)
    value = aliased(source.via(link, column), column)
    table = scope.plan.warehouse.create(f"SELECT r._row AS _row, {value} {source.clause()}")
    settle(scope.plan, scope.relation, table, [column])
