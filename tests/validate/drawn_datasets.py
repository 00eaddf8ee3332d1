"""Datasets drawn as small tables in the tests; `.` is a missing value."""

import pyarrow as pa

from sdtm2adam.model import Dataset, Variable
from sdtm2adam.validate.run import check_dataset

_ARROW = {
    "text": pa.string(),
    "integer": pa.int64(),
    "float": pa.float64(),
    "date": pa.date32(),
    "datetime": pa.timestamp("us"),
}
LINEAGE = pa.table({"row": pa.array([], pa.int64())})


def draw(name, table, *, stage="sdtm", keys=(), types=None, **metadata):
    """A dataset from an aligned table.

    The type of a column is text, unless the head says otherwise (`AESEQ:integer`). `metadata` gives more words of
    `Variable` by variable name: `AESEV={"terms": (...)}`.
    """
    head, *rows = [line.split() for line in table.strip().splitlines()]
    names = [part.split(":")[0] for part in head]
    kinds = [part.partition(":")[2] or "text" for part in head]
    columns = {}
    for i, (column, kind) in enumerate(zip(names, kinds, strict=True)):
        values = [None if row[i] == "." else row[i].replace("_", " ") for row in rows]
        columns[column] = pa.array(values, pa.string()).cast(_ARROW[kind])
    frame = pa.table(columns)
    return dataset_of(name, frame, kinds, stage=stage, keys=keys, types=types or {}, **metadata)


def dataset_of(name, frame, kinds, *, stage="sdtm", keys=(), types=None, **metadata):
    """A dataset from an Arrow table and the declared type of each column."""
    declared = dict(zip(frame.column_names, kinds, strict=True)) | (types or {})
    variables = tuple(
        Variable(**({"name": column, "label": f"Label of {column}", "type": kind} | metadata.get(column, {})))
        for column, kind in declared.items()
    )
    subjects = "USUBJID" in frame.column_names
    return Dataset(name, name, stage, "", "", tuple(keys), variables, frame, LINEAGE, per_subject=subjects)


def rules(report):
    """The rules of a report with their variables and counts of records."""
    return [(issue.rule, issue.variable, issue.records) for issue in report.issues]


def issues(dataset, *beside):
    """The issues of one dataset, checked with others beside it."""
    return check_dataset(dataset, beside={other.name: other for other in beside}).issues


def only(dataset, rule, *beside):
    """The one issue of a rule."""
    found = [issue for issue in issues(dataset, *beside) if issue.rule == rule]
    assert len(found) == 1, [issue.rule for issue in issues(dataset, *beside)]
    return found[0]
