"""A table that the run wrote, read column by column: one value of a large dataset needs few of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq


@dataclass
class Stored:
    """The columns of a Parquet file, each read when it is asked for.

    Args:
        path: a file whose hash is that of the run, so that it is whole.
    """

    path: Path
    column_names: list[str] = field(init=False)
    num_rows: int = field(init=False)
    _columns: dict[str, pa.ChunkedArray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Reads the names of the columns and the number of rows."""
        with pq.ParquetFile(self.path) as file:
            self.column_names = list(file.schema_arrow.names)
            self.num_rows = file.metadata.num_rows

    def __getitem__(self, name: str) -> pa.ChunkedArray:
        """A column."""
        if name not in self._columns:
            with pq.ParquetFile(self.path) as file:
                self._columns[name] = file.read([name])[name]
        return self._columns[name]
