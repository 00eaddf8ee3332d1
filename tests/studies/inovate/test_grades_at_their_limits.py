"""Toxicity grades of single results, at each limit of CTCAE v3.0 and one unit beside it; what has no grade, and why."""

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from harness import shown
from laboratory_study import laboratory_study

# of each test: unit, limits of normal, then results with their grade, from the least to the most severe
LOW = {
    "HGB g/L 120 160": "160:0 121:0 120:0 119.9:1 100:1 99.9:2 80:2 79.9:3 65:3 64.9:4 10:4",
    "PLAT 10^9/L 150 400": "150:0 149:1 75:1 74:2 50:2 49:3 25:3 24:4 0:4",
    "WBC 10^9/L 4.0 10": "4.0:0 3.99:1 3.0:1 2.99:2 2.0:2 1.99:3 1.0:3 0.99:4",
    "NEUT 10^9/L 1.8 7": "1.8:0 1.79:1 1.5:1 1.49:2 1.0:2 0.99:3 0.5:3 0.49:4 0:4",
    "LYM 10^9/L 1.0 4": "1.0:0 0.99:1 0.8:1 0.79:2 0.5:2 0.49:3 0.2:3 0.19:4",
    "ALB g/L 35 50": "35:0 34:1 30:1 29:2 20:2 19:3 1:3",
    "CA mmol/L 2.15 2.55": "2.15:0 2.14:1 2.0:1 1.99:2 1.75:2 1.74:3 1.5:3 1.49:4",
    "K mmol/L 3.5 5.1": "3.5:0 3.4:1 3.0:1 2.9:3 2.5:3 2.4:4",
    "SODIUM mmol/L 135 145": "135:0 134:1 130:1 129:3 120:3 119:4",
    "FIBRINO g/L 2.0 4.0": "2.0:0 1.99:1 1.5:1 1.49:2 1.0:2 0.99:3 0.5:3 0.49:4",
}
HIGH = {
    "ALT U/L 5 40": "5:0 40:0 41:1 100:1 101:2 200:2 201:3 800:3 801:4",
    "AST U/L 5 33": "33:0 34:1 82.5:1 82.6:2 165:2 166:3 660:3 661:4",
    "ALP U/L 30 120": "120:0 121:1 300:1 301:2 600:2 601:3 2400:3 2401:4",
    "GGT U/L 5 61": "61:0 62:1 152.5:1 153:2 305:2 306:3 1220:3 1221:4",
    "BILI umol/L 3 20.7": "20.7:0 20.8:1 31.05:1 31.1:2 62.1:2 62.2:3 207:3 207.1:4",
    "CREAT umol/L 50 103": "103:0 104:1 154.5:1 155:2 309:2 310:3 618:3 619:4",
    "AMYLASE U/L 25 110": "110:0 111:1 165:1 166:2 220:2 221:3 550:3 551:4",
    "LIPASET U/L 10 60": "60:0 61:1 90:1 91:2 120:2 121:3 300:3 301:4",
    "URATE umol/L 200 420": "420:0 421:1 590:1 590.1:4",
    "CA mmol/L 2.15 2.55": "2.55:0 2.56:1 2.9:1 2.91:2 3.1:2 3.11:3 3.4:3 3.41:4",
    "K mmol/L 3.5 5.1": "5.1:0 5.2:1 5.5:1 5.6:2 6.0:2 6.1:3 7.0:3 7.1:4",
}
LIMITS = {
    "PLAT 10^9/L <20 150 400": ". <20 4 . .",  # every number below 20 is grade 4
    "PLAT 10^9/L <25 150 400": ". <25 4 . .",
    "PLAT 10^9/L <=25 150 400": ". <=25 . . SPANS",  # 25 is grade 3
    "PLAT 10^9/L <30 150 400": ". <30 . . SPANS",
    "PLAT 10^9/L >500 150 400": ". >500 0 . .",
    "PLAT 10^9/L >100 150 400": ". >100 . . SPANS",
    "PLAT 10^9/L <20 10 400": ". <20 . . SPANS",  # 15 is within the limits of normal
    "BILI umol/L <5 3 20": ". <5 . 0 .",
    "BILI umol/L <30 3 20": ". <30 . . SPANS",
    "BILI umol/L >200 3 20": ". >200 . 4 .",
    "BILI umol/L >=200 3 20": ". >=200 . . SPANS",
    "BILI umol/L >100 3 20": ". >100 . . SPANS",
    "ALB g/L <20 35 50": ". <20 3 . .",  # no grade 4 exists
    "K mmol/L <2 3.5 5.1": ". <2 4 0 .",
    "HGB g/L clotted 120 160": ". clotted . . NUMBER",
}


