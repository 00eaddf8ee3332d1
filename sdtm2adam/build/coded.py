"""Texts as codes of the distinct ones: what is done to a text is done once, however many rows have it."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from sdtm2adam.build.quoting import aliased
from sdtm2adam.build.warehouse import Warehouse

_BLANKS = "\u0020\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
"""The spaces of Unicode, which trim() of SQL takes away."""


def coded(frame: pa.Table) -> pa.Table:
    """A table of texts with each column as one dictionary-encoded chunk."""
    columns = [column.cast(pa.string()).dictionary_encode() for column in frame.columns]
    return pa.table(columns, names=frame.column_names).unify_dictionaries().combine_chunks()


def codes_of(column: pa.ChunkedArray) -> pa.DictionaryArray:
    """The single chunk of a coded column."""
    found = column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
    return found.chunk(0) if isinstance(found, pa.ChunkedArray) else found


def without_blanks(chunk: pa.DictionaryArray) -> pa.DictionaryArray:
    """Codes with null for a text that is empty or blank."""
    blank = pc.equal(pc.utf8_trim(chunk.dictionary, _BLANKS), "").fill_null(True)
    if not pc.any(blank).as_py():
        return chunk
    indices = pc.if_else(pc.take(blank, chunk.indices), None, chunk.indices)
    return pa.DictionaryArray.from_arrays(indices, chunk.dictionary)


def by_value(warehouse: Warehouse, column: str, chunk: pa.DictionaryArray, expression: str) -> pa.Array:
    """What a SQL expression over one column (of `f`) makes of each of its values, computed once per distinct one."""
    texts = pa.table({"s2a_place": pa.array(range(len(chunk.dictionary)), pa.int64()), column: chunk.dictionary})
    table = warehouse.lend(texts)
    made = warehouse.arrow(f"SELECT {aliased(expression, 's2a_made')} FROM {table} f ORDER BY f.s2a_place")
    return pc.take(made["s2a_made"].combine_chunks(), chunk.indices)
