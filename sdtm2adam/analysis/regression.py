"""What Cox and logistic models of several covariates have in common: identifiability, separation, Wald tests."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy import special

from sdtm2adam.analysis.covariates import Term
from sdtm2adam.analysis.estimate import NOT_ESTIMABLE, OK, Estimate, not_estimable, ratio_by_wald
from sdtm2adam.analysis.newton import Concave, Fit, climb
from sdtm2adam.analysis.risk import Floats, Ints

Mask = npt.NDArray[np.bool_]
COLLINEAR = "a combination of the covariates before it, or constant"
RUNS_AWAY = "the likelihood has no maximum: the covariate separates events from non-events"
_NO_MODEL = not_estimable("no term can be estimated")
_ALIASED = 1e-7  # of the information of a term that the terms before it leave
_FLAT = 1e-6  # information of a direction, per standard deviation, that is none
_PART = 1e-3  # part of a coefficient in such a direction
_LARGEST = 700.0  # exp of more is no number


@dataclass(frozen=True, slots=True)
class Effect:
    """A term and its ratio (hazard ratio or odds ratio) with Wald limits and two-sided p, or why there is none."""

    term: Term
    ratio: Estimate


@dataclass(frozen=True, slots=True)
class Counts:
    """What a model was fitted to.

    Args:
        rows: rows used.
        omitted: rows left out because a covariate is missing.
        subjects: subjects used.
        events: events (responders) among the rows used.
        strata: strata with an event among the rows used.
    """

    rows: int
    omitted: int
    subjects: int
    events: int
    strata: int = 1


@dataclass(frozen=True, slots=True)
class Model:
    """A fitted regression.

    Args:
        effects: one per term, in the order of the covariates.
        by_covariate: Wald test of all estimable terms of each covariate together, two-sided.
        likelihood_ratio: test of the whole model against none.
        score: score test of the whole model.
        wald: Wald test of the whole model.
        log_likelihood: without covariates, and with them; None where nothing was fitted.
        counts: rows, subjects and events behind it.
        status: OK, or NE where no term can be estimated.
        reason: why not OK.
    """

    effects: tuple[Effect, ...]
    counts: Counts
    status: str = OK
    reason: str = ""
    by_covariate: dict[str, Estimate] = field(default_factory=dict)
    likelihood_ratio: Estimate = _NO_MODEL
    score: Estimate = _NO_MODEL
    wald: Estimate = _NO_MODEL
    log_likelihood: tuple[float, float] | None = None

    def effect(self, covariate: str, level: str = "") -> Estimate:
        """The ratio of a term by its name.

        Raises:
            KeyError: the model has no such term.
        """
        for each in self.effects:
            if (each.term.covariate, each.term.level) == (covariate, level):
                return each.ratio
        raise KeyError(f"{covariate} {level}".strip())


@dataclass(frozen=True, slots=True)
class Fitted:
    """Coefficients, their covariance and the tests of the model; terms that have none are not free or run away.

    Args:
        fit: the maximum in the free coefficients, extra ones (an intercept) first.
        free: terms with a column of their own, by place.
        runs: of the free terms, those without a finite maximum.
        covariance: of the free terms.
        null: log likelihood without terms.
        score: score statistic of the free terms.
        extra: coefficients before those of the terms.
    """

    fit: Fit
    free: Ints
    runs: Mask
    covariance: Floats
    null: float
    score: float
    extra: int


def standardised(columns: Floats) -> tuple[Floats, Floats]:
    """Columns (terms x rows) with mean 0 and standard deviation 1, and the standard deviations; constant ones are 0."""
    mean = columns.mean(axis=1, keepdims=True)
    centred = columns - mean
    spread = np.sqrt(np.mean(centred**2, axis=1))
    constant = spread <= 1e-12 * np.maximum(np.abs(mean[:, 0]), np.finfo(float).tiny)
    spread[constant] = 0.0
    centred /= np.where(constant, np.inf, spread)[:, None]
    return centred, spread


def without_terms(terms: tuple[Term, ...], reason: str, counts: Counts) -> Model:
    """A model of which nothing can be estimated, with the reason at every term.

    Args:
        terms: the terms it would have had.
        reason: why it has none.
        counts: what it was fitted to.
    """
    effects = tuple(Effect(term, not_estimable(reason, "WALD")) for term in terms)
    return Model(effects, counts, status=NOT_ESTIMABLE, reason=reason)


def model_of(terms: tuple[Term, ...], fitted: Fitted | None, spread: Floats, z: float, counts: Counts) -> Model:
    """The model with the ratio of each term on its own scale, or the reason why it has none.

    Args:
        terms: of each column.
        fitted: what was fitted, on standardised columns.
        spread: standard deviation of each column.
        z: normal quantile of the limits.
        counts: what it was fitted to.
    """
    if fitted is None:
        return without_terms(terms, COLLINEAR, counts)
    ratio, score, wald = _whole_tests(fitted)
    return Model(
        tuple(Effect(term, _ratio(term, place, fitted, float(spread[place]), z)) for place, term in enumerate(terms)),
        counts,
        by_covariate=_tests_of(terms, fitted),
        likelihood_ratio=ratio,
        score=score,
        wald=wald,
        log_likelihood=(fitted.null, fitted.fit.value),
    )


def fit_terms(build: Callable[[Floats], Concave], columns: Floats, events: int, extra: int = 0) -> Fitted | None:
    """Fit the terms that the data can tell apart; None where none can be.

    A term is free where the information at 0 that the terms before it leave it is above a trace.

    Args:
        build: the likelihood of given columns (terms x rows).
        columns: standardised columns.
        events: events, the measure of information.
        extra: coefficients before those of the terms, such as an intercept.
    """
    whole = build(columns)
    null = climb(build(columns[:0]), np.zeros(extra)) if extra else None
    start = np.zeros(columns.shape[0] + extra)
    if null is not None:
        start[:extra] = null.beta
    score, information = whole.derivatives(start)
    free = _free(information, extra, events)
    if not free.size:
        return None
    at = np.concatenate((np.arange(extra), free + extra))
    score_statistic = float(score[at] @ np.linalg.solve(information[np.ix_(at, at)], score[at]))
    likelihood = whole if free.size == columns.shape[0] else build(columns[free])
    fit = climb(likelihood, start[at])
    covariance, runs = _covariance(fit.information)
    below = fit.start if null is None else null.value
    return Fitted(fit, free, runs[extra:], covariance[extra:, extra:], below, score_statistic, extra)


def _free(information: Floats, extra: int, events: int) -> Ints:
    """The terms with information of their own, in order: a Cholesky decomposition that leaves out what is left bare."""
    size = information.shape[0]
    left = information.copy()
    diagonal = np.diag(information).copy()
    kept = []
    for j in range(size):
        enough = diagonal[j] > _ALIASED * max(events, 1) and left[j, j] > _ALIASED * diagonal[j]
        if not enough:
            continue
        kept.append(j)
        left = left - np.outer(left[:, j], left[j]) / left[j, j]
    return np.array([j - extra for j in kept if j >= extra], dtype=np.int64)


def _covariance(information: Floats) -> tuple[Floats, Mask]:
    """The inverse of the information, and the coefficients that have a part in a direction without any.

    Where the likelihood has no maximum it flattens out in a direction, and the information there goes to nothing. What
    lies across that direction keeps its variance.
    """
    values, vectors = np.linalg.eigh(information)
    flat = values < _FLAT
    runs: Mask = (np.abs(vectors[:, flat]) > _PART).any(axis=1)
    kept = vectors[:, ~flat]
    return (kept / values[~flat]) @ kept.T, runs


def _ratio(term: Term, place: int, fitted: Fitted, spread: float, z: float) -> Estimate:
    if term.reason:
        return not_estimable(term.reason, "WALD")
    found = np.flatnonzero(fitted.free == place)
    if not found.size:
        return not_estimable(COLLINEAR, "WALD")
    if not fitted.fit.converged:
        return not_estimable("the model did not converge", "WALD")
    at = int(found[0])
    if fitted.runs[at]:
        return not_estimable(RUNS_AWAY, "WALD")
    beta = float(fitted.fit.beta[fitted.extra + at]) / spread
    error = math.sqrt(float(fitted.covariance[at, at])) / spread
    if abs(beta) + z * error > _LARGEST:
        return not_estimable("the ratio or its limits are beyond any number", "WALD")
    return ratio_by_wald(beta, error, z)


def _tests_of(terms: tuple[Term, ...], fitted: Fitted) -> dict[str, Estimate]:
    """Wald test of the finite terms of each covariate together."""
    tests = {}
    names = [terms[place].covariate for place in fitted.free]
    for name in dict.fromkeys(term.covariate for term in terms):
        at = np.array([k for k, own in enumerate(names) if own == name and not fitted.runs[k]], dtype=np.int64)
        tests[name] = _wald_test(fitted, at)
    return tests


def _wald_test(fitted: Fitted, at: Ints) -> Estimate:
    """Wald test that some of the free terms are all 0."""
    if not at.size or not fitted.fit.converged:
        return not_estimable("no term can be estimated", "WALD")
    beta = fitted.fit.beta[fitted.extra + at]
    statistic = float(beta @ np.linalg.solve(fitted.covariance[np.ix_(at, at)], beta))
    return _chi_square("WALD", statistic, at.size)


def _whole_tests(fitted: Fitted) -> tuple[Estimate, Estimate, Estimate]:
    """Likelihood ratio, score and Wald test of all terms; the last not where a term runs away."""
    df = fitted.free.size
    if not fitted.fit.converged:
        nothing = not_estimable("the model did not converge")
        return nothing, nothing, nothing
    ratio = _chi_square("LRT", 2 * (fitted.fit.value - fitted.null), df)
    wald = not_estimable(RUNS_AWAY, "WALD") if fitted.runs.any() else _wald_test(fitted, np.arange(df))
    return ratio, _chi_square("SCORE", fitted.score, df), wald


def _chi_square(test: str, statistic: float, df: int) -> Estimate:
    statistic = max(0.0, statistic)
    return Estimate(p=float(special.chdtrc(df, statistic)), test=test, statistic=statistic, df=df)
