"""Survival statistics made for speed: the seed search evaluates them a hundred thousand times.

They agree with statsmodels to the last digits (tested); reports use `sdtm2adam.analysis`, never these.
"""

import numpy as np

from sdtm2adam.simulate.streams import Bools, Floats, Ints

_STEPS = 8


def kaplan_meier(days: Floats, event: Bools) -> tuple[Floats, Floats]:
    """The distinct event times and the product-limit estimate after each."""
    times, first = np.unique(days, return_index=False, return_inverse=True)
    deaths = np.bincount(first, weights=event, minlength=len(times))
    at_risk = np.cumsum(np.bincount(first, minlength=len(times))[::-1])[::-1]
    seen = deaths > 0
    return times[seen], np.asarray(np.cumprod(1 - deaths[seen] / at_risk[seen]), dtype=np.float64)


def median_days(days: Floats, event: Bools) -> float:
    """The median: the first time the estimate falls below one half, the midpoint where it stays on it; nan if never.

    >>> median_days(np.array([1.0, 2.0, 3.0, 4.0]), np.array([True] * 4))
    2.5
    """
    times, survival = kaplan_meier(days, event)
    at = int(np.searchsorted(-survival, -0.5 - 1e-12))
    if at == len(times):
        return float("nan")
    flat = abs(survival[at] - 0.5) < 1e-12 and at + 1 < len(times)
    return float((times[at] + times[at + 1]) / 2 if flat else times[at])


def survival_at(days: Floats, event: Bools, day: float) -> float:
    """The product-limit estimate at a day."""
    times, survival = kaplan_meier(days, event)
    at = int(np.searchsorted(times, day, side="right"))
    return float(survival[at - 1]) if at else 1.0


def hazard_ratio(days: Floats, event: Bools, arm: Ints, stratum: Ints | None = None) -> float:
    """Hazard of arm 0 over arm 1: stratified Cox model with Breslow's ties, by Newton's method.

    The risk sets of all strata are sums over the order (stratum, time); one pass serves all strata.
    """
    group = np.zeros(len(days), dtype=np.int64) if stratum is None else stratum
    order = np.lexsort((-days, group))
    treated, died, of_group, time = (arm == 0)[order], event[order], group[order], days[order]
    # ties: a risk set ends with the last subject of the same stratum and time
    last = np.flatnonzero(np.r_[(of_group[1:] != of_group[:-1]) | (time[1:] != time[:-1]), True])
    end = last[np.searchsorted(last, np.flatnonzero(died))]
    begin = np.searchsorted(of_group, of_group[end])
    in_treated, in_all = np.r_[0, np.cumsum(treated)], np.arange(len(days) + 1)
    n1 = (in_treated[end + 1] - in_treated[begin]).astype(np.float64)
    n0 = (in_all[end + 1] - in_all[begin]) - n1
    observed, beta = float(np.sum(treated & died)), 0.0
    for _ in range(_STEPS):
        share = n1 * np.exp(beta) / (n1 * np.exp(beta) + n0)
        information = float(np.sum(share * (1 - share)))
        if information <= 0:
            return float("nan")
        beta += float(np.clip((observed - np.sum(share)) / information, -1, 1))
    return float(np.exp(beta))
