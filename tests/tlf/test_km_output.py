"""F14.2.3: curves are results, the box is read from the table."""

import pytest
from adam_frames import subjects, trial
from test_tte_table import times

from sdtm2adam.errors import InternalError, SpecErrors
from sdtm2adam.resources import shelf
from sdtm2adam.spec.display import load_display_specs
from sdtm2adam.tlf import analyse, lay_out
from sdtm2adam.tlf.kinds import KINDS


@pytest.fixture(scope="module")
def made(report, specs):
    data = trial()
    table = analyse(specs["T14_2_6"], report, data)
    return data, table, analyse(specs["F14_2_3"], report, data, {"T14_2_6": table})


def test_pages_and_words_for_those_who_cannot_see(report, specs, made):
    _, table, results = made
    display = lay_out(specs["F14_2_3"], report, results)
    assert len(display.figures) == 2
    assert {figure.lines for figure in display.figures} == {26}
    alt = display.figures[0].alt
    assert alt.startswith("Figure 14.2.3: Kaplan-Meier Plot of Overall Survival by Baseline CD22 Positivity.")
    assert "CD22 ≥90%. InO: " in alt
    assert "Number at risk at months since randomisation 0, 3, 6," in alt
    ratio = table.frame[
        (table.frame["op_id"] == "M_COX.est")
        & (table.frame["params"] == "conf=0.95;ties=efron;strata=none")
        & (table.frame["g2_level"] == "CD22 ≥90%")
    ]
    assert f"HR (95% CI) {ratio['formatted'].iloc[0]} (" in alt


def test_number_at_risk_at_0_is_n(made):
    frame = made[2].frame
    start = frame[(frame["op_id"] == "M_KM.at_risk") & (frame["g3_level"] == "0")].set_index(["g1_level", "g2_level"])
    total = frame[frame["analysis_id"] == "A_F14_2_3_000"].set_index(["g1_level", "g2_level"])
    assert (start["stat"] == total["stat"].reindex(start.index)).all()


def test_the_subjects_behind_a_number_at_risk_are_those_at_risk(made):
    data, _, results = made
    shown = results.frame[results.frame["op_id"] == "M_KM.at_risk"]
    count = results.members.groupby("member_id")["usubjid"].nunique()
    assert (shown["n_subj"] == shown["stat"]).all()
    some = shown[shown["stat"] > 0]
    assert (count.reindex(some["member_id"]).to_numpy() == some["stat"].to_numpy()).all()
    late = shown[(shown["g2_level"] == "") & (shown["g3_level"] == "12") & (shown["g1_leveln"] == 1)].iloc[0]
    people = set(results.members.loc[results.members["member_id"] == late["member_id"], "usubjid"])
    arm = data["ADSL"].set_index("USUBJID")["TRT01PN"]
    long = data["ADTTE"][data["ADTTE"]["AVAL"] / 30.4375 >= 12]["USUBJID"]
    assert people == {name for name in long if arm[name] == 1}


def test_events_of_the_curve_are_the_events_of_the_table(made):
    _, table, results = made
    frame = results.frame
    curve = frame[frame["op_id"] == "M_KM.n_event"].groupby(["g1_level", "g2_level"])["stat"].sum()
    events = table.frame[(table.frame["analysis_id"] == "A_T14_2_6_010") & (table.frame["op_id"] == "M_CNT.n")]
    events = events.set_index(["g1_level", "g2_level"])["stat"]
    assert (curve == events.reindex(curve.index)).all()


def test_same_results_give_the_same_bytes(report, specs, made):
    first, second = (lay_out(specs["F14_2_3"], report, made[2]).figures[0].png for _ in range(2))
    assert first == second
    assert first.startswith(b"\x89PNG")


def test_the_table_must_be_analysed_first(report, specs, made):
    with pytest.raises(InternalError, match="reads T14_2_6, whose results are not there"):
        analyse(specs["F14_2_3"], report, made[0])


def test_not_calculated_is_said_once(report, specs):
    adsl = subjects((1, 1, 4), (2, 1, 4))
    data = {"ADSL": adsl, "ADTTE": times(adsl, [1, 2, 3, 4, 2, 4, 6, 8], [0, 0, 0, 0, 0, 1, 0, 1])}
    table = analyse(specs["T14_2_6"], report, data)
    display = lay_out(specs["F14_2_3"], report, analyse(specs["F14_2_3"], report, data, {"T14_2_6": table}))
    assert "InO: 4/4, median 2.5 (1.0, NE); SC: 2/4, median 6.0 (2.0, NE); HR (95% CI) NC; 1-sided p NC" in (
        display.figures[0].alt
    )


def test_lines_of_the_box_for_a_panel_that_is_not_there_are_refused(tmp_path, report):
    folder = shelf("specs") / "inovate" / "tlf"
    text = (folder / "F14_2_3.yaml").read_text(encoding="utf-8")
    assert "rows_in:\n    ALL:" in text
    path = tmp_path / "F14_2_3.yaml"
    path.write_text(text.replace("rows_in:\n    ALL:", "rows_in:\n    GE9:"), encoding="utf-8")
    with pytest.raises(SpecErrors) as errors:
        load_display_specs([path, folder / "T14_2_6.yaml"], report, KINDS)
    assert [error.message for error in errors.value.errors] == [
        "F14_2_3.yaml:16: unknown panel 'GE9'\n    to mend: did you mean GE90?"
    ]


def test_the_box_of_all_subjects_says_that_it_is_stratified(report, specs, made):
    first, second = lay_out(specs["F14_2_3"], report, made[2]).figures
    assert "Stratified as randomised" not in first.alt
    assert "; Stratified as randomised\n" in second.alt
