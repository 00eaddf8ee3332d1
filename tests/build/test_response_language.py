"""What a criteria set can say beside what the bundled ones say: peak, best and worst values, several conditions."""

from datetime import date, timedelta

import pandas as pd
import pytest

from sdtm2adam.build.response import derive_response
from sdtm2adam.errors import SpecErrors
from sdtm2adam.spec.criteria_sets import as_criteria
from sdtm2adam.spec.yaml import loads

START = date(2013, 4, 1)
SET = """
criteria: MINE
title: For tests
assessed_by: [visit]
measures:
  visit: {label: visit, variable: VISIT, values: ["YES"], status: P}
  hgb: {label: hemoglobin, variable: HGB, unit: g/L, worse: lower, before: 3, after: 3, status: P}
  wbc: {label: WBC, variable: WBC, unit: 10^9/L, worse: higher, before: 3, after: 3, status: P}
conditions:
  asked: {CONDITION, status: P}
  other: {measure: wbc, is: "< 10", status: P}
responses:
  - {response: "MET", rank: 1, all: [asked], status: P}
  - {response: "NOT", rank: 2, none: [asked], status: P}
"""
MEASURE = '{measure: hgb, is: "'


def told(condition, hgb=(), wbc=(), visits=(30,), take="nearest"):
    """Response and reason at each visit, where one condition decides."""
    text = SET.replace("{CONDITION, status: P}", condition).replace("worse: lower,", f"worse: lower, take: {take},")
    criteria = as_criteria(loads(text, "MINE.yaml"), "MINE", "MINE.yaml")
    frames = {
        "visit": _frame([(day, "YES") for day in visits], None),
        "hgb": _frame(hgb, "g/L"),
        "wbc": _frame(wbc, "10^9/L"),
    }
    subjects = pd.DataFrame({"USUBJID": ["A"], "START": [START]})
    responses, _ = derive_response(subjects, frames, criteria, accept_unverified=True)
    return responses[["AVALC", "RESPWHY"]].values.tolist()


def _frame(rows, unit):
    dated = [("A", START + timedelta(days=day), value) for day, value in rows]
    return pd.DataFrame(dated, columns=["USUBJID", "DATE", "VALUE"]).assign(UNIT=unit)


def test_the_peak_is_the_best_value_before():
    condition = '{measure: hgb, is: "<= -20", change_from: peak, status: P}'
    counts = [(-5, 100), (30, 130), (60, 115), (90, 110)]
    assert told(condition, counts, visits=(30, 60, 90)) == [
        ["NOT", "NOT: hemoglobin changed by 30 > -20 from peak 100 on 2013-05-01"],
        ["NOT", "NOT: hemoglobin changed by -15 > -20 from peak 130 on 2013-05-31"],
        ["MET", "MET: hemoglobin changed by -20 <= -20 from peak 130 on 2013-06-30"],
    ]


def test_the_nadir_is_the_best_value_before_and_may_be_looked_at_itself():
    condition = '{measure: wbc, is: "< 5", at: nadir, status: P}'
    assert told(condition, wbc=[(-5, 9), (30, 4), (60, 20)], visits=(30, 60)) == [
        ["NOT", "NOT: nadir WBC 9 >= 5 on 2013-03-27"],
        ["MET", "MET: nadir WBC 4 < 5 on 2013-05-01"],
    ]


def test_baseline_may_be_looked_at_itself_and_may_be_missing():
    condition = '{measure: hgb, is: "= 90", at: baseline, status: P}'
    assert told(condition, [(0, 90), (30, 120)]) == [["MET", "MET: baseline hemoglobin 90 = 90 on 2013-04-01"]]
    assert told(condition, [(0, 91)]) == [["NOT", "NOT: baseline hemoglobin 91 > 90 on 2013-04-01"]]
    assert told(condition, [(30, 120)]) == [["NE", "NE: baseline hemoglobin missing"]]


def test_a_ratio_without_baseline_cannot_be_judged():
    condition = '{measure: wbc, is: ">= 2", ratio_to: baseline, status: P}'
    assert told(condition, wbc=[(30, 4)]) == [["NE", "NE: baseline WBC missing"]]
    assert told(condition, wbc=[(-1, 4)]) == [["NE", "NE: WBC missing"]]


@pytest.mark.parametrize(
    ("condition", "before", "now", "response"),
    [(">= 2", 0, 0, "NOT"), (">= 2", 0, 0.1, "MET"), ("<= 1", 0, 0, "MET"), ("<= 0.5", 0, 0.1, "NOT"),
     ("<= 0.5", 2, 0, "MET"), ("> 1", 0, 0, "NOT"), (">= 1.25", 0.56, 0.7, "MET")],
)  # fmt: skip
def test_ratios_to_nothing(condition, before, now, response):
    asked = f'{{measure: wbc, is: "{condition}", ratio_to: baseline, status: P}}'
    assert told(asked, wbc=[(-1, before), (30, now)])[0][0] == response


