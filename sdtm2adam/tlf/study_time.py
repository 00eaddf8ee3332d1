"""Dates as times from the reference day of the report, in the unit of the times to event."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from sdtm2adam.tlf.context import Context


def times_at(context: Context, dates: Any) -> npt.NDArray[np.float64]:
    """The time of a date of each subject: day one is 1 day, the day before it -1; NaN where there is none.

    Args:
        context: the output.
        dates: timestamps, one per subject.

    Raises:
        InputError: the reference day is no date.
    """
    start = context.population.dates(context.report.params.day_one.split(".")[1])
    days = (dates - start).dt.days
    days = days + (days >= 0)
    data = context.spec.text.data
    assert data.time is not None
    unit = context.report.params.days_per_month if data.time.unit == "months" else 1.0
    return np.asarray(days.to_numpy(dtype=float, na_value=np.nan) / unit)
