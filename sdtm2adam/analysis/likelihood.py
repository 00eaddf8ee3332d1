"""Likelihoods of models whose covariates are cells (arm, or arm within group), and their maximum by Newton's method."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from sdtm2adam.analysis.risk import Floats, RiskTable
from sdtm2adam.errors import UsageError

TIES = ("efron", "breslow")
_ITERATIONS, _HALVINGS = 100, 40
_GAIN = 1e-11  # stop where the next step would raise the log likelihood by less


class Likelihood(Protocol):
    """A log likelihood in the linear predictor of each cell, concave."""

    def value(self, eta: Floats) -> float:
        """The log likelihood."""

    def derivatives(self, eta: Floats) -> tuple[Floats, Floats]:
        """Score and information with respect to the linear predictors of the cells."""


@dataclass(frozen=True, slots=True)
class Fit:
    """The maximum of a log likelihood, or its supremum where a coefficient runs to infinity.

    Args:
        beta: coefficients.
        information: observed information at beta.
        value: the log likelihood.
        converged: whether no further step would raise it.
    """

    beta: Floats
    information: Floats
    value: float
    converged: bool


@dataclass(frozen=True, slots=True)
class PartialLikelihood:
    """Cox's partial likelihood: one term per event (Efron) or per event time (Breslow).

    Args:
        risk: subjects at risk, terms x cells; under Efron less the tied events already counted.
        weight: events per term.
        deaths: events per cell.
    """

    risk: Floats
    weight: Floats
    deaths: Floats

    @classmethod
    def of(cls, table: RiskTable, ties: str) -> "PartialLikelihood":
        """The terms of a risk table; with Efron's ties the l-th of d tied events counts the others at 1 - l/d.

        Raises:
            UsageError: ties is neither efron nor breslow.
        """
        if ties not in TIES:
            raise UsageError(f"ties = {ties}", where="Cox model", mend=f"one of {', '.join(TIES)}")
        d = table.deaths.sum(axis=1)
        if ties == "breslow" or not (d > 1).any():
            return cls(table.at_risk, d, table.deaths.sum(axis=0))
        row = np.repeat(np.arange(d.size), d.astype(np.int64))
        already = (np.arange(row.size) - (np.cumsum(d) - d)[row]) / d[row]
        risk = table.at_risk[row] - already[:, None] * table.deaths[row]
        return cls(risk, np.ones(row.size), table.deaths.sum(axis=0))

    def value(self, eta: Floats) -> float:
        """The log partial likelihood."""
        top = eta.max()
        with np.errstate(divide="ignore"):  # a step too far underflows: minus infinity, and the step is halved
            logs = np.log(self.risk @ np.exp(eta - top))
        return float(self.deaths @ (eta - top) - self.weight @ logs)

    def derivatives(self, eta: Floats) -> tuple[Floats, Floats]:
        """Score and information with respect to the linear predictors of the cells."""
        hazard = self.risk * np.exp(eta - eta.max())
        share = hazard / hazard.sum(axis=1, keepdims=True)
        expected = self.weight @ share
        return self.deaths - expected, np.diag(expected) - share.T @ (share * self.weight[:, None])


@dataclass(frozen=True, slots=True)
class BinomialLikelihood:
    """Binomial likelihood on the logit scale.

    Args:
        responders: per cell.
        subjects: per cell.
    """

    responders: Floats
    subjects: Floats

    def value(self, eta: Floats) -> float:
        """The log likelihood, without the binomial coefficients."""
        return float(self.responders @ eta - self.subjects @ np.logaddexp(0.0, eta))

    def derivatives(self, eta: Floats) -> tuple[Floats, Floats]:
        """Score and information with respect to the linear predictors of the cells."""
        rate = np.exp(-np.logaddexp(0.0, -eta))
        return self.responders - self.subjects * rate, np.diag(self.subjects * rate * (1 - rate))


def maximise(likelihood: Likelihood, design: Floats) -> Fit:
    """Newton's method with step halving, from zero.

    A coefficient that runs to infinity is followed until the log likelihood stands still: the supremum.

    Args:
        likelihood: a concave log likelihood.
        design: cells x coefficients.
    """
    beta, value = np.zeros(design.shape[1]), likelihood.value(np.zeros(design.shape[0]))
    for _ in range(_ITERATIONS):
        score, information = _by_coefficient(likelihood, design, beta)
        step = np.asarray(np.linalg.lstsq(information, score, rcond=None)[0], dtype=np.float64)
        beta, value = _rise(likelihood, design, beta, value, step)
        if score @ step < _GAIN:
            return Fit(beta, _by_coefficient(likelihood, design, beta)[1], value, converged=True)
    return Fit(beta, information, value, converged=False)


def _by_coefficient(likelihood: Likelihood, design: Floats, beta: Floats) -> tuple[Floats, Floats]:
    score, information = likelihood.derivatives(design @ beta)
    return design.T @ score, design.T @ information @ design


def _rise(likelihood: Likelihood, design: Floats, beta: Floats, value: float, step: Floats) -> tuple[Floats, float]:
    """The step, halved until the log likelihood does not fall (beyond the noise of its sum)."""
    for _ in range(_HALVINGS):
        new = likelihood.value(design @ (beta + step))
        if new >= value - 1e-13 * (1 + abs(value)):
            return beta + step, new
        step = step / 2
    return beta, value