@pytest.mark.parametrize(
    ("condition", "before", "now", "response"),
    [("<= 0.00001", 100, 0.001, "MET"), ("<= 0.00001", 100, 0.0011, "NOT"), ("< 0.00005", 100, 0.007, "NOT"),
     ("<= 0.5", 4e-7, 2e-7, "MET"), ("<= 0.5", 4e-7, 3e-7, "NOT"), ("< 1", 123456.7, 123456.7, "NOT"),
     (">= 1.25", 1e13, 2e13, "MET")],
)  # fmt: skip
def test_ratios_of_small_and_large_numbers(condition, before, now, response):
    asked = f'{{measure: wbc, is: "{condition}", ratio_to: baseline, status: P}}'
    assert told(asked, wbc=[(-1, before), (30, now)])[0][0] == response


def test_a_small_change_is_a_change():
    asked = '{measure: wbc, is: "<= 0.0000001", change_from: baseline, status: P}'
    assert told(asked, wbc=[(-1, 1), (30, 1.0000003)])[0] == [
        "NOT", "NOT: WBC changed by 3e-07 > 0.0000001 from baseline 1 on 2013-05-01"
    ]  # fmt: skip


@pytest.mark.parametrize("said", ['<= 0.000000001", ratio_to', '<= 1000", ratio_to', '<= 0.000000001", change_from'])
def test_more_digits_than_are_compared_are_refused(said):
    with pytest.raises(SpecErrors, match="has too many digits"):
        told(f'{{measure: wbc, is: "{said}: baseline, status: P}}')


@pytest.mark.parametrize(("take", "value"), [("nearest", 100), ("best", 120), ("worst", 80)])
def test_which_of_several_values_counts(take, value):
    condition = f'{{measure: hgb, is: "= {value}", status: P}}'
    counts = [(28, 80), (31, 100), (33, 120), (34, 300)]
    assert told(condition, counts, take=take)[0][0] == "MET"


@pytest.mark.parametrize(
    ("hgb", "wbc", "response", "why"),
    [
        (120, 5, "MET", "MET: hemoglobin 120 >= 100 on 2013-05-01; WBC 5 < 10 on 2013-05-01"),
        (90, None, "NOT", "NOT: hemoglobin 90 < 100 on 2013-05-01"),
        (120, None, "NE", "NE: WBC missing"),
        (None, 50, "NOT", "NOT: WBC 50 >= 10 on 2013-05-01"),
    ],
)
def test_what_decides_several_conditions_together(hgb, wbc, response, why):
    condition = "{all: [high, other]}\n  high: " + MEASURE + '>= 100", status: P}'
    counts = [(30, hgb)] if hgb is not None else [], [(30, wbc)] if wbc is not None else []
    assert told(condition, *counts) == [[response, why]]


def test_at_least_some_of_several_conditions():
    condition = "{at_least: 2, of: [high, other, higher]}\n  high: " + MEASURE + '>= 100", status: P}\n  higher: '
    condition += MEASURE + '>= 150", status: P}'
    assert told(condition, [(30, 120)], [(30, 5)])[0][0] == "MET"
    assert told(condition, [(30, 90)], [(30, 5)])[0][0] == "NOT"
    assert told(condition, [(30, 120)])[0][0] == "NE"
    assert told(condition, [(30, 160)])[0][0] == "MET"


def test_what_was_met_before_counts_from_the_next_assessment_on():
    condition = "{had: other}"
    counts = [(30, 20), (60, 5), (90, 30)]
    assert told(condition, wbc=counts, visits=(30, 60, 90, 120)) == [
        ["NOT", "NOT: no earlier other"], ["NOT", "NOT: no earlier other"],
        ["MET", "MET: other on 2013-05-31"], ["MET", "MET: other on 2013-05-31"],
    ]  # fmt: skip


def test_a_reason_that_is_too_long_goes_on_in_a_second_variable():
    names = [f"level number {i} of many levels" for i in range(12)]
    condition = f"{{all: [{', '.join(names)}]}}\n" + "\n".join(
        f'  {name}: {MEASURE}>= {100 + i}", status: P}}' for i, name in enumerate(names)
    )
    text = SET.replace("{CONDITION, status: P}", condition)
    criteria = as_criteria(loads(text, "MINE.yaml"), "MINE", "MINE.yaml")
    frames = {"visit": _frame([(30, "YES")], None), "hgb": _frame([(30, 200)], "g/L"), "wbc": _frame([], "10^9/L")}
    subjects = pd.DataFrame({"USUBJID": ["A"], "START": [START]})
    [row] = derive_response(subjects, frames, criteria, accept_unverified=True)[0].to_dict("records")
    assert len(row["RESPWHY"]) <= 200
    assert len(row["RESPWHY1"]) <= 200
    assert row["RESPWHY"].endswith(";")
    assert row["RESPWHY1"].startswith("hemoglobin 200 >= ")
    assert f"{row['RESPWHY']} {row['RESPWHY1']}".count("hemoglobin 200 >= ") in range(8, 12)
    assert row["RESPWHY1"].endswith("; ...")


def test_what_is_not_a_number_is_missing():
    condition = MEASURE + '>= 100", status: P}'
    assert told(condition, [(30, float("nan"))]) == [["NE", "NE: hemoglobin missing"]]
    assert told(condition, [(30, float("inf"))]) == [["NE", "NE: hemoglobin missing"]]
