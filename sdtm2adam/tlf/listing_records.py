"""The records of a section of a listing: joined, sorted, grouped by page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sdtm2adam.spec.conditions import both
from sdtm2adam.spec.display_model import Source
from sdtm2adam.spec.display_plan import DisplayRow
from sdtm2adam.spec.listing_model import ListingSection, ListingText
from sdtm2adam.tlf.context import Context
from sdtm2adam.tlf.joined import Joined
from sdtm2adam.tlf.records import Records

Texts = npt.NDArray[np.object_]
Places = npt.NDArray[np.intp]


@dataclass
class Listed:
    """The records of a section with the parameters joined to them."""

    context: Context
    text: ListingText
    section: ListingSection | None
    row: DisplayRow
    records: Records
    joined: Joined

    def column(self, name: str, where: str) -> Any:
        """The values of `VARIABLE`, `ADSL.VARIABLE` or `PARAMCD.VARIABLE`, one per record."""
        parameter, _, variable = name.rpartition(".")
        if parameter == "ADSL":
            return self.records.column("ADSL", variable)
        return self.joined.column(name, where) if parameter else self.records.column(self.records.dataset, variable)

    @property
    def sort(self) -> tuple[str, ...]:
        """What the records are sorted by, most important first."""
        own = self.section.sort if self.section is not None else None
        return tuple(own if own is not None else self.text.sort)


def listed_records(context: Context, section: ListingSection | None, row: DisplayRow) -> Listed:
    """The records of a section and the parameters that stand in their rows.

    Raises:
        InputError: a subject has several records of a joined parameter.
    """
    text = context.spec.text
    assert isinstance(text, ListingText)
    data: Source = section.data if section is not None and section.data is not None else text.data
    condition = row.condition if data is not text.data else both(context.spec.condition, row.condition)
    records = Records(str(data.dataset), context.population, context.frames, data.dataset.where, condition)
    return Listed(context, text, section, row, records, Joined(context, records, data.join))


def order_of(listed: Listed) -> Places:
    """The records in the order of the spec; ties keep the order of subject and sequence."""
    order = np.arange(len(listed.records), dtype=np.intp)
    for name in reversed(listed.sort):
        values = listed.records.column(*name.split("."))
        ranks = values.rank(method="dense", na_option="bottom") if len(values) else values
        order = order[np.argsort(np.asarray(ranks)[order], kind="stable")]
    return order


def pages_of(listed: Listed) -> tuple[Texts, npt.NDArray[np.float64]]:
    """The label and number of the page group of each record."""
    if not listed.text.page_by:
        return np.full(len(listed.records), "", dtype=object), np.zeros(len(listed.records))
    name = str(listed.text.page_by[0].by)
    codes = listed.context.population.coded(name)[listed.records.subject]
    labels = np.array(list(listed.context.report.groupings[name].labels.values()), dtype=object)
    return labels[codes], codes.astype(float) + 1
