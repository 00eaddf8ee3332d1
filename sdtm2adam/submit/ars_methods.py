"""Methods with their operations, in the words of the CDISC Analysis Results Standard 1.0."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Result = Mapping[str, Any]

METHOD_NAMES = {
    "M_CNT": "Count of subjects and percentage",
    "M_SHIFT": "Shift from baseline to worst value",
    "M_AGREE": "Agreement of two sources of a factor",
    "M_AE": "Count of subjects with adverse events",
    "M_LIST": "Listing of records as they are",
    "M_HIST": "Histogram",
    "M_ECDF": "Empirical distribution function",
    "M_PAIRED": "Values at two moments, subject by subject",
    "M_SWIMMER": "Swimmer plot, subject by subject",
    "M_WATERFALL": "Waterfall plot, subject by subject",
    "M_CONT": "Summary of a continuous variable",
    "M_GEO": "Geometric mean and coefficient of variation",
    "M_PAIR": "Paired change with signed-rank test",
    "M_EAIR": "Exposure-adjusted incidence rate with exact confidence interval",
    "M_CP": "Proportion with confidence interval",
    "M_DIFF": "Difference of two proportions with confidence interval",
    "M_DIFFS": "Stratified difference of two proportions with confidence interval",
    "M_PROP_P": "One-sided test of two proportions",
    "M_PROP_2": "Two-sided test of two proportions",
    "M_CMH": "Stratified one-sided test of two proportions (Cochran-Mantel-Haenszel)",
    "M_ORT": "Odds ratio of two proportions with confidence interval",
    "M_RRT": "Relative risk of two proportions with confidence interval",
    "M_ORS": "Common odds ratio over strata with confidence interval (Mantel-Haenszel)",
    "M_OR": "Odds ratio by logistic regression with confidence interval",
    "M_KM": "Kaplan-Meier curve",
    "M_KMQ": "Quantile of a Kaplan-Meier curve with confidence interval",
    "M_KMT": "Kaplan-Meier estimate at a time with confidence interval",
    "M_KMTD": "Difference of Kaplan-Meier estimates at a time with confidence interval",
    "M_RMST": "Restricted mean of the time with confidence interval",
    "M_RKM": "Median follow-up, reverse Kaplan-Meier",
    "M_LR": "Log-rank test, one-sided",
    "M_LRK": "Log-rank test of several groups",
    "M_COX": "Hazard ratio by Cox regression with confidence interval",
    "M_COXM": "Cox regression of several covariates",
    "M_INT": "Test of interaction of treatment with a subgroup",
    "M_TREND": "Test of a trend of the effect of treatment over ordered subgroups",
}
"""What each method is called; a method of a study is called by its id."""

_ROLES = (("num_id", "NUMERATOR", "NUM"), ("den_id", "DENOMINATOR", "DEN"))


@dataclass
class Methods:
    """The methods of all results, with the operations that serve others as numerator and denominator."""

    operations: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    _relations: dict[str, dict[tuple[str, str], str]] = field(default_factory=dict)

    def put(self, results: Iterable[Result], known: Mapping[str, Result]) -> None:
        """Declare the methods and operations of results.

        Args:
            results: of one output.
            known: all results by id, to find numerators and denominators.
        """
        for one in results:
            operations = self.operations.setdefault(str(one["method_id"]), {})
            made = operations.setdefault(
                str(one["op_id"]),
                {
                    "name": one["stat_name"],
                    "label": one["stat_label"],
                    "order": int(one["op_order"]),
                    "patterns": set(),
                },
            )
            made["patterns"].add(str(one["pattern"]))
            for _, role, other in referenced(one, known):
                self._relation(str(one["op_id"]), role, str(other["op_id"]))

    def _relation(self, operation: str, role: str, other: str) -> str:
        """The id of a relationship of two operations."""
        known = self._relations.setdefault(operation, {})
        end = next(short for _, name, short in _ROLES if name == role)
        number = sum(name == role for name, _ in known) + 1
        return known.setdefault((role, other), f"{operation}_{end}{'' if number == 1 else f'_{number}'}")

    def references(self, results: Iterable[Result], known: Mapping[str, Result]) -> list[dict[str, str]]:
        """The analyses that numerators and denominators of an analysis are of."""
        found = {
            (self._relation(str(one["op_id"]), role, str(other["op_id"])), str(other["analysis_id"]))
            for one in results
            for _, role, other in referenced(one, known)
        }
        return [
            {"referencedOperationRelationshipId": relation, "analysisId": analysis}
            for relation, analysis in sorted(found)
        ]

    def declared(self) -> list[dict[str, Any]]:
        """All methods, with their operations in order."""
        return [
            {
                "id": method,
                "name": METHOD_NAMES.get(method, method),
                "operations": [self._operation(name, one) for name, one in sorted(operations.items(), key=_order)],
            }
            for method, operations in sorted(self.operations.items())
        ]

    def _operation(self, name: str, one: dict[str, Any]) -> dict[str, Any]:
        made: dict[str, Any] = {"id": name, "name": one["name"], "label": one["label"], "order": one["order"]}
        patterns = one["patterns"] - {""}
        if len(patterns) == 1:
            made["resultPattern"] = next(iter(patterns))
        relations = [
            {"id": relation, "referencedOperationRole": {"controlledTerm": role}, "operationId": other}
            for (role, other), relation in sorted(self._relations.get(name, {}).items(), key=lambda item: item[1])
        ]
        return made | ({"referencedOperationRelationships": relations} if relations else {})


def _order(item: tuple[str, dict[str, Any]]) -> tuple[int, str]:
    return item[1]["order"], item[0]


def referenced(one: Result, known: Mapping[str, Result]) -> Iterable[tuple[str, str, Result]]:
    """Column, role and result of the numerator and denominator of a result; a count is of the operation of both."""
    for column, role, _ in _ROLES:
        name = str(one[column])
        if name in known and known[name]["op_id"] != one["op_id"]:
            yield column, role, known[name]
