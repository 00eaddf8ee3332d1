"""Kinds of expectation about the records of a raw form: what its contract says of each column.

Written apart from the checks that the build makes while it reads: one mistake cannot both read and pass a value.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sdtm2adam.compute.iso import DateForms, is_readable
from sdtm2adam.validate.kinds.case import Case, NotApplicable, group_codes, is_commonest
from sdtm2adam.validate.records import Mask

_TEST_SUBJECT = r"(?i)(?:^|[^a-z])(?:test|dummy|fake|training)(?:[^a-z]|$)|^999+-|-999+-"
_NUMBER = r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,2})?"
_WHOLE = r"[+-]?\d+(\.0*)?"


def is_subject_listed(case: Case, variable: str) -> Mask:
    """The subject is one that the form of all subjects lists."""
    other, column = case.expectation.argument("other"), case.expectation.argument("column")
    listed = case.other(other, column).as_text(column)
    mine = case.own.as_text(variable)
    return np.asarray(case.own.filled(variable) & ~mine.isin(listed.dropna()).to_numpy(), dtype=bool)


def is_no_test(case: Case, variable: str) -> Mask:
    """The number of a subject is not that of a test: no word such as TEST or DUMMY, no site 999."""
    return np.asarray(case.own.text(variable).str.contains(_TEST_SUBJECT, regex=True).fillna(False), dtype=bool)


def is_value_of_contract(case: Case, variable: str) -> Mask:
    """A value is one of those of the contract; capitals and blanks do not tell values apart."""
    values = _of(case, "values", variable)
    plain = {" ".join(value.split()).upper() for value in values}
    own = case.own.text(variable)
    folded = own.str.replace(r"[\s\xa0]+", " ", regex=True).str.strip().str.upper()
    return np.asarray(case.own.filled(variable) & ~folded.isin(plain).to_numpy(), dtype=bool)


def is_not_too_long(case: Case, variable: str) -> Mask:
    """A text has at most as many characters as the contract says."""
    return np.asarray((case.own.text(variable).str.len() > _of(case, "longest", variable)).fillna(False), dtype=bool)


def is_pair(case: Case, variable: str) -> Mask:
    """A label goes with one code: that which most records have."""
    code = _of(case, "pairs", variable)
    if not case.own.has(code):
        raise NotApplicable(f"{case.expectation.dataset} has no {code}")
    both = case.own.filled(variable)
    groups, codes = (group_codes([case.own.as_text(name)[both]]) for name in (variable, code))
    broken = np.zeros(len(case.own), dtype=bool)
    broken[both] = ~is_commonest(groups, codes)
    return broken


def is_number(case: Case, variable: str) -> Mask:
    """A text is a number, or a whole number, as the contract declares; with a decimal comma where it says so."""
    kind = _of(case, "types", variable)
    text = case.own.text(variable).str.strip(" \t\xa0")
    if case.expectation.argument("comma"):
        text = text.str.replace(",", ".", regex=False)
    matched = text.str.fullmatch(_NUMBER if kind == "number" else _WHOLE).fillna(False)
    return np.asarray(case.own.filled(variable) & ~np.asarray(matched, dtype=bool), dtype=bool)


def is_readable_date(case: Case, variable: str) -> Mask:
    """A text is a date or time that a form of the study reads, or a word that it has for a missing one."""
    kind = _of(case, "types", variable)
    missing, century = case.expectation.argument("missing"), case.expectation.argument("century")
    readers = [DateForms(forms, missing, century) for forms in case.expectation.argument("forms")]
    texts = case.own.text(variable).str.strip(" \t\xa0")
    codes, distinct = pd.factorize(texts)
    readable = [is_readable(str(text), readers, is_time=kind == "time") for text in distinct]
    return np.asarray(~np.array([*readable, True])[codes], dtype=bool)


def _of(case: Case, name: str, variable: str) -> Any:
    """What an argument says of one column."""
    return dict(case.expectation.argument(name))[variable]
