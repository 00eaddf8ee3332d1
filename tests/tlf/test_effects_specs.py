"""Specs of effects and forests are checked whole before data are read, each fault with its line and the way out."""

import pytest
from effect_frames import EFFECTS_HEAD
from test_display_specs import faults, loaded

TABLE = (
    EFFECTS_HEAD
    + """\
subgroups:
  - ALL
  - {by: G_CD22, interaction: [GE90, LT90]}
endpoints:
  - label: "Response [a]"
    data: {dataset: ADRS}
    where: "ADRS.PARAMCD = 'CRCRIINV' AND ADRS.AVALC = 'Y'"
  - label: Survival
    data: {dataset: ADTTE, where: "ADTTE.PARAMCD = 'OS'", time: {var: AVAL}, censor: CNSR}
footnotes: [{a: A note.}]
"""
)
FOREST = """\
id: T1
number: Figure 1
kind: forest
title: Effects
population: AS_ITT
columns:
  - {label: Subgroup, width: 30}
  - {label: Events, value: "{e1:xxx}, {e0:xxx}", width: 20}
  - {label: Effect, plot: true, width: 40}
  - {label: HR, value: "{est:x.xx} ({lower:x.xx}, {upper:x.xx})", width: 43}
compare: {by: G_TRTP}
subgroups: [ALL, G_AGEGR1]
endpoints:
  - {label: Survival, data: {dataset: ADTTE, where: "ADTTE.PARAMCD = 'OS'", time: {var: AVAL}, censor: CNSR}}
x: {scale: log, ticks: [0.5, 1, 2], ref: 1, clip: [0.25, 4]}
mark: {area: events}
size: {lines: 12}
"""


