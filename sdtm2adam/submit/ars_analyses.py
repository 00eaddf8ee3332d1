"""Analyses with their results, in the words of the CDISC Analysis Results Standard 1.0."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sdtm2adam.spec.display_plan import DisplayRow, DisplaySpec
from sdtm2adam.submit.ars_groupings import Groupings
from sdtm2adam.submit.ars_methods import Methods, Result
from sdtm2adam.submit.ars_terms import Terms

_PLACES = range(1, 5)
_MARKER = re.compile(r"\s*\[[a-z]\]")


@dataclass(frozen=True)
class Shared:
    """What all analyses of a report refer to; `known` are all results by id."""

    groupings: Groupings
    methods: Methods
    terms: Terms
    known: Mapping[str, Result]


def analyses_of(spec: DisplaySpec, results: list[Result], shared: Shared) -> list[dict[str, Any]]:
    """The analyses of an output, in the order of its results."""
    by_analysis: dict[str, list[Result]] = {}
    for one in results:
        by_analysis.setdefault(str(one["analysis_id"]), []).append(one)
    names = analysis_names(spec)
    return [_analysis(name, names.get(name, str(spec.text.title)), part, shared) for name, part in by_analysis.items()]


def _analysis(name: str, label: str, results: list[Result], shared: Shared) -> dict[str, Any]:
    first = results[0]
    compared = sorted({str(one["comp_ref"]) for one in results} - {""})
    made: dict[str, Any] = {
        "id": name,
        "name": label,
        "version": 1,
        "reason": shared.terms.term("AnalysisReasonEnum", str(first["reason"])),
        "purpose": shared.terms.term("AnalysisPurposeEnum", str(first["purpose"])),
        "methodId": str(first["method_id"]),
        "dataset": str(first["dataset"]),
        "variable": str(first["variable"]),
        "analysisSetId": str(first["set_id"]),
    }
    if compared:
        made["description"] = f"Compared: {'; '.join(compared)}"
    if first["subset_id"]:
        made["dataSubsetId"] = str(first["subset_id"])
    references = shared.methods.references(results, shared.known)
    if references:
        made["referencedAnalysisOperations"] = references
    made["programmingCode"] = _settings(first)
    groups = [_groups(one, shared.groupings) for one in results]
    made["orderedGroupings"] = _ordered(groups)
    made["results"] = [_result(one, part) for one, part in zip(results, groups, strict=True)]
    return made


def _settings(one: Result) -> dict[str, Any]:
    """The software, and what made the results: settings of the method, hashes of the spec and of the data read."""
    said = dict(part.split("=", 1) for part in str(one["params"]).split(";") if "=" in part)
    said |= {"spec_hash": str(one["spec_hash"]), "data_hash": str(one["data_hash"])}
    return {
        "context": str(one["engine"]),
        "parameters": [{"name": name, "value": [value]} for name, value in said.items()],
    }


def _groups(one: Result, groupings: Groupings) -> list[dict[str, str]]:
    found = (groupings.result_group(one, place) for place in _PLACES)
    return [group for group in found if group is not None]


def _ordered(groups: Iterable[list[dict[str, str]]]) -> list[dict[str, Any]]:
    """The groupings of an analysis; by those that no result has a level of, results are not split but compared."""
    split: dict[str, bool] = {}
    for part in groups:
        for group in part:
            split[group["groupingId"]] = split.get(group["groupingId"], False) or len(group) > 1
    return [
        {"order": order, "groupingId": name, "resultsByGroup": by_group}
        for order, (name, by_group) in enumerate(split.items(), 1)
    ]


def _result(one: Result, groups: list[dict[str, str]]) -> dict[str, Any]:
    """A result; one that is not estimable or not calculated has no raw value: NE or NC is its formatted value."""
    made: dict[str, Any] = {"operationId": str(one["op_id"])}
    if groups:
        made["resultGroups"] = groups
    raw = raw_value(one)
    if raw:
        made["rawValue"] = raw
    if one["formatted"]:
        made["formattedValue"] = str(one["formatted"])
    elif one["status"] != "OK":
        made["formattedValue"] = str(one["status"])
    return made


def raw_value(one: Result) -> str:
    """The unrounded number, in the shortest digits that mean it; the text of a result that has no number."""
    number = one["stat"]
    if number is None or number != number:
        return str(one["stat_c"]) if one["status"] == "OK" else ""
    return str(int(number)) if float(number).is_integer() and abs(number) < 1e15 else repr(float(number))


def analysis_names(spec: DisplaySpec) -> dict[str, str]:
    """What each analysis of a table is called: the labels of its row and of those above it.

    Rows that print results of one analysis (`Mean (SD)`, `Median`) are called by what stands above them.
    """
    names = {f"A_{spec.id}_000": "Subjects in the column"}
    rows = Counter(row.analysis for row in _heads(spec.rows))

    def walk(below: Iterable[DisplayRow], above: tuple[str, ...]) -> None:
        for row in below:
            own = row.label or (row.each.label if row.each is not None and row.each.data_driven else "")
            path = (*above, _MARKER.sub("", own)) if own else above
            for line in row.own_lines:
                own_path = path if line is row or line.analysis == row.analysis else (*path, line.label)
                called = above if rows[line.analysis] > 1 else own_path
                if line.analysis:
                    names.setdefault(line.analysis, _MARKER.sub("", " - ".join(called)) or str(spec.text.title))
            walk(row.rows, path)

    walk(spec.rows, ())
    return names


def _heads(rows: Iterable[DisplayRow]) -> Iterator[DisplayRow]:
    """All rows of a tree, without the second lines of estimates."""
    for row in rows:
        yield row
        yield from _heads(row.rows)
