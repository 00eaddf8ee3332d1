"""Kind `listing`: one row per record, each cell a result of its own so that it can be traced."""

from __future__ import annotations

from typing import Any

import numpy as np

from sdtm2adam.spec.listing_model import ListingText
from sdtm2adam.spec.yaml import Text
from sdtm2adam.tlf.context import Context
from sdtm2adam.tlf.identity import Group
from sdtm2adam.tlf.listing_records import Listed, listed_records, order_of, pages_of
from sdtm2adam.tlf.listing_text import cell_texts
from sdtm2adam.tlf.members import Part

METHOD = "M_LIST"


def list_records(context: Context) -> None:
    """One row per record of each section, sorted as the spec says; joined parameters stand in the record's row.

    Raises:
        InputError: a subject has several records of a joined parameter.
    """
    text = context.spec.text
    assert isinstance(text, ListingText)
    for section, row in zip(text.sections or (None,), context.spec.rows, strict=True):
        _list_section(listed_records(context, section, row))


def _list_section(listed: Listed) -> None:
    pages, numbers = pages_of(listed)
    order = order_of(listed)
    order = order[np.argsort(numbers[order], kind="stable")]
    about = _about(listed, pages, numbers)
    for place, value in enumerate(listed.text.cells(listed.section), start=1):
        columns = {**about, **_column(listed, value, place, about)}
        listed.context.collector.add_block(
            listed.row,
            **{name: value[order] if isinstance(value, np.ndarray) else value for name, value in columns.items()},
        )


def _about(listed: Listed, pages: Any, numbers: Any) -> dict[str, Any]:
    """What all cells of a record share: its page, subject and sequence number, and the records behind it."""
    parts = [Part(listed.records, np.arange(len(listed.records), dtype=np.intp), "VALUE")]
    parts += [Part(records, positions, "VALUE") for records, positions in listed.joined.parameters.values()]
    page = listed.text.page_by[0].by if listed.text.page_by else None
    return {
        "g1_id": str(page or ""),
        "g1_var": listed.context.report.groupings[page].variable if page else "",
        "g1_level": pages,
        "g1_leveln": numbers,
        "g2_id": "USUBJID",
        "g2_var": "USUBJID",
        "g2_level": listed.records.usubjid(),
        "g3_id": "SEQ",
        "g3_level": listed.records.sequence,
        "status": "OK",
        "member_id": listed.context.collector.members.put_each(parts, len(listed.records)),
        "n_subj": 1.0,
        "n_rec": np.sum([part.positions >= 0 for part in parts], axis=0).astype(float),
    }


def _column(listed: Listed, value: Text, place: int, about: dict[str, Any]) -> dict[str, Any]:
    """The cells of one column, each with its id."""
    texts = cell_texts(listed, str(value), value.where)
    levels = zip(about["g1_level"], about["g2_level"], about["g3_level"], strict=True)
    ids = [
        listed.context.naming.id_of(
            listed.row,
            f"c{place:02d}",
            (Group(about["g1_id"], "", page), Group("USUBJID", "", subject), Group("SEQ", "", number)),
        )
        for page, subject, number in levels
    ]
    return {
        "op_id": f"{METHOD}.c{place:02d}",
        "op_order": float(place),
        "stat_name": "value",
        "stat_label": str(listed.text.columns[place - 1].label).replace("|", " "),
        "stat_c": texts,
        "shown": np.where(texts != "", "Y", "N").astype(object),
        "pattern": str(value),
        "formatted": texts,
        "result_id": np.array(ids, dtype=object),
    }
