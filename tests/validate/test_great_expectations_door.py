"""The adapter to great-expectations: what it answers, and what it never says has passed."""

import os
import subprocess
import sys
from types import SimpleNamespace

import pandas as pd
import pytest
from drawn_datasets import draw

from sdtm2adam.validate import gx
from sdtm2adam.validate.gx import Answer, Question, ask
from sdtm2adam.validate.report import summarise_report
from sdtm2adam.validate.run import check_dataset

FRAME = pd.DataFrame({"A": ["x", "y", None], "N": pd.array([1, 5, None], dtype="Int64"), "B": [0, 1, 1]})


def question(expectation, **arguments):
    return Question("Q", expectation, arguments)


def test_answers_come_back_under_the_ids_of_the_questions():
    answers = ask(
        FRAME,
        [
            Question("null", "ExpectColumnValuesToNotBeNull", {"column": "A"}),
            Question("set", "ExpectColumnValuesToBeInSet", {"column": "A", "value_set": ["x"]}),
            Question("between", "ExpectColumnValuesToBeBetween", {"column": "N", "min_value": 1, "max_value": 5}),
            Question("sum", "ExpectColumnSumToBeBetween", {"column": "B", "min_value": 0, "max_value": 0}),
        ],
    )
    assert answers == {
        "null": Answer(False, 1),
        "set": Answer(False, 1),
        "between": Answer(True, 0),
        "sum": Answer(False, 2),
    }


def test_no_question_is_no_batch():
    assert ask(FRAME, []) == {}


def test_a_missing_column_could_not_run():
    answer = ask(FRAME, [question("ExpectColumnValuesToNotBeNull", column="NOPE")])["Q"]
    assert answer.passed is None
    assert "NOPE" in answer.why


def test_one_question_that_cannot_run_leaves_the_others_answered():
    answers = ask(
        FRAME,
        [
            Question("bad", "ExpectColumnValuesToBeBetween", {"column": "A", "min_value": 1}),
            Question("good", "ExpectColumnValuesToBeInSet", {"column": "A", "value_set": ["x", "y"]}),
        ],
    )
    assert answers["bad"].passed is None
    assert answers["good"].passed is True


@pytest.mark.parametrize("expectation", ["ExpectColumnSumToBeBetween", "ExpectColumnValuesToBeInSet"])
def test_a_frame_without_rows_meets_every_expectation(expectation):
    arguments = {"min_value": 0, "max_value": 0} if "Sum" in expectation else {"value_set": ["x"]}
    empty = pd.DataFrame({"A": pd.Series([], dtype="int64")})
    assert ask(empty, [question(expectation, column="A", **arguments)])["Q"].passed is True


def test_a_missing_text_of_pandas_is_null():
    frame = pd.DataFrame({"A": pd.array(["x", None], dtype="str")})
    assert ask(frame, [question("ExpectColumnValuesToNotBeNull", column="A")])["Q"] == Answer(False, 1)


def test_analytics_are_switched_off():
    ask(FRAME, [question("ExpectColumnValuesToNotBeNull", column="B")])
    assert os.environ["GX_ANALYTICS_ENABLED"] == "false"


def test_a_library_that_stops_makes_an_error_and_holds_the_dataset_back(monkeypatch):
    def stop(*_):
        raise RuntimeError("out of order")

    monkeypatch.setattr(gx, "_validate", stop)
    report = check_dataset(draw("AE", "USUBJID AESEQ:integer\nS-1 1", keys=("AESEQ",)))
    (issue,) = report.issues
    assert (issue.rule, issue.severity) == ("could-not-run", "error")
    assert "great-expectations stopped: out of order" in issue.text
    assert report.looked_at[0].expectations == 0
    assert report.is_gated("AE")
    assert "could not run" in summarise_report(report)


def test_a_question_without_an_answer_could_not_run(monkeypatch):
    monkeypatch.setattr(gx, "_validate", lambda *_: [])
    answer = ask(FRAME, [question("ExpectColumnValuesToNotBeNull", column="A")])["Q"]
    assert answer == Answer(None, why="great-expectations gave no answer")


def test_a_count_that_differs_from_our_own_could_not_run(monkeypatch):
    def miscount(_, questions):
        return [
            SimpleNamespace(
                expectation_config=SimpleNamespace(meta={"id": one.id}),
                exception_info={"raised_exception": False},
                success=one.id != "AE.required-null.USUBJID",
                result={"unexpected_count": 7},
            )
            for one in questions
        ]

    monkeypatch.setattr(gx, "_validate", miscount)
    (issue,) = check_dataset(draw("AE", "USUBJID AETERM\nS-1 X\n. Y")).issues
    assert "great-expectations counts 7 records and the condition 1" in issue.text


def test_success_beside_an_exception_is_no_success(monkeypatch):
    raised = {"some metric": {"raised_exception": True, "exception_message": "no such\ncolumn"}}
    result = SimpleNamespace(
        expectation_config=SimpleNamespace(meta={"id": "Q"}), exception_info=raised, success=True, result={}
    )
    monkeypatch.setattr(gx, "_validate", lambda *_: [result])
    assert ask(FRAME, [question("Any", column="A")])["Q"] == Answer(None, why="no such column")


def test_the_library_is_not_loaded_before_a_question_is_asked():
    program = "import sys, sdtm2adam.validate; sys.exit('great_expectations' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
