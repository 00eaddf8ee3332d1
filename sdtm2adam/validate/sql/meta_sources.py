"""The table `meta.sources`: the records and values that SRCDOM, SRCVAR and SRCSEQ of analysis datasets may lead to."""

from __future__ import annotations

import pyarrow as pa

from sdtm2adam.build.quoting import literal
from sdtm2adam.build.quoting import name as quoted
from sdtm2adam.model import Dataset
from sdtm2adam.validate.sql.classes import domain_of, is_sdtm
from sdtm2adam.validate.sql.store import Store

SOURCE_COLUMNS = {"dataset": "text", "variable": "text", "USUBJID": "text", "SEQ": "text", "value": "text"}
"""The columns of the table and their types."""

_SCHEMA = pa.schema([(column, pa.string()) for column in SOURCE_COLUMNS])


def sources(store: Store) -> pa.Table:
    """For each dataset that some SRCDOM names: each record once without a variable, and once for each SRCVAR.

    SEQ is --SEQ or ASEQ of the record (`1`, not `1.0`), missing where the dataset has none (ADSL); `value` is text,
    dates and times in ISO 8601.
    """
    selects = [
        _select(store, store.datasets[name], variables)
        for name, variables in sorted(_named(store).items())
        if name in store.datasets and "USUBJID" in store.datasets[name].frame.column_names
    ]
    if not selects:
        return _SCHEMA.empty_table()
    return store.warehouse.arrow(f"{' UNION ALL '.join(selects)} ORDER BY ALL").cast(_SCHEMA)


def _named(store: Store) -> dict[str, set[str]]:
    """The datasets that some SRCDOM names, with the variables that stand beside them in SRCVAR."""
    found: dict[str, set[str]] = {}
    for dataset in store.datasets.values():
        table = store.table("", dataset.name)
        if table is None or is_sdtm(dataset) or "SRCDOM" not in table[1]:
            continue
        variable = "CAST(SRCVAR AS VARCHAR)" if "SRCVAR" in table[1] else "NULL"
        for home, name in store.warehouse.rows(
            f"SELECT DISTINCT CAST(SRCDOM AS VARCHAR), {variable} FROM {table[0]} WHERE SRCDOM IS NOT NULL"
        ):
            found.setdefault(home, set()).update([name] if name else [])
    return found


def _select(store: Store, dataset: Dataset, variables: set[str]) -> str:
    table = store.table("", dataset.name)
    assert table is not None
    kinds = store.warehouse.types(table[0])
    number = next((one for one in _numbers(dataset) if one in table[1]), None)
    key = f"s2a_key({quoted(number)})" if number else "CAST(NULL AS VARCHAR)"
    home = literal(dataset.name)
    parts = [f'SELECT {home} AS dataset, NULL AS variable, USUBJID, {key} AS "SEQ", NULL AS value FROM {table[0]}']
    for name in sorted(variables & set(table[1])):
        text = f"s2a_key({quoted(name)})"
        value = f"replace({text}, ' ', 'T')" if kinds[name].startswith("TIMESTAMP") else text
        parts.append(
            f'SELECT {home} AS dataset, {literal(name)} AS variable, USUBJID, {key} AS "SEQ", '
            f"{value} AS value FROM {table[0]}"
        )
    return " UNION ALL ".join(parts)


def _numbers(dataset: Dataset) -> tuple[str, ...]:
    """The variables that may number the records of a subject, the likeliest first."""
    own = f"{domain_of(dataset) or dataset.name[:2]}SEQ"
    return (own,) if is_sdtm(dataset) else ("ASEQ", own)
