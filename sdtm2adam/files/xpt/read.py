"""Reading SAS transport files of version 5, strictly: a damaged file is an error, never fewer records."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from mmap import ACCESS_READ, mmap
from pathlib import Path

import numpy as np
import pyarrow as pa

from sdtm2adam.files.faults import damaged, empty, unreadable
from sdtm2adam.files.xpt.cells import Place, read_numbers, read_texts
from sdtm2adam.files.xpt.columns import CHUNK_ROWS
from sdtm2adam.files.xpt.formats import ARROW_TYPES
from sdtm2adam.files.xpt.ibm import Bytes
from sdtm2adam.files.xpt.layout import Layout
from sdtm2adam.files.xpt.structure import count_records, read_layout
from sdtm2adam.model import Variable


def read_xpt(path: Path, *, fallback: str | None = None, rows: int | None = None) -> pa.Table:
    """Read a SAS transport file (XPORT version 5).

    Texts lose their trailing blanks, a blank text is missing, and so are all SAS missing values (`.`, `._`, `.A` to
    `.Z`). Numbers are doubles; those with a SAS date, datetime or time format become dates, timestamps and times.
    Texts are UTF-8 (ASCII is part of it); a text that is not is read in the `fallback` encoding where one is declared.

    Args:
        path: the file.
        fallback: an encoding for texts that are not UTF-8, for example `cp1252`; without it they are an error.
        rows: how many records the file must have, where it is known.

    Raises:
        InputError: the file is missing, of another kind, damaged or cut, or holds what it must not.

    Source: SAS technical note TS-140.
    """
    with open_xpt(path, fallback) as source:
        if rows is not None and rows != source.rows:
            raise damaged(path, f"the file has {source.rows:,} records where {rows:,} are expected")
        pieces = list(source.pieces())
        return pa.concat_tables(pieces) if pieces else source.schema.empty_table()


def read_xpt_variables(path: Path) -> tuple[Variable, ...]:
    """What the header of a SAS transport file says of its variables, in file order.

    The type is `text`, `date`, `datetime` or `time` by the SAS format, else `float`: the format knows no integers.

    Raises:
        InputError: the file is missing, of another kind, or its header is damaged.
    """
    with open_xpt(path) as source:
        return tuple(
            Variable(field.name, field.label, kind, length=field.width, format=str(field.format))
            for field, kind in zip(source.layout.fields, source.kinds, strict=True)
        )


def read_xpt_names(path: Path) -> tuple[str, str]:
    """The name and the label of the dataset, as the header of a SAS transport file says them.

    Raises:
        InputError: the file is missing, of another kind, or its header is damaged.
    """
    with open_xpt(path) as source:
        return source.layout.name, source.layout.label


@dataclass(frozen=True, slots=True)
class Source:
    """An open XPT file whose header has been read and whose size has been checked."""

    path: Path
    layout: Layout
    rows: int
    memory: mmap
    fallback: str | None

    @property
    def kinds(self) -> tuple[str, ...]:
        """The type of each variable: text, float, date, datetime or time."""
        return tuple((field.format.kind or "float") if field.numeric else "text" for field in self.layout.fields)

    @property
    def schema(self) -> pa.Schema:
        """The columns the file is read as."""
        pairs = zip(self.layout.fields, self.kinds, strict=True)
        return pa.schema([(field.name, ARROW_TYPES[kind]) for field, kind in pairs])

    def pieces(self) -> Iterator[pa.Table]:
        """The records in pieces of bounded size."""
        for first, records in self.records():
            yield self._piece(records, first)

    def records(self) -> Iterator[tuple[int, Bytes]]:
        """The bytes of the records in pieces of bounded size, each with the number of its first record."""
        width = self.layout.record_bytes
        for first in range(0, self.rows, CHUNK_ROWS):
            count = min(CHUNK_ROWS, self.rows - first)
            start = self.layout.data_start + first * width
            raw = np.frombuffer(self.memory[start : start + count * width], dtype=np.uint8)
            yield first, raw.reshape(count, width)

    def _piece(self, records: Bytes, first: int) -> pa.Table:
        columns = []
        for field, kind in zip(self.layout.fields, self.kinds, strict=True):
            cells = np.ascontiguousarray(records[:, field.start : field.start + field.width])
            place = Place(self.path, field.name, str(field.format), first)
            columns.append(
                read_numbers(cells, kind, place) if field.numeric else read_texts(cells, place, self.fallback)
            )
        return pa.table(columns, schema=self.schema)


@contextmanager
def open_xpt(path: Path, fallback: str | None = None) -> Iterator[Source]:
    """Open an XPT file, read its header and check its size against its record length."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise unreadable(path, error) from error
    with file:
        if path.stat().st_size == 0:
            raise empty(path)
        with mmap(file.fileno(), 0, access=ACCESS_READ) as memory:
            layout = read_layout(memory, path)
            yield Source(path, layout, count_records(memory, layout, path), memory, fallback)
