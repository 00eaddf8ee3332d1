"""T14.2.6 on subjects whose Kaplan-Meier curve can be followed with a pencil."""

import numpy as np
import pandas as pd
import pytest
from adam_frames import subjects
from laws import check_all

from sdtm2adam.errors import InputError
from sdtm2adam.tlf import analyse, lay_out

MONTH = 30.4375


def times(adsl: pd.DataFrame, months: list[float], censored: list[int]) -> pd.DataFrame:
    """ADTTE with one time per subject, in the order of ADSL."""
    flags = np.array(censored)
    frame = pd.DataFrame(
        {
            "USUBJID": adsl["USUBJID"],
            "PARAMCD": "OS",
            "AVAL": np.array(months) * MONTH,
            "CNSR": flags,
            "EVNTDESC": np.where(flags == 0, "Death", "Censored"),
            "CNSDTDSC": np.where(flags == 0, None, "Alive at data cut-off"),
            "ASEQ": 1,
        }
    )
    return frame.astype({"PARAMCD": "str", "EVNTDESC": "str", "CNSDTDSC": "str"})


@pytest.fixture(scope="module")
def small() -> dict[str, pd.DataFrame]:
    adsl = subjects((1, 1, 4), (2, 1, 4))
    return {"ADSL": adsl, "ADTTE": times(adsl, [1, 2, 3, 4, 2, 4, 6, 8], [0, 0, 0, 0, 0, 1, 0, 1])}


def test_quantiles_rates_and_range(report, specs, seen, small):
    results = analyse(specs["T14_2_6"], report, small)
    display = lay_out(specs["T14_2_6"], report, results)
    check_all(results, display)
    text = {line.split(" |")[0].strip(): line for line in reversed(seen(display).splitlines())}

    def cells(label: str) -> list[str]:
        return text[label].split(" | ")[1:3]

    assert cells("Events, n (%)") == ["4 (100.0)", "2 (50.0)"]
    assert cells("Alive at data cut-off") == ["0", "2 (50.0)"]
    assert cells("Median") == ["2.5", "6.0"]
    assert cells("Min, Max [b]") == ["1.0, 4.0", "2.0, 8.0+"]
    assert cells("Month 3") == ["25.0", "75.0"]
    assert cells("Month 6") == ["0.0", "37.5"]
    assert cells("Month 12") == ["0.0", "NE"]


def test_comparisons_under_the_size_rule_are_not_calculated(report, specs, seen, small):
    display = lay_out(specs["T14_2_6"], report, analyse(specs["T14_2_6"], report, small))
    assert seen(display, "InO vs SC, stratified [e]", "InO vs SC, unstratified").splitlines()[1:] == [
        "  Hazard ratio | NC | NC | NC | NC",
        "    97.5% CI | NC | NC | NC | NC",
        "    95% CI | NC | NC | NC | NC",
        "  1-sided log-rank p-value | NC | NC | NC | NC",
    ]


@pytest.mark.bad_input("B094")
def test_an_arm_without_events_has_no_hazard_ratio(report, specs, seen):
    adsl = subjects((1, 1, 12), (2, 1, 12))
    months = [float(at) for at in range(1, 13)] * 2
    data = {"ADSL": adsl, "ADTTE": times(adsl, months, [1] * 12 + [0] * 12)}
    results = analyse(specs["T14_2_6"], report, data)
    display = lay_out(specs["T14_2_6"], report, results)
    check_all(results, display)
    rows = seen(display, "InO vs SC, unstratified", "Month 12 difference, % [c]").splitlines()
    assert rows[1].startswith("  Hazard ratio | NE |")
    assert rows[2].startswith("    95% CI | (NE, NE) |")
    assert rows[3].startswith("  1-sided log-rank p-value | 0.00")


@pytest.mark.bad_input("B094")
def test_everybody_censored(report, specs, seen):
    adsl = subjects((1, 1, 6), (2, 1, 6))
    data = {"ADSL": adsl, "ADTTE": times(adsl, [5.0] * 12, [1] * 12)}
    results = analyse(specs["T14_2_6"], report, data)
    display = lay_out(specs["T14_2_6"], report, results)
    check_all(results, display)
    assert "  Median | NE | NE |" in seen(display)
    assert "  Min, Max [b] | 5.0+, 5.0+ | 5.0+, 5.0+ |" in seen(display)
    assert "  Month 3 | 100.0 | 100.0 |" in seen(display)


@pytest.mark.bad_input("B094")
def test_time_zero_is_a_time(report, specs, seen):
    adsl = subjects((1, 1, 3), (2, 1, 3))
    data = {"ADSL": adsl, "ADTTE": times(adsl, [0.0, 1, 2, 0, 1, 2], [0] * 6)}
    assert "  Median | 1.0 | 1.0 |" in seen(lay_out(specs["T14_2_6"], report, analyse(specs["T14_2_6"], report, data)))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda frame: frame.iloc[1:], "1 subjects have no record of the time to event"),
        (lambda frame: pd.concat([frame, frame.iloc[:2].assign(ASEQ=2)]), "2 subjects have more than one record"),
        (lambda frame: frame.assign(AVAL=frame["AVAL"].where(frame.index > 0)), "1 subjects have no time"),
        (lambda frame: frame.assign(AVAL=-1.0), "8 subjects have no time, a negative time"),
    ],
)
@pytest.mark.bad_input("B063")
def test_times_that_cannot_be_used_stop(report, specs, small, change, message):
    with pytest.raises(InputError, match=message):
        analyse(specs["T14_2_6"], report, {**small, "ADTTE": change(small["ADTTE"])})


def test_a_subject_without_stratum_stops_a_stratified_method(report, specs):
    adsl = subjects((1, 1, 12), (2, 1, 12))
    adsl.loc[3, "STRAT2R"] = None
    data = {"ADSL": adsl, "ADTTE": times(adsl, [float(at) for at in range(1, 25)], [0] * 24)}
    with pytest.raises(InputError, match="1 subjects have no STRAT2R"):
        analyse(specs["T14_2_6"], report, data)


def test_models_point_to_events_and_censorings(report, specs, small):
    results = analyse(specs["T14_2_6"], report, small)
    row = results.frame[(results.frame["op_id"] == "M_COX.est") & (results.frame["g2_level"] == "CD22 ≥90%")].iloc[0]
    roles = results.members[results.members["member_id"] == row["member_id"]].groupby("role").size()
    assert roles.to_dict() == {"CENSOR": 2, "EVENT": 6}