def test_a_good_spec_is_planned_endpoint_by_endpoint(tmp_path, report):
    spec = loaded(tmp_path, report, TABLE)
    assert [(row.analysis, row.method) for row in spec.rows] == [
        ("A_T1_01_010", "M_CNT"),
        ("A_T1_01_020", "M_DIFF"),
        ("A_T1_01_030", "M_PROP_P"),
        ("A_T1_01_040", "M_INT"),
        ("A_T1_02_010", "M_CNT"),
        ("A_T1_02_020", "M_KMQ"),
        ("A_T1_02_030", "M_COX"),
        ("A_T1_02_040", "M_LR"),
        ("A_T1_02_050", "M_INT"),
    ]
    assert [part.text.data.dataset for part in spec.parts] == ["ADRS", "ADTTE"]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("{by: G_TRTP}", "{by: G_TRT}", "T1.yaml:17: unknown grouping 'G_TRT' -> did you mean G_TRTA?"),
        ("{by: G_TRTP}", "{by: G_CD22}", "T1.yaml:17: G_CD22 is no pair of arms, one of them ref"),
        ("{by: G_CD22,", "{by: G_CD2,", "T1.yaml:20: unknown grouping 'G_CD2' -> did you mean G_CD22?"),
        ("[GE90, LT90]", "[GE90, LT9]", "T1.yaml:20: unknown level of G_CD22 'LT9' -> did you mean LT90?"),
        ("[GE90, LT90]", "[GE90]", "T1.yaml:20: an interaction of fewer than two levels"),
        ("- ALL", "- G_TRTP", "T1.yaml:19: G_TRTP makes the arms that are compared"),
        ("- ALL", "- G_CD22", "T1.yaml:20: the grouping 'G_CD22' stands twice"),
        ("interaction: [GE90, LT90]", "take: [LT90, LT90]", "T1.yaml:20: the level 'LT90' stands twice"),
        ("interaction: [", "take: [LT90, MISS], interaction: [", "T1.yaml:20: the first level of the interaction"),
        ("G_CD22, interaction: [GE90, LT90]", "G_MESFQ, interaction: [Q1, MISS]", "T1.yaml:20: MISS is no level but"),
        ("- ALL", "- G_SOC", "T1.yaml:19: G_SOC groups no subjects"),
        ("{p:x.xxxx}", "{pp:x.xxxx}", "T1.yaml:15: unknown field 'pp'"),
        ("{p:x.xxxx}", "{p:x.xxxx", "T1.yaml:15: '{p:x.xxxx' has a brace that does not match"),
        (" ({pct0:xx.x})", " {median0:xx.x}", "T1.yaml:10: unknown field of a response 'median0'"),
        (", response: \"{e0:xxx}/{n0:xxx} ({pct0:xx.x})\"", "", "T1.yaml:10: the column 'SC' has nothing for a resp"),
        ("({pct0:xx.x})", "({pct0:xx.xx})", "T1.yaml:10: pct0 is printed as xx.xx, and pct1 as xx.x"),
        ("width: 26", "width: 27", "T1.yaml:1: the widths of the columns sum to 134, not 133"),
        ("{p:x.xxxx}", "{p:x.xxxx} of it", "T1.yaml:15: '<0.0001 F of it' does not fit a cell of 10 characters"),
        (", censor: CNSR", "", "T1.yaml:25: the endpoint 'Survival' has a time and no censor"),
        ("    where: \"ADRS.", "    population: \"ADRS.", "T1.yaml:22: the endpoint 'Response [a]' is no response"),
        ("ADRS.AVALC", "ADRR.AVALC", "T1.yaml:24: unknown dataset in a condition 'ADRR' -> did you mean ADRS?"),
        ("footnotes: [{a: A note.}]", "", "T1.yaml:22: the marker [a] has no footnote"),
        ("    data: {dataset: ADRS}", "    population: AS_R\n    data: {dataset: ADRS}", "T1.yaml:23: unknown anal"),
        ("title: Effects", "title: Effects\ndata: ADRS", "T1.yaml:5: data belongs to the endpoints"),
        ("{width: 41}", "{width: 41, value: \"{p:x.xxxx}\"}", "T1.yaml:1: the first column holds no labels"),
        ("[GE90, LT90]}", "[GE90, LT90], trent: x}", "T1.yaml:20: T1.subgroups.1: unknown key 'trent' -> did you mean"),
    ],
)  # fmt: skip
def test_a_fault_of_a_table_says_where_and_how_to_mend_it(tmp_path, report, old, new, fault):
    assert old in TABLE
    found = faults(tmp_path, report, TABLE.replace(old, new, 1))
    assert any(line.startswith(fault) for line in found), found


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("plot: true, ", "", "T1.yaml:1: a forest has one column for the plot"),
        ("clip: [0.25, 4]", "clip: [0.75, 4]", "T1.yaml:1: ticks or ref lie outside of clip 0.75 to 4"),
        ("clip: [0.25, 4]", "clip: [0, 4]", "T1.yaml:1: a log axis does not go to 0"),
        ("scale: log", "scale: linaer", "'linaer' is not one of log, linear -> did you mean linear?"),
        ("{est:x.xx} ({lower:x.xx}, {upper:x.xx})", "{est:x.xx}", "T1.yaml:1: a forest prints est, lower and upper"),
        ("{e1:xxx}, {e0:xxx}", "{n1:xxx}, {n0:xxx}", "squares have their area by events, which no column prints"),
        ("width: 30", "width: 12", "T1.yaml:7: 'Age <55 years' is longer than the first column (9 characters)"),
        ("G_AGEGR1]", "{by: G_AGEGR1, trend: Trend}]", "T1.yaml:12: a forest has no row for a trend"),
        ("size: {lines: 12}", "", "T1.yaml:1: the key 'size' is missing -> add it"),
        (
            "x: {scale",
            "  - {label: R, data: {dataset: ADRS}, where: \"ADRS.AVALC = 'Y'\"}\nx: {scale",
            "T1.yaml:1: responses and times have no axis in common",
        ),
    ],
)
def test_a_fault_of_a_forest_says_where_and_how_to_mend_it(tmp_path, report, old, new, fault):
    assert old in FOREST
    found = faults(tmp_path, report, FOREST.replace(old, new, 1))
    assert any(fault in line for line in found), found


def test_a_good_forest_loads(tmp_path, report):
    assert loaded(tmp_path, report, FOREST).kind == "forest"
