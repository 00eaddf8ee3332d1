"""What specs say themselves of the values of variables: constants, targets of maps, codes of unpivot, literals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

from sqlglot import exp

from sdtm2adam.errors import SpecError
from sdtm2adam.spec import sql
from sdtm2adam.spec.dataset import Block, DatasetSpec
from sdtm2adam.spec.producer import Pick, Producer
from sdtm2adam.spec.yaml import Text

Maps = Mapping[str, Mapping[str, Text]]


@dataclass(frozen=True)
class Said:
    """A text that a spec gives a variable; `coerced`: it becomes a submission value by any of its names.

    Without a text: the variable is filled by data alone.
    """

    column: str
    text: Text | None = None
    coerced: bool = True
    codelist: Text | None = None


def said_by(spec: DatasetSpec, maps: Maps, stage: str) -> Iterator[Said]:
    """All texts that a spec gives variables, and for each SDTM variable the targets of the map named like it.

    Where a spec says `codelist: none` nothing is expected of them, so they are left out.
    """
    for one in _of_spec(spec, maps):
        if one.codelist == "none":
            continue
        if stage != "sdtm":
            yield Said(one.column, one.text, coerced=False, codelist=one.codelist)
            continue
        yield one
        targets = maps.get(one.column, {}).values()
        yield from (Said(one.column, target, coerced=False, codelist=one.codelist) for target in targets)


def _of_spec(spec: DatasetSpec, maps: Maps) -> Iterator[Said]:
    for block in (*spec.work, *spec.records):
        yield from _of_block(spec, block, maps)
    for source in spec.sources.values():
        yield from _of_names(source.set, source.const, maps)
    yield from _of_names({**spec.variables}, {}, maps)


def _of_block(spec: DatasetSpec, block: Block, maps: Maps) -> Iterator[Said]:
    yield from _of_names(block.set, block.const, maps)
    into = str(block.into) if block.into is not None else f"{spec.dataset[:2]}TESTCD"
    for code, overlay in block.unpivot.items():
        place = next((producer.where for producer in overlay.values() if producer.where), spec.dataset.where)
        yield Said(into, Text(code, place))
        yield from _of_names(overlay, {}, maps)
    if block.pick is not None:
        yield from _of_pick(block.pick, maps)


def _of_pick(pick: Pick, maps: Maps) -> Iterator[Said]:
    for candidate in pick.candidates:
        yield from _of_names(candidate.set, candidate.const, maps)
    if pick.else_ is not None and not isinstance(pick.else_, Text):
        yield from _of_names(pick.else_.set, pick.else_.const, maps)


def _of_names(made: Mapping[str, Producer], constants: Mapping[str, Text], maps: Maps) -> Iterator[Said]:
    yield from (Said(column, text) for column, text in constants.items())
    for column, producer in made.items():
        target = str(producer.like) if producer.like is not None else column
        texts = list(_of_producer(producer, maps))
        yield from (Said(target, text, codelist=producer.codelist) for text in texts or (None,))


def _of_producer(producer: Producer, maps: Maps) -> Iterator[Text]:
    """The texts that a producer may give."""
    if producer.const is not None:
        yield producer.const
    if producer.sql is not None:
        with suppress(SpecError):  # told where the expression is planned
            yield from _results(sql.parse(producer.sql), producer.sql.where, maps)
    if producer.exists is not None:
        yield Text(str(producer.exists.then), producer.where)
        yield from [producer.exists.else_] if producer.exists.else_ is not None else []
    if producer.pick is not None and isinstance(producer.pick.else_, Text):
        yield producer.pick.else_


def _results(tree: exp.Expr, where: str, maps: Maps) -> Iterator[Text]:
    """The literal texts that an expression may give: itself, branches of CASE and coalesce, targets of recode."""
    if isinstance(tree, exp.Literal) and tree.is_string:
        yield Text(tree.this, where)
    elif isinstance(tree, exp.Paren):
        yield from _results(tree.this, where, maps)
    elif isinstance(tree, exp.Case):
        for branch in [*(item.args["true"] for item in tree.args["ifs"]), tree.args.get("default")]:
            yield from _results(branch, where, maps) if branch is not None else ()
    elif isinstance(tree, exp.Coalesce):
        for branch in [tree.this, *tree.expressions]:
            yield from _results(branch, where, maps)
    elif isinstance(tree, exp.Anonymous) and tree.name.lower() == "recode" and len(tree.expressions) == 2:
        yield from maps.get(tree.expressions[1].name, {}).values()
