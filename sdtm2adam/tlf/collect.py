"""Collects the results of one output, one row per statistic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from sdtm2adam import __version__
from sdtm2adam.analysis.estimate import Estimate
from sdtm2adam.errors import InternalError
from sdtm2adam.model import RESULT_COLUMNS, Results
from sdtm2adam.spec.conditions import Comparison, comparisons
from sdtm2adam.spec.display_plan import DisplayRow, DisplaySpec
from sdtm2adam.spec.methods import METHOD_STATISTICS
from sdtm2adam.spec.patterns import Field, fields
from sdtm2adam.spec.subsets import subset_id, subset_of
from sdtm2adam.tlf.cells import RATES, Statistic, statistic_text
from sdtm2adam.tlf.identity import Group, Naming
from sdtm2adam.tlf.members import NO_MEMBERS, Members, MemberSet
from sdtm2adam.tlf.result_frame import NUMBERS, Stored, result_frame

STATISTIC_NAMES = {
    "n": ("n", "n"),
    "pct": ("pct", "%"),
    "events": ("n.events", "Number of events"),
    "years": ("exposure", "Patient-years"),
    "mean": ("mean", "Mean"),
    "sd": ("sd", "SD"),
    "median": ("median", "Median"),
    "q1": ("p25", "Q1"),
    "q3": ("p75", "Q3"),
    "min": ("min", "Min"),
    "max": ("max", "Max"),
    "minc": ("min.censored", "Min censored"),
    "maxc": ("max.censored", "Max censored"),
    "est": ("estimate", "Estimate"),
    "lower": ("conf.low", "Lower CL"),
    "upper": ("conf.high", "Upper CL"),
    "p": ("p.value", "p-value"),
    "geo_mean": ("geo.mean", "Geometric mean"),
    "geo_cv": ("geo.cv", "Geometric CV%"),
    "before": ("median.before", "Median before"),
    "after": ("median.after", "Median after"),
    "change": ("median.change", "Median change"),
}
"""Each statistic's name and label, in the words of R's cards."""

_LIMIT = "limit not reached"


@dataclass(frozen=True, slots=True)
class Place:
    """Where results stand: their groups, what they compare, and the records behind them."""

    groups: tuple[Group, ...]
    comparison: str = ""
    members: MemberSet = NO_MEMBERS
    numerator: str = ""
    denominator: str = ""


@dataclass
class Collector:
    """The results of one output while they are made.

    Args:
        naming: gives each result its id.
        spec: the output.
    """

    naming: Naming
    spec: DisplaySpec
    members: Members = field(default_factory=Members)
    rows: dict[str, Stored] = field(default_factory=dict)
    blocks: list[Any] = field(default_factory=list)
    _abouts: dict[int, tuple[DisplayRow, dict[str, Any]]] = field(default_factory=dict)

    def add(self, row: DisplayRow, place: Place, statistics: Mapping[str, Statistic], total: int | None = None) -> None:
        """Store the statistics of a cell that the row prints.

        Raises:
            InternalError: a result of this identity is there already.
        """
        printed = fields(row.format) or (Field("n", "xxx"),)
        texts = {part.name: statistic_text(row.method, part, statistics[part.name], total) for part in printed}
        for part in printed:
            alone = part.name == "pct" and texts.get("n") == "0"
            self._store(row, place, part, statistics[part.name], "" if alone else texts[part.name])

    def add_estimate(self, row: DisplayRow, place: Place, estimate: Estimate) -> None:
        """Store what a method handed back."""
        scale = 100.0 if row.method in RATES else 1.0

        def scaled(value: float | None, status: str) -> Statistic:
            if value is None or status != "OK":
                return Statistic(None, estimate.test, status if status != "OK" else "NE", estimate.reason or _LIMIT)
            return Statistic(value * scale, estimate.test)

        self.add(
            row,
            place,
            {
                "est": scaled(estimate.estimate, estimate.status),
                "lower": scaled(estimate.lower, estimate.lower_status),
                "upper": scaled(estimate.upper, estimate.upper_status),
                "p": scaled(estimate.p, estimate.status),
            },
        )

    def _store(self, row: DisplayRow, place: Place, part: Field, statistic: Statistic, text: str) -> None:
        name = self.naming.id_of(row, part.name, place.groups, place.comparison)
        if name in self.rows:
            raise InternalError(
                f"two results of {row.analysis} have one identity ({part.name})",
                where=self.spec.id,
                mend="report this with the display spec",
            )
        own = (
            f"{row.method}.{part.name}",
            float(METHOD_STATISTICS.get(row.method, (part.name,)).index(part.name) + 1),
            place.comparison,
            *STATISTIC_NAMES[part.name],
            statistic.value,
            statistic.text,
            statistic.status,
            statistic.reason,
            "Y" if text else "N",
            part.pattern,
            text,
            name,
            place.numerator,
            place.denominator,
            place.members.id,
            float(place.members.subjects),
            float(place.members.records),
        )
        self.rows[name] = Stored(self._about(row), place.groups, own)

    def add_block(self, row: DisplayRow, **columns: Any) -> None:
        """Store many results of one row at once; columns not given are those of the row, or blank."""
        self.blocks.append(pd.DataFrame(columns).assign(**self._about(row)))

    def _about(self, row: DisplayRow) -> dict[str, Any]:
        """What all results of a row share; told once for each row."""
        if id(row) not in self._abouts:
            self._abouts[id(row)] = (row, self._described(row))
        return self._abouts[id(row)][1]

    def _described(self, row: DisplayRow) -> dict[str, Any]:
        text = self.spec.text
        named = list(comparisons(row.condition))
        source = self.spec.source_of(row)
        parameters = [part for part in (*named, *comparisons(source.condition)) if part.variable == "PARAMCD"]
        dataset, variable = self._analysed(row, named)
        return {
            "study_id": str(self.naming.report.study.id),
            "output_id": self.spec.id,
            "analysis_id": row.analysis,
            "reason": str(text.reason),
            "purpose": str(text.purpose),
            "set_id": row.population or str(text.population),
            "subset_id": subset_id(subset_of(self.spec, row)),
            "dataset": dataset,
            "variable": variable,
            "paramcd": str(parameters[0].values[0]) if parameters else "",
            "method_id": row.method,
            "params": self.naming.params(row),
        }

    def _analysed(self, row: DisplayRow, named: list[Comparison]) -> tuple[str, str]:
        """The dataset and the variable that a row analyses."""
        data = self.spec.source_of(row).text
        if row.analysis == self.naming.total.analysis:
            return "ADSL", "USUBJID"
        if row.variable:
            return row.dataset, row.variable
        if row.factors:
            return row.factors[-1].dataset, row.factors[-1].variable
        if data.time is not None and row.method != "M_CNT":
            return str(data.dataset), str(data.time.var)
        values = [part for part in named if part.variable != "PARAMCD"]
        return (values[-1].dataset, values[-1].variable) if values else (str(data.dataset), "USUBJID")

    def results(self, data_hash: str) -> Results:
        """All results, and their members."""
        common = {
            "engine": f"sdtm2adam {__version__}",
            "spec_hash": self.spec.hash[:16],
            "data_hash": data_hash,
        }
        single = result_frame(list(self.rows.values()), common)
        if not self.blocks:
            return Results(self.spec.id, single, self.members.frame())
        blocks = [block.reindex(columns=list(RESULT_COLUMNS)).assign(**common) for block in self.blocks]
        typed = [single, *map(_typed, blocks)] if len(single) else list(map(_typed, blocks))
        return Results(self.spec.id, pd.concat(typed, ignore_index=True), self.members.frame())


def _typed(frame: Any) -> Any:
    """Numbers as float64, all else as text; a text that is not there is empty."""
    texts = {name: frame[name].astype(object).fillna("") for name in frame.columns if name not in NUMBERS}
    kinds = {name: "float64" if name in NUMBERS else "str" for name in frame.columns}
    return frame.assign(**texts).astype(kinds)
