"""Relations: rows that are made once, and columns that are added to them one level at a time.

A relation has one table of rows in DuckDB (`_row` = 0, 1, ... in a total order) and narrow tables of columns, each with
`_row`. Links lead from its rows to rows of other relations (the source of a block, the picked row of a lookup).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from sdtm2adam.build.coded import Codes
from sdtm2adam.build.quoting import aliased, literal, name
from sdtm2adam.spec.yaml import Text


@dataclass(frozen=True)
class Part:
    """One member of a stack: a relation, and the columns that have another name in the stack."""

    relation: Relation
    renamed: Mapping[str, str] = field(default_factory=dict)

    def actual(self, column: str) -> str | None:
        """The relation's own name of a column of the stack, if it has one."""
        own = self.renamed.get(column, column)
        return own if own in self.relation.names else None


@dataclass(frozen=True)
class Stack:
    """Relations read as one, rows below each other; `_nr` is the place of a row's relation in the list."""

    parts: tuple[Part, ...]

    @property
    def names(self) -> list[str]:
        """All columns that any part has, in the order of first standing."""
        found = [n for part in self.parts for n in [*part.renamed, *part.relation.names]]
        return list(dict.fromkeys(n for n in found if self.has(n)))

    def has(self, column: str) -> bool:
        """Whether any part has the column."""
        return any(part.actual(column) for part in self.parts)

    def select(self, columns: Iterable[str]) -> str:
        """SQL of all rows: `_nr`, `_srow` and the columns; null where a part has no such column."""
        wanted = list(dict.fromkeys(columns))
        selects = []
        for number, part in enumerate(self.parts):
            source = From(part.relation)
            items = [f"{number} AS _nr", "r._row AS _srow"]
            for column in wanted:
                actual = part.actual(column)
                items.append(aliased(source.own(actual) if actual else "NULL", column))
            selects.append(f"SELECT {', '.join(items)} {source.clause()}")
        return " UNION ALL BY NAME ".join(selects)


@dataclass(frozen=True)
class Link:
    """From each row to at most one row of a stack. `table` holds `_row, _nr, _srow`; None: the rows table does.

    `nr` and `srow` name the two columns, so that several links can live in the rows table (`_tnr`, `_trow` for THIS).
    `identity`: the rows are those of the stack's only part, one for one; `stacked`: those of all its parts, in order.
    """

    stack: Stack
    table: str | None = None
    nr: str = "_nr"
    srow: str = "_srow"
    identity: bool = False
    stacked: bool = False


@dataclass(eq=False)
class Relation:
    """Rows with columns; what is planned (`names`) and what is there already (`home`).

    `order` are the columns that number a raw form's records, `apart` those and the housekeeping. `made_by` has the
    expressions of a block's own columns, `used` the columns that are read through each lookup. `edges` is a table
    `_row, _nr, _srow` of the rows each row was made from, where they are many. `pieces` says how many more pieces a
    text column has that was too long for one variable. `codes` has text columns as codes in the order of
    the rows, where they lie outside the database too; `places` the rows behind links, where codes were read there.
    """

    key: str
    dataset: str = ""
    names: dict[str, object] = field(default_factory=dict)
    rows: str = ""
    home: dict[str, str] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)
    count: int = 0
    order: tuple[str, ...] = ()
    apart: frozenset[str] = frozenset()
    made_by: dict[str, Text] = field(default_factory=dict)
    used: dict[str, set[str]] = field(default_factory=dict)
    edges: tuple[str, Stack] | None = None
    pieces: dict[str, int] = field(default_factory=dict)
    codes: Codes = field(default_factory=Codes)
    places: dict[str, pa.Array] = field(default_factory=dict)

    @property
    def source(self) -> Stack | None:
        """The stack a block's rows come from."""
        link = self.links.get("")
        return link.stack if link else None


class From:
    """The FROM clause of a SELECT over one relation's rows, growing with the columns it is asked for."""

    def __init__(self, relation: Relation) -> None:
        self.relation = relation
        self._joins: dict[tuple[str, ...], str] = {}
        self._clauses: list[str] = []
        self._stacks: dict[str, tuple[str, list[str]]] = {}

    def own(self, column: str) -> str:
        """SQL of a column of the relation itself."""
        return self._of(self.relation, column, "r._row", ())

    def via(self, link_name: str, column: str) -> str:
        """SQL of a column of the row that a link leads to."""
        link = self.relation.links[link_name]
        alias = self._link_alias(link_name, link)
        if len(link.stack.parts) == 1:
            part = link.stack.parts[0]
            actual = part.actual(column)
            assert actual is not None
            if link.identity:
                return self._of(part.relation, actual, "r._row", ())
            return self._of(part.relation, actual, f"{alias}.{link.srow}", (link_name,))
        return f"{self._stack(link_name, column)}.{name(column)}"

    def link(self, link_name: str) -> tuple[str, str]:
        """SQL of the relation number and row that a link leads to; null where it leads nowhere."""
        link = self.relation.links[link_name]
        alias = self._link_alias(link_name, link)
        return ("0", "r._row") if link.identity else (f"{alias}.{link.nr}", f"{alias}.{link.srow}")

    def place(self, link_name: str) -> str:
        """SQL of the place of the candidate that a lookup's row came from."""
        return f"{self._link_alias(link_name, self.relation.links[link_name])}._place"

    def clause(self) -> str:
        """The FROM clause."""
        joins = [self._stack_join(link_name, alias, columns) for link_name, (alias, columns) in self._stacks.items()]
        return " ".join([f"FROM {self.relation.rows} r", *self._clauses, *joins])

    def _stack_join(self, link_name: str, alias: str, columns: list[str]) -> str:
        link = self.relation.links[link_name]
        source = self._joins[link_name, "@"] if link.table else "r"
        row = f"{alias}._nr = {source}.{link.nr} AND {alias}._srow = {source}.{link.srow}"
        return f"LEFT JOIN ({link.stack.select(columns)}) {alias} ON {row}"

    def _link_alias(self, link_name: str, link: Link) -> str:
        if link.table is None:
            return "r"
        return self._join((link_name, "@"), link.table, "r._row")

    def _of(self, relation: Relation, column: str, row: str, path: tuple[str, ...]) -> str:
        table = relation.home[column]
        if not path and table == relation.rows:
            return f"r.{name(column)}"
        return f"{self._join((*path, table), table, row)}.{name(column)}"

    def _join(self, key: tuple[str, ...], table: str, row: str) -> str:
        if key not in self._joins:
            alias = f"j{len(self._joins)}"
            self._joins[key] = alias
            self._clauses.append(f"LEFT JOIN {table} {alias} ON {alias}._row = {row}")
        return self._joins[key]

    def _stack(self, link_name: str, column: str) -> str:
        alias, columns = self._stacks.setdefault(link_name, (f"u{len(self._stacks)}", []))
        if column not in columns:
            columns.append(column)
        return alias


def shown_key(key: str) -> str:
    """The key of a relation as who writes specs knows it: `ADTTE/EFS`, without what the engine adds.

    >>> shown_key("rows of ADTTE/EFS<per>")
    'rows of ADTTE/EFS'
    """
    return re.sub("<[a-z]+>", "", key)


def source_label(stack: Stack, number: str) -> str:
    """SQL of the name of the relation a row came from."""
    branches = " ".join(f"WHEN {i} THEN {literal(part.relation.key)}" for i, part in enumerate(stack.parts))
    return f"CASE {number} {branches} END"
