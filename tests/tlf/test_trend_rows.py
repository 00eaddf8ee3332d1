"""M_TREND in tables of responses and of times: the interaction with the groups scored in the order of the spec."""

import pytest
from adam_frames import trial

from sdtm2adam.analysis.interaction import cox_interaction, logistic_interaction
from sdtm2adam.errors import SpecErrors
from sdtm2adam.spec.display import load_display_specs
from sdtm2adam.tlf import analyse, lay_out
from sdtm2adam.tlf.kinds import KINDS

RESPONSES = """\
id: T1
number: Table 1
kind: response
title: Deaths
population: AS_ITT
columns: C8
data: ADSL
rows:
  - {label: Died, where: "ADSL.DTHFL = 'Y'", method: M_CNT, show: n_pct, id: D}
"""
TIMES = """\
id: T1
number: Table 1
kind: tte
title: Survival
population: AS_ITT
columns: C8
data: {dataset: ADTTE, where: "ADTTE.PARAMCD = 'OS'", time: {var: AVAL, unit: months}, censor: CNSR}
rows:
"""
ROWS = """\
  - {label: Interaction, OF method: M_INT, with: {by: G_CD22, take: [LEVELS]}, show: p, place: ALL}
  - {label: Trend, OF method: M_TREND, with: {by: G_CD22, take: [LEVELS]}, show: p, place: ALL}
"""


def p_values(tmp_path, report, head, of, levels):
    (tmp_path / "T1.yaml").write_text(head + ROWS.replace("OF", of).replace("LEVELS", levels), encoding="utf-8")
    spec = load_display_specs([tmp_path / "T1.yaml"], report, KINDS)["T1"]
    results = analyse(spec, report, trial(400))
    assert lay_out(spec, report, results)
    frame = results.frame.set_index("method_id")
    return frame.loc["M_INT"], frame.loc["M_TREND"]


@pytest.mark.parametrize(("head", "of"), [(RESPONSES, "of: D,"), (TIMES, "")])
def test_over_two_groups_a_trend_is_the_interaction(tmp_path, report, head, of):
    interaction, trend = p_values(tmp_path, report, head, of, "GE90, LT90")
    assert trend["status"] == "OK"
    assert trend["stat"] == pytest.approx(interaction["stat"], rel=1e-9)


@pytest.mark.parametrize(("head", "of"), [(RESPONSES, "of: D,"), (TIMES, "")])
def test_over_three_groups_the_order_is_that_of_the_spec(tmp_path, report, head, of):
    found = {}
    for levels, codes in (("GE90, LT90, MISS", (1, 2, 9)), ("GE90, MISS, LT90", (1, 9, 2))):
        interaction, trend = p_values(tmp_path, report, head, of, levels)
        data = trial(400)
        adsl = data["ADSL"].sort_values("USUBJID").merge(data["ADTTE"], on="USUBJID")
        arm = adsl["TRT01PN"].eq(1).to_numpy()
        score = adsl["CD22GR1N"].map({code: place for place, code in enumerate(codes)}).to_numpy(dtype=int)
        if of:
            wanted = logistic_interaction(adsl["DTHFL"].eq("Y").to_numpy(), arm, score, trend=True)
        else:
            wanted = cox_interaction(adsl["AVAL"], adsl["CNSR"].eq(0).to_numpy(), arm, score, trend=True)
        assert trend["stat"] == pytest.approx(wanted.p, rel=1e-6)
        assert "MISS:" in trend["params"]
        found[levels] = interaction["stat"], trend["stat"]
    first, second = found.values()
    assert first[0] == pytest.approx(second[0], rel=1e-9)
    assert first[1] != pytest.approx(second[1], rel=1e-3)


def test_a_trend_needs_a_grouping(tmp_path, report):
    rows = "  - {label: Trend, of: D, method: M_TREND, show: p, place: ALL}\n"
    (tmp_path / "T1.yaml").write_text(RESPONSES + rows, encoding="utf-8")
    with pytest.raises(SpecErrors, match="M_TREND needs a grouping"):
        load_display_specs([tmp_path / "T1.yaml"], report, KINDS)
