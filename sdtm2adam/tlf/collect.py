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

STATISTIC_NAMES = {
    "n": ("n", "n"),
    "pct": ("pct", "%"),
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
_NUMBERS = ("stat", "op_order", "n_subj", "n_rec", "g1_leveln", "g2_leveln", "g3_leveln", "g4_leveln")


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
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    blocks: list[Any] = field(default_factory=list)

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
        self.rows[name] = {
            **self._about(row),
            **_grouped(place.groups),
            "op_id": f"{row.method}.{part.name}",
            "op_order": float(METHOD_STATISTICS.get(row.method, (part.name,)).index(part.name) + 1),
            "comp_ref": place.comparison,
            "stat_name": STATISTIC_NAMES[part.name][0],
            "stat_label": STATISTIC_NAMES[part.name][1],
            "stat": statistic.value,
            "stat_c": statistic.text,
            "status": statistic.status,
            "status_reason": statistic.reason,
            "shown": "Y" if text else "N",
            "pattern": part.pattern,
            "formatted": text,
            "result_id": name,
            "num_id": place.numerator,
            "den_id": place.denominator,
            "member_id": place.members.id,
            "n_subj": float(place.members.subjects),
            "n_rec": float(place.members.records),
        }

    def add_block(self, row: DisplayRow, **columns: Any) -> None:
        """Store many results of one row at once; columns not given are those of the row, or blank."""
        self.blocks.append(pd.DataFrame(columns).assign(**self._about(row)))

    def _about(self, row: DisplayRow) -> dict[str, Any]:
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
        single = pd.DataFrame(list(self.rows.values()), columns=list(RESULT_COLUMNS))
        blocks = [single, *(block.reindex(columns=list(RESULT_COLUMNS)) for block in self.blocks)]
        frame = pd.concat([block for block in blocks if len(block)] or [single], ignore_index=True).assign(**common)
        return Results(self.spec.id, _typed(frame), self.members.frame())


def _typed(frame: Any) -> Any:
    """Numbers as float64, all else as text; a text that is not there is empty."""
    texts = {name: frame[name].astype(object).fillna("") for name in frame.columns if name not in _NUMBERS}
    kinds = {name: "float64" if name in _NUMBERS else "str" for name in frame.columns}
    return frame.assign(**texts).astype(kinds)


def _grouped(groups: tuple[Group, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for place in range(4):
        group = groups[place] if place < len(groups) else Group("", "")
        prefix = f"g{place + 1}_"
        found |= {
            f"{prefix}id": group.id,
            f"{prefix}var": group.variable,
            f"{prefix}level": group.level,
            f"{prefix}leveln": group.number,
        }
    return found
