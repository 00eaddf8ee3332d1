"""More than two arms: each is compared with the reference in its own column; figures of one panel read them."""

import numpy as np
import pandas as pd
import pytest
from laws import check_all
from statsmodels.duration.hazard_regression import PHReg
from statsmodels.duration.survfunc import survdiff

from sdtm2adam.errors import SpecErrors
from sdtm2adam.spec.display import load_display_specs, load_report
from sdtm2adam.tlf import analyse, lay_out
from sdtm2adam.tlf.kinds import KINDS
from sdtm2adam.trace.printed import printed_results

REPORT = """
study: {id: S1, name: S1, report: Three arms, cutoff: 2025-06-30}
sets: {AS_ALL: {label: All, where: "ADSL.USUBJID <> ''"}}
groupings:
  G_ARM:
    var: ADSL.ARM
    ref: PBO
    all: Total
    levels: {PBO: [Placebo, Placebo], LOW: [Low, Drug|Low dose], HIGH: [High, Drug|High dose]}
  G_SEX: {var: ADSL.SEX, levels: {F: [F, Female], M: [M, Male]}}
column_sets:
  C4: {stub: 33, width: 25, nest: [{by: G_ARM, take: [LOW, PBO, HIGH, ALL], head: "{label}|(N={N})"}]}
  C6: {stub: 49, width: 14, nest: [{by: G_SEX}, {by: G_ARM, head: "{label}|(N={N})"}]}
  C2: {stub: 83, width: 25, nest: [{by: G_ARM, take: [LOW, PBO]}]}
  CNO: {stub: 83, width: 25, nest: [{by: G_ARM, take: [LOW, HIGH]}]}
formats:
  n_pct: "{n:xxx} ({pct:xx.x})"
  est: "{est:xx.x}"
  hr: "{est:x.xx} ({lower:x.xx}, {upper:x.xx})"
  hr1: "{est:x.xx}"
  p: "{p:x.xxxx}"
layouts:
  grid9: {paper: letter, font: Courier New, size: 9, chars: 133, lines: 42, char: 108, line: 220}
"""
TABLE = """
id: T1
number: Table 1
kind: tte
title: Survival
population: AS_ALL
columns: C4
data: {dataset: ADTTE, where: "ADTTE.PARAMCD = 'OS'", time: {var: AVAL, unit: days}, censor: CNSR}
rows:
  - {label: Events, where: "ADTTE.CNSR = 0", method: M_CNT, show: n_pct, id: EVENTS}
  - {label: Hazard ratio, method: M_COX, show: hr, id: HR}
  - {label: p, method: M_LR, show: p, id: P}
"""
RESPONSE = """
id: T2
number: Table 2
kind: response
title: Responses
population: AS_ALL
columns: C4
data: ADSL
rows:
  - {label: Responders, where: "ADSL.RESPFL = 'Y'", method: M_CNT, show: n_pct, id: R}
  - {label: Difference, of: R, method: M_DIFF, show: est}
"""
FIGURE = """
id: F1
number: Figure 1
kind: km
title: Survival
population: AS_ALL
data: {dataset: ADTTE, where: "ADTTE.PARAMCD = 'OS'", time: {var: AVAL, unit: days}, censor: CNSR}
curves:
  by: G_ARM
  style:
    PBO: {line: solid, color: "#000000"}
    LOW: {line: dashed, color: "#B84A00"}
    HIGH: {line: dotted, color: "#1F3A93"}
x: {label: Days, from: 0, to: 120, by: 30}
y: {label: Survival (%), from: 0, to: 100, by: 20}
box:
  read: T1
  values: {e: EVENTS.n, N: N, hr: HR.est}
  rows: ["{curve}: {e:xxx}/{N:xxx}", "{curve} vs Placebo: HR {hr:x.xx}"]
size: {lines: 20}
"""
SIZE = 150


