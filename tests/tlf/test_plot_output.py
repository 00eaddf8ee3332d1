"""Plots: every point is a result with its records, and the words for those who cannot see say the numbers."""

import numpy as np
import pandas as pd
import pytest
from adam_frames import drawn
from laws import check_all
from plot_frames import ECDF, HISTOGRAM, PAIRED, SWIMMER, WATERFALL, plot, times, values

from sdtm2adam.errors import InputError
from sdtm2adam.spec.plot_model import PlotAxis
from sdtm2adam.tlf import analyse, lay_out
from sdtm2adam.tlf.plots.shown import axis_of


def made(tmp_path, report, body, data):
    """The results and the display of a figure; the laws hold, and the order of records does not count."""
    spec = plot(tmp_path, report, body)
    results = analyse(spec, report, data)
    display = lay_out(spec, report, results)
    check_all(results, display)
    shuffled = {name: frame.iloc[::-1].reset_index(drop=True) for name, frame in data.items()}
    pd.testing.assert_frame_equal(analyse(spec, report, shuffled).frame, results.frame)
    return results, display


def words(display, page=0):
    return display.figures[page].alt.split("\n")


def who(results, row):
    """The subjects and records behind a result."""
    members = results.members[results.members["member_id"] == row["member_id"]]
    return sorted(zip(members["usubjid"], members["dataset"], members["role"], strict=True))


AGES = [10.0, 9.9, 30.0, np.nan, 0.0, 20.0, 29.9]


def test_a_class_holds_its_lower_end_and_the_last_one_its_upper_end_too(tmp_path, report):
    results, display = made(tmp_path, report, HISTOGRAM, {"ADSL": values(AGE=AGES)})
    assert words(display) == [
        "Figure 1: A figure.",
        "Ages. Years.",
        "InO (n=3), %: [0, 10) 33.3, [10, 20) 33.3, [20, 30] 33.3",
        "SC (n=3), %: [0, 10) 33.3, [10, 20) 0, [20, 30] 66.7",
        "Missing: InO 1, SC 0.",
    ]
    frame = results.frame
    last = frame[(frame["g2_level"] == "[20, 30]") & (frame["op_id"] == "M_CNT.n")].set_index("g1_level")
    assert who(results, last.loc["SC"]) == [("F", "ADSL", "NUM"), ("G", "ADSL", "NUM")]
    base = frame.set_index("result_id").loc[last.loc["SC", "den_id"]]
    assert (base["g2_level"], base["stat"]) == ("Known", 3)


def test_a_value_outside_the_classes_stops(tmp_path, report):
    with pytest.raises(InputError, match=r"1 subjects have a value outside 0 to 30 \(first: B, 30.1\)"):
        made(tmp_path, report, HISTOGRAM, {"ADSL": values(AGE=[1, 30.1, 2, 3, 4, 5, 6])})


def test_classes_of_fractions_have_exact_ends(tmp_path, report):
    body = HISTOGRAM.replace("from: 0, to: 30, by: 10}\n    x", "from: 0, to: 0.6, by: 0.1}\n    x")
    _, display = made(tmp_path, report, body, {"ADSL": values(AGE=[0.3, 0.3, 0.3, 0.3, 0.6, 0.1, 0.5])})
    assert words(display)[2] == (
        "InO (n=4), %: [0, 0.1) 0, [0.1, 0.2) 0, [0.2, 0.3) 0, [0.3, 0.4) 100.0, [0.4, 0.5) 0, [0.5, 0.6] 0"
    )


def test_steps_of_a_distribution_with_ties(tmp_path, report):
    results, display = made(tmp_path, report, ECDF, {"ADSL": values(AGE=[5.0, 5.0, 10.0, 50.0, 7.0, np.nan, np.nan])})
    frame = results.frame
    steps = frame[(frame["op_id"] == "M_ECDF.estimate") & (frame["g1_level"] == "InO")]
    assert steps["g2_level"].tolist() == ["5", "10", "50"]
    assert steps["stat"].tolist() == [50.0, 75.0, 100.0]
    assert who(results, steps.iloc[0]) == [(name, "ADSL", "VALUE") for name in "ABCD"]
    assert words(display)[2:] == [
        "InO (n=4), % at or below 1: 0.0, 10: 75.0, 100: 100.0",
        "SC (n=1), % at or below 1: 0.0, 10: 100.0, 100: 100.0",
        "Missing: InO 0, SC 2.",
        "Quartiles, arms pooled: 5.0, 7.0, 10.0.",
    ]


@pytest.mark.parametrize("body", [HISTOGRAM, ECDF, WATERFALL])
def test_nobody_has_a_value(tmp_path, report, body):
    _, display = made(tmp_path, report, body, {"ADSL": values(AGE=np.full(7, np.nan))})
    assert "Missing: InO 4, SC 3." in words(display) or {"Missing: 4.", "Missing: 3."} <= set(words(display))
    if body == ECDF:
        assert "Quartiles, arms pooled: NE, NE, NE." in words(display)


@pytest.mark.parametrize("body", [HISTOGRAM, ECDF, WATERFALL])
def test_nobody_is_in_the_set(tmp_path, report, body):
    frame = values(AGE=AGES)
    _, display = made(tmp_path, report, body, {"ADSL": frame.assign(ITTFL="N")})
    assert display.figures[0].png.startswith(b"\x89PNG")


