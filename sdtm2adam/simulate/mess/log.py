"""The log of planted errors, `mess_truth.csv`: a line for each value or record that is odd."""

from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

COLUMNS = ("form", "RECORDID", "column", "kind", "clean", "messy", "expect")
"""Of records without RECORDID the key stands there, its parts with a slash between them."""


@dataclass
class Log:
    """Lines in the order they were planted; `table` sorts them."""

    parts: list[pa.Table] = field(default_factory=list)

    def add(self, form: str, keys: Any, column: Any, kind: str, clean: Any, messy: Any, expect: str) -> None:
        """Lines of one form and kind; texts stand for all of them."""
        given = (form, keys, column, kind, clean, messy, expect)
        columns = [_whole(values, len(keys)) for values in given]
        self.parts.append(pa.table(dict(zip(COLUMNS, columns, strict=True))))

    def table(self) -> pa.Table:
        """All lines, by form, record, column and kind; what is missing is an empty text."""
        schema = pa.schema([(name, pa.string()) for name in COLUMNS])
        lines = pa.concat_tables([schema.empty_table(), *self.parts])
        lines = pa.table({name: pc.fill_null(lines[name], "") for name in COLUMNS})
        by = lines.append_column("_record", pc.utf8_lpad(lines["RECORDID"], 40, " "))
        names = ("form", "_record", "column", "kind", "messy")
        return lines.take(pc.sort_indices(by, sort_keys=[(name, "ascending") for name in names])).combine_chunks()


def _whole(values: Any, rows: int) -> Any:
    if isinstance(values, str):
        return pa.repeat(values, rows)
    return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
