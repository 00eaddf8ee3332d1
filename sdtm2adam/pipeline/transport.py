"""A dataset as a transport file can hold it: texts in ASCII, every replacement told."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from sdtm2adam.compute.ascii import to_ascii
from sdtm2adam.model import MOST_KEYS, Dataset, Issue, Severity

_NOT_ASCII = r"[^ -~]"


def for_transport(dataset: Dataset) -> tuple[Dataset, tuple[Issue, ...]]:
    """The dataset with all texts in printable ASCII, and an issue for each value that was replaced.

    Only the transport file is changed: Parquet, tables and listings keep the text as it came.
    """
    frame, issues = dataset.frame, []
    for variable in dataset.variables:
        if variable.type != "text":
            continue
        column = frame[variable.name]
        wrong = pc.fill_null(pc.match_substring_regex(column, _NOT_ASCII), False)
        if not pc.any(wrong).as_py():
            continue
        made = {value: to_ascii(value) for value in pc.unique(column.filter(wrong)).to_pylist()}
        place = frame.column_names.index(variable.name)
        frame = frame.set_column(place, variable.name, _mapped(column, wrong, made))
        issues += [_issue(dataset, variable.name, value, text) for value, text in sorted(made.items())]
    return (replace(dataset, frame=frame) if issues else dataset), tuple(issues)


def _mapped(column: pa.ChunkedArray, wrong: pa.ChunkedArray, made: dict[str, str]) -> pa.ChunkedArray:
    values = pa.array(list(made), pa.string())
    texts = pa.array(list(made.values()), pa.string())
    found = pc.index_in(column, value_set=values)
    return pc.if_else(wrong, pc.take(texts, pc.fill_null(found, 0)), column)


def _issue(dataset: Dataset, variable: str, value: str, text: str) -> Issue:
    rows = pc.indices_nonzero(pc.equal(dataset.frame[variable], value)).to_pylist()
    named = [key for key in dataset.keys if key != "STUDYID"]
    records = dataset.frame.take(rows[:MOST_KEYS]).select(named).to_pylist()
    return Issue(
        dataset=dataset.name,
        rule="xpt-not-ascii",
        severity=Severity.WARNING,
        variable=variable,
        value=value,
        records=len(rows),
        keys=tuple(", ".join(f"{key}={found}" for key, found in record.items()) for record in records),
        text=f"{value[:60]!r} is written as {text[:60]!r} in the transport file, which holds ASCII only",
        source="transport file (SD1029)",
    )
