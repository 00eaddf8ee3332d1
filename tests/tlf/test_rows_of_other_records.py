"""Rows that read another dataset, another analysis set or a base, and variables of other datasets than ADSL."""

import pandas as pd
import pytest
from adam_frames import adsl, drawn
from laws import check_all

from sdtm2adam.errors import InputError, SpecErrors
from sdtm2adam.spec.display import load_display_specs
from sdtm2adam.tlf import analyse, lay_out
from sdtm2adam.tlf.kinds import KINDS

HEAD = """\
id: T1
number: Table 1
kind: KIND
title: A Table
population: SET
columns: C2
data: DATA
footnotes: [F1]
rows:
"""
SUBJECTS = adsl("""
USUBJID N CD22GR1N RESPFL AGE
1       1 1        Y      50
2       1 1        Y      60
3       1 2        N      70
4       2 1        Y      40
5       2 2        N      30
""")


def table(tmp_path, report, rows: str, *, kind: str = "response", data: str = "ADRS", population: str = "AS_RESP"):
    text = HEAD.replace("KIND", kind).replace("DATA", data).replace("SET", population) + rows
    (tmp_path / "T1.yaml").write_text(text, encoding="utf-8")
    return load_display_specs([tmp_path / "T1.yaml"], report, KINDS)["T1"]


def faults(tmp_path, report, rows: str, **words: str) -> list[str]:
    with pytest.raises(SpecErrors) as errors:
        table(tmp_path, report, rows, **words)
    return [f"{error.where}: {error.what} -> {error.mend}" for error in errors.value.errors]


def made(spec, report, seen, **data: pd.DataFrame) -> str:
    results = analyse(spec, report, {"ADSL": SUBJECTS, **data})
    display = lay_out(spec, report, results)
    check_all(results, display)
    return seen(display)


RESPONSES = drawn("""
USUBJID PARAMCD AVALC ASEQ
1       BOR     CR    1
1       MRD     Y     2
2       BOR     CRi   1
2       MRD     Y     2
4       BOR     CR    1
4       MRD     N     2
3       BOR     PD    1
""")
BASES = """\
  - {label: "CR, N", where: "ADRS.PARAMCD = 'BOR' AND ADRS.AVALC = 'CR'", method: M_CNT, show: n, id: CR}
  - {label: Negative, where: "ADRS.PARAMCD = 'MRD' AND ADRS.AVALC = 'Y'", base: CR, method: M_CNT, show: n_pct, id: NEG}
  - {label: 95% CI, of: NEG, method: M_CP, show: ci1}
  - label: "All, N"
    population: AS_ITT
    method: M_CNT
    show: n
    id: ALL_
    rows:
      - {label: Negative, where: "ADRS.PARAMCD = 'MRD' AND ADRS.AVALC = 'Y'", base: ALL_, method: M_CNT, show: n_pct}
"""


def test_a_row_with_a_base_counts_subjects_of_the_base_by_whatever_record(tmp_path, report, seen):
    """Subject 2 is negative but no CR; subject 3 is in the analysis set of the row alone."""
    spec = table(tmp_path, report, BASES)
    assert made(spec, report, seen, ADRS=RESPONSES).splitlines() == [
        "CR, N | 1 | 1",
        "Negative | 1 (100.0) | 0",
        "95% CI | (2.5, 100.0) | (0.0, 97.5)",
        "All, N | 3 | 2",
        "  Negative | 2 (66.7) | 0",
    ]


def test_results_name_the_analysis_set_they_are_of(tmp_path, report):
    frame = analyse(table(tmp_path, report, BASES), report, {"ADSL": SUBJECTS, "ADRS": RESPONSES}).frame
    assert frame.groupby("analysis_id")["set_id"].unique().map(list).to_dict() == {
        "A_T1_000": ["AS_RESP"],
        "A_T1_010": ["AS_RESP"],
        "A_T1_020": ["AS_RESP"],
        "A_T1_030": ["AS_RESP"],
        "A_T1_040": ["AS_ITT"],
        "A_T1_050": ["AS_ITT"],
    }


