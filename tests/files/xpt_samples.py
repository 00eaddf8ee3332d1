"""Small datasets to write, and the file they are written to."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from sdtm2adam.files.xpt import write_xpt
from sdtm2adam.model import Dataset, Variable

CREATED = datetime(2026, 3, 1, 12, 30, 5)
USUBJID = Variable("USUBJID", "Unique Subject Identifier", "text")
ARROW = {
    "text": pa.string(),
    "integer": pa.int64(),
    "float": pa.float64(),
    "date": pa.date32(),
    "datetime": pa.timestamp("us"),
    "time": pa.time64("us"),
}


def dataset_of(
    columns: dict[str, Sequence[object]],
    variables: Sequence[Variable],
    *,
    name: str = "AE",
    label: str = "Adverse Events",
) -> Dataset:
    arrays = {
        variable.name: pa.array(values, ARROW[variable.type])
        for variable, values in zip(variables, columns.values(), strict=True)
    }
    keys = tuple(column for column in ("USUBJID", "AESEQ") if column in columns)
    return Dataset(name, label, "sdtm", "Events", "", keys, tuple(variables), pa.table(arrays), pa.table({}))


def texts(values: Sequence[object], length: int | None = None) -> Dataset:
    """A dataset with one text variable AETERM, and a key."""
    keys = [f"S-{number}" for number in range(1, len(values) + 1)]
    variables = (USUBJID, Variable("AETERM", "Reported Term for the Adverse Event", "text", length=length))
    return dataset_of({"USUBJID": keys, "AETERM": values}, variables)


def column(values: Sequence[object], kind: str, form: str = "") -> Dataset:
    """A dataset with one variable AEVAL of any type, and a key."""
    keys = [f"S-{number}" for number in range(1, len(values) + 1)]
    return dataset_of({"USUBJID": keys, "AEVAL": values}, (USUBJID, Variable("AEVAL", "Value", kind, format=form)))


def written(dataset: Dataset, folder: Path) -> Path:
    path = folder / f"{dataset.name.lower()}.xpt"
    write_xpt(dataset, path, CREATED)
    return path