def made(folder: Path, *rows: str) -> pa.Table:
    """The records made of results, in their order."""
    frame = laboratory_study(folder, *rows).build().datasets["ADLB"].frame
    frame = frame.filter(pc.is_valid(frame["LBSEQ"])).sort_by("LBSEQ")
    return frame.filter(pc.invert(pc.starts_with(frame["PARAMCD"], "PK")))


def results(folder: Path, *rows: str, columns: str) -> list[str]:
    """Columns of the records made of results, in their order."""
    return shown(made(folder, *rows), columns)[1:]


GRADED = [
    (kind, column, *pair.split(":"))
    for column, tests in (("ATOXGRL", LOW), ("ATOXGRH", HIGH))
    for kind, pairs in tests.items()
    for pair in pairs.split()
]


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> pa.Table:
    """Records of all results of the lists, made together."""
    rows = []
    for kind, _, value, _ in GRADED:
        test, unit, low, high = kind.split()
        rows.append(f"{test} {unit} {value} {low} {high}")
    rows += LIMITS
    return made(tmp_path_factory.mktemp("graded"), *(f"S1-1 2014-01-04T08:00 C1D8 {row}" for row in rows))


@pytest.mark.parametrize("column", ["ATOXGRL", "ATOXGRH"])
def test_each_limit_belongs_to_the_milder_grade(graded: pa.Table, column: str) -> None:
    told = graded[column].to_pylist()
    found = [f"{kind} {value}: {told[n]}" for n, (kind, side, value, _) in enumerate(GRADED) if side == column]
    assert found == [f"{kind} {value}: {grade}" for kind, side, value, grade in GRADED if side == column]


@pytest.mark.parametrize("number", range(len(LIMITS)), ids=list(LIMITS))
def test_a_result_that_is_a_limit_has_a_grade_where_it_decides_one(graded: pa.Table, number: int) -> None:
    expected = list(LIMITS.values())[number].replace("SPANS", "RESULT_IS_A_LIMIT_THAT_SPANS_GRADES")
    expected = expected.replace("NUMBER", "RESULT_IS_NO_NUMBER_IN_THE_UNIT_OF_THE_PARAMETER")
    record = graded.slice(len(GRADED) + number, 1)
    assert shown(record, "AVAL AVALC ATOXGRL ATOXGRH TOXREAS")[1:] == [expected]


def test_both_directions_are_graded_where_a_test_has_both(tmp_path: Path) -> None:
    rows = [
        f"S1-1 2014-01-0{n}T08:00 C1D8 K mmol/L {value} 3.5 5.1" for n, value in enumerate(("2.7", "4.0", "6.5"), 4)
    ]
    assert results(tmp_path, *rows, columns="ATOXDSCL ATOXGRL ATOXDSCH ATOXGRH") == [
        "Hypokalemia 3 Hyperkalemia 0",
        "Hypokalemia 0 Hyperkalemia 0",
        "Hypokalemia 0 Hyperkalemia 3",
    ]


def test_within_the_limits_of_normal_a_result_beyond_a_fixed_limit_is_grade_0(tmp_path: Path) -> None:
    rows = [
        "S1-1 2014-01-04T08:00 C1D8 NEUT 10^9/L 1.4 1.3 7",
        "S1-1 2014-01-05T08:00 C1D8 NEUT 10^9/L 1.2 1.3 7",
        "S1-1 2014-01-06T08:00 C1D8 HGB g/L 62 60 160",
        "S1-1 2014-01-07T08:00 C1D8 URATE umol/L 600 200 610",
    ]
    assert results(tmp_path, *rows, columns="ATOXGRL ATOXGRH") == ["0 .", "2 .", "0 .", ". 0"]


