"""A SAS transport file as raw data: texts, with dates as their formats show them."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from sdtm2adam.files.raw_names import named
from sdtm2adam.files.raw_notice import Notice, RawTable
from sdtm2adam.files.sas_text import SasPieces
from sdtm2adam.files.xpt.cells import Place, read_texts
from sdtm2adam.files.xpt.ibm import Bytes, from_ibm
from sdtm2adam.files.xpt.layout import Field
from sdtm2adam.files.xpt.read import open_xpt
from sdtm2adam.model import Severity


def read_raw_xpt(path: Path, encoding: str | None = None) -> RawTable:
    """Read a SAS transport file (XPORT version 5) as texts.

    Missing values of SAS are missing; special ones (`.A`) are counted in a notice.

    Args:
        path: the file.
        encoding: of texts that are not UTF-8; without it they are an error.

    Raises:
        InputError: the file is of another kind, damaged, cut, or holds bytes that are no text.

    Source: SAS technical note TS-140.
    """
    with open_xpt(path, encoding) as source:
        columns = [_Column(field, Place(path, field.name, str(field.format), 0)) for field in source.layout.fields]
        for first, records in source.records():
            for column in columns:
                column.add(records, first, source.fallback)
    frame = pa.table(
        [column.read.values for column in columns], schema=named([column.field.name for column in columns])
    )
    return RawTable(frame, tuple(notice for column in columns for notice in column.notices(encoding)))


class _Column:
    """One variable, read piece by piece."""

    def __init__(self, field: Field, place: Place) -> None:
        self.field, self.place = field, place
        self.read = SasPieces(field.name, field.format)
        self.not_utf8 = 0

    def add(self, records: Bytes, first: int, fallback: str | None) -> None:
        """The next records."""
        cells = np.ascontiguousarray(records[:, self.field.start : self.field.start + self.field.width])
        if not self.field.numeric:
            self.read.add_texts(read_texts(cells, replace(self.place, first=first), fallback))
            self.not_utf8 += _not_utf8(cells)
            return
        values, missing = from_ibm(cells)
        letters, counts = np.unique(cells[missing & (cells[:, 0] != ord(".")), 0], return_counts=True)
        self.read.special.update({f".{chr(letter)}": int(n) for letter, n in zip(letters, counts, strict=True)})
        self.read.add_numbers(values, missing)

    def notices(self, fallback: str | None) -> list[Notice]:
        """What is to be told of the variable."""
        name = self.field.name
        if self.not_utf8:
            what = f"{name}: texts that are not UTF-8 were read as {fallback}, as declared (records: {self.not_utf8:,})"
            return [Notice("raw-encoding", Severity.NOTE, what, name, records=self.not_utf8)]
        return self.read.notices() if self.field.numeric else []


def _not_utf8(cells: Bytes) -> int:
    """How many texts are not UTF-8; only those with a byte beyond ASCII are looked at."""
    rows = np.flatnonzero((cells > 0x7F).any(axis=1))
    return sum(not _is_utf8(cells[row].tobytes()) for row in rows)


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
