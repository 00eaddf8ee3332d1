"""A SAS transport file as raw data: texts, with dates as their formats show them."""

from collections import Counter
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from pathlib import Path

import numpy as np
import pyarrow as pa

from sdtm2adam.files.raw_names import named
from sdtm2adam.files.raw_notice import Notice, RawTable
from sdtm2adam.files.sas_text import SasTexts, sas_notices, sas_texts
from sdtm2adam.files.xpt.cells import Place, read_texts
from sdtm2adam.files.xpt.ibm import Bytes, Flags, from_ibm
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
    frame = pa.table([column.values for column in columns], schema=named([column.field.name for column in columns]))
    return RawTable(frame, tuple(notice for column in columns for notice in column.notices(encoding)))


@dataclass(slots=True)
class _Column:
    """One variable, read piece by piece."""

    field: Field
    place: Place
    pieces: list[pa.Array] = dataclass_field(default_factory=list)
    strange: list[Flags] = dataclass_field(default_factory=list)
    special: Counter[str] = dataclass_field(default_factory=Counter)
    coarse: bool = False
    not_utf8: int = 0

    def add(self, records: Bytes, first: int, fallback: str | None) -> None:
        """The next records."""
        cells = np.ascontiguousarray(records[:, self.field.start : self.field.start + self.field.width])
        if not self.field.numeric:
            self.pieces.append(read_texts(cells, replace(self.place, first=first), fallback))
            self.not_utf8 += _not_utf8(cells)
            return
        values, missing = from_ibm(cells)
        letters, counts = np.unique(cells[missing & (cells[:, 0] != ord(".")), 0], return_counts=True)
        self.special.update({f".{chr(letter)}": int(count) for letter, count in zip(letters, counts, strict=True)})
        texts = sas_texts(values, missing, self.field.format)
        self.pieces.append(texts.values)
        self.strange.append(texts.strange)
        self.coarse |= texts.coarse

    @property
    def values(self) -> pa.ChunkedArray:
        """All records."""
        return pa.chunked_array(self.pieces, pa.string())

    def notices(self, fallback: str | None) -> list[Notice]:
        """What is to be told of the variable."""
        name = self.field.name
        if self.not_utf8:
            what = f"{name}: texts that are not UTF-8 were read as {fallback}, as declared (records: {self.not_utf8:,})"
            return [Notice("raw-encoding", Severity.NOTE, what, name, records=self.not_utf8)]
        if not self.field.numeric:
            return []
        strange = np.concatenate(self.strange) if self.strange else np.zeros(0, dtype=np.bool_)
        return sas_notices(name, self.field.format, SasTexts(self.values, strange, self.coarse), dict(self.special))


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
