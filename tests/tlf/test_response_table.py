"""T14.2.1 with the numbers of the trial, and with hardly any subjects."""

import pandas as pd
import pytest
from adam_frames import subjects
from laws import check_all

from sdtm2adam.resources import shelf
from sdtm2adam.spec.display import load_display_specs
from sdtm2adam.tlf import analyse, lay_out
from sdtm2adam.tlf.kinds import KINDS


def responses(adsl: pd.DataFrame, *responders: int) -> pd.DataFrame:
    """BORINV and CRCRIINV: in each (CD22 group, arm) of ADSL, in order, so many subjects respond."""
    place = adsl.groupby(["CD22GR1N", "TRT01PN"]).cumcount()
    group = adsl.groupby(["CD22GR1N", "TRT01PN"]).ngroup()
    met = place < group.map(dict(enumerate(responders)))
    records = [
        pd.DataFrame({"USUBJID": adsl["USUBJID"], "PARAMCD": "BORINV", "AVALC": met.map({True: "CR", False: "NE"})}),
        pd.DataFrame({"USUBJID": adsl["USUBJID"], "PARAMCD": "CRCRIINV", "AVALC": met.map({True: "Y", False: "N"})}),
    ]
    frame = pd.concat(records, ignore_index=True)
    return frame.assign(ASEQ=frame.groupby("USUBJID").cumcount() + 1).astype({"PARAMCD": "str", "AVALC": "str"})


@pytest.fixture(scope="module")
def planned() -> dict[str, pd.DataFrame]:
    adsl = subjects((1, 1, 107), (2, 1, 93), (1, 2, 35), (2, 2, 36), (1, 9, 22), (2, 9, 33))
    return {"ADSL": adsl, "ADRS": responses(adsl, 84, 33, 23, 11, 14, 6)}


def test_rates_and_intervals_are_the_published_ones(report, specs, seen, planned):
    results = analyse(specs["T14_2_1"], report, planned)
    display = lay_out(specs["T14_2_1"], report, results)
    check_all(results, display)
    count, limits = (line.split(" | ") for line in seen(display, "CR/CRi", "CR").splitlines())
    assert [count[at] for at in (1, 2, 3, 4, 7, 8)] == [
        "84 (78.5)",
        "33 (35.5)",
        "23 (65.7)",
        "11 (30.6)",
        "121 (73.8)",
        "50 (30.9)",
    ]
    assert [limits[at] for at in (1, 3, 7, 8)] == ["(69.5, 85.9)", "(47.8, 80.9)", "(66.4, 80.3)", "(23.9, 38.6)"]
    difference, interval = (line.split(" | ") for line in seen(display, "Difference, %", "97.5% CI [c]").splitlines())
    assert [difference[at] for at in (1, 2, 4)] == ["43.0", "35.2", "42.9"]
    assert [interval[at] for at in (1, 2, 4)] == ["(29.9, 54.7)", "(11.9, 54.8)", "(32.7, 52.2)"]


def test_heads_carry_n_of_the_analysis_set(report, specs, planned):
    display = lay_out(specs["T14_2_1"], report, analyse(specs["T14_2_1"], report, planned))
    assert [column.heads for column in display.columns[:3]] == [
        ("",),
        ("CD22 ≥90%", "InO|(N=107)"),
        ("CD22 ≥90%", "SC|(N=93)"),
    ]
    assert display.columns[-1].heads == ("All Subjects", "SC|(N=162)")


def test_small_arms_are_not_compared_and_small_tables_use_fisher(report, specs, seen):
    adsl = subjects((1, 1, 7), (2, 1, 5), (1, 2, 4), (2, 2, 9), (1, 9, 5), (2, 9, 8))
    data = {"ADSL": adsl, "ADRS": responses(adsl, 6, 0, 2, 3, 5, 1)}
    results = analyse(specs["T14_2_1"], report, data)
    display = lay_out(specs["T14_2_1"], report, results)
    check_all(results, display)
    p_values = seen(display, "1-sided p-value [d]", "Stratified p-value [e]")
    assert p_values == "  1-sided p-value [d] | 0.0076 F | NC | 0.0047 F | <0.0001"
    assert seen(display, "Interaction p-value [f]") == "Interaction p-value [f] |  |  |  | NC"
    tests = results.frame[results.frame["method_id"] == "M_PROP_P"].set_index("g2_level")
    assert tests.loc["CD22 ≥90%", "stat_c"] == "FISHER"
    assert tests.loc["CD22 <90%", "status_reason"] == "fewer than 5 subjects in an arm"


def test_nobody_or_everybody_responds(report, specs, seen):
    adsl = subjects((1, 1, 35), (2, 1, 35))
    display = lay_out(
        specs["T14_2_1"],
        report,
        analyse(specs["T14_2_1"], report, {"ADSL": adsl, "ADRS": responses(adsl, 35, 0)}),
    )
    assert seen(display, "CR/CRi", "CR").splitlines()[0].startswith("  CR/CRi | 35 (100.0) | 0 | 0 | 0 | 0 | 0 |")
    assert (
        seen(display, "CR/CRi", "CR")
        .splitlines()[1]
        .startswith("    95% CI [a] | (90.0, 100.0) | (0.0, 10.0) | (NE, NE) |")
    )


def test_comparisons_point_to_responders_and_all_subjects(report, specs, planned):
    results = analyse(specs["T14_2_1"], report, planned)
    row = results.frame[(results.frame["op_id"] == "M_DIFF.est") & (results.frame["g2_level"] == "CD22 ≥90%")].iloc[0]
    roles = results.members[results.members["member_id"] == row["member_id"]].groupby("role").size()
    assert roles.to_dict() == {"DEN": 200, "NUM": 117}
    assert row["comp_ref"] == "InO - SC"
    assert row["params"] == "conf=0.95;ci=miettinen_nurminen"


def test_a_table_of_two_columns_takes_the_same_rows(report, seen, planned, tmp_path):
    folder = shelf("specs") / "inovate" / "tlf"
    (tmp_path / "T14_2_1.yaml").write_text((folder / "T14_2_1.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    child = "id: T14_2_2\nextends: T14_2_1\nnumber: Table 14.2.2\ncolumns: C2\n"
    (tmp_path / "T14_2_2.yaml").write_text(child, encoding="utf-8")
    spec = load_display_specs(tmp_path.glob("*.yaml"), report, KINDS)["T14_2_2"]
    results = analyse(spec, report, planned)
    display = lay_out(spec, report, results)
    check_all(results, display)
    assert seen(display, "Difference, %", "97.5% CI [c]").splitlines() == [
        "  Difference, % | 42.9",
        "    95% CI [c] | (32.7, 52.2)",
    ]
    assert display.columns[1].heads == ("InO|(N=164)",)
