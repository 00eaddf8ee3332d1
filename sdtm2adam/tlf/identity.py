"""The identity of a result: it holds no value, so a result keeps its id over data cuts."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from sdtm2adam.spec.display_plan import DisplayRow, Factor, Leaf, compared_with
from sdtm2adam.spec.report import ALL, Report
from sdtm2adam.tlf.chosen_methods import departures

ID_LENGTH = 16
_SEPARATOR = "\x1f"


@dataclass(frozen=True, slots=True)
class Group:
    """A grouping factor of a result and its level; an empty level is all of them."""

    id: str
    variable: str
    level: str = ""
    number: float | None = None


def short_hash(text: str) -> str:
    """The first 16 hexadecimal digits of the SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:ID_LENGTH]


@dataclass(frozen=True, slots=True)
class Naming:
    """Names the results of one output: their groups, comparison and settings.

    What is the same for all results of a row is told once, and kept with the row.
    """

    output: str
    report: Report
    part: str = ""
    _params: dict[int, tuple[DisplayRow, str]] = field(default_factory=dict, compare=False, repr=False)
    _ends: dict[tuple[int, str], tuple[DisplayRow, str, str]] = field(default_factory=dict, compare=False, repr=False)
    _heads: dict[Leaf, tuple[Group, ...]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def total(self) -> DisplayRow:
        """The analysis behind the column N; a part of an output has its own."""
        name = f"{self.output}_{self.part}" if self.part else self.output
        return DisplayRow("N", analysis=f"A_{name}_000", method="M_CNT")

    def column_groups(
        self, leaf: Leaf, factors: tuple[Factor, ...] = (), levels: tuple[str, ...] = ()
    ) -> tuple[Group, ...]:
        """The groups of a cell: the arm, the heads over it, then the factors of its row."""
        if leaf not in self._heads:
            pairs = zip(leaf.groupings[::-1], leaf.levels[::-1], strict=True)
            self._heads[leaf] = tuple(self._group(name, level) for name, level in pairs)
        heads = self._heads[leaf]
        return (*heads, *row_groups(factors, levels)) if factors else heads

    def span_groups(self, columns: tuple[Leaf, ...]) -> tuple[Group, ...]:
        """The groups of a comparison: no arm, the heads over the arms."""
        leaf = columns[0]
        return self.column_groups(Leaf(leaf.groupings, (*leaf.outer, ALL)))

    def pooled_groups(self, leaf: Leaf) -> tuple[Group, ...]:
        """The groups of a number over all columns."""
        return self.column_groups(Leaf(leaf.groupings, (ALL,) * len(leaf.levels)))

    def pair(self, leaf: Leaf, columns: tuple[Leaf, ...]) -> tuple[Leaf, Leaf] | None:
        """A column and that of the reference under the same head; None where nothing is compared in it."""
        return compared_with(leaf, columns, self.report.groupings[leaf.groupings[-1]].ref)

    def comparison(self, columns: tuple[Leaf, ...]) -> str:
        """What is compared under a span, such as `InO - SC`."""
        grouping = self.report.groupings[columns[0].groupings[-1]]
        ref = grouping.ref or columns[-1].arm
        treatment = next((leaf.arm for leaf in columns if leaf.arm != ref), ref)
        return f"{grouping.label_of(treatment)} - {grouping.label_of(ref)}"

    def id_of(self, row: DisplayRow, operation: str, groups: tuple[Group, ...], comparison: str = "") -> str:
        """The id of one statistic: a hash of output, analysis, method, operation, levels, comparison and settings."""
        key = id(row), operation
        if key not in self._ends:
            about = (self.output, row.analysis, row.method, f"{row.method}.{operation}")
            self._ends[key] = (row, _SEPARATOR.join(about), f"{_SEPARATOR}{self.params(row)}")
        _, before, after = self._ends[key]
        levels = "".join([f"{_SEPARATOR}{group.id}={group.level}" for group in groups])
        return short_hash(f"{before}{levels}{_SEPARATOR}{comparison}{after}")

    def params(self, row: DisplayRow) -> str:
        """The settings that made a result, as `conf=0.95;ties=efron`; told once for each row."""
        if id(row) not in self._params:
            self._params[id(row)] = (row, ";".join(f"{key}={value}" for key, value in self._all_settings(row).items()))
        return self._params[id(row)][1]

    def _all_settings(self, row: DisplayRow) -> dict[str, object]:
        """The settings of the method; one that it does not tell of by itself is told where it is no default."""
        told = self._settings(row)
        said = {*map(str, told.values())}
        return {
            **told,
            **{name: word for name, word in departures(row, self.report.params).items() if word not in said},
        }

    def _settings(self, row: DisplayRow) -> dict[str, object]:
        """The settings that a method tells of by itself."""
        return self._of_counts(row) or self._of_comparisons(row) or self._of_times(row) or self._of_groups(row)

    def _of_counts(self, row: DisplayRow) -> dict[str, object]:
        params, conf = self.report.params, {"conf": f"{row.conf:g}"}
        match row.method:
            case "M_CNT" if row.worst is not None:
                level = "missing" if row.worst.level is None else f"{row.worst.level:g}"
                return {"worst": f"{row.worst.dataset}.{row.worst.variable}", "level": level}
            case "M_EAIR":
                return {**conf, "ci": "exact_poisson", "days_per_year": f"{12 * params.days_per_month:g}"}
            case "M_CP":
                return {**conf, "ci": params.ci_prop}
        return {}

    def _of_comparisons(self, row: DisplayRow) -> dict[str, object]:
        """Of comparisons of proportions; those over strata name the factors."""
        params, conf = self.report.params, {"conf": f"{row.conf:g}"}
        factors = {"strata": "+".join(params.strata)}
        match row.method:
            case "M_DIFF":
                return {**conf, "ci": params.ci_diff}
            case "M_DIFFS":
                return {**conf, "ci": params.ci_diff_strat, "weights": params.weights, **factors}
            case "M_ORT" | "M_RRT":
                return {**conf, "ci": "wald"}
            case "M_ORS":
                return {**conf, "ci": "robins_breslow_greenland", **factors}
            case "M_PROP_2":
                return {"sides": 2, "test": "fisher"}
            case "M_PROP_P":
                return {"sides": params.sides, "fisher_below": f"{params.fisher_below:g}"}
            case "M_CMH":
                return {"sides": params.sides, **factors}
        return {}

    def _of_times(self, row: DisplayRow) -> dict[str, object]:
        params, conf = self.report.params, {"conf": f"{row.conf:g}"}
        strata = {"strata": "+".join(params.strata) if row.stratified else "none"}
        match row.method:
            case "M_KMQ" if row.quantile != "range":
                return {"q": row.quantile, **conf, "ci": params.km_ci}
            case "M_KMQ":
                return {"q": row.quantile}
            case "M_KMT":
                return {"t": f"{row.times[0]:g}", **conf, "ci": params.km_ci}
            case "M_KMTD" | "M_RMST":
                return {"t": f"{row.times[0]:g}", **conf, "ci": "wald"}
            case "M_COXM":
                return {**conf, "ties": params.ties, "sides": 2, **strata}
            case "M_COX":
                return {**conf, "ties": params.ties, **strata}
            case "M_LR":
                return {"sides": params.sides, **strata}
        return {}

    def _of_groups(self, row: DisplayRow) -> dict[str, object]:
        """Of interactions and trends: the groups, in their order."""
        if row.interaction is None or row.method not in ("M_INT", "M_TREND"):
            return {}
        levels = self.interaction_levels(row)
        if row.method == "M_INT":
            return {"sides": 2, "by": row.interaction.by, "levels": "+".join(levels)}
        scores = "+".join(f"{level}:{number}" for number, level in enumerate(levels, start=1))
        return {"sides": 2, "by": row.interaction.by, "scores": scores}

    def interaction_levels(self, row: DisplayRow) -> tuple[str, ...]:
        """The levels an interaction is tested over."""
        assert row.interaction is not None
        return tuple(row.interaction.take or self.report.groupings[row.interaction.by].levels)

    def _group(self, name: str, level: str) -> Group:
        grouping = self.report.groupings[name]
        if level == ALL:
            return Group(name, grouping.variable)
        value, label = grouping.levels[level][0], grouping.label_of(level)
        return Group(name, grouping.variable, label, float(value) if value.replace(".", "", 1).isdigit() else None)


def row_groups(factors: tuple[Factor, ...], levels: tuple[str, ...]) -> tuple[Group, ...]:
    """The groups that the factors of a row make."""
    return tuple(Group(factor.name, factor.variable, level) for factor, level in zip(factors, levels, strict=False))
