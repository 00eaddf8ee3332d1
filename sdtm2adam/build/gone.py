"""Columns that a contract declares and a file no longer has: an error where something needs them, else a warning."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa

from sdtm2adam.build.coverage import columns_of_where, uses_of
from sdtm2adam.build.plan import Plan
from sdtm2adam.errors import InputError, InputErrors, listed, nearest
from sdtm2adam.model import Issue, Severity
from sdtm2adam.spec.study import Contract

GONE = "raw-column-gone"


def with_gone_columns(
    plan: Plan, form: str, contract: Contract, frame: pa.Table, path: Path, declared: Iterable[str], subject: str
) -> pa.Table:
    """The file with a column of missing values for each declared column that it lacks and nobody depends on.

    Args:
        plan: knows which columns the specs read; gets the warnings.
        form: the name of the form.
        contract: its contract.
        frame: the file as it was read.
        path: where it lies.
        declared: the columns the contract speaks of.
        subject: the column of the subject; empty for a form without one.

    Raises:
        InputErrors: a spec, or the contract itself, needs a column that is gone; all of them at once.
    """
    missing = [column for column in declared if column not in frame.column_names]
    if not missing:
        return frame
    readers = uses_of(plan).get(form, {})
    needed = {*readers, subject, *map(str, contract.key), *columns_of_where(contract)}
    errors = [
        InputError(
            f"form {form} has no column {column}, which {_who(readers.get(column, ()))}",
            where=str(path),
            mend=f"{nearest(column, frame.column_names)} Else ask for a complete export, or change raw/{form}.yaml",
        )
        for column in missing
        if column in needed
    ]
    if errors:
        raise InputErrors(errors)
    for column in missing:
        frame = frame.append_column(column, pa.nulls(len(frame), pa.string()))
        plan.issues.append(gone_issue(form, column))
    return frame


def gone_issue(form: str, column: str) -> Issue:
    """The warning for a declared column that the file lacks and nobody depends on."""
    return Issue(
        dataset=f"raw.{form}",
        rule=GONE,
        severity=Severity.WARNING,
        variable=column,
        records=0,
        text=f"{form}.{column} is in the contract and no longer in the file; no spec reads it",
        source=f"raw/{form}.yaml",
    )


def _who(readers: tuple[str, ...]) -> str:
    return (
        f"its contract declares and {listed(readers, 3)} read{'s' * (len(readers) == 1)}"
        if readers
        else ("its contract declares")
    )
