"""Tables of effects: each line is what a table of responses or of times says of the same subjects."""

import numpy as np
import pandas as pd
import pytest
from adam_frames import subjects
from effect_frames import EFFECTS_HEAD, effects_trial
from laws import check_all
from test_tte_table import times

from sdtm2adam.display.paginate import paginate
from sdtm2adam.resources import shelf
from sdtm2adam.spec.display import load_display_specs
from sdtm2adam.tlf import analyse, lay_out
from sdtm2adam.tlf.kinds import KINDS

TABLES = ("T14_2_7", "T14_2_8", "T14_2_9", "T14_2_10", "T14_2_13")
SMALL = (
    EFFECTS_HEAD
    + """\
subgroups: [ALL, {by: G_CD22, interaction: [GE90, LT90]}]
endpoints:
"""
)
RESPONSE = """\
  - {label: Response, data: {dataset: ADRS}, where: "ADRS.PARAMCD = 'CRCRIINV' AND ADRS.AVALC = 'Y'"}
"""
SURVIVAL = """\
  - {label: Survival, data: {dataset: ADTTE, where: "ADTTE.PARAMCD = 'OS'", time: {var: AVAL}, censor: CNSR}}
"""


@pytest.fixture(scope="module")
def effect_specs(report):
    folder = shelf("specs") / "inovate" / "tlf"
    return load_display_specs([folder / f"{name}.yaml" for name in (*TABLES, "T14_2_1", "T14_2_6")], report, KINDS)


@pytest.fixture(scope="module")
def datasets():
    return effects_trial()


@pytest.fixture
def small(tmp_path, report):
    def load(text: str):
        path = tmp_path / "T1.yaml"
        path.write_text(text, encoding="utf-8")
        return load_display_specs([path], report, KINDS)["T1"]

    return load


def responses(adsl: pd.DataFrame, yes: list[int]) -> pd.DataFrame:
    """ADRS with one answer per subject, in the order of ADSL."""
    answers = np.where(np.array(yes) == 1, "Y", "N")
    frame = pd.DataFrame({"USUBJID": adsl["USUBJID"], "PARAMCD": "CRCRIINV", "AVALC": answers, "ASEQ": 1})
    return frame.astype({"PARAMCD": "str", "AVALC": "str"})


def lines(display, label: str) -> dict[str, list[str]]:
    """The rows under an endpoint: label and cells."""
    rows = display.sections[0].rows
    start = next(at for at, row in enumerate(rows) if row.label.startswith(label))
    found: dict[str, list[str]] = {}
    for row in rows[start + 1 :]:
        if not row.cells:
            break
        found[row.label] = [cell.text for cell in row.cells]
    return found


@pytest.mark.parametrize("name", TABLES)
def test_the_laws_hold(name, report, effect_specs, datasets):
    results = analyse(effect_specs[name], report, datasets)
    check_all(results, lay_out(effect_specs[name], report, results))


def test_order_of_records_changes_nothing(report, effect_specs, datasets):
    shuffled = {key: frame.sample(frac=1, random_state=3).reset_index(drop=True) for key, frame in datasets.items()}
    first, again = (analyse(effect_specs["T14_2_8"], report, data) for data in (datasets, shuffled))
    pd.testing.assert_frame_equal(first.frame, again.frame)
    pd.testing.assert_frame_equal(first.members, again.members)


def test_lines_are_the_rows_of_the_tables(report, effect_specs, datasets):
    """Each number of the response and of survival is that of the table with the same method, to the last bit."""
    effects = analyse(effect_specs["T14_2_7"], report, datasets).frame
    for table, endpoint, methods in (
        ("T14_2_1", "_01_", ("M_DIFF", "M_PROP_P", "M_INT")),
        ("T14_2_6", "_05_", ("M_COX", "M_LR", "M_INT")),
    ):
        other = analyse(effect_specs[table], report, datasets).frame
        for method in methods:
            keys = ["op_id", "g2_level", "params", "comp_ref"]
            own = effects[effects["analysis_id"].str.contains(endpoint) & (effects["method_id"] == method)]
            both = own.merge(other[other["method_id"] == method], on=keys, suffixes=("", "_table"))
            assert len(both) == len(own) > 0
            assert (both["stat"] == both["stat_table"]).all()
            assert (both["formatted"] == both["formatted_table"]).all()
            assert (both["member_id"] == both["member_id_table"]).all()


