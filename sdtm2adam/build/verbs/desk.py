"""A small study in memory: frames as its datasets, and one spec whose only dataset is what a verb makes."""

from __future__ import annotations

import sys
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sdtm2adam.build.arrow_types import as_type
from sdtm2adam.build.engine import compute
from sdtm2adam.build.metadata import type_of
from sdtm2adam.build.node import Node
from sdtm2adam.build.plan import Context, Plan
from sdtm2adam.build.quoting import name as quoted
from sdtm2adam.build.study import Inputs, planned, raise_errors
from sdtm2adam.build.verbs.frames import POSITION, Frames
from sdtm2adam.build.verbs.said import alone
from sdtm2adam.errors import InputError, SpecError, SpecErrors
from sdtm2adam.model import Issue, Severity
from sdtm2adam.spec.dataset import DatasetSpec
from sdtm2adam.spec.library import Rows, Specs
from sdtm2adam.spec.study import Study

OWN = "<frame>"
"""Ends the name of the first frame where the dataset that is made bears its name."""


class IssueWarning(UserWarning):
    """Something in the frames that a person should know of, and that did not stop a verb."""


@dataclass(frozen=True)
class Job:
    """What is to be made.

    Args:
        frames: the data.
        spec: its only dataset; `rows_are_own` tells that its rows are those of the first frame, one for one.
        stage: adam, or sdtm where values are coerced to the standard.
        study: keys of study.yaml beside `study`.
        tables: small tables by name.
        issues: gets all issues; None: errors stop, others are Python warnings.
    """

    frames: Frames
    spec: DatasetSpec
    rows_are_own: bool = True
    stage: str = "adam"
    study: Mapping[str, Any] = field(default_factory=dict)
    tables: Mapping[str, Rows] = field(default_factory=dict)
    issues: list[Issue] | None = None


@dataclass
class Desk:
    """A plan over the frames, and where each row stands in the caller's frames once it is computed."""

    job: Job
    plan: Plan
    context: Context
    positions: dict[str, np.ndarray[Any, np.dtype[np.int64]]] = field(default_factory=dict)

    def compute(self, nodes: list[Node]) -> None:
        """Computes nodes and the places of all rows they may come from.

        Raises:
            SpecError: something is said wrongly.
            InputError: the frames stop the verb, or hold an error and nobody asked for the issues.
        """
        raise_errors(self.plan)
        used = {relation.key for relation, _ in self.plan.nodes}
        places = [self.plan.node(self.plan.relations[key], POSITION) for key in self._keys() if key in used]
        compute(self.plan, [*nodes, *places])
        for check_ties in self.plan.afterwards:
            check_ties()
        self.positions = {node.relation.key: self._position(node) for node in places}
        _tell(sorted(set(self.plan.issues)), self.job.issues)

    def _keys(self) -> list[str]:
        """The names of the frames in the plan."""
        frames, own = self.job.frames, self.job.rows_are_own
        return [name + OWN if own and name == frames.own else name for name in frames.tables]

    def _position(self, node: Node) -> np.ndarray[Any, np.dtype[np.int64]]:
        items = f"SELECT {quoted(POSITION)} AS p FROM {node.relation.home[POSITION]} ORDER BY _row"
        found: np.ndarray[Any, np.dtype[np.int64]] = self.plan.warehouse.arrow(items)["p"].to_numpy()
        return found

    def column(self, name: str) -> pa.ChunkedArray:
        """A computed column of the dataset in the order of its rows, as the type a variable has.

        Raises:
            SpecError: it is of a type that no variable can have.
        """
        relation = self.context.relation
        kind = relation.types[name]
        if kind.startswith(("INTERVAL", "STRUCT")) or kind.endswith("]"):
            said = f"{relation.key}.{name} is made as {kind.lower()}, which no variable can be"
            raise SpecError(said, where="name", mend="days(a, b) counts days; cast(X as date) makes a date")
        found = self.plan.warehouse.arrow(f"SELECT {quoted(name)} AS v FROM {relation.home[name]} ORDER BY _row")
        return as_type(f"{relation.key}.{name}", found["v"], type_of(kind))


@contextmanager
def desk(job: Job) -> Iterator[Desk]:
    """The small study of a verb, planned; its private database ends with the context.

    Raises:
        SpecError: something is said wrongly: the one thing alone, several together.
    """
    name = str(job.spec.dataset)
    with tempfile.TemporaryDirectory(prefix="sdtm2adam-") as folder:
        paths = _written(job, Path(folder))
        study = Study.model_validate({"study": "FRAMES", **job.study})
        specs = Specs(
            folder=Path(folder), shelf=Path(folder), study=study, contracts={},
            sdtm={name: job.spec} if job.stage == "sdtm" else {}, adam={name: job.spec} if job.stage == "adam" else {},
            tables={("", table): rows for table, rows in job.tables.items()},
        )  # fmt: skip
        try:
            with planned(specs, Inputs(sdtm=paths)) as plan:
                plan.relation(name, None)
                raise_errors(plan)
                yield Desk(job, plan, plan.contexts[name])
        except SpecErrors as errors:
            raise alone(errors) from errors


def _written(job: Job, folder: Path) -> dict[str, Path]:
    """The frames as files in a private folder, read by the engine as any dataset is."""
    paths = {}
    for number, (name, table) in enumerate(job.frames.tables.items()):
        path = folder / f"{number}.parquet"
        pq.write_table(table, path)
        paths[name + OWN if job.rows_are_own and name == job.frames.own else name] = path
    return paths


def _tell(found: list[Issue], issues: list[Issue] | None) -> None:
    if issues is not None:
        issues.extend(found)
        return
    errors = [issue for issue in found if issue.severity == Severity.ERROR]
    if errors:
        said = "; ".join(f"{issue.text} ({issue.rule}, {issue.records} rows)" for issue in errors[:5])
        raise InputError(said, where=errors[0].source or "frames", mend="correct the values, or collect: issues=[]")
    for issue in found:
        warnings.warn(f"{issue.text} ({issue.rule}, {issue.records} rows)", IssueWarning, stacklevel=_caller())


def _caller() -> int:
    """How far up the line stands that called a verb."""
    level, frame = 1, sys._getframe(1)
    while frame.f_back is not None and str(frame.f_globals.get("__name__")).startswith("sdtm2adam.build.verbs"):
        level, frame = level + 1, frame.f_back
    return level
