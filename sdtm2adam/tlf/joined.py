"""Parameters of other datasets that stand beside the records of an output, one record per subject."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sdtm2adam.errors import InputError, SpecError, nearest
from sdtm2adam.spec.conditions import Comparison
from sdtm2adam.spec.display_model import Join
from sdtm2adam.tlf.context import Context
from sdtm2adam.tlf.records import Records

Places = npt.NDArray[np.intp]


class Joined:
    """Parameters joined to records by subject.

    `parameters` has, by name, the records of each and which of them belongs to each record; -1 for none.

    Args:
        context: the output.
        records: those that parameters are joined to.
        joins: what is joined, by dataset.

    Raises:
        InputError: a subject has several records of a joined parameter.
    """

    def __init__(self, context: Context, records: Records, joins: Mapping[str, Join]) -> None:
        self.parameters: dict[str, tuple[Records, Places]] = {}
        for dataset, join in joins.items():
            for parameter in join.paramcd:
                chosen = Comparison(dataset, "PARAMCD", "=", (str(parameter),))
                source = Records(dataset, context.population, context.frames, parameter.where, chosen)
                position = only_record_of_each(context, source, str(parameter))
                self.parameters[str(parameter)] = source, position[records.subject]

    def column(self, name: str, where: str) -> Any:
        """The values of `PARAMCD.VARIABLE`, one per record.

        Raises:
            SpecError: the parameter is not joined.
        """
        parameter, _, variable = name.rpartition(".")
        if parameter not in self.parameters:
            raise SpecError(f"unknown parameter {parameter!r}", where=where, mend=nearest(parameter, self.parameters))
        source, positions = self.parameters[parameter]
        values = source.column(source.dataset, variable).astype(object)
        return pd.Series(np.array([*values, None], dtype=object)[positions]).infer_objects()


def only_record_of_each(context: Context, records: Records, what: str, chosen: Places | None = None) -> Places:
    """The position of each subject's record; -1 for none.

    Args:
        context: the output.
        records: of which each subject may have one.
        what: they are, for messages.
        chosen: positions of those that count; all by default.

    Raises:
        InputError: a subject has several.
    """
    places = np.arange(len(records), dtype=np.intp) if chosen is None else chosen
    counts = np.bincount(records.subject[places], minlength=len(context.population))
    if (counts > 1).any():
        first = context.population.subjects.iloc[int(np.flatnonzero(counts > 1)[0])]
        raise InputError(
            f"{int((counts > 1).sum())} subjects have several records of {what} (first: {first})",
            where=f"{records.dataset}, {what}",
            mend="choose one record per subject",
        )
    position = np.full(len(context.population), -1, dtype=np.intp)
    position[records.subject[places]] = places
    return position
