"""Data subsets: the records that an analysis looks at, named by the condition that chooses them."""

from __future__ import annotations

import hashlib

from sdtm2adam.spec.conditions import Condition, both, comparisons, to_sql
from sdtm2adam.spec.display_plan import DisplayRow, DisplaySpec

_COUNTS = "M_CNT"


def subset_of(spec: DisplaySpec, row: DisplayRow) -> Condition | None:
    """The condition of the records that a row of an output looks at; None if it looks at all.

    It joins what chooses the records of the output with what chooses those of the row. A count of subjects whose
    condition is on ADSL alone looks at ADSL, and the column N at all subjects of the analysis set.
    """
    if row.analysis == f"A_{spec.id}_000":
        return None
    named = {part.dataset for part in comparisons(row.condition)} | {factor.dataset for factor in row.factors}
    if row.method == _COUNTS and named == {"ADSL"}:
        return row.condition
    return both(spec.source_of(row).condition, row.condition)


def subset_id(condition: Condition | None) -> str:
    """The id of a subset: a hash of its condition in normal form; empty where there is none."""
    if condition is None:
        return ""
    return f"DS_{hashlib.sha256(to_sql(condition).encode()).hexdigest()[:16]}"
