"""Exposure-adjusted rates: time up to the first event, exact limits, pages of their own for each CD22 group."""

import pandas as pd
import pytest
from adam_frames import adsl, drawn
from laws import check_all

from sdtm2adam.display.paginate import paginate
from sdtm2adam.errors import InputError, SpecErrors
from sdtm2adam.resources import shelf
from sdtm2adam.spec.display import load_display_specs
from sdtm2adam.tlf import analyse, lay_out
from sdtm2adam.tlf.kinds import KINDS

SUBJECTS = """
    USUBJID  N  CD22GR1N  TEAEDUR
    01       1  1         100
    02       1  1         200
    03       1  2         50
    04       2  1         365.25
    05       1  9         10
"""
EVENTS = """
    USUBJID  AEBODSYS  AEDECOD   ATOXGRN  TRTEMFL  AESEQ  ASTDY
    01       Gut       Nausea    1        Y        1      30
    01       Gut       Nausea    3        Y        2      20
    01       Gut       Vomiting  2        Y        3      100
    02       Gut       Nausea    3        Y        1      .
    03       Skin      Rash      1        Y        1      60
    01       Skin      Rash      1        .        4      1
"""
FOLDER = shelf("specs") / "inovate" / "tlf"


@pytest.fixture(scope="module")
def spec(report, naming):
    paths = [FOLDER / f"{name}.yaml" for name in ("T14_3_2_2", "T14_3_2_7")]
    return load_display_specs(paths, report, KINDS, naming)["T14_3_2_7"]


def frames(events: str = EVENTS, subjects: str = SUBJECTS) -> dict[str, pd.DataFrame]:
    found = {"ADSL": adsl(subjects), "ADAE": drawn(events)}
    found["ADSL"]["TEAEDUR"] = pd.to_numeric(found["ADSL"]["TEAEDUR"])
    found["ADAE"]["ASTDY"] = pd.to_numeric(found["ADAE"]["ASTDY"])
    return found


def printed(display, title: str) -> dict[str, list[str]]:
    """The rows of one page group; grades carry the label above them."""
    section = next(section for section in display.sections if section.title == title)
    return {
        "/".join((*row.parents[-1:], row.label) if row.label.startswith("Grade") else (row.label,)): [
            " ".join(cell.text.split()) for cell in row.cells
        ]
        for row in section.rows
    }


def test_time_runs_to_the_first_event_or_to_the_end_of_risk(report, spec):
    results = analyse(spec, report, frames())
    display = lay_out(spec, report, results)
    check_all(results, display)
    frame = results.frame
    years = frame[(frame["op_id"] == "M_EAIR.years") & (frame["g1_level"] == "InO")]

    def days(level: str, cd22: str = "CD22 ≥90%") -> list[float]:
        chosen = years[(years["g4_level"] == level) & (years["g2_level"] == cd22)]
        return [round(value * 365.25, 9) for value in chosen["stat"]]

    assert days("Nausea") == [20 + 200, 20 + 200]  # 02: the day is not known; grade 3 of 01 is the first as well
    assert days("Vomiting") == [100 + 200, 100 + 200]  # on the last day; no grade 3: whole time
    assert days("Rash", "") == [100 + 200 + 50 + 10] * 2  # 60 is after the last day at risk; 01 is not emergent
    assert days("Nausea", "CD22 <90%") == []  # nobody in the group has it


def test_rates_are_those_of_r(report, spec):
    """R: poisson.test(2, 220 / 365.25)$conf.int * 100; poisson.test(0, 1)$conf.int * 100."""
    rows = printed(lay_out(spec, report, analyse(spec, report, frames())), "CD22 ≥90%")
    assert rows["Nausea"] == ["2 0.6 332.0 (40.2, 1199.5)", "0 1.0 0.0 (0.0, 368.9)"]


