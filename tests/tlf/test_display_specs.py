"""Display specs are checked whole: all faults at once, each with its line and the way out."""

import pytest

from sdtm2adam.errors import SpecErrors
from sdtm2adam.resources import shelf
from sdtm2adam.spec.display import load_display_specs, load_report
from sdtm2adam.spec.display_plan import all_rows
from sdtm2adam.tlf.kinds import KINDS

GOOD = """\
id: T1
number: Table 1
kind: response
title: A Table
population: AS_ITT
columns: C8
data: ADRS
rows:
  - {label: "Yes [a]", where: "ADRS.AVALC = 'Y'", method: M_CNT, show: n_pct, id: YES}
  - {label: 95% CI, of: YES, method: M_CP, show: ci1, indent: 1}
footnotes: [F1, {a: A note.}]
"""


def loaded(tmp_path, report, text: str, name: str = "T1"):
    path = tmp_path / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return load_display_specs([path], report, KINDS)[name]


def faults(tmp_path, report, text: str) -> list[str]:
    with pytest.raises(SpecErrors) as errors:
        loaded(tmp_path, report, text)
    return [f"{error.where}: {error.what} -> {error.mend}" for error in errors.value.errors]


def test_a_good_spec_has_analyses_numbered_in_print_order(tmp_path, report):
    spec = loaded(tmp_path, report, GOOD)
    assert [(row.label, row.analysis, row.method) for row in all_rows(spec.rows)] == [
        ("Yes [a]", "A_T1_010", "M_CNT"),
        ("95% CI", "A_T1_020", "M_CP"),
    ]
    assert spec.rows[1].condition == spec.rows[0].condition
    assert [leaf.levels for leaf in spec.leaves[:3]] == [("GE90", "INO"), ("GE90", "SC"), ("LT90", "INO")]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("population: AS_ITT", "population: AS_IT", "T1.yaml:5: unknown analysis set 'AS_IT' -> did you mean AS_ITT?"),
        ("columns: C8", "columns: C7", "T1.yaml:6: unknown column set 'C7' -> known: "),
        ("kind: response", "kind: respons", "T1.yaml:3: unknown kind 'respons' -> did you mean response?"),
        ("method: M_CNT", "method: M_CNTT", "T1.yaml:9: unknown method 'M_CNTT' -> did you mean M_CNT?"),
        ("show: ci1", "show: cid", "T1.yaml:10: unknown format 'cid' -> did you mean cid1?"),
        ("of: YES", "of: YEP", "T1.yaml:10: unknown row id in 'of' 'YEP' -> did you mean YES?"),
        ("F1, ", "F99, ", "T1.yaml:11: unknown footnote 'F99' -> did you mean F9?"),
        (" [a]", "", "T1.yaml:11: the footnote a has no marker -> put [a] into a label, or drop it"),
        (", {a: A note.}", "", "T1.yaml:9: the marker [a] has no footnote -> add a: to footnotes"),
        (" note.}", " note.}, {a: B.}", "T1.yaml:11: two footnotes have the marker a -> the first is at T1.yaml:11"),
        ("M_CP", "M_CONT", "T1.yaml:10: M_CONT is not for the kind response -> it has M_CNT, M_CP, M_DIFF"),
        ("show: ci1", "show: p", "T1.yaml:10: the format asks for 'p', which M_CP does not give -> it gives est"),
        ("indent: 1}", "indent: 1, id: YES}", "T1.yaml:10: two rows have the id 'YES' -> the first is at T1.yaml:9"),
        ("AVALC = 'Y'", "AVALC ~ 'Y'", "T1.yaml:9: the condition \"ADRS.AVALC ~ 'Y'\" cannot be read from \"~ 'Y'\""),
        ("ADRS.AVALC", "ADRSS.AVALC", "T1.yaml:9: unknown dataset in a condition 'ADRSS' -> did you mean ADRS?"),
        ("95% CI", "Aconfidenceintervalofninetyfivepercent", "T1.yaml:10: the word 'Aconfidenceinterval"),
        ("M_CP", "M_DIFF", "T1.yaml:10: M_DIFF is placed in 'column' -> place it in span, or an outer level"),
        ("M_CP, show: ci1", "M_INT, show: p, place: ALL", "T1.yaml:10: M_INT needs a grouping -> add with:"),
        ("M_CP, show: ci1", "M_DIFF, show: est1, place: GE9", "T1.yaml:10: unknown place 'GE9' -> did you mean GE90?"),
        ("id: T1", "id: T2", "T1.yaml:1: the id 'T2' is not the name of the file -> make them equal"),
        (
            ", id: YES}",
            ', id: YES}\n  - {each: ADRS.AVALC, levels: {Y: Yes, N: " "}}',
            "T1.yaml:10: T1.rows.1.levels: the level 'N' has no label -> write VALUE: LABEL",
        ),
        ("title: A Table\n", "", "T1.yaml:1: the key 'title' is missing -> add it"),
    ],
)
def test_a_fault_says_where_and_how_to_mend_it(tmp_path, report, old, new, fault):
    found = faults(tmp_path, report, GOOD.replace(old, new))
    assert any(line.startswith(fault) for line in found), found


