"""Runs a plan: level after level, one SELECT per relation and level for what needs its own row only."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby

import duckdb

from sdtm2adam.build.by_codes import compute_by_codes
from sdtm2adam.build.long_texts import cut_long_texts
from sdtm2adam.build.losses import tell_own_losses
from sdtm2adam.build.misfit import MEND, said_of
from sdtm2adam.build.node import Node, rounds
from sdtm2adam.build.plan import Plan
from sdtm2adam.build.quoting import aliased
from sdtm2adam.build.relation import From, Relation, shown_key
from sdtm2adam.build.rows import settle
from sdtm2adam.errors import InputError, InputErrors, Sdtm2adamError, SpecError, SpecErrors

Progress = Callable[[str, int, int], None]
"""(what, done, of)"""


def compute(plan: Plan, nodes: Iterable[Node], progress: Progress | None = None) -> None:
    """Computes the nodes and all they need.

    Raises:
        SpecError: an expression does not fit the types of its columns.
        InputErrors: the data break a rule that stops the run; all of one level together.
    """
    levels = rounds(nodes)
    for need in (need for level in levels for node in level for need in node.needs):
        need.needed = True
    errors: list[Sdtm2adamError] = []
    failed: set[Node] = set()
    for number, level in enumerate(levels):
        failed |= {node for node in level if any(need in failed for need in node.needs)}
        ready = [node for node in level if not node.done and node not in failed]
        if progress:
            progress(_shown(ready), number, len(levels))
        for relation, group in groupby(ready, key=lambda node: node.relation):
            _level(plan, relation, list(group), errors, failed)
    if errors:
        kind = SpecErrors if any(isinstance(error, SpecError) for error in errors) else InputErrors
        raise errors[0] if len(errors) == 1 else kind(errors)


def _shown(nodes: list[Node]) -> str:
    return ", ".join(sorted({node.relation.key.split("/")[0] for node in nodes}))


def _level(plan: Plan, relation: Relation, nodes: list[Node], errors: list[Sdtm2adamError], failed: set[Node]) -> None:
    """Computes the nodes of one relation; what fails is told, and what needs it is passed over."""
    for node in nodes:
        if node.run:
            try:
                node.run()
            except (InputErrors, SpecErrors) as several:
                errors.extend(several.errors)
                failed.add(node)
            except (InputError, SpecError) as error:
                errors.append(error)
                failed.add(node)
            except duckdb.Error as error:
                errors.append(_explained(node, error))
                failed.add(node)
        node.done = True
    columns, met = compute_by_codes(plan, relation, [node for node in nodes if node.expression])
    if met:
        _probe(plan, relation, met)
    if columns:
        _select(plan, relation, columns, errors, failed)
    cut_long_texts(plan, relation, [node.name for node in nodes if node not in failed])


def _select(plan: Plan, relation: Relation, nodes: list[Node], errors: list[Sdtm2adamError], failed: set[Node]) -> None:
    """One SELECT for all columns of a level; each alone where one of them fails, to name it."""
    source = From(relation)
    compiled = {node.name: node.expression(source) for node in nodes if node.expression}
    items = [aliased(value.sql, column) for column, value in compiled.items()]
    try:
        table = plan.warehouse.create(f"SELECT r._row AS _row, {', '.join(items)} {source.clause()}")
    except duckdb.Error as error:
        told = [said for node in nodes if (said := _alone(plan, relation, node)) is not None]
        errors.extend(told or [_explained(nodes[0], error)])
        failed.update(nodes)
        return
    settle(plan, relation, table, list(compiled))
    if relation.count:
        _probe(plan, relation, [node for node in nodes if compiled[node.name].probes])


def _alone(plan: Plan, relation: Relation, node: Node) -> SpecError | None:
    """What is wrong with one column, if anything."""
    source = From(relation)
    assert node.expression is not None
    value = node.expression(source)
    try:
        plan.warehouse.rows(f"SELECT count(*) FROM (SELECT {value.sql} AS x {source.clause()}) WHERE x IS NULL")
    except duckdb.Error as error:
        return _explained(node, error)
    return None


def _explained(node: Node, error: duckdb.Error) -> SpecError:
    """What DuckDB refused, in the words of the spec."""
    return SpecError(
        f"{shown_key(node.title)}: the expression does not fit its columns: {said_of(error)}",
        where=node.where or node.relation.key,
        mend=MEND,
    )


def _probe(plan: Plan, relation: Relation, nodes: list[Node]) -> None:
    """Looks once whether any probe of a level is met, and asks for values and records of those that are."""
    source = From(relation)
    probes = [(node, probe) for node in nodes if node.expression for probe in node.expression(source).probes]
    tell_own_losses(plan, relation, source, probes)
