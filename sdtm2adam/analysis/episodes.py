"""Counting-process rows for a covariate that changes once, such as a transplant."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sdtm2adam.analysis.risk import Floats, Ints, check_lengths, check_times
from sdtm2adam.errors import UsageError


@dataclass(frozen=True, slots=True)
class Episodes:
    """Rows (start, stop], one or two per subject, in the order of the subjects and in time.

    Args:
        subject: the place of the subject of each row; other covariates are taken by it.
        start: start of the row.
        stop: end of the row.
        event: whether it ends in the event.
        changed: whether the change has happened, 0 or 1.
    """

    subject: Ints
    start: Floats
    stop: Floats
    event: npt.NDArray[np.bool_]
    changed: Ints


def split_at(time: npt.ArrayLike, event: npt.ArrayLike, change: npt.ArrayLike) -> Episodes:
    """Cut the time of each subject where a covariate changes.

    Before the change the subject counts as unchanged, after it as changed: (0, change] and (change, time]. A change at
    0 or before counts from the beginning; one at the end or after it, or none, never. An event on the day of the change
    counts as before it.

    Args:
        time: time to event or censoring of each subject, above 0.
        event: 1 (True) for an event, 0 for a censoring.
        change: time of the change in the same unit; NaN where there is none.

    Raises:
        UsageError: a time is missing, infinite, 0 or below, a change is infinite, a flag is not 0 or 1, or the lengths
            differ.

    Source: R survival::tmerge(..., tdc(change)).

    >>> rows = split_at([10, 6, 4], [1, 0, 1], [3, float("nan"), 4])
    >>> rows.subject.tolist(), rows.start.tolist(), rows.stop.tolist()
    ([0, 0, 1, 2], [0.0, 3.0, 0.0, 0.0], [3.0, 10.0, 6.0, 4.0])
    >>> rows.event.tolist(), rows.changed.tolist()
    ([False, True, False, True], [0, 1, 0, 0])
    """
    times, flags = check_times(time, event)
    at = np.asarray(change, dtype=np.float64).ravel()
    check_lengths(times.size, change=at)
    if (times <= 0).any():
        count = np.count_nonzero(times <= 0)
        raise UsageError(f"{count} times are not above 0", where="split_at", mend="count the first day as day 1")
    if np.isinf(at).any():
        raise UsageError("a change is infinite", where="split_at", mend="leave it missing where there is none")
    cut = (at > 0) & (at < times)
    subject = np.repeat(np.arange(times.size), 1 + cut)
    second = np.concatenate(([False], subject[1:] == subject[:-1])) if subject.size else np.zeros(0, dtype=bool)
    first = cut[subject] & ~second
    changed = (second | (at <= 0)[subject]).astype(np.int64)
    return Episodes(
        subject,
        np.where(second, at[subject], 0.0),
        np.where(first, at[subject], times[subject]),
        flags[subject] & ~first,
        changed,
    )
