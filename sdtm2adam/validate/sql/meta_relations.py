"""Tables of metadata on terminology, and on the variables by which records of several datasets belong together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from sdtm2adam.build.quoting import literal
from sdtm2adam.build.quoting import name as quoted
from sdtm2adam.model import Dataset
from sdtm2adam.spec.standards import VariableFact
from sdtm2adam.validate.sql.classes import class_of, domain_of, is_sdtm, parent_of
from sdtm2adam.validate.sql.store import Store

_SUBJECT_VALUE = {"dataset": "text", "variable": "text", "USUBJID": "text", "value": "text", "records": "integer"}
RELATION_COLUMNS: Mapping[str, Mapping[str, str]] = {
    "codelists": {"dataset": "text", "variable": "text", "codelist": "text", "short": "text", "extensible": "text"},
    "terms": {"codelist": "text", "short": "text", "extensible": "text", "term": "text", "code": "text"},
    "links": _SUBJECT_VALUE,
    "topics": _SUBJECT_VALUE,
}
"""The tables made here and the types of their columns."""

Facts = Callable[[Dataset, str], VariableFact | None]


def codelist_rows(store: Store, fact_of: Facts) -> Iterator[tuple[str, str, str, str, str]]:
    """Each variable of a dataset with each list of terms that the standard names for it."""
    for dataset in store.datasets.values():
        for variable in dataset.frame.column_names:
            fact = fact_of(dataset, variable)
            for one in store.terminology.of(fact.codelists) if fact else []:
                yield dataset.name, variable, one.code, one.short, "Y" if one.extensible else "N"


def term_rows(store: Store, fact_of: Facts) -> Iterator[tuple[str, str, str, str, str]]:
    """The terms of each list that a variable of the data has, where the whole list is at hand.

    A list of which only a part is at hand has no rows: what is not among them may be a term.
    """
    for code in sorted({row[2] for row in codelist_rows(store, fact_of)}):
        one = store.terminology.get(code)
        if one is not None and one.terms and one.whole:
            for term, (concept, _, _) in one.terms.items():
                yield one.code, one.short, "Y" if one.extensible else "N", term, concept


def link_selects(store: Store) -> list[str]:
    """SELECTs of --LNKID and --LNKGRP of all datasets of SDTM, by subject."""
    return [one for data in _tabulated(store) for one in _by_subject(store, data, ("LNKID", "LNKGRP"))]


def topic_selects(store: Store) -> list[str]:
    """SELECTs of what events and interventions are named: --TERM, --MODIFY, --DECOD, --TRT, by subject."""
    return [
        one
        for data in _tabulated(store)
        if class_of(data) in ("EVENTS", "INTERVENTIONS")
        for one in _by_subject(store, data, ("TERM", "MODIFY", "DECOD", "TRT"))
    ]


def _tabulated(store: Store) -> Iterator[Dataset]:
    return (one for one in store.datasets.values() if is_sdtm(one) and not parent_of(one) and domain_of(one))


def _by_subject(store: Store, dataset: Dataset, fragments: tuple[str, ...]) -> Iterator[str]:
    table = store.table("", dataset.name)
    assert table is not None
    for variable in (f"{domain_of(dataset)}{one}" for one in fragments):
        if {"USUBJID", variable} <= {*table[1]}:
            yield (
                f"SELECT {literal(dataset.name)} AS dataset, {literal(variable)} AS variable, USUBJID, "
                f"CAST({quoted(variable)} AS VARCHAR) AS value, count(*) AS records FROM {table[0]} "
                f"WHERE {quoted(variable)} IS NOT NULL GROUP BY ALL"
            )
