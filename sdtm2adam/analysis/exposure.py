"""Sums over the rows at risk at each event time, and over the event times at which a row is at risk.

Everything is added, nothing taken away: a difference of two large sums would lose the small one where hazards are far
apart. Rows at risk from the beginning are summed from the last time backwards; rows that enter later are cut into
spans of 1, 2, 4, ... event times.
"""

import numpy as np

from sdtm2adam.analysis.risk import Floats, Ints

Spans = list[tuple[Ints, Ints]]


class Exposure:
    """Which rows are at risk at which event times.

    Args:
        begin: for each row the place of the first event time at which it is at risk.
        end: the place after the last one.
        stratum: for each event time its stratum, rising; a row is at risk within one stratum.
    """

    def __init__(self, begin: Ints, end: Ints, stratum: Ints) -> None:
        """Tell apart rows at risk from the beginning of their stratum and those that enter later."""
        self._times, self._rows = stratum.size, begin.size
        starts = np.flatnonzero(np.diff(stratum, prepend=-1)) if stratum.size else np.zeros(0, dtype=np.int64)
        self._pieces = list(zip(starts.tolist(), [*starts[1:].tolist(), stratum.size], strict=True))
        exposed = begin < end
        first = np.zeros(begin.size, dtype=np.bool_)
        first[exposed] = np.isin(begin[exposed], starts)
        self._early = np.flatnonzero(first)
        self._last = end[self._early] - 1
        late = np.flatnonzero(exposed & ~first)
        self._spans = _spans(late, begin[late], end[late])

    def at_risk(self, amount: Floats) -> Floats:
        """An amount of the rows, summed over those at risk at each event time."""
        sums = np.asarray(np.bincount(self._last, amount[self._early], self._times), dtype=np.float64)
        for start, stop in self._pieces:
            sums[start:stop] = sums[start:stop][::-1].cumsum()[::-1]
        return sums if not self._spans else sums + self._handed_down(amount)

    def gathered(self, amount: Floats) -> Floats:
        """An amount of the event times, summed over those at which each row is at risk."""
        sums = np.zeros(self._rows)
        total = np.empty(self._times)
        for start, stop in self._pieces:
            total[start:stop] = amount[start:stop].cumsum()
        sums[self._early] = total[self._last]
        level = amount
        for row, place in self._spans:
            sums += np.bincount(row, weights=level[place], minlength=self._rows)
            level = np.append(level, 0.0) if level.size % 2 else level
            level = level[::2] + level[1::2]
        return sums

    def _handed_down(self, amount: Floats) -> Floats:
        """The amounts of late rows, put on their spans and handed down to the single times."""
        sizes = [-(-self._times // 2**k) for k in range(len(self._spans))]
        sums = np.zeros(sizes[-1])
        for (row, place), size in zip(self._spans[::-1], sizes[::-1], strict=True):
            sums = np.repeat(sums, 2)[:size] if sums.size != size else sums
            sums = sums + np.bincount(place, weights=amount[row], minlength=size)
        return sums


def _spans(row: Ints, begin: Ints, end: Ints) -> Spans:
    """Rows cut into spans: for each length 1, 2, 4, ... the rows that have one and its place."""
    spans: Spans = []
    while row.size:
        left, right = begin % 2 == 1, end % 2 == 1
        spans.append((np.concatenate((row[left], row[right])), np.concatenate((begin[left], end[right] - 1))))
        begin, end = (begin + 1) // 2, end // 2
        going = begin < end
        row, begin, end = row[going], begin[going], end[going]
    return spans
