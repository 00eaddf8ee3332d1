"""Forest figures: the numbers are results, the marks stand where the numbers say, NC draws nothing."""

import re

import numpy as np
import pytest
from adam_frames import subjects
from effect_frames import effects_trial
from laws import check_all
from test_effects_specs import FOREST
from test_tte_table import times

from sdtm2adam.resources import shelf
from sdtm2adam.spec.display import load_display_specs
from sdtm2adam.tlf import analyse, lay_out
from sdtm2adam.tlf import forest as room
from sdtm2adam.tlf.kinds import KINDS

FIGURES = ("F14_2_4", "F14_2_5")


@pytest.fixture(scope="module")
def forest_specs(report):
    folder = shelf("specs") / "inovate" / "tlf"
    return load_display_specs([folder / f"{name}.yaml" for name in FIGURES], report, KINDS)


@pytest.fixture(scope="module")
def datasets():
    return effects_trial()


@pytest.fixture
def drawn(monkeypatch):
    """What the pictures are asked to draw, page by page."""
    pages = []

    def keep(rows, look):
        pages.append((rows, look))
        return b"", b""

    monkeypatch.setattr(room, "draw_forest", keep)
    return pages


@pytest.mark.parametrize("name", FIGURES)
def test_the_laws_hold_and_every_number_is_a_result(name, report, forest_specs, datasets, drawn):
    results = analyse(forest_specs[name], report, datasets)
    display = lay_out(forest_specs[name], report, results)
    check_all(results, display)
    known = set(results.frame["formatted"])
    for rows, look in drawn:
        assert len(rows) == 24
        for row in rows:
            assert len(row.texts) == len(look.widths) - 1
            for cell in row.texts[1:]:
                assert set(re.findall(r"[<>]?-?[0-9.]*[0-9]|N[CE]", cell)) <= known


def test_one_endpoint_per_page_with_its_name(report, forest_specs, datasets):
    results = analyse(forest_specs["F14_2_5"], report, datasets)
    figures = lay_out(forest_specs["F14_2_5"], report, results).figures
    assert [figure.title for figure in figures] == ["Progression-free Survival", "Overall Survival"]
    assert all(figure.png.startswith(b"\x89PNG") for figure in figures)
    alt = figures[1].alt.split("\n")
    assert alt[:2] == [
        "Figure 14.2.5: Hazard Ratios for Progression-free and Overall Survival by Subgroup. Overall Survival.",
        "Left of 1: Favours InO; right: Favours SC.",
    ]
    assert re.fullmatch(r"All Subjects: InO events/N \d+/120; SC events/N \d+/120; HR \(95% CI\) \S+ \(.*\)", alt[2])
    assert len(alt) == 26


def test_differences_favour_treatment_on_the_right_and_ratios_on_the_left(report, forest_specs, datasets, drawn):
    for name in FIGURES:
        lay_out(forest_specs[name], report, analyse(forest_specs[name], report, datasets))
    assert [look.axis.sides for _, look in drawn] == [
        ("Favours SC", "Favours InO"),
        ("Favours InO", "Favours SC"),
        ("Favours InO", "Favours SC"),
    ]


def test_marks_stand_where_the_numbers_say(report, forest_specs, datasets, drawn):
    results = analyse(forest_specs["F14_2_5"], report, datasets)
    lay_out(forest_specs["F14_2_5"], report, results)
    frame = results.frame[results.frame["method_id"] == "M_COX"]
    stored = {
        name: set(frame.loc[frame["stat_name"] == name, "stat"]) for name in ("estimate", "conf.low", "conf.high")
    }
    for rows, _ in drawn:
        marks = [row.interval for row in rows if row.interval is not None]
        assert len(marks) > 20
        assert {mark.estimate for mark in marks} <= stored["estimate"]
        assert {mark.lower for mark in marks} <= stored["conf.low"]
        assert {mark.upper for mark in marks} <= stored["conf.high"]
        assert [row.diamond for row in rows] == [True] + [False] * 23


def test_squares_have_their_area_by_events(report, forest_specs, datasets, drawn):
    lay_out(forest_specs["F14_2_5"], report, analyse(forest_specs["F14_2_5"], report, datasets))
    rows = drawn[1][0]
    events = np.array([sum(int(cell.split("/")[0]) for cell in row.texts[1:3]) for row in rows])
    shares = np.array([row.share for row in rows])
    assert shares[1:] == pytest.approx(events[1:] / events[1:].max())


def test_a_group_under_the_size_rule_keeps_its_numbers_and_draws_nothing(tmp_path, report, drawn):
    path = tmp_path / "T1.yaml"
    path.write_text(FOREST.replace("G_AGEGR1", "G_CD22"), encoding="utf-8")
    spec = load_display_specs([path], report, KINDS)["T1"]
    adsl = subjects((1, 1, 12), (2, 1, 12), (1, 2, 4), (2, 2, 9))
    months = [*map(float, range(2, 26, 2)), *map(float, range(1, 25, 2)), *map(float, range(1, 14))]
    results = analyse(spec, report, {"ADSL": adsl, "ADTTE": times(adsl, months, [0] * 37)})
    lay_out(spec, report, results)
    rows = {row.texts[0].strip(): row for row in drawn[0][0]}
    assert rows["CD22 ≥90%"].interval is not None
    assert rows["CD22 <90%"].interval is None
    assert rows["CD22 <90%"].texts[1:] == ("4, 9", "NC")


def test_the_shell_has_labels_and_patterns_and_no_marks(report, forest_specs, drawn):
    lay_out(forest_specs["F14_2_4"], report, None)
    rows = drawn[0][0]
    assert [row.texts[0].strip() for row in rows] == [
        "All Subjects", "CD22 ≥90%", "CD22 <90%", "CD22 Missing", "MESF Q1 (low)", "MESF Q2", "MESF Q3",
        "MESF Q4 (high)", "Age <55 years", "Age ≥55 years", "First remission <12 mo.", "First remission ≥12 mo.",
        "Salvage 1", "Salvage 2", "Ph+", "Ph-", "Marrow blasts <50%", "Marrow blasts 50-90%", "Marrow blasts >90%",
        "Prior HSCT", "No prior HSCT", "FLAG", "Ara-C + mitoxantrone", "High-dose Ara-C",
    ]  # fmt: skip
    assert {row.texts[1:4] for row in rows} == {("xxx/xxx (xx.x)", "xxx/xxx (xx.x)", "xx.x (-xx.x, xx.x)")}
    assert all(row.interval is None for row in rows)
    assert [row.texts[0].strip() for row in rows if row.texts[4]] == [
        "CD22 ≥90%", "MESF Q1 (low)", "Age <55 years", "First remission <12 mo.", "Salvage 1", "Ph+",
        "Marrow blasts <50%", "Prior HSCT", "FLAG",
    ]  # fmt: skip
