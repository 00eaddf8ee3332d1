"""What a verb gives back: the first frame with columns more, or a frame of new rows; and the lineage of both."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from sdtm2adam.build.assembly import variables_of
from sdtm2adam.build.matching import plan_matching
from sdtm2adam.build.node import Node
from sdtm2adam.build.scope import Scope
from sdtm2adam.build.verbs.desk import OWN, Desk, Job, desk
from sdtm2adam.build.verbs.edges import of_pairs, of_pick, of_rows
from sdtm2adam.build.verbs.frames import ALONE, POSITION, Frame, Frames, frames_of, free
from sdtm2adam.build.verbs.said import arguments, model_of
from sdtm2adam.model import Issue
from sdtm2adam.spec.dataset import Block, DatasetSpec
from sdtm2adam.spec.library import Rows
from sdtm2adam.spec.producer import Agg, Producer
from sdtm2adam.spec.yaml import Text

Said = Mapping[str, Any]
Made = tuple[Frame, Frame]
"""(frame, lineage), both of the kind of the first frame given."""
Given = Frame | Mapping[str, Frame]


def with_columns(
    given: Given,
    producers: Mapping[str, Producer],
    *,
    maps: Said | None = None,
    lookups: Said | None = None,
    issues: list[Issue] | None = None,
    alone: str = ALONE,
    stage: str = "adam",
    study: Said | None = None,
    tables: Mapping[str, Rows] | None = None,
    lineage: bool = True,
) -> Made:
    """The first frame with the columns that producers make.

    Args:
        given: the frames of the caller.
        producers: of the new columns, by name.
        maps: for recode.
        lookups: rows found once for each row, by name.
        issues: gets what is odd in the data.
        alone: what a frame without a name is called.
        stage: sdtm where values are coerced to the standard.
        study: further keys of study.yaml.
        tables: small tables of the study.
        lineage: whether to list the rows that an agg read, which may be many for each row.
    """
    frames = frames_of(given, alone)
    for name in producers:
        free(frames, name)
    said = {"maps": maps, "lookups": lookups}
    spec = _spec(frames.own, arguments(said), records=[_whole(frames)], variables=dict(producers))
    job = Job(frames, spec, stage=stage, study=study or {}, tables=tables or {}, issues=issues)
    with desk(job) as at:
        relation = at.context.relation
        nodes = [at.plan.node(relation, name) for name in producers]
        name, producer = next(iter(producers.items()))
        pairs = _pairs(at, producer.agg) if producer.agg is not None and len(producers) == 1 else None
        at.compute([*nodes, *(pairs[0] if pairs else []), at.plan.rows_node(relation)])
        places = at.positions[frames.own + OWN]
        made = {column: at.column(column).take(pa.array(np.argsort(places))) for column in producers}
        if pairs:
            edges = of_pairs(at, places, *pairs[1](), listed=lineage)
        elif "%" + name in relation.links:
            edges = of_pick(at, places, name)
        else:
            edges = of_rows(at, places)
        return frames.added(made), frames.alike(edges)


def _whole(frames: Frames) -> Block:
    """The block that has the rows and columns of the first frame."""
    own = frames.tables[frames.own]
    copy = [Text(name, "frames") for name in own.column_names if name != POSITION]
    return Block.model_validate({"from": [Text(frames.own + OWN, "frames")], "copy": copy})


def _spec(dataset: str, said: Said, **made: Any) -> DatasetSpec:
    """A spec of one dataset: what the caller said, checked word by word, and what the program made."""
    whole = arguments({"dataset": Text(dataset, "frames"), "keys": Text(POSITION, "frames")})
    for key, tree in said.items():
        whole[key], whole.key_where[key] = tree, key
    return model_of(DatasetSpec, whole, dataset).model_copy(update={k: _kept(v) for k, v in made.items()})


def _kept(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _pairs(at: Desk, agg: Agg) -> tuple[list[Node], Callable[[], tuple[str, Any]]]:
    """What must be there to say which rows an agg read, and the SELECT that says it."""
    node = Node(at.context.relation, "~pairs", "")
    matching = plan_matching(Scope(at.plan, at.context, at.context.relation), agg, agg.where, node, [agg.value])
    items = ["s._nr AS _nr", "s._srow AS _srow"]
    return node.needs, lambda: (matching.match().pairs(items), matching.stack)


# --- rows -----------------------------------------------------------------------------------------------------------


def new_rows(
    given: Given,
    dataset: str,
    block: Callable[[Frames], Block],
    *,
    said: Said | None = None,
    stage: str = "adam",
    issues: list[Issue] | None = None,
) -> Made:
    """The rows of one block, with its columns, in the order of the engine: by subject and sequence, not by place.

    Args:
        given: the frames of the caller.
        dataset: how the result is called.
        block: the block, made when the names of the frames are known.
        said: maps, lookups and sources, as trees.
        stage: sdtm where values are coerced to the standard.
        issues: gets what is odd in the data.
    """
    frames = frames_of(given)
    spec = _spec(dataset, said or {}, records=[block(frames)])
    with desk(Job(frames, spec, rows_are_own=False, stage=stage, issues=issues)) as at:
        relation = at.context.relation
        names = [name for name in variables_of(at.context) if _is_shown(name, spec.records[0], frames)]
        nodes = [at.plan.node(relation, name) for name in names]
        at.compute([*nodes, at.plan.rows_node(relation)])
        table = pa.table({name: at.column(name) for name in names})
        return frames.alike(table), frames.alike(of_rows(at, np.arange(relation.count, dtype=np.int64)))


def _is_shown(name: str, block: Block, frames: Frames) -> bool:
    """Whether a column is given back: no helper, and no STUDYID that nobody gave."""
    if name.startswith("_") or "~" in name:
        return False
    given = any(name in table.column_names for table in frames.tables.values())
    return name != "STUDYID" or given or name in block.set or name in block.const


def only(producer: Producer, name: str | Sequence[str]) -> dict[str, Producer]:
    """A producer for one name, or for each of several."""
    return dict.fromkeys([name] if isinstance(name, str) else name, producer)