def test_nobody_is_in_the_set_of_pairs_or_swimmers(tmp_path, report):
    pairs = {"ADSL": values().assign(ITTFL="N"), "ADCP": drawn(SAMPLES)}
    _, display = made(tmp_path, report, PAIRED, pairs)
    assert words(display)[2] == "InO: 0 of 0 with both, median NE to NE."
    data = times()
    _, display = made(tmp_path, report, SWIMMER, {**data, "ADSL": data["ADSL"].assign(ITTFL="N")})
    assert [figure.title for figure in display.figures] == ["InO (N=0)", "SC (N=0)"]


def test_an_axis_grows_until_it_holds_every_value_and_thins_its_ticks():
    axis = PlotAxis.model_validate({"label": "%", "from": -100, "to": 100, "by": 20})
    assert axis_of(axis, [130.0]).end == 140
    grown = axis_of(axis, [950.0])
    assert grown.end >= 950
    assert len(grown.ticks) <= 22
    assert 0 in grown.ticks or -100 in grown.ticks


def test_bars_of_a_waterfall_fall_and_ties_stand_in_the_order_of_subjects(tmp_path, report):
    changes = [-3.0, 12.34, -3.0, np.nan, 0.0, -100.0, 250.0]
    results, display = made(tmp_path, report, WATERFALL, {"ADSL": values(AGE=changes)})
    assert words(display)[1:] == [
        "InO (n=3 of 4). Change: 12.3, -3.0, -3.0.",
        "Missing: 1.",
        "SC (n=3 of 3). Change: 250.0, 0.0, -100.0.",
        "Missing: 0.",
    ]
    bars = results.frame[results.frame["op_id"] == "M_WATERFALL.value"]
    assert bars["g2_level"].tolist() == ["B", "A", "C", "G", "E", "F"]
    assert who(results, bars.iloc[1]) == [("A", "ADSL", "VALUE")]


SAMPLES = """
    USUBJID  PARAMCD  VISIT  AVAL  ASEQ
    A        POS      B      90    1
    A        POS      A      60    2
    B        POS      B      80    1
    B        POS      A      85    2
    C        POS      B      99    1
    E        POS      A      10    1
    A        OTHER    B      1     3
"""


def test_lines_join_two_values_of_those_who_have_both(tmp_path, report):
    data = {"ADSL": values(), "ADCP": drawn(SAMPLES)}
    results, display = made(tmp_path, report, PAIRED, data)
    assert words(display)[2:] == [
        "InO: 2 of 4 with both, median 85 to 73. Subjects, Before to After: 90 to 60; 80 to 85.",
        "SC: 0 of 3 with both, median NE to NE.",
    ]
    frame = results.frame
    after = frame[frame["op_id"] == "M_PAIRED.value_2"]
    assert after["stat"].tolist() == [60, 85]
    members = results.members[results.members["member_id"] == after.iloc[0]["member_id"]]
    assert members[["dataset", "usubjid", "keyseq", "paramcd"]].values.tolist() == [["ADCP", "A", "2", "POS"]]


def test_two_records_of_one_moment_stop(tmp_path, report):
    twice = drawn(SAMPLES + "    B        POS      B      81    3")
    with pytest.raises(InputError, match=r"1 subjects have several records of ADCP\.AVAL and .*VISIT = 'B'"):
        made(tmp_path, report, PAIRED, {"ADSL": values(), "ADCP": twice})


def test_a_page_per_part_of_an_arm_with_bars_and_marks(tmp_path, report):
    results, display = made(tmp_path, report, SWIMMER, times())
    assert [figure.title for figure in display.figures] == [
        "InO (N=2), part 1 of 2",
        "InO (N=2), part 2 of 2",
        "SC (N=1)",
    ]
    assert [words(display, page)[-1] for page in range(3)] == [
        "B: 200.0; Remission 1.0, Relapse 121.0",
        "A: 100.0, Alive; Remission 31.0, Transplant 61.0",
        "C: 50.0; Remission 32.0, Transplant -1.0",
    ]
    frame = results.frame
    relapse = frame[frame["stat_label"] == "Relapse"].iloc[0]
    assert who(results, relapse) == [("B", "ADRS", "VALUE")]
    bars = frame[frame["op_id"] == "M_SWIMMER.length"]
    assert [who(results, row) for _, row in bars.iterrows()] == [
        [("B", "ADTTE", "EVENT")],
        [("A", "ADTTE", "CENSOR")],
        [("C", "ADTTE", "EVENT")],
    ]


def test_a_subject_without_time_stops(tmp_path, report):
    data = times()
    with pytest.raises(InputError, match=r"1 subjects have no record of the time to event \(first: C\)"):
        made(tmp_path, report, SWIMMER, {**data, "ADTTE": data["ADTTE"].iloc[:2]})


@pytest.mark.parametrize("body", [HISTOGRAM, ECDF, WATERFALL, PAIRED, SWIMMER])
def test_a_shell_has_the_words_of_the_figure_and_no_numbers(tmp_path, report, body):
    spec = plot(tmp_path, report, body)
    shell = lay_out(spec, report, None)
    assert shell.figures[0].png.startswith(b"\x89PNG")
    assert "xxx" in shell.figures[0].alt or "xxx" in shell.figures[0].title
    assert shell.titles == ("Figure 1", "A figure", "Intent-to-Treat Population")


def test_panels_share_a_page_and_say_which_data_they_are_of(tmp_path, report):
    body = HISTOGRAM + ECDF.split("panels:\n")[1]
    results, display = made(tmp_path, report, body, {"ADSL": values(AGE=[9, 10, 20, 5, 6, 7, 8])})
    assert len(display.figures) == 1
    assert display.footnotes[-1].startswith("Source: ADSL  Analysis: A_F1_010 to A_F1_020")
    assert set(results.frame["analysis_id"]) == {"A_F1_000", "A_F1_010", "A_F1_020"}