@pytest.fixture(scope="module")
def data():
    stream = np.random.default_rng(3)
    arm = np.array(["Placebo", "Low", "High"])[np.arange(SIZE) % 3]
    ids = [f"S{at:03d}" for at in range(SIZE)]
    days = np.ceil(stream.exponential(np.where(arm == "Placebo", 30, 60)))
    limit = np.ceil(stream.uniform(40, 120, SIZE))
    sex, responds = stream.choice(["F", "M"], SIZE), np.where(stream.uniform(size=SIZE) < 0.3, "Y", "N")
    adsl = pd.DataFrame({"USUBJID": ids, "ARM": arm, "SEX": sex, "RESPFL": responds})
    times = {"AVAL": np.minimum(days, limit), "CNSR": (days > limit).astype(float), "PARAMCD": "OS", "ASEQ": 1.0}
    return {"ADSL": adsl, "ADTTE": pd.DataFrame({"USUBJID": ids, **times})}


def loaded(folder, *texts):
    (folder / "report.yaml").write_text(REPORT, encoding="utf-8")
    paths = [folder / f"{text.split()[1]}.yaml" for text in texts]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text, encoding="utf-8")
    report = load_report(folder / "report.yaml")
    return report, load_display_specs(paths, report, KINDS)


def faults(folder, *texts):
    with pytest.raises(SpecErrors) as errors:
        loaded(folder, *texts)
    return [" ".join(error.message.split()) for error in errors.value.errors]


def printed(display, row):
    return [
        cell.text for section in display.sections for line in section.rows if line.label == row for cell in line.cells
    ]


def against_placebo(data, arm):
    """Hazard ratio and one-sided log-rank p-value of an arm against placebo by statsmodels."""
    both = data["ADSL"].merge(data["ADTTE"])
    both = both[both["ARM"].isin([arm, "Placebo"])]
    event, treated = both["CNSR"] == 0, both["ARM"] == arm
    fit = PHReg(both["AVAL"], treated.astype(float).to_numpy()[:, None], event, ties="efron").fit()
    ratios = [float(np.exp(value)) for value in (fit.params[0], *fit.conf_int()[0])]
    return ratios, survdiff(both["AVAL"], event, treated)[1] / 2


def test_each_arm_is_compared_with_the_reference_in_its_own_column(tmp_path, data):
    report, specs = loaded(tmp_path, TABLE)
    results = analyse(specs["T1"], report, data)
    display = lay_out(specs["T1"], report, results)
    check_all(results, display)
    frame = results.frame.set_index(["op_id", "g1_level"])["stat"]
    for arm, label in (("Low", "Drug Low dose"), ("High", "Drug High dose")):
        ratios, p = against_placebo(data, arm)
        assert ratios[0] < 1
        found = [frame[f"M_COX.{name}", label] for name in ("est", "lower", "upper")]
        assert found == pytest.approx(ratios, rel=1e-6)
        assert frame["M_LR.p", label] == pytest.approx(p, rel=1e-6)
    low, reference, high, total = printed(display, "Hazard ratio")
    assert (reference, total) == ("", "")
    assert low != high
    assert low
    assert high


def test_responses_are_compared_in_columns_too(tmp_path, data):
    report, specs = loaded(tmp_path, RESPONSE)
    results = analyse(specs["T2"], report, data)
    check_all(results, lay_out(specs["T2"], report, results))
    rate = (data["ADSL"]["RESPFL"] == "Y").groupby(data["ADSL"]["ARM"]).mean()
    frame = results.frame[results.frame["op_id"] == "M_DIFF.est"].set_index("comp_ref")["stat"]
    wanted = {f"Drug {arm} dose - Placebo": 100 * (rate[arm] - rate["Placebo"]) for arm in ("Low", "High")}
    assert frame.to_dict() == pytest.approx(wanted)


def test_the_comparison_is_that_of_two_arms_alone(tmp_path, data):
    two = TABLE.replace("T1", "T3").replace("C4", "C2").replace("show: hr", "show: hr, place: span")
    report, specs = loaded(tmp_path, TABLE, two.replace("show: p", "show: p, place: span"))
    frames = [analyse(specs[name], report, data).frame for name in ("T1", "T3")]
    for operation in ("M_COX.est", "M_COX.lower", "M_LR.p"):
        many, alone = (frame[frame["op_id"] == operation].set_index("comp_ref")["stat"] for frame in frames)
        assert many["Drug Low dose - Placebo"] == alone["Drug Low dose - Placebo"]


