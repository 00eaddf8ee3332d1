"""The maximum of a concave log likelihood by Newton's method."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from sdtm2adam.analysis.risk import Floats

_ITERATIONS, _HALVINGS = 100, 40
_FIRST_REACH = 3.0  # for a coefficient in the first step; twice as far in each that follows
_GAIN = 1e-11  # stop where the next step would raise the log likelihood by less


class Concave(Protocol):
    """A log likelihood in coefficients, concave."""

    def value(self, beta: Floats) -> float:
        """The log likelihood."""

    def derivatives(self, beta: Floats) -> tuple[Floats, Floats]:
        """Score and information."""


@dataclass(frozen=True, slots=True)
class Fit:
    """The maximum of a log likelihood, or its supremum where a coefficient runs to infinity.

    Args:
        beta: coefficients.
        information: observed information at beta.
        value: the log likelihood.
        converged: whether no further step would raise it.
        start: the log likelihood at the start.
    """

    beta: Floats
    information: Floats
    value: float
    converged: bool
    start: float


def climb(likelihood: Concave, beta: Floats) -> Fit:
    """Newton's method with step halving.

    A coefficient that runs to infinity is followed until the log likelihood stands still: the supremum.

    Args:
        likelihood: a concave log likelihood.
        beta: where to start.

    >>> from sdtm2adam.analysis.likelihood import BinomialLikelihood, InDesign
    >>> fit = climb(InDesign(BinomialLikelihood(np.array([3.0]), np.array([4.0])), np.ones((1, 1))), np.zeros(1))
    >>> round(float(fit.beta[0]), 6), fit.converged
    (1.098612, True)
    """
    farthest, start = _FIRST_REACH, likelihood.value(beta)
    value, (score, information) = start, likelihood.derivatives(beta)
    for _ in range(_ITERATIONS):
        step = np.asarray(np.linalg.lstsq(information, score, rcond=None)[0], dtype=np.float64)
        gain = float(score @ step)
        step = step / max(1.0, float(np.abs(step).max(initial=0.0)) / farthest)
        farthest *= 2
        beta, value = _rise(likelihood, beta, value, step)
        score, information = likelihood.derivatives(beta)
        if gain < _GAIN:
            return Fit(beta, information, value, converged=True, start=start)
    return Fit(beta, information, value, converged=False, start=start)


def _rise(likelihood: Concave, beta: Floats, value: float, step: Floats) -> tuple[Floats, float]:
    """The step, halved until the log likelihood does not fall (beyond the noise of its sum)."""
    for _ in range(_HALVINGS):
        new = likelihood.value(beta + step)
        if new >= value - 1e-13 * (1 + abs(value)):
            return beta + step, new
        step = step / 2
    return beta, value