def test_small_arms_zero_counts_and_empty_groups(report, small):
    adsl = subjects((1, 1, 6), (2, 1, 6), (1, 2, 4), (2, 2, 8))
    data = {"ADSL": adsl, "ADRS": responses(adsl, [1] * 6 + [0] * 6 + [1, 1, 0, 0] + [0] * 8)}
    spec = small(SMALL + RESPONSE)
    results = analyse(spec, report, data)
    display = lay_out(spec, report, results)
    check_all(results, display)
    found = lines(display, "Response")
    assert found["All Subjects"][:2] == ["8/10 (80.0)", "0/14"]
    assert found["CD22 ≥90%"][:2] == ["6/6 (100.0)", "0/6"]
    assert found["CD22 ≥90%"][3] == "0.0011 F"  # 1 / choose(12, 6)
    assert found["CD22 ≥90%"][4] == "NC"  # the interaction needs five subjects in each arm of each level
    assert found["CD22 <90%"] == ["2/4 (50.0)", "0/8", "NC", "NC", ""]
    assert found["CD22 Missing"] == ["0/0", "0/0", "NC", "NC", ""]


def test_times_that_cannot_be_compared(report, small):
    adsl = subjects((1, 1, 12), (2, 1, 12), (1, 2, 5), (2, 2, 5))
    months = [float(at) for at in range(1, 13)] * 2 + [1.0, 2, 3, 4, 5] * 2
    data = {"ADSL": adsl, "ADTTE": times(adsl, months, [1] * 12 + [0] * 12 + [0] * 5 + [0] * 4 + [1])}
    spec = small(SMALL + SURVIVAL)
    results = analyse(spec, report, data)
    display = lay_out(spec, report, results)
    check_all(results, display)
    found = lines(display, "Survival")
    assert found["CD22 ≥90%"][:3] == ["0/12 NE", "12/12 6.5", "NE"]
    assert found["CD22 <90%"][2:] == ["NC", "NC", ""]
    reasons = results.frame.loc[results.frame["status"] == "NC", "status_reason"]
    assert set(reasons) == {"fewer than 10 events", "fewer than 5 subjects in an arm"}


def test_an_interaction_over_an_empty_level_is_not_calculated(report, small):
    """Not even over the levels that are left: that would be another test than the one announced."""
    adsl = subjects((1, 1, 9), (2, 1, 9), (1, 2, 9), (2, 2, 9))
    yes = ([1] * 6 + [0] * 3 + [1] * 3 + [0] * 6) * 2
    for levels, p in (("[GE90, LT90]", ">0.9999"), ("[GE90, LT90, MISS]", "NC"), ("[MISS, LT90, GE90]", "NC")):
        spec = small((SMALL + RESPONSE).replace("[GE90, LT90]", levels))
        results = analyse(spec, report, {"ADSL": adsl, "ADRS": responses(adsl, yes)})
        found = lines(lay_out(spec, report, results), "Response")
        assert [cells[4] for cells in found.values() if cells[4]] == [p]


@pytest.mark.parametrize("size", [0, 1, 2])
def test_hardly_any_subjects(report, effect_specs, datasets, size):
    """Counts are counts, and all that compares is NC."""
    adsl = datasets["ADSL"].iloc[:size].assign(RESPFL="N")
    spec = effect_specs["T14_2_8"]
    results = analyse(spec, report, {**datasets, "ADSL": adsl})
    display = lay_out(spec, report, results)
    check_all(results, display)
    found = lines(display, "Overall")
    assert found["All Subjects"][2:4] == ["NC", "NC"]
    assert lines(display, "MRD")["All Subjects"] == ["0/0", "0/0", "NC", "NC", ""]
    assert lines(display, "Duration")["All Subjects"] == ["0/0 NE", "0/0 NE", "NC", "NC", ""]


