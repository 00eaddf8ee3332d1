"""Raw forms as a data manager reads them: texts as they came, declared numbers, dates in ISO 8601, the subject."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from sdtm2adam.build.plan import Plan
from sdtm2adam.build.quoting import name
from sdtm2adam.build.raw_columns import columns_of
from sdtm2adam.compute.iso import DateForms, Unreadable
from sdtm2adam.spec.library import Specs

_USUBJID = "USUBJID"


def raw_tables(plan: Plan, specs: Specs) -> dict[str, pa.Table]:
    """The forms that a plan has read, by name; records in the order of their keys.

    A date that no form of the study reads is missing here; it is an issue of its own.
    """
    dates = specs.study.dates
    readers = [
        DateForms(formats, tuple(map(str, dates.missing)), dates.century)
        for formats in dict.fromkeys((tuple(map(str, dates.formats)), *specs.date_forms))
    ]
    found: dict[str, pa.Table] = {}
    for form, contract in specs.contracts.items():
        relation = plan.relations.get(f"raw.{form}")
        if relation is None or not relation.rows:
            continue
        columns = list(
            dict.fromkeys([*columns_of(specs, contract), *([_USUBJID] if _USUBJID in relation.names else [])])
        )
        there = [column for column in columns if column in relation.types]
        frame = plan.warehouse.arrow(f"SELECT {', '.join(map(name, there))} FROM {relation.rows} ORDER BY _row")
        for place, column in enumerate(there):
            said = contract.columns.get(column)
            if said is not None and said.type in ("date", "datetime"):
                frame = frame.set_column(place, column, _iso(frame[column], readers))
        found[form] = frame
    return found


def _iso(column: pa.ChunkedArray, readers: list[DateForms]) -> pa.ChunkedArray:
    """Dates in ISO 8601, each distinct text read once."""
    codes = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    codes = codes if pa.types.is_dictionary(codes.type) else pc.dictionary_encode(codes.cast(pa.string()))
    if isinstance(codes, pa.ChunkedArray):
        codes = codes.unify_dictionaries().combine_chunks()
    read = pa.array([_read(text, readers) for text in codes.dictionary.to_pylist()], pa.string())
    return read.take(codes.indices)


def _read(text: str | None, readers: list[DateForms]) -> str | None:
    for reader in readers:
        try:
            return reader.iso(text or "") or None
        except Unreadable:
            continue
    return None