def test_multiples_are_formed_of_what_the_laboratory_reported(tmp_path: Path) -> None:
    """1.8 mg/dL is 1.5 times 1.2 mg/dL; rounded in umol/L it would be more."""
    rows = [
        "S1-1 2014-01-04T08:00 C1D8 BILI umol/L 30.8@1.8/mg/dL/0.2/1.2 3.4 20.5",
        "S1-1 2014-01-05T08:00 C1D8 BILI umol/L 32.5@1.9/mg/dL/0.2/1.2 3.4 20.5",
        "S1-1 2014-01-06T08:00 C1D8 BILI umol/L 61.6@3.6/mg/dL/0.2/1.2 3.4 20.5",
        "S1-1 2014-01-07T08:00 C1D8 ALT U/L 102@1.7/ukat/L/0.1/0.68 6 40.8",
    ]
    assert results(tmp_path, *rows, columns="XULN ATOXGRH") == ["1.5 1", "1.583333333 2", "3 2", "2.5 1"]


def test_without_a_limit_of_normal_there_is_no_grade(tmp_path: Path) -> None:
    rows = [
        "S1-1 2014-01-04T08:00 C1D8 PLAT 10^9/L 10 . .",
        "S1-1 2014-01-05T08:00 C1D8 ALT U/L 10 5 .",
        "S1-1 2014-01-06T08:00 C1D8 K mmol/L 4 3.5 .",
        "S1-1 2014-01-07T08:00 C1D8 LDH U/L 10 . .",
    ]
    assert results(tmp_path, *rows, columns="ATOXGRL ATOXGRH TOXREAS") == [
        ". . NO_LIMIT_OF_NORMAL",
        ". . NO_LIMIT_OF_NORMAL",
        "0 . NO_LIMIT_OF_NORMAL",
        ". . .",  # no grades exist of this test
    ]


def test_no_grade_and_no_value_is_given_across_units(tmp_path: Path) -> None:
    rows = [
        "S1-1 2014-01-04T08:00 C1D8 HGB g/dL 9 12 16",
        "S1-1 2014-01-05T08:00 C1D8 HGB g/L 90 120 160",
        "S1-1 2014-01-06T08:00 C1D8 HGB . 90 120 160",
        "S1-1 2014-01-07T08:00 C1D8 INR . 1.6 0.8 1.0",
    ]
    built = laboratory_study(tmp_path, *rows).build()
    frame = built.datasets["ADLB"].frame
    wrong = "RESULT_IS_NO_NUMBER_IN_THE_UNIT_OF_THE_PARAMETER"
    assert shown(frame.filter(pc.is_valid(frame["LBSEQ"])).sort_by("LBSEQ"), "PARAM AVAL ATOXGRL ATOXGRH TOXREAS")[
        1:
    ] == [
        f"HGB_(g/L) . . . {wrong}",
        "HGB_(g/L) 90 2 . .",
        f"HGB_(g/L) . . . {wrong}",
        "INR 1.6 . 2 .",
    ]
    assert ("ADLB-UNIT", 2) in [(issue.rule, issue.records) for issue in built.issues]