def test_a_level_of_missing_values_has_a_row_only_where_somebody_is_in_it(report, effect_specs, datasets):
    spec = effect_specs["T14_2_8"]
    known = datasets["ADSL"][datasets["ADSL"]["MESFGR1"].notna()]
    whole, part = (
        lay_out(spec, report, analyse(spec, report, {**datasets, "ADSL": adsl})) for adsl in (datasets["ADSL"], known)
    )
    assert "MESF Missing" in lines(whole, "CR/CRi")
    assert "MESF Missing" not in lines(part, "CR/CRi")
    assert "MESF Missing" in lines(lay_out(spec, report, None), "CR/CRi")


def test_trend_and_interaction_stand_where_they_belong(report, effect_specs, datasets):
    results = analyse(effect_specs["T14_2_8"], report, datasets)
    display = lay_out(effect_specs["T14_2_8"], report, results)
    rows = lines(display, "Overall")
    with_p = [label for label, cells in rows.items() if cells[4]]
    assert with_p == ["MESF Q1 (low)", "Trend p-value (Q1 to Q4)"]
    assert rows["Trend p-value (Q1 to Q4)"][:4] == [""] * 4
    tests = results.frame[results.frame["analysis_id"].isin(["A_T14_2_8_05_050", "A_T14_2_8_05_060"])]
    assert tests["params"].tolist() == [
        "sides=2;by=G_MESFQ;levels=Q1+Q2+Q3+Q4",
        "sides=2;by=G_MESFQ;scores=Q1:1+Q2:2+Q3:3+Q4:4",
    ]
    assert (tests["dataset"] == "ADTTE").all()


def test_endpoints_have_their_own_subjects(report, effect_specs, datasets):
    frame = analyse(effect_specs["T14_2_7"], report, datasets).frame
    total = frame[frame["analysis_id"].str.endswith("_000") & (frame["g2_id"] == "")]
    counted = total.groupby(["analysis_id", "set_id"])["stat"].sum().to_dict()
    responders = (datasets["ADSL"]["RESPFL"] == "Y").sum()
    assert counted == {
        (f"A_T14_2_7_{part}_000", chosen): size
        for part, chosen, size in (
            ("01", "AS_ITT", 240),
            ("02", "AS_RESP", responders),
            ("03", "AS_RESP", responders),
            ("04", "AS_ITT", 240),
            ("05", "AS_ITT", 240),
        )
    }


def test_the_shell_of_effects_by_cd22(report, effect_specs):
    (page,) = paginate(lay_out(effect_specs["T14_2_7"], report, None))
    assert page.widths == (41, 22, 22, 26, 11, 11)
    head = [line for row in page.head for line in zip(*(text.split("\n") for text in row.texts), strict=True)]
    assert [[text.strip() for text in line] for line in head] == [
        ["", "InO", "SC", "InO vs SC", "1-sided", "Inter-"],
        ["Endpoint / CD22 group", *["n/N (%) or e/N med"] * 2, "Effect (95% CI)", "p-value", "action p"],
    ]
    body = [[text.strip() for text in row.texts] for row in page.body]
    rate = ["xxx/xxx (xx.x)"] * 2 + ["xx.x (-xx.x, xx.x)", "x.xxxx"]
    ratio = ["xxx/xxx xx.x"] * 2 + ["x.xx (x.xx, x.xx)", "x.xxxx"]
    groups = ["All Subjects", "CD22 ≥90%", "CD22 <90%", "CD22 Missing"]
    heads = [
        "CR/CRi rate, difference in %",
        "MRD negative, difference in % [a]",
        "Duration of remission, hazard ratio [a]",
        "Progression-free survival, hazard ratio",
        "Overall survival, hazard ratio",
    ]
    assert body == [
        line
        for at, head in enumerate(heads)
        for line in (
            [head, *[""] * 5],
            *([group, *(rate if at < 2 else ratio), "x.xxxx" if group == "CD22 ≥90%" else ""] for group in groups),
        )
    ]


def test_the_source_names_every_dataset(report, effect_specs):
    notes = lay_out(effect_specs["T14_2_7"], report, None).footnotes
    assert notes[-1].startswith("Source: ADSL, ADRS, ADTTE  Analysis: A_T14_2_7_01_010 to A_T14_2_7_05_050")
