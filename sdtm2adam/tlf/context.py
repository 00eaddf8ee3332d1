"""What the methods of an output share: its subjects, its records, its columns, its results."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from sdtm2adam.errors import InputError
from sdtm2adam.spec.conditions import comparisons
from sdtm2adam.spec.display_plan import DisplayRow, DisplaySpec, Leaf, RowSource, place_of, spans
from sdtm2adam.spec.report import Report
from sdtm2adam.tlf.cells import Statistic
from sdtm2adam.tlf.collect import Collector, Place
from sdtm2adam.tlf.identity import ID_LENGTH, Naming
from sdtm2adam.tlf.members import Part
from sdtm2adam.tlf.population import Frames, Mask, Population
from sdtm2adam.tlf.records import Records


@dataclass(frozen=True, slots=True)
class Arms:
    """The two arms compared under a span, as subjects, and where the comparison stands."""

    treatment: Mask
    control: Mask
    columns: tuple[Leaf, ...]

    @property
    def both(self) -> Mask:
        """The subjects of both arms."""
        return self.treatment | self.control


@dataclass
class Context:
    """One output being analysed.

    `chosen` is the analysis set where it is not that of the output. `denominators` has, for each row that others may
    take as base, the result and the subjects of each column; `kept` is what a kind reads once and uses in many rows.
    """

    spec: DisplaySpec
    report: Report
    frames: Frames
    denominators: dict[str, list[tuple[str, Mask]]] = field(default_factory=dict)
    kept: dict[str, Any] = field(default_factory=dict)
    chosen: str = ""

    @cached_property
    def population(self) -> Population:
        """The analysis set."""
        return Population(self.spec, self.report, self.frames, self.chosen)

    def of_population(self, name: str) -> Context:
        """The same output over another analysis set, with the same results; an empty name is the output's own set."""
        if not name:
            return self
        others: dict[str, Context] = self.kept.setdefault("populations", {})
        if name not in others:
            other = Context(self.spec, self.report, self.frames, chosen=name)
            other.collector = self.collector
            other.denominators[""] = [("", other.membership[:, at]) for at in range(len(self.spec.leaves))]
            others[name] = other
        return others[name]

    @cached_property
    def naming(self) -> Naming:
        """Gives results their names."""
        return Naming(self.spec.id, self.report, self.spec.part)

    @cached_property
    def collector(self) -> Collector:
        """The results so far."""
        return Collector(self.naming, self.spec)

    @cached_property
    def adsl(self) -> Records:
        """The subjects as records of ADSL."""
        return Records("ADSL", self.population, self.frames, str(self.spec.text.id.where))

    @cached_property
    def records(self) -> Records:
        """The records of the output's dataset that count."""
        return self.records_of(RowSource(self.spec.text.data, self.spec.condition))

    def records_of(self, source: RowSource) -> Records:
        """The records that a row reads."""
        if source.dataset == "ADSL" and source.condition is None:
            return self.adsl
        kept: dict[Any, Records] = self.kept.setdefault("records", {})
        key = source.dataset, source.condition
        if key not in kept:
            where = source.text.dataset.where
            kept[key] = Records(source.dataset, self.population, self.frames, where, source.condition)
        return kept[key]

    @cached_property
    def membership(self) -> Mask:
        """Subjects by leaf columns."""
        return self.population.membership(self.spec.leaves)

    def home(self, row: DisplayRow) -> Records:
        """The records a row counts: those of ADSL where it names no other dataset, else its own or the output's."""
        named = {part.dataset for part in comparisons(row.condition)} | {factor.dataset for factor in row.factors}
        named |= {row.dataset} if row.variable else set()
        source = self.spec.source_of(row)
        return self.adsl if named == {"ADSL"} and source.dataset != "ADSL" else self.records_of(source)

    def inside(self, row: DisplayRow) -> Mask:
        """Subjects by leaf columns, those of the row's base."""
        if not row.base:
            return self.membership
        return np.stack([subjects for _, subjects in self.denominators[row.base]], axis=1)

    def count_columns(self) -> None:
        """The column N: subjects of the analysis set in each leaf column."""
        self.denominators[""] = []
        for at, leaf in enumerate(self.spec.leaves):
            subjects = self.membership[:, at]
            members = self.collector.members.put(Part(self.adsl, np.flatnonzero(subjects), "DEN"))
            place = Place(self.naming.column_groups(leaf), members=members)
            self.collector.add(self.naming.total, place, {"n": Statistic(float(subjects.sum()))})
            name = self.naming.id_of(self.naming.total, "n", place.groups)
            self.denominators[""].append((name, subjects))

    def arms(self, columns: tuple[Leaf, ...]) -> Arms:
        """The arms under a span: the reference level of the innermost grouping is the control."""
        ref = self.report.groupings[columns[0].groupings[-1]].ref
        control = next(leaf for leaf in columns if leaf.arm == (ref or columns[-1].arm))
        treatment = next(leaf for leaf in columns if leaf.arm != control.arm)
        return Arms(self.population.leaf(treatment), self.population.leaf(control), columns)

    def comparisons(self, row: DisplayRow) -> Iterable[Arms]:
        """The arms of each span the row is printed under; in columns each arm with the reference."""
        if row.place == "column":
            pairs = [self.naming.pair(leaf, self.spec.leaves) for leaf in self.spec.leaves if row.applies(leaf)]
            return [self.arms(pair) for pair in pairs if pair is not None]
        under = spans(self.spec.leaves)
        return [self.arms(under[head]) for head in place_of(self.spec.leaves, row.place)]

    def span_place(self, row: DisplayRow, arms: Arms, *parts: Part) -> Place:
        """Where a comparison stands, with the records behind it."""
        in_column = row.place == "column"
        groups = self.naming.column_groups(arms.columns[0]) if in_column else self.naming.span_groups(arms.columns)
        comparison = self.naming.comparison(arms.columns)
        return Place(groups, comparison, self.collector.members.put(*parts))

    def strata(self, subjects: Mask) -> Any:
        """The stratum of each subject, from the factors as randomised.

        Raises:
            InputError: a subject has no value of a factor.
        """
        return stratum_codes(self, subjects)

    def beside(self, part: DisplaySpec) -> Context:
        """A part of the output: with subjects and records of its own, its results among those of the output."""
        other = Context(part, self.report, self.frames)
        whole = self.collector
        other.collector = Collector(other.naming, part, whole.members, whole.rows, whole.blocks)
        return other

    def under(self, columns: tuple[Leaf, ...]) -> Context:
        """The same subjects and records under other leaf columns."""
        other = self.beside(replace(self.spec, leaves=columns))
        other.population, other.adsl, other.records, other.kept = self.population, self.adsl, self.records, self.kept
        return other

    def data_hash(self) -> str:
        """A hash of the values the output read, whatever the order of the records."""
        digest = hashlib.sha256()
        for dataset in sorted({name for name, _ in self.frames.read}):
            variables = sorted(variable for name, variable in self.frames.read if name == dataset)
            frame = self.frames.datasets[dataset][variables]
            hashes = pd.util.hash_pandas_object(frame, index=False).to_numpy()
            digest.update(f"{dataset}:{','.join(variables)}".encode() + np.sort(hashes).tobytes())
        return digest.hexdigest()[:ID_LENGTH]


def stratum_codes(context: Context, subjects: Mask) -> Any:
    """One number per stratum, for the chosen subjects."""
    names = [name.split(".")[-1] for name in context.report.params.strata]
    columns = [context.population.column(name)[subjects] for name in names]
    for name, column in zip(names, columns, strict=True):
        if column.isna().any():
            first = context.population.subjects[subjects][column.isna()].iloc[0]
            raise InputError(
                f"{int(column.isna().sum())} subjects have no {name} (first: {first})",
                where=f"ADSL.{name}",
                mend="stratified methods need the randomised value of every subject",
            )
    frame = pd.DataFrame(dict(enumerate(columns)))
    return frame.groupby(list(frame.columns), sort=True).ngroup().to_numpy()