def test_baseline_is_the_last_result_before_the_first_dose(tmp_path: Path) -> None:
    """The first dose is on 3 January at 10:00; subject 2 was never dosed and was randomised on 1 January."""
    rows = [
        "S1-1 2014-01-01T08:00 SCREENING PLAT 10^9/L 160 150 400",
        "S1-1 2014-01-03T10:00 C1D1 PLAT 10^9/L 140 150 400",
        "S1-1 2014-01-03T10:01 C1D1 PLAT 10^9/L 120 150 400",
        "S1-1 2014-01-10T08:00 C1D8 PLAT 10^9/L 30 150 400",
        "S1-2 2014-01-01T08:00 SCREENING PLAT 10^9/L 100 150 400",
        "S1-2 2014-01-02T08:00 C1D1 PLAT 10^9/L 90 150 400",
        "S1-1 2014-01-03 C1D1 ALT U/L 30 5 40",  # no time: counts as before
        "S1-1 2014-01-02T08:00 SCREENING BILI umol/L 10 3 20",
        "S1-1 2014-01-03T08:00 C1D1 BILI umol/L <5 3 20",  # the last result is a limit
        "S1-1 2014-01-09T08:00 C1D8 BILI umol/L 40 3 20",
        "S1-1 2014-01 C1D1 AST U/L 30 5 40",  # no day: on neither side of the dose
    ]
    assert results(tmp_path, *rows, columns="AVISIT ABLFL ONTRTFL BASE BASEC CHG SHIFT1 SHIFT2 SHIFT3") == [
        "SCREENING . . 140 140 . . . .",
        "BASELINE Y . 140 140 . . . .",
        "C1D1 . Y 140 140 -20 LOW_to_LOW 1_to_1 .",
        "C1D8 . Y 140 140 -110 LOW_to_LOW 1_to_3 .",
        "BASELINE Y . 100 100 . . . .",
        "C1D1 . . 100 100 -10 LOW_to_LOW 1_to_1 .",
        "BASELINE Y . 30 30 . . . .",
        "SCREENING . . . <5 . . . .",
        "BASELINE Y . . <5 . . . .",
        "C1D8 . Y . <5 . . . 0_to_2",
        "C1D1 . . . . . . . .",
    ]


def test_worst_grades_are_of_the_treatment_period_and_count_unscheduled_visits(tmp_path: Path) -> None:
    """The period ends on 21 February; visits are analysed once, by the last result."""
    rows = [
        "S1-1 2014-01-02T08:00 SCREENING PLAT 10^9/L 5 150 400",
        "S1-1 2014-01-10T08:00 C1D8 PLAT 10^9/L 60 150 400",
        "S1-1 2014-01-10T12:00 C1D8 PLAT 10^9/L 70 150 400",
        "S1-1 2014-01-12T08:00 UNSCHEDULED_1.001 PLAT 10^9/L 40 150 400",
        "S1-1 2014-01-13T08:00 UNSCHEDULED_1.002 PLAT 10^9/L 30 150 400",
        "S1-1 2014-02-21T08:00 EOT PLAT 10^9/L 45 150 400",
        "S1-1 2014-02-22T08:00 FOLLOW-UP_1 PLAT 10^9/L 10 150 400",
    ]
    assert results(tmp_path, *rows, columns="ATOXGRL ONTRTFL ANL01FL ANL02FL") == [
        "4 . Y .",
        "2 Y . .",
        "2 Y Y .",
        "3 Y . .",
        "3 Y . Y",
        "3 Y Y .",
        "4 . Y .",
    ]


def test_potential_hys_law_is_told_of_the_peaks(tmp_path: Path) -> None:
    def answer(name: str, *results: str) -> str:
        rows = [f"S1-1 2014-01-1{n}T08:00 C1D8 {result}" for n, result in enumerate(results)]
        frame = laboratory_study(tmp_path / name, *rows).build().datasets["ADLB"].frame
        return shown(frame.filter(pc.equal(frame["PARAMCD"], "HYSLAW")), "AVALC")[1]

    bilirubin, low = "BILI umol/L 41 3 20", "ALP U/L 239 30 120"
    assert answer("yes", "ALT U/L 120 5 40", "AST U/L 10 5 40", bilirubin, low) == "Y"
    assert answer("bilirubin", "ALT U/L 120 5 40", "AST U/L 10 5 40", "BILI umol/L 40 3 20", low) == "N"
    assert answer("enzymes", "ALT U/L 119 5 40", "AST U/L 119 5 40", bilirubin, low) == "N"
    assert answer("cholestasis", "ALT U/L 120 5 40", "AST U/L 10 5 40", bilirubin, "ALP U/L 240 30 120") == "N"
    assert answer("one enzyme", "ALT U/L 120 5 40", bilirubin, low) == "Y"
    assert answer("unknown", "ALT U/L 119 5 40", bilirubin, low) == "."
