"""Parquet files between steps: the same table gives the same bytes."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
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
        yield table.slice(start, _GROUP_ROWS).combine_chunks()


def _write(table: pa.Table, path: Path) -> None:
    with pq.ParquetWriter(
        path, table.schema, version="2.6", compression="zstd", compression_level=_ZSTD_LEVEL
    ) as writer:
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
