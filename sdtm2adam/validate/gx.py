"""The one door to great-expectations: questions in, answers out, joined on our own ids.

The library is imported when the first question is asked (it takes seconds). Nothing of it is kept: no project
folder, no saved suite, no data docs, no analytics, no network.
"""

from __future__ import annotations

import numbers
import os
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import pandas as pd


@dataclass(frozen=True, slots=True)
class Question:
    """One expectation as great-expectations knows it: its class and its arguments."""

    id: str
    expectation: str
    arguments: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a question. `passed` is None where it could not run, and `why` says the reason then.

    `broken` counts the rows that do not meet it, or is the sum that should be 0; None where nothing is counted.
    """

    passed: bool | None
    broken: int | None = None
    why: str = ""


_AT_ONCE = 32
"""The library compares each question of a suite with each other; so many at once cost least."""


def ask(frame: pd.DataFrame, questions: Sequence[Question]) -> dict[str, Answer]:
    """Puts questions to a frame.

    Args:
        frame: one row for each thing asked about; it is not changed.
        questions: ids are unique.

    Returns:
        An answer for each question; one that great-expectations gives no answer to could not run.
    """
    if not questions:
        return {}
    unanswered = Answer(None, why="great-expectations gave no answer")
    answers = dict.fromkeys((question.id for question in questions), unanswered)
    try:
        results = [one for part in _parts(questions) for one in _validate(frame, part)]
    except Exception as error:  # whatever breaks in the library must end as "could not run", loudly
        return dict.fromkeys(answers, Answer(None, why=f"great-expectations stopped: {_one_line(error)}"))
    for result in results:
        answers[result.expectation_config.meta["id"]] = _answer(result)
    return answers


def get_ready() -> None:
    """Loads the library, which the first question would do."""
    _library()


def _parts(questions: Sequence[Question]) -> list[Sequence[Question]]:
    return [questions[at : at + _AT_ONCE] for at in range(0, len(questions), _AT_ONCE)]


def _validate(frame: pd.DataFrame, questions: Sequence[Question]) -> list[Any]:
    """One batch, all questions, counts only: rows are named by ourselves, in a straight line with the records."""
    great_expectations, _, definition = _library()
    made = [_class(q.expectation)(**q.arguments, meta={"id": q.id}) for q in questions]
    suite = great_expectations.ExpectationSuite(name="questions", expectations=made)
    batch = definition.get_batch({"dataframe": frame})
    return list(batch.validate(suite, result_format={"result_format": "BASIC", "partial_unexpected_count": 0}).results)


@cache
def _library() -> tuple[Any, Any, Any]:
    """The library, its expectation classes, and a place to put frames; set up once in a process."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"  # before the import: it is read there
    with warnings.catch_warnings():
        # its modules import sre_constants and sre_parse, deprecated since Python 3.11; we cannot mend that
        warnings.filterwarnings("ignore", r"module 'sre_\w+' is deprecated", DeprecationWarning)
        import great_expectations
        import great_expectations.expectations as classes
    context = great_expectations.get_context(mode="ephemeral")
    bars: Any = {"globally": False, "metric_calculations": False, "profilers": False}
    context.variables.progress_bars = bars
    asset = context.data_sources.add_pandas("sdtm2adam").add_dataframe_asset("records")
    return great_expectations, classes, asset.add_batch_definition_whole_dataframe("all")


@cache
def _class(name: str) -> Any:
    """An expectation class that reads its own configuration once for all its keys; the library does so once a key.

    That is a third of all its time. Where another release of the library no longer asks these two methods, they are
    not called, and nothing but the time changes.
    """
    asked = getattr(_library()[1], name)

    def domain(self: Any) -> dict[str, Any]:
        said = self.configuration.kwargs
        return {key: said[key] if key in said else self._get_default_value(key) for key in self.domain_keys}

    def success(self: Any) -> dict[str, Any]:
        said = self.configuration.kwargs
        keys = dict.fromkeys((*self.success_keys, *self.domain_keys))
        return {key: said[key] if key in said else self._get_default_value(key) for key in keys}

    return type(asked)(f"Asked{name}", (asked,), {
        "__module__": __name__, "_get_domain_kwargs": domain, "_get_success_kwargs": success,
    })  # fmt: skip


def _answer(result: Any) -> Answer:
    """An answer; a result with an exception could not run, whatever its `success` says."""
    errors = result.exception_info or {}
    told = [errors] if "raised_exception" in errors else list(errors.values())
    raised = [one for one in told if one.get("raised_exception")]
    if raised:
        return Answer(None, why=_one_line(raised[0].get("exception_message")))
    counts = result.result or {}
    observed = counts.get("observed_value")  # a sum, or the columns
    broken = counts.get("unexpected_count", observed if isinstance(observed, numbers.Number) else None)
    return Answer(bool(result.success), None if broken is None else int(broken))


def _one_line(error: object) -> str:
    return " ".join(str(error).split())[:200]
