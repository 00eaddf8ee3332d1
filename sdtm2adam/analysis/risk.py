"""Risk sets: who is at risk, and who has the event, at each event time."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from sdtm2adam.errors import UsageError

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class RiskTable:
    """Counts at each event time of each stratum, one row per time, one column per cell (arm, or arm within group).

    Args:
        at_risk: subjects with time >= the event time, times x cells.
        deaths: events at the time, times x cells.
        stratum: the stratum of each row, as 0, 1, 2, ...
    """

    at_risk: Floats
    deaths: Floats
    stratum: Ints


def check_times(time: npt.ArrayLike, event: npt.ArrayLike) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Times and event flags as arrays of one length, refused where a time is missing or a flag is not 0 or 1.

    Raises:
        UsageError: lengths differ, a time is missing or infinite, or a flag is neither 0 nor 1.
    """
    times, flags = np.asarray(time, dtype=np.float64).ravel(), np.asarray(event).ravel()
    check_lengths(times.size, event=flags)
    if not np.isfinite(times).all():
        raise UsageError(
            f"{np.count_nonzero(~np.isfinite(times))} of {times.size} times are missing or infinite",
            where="time to event",
            mend="take records without AVAL out of the analysis, or derive AVAL for them",
        )
    return times, check_flags(flags, "event")


def check_lengths(n: int, **arrays: npt.NDArray[np.generic]) -> None:
    """Refuse arrays that do not have one entry per subject.

    Raises:
        UsageError: a length differs.
    """
    for name, values in arrays.items():
        if values.size != n:
            raise UsageError(
                f"{values.size} values of {name} for {n} subjects", where=name, mend="give one value per subject"
            )


def check_flags(flags: npt.ArrayLike, name: str) -> npt.NDArray[np.bool_]:
    """A 0/1 variable as booleans.

    Raises:
        UsageError: a value is neither 0 nor 1.
    """
    values = np.asarray(flags).ravel()
    if values.dtype != np.bool_ and not np.isin(values, (0, 1)).all():
        raise UsageError(f"{name} holds values other than 0 and 1", where=name, mend="code it 0 and 1, without missing")
    return values.astype(np.bool_)


def arms_and_strata(n: int, arm: npt.ArrayLike, strata: npt.ArrayLike | None) -> tuple[Ints, Ints | None]:
    """Arm (0 or 1) and stratum (0, 1, 2, ...; None for one stratum) of each of n subjects.

    Raises:
        UsageError: an arm is not 0 or 1, a stratum is missing, or the lengths differ.
    """
    arms = check_flags(arm, "arm").astype(np.int64)
    check_lengths(n, arm=arms)
    if strata is None:
        return arms, None
    levels = codes(strata, "strata")
    check_lengths(n, strata=levels)
    return arms, levels


def codes(levels: npt.ArrayLike, name: str) -> Ints:
    """The levels of a stratum or a group, renumbered 0, 1, 2, ... in their order.

    Raises:
        UsageError: a level is missing.
    """
    values = np.asarray(levels).ravel()
    if pd.isna(values).any():
        raise UsageError(f"a value of {name} is missing", where=name, mend="give every subject a level")
    return np.unique(values, return_inverse=True)[1].reshape(-1).astype(np.int64)


def risk_table(time: Floats, event: npt.NDArray[np.bool_], cell: Ints, cells: int, strata: Ints | None) -> RiskTable:
    """Count the subjects at risk and the events at each distinct event time, by cell, within strata.

    A subject censored at an event time is still at risk there: events come before censorings.

    Args:
        time: finite times, one per subject.
        event: True for an event.
        cell: column of each subject, 0 to cells - 1.
        cells: number of columns.
        strata: stratum of each subject as 0, 1, 2, ...; None for one stratum.
    """
    order = np.argsort(time, kind="stable") if strata is None else np.lexsort((time, strata))
    times, flags, columns = time[order], event[order], cell[order]
    stratum = np.zeros(times.size, dtype=np.int64) if strata is None else strata[order]
    starts = _starts(times, stratum)
    if not starts.size:
        empty = np.zeros((0, cells))
        return RiskTable(empty, empty, np.zeros(0, dtype=np.int64))
    row = np.repeat(np.arange(starts.size), np.diff(starts, append=times.size))
    shape = (starts.size, cells)
    deaths = np.bincount((row * cells + columns)[flags], minlength=starts.size * cells).reshape(shape)
    wanted = deaths.any(axis=1)
    leaving = np.bincount(row * cells + columns, minlength=starts.size * cells).reshape(shape)
    at_risk = _still_there(leaving, stratum[starts])
    return RiskTable(at_risk[wanted].astype(float), deaths[wanted].astype(float), stratum[starts][wanted])


def _starts(times: Floats, stratum: Ints) -> Ints:
    """Where a new time, or a new stratum, begins among sorted times."""
    if not times.size:
        return np.zeros(0, dtype=np.int64)
    new = np.concatenate(([True], (np.diff(times) != 0) | (np.diff(stratum) != 0)))
    return np.flatnonzero(new)


def _still_there(leaving: Ints, stratum: Ints) -> Ints:
    """Subjects leaving at a time or later, within the stratum of the row."""
    later = np.cumsum(leaving[::-1], axis=0)[::-1]
    after_stratum = np.vstack((later, np.zeros((1, leaving.shape[1]), dtype=np.int64)))
    end = np.searchsorted(stratum, stratum, side="right")
    still: Ints = later - after_stratum[end]
    return still
