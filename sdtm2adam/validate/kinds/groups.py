"""Kinds of expectation about records that belong together: keys, sequence numbers, pairs, one flag in a group."""

from __future__ import annotations

import numpy as np

from sdtm2adam.validate.kinds.case import Case, columns_of, group_codes, is_commonest
from sdtm2adam.validate.records import Mask


def is_unique(case: Case, variable: str) -> Mask:  # noqa: ARG001 - looks at all variables together
    """No two records have the same values of these variables; missing equals missing."""
    codes = group_codes([case.own.column(name) for name in case.expectation.variables])
    return np.asarray(np.bincount(codes, minlength=1)[codes] > 1, dtype=bool)


def is_number_in_group(case: Case, variable: str) -> Mask:
    """A whole number from 1 on that no other record of the same group has."""
    number = case.own.number(variable)
    codes = group_codes(columns_of(case.own, (*case.expectation.argument("by"), variable)))
    repeated = np.bincount(codes, minlength=1)[codes] > 1
    return np.asarray(np.isnan(number) | (number != np.round(number)) | (number < 1) | repeated, dtype=bool)


def is_one_to_one(case: Case, variable: str) -> Mask:
    """Each value of the first variable goes with one value of the second, and back; missing values are not looked at.

    Within the variables of `by`, if any. Records that do not agree with most of the others are the ones named. The
    pieces of a long text (QNAM AETERM1, AETERM2) share the QLABEL of the text.
    """
    first, second = variable, case.expectation.variables[1]
    by = columns_of(case.own, case.expectation.argument("by", ()))
    both = case.own.filled(first) & case.own.filled(second)
    left, right = columns_of(case.own, (first, second))
    one = group_codes([column[both] for column in (*by, left)])
    other = group_codes([column[both] for column in (*by, right)])
    broken = np.zeros(len(case.own), dtype=bool)
    text = left.str.replace(r"\d+$", "", regex=True) if first == "QNAM" else left
    back = group_codes([column[both] for column in (*by, text)])
    broken[both] = ~(is_commonest(one, other) & is_commonest(other, back))
    return broken


def is_flagged_once(case: Case, variable: str) -> Mask:
    """At most one record of a group has the flag Y."""
    flagged = case.own.is_value(variable, ["Y"])
    codes = group_codes([column[flagged] for column in columns_of(case.own, case.expectation.argument("by"))])
    broken = np.zeros(len(case.own), dtype=bool)
    broken[flagged] = np.bincount(codes, minlength=1)[codes] > 1
    return broken


def is_one_value(case: Case, variable: str) -> Mask:
    """The variable has one value in each group; missing values are not looked at."""
    filled = case.own.filled(variable)
    groups = group_codes([column[filled] for column in columns_of(case.own, case.expectation.argument("by"))])
    values = group_codes([columns_of(case.own, (variable,))[0][filled]])
    broken = np.zeros(len(case.own), dtype=bool)
    broken[filled] = ~is_commonest(groups, values)
    return broken
