"""The table `meta.numbers`: how small and how large the numbers of each variable are."""

from __future__ import annotations

import pyarrow as pa

from sdtm2adam.build.quoting import literal
from sdtm2adam.build.quoting import name as quoted
from sdtm2adam.validate.sql.meta_columns import MORE_COLUMNS
from sdtm2adam.validate.sql.store import Store

_ARROW = {"text": pa.string(), "number": pa.float64(), "integer": pa.int64()}


def numbers(store: Store) -> pa.Table:
    """The least (but 0) and the greatest size of each variable of DOUBLE, and how many values are not finite."""
    schema = pa.schema([(column, _ARROW[kind]) for column, kind in MORE_COLUMNS["numbers"].items()])
    selects = []
    for dataset in store.datasets.values():
        table = store.table("", dataset.name)
        for column in table[1] if table is not None else ():
            if pa.types.is_floating(dataset.frame.schema.field(column).type):
                value = f"CAST({quoted(column)} AS DOUBLE)"
                finite = f"CASE WHEN isfinite({value}) THEN abs({value}) END"
                selects.append(
                    f"SELECT {literal(dataset.name)} AS dataset, {literal(column)} AS variable, "
                    f"min(nullif({finite}, 0)) AS smallest, max({finite}) AS largest, "
                    f"count(*) FILTER (WHERE NOT isfinite({value})) AS not_finite FROM {table[0] if table else ''}"
                )
    if not selects:
        return schema.empty_table()
    parts = [store.warehouse.arrow(" UNION ALL ".join(selects[at : at + 100])) for at in range(0, len(selects), 100)]
    return pa.concat_tables(part.cast(schema) for part in parts)
