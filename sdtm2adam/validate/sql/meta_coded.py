"""The table `meta.coded`: values of variables that the standard gives codelists, each compared with their terms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sdtm2adam.build.quoting import literal
from sdtm2adam.model import Dataset
from sdtm2adam.spec.standards import VariableFact
from sdtm2adam.validate.sql.store import Store


def coded_rows(store: Store, fact_of: Callable[[Dataset, str], VariableFact | None]) -> Iterator[tuple[Any, ...]]:
    """The values of variables that have a codelist in the standard, each compared with the terms of its lists."""
    table = store.table("meta", "texts")
    assert table is not None
    for dataset in store.datasets.values():
        for variable in dataset.frame.column_names:
            fact = fact_of(dataset, variable)
            lists = store.terminology.of(fact.codelists) if fact else []
            lists = [one for one in lists if one.terms]
            if not fact or not lists or (fact.codelists and len(lists) < len(fact.codelists)):
                continue
            whole = all(one.whole for one in lists)
            rows = store.warehouse.rows(
                f"SELECT value, records FROM {table[0]} WHERE dataset = {literal(dataset.name)} "
                f"AND variable = {literal(variable)} AND trim(value) <> '' ORDER BY value"
            )
            for value, records in rows:
                is_term = value in fact.values or any(value in one.terms for one in lists)
                named = () if is_term else next((f for one in lists if (f := one.by_any_name.get(_alike(value)))), ())
                spelled = next((term for term in named if _alike(term) == _alike(value)), None)
                yield (
                    dataset.name, variable, value, records, " ".join(one.shown for one in lists),
                    "Y" if any(one.extensible for one in lists) or not whole else "N", "Y" if is_term else "N", spelled,
                    named[0] if named and spelled is None else None,
                )  # fmt: skip


def _alike(text: str) -> str:
    return " ".join(text.replace("\xa0", " ").split()).upper()
