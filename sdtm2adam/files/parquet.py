"""Parquet files between steps: the same table gives the same bytes."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sdtm2adam.errors import InternalError
from sdtm2adam.files.atomic import write_atomically
from sdtm2adam.files.faults import damaged, empty, unreadable

_GROUP_ROWS = 1 << 17
_ZSTD_LEVEL = 3
_PANDAS = b"pandas"


def write_parquet(table: pa.Table, path: Path) -> None:
    """Write a table as Parquet, the same bytes for the same values.

    Neither how the table is cut into chunks nor whether texts are dictionary-encoded shows in the file, which holds no
    clock and no index of pandas. Every value is read back and compared before the file takes its name.

    Args:
        table: any table; the metadata of its fields are kept, dictionary-encoded columns become plain ones.
        path: the file.

    Raises:
        UsageError: the file cannot be written.
        InternalError: the file read back is not the table.
    """
    plain = _plain(table)

    def check(written: Path) -> None:
        if not _holds(written, plain):
            mend = "report this as a fault of sdtm2adam; the old file is as it was"
            raise InternalError("the file read back is not the table that was written", where=str(path), mend=mend)

    write_atomically(path, lambda temporary: _write(plain, temporary), check)


class ParquetParts:
    """A Parquet file written part by part: the same bytes as `write_parquet` gives for the whole table.

    The file takes its name when the block ends without an error; then it has been read back group by group and
    compared with what was written, by checksums.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._rest: pa.Table | None = None
        self._sums: list[int] = []

    def __enter__(self) -> ParquetParts:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._temporary = self.path.with_name(f".{self.path.name}.part.tmp")
        self._writer: pq.ParquetWriter | None = None
        return self

    def write(self, part: pa.Table) -> None:
        """Adds the rows of a table; all tables have the same columns."""
        plain = _plain(part)
        table = plain if self._rest is None else pa.concat_tables([self._rest, plain])
        whole = table.num_rows - table.num_rows % _GROUP_ROWS
        for group in _groups(table.slice(0, whole)):
            self._write_group(group)
        self._rest = table.slice(whole)

    def _write_group(self, group: pa.Table) -> None:
        if self._writer is None:
            self._writer = _writer(self._temporary, group.schema)
        self._writer.write_table(group, row_group_size=_GROUP_ROWS)
        self._sums.append(_checksum(group))

    def __exit__(self, kind: object, *_: object) -> None:
        try:
            if kind is None:
                self._finish()
            elif self._writer is not None:
                self._writer.close()
        finally:
            self._temporary.unlink(missing_ok=True)

    def _finish(self) -> None:
        assert self._rest is not None, "a file has at least one part"
        for group in _groups(self._rest):
            self._write_group(group)
        if self._writer is None:
            self._writer = _writer(self._temporary, self._rest.schema)
        self._writer.close()
        with pq.ParquetFile(self._temporary) as file:
            found = [_checksum(file.read_row_group(number)) for number in range(file.num_row_groups)]
        if found != self._sums:
            mend = "report this as a fault of sdtm2adam; the old file is as it was"
            raise InternalError("the file read back is not the table that was written", where=str(self.path), mend=mend)
        write_atomically(self.path, lambda temporary: _move(self._temporary, temporary))


def _move(path: Path, to: Path) -> None:
    path.replace(to)


def _checksum(table: pa.Table) -> int:
    """A number that is another one for a table with other values, or others missing."""
    columns = {}
    for name, column in zip(table.column_names, table.columns, strict=True):
        missing = pc.is_null(column)
        nothing = pa.scalar("" if pa.types.is_string(column.type) else 0, column.type)
        columns[f"{name}?"], columns[name] = missing, pc.if_else(missing, nothing, column)
    sink = pa.BufferOutputStream()
    plain = pa.table(columns).combine_chunks()
    with pa.ipc.new_stream(sink, plain.schema) as stream:
        stream.write_table(plain)
    return zlib.crc32(sink.getvalue())


def read_parquet(path: Path) -> pa.Table:
    """Read a Parquet file as the table it holds; nothing is taken from the names of its folders.

    Raises:
        InputError: the file is missing, empty, damaged or not Parquet.
    """
    try:
        if path.stat().st_size == 0:
            raise empty(path)
        with pq.ParquetFile(path) as file:
            return file.read()
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise damaged(path, "this is not a whole Parquet file") from error
    except OSError as error:
        if isinstance(error, pa.ArrowException) or error.errno is None:
            raise damaged(path, f"the Parquet file is damaged ({error})") from error
        raise unreadable(path, error) from error


def _plain(table: pa.Table) -> pa.Table:
    """Dictionaries dissolved and the metadata of pandas left out: they hold how a table was made, not what it says."""
    fields = [
        field.with_type(field.type.value_type) if pa.types.is_dictionary(field.type) else field
        for field in table.schema
    ]
    kept = {key: value for key, value in (table.schema.metadata or {}).items() if key != _PANDAS}
    return table.cast(pa.schema(fields)).replace_schema_metadata(kept or None)


def _groups(table: pa.Table) -> Iterator[pa.Table]:
    for start in range(0, table.num_rows, _GROUP_ROWS):
        group = table.slice(start, _GROUP_ROWS)
        yield group if all(column.num_chunks == 1 for column in group.columns) else group.combine_chunks()


def _writer(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    """Least and greatest values are noted of numbers and dates only: those of texts cost much and help few readers."""
    measured = [field.name for field in schema if not pa.types.is_string(field.type)]
    return pq.ParquetWriter(
        path, schema, version="2.6", compression="zstd", compression_level=_ZSTD_LEVEL, write_statistics=measured
    )


def _write(table: pa.Table, path: Path) -> None:
    with _writer(path, table.schema) as writer:
        for group in _groups(table):
            writer.write_table(group, row_group_size=_GROUP_ROWS)


def _holds(path: Path, table: pa.Table) -> bool:
    with pq.ParquetFile(path) as file:
        if file.metadata.num_rows != table.num_rows or not _same_schema(file.schema_arrow, table.schema):
            return False
        return all(_same(file.read_row_group(number), group) for number, group in enumerate(_groups(table)))


def _same_schema(read: pa.Schema, meant: pa.Schema) -> bool:
    """Equal names, types and metadata; what the values of a list are called is the business of each format."""
    metadata = [(field.metadata or {}) for field in read] == [(field.metadata or {}) for field in meant]
    return bool(read.equals(meant)) and metadata and (read.metadata or {}) == (meant.metadata or {})


def _same(read: pa.Table, meant: pa.Table) -> bool:
    """Equal values; doubles by their bits, since NaN is not equal to itself."""
    return all(_bits(left).equals(_bits(right)) for left, right in zip(read.columns, meant.columns, strict=True))


def _bits(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if not pa.types.is_float64(column.type):
        return column
    return pa.chunked_array([chunk.view(pa.int64()) for chunk in column.chunks], pa.int64())
