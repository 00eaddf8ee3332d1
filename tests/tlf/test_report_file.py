"""report.yaml is checked whole, like the displays that share it."""

import pytest

from sdtm2adam.errors import SpecErrors
from sdtm2adam.resources import shelf
from sdtm2adam.spec.display import load_report


@pytest.fixture(scope="module")
def text() -> str:
    return (shelf("specs") / "inovate" / "report.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("ref: SC, levels: {INO: [1, InO]", "ref: SX, levels: {INO: [1, InO]", "unknown G_TRTP: level 'SX'"),
        ("[2, SC]", "[2, InO]", "G_TRTP: two levels are called 'InO'"),
        ("[2, SC]", "[1, SC]", "G_TRTP: two levels take the value '1'"),
        ("[2, SC]", '[2, ""]', "G_TRTP: the level SC has no label"),
        ("[2, SC]", "[2]", "item 2 of the list is missing"),
        ("take: [GE90, LT90, MISS, ALL]", "take: [GE90, LT80, MISS, ALL]", "unknown level 'LT80'"),
        ("{by: G_CD22, take: [GE90, LT90, ALL]}", "{by: G_CD2, take: [ALL]}", "unknown grouping 'G_CD2'"),
        ("{by: G_CD22, take: [GE90, LT90, ALL]}", "{by: G_SOC, take: []}", "G_SOC groups no subjects"),
        ("ADSL.ITTFL = 'Y'\"}", "ADAE.ITTFL = 'Y'\"}", "an analysis set is not chosen from ADSL"),
        ("ADSL.ITTFL = 'Y'\"}", 'ADSL.ITTFL is Y"}', "has no comparator after ADSL.ITTFL"),
        ("{est:xx.x}", "{est:xx.x", "has a brace that does not match"),
        ("{est:xx.x}", "{est:dd.d}", "'dd.d' is no pattern of est"),
        ("ties: $COX_TIES", "ties: exact", "params.ties: 'exact' is not one of efron, breslow"),
        ("min_arm: $MIN_ARM", "min_arm: five", "params.min_arm"),
        ("  sides: 1", "  side: 1", "unknown key 'side'"),
        (", data_driven: true, label: System Organ Class", ", label: SOC", "G_SOC has no levels"),
    ],
)
def test_a_fault_of_the_report_is_told_with_its_line(tmp_path, naming, text, old, new, fault):
    assert old in text
    path = tmp_path / "report.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SpecErrors) as errors:
        load_report(path, naming)
    found = [error.message for error in errors.value.errors]
    assert any(fault in message for message in found), found
    assert all(message.startswith("report.yaml:") for message in found)


def test_values_that_are_numbers_are_those_of_the_numeric_companion(report):
    assert report.groupings["G_TRTP"].coded == "TRT01PN"
    assert report.groupings["G_CD22"].coded == "CD22GR1N"
    assert report.groupings["G_SOC"].coded == "AEBODSYS"


def test_every_column_set_fills_the_line(report):
    for columns in report.column_sets.values():
        leaves = 1
        for nest in columns.nest:
            leaves *= len(report.take(nest))
        assert columns.stub + leaves * columns.width == report.width("grid9")