def test_levels_are_listed_on_the_pages_where_somebody_has_them(report, spec):
    display = lay_out(spec, report, analyse(spec, report, frames()))
    assert [section.title for section in display.sections] == ["CD22 ≥90%", "CD22 <90%", "All Subjects"]
    assert list(printed(display, "CD22 <90%")) == [
        "Any TEAE", "Any TEAE/Grade ≥3", "Skin", "Skin/Grade ≥3", "Rash", "Rash/Grade ≥3"
    ]  # fmt: skip
    assert [label for label in printed(display, "All Subjects") if "Grade" not in label] == [
        "Any TEAE", "Gut", "Nausea", "Vomiting", "Skin", "Rash"
    ]  # fmt: skip


def test_each_page_group_has_its_own_column_n(report, spec):
    display = lay_out(spec, report, analyse(spec, report, frames()))
    heads = {page.titles[-1]: " ".join(page.head[0].texts) for page in paginate(display)}
    assert {title: (head.count("N=2"), head.count("N=1")) for title, head in heads.items()} == {
        "CD22 ≥90%": (1, 1),
        "CD22 <90%": (0, 1),
        "All Subjects": (0, 1),
    }
    assert "N=4" in heads["All Subjects"]
    assert "N=0" in heads["CD22 <90%"]


def test_nobody_at_risk_is_not_estimable(report, spec):
    rows = printed(lay_out(spec, report, analyse(spec, report, frames())), "CD22 <90%")
    assert rows["Rash"] == ["1 0.1 730.5 (18.5, 4070.1)", "0 0.0 NE (NE, NE)"]


@pytest.mark.parametrize(
    ("subjects", "events", "what", "where"),
    [
        ("50\n", "", "1 subjects have no time at risk (first: 03)", "ADSL.TEAEDUR"),
        ("", "60\n", "1 events stand before the first day at risk (first: 03)", "T14_3_2_2.yaml:"),
    ],
    ids=["no end of risk", "an event before the first day"],
)
def test_time_at_risk_that_cannot_be_stops(report, spec, subjects, events, what, where):
    changed = SUBJECTS.replace(subjects, ".\n") if subjects else SUBJECTS
    data = frames(EVENTS.replace(events, "0\n") if events else EVENTS, changed)
    with pytest.raises(InputError) as error:
        analyse(spec, report, data)
    assert error.value.what == what
    assert error.value.where.startswith(where)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("risk: {event: ADAE.ASTDY, end: ADSL.TEAEDUR}\n", "", "M_EAIR needs the time at risk -> add risk:"),
        ("ADSL.TEAEDUR", "ADAE.TEAEDUR", "'ADAE.TEAEDUR' is no variable of ADSL -> write ADSL.VARIABLE"),
        ("by: G_CD22", "by: G_CD23", "unknown grouping 'G_CD23' -> did you mean G_CD22?"),
        (
            "by: G_CD22, take: [GE90, LT90, ALL]",
            "by: G_SOC",
            "G_SOC groups no subjects -> pages take groupings of ADSL",
        ),
        ("take: [GE90", "take: [GE9", "unknown level of G_CD22 'GE9' -> did you mean GE90?"),
        ("columns: C2R", "columns: C6", "a cell has more than 4 groups -> take fewer columns, pages or levels"),
    ],
)
def test_a_wrong_word_is_told_with_its_line(report, naming, tmp_path, old, new, fault):
    for name in ("T14_3_2_2", "T14_3_2_7"):
        text = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
        assert old in text or name == "T14_3_2_2"
        (tmp_path / f"{name}.yaml").write_text(
            text.replace(old, new) if name == "T14_3_2_7" else text, encoding="utf-8"
        )
    with pytest.raises(SpecErrors) as errors:
        load_display_specs(sorted(tmp_path.glob("*.yaml")), report, KINDS, naming)
    told = [f"{error.what} -> {error.mend}" for error in errors.value.errors]
    assert any(line.startswith(fault) for line in told), told
    assert all(".yaml:" in error.where for error in errors.value.errors)
