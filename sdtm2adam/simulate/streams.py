"""Random numbers: one Philox stream per named stage, laid out per subject, turned into quantiles by inverse functions.

Subject i has its own place in each stream, so it is the same in every trial that has it; a new stage moves no other.
No rejection sampler is used: each draw takes exactly one uniform number.
"""

import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Columns = dict[str, NDArray[Any]]

_HALF_STEP = 2.0**-54
_PER_COUNTER = 4  # Philox makes four numbers for each count


@dataclass(frozen=True, slots=True)
class Streams:
    """The streams of one seed; `prefix` goes before the name of each stage, for a second group of subjects.

    >>> first, more = Streams(7).uniform("age", 2, 3), Streams(7).uniform("age", 5, 3)
    >>> bool((first == more[:2]).all()), bool((Streams(7).uniform("age", 3, 3, start=2) == more[2:]).all())
    (True, True)
    """

    seed: int
    prefix: str = ""

    def uniform(self, stage: str, subjects: int, draws: int, start: int = 0) -> Floats:
        """Numbers strictly between 0 and 1, one row per subject from `start`, `draws` columns."""
        width = -(-draws // _PER_COUNTER) * _PER_COUNTER
        key = np.array([self.seed, zlib.crc32((self.prefix + stage).encode())], dtype=np.uint64)
        bits = np.random.Philox(key=key)
        if start:
            bits.advance(start * width // _PER_COUNTER)
        return np.random.Generator(bits).random((subjects, width))[:, :draws] + _HALF_STEP


def normal(u: Floats) -> Floats:
    """Standard normal quantiles."""
    return np.asarray(ndtri(u), dtype=np.float64)


def lognormal(u: Floats, median: float | Floats, spread: float) -> Floats:
    """Lognormal quantiles, by median and the SD of the logarithm."""
    return np.asarray(median * np.exp(spread * normal(u)), dtype=np.float64)


def exponential(u: Floats, mean: float | Floats) -> Floats:
    """Exponential quantiles."""
    return np.asarray(-mean * np.log1p(-u), dtype=np.float64)


def kumaraswamy(u: Floats, a: float, b: float) -> Floats:
    """Quantiles of Kumaraswamy's law on 0 to 1, a beta-like law with a closed inverse.

    >>> float(kumaraswamy(np.array([0.5]), 1.0, 1.0)[0])
    0.5
    """
    return np.asarray((1 - (1 - u) ** (1 / b)) ** (1 / a), dtype=np.float64)


def category(u: Floats, shares: list[float]) -> Ints:
    """The number of the category that a uniform number falls in, by the categories' shares."""
    return np.searchsorted(np.cumsum(shares)[:-1], u, side="right").astype(np.int64)


def chance(logit: Floats) -> Floats:
    """The probability of a logit."""
    return np.asarray(1 / (1 + np.exp(-logit)), dtype=np.float64)


def whole(u: Floats, low: int | Floats, high: int | Floats) -> Floats:
    """Whole numbers from `low` to `high`, both included, equally likely."""
    return np.asarray(np.floor(low + u * (high - low + 1)), dtype=np.float64)
