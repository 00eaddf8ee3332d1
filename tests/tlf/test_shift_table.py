"""Shift tables: the grid, its sums, agreement, and who is not in it."""

import pandas as pd
import pytest
from adam_frames import adsl, drawn
from laws import check_all

from sdtm2adam.display.paginate import paginate
from sdtm2adam.errors import InputError, SpecErrors
from sdtm2adam.spec.display import load_display_specs
from sdtm2adam.tlf import analyse, lay_out
from sdtm2adam.tlf.kinds import KINDS

STRATA = """\
id: T1
number: Table 1
kind: shift
title: Strata
population: AS_ITT
columns: {by: G_TRTP, arms: columns, stub: 43, width: 15, across: CRF}
stub_head: IVRS
data: ADSL
rows:
  - label: Age
    from: {var: STRAT3R, levels: {"<55": <55, ">=55": ≥55}}
    to: {var: STRAT3V, levels: {"<55": <55, ">=55": ≥55}}
  - label: Salvage
    from: {var: STRAT2R, levels: {1: First, 2: Second}}
    to: {var: STRAT2V, levels: {1: First, 2: Second}}
agreement: "Agreement, n (%)"
unpaired: "No value, n (%)"
"""
GRADES = """\
id: T1
number: Table 1
kind: shift
title: Grades
population: AS_SAF
columns: {by: G_TRTA, arms: rows, stub: 73, width: 15, across: Worst grade}
data: ADLB
rows:
  - label: ALT
    where: "ADLB.PARAMCD = 'ALT' AND ADLB.ANL03FL = 'Y'"
    from: {var: ADLB.BTOXGRH, levels: {0: Low, 1: Low, 2: High}}
    to: {var: ADLB.ATOXGRH, levels: {0: Low, 1: Low, 2: High, 3: Higher}}
"""
SUBJECTS = adsl("""
USUBJID N CD22GR1N STRAT2R STRAT2V STRAT3R STRAT3V
1       1 1        1       1       <55     <55
2       1 1        1       2       <55     >=55
3       1 1        2       .       >=55    >=55
4       2 1        2       2       >=55    >=55
""")
RECORDS = drawn("""
USUBJID PARAMCD BTOXGRH ATOXGRH ANL03FL ASEQ
1       ALT     0       3       Y       1
1       ALT     0       1       .       2
1       AST     2       2       Y       3
2       ALT     1       2       Y       1
3       ALT     .       2       Y       1
4       ALT     2       1       Y       1
""")


def loaded(tmp_path, report, text: str):
    (tmp_path / "T1.yaml").write_text(text, encoding="utf-8")
    return load_display_specs([tmp_path / "T1.yaml"], report, KINDS)["T1"]


def made(spec, report, seen, **data: pd.DataFrame) -> list[str]:
    results = analyse(spec, report, {"ADSL": SUBJECTS, **data})
    display = lay_out(spec, report, results)
    check_all(results, display)
    assert paginate(display)
    return seen(display).splitlines()


def test_a_grid_with_the_arms_beside_each_other(tmp_path, report, seen):
    """Subject 3 has no salvage on the form: out of that grid, and told under it."""
    assert made(loaded(tmp_path, report, STRATA), report, seen) == [
        "Age | <55 | ≥55 | Total | <55 | ≥55 | Total",
        "  <55 | 1 (33.3) | 1 (33.3) | 2 (66.7) | 0 | 0 | 0",
        "  ≥55 | 0 | 1 (33.3) | 1 (33.3) | 0 | 1 (100.0) | 1 (100.0)",
        "  Total | 1 (33.3) | 2 (66.7) | 3 (100.0) | 0 | 1 (100.0) | 1 (100.0)",
        "  Agreement, n (%) | 2 (66.7) | 1 (100.0)",
        "  No value, n (%) | 0 | 0",
        "Salvage | First | Second | Total | First | Second | Total",
        "  First | 1 (50.0) | 1 (50.0) | 2 (100.0) | 0 | 0 | 0",
        "  Second | 0 | 0 | 0 | 0 | 1 (100.0) | 1 (100.0)",
        "  Total | 1 (50.0) | 1 (50.0) | 2 (100.0) | 0 | 1 (100.0) | 1 (100.0)",
        "  Agreement, n (%) | 1 (50.0) | 1 (100.0)",
        "  No value, n (%) | 1 (33.3) | 0",
    ]


