"""The records of a listing: joined, sorted, grouped by page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sdtm2adam.errors import InputError, SpecError, nearest
from sdtm2adam.spec.conditions import Comparison
from sdtm2adam.spec.display_model import ListingText
from sdtm2adam.tlf.context import Context
from sdtm2adam.tlf.records import Records

Texts = npt.NDArray[np.object_]
Places = npt.NDArray[np.intp]


@dataclass
class Listed:
    """The records of a listing with the parameters joined to them."""

    context: Context
    text: ListingText
    records: Records
    joined: dict[str, tuple[Records, Places]] = field(default_factory=dict)

    def column(self, name: str, where: str) -> Any:
        """The values of `VARIABLE` or `PARAMCD.VARIABLE`, one per record."""
        parameter, _, variable = name.rpartition(".")
        if not parameter:
            return self.records.column(str(self.text.data.dataset), variable)
        if parameter not in self.joined:
            raise SpecError(f"unknown parameter {parameter!r}", where=where, mend=nearest(parameter, self.joined))
        source, positions = self.joined[parameter]
        values = source.column(source.dataset, variable).astype(object)
        return pd.Series(np.array([*values, None], dtype=object)[positions]).infer_objects()


def listed_records(context: Context) -> Listed:
    """The records of a listing and the parameters that stand in their rows.

    Raises:
        InputError: a subject has several records of a joined parameter.
    """
    text = context.spec.text
    assert isinstance(text, ListingText)
    listed = Listed(context, text, context.records)
    for dataset, join in text.data.join.items():
        for parameter in join.paramcd:
            chosen = Comparison(dataset, "PARAMCD", "=", (str(parameter),))
            source = Records(dataset, context.population, context.frames, parameter.where, chosen)
            listed.joined[str(parameter)] = source, _one_each(context, source, str(parameter), listed.records)
    return listed


def _one_each(context: Context, source: Records, parameter: str, records: Records) -> Places:
    """The position of each listed record's joined record; -1 for none."""
    counts = np.bincount(source.subject, minlength=len(context.population))
    if (counts > 1).any():
        first = context.population.subjects.iloc[int(np.flatnonzero(counts > 1)[0])]
        raise InputError(
            f"{int((counts > 1).sum())} subjects have several records of {parameter} (first: {first})",
            where=f"{source.dataset}, {parameter}",
            mend="join a parameter with one record per subject",
        )
    position = np.full(len(context.population), -1, dtype=np.intp)
    position[source.subject] = np.arange(len(source), dtype=np.intp)
    return position[records.subject]


def order_of(listed: Listed) -> Places:
    """The records in the order of the spec; ties keep the order of subject and sequence."""
    order = np.arange(len(listed.records), dtype=np.intp)
    for name in reversed(listed.text.sort):
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
    labels = np.array([str(label) for _, label in listed.context.report.groupings[name].levels.values()], dtype=object)
    return labels[codes], codes.astype(float) + 1
