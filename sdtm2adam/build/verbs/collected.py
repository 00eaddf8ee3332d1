"""Verbs of collected values: datetime. It is the verb of the same name in a spec."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sdtm2adam.build.verbs.making import Given, Made, with_columns
from sdtm2adam.build.verbs.said import arguments, tree_of
from sdtm2adam.model import Issue
from sdtm2adam.spec.producer import as_producer


def datetime(frames: Given, name: str, datetime: str | Sequence[str], *, formats: Sequence[str] | None = None,
             missing: Sequence[str] | None = None, century: int | None = None,
             issues: list[Issue] | None = None) -> Made:  # fmt: skip
    """ISO 8601 texts of collected dates, and times, at the precision collected.

    Args:
        frames: a frame, or frames by name; the first gets the column. A frame without a name is of the domain that
            the first two letters of `name` say.
        name: of the new column, a date of SDTM as AESTDTC.
        datetime: the column of dates, or that and the column of times.
        formats: forms of the dates (`DD MON YYYY`, `DD/MM/YYYY`), tried in order; ISO 8601 is always read.
        missing: texts for an unknown day or month (`UN`, `UNK`).
        century: the first year of those of two digits, by default 1950.
        issues: a list that gets dates that no form reads; without it these stop.

    Returns:
        The frame with the column; lineage: each row itself.

    Raises:
        SpecError: an argument is wrong; `where` names it.
        InputError: a date that no form reads.

    Source:
        docs/spec-grammar.md, Producers; SDTMIG 3.4, 4.4.

    >>> import pandas as pd
    >>> ae = pd.DataFrame({"USUBJID": ["1", "1"], "DAT": ["06 JAN 2014", "UN JAN 2014"], "TIM": ["9:30", None]})
    >>> ae, lineage = datetime(ae, "AESTDTC", ["DAT", "TIM"], formats=["DD MON YYYY"], missing=["UN"])
    >>> ae["AESTDTC"].tolist()
    ['2014-01-06T09:30', '2014-01']
    """
    parts = [datetime] if isinstance(datetime, str) else list(datetime)
    producer = as_producer({"datetime": tree_of(parts, "datetime")})
    dates: dict[str, Any] = arguments({"formats": formats, "missing": missing})
    said = {"dates": {**dates, **({"century": century} if century is not None else {})}}
    return with_columns(
        frames, {name: producer}, issues=issues, alone=name[:2].upper(), stage="sdtm", study=said
    )  # fmt: skip
