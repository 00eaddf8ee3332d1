"""Judging expectations: marks are made, great-expectations is asked, and what is broken becomes issues."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from sdtm2adam.validate.expectation import Expectation
from sdtm2adam.validate.gx import Answer, Question, ask
from sdtm2adam.validate.kinds import KINDS, Grain
from sdtm2adam.validate.kinds.across import where_mask
from sdtm2adam.validate.kinds.case import Case, NotApplicable
from sdtm2adam.validate.outcome import NOT_APPLICABLE, NOT_RUN, RAN, Outcome, issues_of
from sdtm2adam.validate.records import CannotAsk, Mask, Records

_BLOCK = 1_000
"""How many records are counted together: the library looks at each value of a sum several times, one by one."""


@dataclass(slots=True)
class _Sheets:
    """The three frames that questions are put to, and the questions of each.

    `record` has the variables that the library reads itself; `variable` how many records are broken, by variable, or
    by blocks of records of an expectation of several variables.
    """

    record: dict[str, pd.Series] = field(default_factory=dict)
    variable: dict[str, list[int]] = field(default_factory=dict)
    questions: dict[Grain, list[Question]] = field(default_factory=lambda: {grain: [] for grain in Grain})


def judge(expectations: Sequence[Expectation], own: Records, study: Mapping[str, Records]) -> tuple[Outcome, ...]:
    """Puts expectations to the records of one dataset.

    Args:
        expectations: of this dataset, ids unique.
        own: its records.
        study: the records of all datasets, by name.
    """
    sheets, marks, early = _Sheets(), {}, {}
    for expectation in expectations:
        case = Case(expectation, own, study)
        try:
            marks[expectation.id] = _prepare(case, sheets)
        except NotApplicable as reason:
            early[expectation.id] = Outcome(expectation, NOT_APPLICABLE, str(reason))
        except CannotAsk as reason:
            early[expectation.id] = Outcome(expectation, NOT_RUN, str(reason))
    answers = _ask(own, sheets)
    return tuple(
        early.get(one.id) or _outcome(Case(one, own, study), answers[one.id], marks[one.id]) for one in expectations
    )


def _prepare(case: Case, sheets: _Sheets) -> dict[str, Mask]:
    """Puts the question of an expectation on its sheet; the marks of each variable, where they are made already."""
    expectation, kind = case.expectation, KINDS[case.expectation.kind]
    if kind.grain is Grain.COLUMNS and kind.native:
        sheets.questions[Grain.COLUMNS].append(Question(expectation.id, *kind.native(expectation)))
        return {}
    _ready(case)
    if kind.native and not (expectation.argument("where") or expectation.argument("numbers")):
        sheets.record.update({name: case.own.column(name) for name in expectation.variables})
        sheets.questions[Grain.RECORD].append(Question(expectation.id, *kind.native(expectation)))
        return {}
    marks = {name: _marks(case, name) for name in _looked_at(case)}
    # what breaks is counted: a sum is asked three times faster than a set, and is 0 where there are no records
    none_broken = {"column": expectation.id, "min_value": 0, "max_value": 0}
    sheets.questions[Grain.VARIABLE].append(Question(expectation.id, "ExpectColumnSumToBeBetween", none_broken))
    parts = marks.values() if kind.grain is Grain.VARIABLE else _blocks(marks[expectation.variables[0]])
    sheets.variable[expectation.id] = [int(np.count_nonzero(part)) for part in parts]
    return marks


def _blocks(mark: Mask) -> list[Mask]:
    return [mark[start : start + _BLOCK] for start in range(0, len(mark), _BLOCK)]


def _looked_at(case: Case) -> tuple[str, ...]:
    """The variables that get marks of their own; one that is not in the data is told of by `columns`."""
    variables = case.expectation.variables
    if KINDS[case.expectation.kind].grain is Grain.RECORD:
        return variables[:1]
    return tuple(name for name in variables if case.own.has(name))


def _ready(case: Case) -> None:
    """Whether the expectation can be put to these records.

    Raises:
        NotApplicable: a suite written by hand speaks of a variable that the dataset is not meant to have.
        CannotAsk: a variable that it should have is missing.
    """
    if KINDS[case.expectation.kind].grain is not Grain.RECORD:
        return
    declared = {variable.name for variable in case.own.dataset.variables}
    where = tuple(name for name, _ in case.expectation.argument("where", ()))
    for name in (*case.expectation.variables, *where):
        if name not in declared and not case.own.has(name):
            if case.expectation.argument("by_hand"):
                raise NotApplicable(f"{case.expectation.dataset} has no {name}")
            raise CannotAsk(f"{name} is not in the spec")
        case.own.arrow(name)


def _marks(case: Case, variable: str) -> Mask:
    broken = KINDS[case.expectation.kind].condition(case, variable)
    where = case.expectation.argument("where")
    return broken & where_mask(case.own, where) if where else broken


def _ask(own: Records, sheets: _Sheets) -> dict[str, Answer]:
    """One batch for the records, one for the variables, one for the columns."""
    records = pd.DataFrame(sheets.record, index=range(len(own)))
    most = max(map(len, sheets.variable.values()), default=0)
    padded = {name: [*sums, *[0] * (most - len(sums))] for name, sums in sheets.variable.items()}
    variables = pd.DataFrame(padded, dtype="int64")
    columns = pd.DataFrame(columns=list(own.names))
    answers = ask(records, sheets.questions[Grain.RECORD])
    answers |= ask(variables, sheets.questions[Grain.VARIABLE])
    return answers | ask(columns, sheets.questions[Grain.COLUMNS])


def _outcome(case: Case, answer: Answer, marks: dict[str, Mask]) -> Outcome:
    """The outcome of one answer; where rows are counted twice, both counts must agree."""
    expectation = case.expectation
    if answer.passed is None:
        return Outcome(expectation, NOT_RUN, answer.why)
    if answer.passed:
        return Outcome(expectation, RAN, passed=True)
    grain = KINDS[expectation.kind].grain
    if grain is Grain.COLUMNS:
        return Outcome(expectation, RAN, passed=False, issues=issues_of(case, {}))
    found = marks or {expectation.variables[0]: _marks(case, expectation.variables[0])}
    counted = sum(int(np.count_nonzero(mark)) for mark in found.values())
    if answer.broken is not None and answer.broken != counted:
        why = f"great-expectations counts {answer.broken} records and the condition {counted}"
        return Outcome(expectation, NOT_RUN, why)
    return Outcome(expectation, RAN, passed=False, issues=issues_of(case, found))
