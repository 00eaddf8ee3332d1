"""The report in the CDISC Analysis Results Standard: valid, whole, and the same numbers as the results."""

import json
from collections import Counter
from pathlib import Path

import jsonschema
import pytest

from sdtm2adam.spec.conditions import parse
from sdtm2adam.submit import reporting_event
from sdtm2adam.submit.ars_conditions import where_clause
from sdtm2adam.submit.ars_terms import Terms

MODEL = Path(__file__).parents[3] / "shared" / "standards" / "ars_ldm_v1.schema.json"


@pytest.fixture(scope="session")
def event(whole) -> dict:
    return json.loads(json.dumps(reporting_event(whole)))


@pytest.mark.shared
@pytest.mark.skipif(not MODEL.is_file(), reason="the published model is not beside the repository")
@pytest.mark.parametrize("part", ["the whole model", "ReportingEvent"])
def test_the_event_is_valid_against_the_published_model(event, part):
    model = json.loads(MODEL.read_text(encoding="utf-8"))
    if part == "ReportingEvent":  # the class itself allows no word of its own, the model as a whole does
        model = {"$schema": model["$schema"], "$defs": model["$defs"], "$ref": "#/$defs/ReportingEvent"}
    assert [error.message for error in jsonschema.Draft7Validator(model).iter_errors(event)] == []


def ids(items) -> set[str]:
    found = [one["id"] for one in items]
    assert len(found) == len(set(found))
    return set(found)


def test_every_reference_leads_somewhere(event):
    sets, subsets, analyses = (ids(event[name]) for name in ("analysisSets", "dataSubsets", "analyses"))
    groups = {one["id"]: ids(one.get("groups", ())) for one in event["analysisGroupings"]}
    operations = {method["id"]: ids(method["operations"]) for method in event["methods"]}
    relations = {
        one["id"]
        for method in event["methods"]
        for operation in method["operations"]
        for one in operation.get("referencedOperationRelationships", ())
    }
    for one in event["analyses"]:
        assert one["analysisSetId"] in sets
        assert one.get("dataSubsetId") in subsets | {None}
        for reference in one.get("referencedAnalysisOperations", ()):
            assert reference["analysisId"] in analyses
            assert reference["referencedOperationRelationshipId"] in relations
        ordered = [grouping["groupingId"] for grouping in one["orderedGroupings"]]
        for result in one["results"]:
            assert result["operationId"] in operations[one["methodId"]]
            for group in result["resultGroups"]:
                assert group["groupingId"] in ordered
                assert group.get("groupId") in groups[group["groupingId"]] | {None}
    shared = {part["id"] for section in event["globalDisplaySections"] for part in section["subSections"]}
    for output in event["outputs"]:
        for section in output["displays"][0]["display"]["displaySections"]:
            for part in section["orderedSubSections"]:
                assert "subSection" in part or part["subSectionId"] in shared


def test_every_subset_says_its_condition(event):
    assert all("condition" in one or "compoundExpression" in one for one in event["dataSubsets"])


def test_the_results_are_those_of_the_outputs(event, whole):
    """One to one: the value of each operation and group, and no two with the same names."""
    said = [(one["id"], result) for one in event["analyses"] for result in one["results"]]
    names = Counter((name, result["operationId"], json.dumps(result.get("resultGroups"))) for name, result in said)
    assert set(names.values()) == {1}
    numbers = Counter(
        (name, result["operationId"], float(result["rawValue"])) for name, result in said if _is_number(result)
    )
    frames = [one.frame[one.frame["output_id"] == one.output_id] for one in whole.results.values()]
    held = Counter(
        (row.analysis_id, row.op_id, row.stat) for frame in frames for row in frame[frame["stat"].notna()].itertuples()
    )
    assert {key: count for key, count in numbers.items() if "M_LIST" not in key[1]} == held
    assert len(said) == sum(map(len, frames))
    assert sum(held.values()) > 1500


def _is_number(result) -> bool:
    try:
        return float(result.get("rawValue", "x")) is not None
    except ValueError:
        return False


def test_a_percentage_has_its_numerator_and_denominator(event):
    counts = next(one for one in event["methods"] if one["id"] == "M_CNT")
    percentage = next(one for one in counts["operations"] if one["id"] == "M_CNT.pct")
    roles = {
        one["referencedOperationRole"]["controlledTerm"]: (one["id"], one["operationId"])
        for one in percentage["referencedOperationRelationships"]
    }
    assert roles == {"NUMERATOR": ("M_CNT.pct_NUM", "M_CNT.n"), "DENOMINATOR": ("M_CNT.pct_DEN", "M_CNT.n")}
    analysis = next(one for one in event["analyses"] if one["id"] == "A_T14_2_1_010")
    assert analysis["name"] == "Best response, n (%) - CR/CRi"
    assert analysis["referencedAnalysisOperations"] == [
        {"referencedOperationRelationshipId": "M_CNT.pct_DEN", "analysisId": "A_T14_2_1_000"},
        {"referencedOperationRelationshipId": "M_CNT.pct_NUM", "analysisId": "A_T14_2_1_010"},
    ]