def test_an_unknown_key_is_told_with_the_nearest_word(tmp_path, report):
    found = faults(tmp_path, report, GOOD.replace("show: ci1", "shwo: ci1"))
    assert any("T1.yaml:10" in line and "unknown key 'shwo'" in line and "did you mean show?" in line for line in found)


def test_all_faults_of_all_specs_come_at_once(tmp_path, report):
    for name in ("T1", "T2"):
        text = GOOD.replace("id: T1", f"id: {name}").replace("AS_ITT", "AS_X").replace("M_CNT", "M_NIL")
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(SpecErrors) as errors:
        load_display_specs(sorted(tmp_path.glob("*.yaml")), report, KINDS)
    assert [(error.where, error.what.split()[1]) for error in errors.value.errors] == [
        ("T1.yaml:9", "method"),
        ("T1.yaml:5", "analysis"),
        ("T2.yaml:9", "method"),
        ("T2.yaml:5", "analysis"),
    ]


def test_widths_must_fill_the_line(tmp_path, report):
    text = (shelf("specs") / "inovate" / "tlf" / "L16_2_6_1.yaml").read_text(encoding="utf-8")
    path = tmp_path / "L16_2_6_1.yaml"
    path.write_text(text.replace("width: 11", "width: 12"), encoding="utf-8")
    with pytest.raises(SpecErrors, match="the widths of the columns sum to 134, not 133"):
        load_display_specs([path], report, KINDS)


def test_a_cell_wider_than_its_column_is_found_before_data_are_read(tmp_path, naming):
    text = (shelf("specs") / "inovate" / "report.yaml").read_text(encoding="utf-8")
    (tmp_path / "report.yaml").write_text(
        text.replace('ci1:     "({lower:xx.x}', 'ci1:     "({lower:xxxx.x}'), encoding="utf-8"
    )
    wide = load_report(tmp_path / "report.yaml", naming)
    found = faults(tmp_path, wide, GOOD)
    assert any("does not fit a cell of 12 characters" in line for line in found), found


def test_extends_takes_another_table_and_changes_rows(tmp_path, report):
    child = """\
id: T2
extends: T1
number: Table 2
title: Another Table
population: AS_SAF
rows:
  - {label: 95% CI, replace: {conf: 0.9}}
  - {after: "Yes [a]", rows: [{label: No, where: "ADRS.AVALC = 'N'", method: M_CNT, show: n_pct}]}
"""
    (tmp_path / "T1.yaml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "T2.yaml").write_text(child, encoding="utf-8")
    spec = load_display_specs(tmp_path.glob("*.yaml"), report, KINDS)["T2"]
    assert [(row.label, row.analysis) for row in spec.rows] == [
        ("Yes [a]", "A_T2_010"),
        ("No", "A_T2_020"),
        ("95% CI", "A_T2_030"),
    ]
    assert spec.rows[2].conf == 0.9
    assert (str(spec.text.population), str(spec.text.number)) == ("AS_SAF", "Table 2")


def test_extends_goes_one_level_only(tmp_path, report):
    (tmp_path / "T1.yaml").write_text(GOOD, encoding="utf-8")
    for name, parent in (("T2", "T1"), ("T3", "T2")):
        (tmp_path / f"{name}.yaml").write_text(f"id: {name}\nextends: {parent}\n", encoding="utf-8")
    with pytest.raises(SpecErrors, match="extends 'T2', which extends another one"):
        load_display_specs(tmp_path.glob("*.yaml"), report, KINDS)


def test_the_figure_names_rows_of_the_table_it_reads(tmp_path, report):
    folder = shelf("specs") / "inovate" / "tlf"
    for name in ("T14_2_6", "F14_2_3"):
        text = (folder / f"{name}.yaml").read_text(encoding="utf-8")
        (tmp_path / f"{name}.yaml").write_text(text.replace("MEDIAN.lower", "MEDIUM.lower"), encoding="utf-8")
    with pytest.raises(SpecErrors, match="unknown row id 'MEDIUM'"):
        load_display_specs(tmp_path.glob("*.yaml"), report, KINDS)


def test_analysis_ids_of_the_study_are_those_once_published(specs):
    """Renumbering would break every reference to a result: change this list only on purpose."""
    last = {name: max((row.analysis for row in all_rows(spec.rows)), default="") for name, spec in specs.items()}
    assert last == {
        "F14_2_3": "",
        "L16_2_6_1": "A_L16_2_6_1_010",
        "T14_1_2": "A_T14_1_2_220",
        "T14_2_1": "A_T14_2_1_140",
        "T14_2_6": "A_T14_2_6_210",
        "T14_3_2_2": "A_T14_3_2_2_060",
    }
