"""Each rule of the trial's own criteria on hand-made histories: thresholds, windows, missing values, history, words."""

from datetime import date, timedelta

import pandas as pd
import pytest
from leukemia_frames import GOOD, SICK, START, codes, frames, judged

from sdtm2adam.build.response import Confirmation, derive_response
from sdtm2adam.spec.criteria_sets import bundled_criteria

RANK = {str(r.response): r.rank for r in bundled_criteria("INO-VATE").responses}

# --- thresholds ---------------------------------------------------------------------------------------------------


NEW_EMD = "PD: extramedullary disease PRESENT on 2013-05-01; baseline extramedullary disease ABSENT on 2013-03-22"
THRESHOLDS = [
    ({}, "CR", None),
    ({"platelets": 100, "anc": 1.0, "marrow": 4.99}, "CR", None),
    ({"platelets": 99.9}, "CRi", "CRi, not CR: platelets 99.9 < 100 on 2013-05-01"),
    ({"anc": 0.99}, "CRi", "CRi, not CR: ANC 0.99 < 1 on 2013-05-01"),
    ({"anc": 0.5, "platelets": 20}, "CRi",
     "CRi, not CR: ANC 0.5 < 1 on 2013-05-01; platelets 20 < 100 on 2013-05-01"),
    ({"marrow": 5}, "PR", "PR, not CR: marrow blasts 5 >= 5 on 2013-05-01"),
    ({"marrow": 25}, "PR", "PR, not CR: marrow blasts 25 >= 5 on 2013-05-01"),
    ({"marrow": 25.5}, "TREATMENT FAILURE", "Resistant disease, not CR: marrow blasts 25.5 >= 5 on 2013-05-01"),
    ({"blood": 0.01}, "TREATMENT FAILURE",
     "Resistant disease, not CR: peripheral blasts 0.01 > 0 on 2013-05-01"),
    ({"emd": "RESOLVED"}, "CR", None),
    ({"emd": "PRESENT"}, "PD", NEW_EMD),
    ({"marrow": 75}, "PD", "PD: marrow blasts 75 >= 1.25 x baseline 60 on 2013-05-01"),
    ({"marrow": 74.9}, "TREATMENT FAILURE", None),
]  # fmt: skip


@pytest.fixture(scope="module")
def at_thresholds():
    """The response of each case, judged together."""
    histories = [[(-10, SICK), (30, {**GOOD, **changed})] for changed, _, _ in THRESHOLDS]
    return derive_response(*frames(histories), "INO-VATE", accept_unverified=True)[0].set_index("USUBJID")


@pytest.mark.parametrize("number", range(len(THRESHOLDS)))
def test_thresholds_hold_exactly(at_thresholds, number):
    _, code, why = THRESHOLDS[number]
    row = at_thresholds.loc[f"S{number}"]
    assert row["AVALC"] == code
    assert row["AVAL"] == RANK[code]
    assert why is None or row["RESPWHY"] == why


def test_a_ratio_is_exact_where_binary_fractions_are_not():
    assert codes((-10, {**SICK, "marrow": 0.56}), (30, {**SICK, "marrow": 0.7, "blood": 0.5, "emd": "ABSENT"})) == [
        "PD"
    ]


def test_a_half_of_the_baseline_is_a_partial_response():
    sick = {**SICK, "marrow": 40, "blood": 0}
    assert codes((-10, sick), (30, {**sick, "marrow": 20})) == ["PR"]
    assert codes((-10, sick), (30, {**sick, "marrow": 20.1})) == ["TREATMENT FAILURE"]


# --- missing values -----------------------------------------------------------------------------------------------


def without(results, *measures):
    return {key: value for key, value in results.items() if key not in measures}


@pytest.mark.parametrize(
    ("results", "code", "remission", "why"),
    [
        (without(GOOD, "platelets"), "NE", "Y", "NE, with remission: platelets missing; marrow cellularity missing"),
        ({**without(GOOD, "platelets"), "anc": 0.4}, "CRi", "Y", "CRi, not CR: ANC 0.4 < 1 on 2013-05-01"),
        (without(GOOD, "blood"), "NE", None, "NE: peripheral blasts missing; marrow cellularity missing"),
        (without(GOOD, "emd"), "CR", "Y", None),
        (without(SICK, "blood"), "TREATMENT FAILURE", "N", None),
        ({**GOOD, "marrow": None, "cellularity": 5}, "INDETERMINATE RESPONSE", None,
         "Aplasia, not CR: marrow blasts missing"),
    ],
)  # fmt: skip
def test_what_is_missing_is_not_met_and_told(results, code, remission, why):
    [row] = judged((-10, SICK), (30, results))
    assert (row["AVALC"], row["REMFL"]) == (code, remission)
    assert why is None or row["RESPWHY"] == why


def test_a_response_that_could_not_be_judged_is_told_beside_the_one_given():
    [row] = judged((-10, SICK), (30, without(SICK, "blood")))
    assert row["RESPNJ"] == "PD not judged: peripheral blasts missing"