TIMES = drawn("""
USUBJID PARAMCD AVAL CNSR ASEQ
1       OS      61   0    1
1       PFS     30   0    2
2       OS      122  1    1
2       PFS     92   0    2
3       OS      31   0    1
3       PFS     15   0    2
4       OS      92   0    1
4       PFS     92   1    2
5       OS      61   0    1
5       PFS     31   0    2
""")


def test_a_block_of_rows_reads_other_data(tmp_path, report, seen):
    os, pfs = (
        f"""{{dataset: ADTTE, where: "ADTTE.PARAMCD = '{name}'", time: {{var: AVAL, unit: days}}, censor: CNSR}}"""
        for name in ("OS", "PFS")
    )
    rows = f"""\
  - {{label: Deaths, where: "ADTTE.CNSR = 0", method: M_CNT, show: n_pct}}
  - label: PFS
    data: {pfs}
    rows:
      - {{label: Events, where: "ADTTE.CNSR = 0", method: M_CNT, show: n_pct}}
      - {{label: Median, method: M_KMQ, q: 0.5, show: est1}}
  - {{label: Median, method: M_KMQ, q: 0.5, show: est1}}
"""
    spec = table(tmp_path, report, rows, kind="tte", data=os, population="AS_ITT")
    assert made(spec, report, seen, ADTTE=TIMES).splitlines() == [
        "Deaths | 2 (66.7) | 2 (100.0)",
        "PFS",
        "  Events | 3 (100.0) | 1 (50.0)",
        "  Median | 30.0 | 61.5",
        "Median | 61.0 | 76.5",
    ]


EXPOSURE = drawn("""
USUBJID PARAMCD AVAL AVALC ASEQ
1       NCYC    2    .     1
1       REG     .    FLAG  2
2       NCYC    4    .     1
2       REG     .    MXN   2
3       NCYC    6    .     1
4       NCYC    1    .     1
4       REG     .    FLAG  2
""")


def test_variables_of_other_datasets_are_summarised_where_the_row_says(tmp_path, report, seen):
    rows = """\
  - {var: ADEX.AVAL, where: "ADEX.PARAMCD = 'NCYC'", label: Cycles, block: cont_m, decimals: 0}
  - {var: ADEX.AVAL, where: "ADEX.PARAMCD = 'NCYC'", label: Cycles, levels: {1: One, 2: Few, 4: Few, 6: Many}}
  - {var: ADEX.AVALC, where: "ADEX.PARAMCD = 'REG'", label: "FLAG, n (%)", flag: FLAG}
  - {var: AGE, label: Age, block: cont_r, decimals: 0}
"""
    spec = table(tmp_path, report, rows, kind="summary", data="ADEX", population="AS_ITT")
    assert made(spec, report, seen, ADEX=EXPOSURE).splitlines() == [
        "Cycles",
        "  n | 3 | 1",
        "  Mean (SD) | 4.0 (2.00) | 1.0 (NE)",
        "  Median | 4.0 | 1.0",
        "  Min, Max | 2, 6 | 1, 1",
        "Cycles",
        "  One | 0 | 1 (50.0)",
        "  Few | 2 (66.7) | 0",
        "  Many | 1 (33.3) | 0",
        "FLAG, n (%) | 1 (33.3) | 1 (50.0)",
        "Age",
        "  n | 3 | 2",
        "  Median | 60.0 | 35.0",
        "  Min, Max | 50, 70 | 30, 40",
    ]


