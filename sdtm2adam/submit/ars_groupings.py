"""The factors that results are grouped by, in the words of the CDISC Analysis Results Standard 1.0."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sdtm2adam.spec.display_plan import DisplaySpec, Factor, all_rows
from sdtm2adam.spec.report import Report
from sdtm2adam.submit.ars_conditions import any_of


@dataclass
class _Grouping:
    """A grouping while its groups are gathered: (label, values) to the id of the group."""

    label: str
    dataset: str
    variable: str
    data_driven: bool
    groups: dict[tuple[str, tuple[str, ...]], str] = field(default_factory=dict)
    coded: str = ""


@dataclass
class Groupings:
    """All groupings of a report that its results use.

    A grouping of the report has the groups that it declares. A variable that makes rows has those that the rows list:
    the same variable in several outputs is one grouping. What the data decide (preferred terms, times) has no groups.
    """

    report: Report
    specs: Mapping[str, DisplaySpec]
    _found: dict[str, _Grouping] = field(default_factory=dict)
    _labels: dict[tuple[str, str, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Declares the groups of report and specs."""
        for name, grouping in self.report.groupings.items():
            label = str(grouping.label or grouping.variable)
            driven = grouping.data_driven
            made = _Grouping(label, grouping.dataset, grouping.variable, driven, {}, grouping.coded)
            for level, (value, _) in grouping.levels.items():
                made.groups[(grouping.label_of(level), (str(value),))] = f"AG_{name}_{level}"
            self._found[name] = made
        for spec in self.specs.values():
            for row in all_rows(spec.rows):
                for factor in row.factors:
                    self._declare(row.analysis, factor)

    def _declare(self, analysis: str, factor: Factor) -> None:
        driven = factor.data_driven
        made = self._found.setdefault(
            factor.name, _Grouping(factor.variable, factor.dataset, factor.variable, driven, {}, factor.variable)
        )
        for level in () if driven else factor.levels:
            key = (level.label, level.values)
            name = made.groups.setdefault(key, f"AG_{factor.name}_{len(made.groups) + 1}")
            self._labels[(analysis, factor.name, level.label)] = name

    def result_group(self, result: Mapping[str, Any], place: int) -> dict[str, str] | None:
        """The group of a result in its grouping at a place from 1 to 4; without a level it is all of them."""
        name, level = str(result[f"g{place}_id"]), str(result[f"g{place}_level"])
        if not name:
            return None
        grouping = self._found.get(name)
        if grouping is None:
            variable = str(result[f"g{place}_var"])
            label = variable or name.title()
            self._found[name] = _Grouping(label, str(result["dataset"]) if variable else "", variable, True)
            return self.result_group(result, place)
        if not level:
            return {"groupingId": name}
        own = self._labels.get((str(result["analysis_id"]), name, level))
        group = own or next((name for (label, _), name in grouping.groups.items() if label == level), None)
        if group is None:
            grouping.data_driven = grouping.data_driven or not grouping.groups
            return {"groupingId": name, "groupValue": level}
        return {"groupingId": name, "groupId": group}

    def declared(self, used: set[str]) -> list[dict[str, Any]]:
        """The groupings that results use, with their groups and the condition of each."""
        return [_as_ars(name, self._found[name]) for name in sorted(used)]


def _as_ars(name: str, grouping: _Grouping) -> dict[str, Any]:
    made: dict[str, Any] = {"id": name, "name": grouping.label, "dataDriven": grouping.data_driven}
    if grouping.dataset and grouping.variable:
        made |= {"groupingDataset": grouping.dataset, "groupingVariable": grouping.variable}
    groups = [
        {
            "id": group,
            "name": label,
            "level": 1,
            "order": order,
            "condition": any_of(grouping.dataset, grouping.coded, values),
        }
        for order, ((label, values), group) in enumerate(grouping.groups.items(), 1)
    ]
    return made | ({"groups": groups} if groups and not grouping.data_driven else {})