def test_under_each_outer_head_its_own_reference(tmp_path, data):
    report, specs = loaded(tmp_path, TABLE.replace("C4", "C6").replace("show: hr", "show: hr1"))
    results = analyse(specs["T1"], report, data)
    display = lay_out(specs["T1"], report, results)
    cells = printed(display, "Hazard ratio")
    assert [bool(cell) for cell in cells] == [False, True, True] * 2
    women = {name: frame.copy() for name, frame in data.items()}
    women["ADSL"] = women["ADSL"][women["ADSL"]["SEX"] == "F"]
    women["ADTTE"] = women["ADTTE"][women["ADTTE"]["USUBJID"].isin(women["ADSL"]["USUBJID"])]
    own = results.frame[(results.frame["op_id"] == "M_COX.est") & (results.frame["g2_level"] == "Female")]
    found = own.set_index("g1_level")["stat"]["Drug High dose"]
    assert found == pytest.approx(against_placebo(women, "High")[0][0], rel=1e-6)


def test_a_figure_of_one_panel_reads_the_comparisons(tmp_path, data):
    report, specs = loaded(tmp_path, TABLE, FIGURE)
    table = analyse(specs["T1"], report, data)
    results = analyse(specs["F1"], report, data, {"T1": table})
    display = lay_out(specs["F1"], report, results)
    check_all(results, display)
    low, _, high, _ = printed(lay_out(specs["T1"], report, table), "Hazard ratio")
    (figure,) = display.figures
    ends = f"; Drug Low dose vs Placebo: HR {low.split()[0]}; Drug High dose vs Placebo: HR {high.split()[0]}\n"
    assert ends in figure.alt
    assert "Placebo vs" not in figure.alt
    assert figure.alt.startswith("Figure 1: Survival.\nPlacebo: ")
    assert "Placebo vs" not in lay_out(specs["F1"], report, None).figures[0].alt
    page = [{"titles": ["Figure 1"], "header": [["", "DRAFT"]]}]
    grid = printed_results("F1", page, results.frame.to_dict("records"))
    assert {path[-1] for path in grid.columns} >= {"Placebo", "Drug Low dose", "Drug High dose"}


def test_what_cannot_be_compared_is_told(tmp_path):
    (found,) = faults(tmp_path, TABLE.replace("C4", "C6").replace("show: hr", "show: hr1, place: span"))
    mend = "leave place: out, then each arm is compared with ref in its own column"
    assert found == f"T1.yaml:11: M_COX compares two arms, but stands over 3 to mend: {mend}"
    found = faults(tmp_path, TABLE.replace("C4", "CNO").replace("show: hr", "show: hr, place: span"))
    mend = "give the grouping ref:, and take that level into the columns"
    assert f"T1.yaml:11: M_COX compares with an arm that is not there to mend: {mend}" in found


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (
            '"{curve} vs Placebo: HR {hr:x.xx}"', '"HR {hr:x.xx}"',
            "F1.yaml:19: hr differs between curves to mend: put {curve} into the line",
        ),
        (
            "size: {lines: 20}", "pages: [[ALL]]\nsize: {lines: 20}",
            "F1.yaml:2: pages: without panels to mend: add panels: {by: GROUPING}, or drop pages:",
        ),
        (
            "size: {lines: 20}", "panels: {by: G_SEX}\nsize: {lines: 20}",
            "F1.yaml:20: panels: without pages to mend: add pages: [[LEVEL, LEVEL], [ALL]]",
        ),
        (
            "size: {lines: 20}", "panels: {by: G_SEX}\npages: [[F, M]]\nsize: {lines: 20}",
            "F1.yaml:17: T1 has no column for each curve: its columns are G_ARM to mend: read a table",
        ),
    ],
)  # fmt: skip
def test_a_figure_that_does_not_fit_its_table_is_refused(tmp_path, old, new, what):
    assert old in FIGURE
    found = faults(tmp_path, TABLE, FIGURE.replace(old, new))
    assert [line for line in found if line.startswith(what)], found


def test_labels_that_differ_in_a_line_break_alone_are_one_label(tmp_path):
    (tmp_path / "report.yaml").write_text(
        REPORT.replace("[Low, Drug|Low dose]", "[Low, Drug High|dose]"), encoding="utf-8"
    )
    with pytest.raises(SpecErrors, match="two levels are called 'Drug High dose'"):
        load_report(tmp_path / "report.yaml")