def test_extramedullary_disease_that_was_never_looked_for_is_not_absent():
    [row] = judged((-10, without(SICK, "emd")), (30, without(GOOD, "emd")))
    assert (row["AVALC"], row["EMD"]) == ("NE", None)


# --- days ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "code"), [(23, "CR"), (37, "CR"), (22, "NE"), (38, "NE")])
def test_counts_lie_within_seven_days_of_the_marrow(day, code):
    visits = (-10, SICK), (30, without(GOOD, "platelets")), (day, {"platelets": 150})
    assert codes(*visits) == [code]


def test_the_nearest_count_decides_and_of_two_as_near_the_earlier():
    marrow = (30, without(GOOD, "platelets"))
    assert codes((-10, SICK), marrow, (28, {"platelets": 20}), (31, {"platelets": 150})) == ["CR"]
    assert codes((-10, SICK), marrow, (28, {"platelets": 20}), (32, {"platelets": 150})) == ["CRi"]


def test_of_two_marrows_on_a_day_the_worse_decides():
    [row] = judged((-10, SICK), (30, {**GOOD, "marrow": [3, 8]}))
    assert (row["AVALC"], row["MARROW"]) == ("PR", 8)


def test_baseline_is_the_last_value_up_to_the_start():
    visits = (-20, {**SICK, "marrow": 90}), (0, {**SICK, "marrow": 40}), (30, {**SICK, "marrow": 50})
    assert codes(*visits) == ["PD"]


def test_nothing_counts_after_until():
    visits = (-10, SICK), (30, GOOD), (60, SICK)
    assert codes(*visits, until=60) == ["CR", "RELAPSED DISEASE FROM CR"]
    assert codes(*visits, until=59) == ["CR"]
    assert codes((-10, SICK), (30, without(GOOD, "anc")), (31, {"anc": 2}), until=30) == ["NE"]


# --- history ------------------------------------------------------------------------------------------------------


def test_relapse_needs_a_remission_before():
    rows = judged((-10, SICK), (30, SICK), (60, GOOD), (90, SICK), (120, {**GOOD, "platelets": 20}), (150, SICK))
    relapse = "RELAPSED DISEASE FROM CR"
    assert [row["AVALC"] for row in rows] == ["TREATMENT FAILURE", "CR", relapse, "CRi", relapse]
    assert rows[2]["RESPWHY"] == (
        "Relapse: marrow blasts 60 >= 5 on 2013-06-30; peripheral blasts 1 > 0 on 2013-06-30; remission on 2013-05-31"
    )
    assert rows[4]["RESPWHY"].endswith("remission on 2013-07-30")


@pytest.mark.parametrize("back", [{"marrow": 5}, {"blood": 0.02}, {"emd": "PRESENT"}])
def test_blasts_in_marrow_or_blood_or_disease_elsewhere_is_relapse(back):
    assert codes((-10, SICK), (30, GOOD), (60, {**GOOD, **back}))[1] == "RELAPSED DISEASE FROM CR"


def test_mrd_is_told_in_remission_only():
    statuses = [row["MRDSTAT"] for row in judged(
        (-10, SICK), (30, {**SICK, "mrd": 1}), (90, {**GOOD, "mrd": 0.01}), (150, {**GOOD, "mrd": 0.0099}), (210, GOOD)
    )]  # fmt: skip
    assert statuses == [None, "POSITIVE", "NEGATIVE", "NE"]


def test_a_response_is_confirmed_when_seen_again():
    confirm = Confirmation(("CR", "CRi"), 28)
    rows = judged((-10, SICK), (30, {**GOOD, "platelets": 20}), (40, GOOD), (58, GOOD), (90, SICK), confirm=confirm)
    assert [(row["AVALC"], row["CONFFL"], row["CONFDT"]) for row in rows] == [
        ("CRi", "Y", date(2013, 5, 29)), ("CR", "N", None), ("CR", "N", None), ("RELAPSED DISEASE FROM CR", None, None),
    ]  # fmt: skip


def test_a_worse_assessment_between_leaves_a_response_unconfirmed():
    rows = judged((-10, SICK), (30, GOOD), (40, SICK), (70, GOOD), confirm=Confirmation(("CR",), 28))
    assert [row["CONFFL"] for row in rows] == ["N", None, "N"]


# --- transfusions -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "code"), [(7, "CRi"), (0, "CRi"), (8, "CR"), (-1, "CR")])
def test_platelets_after_a_transfusion_are_no_recovery(days, code):
    subjects, tables = frames([[(-10, SICK), (30, GOOD)]])
    del tables["cellularity"]
    given = pd.DataFrame({"USUBJID": ["S0"], "DATE": [START + timedelta(days=30 - days)], "DOMAIN": "PR", "SEQ": 4})
    responses, records = derive_response(subjects, {**tables, "transfusion": given}, "ELN-AML", accept_unverified=True)
    assert list(responses["AVALC"]) == [code]
    if code == "CRi":
        when = START + timedelta(days=30 - days)
        assert (
            responses["RESPWHY"][0] == f"CRi, not CR: platelets 150 on 2013-05-01 after platelet transfusion on {when}"
        )
        assert ("transfusion", 4) in set(zip(records["MEASURE"], records["SEQ"], strict=True))
