"""A report in the CDISC Analysis Results Standard, version 1.0: one ReportingEvent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from sdtm2adam.model import Display, Results
from sdtm2adam.spec.conditions import Condition, parse, to_sql
from sdtm2adam.spec.display_plan import DisplaySpec, all_rows
from sdtm2adam.spec.report import Report
from sdtm2adam.spec.subsets import subset_id, subset_of
from sdtm2adam.submit.ars_analyses import Shared, analyses_of
from sdtm2adam.submit.ars_conditions import where_clause
from sdtm2adam.submit.ars_displays import Sections, output_of
from sdtm2adam.submit.ars_groupings import Groupings
from sdtm2adam.submit.ars_methods import Methods, Result
from sdtm2adam.submit.ars_terms import Terms


@dataclass(frozen=True)
class ReportParts:
    """A report whole: what its displays share, and of each output, by id, spec, results and display.

    `files` are the documents of all outputs, relative to the output folder.
    """

    report: Report
    specs: Mapping[str, DisplaySpec]
    results: Mapping[str, Results]
    displays: Mapping[str, Display]
    files: tuple[PurePath, ...] = field(default=())


DATA_FILES = {
    "ARD": ("ard.xpt", "All results, one record per statistic, with status, members, numerator and denominator"),
    "ARDMEM": ("ardmem.xpt", "The subjects and records behind each result"),
}
"""What the standard has no place for lies beside it: by ANALID, OPID and group levels a result is found in ARD."""


def reporting_event(whole: ReportParts) -> dict[str, Any]:
    """The report as a ReportingEvent, ready for JSON.

    Results that are not estimable or not calculated have `NE` or `NC` as formatted value and no raw value; why, and the
    members of each result, are in the data files that the event refers to.

    Source: CDISC Analysis Results Standard v1.0, logical data model.
    """
    outputs = sorted(whole.results)
    rows = {name: _rows(whole.results[name]) for name in outputs}
    known = {str(one["result_id"]): one for part in rows.values() for one in part}
    shared = Shared(Groupings(whole.report, whole.specs), Methods(), Terms(), known)
    for part in rows.values():
        shared.methods.put(part, known)
    sections = Sections({name: whole.displays[name] for name in outputs})
    analyses = {name: analyses_of(whole.specs[name], rows[name], shared) for name in outputs}
    made = [one for part in analyses.values() for one in part]
    displays = [output_of(whole.displays[name], sections, _files(name, whole), shared.terms) for name in outputs]
    study = whole.report.study
    event: dict[str, Any] = {
        "id": f"RE_{study.id}",
        "name": f"{study.id}: {study.report}",
        "version": 1,
        "description": f"{study.report} of {study.id} ({study.name}), data cut-off {study.cutoff}",
        "mainListOfContents": _contents(displays, analyses),
        "referenceDocuments": _documents(),
        "terminologyExtensions": shared.terms.extensions(),
        "analysisSets": _sets(whole.report),
        "dataSubsets": _subsets(whole.specs, {str(one["subset_id"]) for one in known.values()}),
        "analysisGroupings": shared.groupings.declared(_used(made)),
        "methods": shared.methods.declared(),
        "globalDisplaySections": sections.shared(),
        "analyses": made,
        "outputs": displays,
    }
    return {name: part for name, part in event.items() if part}


def _rows(results: Results) -> list[Result]:
    """The results of an output; those it reads from another one are that one's."""
    own = results.frame[results.frame["output_id"] == results.output_id]
    rows: list[Result] = own.to_dict("records")
    return rows


def _files(output: str, whole: ReportParts) -> Iterable[PurePath]:
    return sorted(path for path in whole.files if path.parts[0] == "tlf" and path.name.split(".")[0] == output)


def _used(analyses: Iterable[dict[str, Any]]) -> set[str]:
    return {str(grouping["groupingId"]) for one in analyses for grouping in one["orderedGroupings"]}


def _sets(report: Report) -> list[dict[str, Any]]:
    """The analysis sets, as conditions on ADSL."""
    return [
        {
            "id": name,
            "name": name,
            "label": str(one.label),
            "level": 1,
            "order": order,
            **where_clause(parse(one.where)),
        }
        for order, (name, one) in enumerate(report.sets.items(), 1)
    ]


def _subsets(specs: Mapping[str, DisplaySpec], used: set[str]) -> list[dict[str, Any]]:
    """The data subsets that analyses name; one whose condition no spec says has its id alone."""
    known: dict[str, Condition] = {}
    for spec in specs.values():
        conditions = [spec.condition, *(subset_of(spec, row) for row in all_rows(spec.rows))]
        known |= {subset_id(one): one for one in conditions if one is not None}
    return [
        {
            "id": name,
            "name": name,
            "level": 1,
            "order": order,
            **({"label": to_sql(known[name]), **where_clause(known[name])} if name in known else {}),
        }
        for order, name in enumerate(sorted(used - {""}), 1)
    ]


def _documents() -> list[dict[str, str]]:
    return [
        {"id": f"RD_{name}", "name": name, "location": file, "description": text}
        for name, (file, text) in DATA_FILES.items()
    ]


def _contents(outputs: list[dict[str, Any]], analyses: Mapping[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """The list of contents: outputs, and under each its analyses."""
    items = [
        {
            "level": 1,
            "order": order,
            "name": output["name"],
            "outputId": output["id"],
            "sublist": {
                "listItems": [
                    {"level": 2, "order": place, "name": one["name"], "analysisId": one["id"]}
                    for place, one in enumerate(analyses[output["id"]], 1)
                ]
            },
        }
        for order, output in enumerate(outputs, 1)
    ]
    return {"name": "Outputs and their analyses", "contentsList": {"listItems": items}}
