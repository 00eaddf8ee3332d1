"""The tables of the schema `meta`: what checks may ask of datasets, of their variables and of the values in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pyarrow as pa

from sdtm2adam.build.quoting import literal
from sdtm2adam.build.quoting import name as quoted
from sdtm2adam.model import Dataset, Variable
from sdtm2adam.spec import standards
from sdtm2adam.spec.standards import VariableFact
from sdtm2adam.validate.sql.classes import class_of, domain_of, is_sdtm, parent_of
from sdtm2adam.validate.sql.meta_coded import coded_rows
from sdtm2adam.validate.sql.meta_columns import MORE_COLUMNS
from sdtm2adam.validate.sql.meta_numbers import numbers
from sdtm2adam.validate.sql.meta_relations import (
    RELATION_COLUMNS,
    codelist_rows,
    link_selects,
    term_rows,
    topic_selects,
)
from sdtm2adam.validate.sql.meta_sources import SOURCE_COLUMNS, sources
from sdtm2adam.validate.sql.store import Store

Rows = Iterator[tuple[Any, ...]]

COLUMNS: Mapping[str, Mapping[str, str]] = {
    "stages": {"stage": "text", "datasets": "integer", "records": "integer"},
    "datasets": {
        "dataset": "text", "stage": "text", "class": "text", "domain": "text", "parent": "text", "label": "text",
        "records": "integer", "variables": "integer", "standard_label": "text", "standard_class": "text",
    },
    "variables": {
        "dataset": "text", "variable": "text", "stage": "text", "class": "text", "fragment": "text",
        "position": "integer", "label": "text", "type": "text", "length": "integer", "format": "text",
        "filled": "integer",
        "records": "integer", "longest": "integer", "standard_label": "text", "standard_type": "text", "core": "text",
        "role": "text", "standard_order": "integer", "own": "text",
    },
    "standards": {
        "dataset": "text", "variable": "text", "stage": "text", "class": "text", "core": "text", "role": "text",
        "label": "text", "type": "text", "standard_order": "integer",
    },
    "texts": {"dataset": "text", "variable": "text", "value": "text", "records": "integer", "bytes": "integer"},
    "coded": {
        "dataset": "text", "variable": "text", "value": "text", "records": "integer", "codelist": "text",
        "extensible": "text", "is_term": "text", "spelled": "text", "synonym_of": "text",
    },
    "dates": {"dataset": "text", "variable": "text", "row": "integer", "USUBJID": "text", "value": "text"},
    "sources": SOURCE_COLUMNS,
    **MORE_COLUMNS,
    "parents": {"RDOMAIN": "text", "USUBJID": "text", "IDVAR": "text", "IDVARVAL": "text", "records": "integer"},
    **RELATION_COLUMNS,
}  # fmt: skip
"""The tables of metadata and the types of their columns; Y and N stand for true and false."""

_ARROW = {"text": pa.string(), "integer": pa.int64(), "number": pa.float64()}


def table_of(name: str, rows: Iterator[tuple[Any, ...]] | list[tuple[Any, ...]]) -> pa.Table:
    """A table of metadata from its rows."""
    schema = pa.schema([(column, _ARROW[kind]) for column, kind in COLUMNS[name].items()])
    found = list(rows)
    columns = list(zip(*found, strict=True)) if found else [()] * len(schema)
    return pa.table([pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)], schema)


def fact_of(dataset: Dataset, variable: str) -> VariableFact | None:
    """What the standard says of a variable of a dataset."""
    if not is_sdtm(dataset):
        return standards.adam_variable(class_of(dataset), variable)
    if parent_of(dataset):
        return standards.sdtm_variables().get(("SUPPQUAL", variable))
    known = standards.sdtm_datasets()
    home = dataset.name if dataset.name in known else dataset.name[:2]
    return standards.sdtm_variable(home, variable)


def _stages(store: Store) -> Rows:
    for stage in ("sdtm", "adam"):
        found = [one for one in store.datasets.values() if is_sdtm(one) == (stage == "sdtm")]
        if found:
            yield stage, len(found), sum(one.frame.num_rows for one in found)


def _datasets(store: Store) -> Rows:
    known = standards.sdtm_datasets()
    for dataset in store.datasets.values():
        fact = known.get(dataset.name) if is_sdtm(dataset) else None
        yield (
            dataset.name, "sdtm" if is_sdtm(dataset) else "adam", class_of(dataset), domain_of(dataset) or None,
            parent_of(dataset) or None, dataset.label or None, dataset.frame.num_rows, len(dataset.frame.column_names),
            fact.label if fact else None, fact.klass if fact else None,
        )  # fmt: skip


def _variables(store: Store) -> Rows:
    for dataset in store.datasets.values():
        table = store.table("", dataset.name)
        assert table is not None
        declared = {variable.name: variable for variable in dataset.variables}
        counted = _counted(store, table[0], table[1])
        for place, name in enumerate(table[1], 1):
            variable = declared.get(name, Variable(name, "", "text"))
            yield _variable(dataset, variable, place, *counted[name])


def _counted(store: Store, table: str, names: tuple[str, ...]) -> dict[str, tuple[int, int | None, str]]:
    """How many values each column has, how long the longest text is in bytes, and its type."""
    kinds = store.warehouse.types(table)
    items = [f"count({quoted(name)})" for name in names]
    items += [f"max(strlen({quoted(name)}))" for name in names if kinds[name] == "VARCHAR"]
    values = iter(store.warehouse.rows(f"SELECT {', '.join(items)} FROM {table}")[0] if items else ())
    filled = {name: next(values) for name in names}
    longest = {name: next(values) for name in names if kinds[name] == "VARCHAR"}
    return {name: (filled[name], longest.get(name), kinds[name]) for name in names}


def _variable(
    dataset: Dataset, variable: Variable, place: int, filled: int, longest: int | None, kind: str
) -> tuple[Any, ...]:
    fact, domain = fact_of(dataset, variable.name), domain_of(dataset)
    has_prefix = bool(domain) and variable.name.startswith(domain) and len(variable.name) > len(domain)
    own = (dataset.name, variable.name) in standards.sdtm_variables()
    return (
        dataset.name, variable.name, "sdtm" if is_sdtm(dataset) else "adam", class_of(dataset),
        f"--{variable.name[2:]}" if has_prefix else variable.name, place, variable.label or None,
        "Char" if kind == "VARCHAR" else "Num", variable.length, variable.format or None, filled,
        dataset.frame.num_rows, longest, fact.label if fact else None,
        ("Num" if fact.numeric else "Char") if fact else None, fact.core if fact else None,
        (fact.role or None) if fact else None, fact.order if fact else None, "Y" if own else "N",
    )  # fmt: skip


def _standards(store: Store) -> Rows:
    facts = standards.sdtm_variables()
    known = {name for name, _ in facts}
    for dataset in store.datasets.values():
        if not is_sdtm(dataset):
            continue
        home = "SUPPQUAL" if parent_of(dataset) else dataset.name if dataset.name in known else dataset.name[:2]
        for (owner, name), fact in facts.items():
            if owner == home:
                yield (
                    dataset.name, name, "sdtm", class_of(dataset), fact.core, fact.role or None, fact.label,
                    "Num" if fact.numeric else "Char", fact.order,
                )  # fmt: skip


def _texts(store: Store) -> pa.Table:
    """The distinct texts of each column of text, as they stand: blank ones too."""
    parts = []
    for dataset in store.datasets.values():
        lent = store.warehouse.lend(dataset.frame)
        kinds = store.warehouse.types(lent)
        texts = [name for name, kind in kinds.items() if kind == "VARCHAR" or kind.startswith("ENUM")]
        if texts:
            each = " UNION ALL ".join(_texts_of(name, place, lent) for place, name in enumerate(texts))
            found = f"SELECT {literal(dataset.name)} AS dataset, * EXCLUDE (place) FROM ({each}) ORDER BY place, value"
            parts.append(store.warehouse.arrow(found).cast(_schema("texts")))
        store.warehouse.take_back(lent)
    return pa.concat_tables(parts) if parts else table_of("texts", [])


def _texts_of(name: str, place: int, table: str) -> str:
    """The SELECT of the distinct texts of a column, the one at this place."""
    return (
        f"SELECT {literal(name)} AS variable, CAST({quoted(name)} AS VARCHAR) AS value, count(*) AS records, "
        f"strlen(value) AS bytes, {place} AS place FROM {table} WHERE {quoted(name)} IS NOT NULL GROUP BY ALL"
    )


def _schema(name: str) -> pa.Schema:
    return pa.schema([(column, _ARROW[kind]) for column, kind in COLUMNS[name].items()])


def _dates(store: Store) -> pa.Table:
    """All dates and times that records of subjects have: --DTC, --STDTC, --ENDTC."""
    selects = []
    for dataset in store.datasets.values():
        table, domain = store.table("", dataset.name), domain_of(dataset)
        if table is None or not is_sdtm(dataset) or "USUBJID" not in table[1]:
            continue
        names = [name for name in (f"{domain}DTC", f"{domain}STDTC", f"{domain}ENDTC") if name in table[1]]
        selects += [
            f"SELECT {literal(dataset.name)} AS dataset, {literal(name)} AS variable, _row AS row, "
            f"USUBJID, CAST({quoted(name)} AS VARCHAR) AS value FROM {table[0]} WHERE {quoted(name)} IS NOT NULL"
            for name in names
        ]
    return _union(store, "dates", selects)


def _union(store: Store, name: str, selects: list[str]) -> pa.Table:
    """The rows of many SELECTs in one table of metadata, in order of all its columns."""
    if not selects:
        return table_of(name, [])
    return store.warehouse.arrow(f"{' UNION ALL '.join(selects)} ORDER BY ALL").cast(_schema(name))


def _parents(store: Store) -> pa.Table:
    """The records that supplemental qualifiers, comments and relations may lead to, by the variables they name."""
    selects = []
    for rdomain, idvar in sorted(_named_by_relations(store)):
        for dataset in store.datasets.values():
            table = store.table("", dataset.name)
            if table is None or rdomain not in (dataset.name, domain_of(dataset)):
                continue
            if is_sdtm(dataset) and not parent_of(dataset) and {"USUBJID", idvar} <= {*table[1]}:
                selects.append(
                    f'SELECT {literal(rdomain)} AS "RDOMAIN", USUBJID, {literal(idvar)} AS "IDVAR", '
                    f's2a_key({quoted(idvar)}) AS "IDVARVAL", count(*) AS records FROM {table[0]} '
                    f"WHERE {quoted(idvar)} IS NOT NULL GROUP BY ALL"
                )
    return _union(store, "parents", selects)


def _named_by_relations(store: Store) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for dataset in store.datasets.values():
        table = store.table("", dataset.name)
        if table is not None and {"RDOMAIN", "IDVAR"} <= set(table[1]):
            found |= set(
                store.warehouse.rows(
                    f"SELECT DISTINCT RDOMAIN, IDVAR FROM {table[0]} WHERE RDOMAIN IS NOT NULL AND IDVAR IS NOT NULL"
                )
            )
    return found


def _sequences(store: Store) -> pa.Table:
    """The sequence numbers of the domains that are split into several datasets."""
    parts: dict[str, list[Dataset]] = {}
    for dataset in store.datasets.values():
        if is_sdtm(dataset) and domain_of(dataset):
            parts.setdefault(domain_of(dataset), []).append(dataset)
    selects = []
    for domain, several in sorted(parts.items()):
        for dataset in several if len(several) > 1 else []:
            table, number = store.table("", dataset.name), f"{domain}SEQ"
            if table is not None and {"USUBJID", number} <= {*table[1]}:
                selects.append(
                    f"SELECT {literal(dataset.name)} AS dataset, {literal(number)} AS variable, "
                    f"s2a_key({quoted(number)}) AS value, {literal(domain)} AS domain, USUBJID FROM {table[0]} "
                    f"WHERE {quoted(number)} IS NOT NULL"
                )
    return _union(store, "sequences", selects)


def _model() -> Rows:
    """Each variable of each dataset of the standard; `shared`: several datasets have it under the one name."""
    homes: dict[str, int] = {}
    for _, name in standards.sdtm_variables():
        homes[name] = homes.get(name, 0) + 1
    for (home, name), fact in standards.sdtm_variables().items():
        has_prefix = name.startswith(home) and len(name) > len(home)
        fragment = f"--{name[2:]}" if has_prefix else name
        yield home, name, fragment, fact.role or None, fact.core, "Y" if homes[name] > 1 else "N"


META_TABLES: Mapping[str, Callable[[Store], pa.Table]] = {
    "stages": lambda store: table_of("stages", _stages(store)),
    "datasets": lambda store: table_of("datasets", _datasets(store)),
    "variables": lambda store: table_of("variables", _variables(store)),
    "standards": lambda store: table_of("standards", _standards(store)),
    "texts": _texts,
    "coded": lambda store: table_of("coded", coded_rows(store, fact_of)),
    "dates": _dates,
    "parents": _parents,
    "sources": sources,
    "sequences": _sequences,
    "numbers": numbers,
    "model": lambda _: table_of("model", _model()),
    "codelists": lambda store: table_of("codelists", codelist_rows(store, fact_of)),
    "terms": lambda store: table_of("terms", term_rows(store, fact_of)),
    "links": lambda store: _union(store, "links", link_selects(store)),
    "topics": lambda store: _union(store, "topics", topic_selects(store)),
}
"""What makes each table of metadata."""
