"""Likelihoods of models whose covariates are cells (arm, or arm within group), and their maximum by Newton's method."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from sdtm2adam.analysis.newton import Fit, climb
from sdtm2adam.analysis.risk import Floats, RiskTable
from sdtm2adam.analysis.settings import allowed


class Likelihood(Protocol):
    """A log likelihood in the linear predictor of each cell, concave."""

    def value(self, eta: Floats) -> float:
        """The log likelihood."""

    def derivatives(self, eta: Floats) -> tuple[Floats, Floats]:
        """Score and information with respect to the linear predictors of the cells."""


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
        allowed("ties", ties)
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
        risk = self.risk @ np.exp(eta - top)
        if not (risk > 0).all():  # a step too far underflows, and is halved
            return -np.inf
        logs = np.log(risk)
        return float((self.deaths * (eta - top)).sum() - (self.weight * logs).sum())

    def derivatives(self, eta: Floats) -> tuple[Floats, Floats]:
        """Score and information with respect to the linear predictors of the cells."""
        hazard = self.risk * np.exp(eta - eta.max())
        share = hazard / hazard.sum(axis=1, keepdims=True)
        weighted = share * self.weight[:, None]  # einsum: a sum of one order, whatever the threads of the machine
        expected = weighted.sum(axis=0)
        return self.deaths - expected, np.diag(expected) - np.einsum("ij,ik->jk", share, weighted)


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


@dataclass(frozen=True, slots=True)
class InDesign:
    """A likelihood of cells as one of coefficients.

    Args:
        likelihood: in the linear predictors of the cells.
        design: cells x coefficients.
    """

    likelihood: Likelihood
    design: Floats

    def value(self, beta: Floats) -> float:
        """The log likelihood."""
        return self.likelihood.value(self.design @ beta)

    def derivatives(self, beta: Floats) -> tuple[Floats, Floats]:
        """Score and information with respect to the coefficients."""
        score, information = self.likelihood.derivatives(self.design @ beta)
        return self.design.T @ score, self.design.T @ information @ self.design


def maximise(likelihood: Likelihood, design: Floats) -> Fit:
    """Newton's method with step halving, from zero.

    Args:
        likelihood: a concave log likelihood.
        design: cells x coefficients.
    """
    return climb(InDesign(likelihood, design), np.zeros(design.shape[1]))
