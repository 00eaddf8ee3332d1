"""The DuckDB database a study is built in: in memory, spilling to its own folder, closed to everything outside."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb

from sdtm2adam.build.date_macros import DATE_MACROS
from sdtm2adam.build.macros import MACROS


class Warehouse:
    """Tables of one run.

    Args:
        spill: a folder for what does not fit into memory.
        readable: folders whose files may be read; nothing else can.
        memory: DuckDB's memory limit (`4GB`); None leaves its default of 80 % of the machine.
        threads: None leaves DuckDB's default, the number of cores.
    """

    def __init__(
        self, spill: Path, readable: Iterable[Path] = (), *, memory: str | None = None, threads: int | None = None
    ) -> None:
        self.connection = duckdb.connect(":memory:")
        allowed = [str(path) for path in (*readable, spill)]
        settings: dict[str, Any] = {"temp_directory": str(spill), "allowed_directories": allowed}
        if memory:
            settings["memory_limit"] = memory
        if threads:
            settings["threads"] = threads
        for key, value in settings.items():
            self.connection.execute(f"SET {key} = $1", [value]) if not isinstance(
                value, list
            ) else self.connection.execute(f"SET {key} = {value!r}")
        for statement in (*DATE_MACROS.split(";\n"), *MACROS.split(";\n")):
            if statement.strip():
                self.connection.execute(statement)
        self.connection.execute("SET enable_external_access = false")
        self.connection.execute("SET lock_configuration = true")
        self._numbers = itertools.count()
        self.lent: dict[str, Any] = {}

    def create(self, select: str) -> str:
        """A new table with the rows of a SELECT; its name."""
        table = f"t{next(self._numbers)}"
        self.connection.execute(f"CREATE TABLE {table} AS {select}")
        return table

    def view(self, select: str) -> str:
        """A name for the rows of a SELECT, which is run when something reads it."""
        view = f"v{next(self._numbers)}"
        self.connection.execute(f"CREATE TEMP VIEW {view} AS {select}")
        return view

    def register(self, frame: Any) -> str:
        """A new table with the rows of an Arrow table; its name."""
        alias = f"a{next(self._numbers)}"
        self.connection.register(alias, frame)
        table = self.create(f"SELECT * FROM {alias}")
        self.connection.unregister(alias)
        return table

    def lend(self, frame: Any) -> str:
        """The name under which an Arrow table is read where it lies, without a copy."""
        alias = f"a{next(self._numbers)}"
        self.connection.register(alias, frame)
        self.lent[alias] = frame
        return alias

    def take_back(self, alias: str) -> None:
        """Ends what `lend` began."""
        self.connection.unregister(alias)
        del self.lent[alias]

    def rows(self, select: str) -> list[tuple[Any, ...]]:
        """All rows of a SELECT."""
        return self.connection.execute(select).fetchall()

    def one(self, select: str) -> Any:
        """The single value of a SELECT."""
        return self.rows(select)[0][0]

    def any(self, select: str) -> bool:
        """Whether a SELECT has rows."""
        found = self.connection.execute(select).fetchone() is not None
        if found:
            self.connection.abort()  # the rest is not wanted
        return found

    def arrow(self, select: str) -> Any:
        """The rows of a SELECT as an Arrow table."""
        return self.connection.sql(select).to_arrow_table()

    def types(self, table: str) -> dict[str, str]:
        """The columns of a table, or of what is lent, and their DuckDB types."""
        found = self.connection.table(table)
        return dict(zip(found.columns, map(str, found.types), strict=True))

    def types_of(self, select: str) -> dict[str, str]:
        """The columns that a SELECT would give, and their types; it is not run."""
        return {row[0]: row[1] for row in self.rows(f"DESCRIBE {select}")}

    def close(self) -> None:
        """Ends the database."""
        self.connection.close()
