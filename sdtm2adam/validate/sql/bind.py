"""What the names of a check stand for in each dataset it is for; why it does not apply where they stand for nothing."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sdtm2adam.build.quoting import name as quoted
from sdtm2adam.model import Dataset
from sdtm2adam.validate.sql.check import Check
from sdtm2adam.validate.sql.classes import domain_of, is_one_of, parent_of
from sdtm2adam.validate.sql.grammar import DATASET, META, ROW, Query, Source
from sdtm2adam.validate.sql.once import Kept
from sdtm2adam.validate.sql.store import Store, Table
from sdtm2adam.validate.sql.strict import of_one_type

_STAR, _DIGITS = r"([A-Z0-9_]*)", r"([0-9]{2})"


@dataclass(frozen=True)
class Bound:
    """A check as it is put to one dataset: SQL, or the reason why it does not apply (`why`).

    `names` are what the names with wild cards stand for. `alike` is the SQL that the database refuses where types are
    mixed; empty where nobody asked for it.
    """

    check: Check
    dataset: str
    sql: str = ""
    why: str = ""
    names: Mapping[str, str] | None = None
    alike: str = ""


def bound(check: Check, store: Store, *, alike: bool = False) -> Iterator[Bound]:
    """A check for each dataset it is for, and for each meaning of its names there; at least one.

    Args:
        check: the check.
        store: what it may read.
        alike: whether to write the SQL too that is refused where types are mixed.
    """
    found = list(_each(check, store, alike=alike))
    yield from found or [Bound(check, "", why=f"there is no dataset of {', '.join(check.of)}")]


def _each(check: Check, store: Store, *, alike: bool) -> Iterator[Bound]:
    if not check.of:
        yield from _meanings(check, store, None, alike=alike)
        return
    for dataset in store.datasets.values():
        if is_one_of(dataset, check.of) and not (check.left_out and is_one_of(dataset, check.left_out)):
            yield from _meanings(check, store, dataset, alike=alike)


def _meanings(check: Check, store: Store, dataset: Dataset | None, *, alike: bool) -> Iterator[Bound]:
    """The check for each set of variables that its names with wild cards stand for."""
    name = dataset.name if dataset is not None else check.about or check.query.base.shown
    tables: dict[str, Table] = {}
    for source in check.query.sources:
        table = _table(source, dataset, store)
        if table is None:
            missing = _shown(source, dataset)
            yield Bound(check, name, why=f"there is no {missing}{_capitals(missing, store.datasets)}")
            return
        tables[source.alias.lower()] = table
    meanings = list(_names(check, dataset))
    if not meanings:
        yield Bound(check, name, why=f"{name} has no {' and '.join(check.query.wild)}")
        return
    for names in meanings:
        yield _with_columns(check, name, tables, names, store, alike=alike)


def _table(source: Source, dataset: Dataset | None, store: Store) -> Table | None:
    if dataset is None or source.schema:
        return store.table(source.schema, source.name)
    if source.name == DATASET:
        return store.table("", dataset.name)
    return store.table("", _shown(source, dataset))


def _shown(source: Source, dataset: Dataset | None) -> str:
    if dataset is None or "--" not in source.name:
        return source.shown
    own = dataset.name if source.name == "SUPP--" else parent_of(dataset) or domain_of(dataset)
    return source.name.replace("--", own)


def _names(check: Check, dataset: Dataset | None) -> Iterator[dict[str, str]]:
    """What the names with wild cards stand for: one meaning, or one for each match of the first with `*` or `##`."""
    wild = check.query.wild
    if not wild or dataset is None:
        yield {}
        return
    domain = domain_of(dataset)
    if any("--" in name for name in wild) and not domain:
        return
    told = {name: name.replace("--", domain) for name in wild}
    leader = next((name for name in wild if "*" in name or "##" in name), None)
    if leader is None:
        yield told
        return
    pattern = re.compile(re.escape(told[leader]).replace(r"\*", _STAR).replace(r"\#\#", _DIGITS))
    allowed = re.compile(check.names) if check.names else None
    for variable in dataset.frame.column_names:
        match = pattern.fullmatch(variable)
        if match and (allowed is None or allowed.fullmatch(variable)):
            yield _filled_in(told, leader, match)


def _filled_in(told: Mapping[str, str], leader: str, match: re.Match[str]) -> dict[str, str]:
    """All names with the letters and digits that the leader was matched with."""
    cards = re.findall(r"\*|##", leader)
    values = dict(zip(cards, match.groups(), strict=True)) if len(set(cards)) == len(cards) else {}
    return {
        name: re.sub(r"\*|##", lambda card: values.get(card.group(), card.group()), text) for name, text in told.items()
    }


def _with_columns(
    check: Check, name: str, tables: Mapping[str, Table], names: Mapping[str, str], store: Store, *, alike: bool
) -> Bound:
    """The SQL, once each column it reads is known to be there; optional ones that are not are missing."""
    query = check.query
    optional = {names.get(one, one) for one in check.optional}
    everywhere = {column for _, columns in tables.values() for column in columns}
    added: dict[str, set[str]] = {alias: set() for alias in tables}
    for alias, said in query.columns:
        column = names.get(said, said)
        home = alias.lower()
        if home in tables:
            there = column in tables[home][1] or column == ROW
        elif alias:  # of a subquery or a WITH: DuckDB knows its columns
            continue
        else:
            there, home = column in everywhere or len(tables) > 1, next(iter(tables))
        if there or (column in query.made and not (alias and column in optional)):
            continue
        if column not in optional and said not in check.optional:
            holder = name if home == next(iter(tables)) else alias
            return Bound(check, name, why=f"{holder} has no {column}{_capitals(column, everywhere)}", names=names)
        added[home].add(column)
    kept = [_kept(one, tables, names, store) for one in query.kept]

    def filled(text: str) -> str:
        return _filled(text, query, tables, added, names, kept)

    proof = filled(of_one_type(query.text)) if alike else ""
    return Bound(check, name, filled(query.text), names=names, alike=proof)


def _capitals(name: str, known: Collection[str]) -> str:
    """A hint where a name is there in capitals."""
    return f" (names are in capitals: {name.upper()})" if name.upper() != name and name.upper() in known else ""


def _filled(
    sql: str,
    query: Query,
    tables: Mapping[str, Table],
    added: Mapping[str, set[str]],
    names: Mapping[str, str],
    kept: Sequence[str],
) -> str:
    """The SQL of a check with its tables and names put in; `added` are the columns of each that count as missing."""
    for number, column in enumerate(kept):
        sql = sql.replace(f'"@K{number}@"', column)
    for number, source in enumerate(query.sources):
        table, more = tables[source.alias.lower()][0], sorted(added[source.alias.lower()])
        nulls = "".join(f", CAST(NULL AS VARCHAR) AS {quoted(one)}" for one in more)
        sql = sql.replace(f'"@T{number}@"', f"(SELECT *{nulls} FROM {table})" if more else table)
    for number, said in enumerate(query.wild):
        sql = sql.replace(f'"@N{number}@"', quoted(names[said]) if said in names else quoted(said))
    return sql


def _kept(one: Kept, tables: Mapping[str, Table], names: Mapping[str, str], store: Store) -> str:
    """The column of a table that keeps the answers of a function; the call, where the table has no such column."""
    (table, columns), column = tables[one.alias.lower()], names.get(one.name, one.name)
    if column not in columns:
        return f"{one.function}({quoted(one.alias)}.{quoted(column)})"
    return f"{quoted(one.alias)}.{quoted(store.keep(table, one.function, column))}"


def reads_metadata(check: Check) -> bool:
    """Whether a check selects from a table of metadata, whose rows name datasets and variables."""
    return check.query.base.schema == META