def test_a_grid_with_the_arms_below_each_other(tmp_path, report, seen):
    """Values that share a label share a row or column; subject 3 has no grade at baseline."""
    spec = loaded(tmp_path, report, GRADES)
    assert made(spec, report, seen, ADLB=RECORDS) == [
        "ALT",
        "  InO (N=3)",
        "    Low | 0 | 1 (50.0) | 1 (50.0) | 2 (100.0)",
        "    High | 0 | 0 | 0 | 0",
        "    Total | 0 | 1 (50.0) | 1 (50.0) | 2 (100.0)",
        "  SC (N=1)",
        "    Low | 0 | 0 | 0 | 0",
        "    High | 1 (100.0) | 0 | 0 | 1 (100.0)",
        "    Total | 1 (100.0) | 0 | 0 | 1 (100.0)",
    ]
    shell = lay_out(spec, report, None)
    assert [column.heads for column in shell.columns] == [
        ("",),
        *((("Worst grade", head)) for head in ("Low", "High", "Higher", "Total")),
    ]
    assert [row.label for row in shell.sections[0].rows][:2] == ["ALT", "InO (N=xxx)"]


def test_cells_lead_to_the_records_of_their_subjects(tmp_path, report):
    results = analyse(loaded(tmp_path, report, GRADES), report, {"ADSL": SUBJECTS, "ADLB": RECORDS})
    frame = results.frame[results.frame["op_id"] == "M_SHIFT.n"]
    one = frame[(frame["g1_level"] == "InO") & (frame["g2_level"] == "Low") & (frame["g3_level"] == "Higher")]
    behind = results.members[results.members["member_id"] == one["member_id"].iloc[0]]
    assert behind[["dataset", "usubjid", "keyseq", "paramcd", "role"]].to_numpy().tolist() == [
        ["ADLB", "1", "1", "ALT", "NUM"]
    ]
    total = frame[(frame["g1_level"] == "InO") & (frame["g2_level"] == "") & (frame["g3_level"] == "")]
    assert one["den_id"].tolist() == total["result_id"].tolist()


def test_nobody_is_in_the_grid(tmp_path, report, seen):
    none = RECORDS.assign(ANL03FL=pd.array([None] * len(RECORDS), dtype="str"))
    rows = made(loaded(tmp_path, report, GRADES), report, seen, ADLB=none)
    assert rows[4] == "    Total | 0 | 0 | 0 | 0"


def test_a_subject_has_one_record_in_a_grid(tmp_path, report):
    twice = pd.concat([RECORDS, RECORDS.iloc[[0]].assign(ASEQ=9)], ignore_index=True)
    with pytest.raises(InputError) as error:
        analyse(loaded(tmp_path, report, GRADES), report, {"ADSL": SUBJECTS, "ADLB": twice})
    assert error.value.what == "1 subjects have more than one record in the grid 'ALT' (first: 1)"
    assert error.value.where == "T1.yaml:9"


def test_a_value_that_is_no_level_stops(tmp_path, report):
    with pytest.raises(InputError, match=r"a value of ADLB.ATOXGRH that the table does not list: 5 \(first: 1\)"):
        analyse(
            loaded(tmp_path, report, GRADES),
            report,
            {"ADSL": SUBJECTS, "ADLB": RECORDS.assign(ATOXGRH=RECORDS["ATOXGRH"].replace("3", "5"))},
        )


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            "T2V, levels: {1: First, 2: Second}}",
            "T2V, levels: {1: First}}",
            "T1.yaml:6: the grids differ in the number of columns -> give each",
        ),
        (
            "arms: columns",
            "arms: rows",
            "T1.yaml:6: the grids differ in the levels of to: -> place the arms in columns:",
        ),
        ("stub: 43", "stub: 42", "T1.yaml:6: the widths of the columns sum to 132, not 133 -> change a width"),
        ("by: G_TRTP", "by: G_TRT", "T1.yaml:6: unknown grouping 'G_TRT' -> did you mean G_TRTA?"),
        ("by: G_TRTP", "by: G_SOC", "T1.yaml:6: G_SOC groups no subjects -> take a grouping of ADSL"),
        (
            "T2V, levels: {1: First, 2: Second}}",
            "T2V, levels: {1: First, 2: In the second}}",
            "T1.yaml:6: 'In the second' does not fit",
        ),
        ("var: STRAT3R", "var: ADLB.STRAT3R", "T1.yaml:11: unknown dataset of a variable 'ADLB' -> "),
        ("agreement:", "agreeing:", "T1.yaml:16: T1.agreeing: unknown key 'agreeing' -> did you mean agreement?"),
        ("arms: columns", "arms: pages", "T1.yaml:6: T1.columns.arms: 'pages' is not one of columns, rows"),
        ('"No value, n (%)"', '"No value [a]"', "T1.yaml:17: the marker [a] has no footnote -> add a: to footnotes"),
    ],
)
def test_faults_of_shift_tables_are_told(tmp_path, report, old, new, fault):
    text = STRATA.replace("width: 15", "width: 13").replace("stub: 43", "stub: 55") if "In the" in new else STRATA
    with pytest.raises(SpecErrors) as errors:
        loaded(tmp_path, report, text.replace(old, new))
    found = [f"{error.where}: {error.what} -> {error.mend}" for error in errors.value.errors]
    assert any(line.startswith(fault) for line in found), found
