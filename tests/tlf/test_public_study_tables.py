"""Tables of a real public study, each cell counted a second time in another way."""

from pathlib import Path

import pandas as pd
import pytest
from laws import check_all

from sdtm2adam.compute.rounding import count_percent_text
from sdtm2adam.spec.display import load_display_specs, load_report
from sdtm2adam.tlf import analyse, lay_out
from sdtm2adam.tlf.kinds import KINDS

PUBLISHED = Path(__file__).resolve().parents[3] / "shared" / "data" / "pharmaverseadam" / "parquet"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not PUBLISHED.is_dir(), reason="the public study is not in ../shared"),
]
ARMS = ("Placebo", "Xanomeline Low Dose", "Xanomeline High Dose")

REPORT = """\
study: {id: PILOT, name: Pilot, report: Public Study, cutoff: 2014-12-31}
sets: {AS_SAF: {label: Safety Population, where: "ADSL.SAFFL = 'Y'"}}
groupings:
  G_TRTA:
    var: ADSL.TRT01A
    levels:
      PBO: [Placebo, Placebo]
      LOW: [Xanomeline Low Dose, Low dose]
      HIGH: [Xanomeline High Dose, High dose]
  G_SOC: {var: ADAE.AEBODSYS, data_driven: true, label: System Organ Class}
  G_PT: {var: ADAE.AEDECOD, data_driven: true, label: Preferred Term}
column_sets: {C3: {stub: 73, width: 20, nest: [{by: G_TRTA, head: "{label}|(N={N})"}]}}
formats: {n_pct: "{n:xxx} ({pct:xx.x})", est1: "{est:xx.x}", ci1: "({lower:xx.x}, {upper:xx.x})"}
blocks: {cont: [[n, "{n:xxx}"], [Mean (SD), "{mean:+1} ({sd:+2})"], ["Q1, Q3", "{q1:+1}, {q3:+1}"]]}
layouts: {grid9: {paper: letter, font: Courier New, size: 9, chars: 133, lines: 42, char: 108, line: 220}}
"""
EVENTS = """\
id: T1
number: Table 1
kind: ae
title: Adverse Events
population: AS_SAF
columns: C3
data: {dataset: ADAE, where: "ADAE.TRTEMFL = 'Y'"}
row_defaults: {method: M_CNT, show: n_pct}
rows:
  - {label: Any}
  - each: G_SOC
    sort: [{desc: [HIGH]}, {desc: [LOW]}, alpha]
    rows:
      - each: G_PT
        sort: [{desc: [HIGH]}, {desc: [LOW]}, alpha]
        rows: [{label: Severe, where: "ADAE.AESEV = 'SEVERE'"}]
"""
AGES = """\
id: T2
number: Table 2
kind: summary
title: Age
population: AS_SAF
columns: C3
data: ADSL
rows:
  - {var: AGE, label: Age, block: cont}
  - {var: SEX, label: Sex, levels: {F: Female, M: Male}}
"""


@pytest.fixture(scope="module")
def data() -> dict[str, pd.DataFrame]:
    return {name.upper(): pd.read_parquet(PUBLISHED / f"{name}.parquet") for name in ("adsl", "adae")}


@pytest.fixture(scope="module")
def displays(data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("pilot")
    for name, text in (("report", REPORT), ("T1", EVENTS), ("T2", AGES)):
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    report = load_report(folder / "report.yaml")
    specs = load_display_specs([folder / "T1.yaml", folder / "T2.yaml"], report, KINDS)
    results = {name: analyse(spec, report, data) for name, spec in specs.items()}
    found = {name: lay_out(spec, report, results[name]) for name, spec in specs.items()}
    for name, display in found.items():
        check_all(results[name], display)
    return found


def counted(events: pd.DataFrame, subjects: pd.DataFrame) -> list[str]:
    """The cells of one row: distinct subjects per arm, counted by a join."""
    joined = events[["USUBJID"]].drop_duplicates().merge(subjects[["USUBJID", "TRT01A"]], on="USUBJID")
    total = subjects["TRT01A"].value_counts()
    return [count_percent_text(int((joined["TRT01A"] == arm).sum()), int(total[arm])) for arm in ARMS]


def test_every_cell_of_the_adverse_events_is_counted_alike(displays, data):
    subjects = data["ADSL"][data["ADSL"]["SAFFL"] == "Y"]
    events = data["ADAE"][data["ADAE"]["TRTEMFL"] == "Y"]
    rows = displays["T1"].sections[0].rows
    assert len(rows) == 1 + events["AEBODSYS"].nunique() + 2 * len(events[["AEBODSYS", "AEDECOD"]].drop_duplicates())
    soc = term = ""
    for row in rows:
        if row.label == "Any":
            chosen = events
        elif row.indent == 0:
            soc = row.label
            chosen = events[events["AEBODSYS"] == soc]
        elif row.indent == 1:
            term = row.label
            chosen = events[(events["AEBODSYS"] == soc) & (events["AEDECOD"] == term)]
        else:
            here = (events["AEBODSYS"] == soc) & (events["AEDECOD"] == term)
            chosen = events[here & (events["AESEV"] == "SEVERE")]
        assert [cell.text for cell in row.cells] == counted(chosen, subjects), row.label


def test_classes_and_terms_come_in_order_of_frequency(displays):
    rows = displays["T1"].sections[0].rows

    def key(row) -> tuple:
        counts = [int(cell.text.split()[0]) for cell in row.cells]
        return -counts[2], -counts[1], row.label.casefold()

    classes = [key(row) for row in rows if row.indent == 0 and row.label != "Any"]
    assert classes == sorted(classes)
    for above in {row.parents for row in rows if row.indent == 1}:
        terms = [key(row) for row in rows if row.indent == 1 and row.parents == above]
        assert terms == sorted(terms)


def test_age_is_summarised_as_pandas_does_it(displays, data):
    subjects = data["ADSL"][data["ADSL"]["SAFFL"] == "Y"]
    rows = {row.label: [cell.text for cell in row.cells] for row in displays["T2"].sections[0].rows}
    ages = [subjects.loc[subjects["TRT01A"] == arm, "AGE"] for arm in ARMS]
    assert rows["n"] == [str(len(age)) for age in ages]
    assert [float(cell.split()[0]) for cell in rows["Mean (SD)"]] == [
        pytest.approx(age.mean(), abs=0.051) for age in ages
    ]
    assert rows["Female"] == counted(subjects[subjects["SEX"] == "F"], subjects)
