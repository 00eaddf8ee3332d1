"""Listings: sections of several datasets, cells of their own, dates in part, indented lines, panels of columns."""

import pandas as pd
import pytest
from adam_frames import adsl, drawn
from laws import check_all

from sdtm2adam.display.paginate import paginate
from sdtm2adam.display.text import as_text, body_text
from sdtm2adam.errors import SpecErrors
from sdtm2adam.spec.display import load_display_specs
from sdtm2adam.tlf import analyse, lay_out
from sdtm2adam.tlf.kinds import KINDS

SPEC = """
id: L1
number: Listing 1
kind: listing
title: Events and deaths
population: AS_ITT
day_one: ADSL.TRTSDT
data: ADAE
sections:
  - title: Serious events
    data: {dataset: ADAE, where: "ADAE.AESER = 'Y'"}
    sort: [ADSL.SUBJID, ADAE.AEDECOD]
  - title: Deaths
    data: {dataset: ADSL, where: "ADSL.DTHFL = 'Y'"}
    values: {TERM: "Death", START: "{DTHDTC:date} {DTHDTC:day}"}
  - title: Life-threatening events
    data: {dataset: ADAE, where: "ADAE.AESLIFE = 'Y'"}
columns:
  - {label: Subject, value: "{ADSL.SUBJID}", width: 20, group: true}
  - {name: TERM, label: "Class|  Term", value: "{AEBODSYS}|  {AEDECOD}", width: 20}
  - {name: START, label: Start, value: "{AESTDTC:date} {AESTDTC:day}", width: 20}
  - {label: Result, value: "{ADSL.ECOGBL}", width: 73}
footnotes: [{x: A note.}]
"""

EVENTS = """
    USUBJID  AESEQ  AESER  AESLIFE  AEBODSYS          AEDECOD                     AESTDTC
    A        1      Y      .        Blood_disorders   Thrombocytopenia_and_more  2013-02
    A        2      Y      .        Blood_disorders   Anaemia                     2013-01-09T10:30
    A        3      N      .        Blood_disorders   Rash                        2013-01-10
    B        1      Y      .        Gut               Nausea                      2013---05
    B        2      Y      .        Gut               Vomiting                    .
"""


def load(folder, report, text):
    path = folder / "L1.yaml"
    path.write_text(text, encoding="utf-8")
    return load_display_specs([path], report, KINDS)["L1"]


@pytest.fixture
def data() -> dict[str, pd.DataFrame]:
    subject = adsl("""
        USUBJID  N  CD22GR1N  DTHFL  DTHDTC   TRTSDT      ECOGBL
        A        1  1         Y      2013-03  2013-01-10  1
        B        2  1         .      .        .           7
        C        2  2         Y      2012     2013-01-10  2
    """)
    return {"ADSL": subject.assign(TRTSDT=pd.to_datetime(subject["TRTSDT"])), "ADAE": drawn(EVENTS)}


def test_sections_have_their_own_records_and_cells(tmp_path, report, seen, data):
    spec = load(tmp_path, report, SPEC)
    results = analyse(spec, report, data)
    display = lay_out(spec, report, results)
    check_all(results, display)
    assert [section.title for section in display.sections] == ["Serious events", "Deaths", "Life-threatening events"]
    assert seen(display).splitlines() == [
        " | A | Blood disorders/  Anaemia | 09JAN2013 -1 | 1",
        " |  | Blood disorders/  Thrombocytopenia and more | --FEB2013 | 1",
        " | B | Gut/  Nausea | 05---2013 | 7",
        " |  | Gut/  Vomiting |  | 7",
        " | A |  | --MAR2013 | 1",
        " | C |  | -----2012 | 2",
    ]
    assert display.footnotes[-1].startswith("Source: ADSL, ADAE  Analysis: A_L1_010 to A_L1_030")