def test_groups_have_the_conditions_of_their_levels(event):
    groupings = {one["id"]: one for one in event["analysisGroupings"]}
    group = groupings["G_CD22"]["groups"][1]
    assert (group["id"], group["name"]) == ("AG_G_CD22_LT90", "CD22 <90%")
    assert group["condition"] == {"dataset": "ADSL", "variable": "CD22GR1N", "comparator": "EQ", "value": ["2"]}
    missing = groupings["ADSL.SEX"]["groups"][-1]
    assert (missing["name"], missing["condition"]["value"]) == ("Missing", [""])
    assert groupings["G_SOC"]["dataDriven"]
    assert "groups" not in groupings["G_SOC"]


def test_a_comparison_is_not_split_by_its_arms(event):
    analysis = next(one for one in event["analyses"] if one["methodId"] == "M_DIFF")
    assert analysis["description"] == "Compared: InO - SC"
    assert [(one["groupingId"], one["resultsByGroup"]) for one in analysis["orderedGroupings"]] == [
        ("G_TRTP", False), ("G_CD22", True),
    ]  # fmt: skip


def compared(variable, comparator, *values):
    return {"condition": {"dataset": "A", "variable": variable, "comparator": comparator, "value": list(values)}}


def joined(operator, level, *parts):
    clauses = [{"level": level, "order": order, **part} for order, part in enumerate(parts, 1)]
    return {"compoundExpression": {"logicalOperator": operator, "whereClauses": clauses}}


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("A.X = 'a'", compared("X", "EQ", "a")),
        ("A.X NOT IN (1, 2.5)", compared("X", "NOTIN", "1", "2.5")),
        ("A.X > 1 AND A.Y IN ('b')", joined("AND", 2, compared("X", "GT", "1"), compared("Y", "IN", "b"))),
        (
            "NOT (A.X <= 3 OR A.Y <> 'b')",
            joined("NOT", 2, joined("OR", 3, compared("X", "LE", "3"), compared("Y", "NE", "b"))),
        ),
    ],
)
def test_conditions_become_comparators(text, made):
    assert where_clause(parse(text)) == made


def test_what_is_not_estimable_has_no_raw_value(event, whole):
    said = [result for one in event["analyses"] for result in one["results"]]
    missing = [one for one in said if one.get("formattedValue") in ("NE", "NC")]
    assert len(missing) > 10
    assert not any("rawValue" in one for one in missing)
    frames = [one.frame[one.frame["output_id"] == one.output_id] for one in whole.results.values()]
    assert len(missing) == sum(int((frame["status"] != "OK").sum()) for frame in frames)


def test_terms_that_the_standard_does_not_know_are_the_sponsors():
    terms = Terms()
    assert terms.term("OutputFileTypeEnum", "rtf") == {"controlledTerm": "rtf"}
    assert terms.term("OutputFileTypeEnum", "docx") == terms.term("OutputFileTypeEnum", "docx")
    assert terms.extensions() == [
        {
            "id": "TE_OutputFileTypeEnum",
            "enumeration": "OutputFileTypeEnum",
            "sponsorTerms": [{"id": "ST_OutputFileTypeEnum_1", "submissionValue": "docx"}],
        }
    ]


def test_the_contents_list_every_output_with_its_analyses(event, whole):
    items = event["mainListOfContents"]["contentsList"]["listItems"]
    assert [one["outputId"] for one in items] == sorted(whole.results)
    assert [part["analysisId"] for one in items for part in one["sublist"]["listItems"]] == [
        one["id"] for one in event["analyses"]
    ]


def test_texts_around_displays_have_their_sections(event):
    display = next(one for one in event["outputs"] if one["id"] == "T14_2_1")["displays"][0]["display"]
    kinds = [one["sectionType"] for one in display["displaySections"]]
    assert kinds == ["Header", "Title", "Abbreviation", "Footnote", "Footer"]
    shared = {
        one["sectionType"]: [part["text"] for part in one["subSections"]] for one in event["globalDisplaySections"]
    }
    assert "InO = inotuzumab ozogamicin; SC = standard of care." in shared["Abbreviation"]
    assert "Page x of y" in shared["Header"]
