"""Cox's partial likelihood of several covariates over counting-process rows (start, stop]."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from sdtm2adam.analysis.exposure import Exposure
from sdtm2adam.analysis.risk import Floats, Ints

_LEAST = 1e-250  # relative hazard at risk that can still be divided by


@dataclass(frozen=True)
class Rows:
    """Counting-process rows by stratum and end; sums over them do not depend on how they came.

    The times of all strata stand on one ladder: stratum times `steps` plus the rank of the time.

    Args:
        stop: the end of each row on the ladder, rising.
        start: the start of each row; None where all are at risk from the beginning.
        event: True where the row ends in an event.
        steps: rungs of a stratum.
        order: places of the rows in the order in which they came.
    """

    stop: Ints
    start: Ints | None
    event: npt.NDArray[np.bool_]
    steps: int
    order: Ints

    @classmethod
    def of(
        cls,
        stop: Floats,
        event: npt.NDArray[np.bool_],
        start: Floats | None,
        strata: Ints | None,
        columns: Floats,
    ) -> "Rows":
        """Order the rows; covariates (terms x rows) decide between rows that are equal in all else."""
        level = np.zeros(stop.size, dtype=np.int64) if strata is None else strata
        both = stop if start is None else np.concatenate((stop, start))
        ranks = np.unique(both, return_inverse=True)[1].reshape(-1).astype(np.int64)
        steps = int(ranks.max(initial=0)) + 1
        end = level * steps + ranks[: stop.size]
        begin = None if start is None else level * steps + ranks[stop.size :]
        order = np.lexsort([*columns[::-1], *([] if begin is None else [begin]), event, end])
        return cls(end[order], None if begin is None else begin[order], event[order], steps, order)

    @cached_property
    def times(self) -> Ints:
        """The distinct event times."""
        stops = self.stop[self.event]
        return stops[np.diff(stops, prepend=-1) > 0]

    @cached_property
    def deaths(self) -> Floats:
        """Events at each event time."""
        return np.bincount(self.time_of_death, minlength=self.times.size).astype(np.float64)

    @cached_property
    def time_of_death(self) -> Ints:
        """The event time of each row that ends in an event."""
        return np.searchsorted(self.times, self.stop[self.event])

    @cached_property
    def exposure(self) -> Exposure:
        """Which rows are at risk at which event times."""
        begin = self.stop // self.steps * self.steps if self.start is None else self.start + 1
        places = np.searchsorted(self.times, begin), np.searchsorted(self.times, self.stop, side="right")
        return Exposure(*places, self.times // self.steps)

    @cached_property
    def strata(self) -> list[tuple[int, int]]:
        """The rows of each stratum, from and to."""
        level = self.stop // self.steps
        starts = np.flatnonzero(np.diff(level, prepend=-1)).tolist()
        return list(zip(starts, [*starts[1:], level.size], strict=True))


class CountingLikelihood:
    """The log partial likelihood; one term per event (Efron) or per event time (Breslow)."""

    def __init__(self, rows: Rows, columns: Floats, ties: str) -> None:
        """Lay out the terms.

        Args:
            rows: the rows.
            columns: covariates in the order of the rows, terms x rows.
            ties: efron or breslow.
        """
        self._rows, self._x = rows, np.ascontiguousarray(columns)
        d = rows.deaths
        self._tied = ties == "efron" and bool((d > 1).any())
        self._time = np.repeat(np.arange(d.size), d.astype(np.int64)) if self._tied else np.arange(d.size)
        self._part = (
            (np.arange(self._time.size) - (np.cumsum(d) - d)[self._time]) / d[self._time] if self._tied else None
        )
        self._weight = np.ones(self._time.size) if self._tied else d
        self._seen = np.array([column.sum() for column in self._x[:, rows.event]])

    def value(self, beta: Floats) -> float:
        """The log partial likelihood."""
        eta, hazard = self._hazard(beta)
        risk = self._at_risk(hazard)
        if not (risk > _LEAST).all():  # a step too far underflows, and is halved
            return -np.inf
        logs = np.log(risk)
        return float(eta[self._rows.event].sum() - (self._weight * logs).sum())

    def derivatives(self, beta: Floats) -> tuple[Floats, Floats]:
        """Score and information.

        A row adds its covariates, and their squares, times the hazard it gathered while at risk: no sum of squares is
        needed for each event time.
        """
        _, hazard = self._hazard(beta)
        each = self._weight / self._at_risk(hazard)
        gathered = hazard * self._gathered(each)
        size = self._x.shape[0]
        means = np.empty((size, each.size))
        score, information = self._seen.copy(), np.zeros((size, size))
        for j in range(size):
            means[j] = self._at_risk(hazard * self._x[j]) * each
            own, shared = gathered * self._x[j], means[j] / self._weight
            score[j] -= own.sum()
            information[j, : j + 1] = np.einsum("i,ki->k", own, self._x[: j + 1])
            information[j, : j + 1] -= np.einsum("i,ki->k", shared, means[: j + 1])
        return score, information + np.tril(information, -1).T

    def _hazard(self, beta: Floats) -> tuple[Floats, Floats]:
        """Linear predictors less the largest of their stratum, and the relative hazards."""
        eta = np.einsum("j,ji->i", beta, self._x)
        for start, stop in self._rows.strata:
            eta[start:stop] -= eta[start:stop].max()
        return eta, np.exp(eta)

    def _at_risk(self, amount: Floats) -> Floats:
        """An amount summed over the rows at risk, for each term."""
        sums = self._rows.exposure.at_risk(amount)
        if self._part is None:
            return sums
        rows = self._rows
        dying = np.bincount(rows.time_of_death, weights=amount[rows.event], minlength=rows.times.size)
        return (sums - dying)[self._time] + (1 - self._part) * dying[self._time]

    def _gathered(self, each: Floats) -> Floats:
        """The hazard that each row gathers: over the event times at which it is at risk, less its part in tied ones."""
        rows = self._rows
        if self._part is None:
            return rows.exposure.gathered(each)
        per_time = np.asarray(np.bincount(self._time, each, rows.times.size), dtype=np.float64)
        gathered = rows.exposure.gathered(per_time)
        spared = np.bincount(self._time, weights=each * self._part, minlength=rows.times.size)
        gathered[rows.event] -= spared[rows.time_of_death]
        return gathered