def test_a_section_of_nobody_says_so_under_its_title(tmp_path, report, data):
    spec = load(tmp_path, report, SPEC)
    pages = paginate(lay_out(spec, report, analyse(spec, report, data)))
    last = as_text(pages[-1:])
    assert "Life-threatening events" in last
    assert "No subjects met the criteria." in last


def test_members_of_a_section_are_records_of_its_dataset(tmp_path, report, data):
    results = analyse(load(tmp_path, report, SPEC), report, data)
    deaths = results.frame[results.frame["analysis_id"] == "A_L1_020"]
    members = results.members[results.members["member_id"].isin(deaths["member_id"])]
    assert members[["dataset", "usubjid"]].values.tolist() == [["ADSL", "A"], ["ADSL", "C"]]
    assert set(deaths["dataset"]) == {"ADSL"}


def test_an_indented_line_goes_on_further_in(tmp_path, report, data):
    spec = load(tmp_path, report, SPEC)
    page = paginate(lay_out(spec, report, analyse(spec, report, data)))[0]
    lines = [line[20:40].rstrip() for line in body_text(page).splitlines()]
    assert lines[lines.index("Blood disorders", 3) :][:3] == ["Blood disorders", "  Thrombocytopenia", "    and more"]


def test_the_shell_has_all_sections(tmp_path, report):
    shell = lay_out(load(tmp_path, report, SPEC), report, None)
    assert [section.title for section in shell.sections] == ["Serious events", "Deaths", "Life-threatening events"]
    assert shell.sections[1].rows[0].cells[2].text == "DDMONYYYY xxxx"


WIDE = SPEC.replace("title: Events", "panels: true\ntitle: Events").replace(
    'value: "{ADSL.ECOGBL}", width: 73}',
    'value: "{ADSL.ECOGBL}", width: 73}\n  - {label: Again, value: "{ADSL.DTHDTC:date}", width: 100}',
)


def test_a_wide_listing_is_cut_into_panels_that_repeat_the_grouped_columns(tmp_path, report, data):
    spec = load(tmp_path, report, WIDE)
    pages = paginate(lay_out(spec, report, analyse(spec, report, data)))
    assert [page.widths for page in pages[:2]] == [(20, 20, 20, 73), (20, 113)]
    assert [row.split() for row in body_text(pages[1]).splitlines()[1:5]] == [
        ["A", "--MAR2013"],
        [],
        ["--MAR2013"],
        [],
    ]
    ids = [names for row in pages[1].body for names in row.result_ids[1]]
    assert len(ids) == 2


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("values: {TERM:", "values: {TORM:", "unknown column of the listing 'TORM'"),
        ("sort: [ADSL.SUBJID, ADAE.AEDECOD]", "sort: [ADRS.AVALC]", "unknown variable to sort by 'ADRS.AVALC'"),
        ('where: "ADSL.DTHFL', 'where: "ADAE.DTHFL', "unknown dataset in a condition 'ADAE'"),
        ("day_one: ADSL.TRTSDT", "day_one: TRTSDT", "'TRTSDT' is no date of ADSL"),
        ("width: 73", "width: 74", "the widths of the columns sum to 134, not 133"),
        (
            "title: Events",
            "panels: true\ntitle: Events",
            "4 columns of 133 characters, 1 of them grouped, make no panels",
        ),
        ("{DTHDTC:date} ", "{DTHDTC:dote} ", "unknown pattern 'dote'"),
        ("title: Deaths", "title: Deaths [a]", r"the marker \[a\] has no footnote"),
    ],
)
def test_faults_are_told(tmp_path, report, old, new, said):
    with pytest.raises(SpecErrors, match=said):
        load(tmp_path, report, SPEC.replace(old, new))


def test_a_column_too_wide_for_its_panel_is_told(tmp_path, report):
    with pytest.raises(SpecErrors, match="'Again' does not fit beside the 20 characters of the grouped columns"):
        load(tmp_path, report, WIDE.replace("width: 100", "width: 120"))
