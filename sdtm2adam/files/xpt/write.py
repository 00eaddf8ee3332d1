"""Writing a dataset as a SAS transport file of version 5."""

from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sdtm2adam.errors import InternalError
from sdtm2adam.files.atomic import write_atomically
from sdtm2adam.files.xpt.checks import checked_layout
from sdtm2adam.files.xpt.columns import chunks, numbers, raw_bytes, texts
from sdtm2adam.files.xpt.formats import ARROW_TYPES
from sdtm2adam.files.xpt.ibm import Bytes, to_ibm
from sdtm2adam.files.xpt.layout import RECORD, Layout, pack
from sdtm2adam.files.xpt.read import open_xpt
from sdtm2adam.model import Dataset, Variable


def write_xpt(dataset: Dataset, path: Path, created: datetime) -> None:
    """Write a dataset as a SAS transport file (XPORT version 5), the format regulators accept.

    Everything the file could not hold is refused before anything is written: nothing is cut, rounded or replaced.
    The file is read back and compared with the dataset before it takes its name. The same dataset and time give the
    same bytes. Numbers are missing (`.`) where the frame has no value or NaN. Trailing blanks of texts are padding to
    the format and are not kept. A dataset without records is written; regulators want such datasets left out.

    Args:
        dataset: `frame` has one column per variable, in order; `keys` name a record in messages.
        path: the file, named for the dataset in lower case (`ae.xpt`).
        created: the time the file says it was made.

    Raises:
        InputErrors: names, labels, lengths, formats or values that version 5 or regulators do not allow; all at once.
        UsageError: the file cannot be written.
        InternalError: the frame does not fit its variables, or the file read back is not the dataset.

    Source: SAS technical note TS-140, The record layout of a data set in SAS transport (XPORT) format.
    """
    layout = checked_layout(dataset, path)

    def write(temporary: Path) -> None:
        with temporary.open("wb") as file:
            file.write(pack(layout, created))
            _write_records(dataset, layout, file)

    write_atomically(path, write, lambda written: _check(dataset, layout, written, path))


def _write_records(dataset: Dataset, layout: Layout, file: BinaryIO) -> None:
    for _, piece in chunks(dataset.frame):
        records = np.empty((piece.num_rows, layout.record_bytes), dtype=np.uint8)
        for variable, field in zip(dataset.variables, layout.fields, strict=True):
            column = piece[variable.name]
            cells = to_ibm(numbers(column, variable)) if field.numeric else _padded(texts(column), field.width)
            records[:, field.start : field.start + field.width] = cells
        file.write(records.data)
    file.write(b" " * (-layout.record_bytes * dataset.frame.num_rows % RECORD))


def _padded(values: pa.Array, width: int) -> Bytes:
    """ASCII texts of at most `width` bytes, as rows of exactly so many."""
    _, data = raw_bytes(pc.ascii_rpad(values, width, padding=" "))
    return data.reshape(len(values), width)


def _check(dataset: Dataset, layout: Layout, written: Path, path: Path) -> None:
    """Read the file back and compare every value with what was meant."""
    with open_xpt(written) as source:
        said = (source.layout.name, source.layout.label, source.layout.fields)
        equal = said == (layout.name, layout.label, layout.fields) and source.rows == dataset.frame.num_rows
        meant = (_as_read(piece, dataset.variables) for _, piece in chunks(dataset.frame))
        equal = equal and all(read.equals(piece) for read, piece in zip(source.pieces(), meant, strict=True))
    if not equal:
        what = "the file read back is not the dataset that was written"
        raise InternalError(
            what, where=str(path), mend="report this as a fault of sdtm2adam; the old file is as it was"
        )


def _as_read(piece: pa.Table, variables: tuple[Variable, ...]) -> pa.Table:
    """A piece of the frame in the types an XPT file is read as, made without the steps that wrote it."""
    columns = {}
    for variable in variables:
        column = piece[variable.name]
        if variable.type == "text":
            values = texts(column)
            columns[variable.name] = pc.if_else(pc.equal(values, ""), pa.scalar(None, pa.string()), values)
        elif variable.type in {"integer", "float"}:
            column = column.cast(pa.float64(), safe=False)
            columns[variable.name] = pc.if_else(pc.is_nan(column), pa.scalar(None, pa.float64()), column)
        else:
            columns[variable.name] = column.cast(ARROW_TYPES[variable.type])
    return pa.table(columns)
