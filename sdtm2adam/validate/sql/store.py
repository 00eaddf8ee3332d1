"""The tables that checks read: datasets, raw forms, and what describes them; each laid down when a check first asks."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pyarrow as pa

from sdtm2adam.build.quoting import name as quoted
from sdtm2adam.build.warehouse import Warehouse
from sdtm2adam.model import Dataset
from sdtm2adam.spec.codelists import Terminology
from sdtm2adam.validate.sql.grammar import META, RAW, ROW
from sdtm2adam.validate.sql.macros import CHECK_MACROS

_KEPT = {"low": "TIMESTAMP", "high": "TIMESTAMP", "date_of": "DATE"}
_OURS = "kept: "
"""The beginning of the names of the columns that tables keep beside those of the data."""
Table = tuple[str, tuple[str, ...]]
"""The name of a table in the database, and its columns without the number of the record."""


class Database:
    """A database closed to everything outside, with the functions that checks have; it ends with its context."""

    def __init__(self) -> None:
        self._spill = tempfile.TemporaryDirectory(prefix="sdtm2adam-")
        self.warehouse = Warehouse(Path(self._spill.name), threads=1)  # many small questions: more threads only wait
        for statement in CHECK_MACROS.split(";\n"):
            if statement.strip():
                self.warehouse.connection.execute(statement)

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *_: object) -> None:
        self.warehouse.close()
        self._spill.cleanup()


class Store:
    """What checks may read, in a database. Blank texts are missing here; the data are not changed.

    Args:
        database: where the tables are laid down.
        datasets: of the study, by name.
        raw: raw forms by name, as texts.
        terminology: the packages that values are compared with.
        meta: what makes each table of the schema `meta`, by name.
    """

    def __init__(
        self,
        database: Database,
        datasets: Mapping[str, Dataset],
        raw: Mapping[str, pa.Table],
        terminology: Terminology,
        meta: Mapping[str, Callable[[Store], pa.Table]],
    ) -> None:
        self.datasets, self.raw, self.terminology, self._meta = datasets, raw, terminology, meta
        self.warehouse = database.warehouse
        self._tables: dict[tuple[str, str], Table] = {}
        self._kept: set[tuple[str, str]] = set()

    def drop(self) -> None:
        """Gives back what the tables hold."""
        for table, _ in self._tables.values():
            self.warehouse.connection.execute(f"DROP TABLE {table}")
        self._tables.clear()
        self._kept.clear()

    def table(self, schema: str, name: str) -> Table | None:
        """The table of a dataset (`schema` is empty), a raw form or a table of metadata; None where there is none."""
        if (schema, name) not in self._tables:
            frame = self._frame(schema, name)
            if frame is None:
                return None
            self._tables[schema, name] = self._laid_down(frame)
        return self._tables[schema, name]

    def keep(self, table: str, function: str, column: str) -> str:
        """The name of the column of a table that keeps what a function of one of its columns gives, value by value."""
        name = f"{_OURS}{function} {column}"
        if (table, name) not in self._kept:
            self._kept.add((table, name))
            said, new, run = quoted(column), quoted(name), self.warehouse.connection.execute
            each = f"SELECT {said} AS x, {function}({said}) AS y FROM (SELECT DISTINCT {said} FROM {table})"
            run(f"ALTER TABLE {table} ADD COLUMN {new} {_KEPT[function]}")
            run(f"UPDATE {table} SET {new} = m.y FROM ({each}) AS m WHERE m.x = {table}.{said}")
        return name

    def _frame(self, schema: str, name: str) -> pa.Table | None:
        if schema == META:
            maker = self._meta.get(name)
            return None if maker is None else maker(self)
        if schema == RAW:
            return self.raw.get(name)
        return self.datasets[name].frame if name in self.datasets else None

    def _laid_down(self, frame: pa.Table) -> Table:
        names = tuple(one for one in dict.fromkeys(frame.column_names) if not _is_ours(one))
        numbered = frame.select(names).append_column(ROW, pa.array(range(frame.num_rows), pa.int64()))
        lent = self.warehouse.lend(numbered)
        texts = [column for column, kind in self.warehouse.types(lent).items() if kind == "VARCHAR" or "ENUM" in kind]
        lows: tuple[str | None, ...] = ()
        if texts:
            lows = self.warehouse.rows(f"SELECT {', '.join(f'min({quoted(one)})' for one in texts)} FROM {lent}")[0]
        blank = {column for column, low in zip(texts, lows, strict=True) if low is not None and str(low) < "!"}
        items = (
            f"CASE WHEN trim({quoted(one)}) <> '' THEN {quoted(one)} END AS {quoted(one)}"
            if one in blank
            else quoted(one)
            for one in (*names, ROW)
        )
        made = self.warehouse.create(f"SELECT {', '.join(items)} FROM {lent}")
        self.warehouse.take_back(lent)
        return made, names


def _is_ours(name: str) -> bool:
    """Whether data have a column by a name that tables need themselves: no variable may be called so."""
    return name.lower() == ROW or name.lower().startswith(_OURS)