@pytest.mark.parametrize(
    ("summary", "count", "row"),
    [("block: cont_m", 1, " in the row 'n'"), ("levels: {1: A, 2: B, 4: C, 6: D}", 3, "")],
    ids=["values that are there", "missing values too"],
)
def test_several_values_of_a_subject_stop_a_summary(tmp_path, report, summary, count, row):
    rows = f"  - {{var: ADEX.AVAL, label: Cycles, {summary}}}\n"
    spec = table(tmp_path, report, rows, kind="summary", data="ADEX", population="AS_ITT")
    twice = pd.concat([EXPOSURE, EXPOSURE.iloc[[0]].assign(ASEQ=3)], ignore_index=True)
    with pytest.raises(InputError) as error:
        analyse(spec, report, {"ADSL": SUBJECTS, "ADEX": twice})
    assert error.value.what == f"{count} subjects have more than one value of ADEX.AVAL{row} (first: 1)"
    assert (error.value.where, error.value.mend) == ("T1.yaml:10", "narrow where: to one record per subject")


def test_a_condition_of_the_data_on_adsl_counts(tmp_path, report, seen):
    data = '{dataset: ADSL, where: "ADSL.AGE >= 50"}'
    rows = '  - {label: Group 1, where: "ADSL.CD22GR1N = 1", method: M_CNT, show: n}\n'
    spec = table(tmp_path, report, rows, kind="flags", data=data, population="AS_ITT")
    assert made(spec, report, seen) == "Group 1 | 2 | 0"


CP = "where: \"ADRS.AVALC = 'Y'\", method: M_CNT, show: n_pct"


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        (
            f"  - {{label: Yes, population: AS_ITT, {CP}}}",
            "T1.yaml:10: the row is of the population AS_ITT and has no denominator in it -> count the population",
        ),
        (
            f"  - {{label: N, method: M_CNT, show: n, id: N}}\n  - {{label: Yes, population: AS_ITT, base: N, {CP}}}",
            "T1.yaml:11: the base is of another population -> name a row of the same population",
        ),
        (
            f"  - {{label: CI, id: CI, method: M_CP, show: ci1}}\n  - {{label: Yes, base: CI, {CP}}}",
            "T1.yaml:11: the base is no count of subjects -> name a row of M_CNT that is one row",
        ),
        (
            f"  - {{label: Yes, population: AS_IT, {CP}}}",
            "T1.yaml:10: unknown analysis set 'AS_IT' -> did you mean AS_ITT?",
        ),
        (
            f"  - {{label: Yes, {CP}, rows: [{{label: Aged, data: ADSL, method: M_CNT, show: n}}]}}",
            "T1.yaml:10: the row reads ADSL, a row above it has a condition on ADRS -> put the row outside of that row",
        ),
        (
            '  - {label: Aged, data: ADAE, where: "ADRS.AVAL = 1", method: M_CNT, show: n}',
            "T1.yaml:10: unknown dataset in a condition 'ADRS' -> ",
        ),
        (
            "  - {var: ADEX.AVAL, label: Cycles, flag: Y}",
            "T1.yaml:10: unknown dataset of a variable 'ADEX' -> ",
        ),
    ],
)
def test_faults_of_other_records_are_told(tmp_path, report, rows, fault):
    found = faults(tmp_path, report, rows + "\n")
    assert any(line.startswith(fault) for line in found), found


def test_times_are_asked_for_where_they_are_needed(tmp_path, report):
    found = faults(
        tmp_path, report, "  - {label: Median, method: M_KMQ, q: 0.5, show: est1}\n", kind="tte", data="ADTTE"
    )
    assert found == ["T1.yaml:10: M_KMQ needs a time and its censoring -> add time: and censor: to data"]


def test_extends_drops_a_row(tmp_path, report):
    table(tmp_path, report, BASES)
    child = "id: T2\nextends: T1\nnumber: Table 2\nrows: [{drop: 95% CI}]\n"
    (tmp_path / "T2.yaml").write_text(child, encoding="utf-8")
    spec = load_display_specs(tmp_path.glob("*.yaml"), report, KINDS)["T2"]
    assert [row.label for row in spec.rows] == ["CR, N", "Negative", "All, N"]
