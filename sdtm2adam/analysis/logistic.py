"""Logistic regression of several covariates."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sdtm2adam.analysis.covariates import design_of
from sdtm2adam.analysis.estimate import two_sided_z
from sdtm2adam.analysis.regression import Counts, Model, fit_terms, model_of, standardised, without_terms
from sdtm2adam.analysis.risk import Floats, check_flags


def logistic_model(
    response: npt.ArrayLike,
    covariates: Mapping[str, npt.ArrayLike],
    *,
    reference: Mapping[str, str] | None = None,
    conf: float = 0.95,
) -> Model:
    """Odds ratios of several covariates by logistic regression.

    Maximum likelihood with an intercept; Wald limits and two-sided Wald p-value for each term on the log scale.
    Subjects with a missing covariate are left out and counted. A term is not estimable where it is constant or a
    combination of the terms before it, or where the likelihood has no maximum (complete or quasi-complete separation);
    the other terms keep their estimates.

    Args:
        response: 1 (True) for a responder, 0 for none, one per subject.
        covariates: values by name, one per subject: numbers, or texts as factors.
        reference: reference level of factors by name; else the first level.
        conf: confidence level of the limits.

    Returns:
        The model; its effects are odds ratios, its events the responders.

    Raises:
        UsageError: a flag is not 0 or 1, lengths differ, a covariate is infinite, or a name is unknown.

    Source: R glm(response ~ ..., binomial), confint.default; SAS PROC LOGISTIC with CLASS / PARAM=REF.

    >>> model = logistic_model([1, 0, 1, 1, 0, 0, 1, 0], {"AGE": [61, 50, 70, 44, 52, 66, 71, 48]})
    >>> round(model.effect("AGE").estimate, 4), model.counts.events
    (1.0861, 4)
    """
    z, flags = two_sided_z(conf), check_flags(response, "response")
    design = design_of(flags.size, covariates, reference)
    used = flags[design.complete]
    responders = int(used.sum())
    counts = Counts(used.size, omitted=flags.size - used.size, subjects=used.size, events=responders)
    if responders in (0, used.size):
        reason = "no responders" if used.size and not responders else "all respond"
        return without_terms(design.terms, reason if used.size else "no row has all covariates", counts)
    order = np.lexsort((used, *design.columns[::-1]))
    columns, spread = standardised(np.take(design.columns, order, axis=1))
    chosen = used[order].astype(np.float64)
    events = min(responders, used.size - responders)
    fitted = fit_terms(lambda x: LogisticLikelihood(chosen, x), columns, events, extra=1)
    return model_of(design.terms, fitted, spread, z, counts)


@dataclass(frozen=True, slots=True)
class LogisticLikelihood:
    """The log likelihood of responses; the first coefficient is the intercept.

    Args:
        response: 1 or 0 of each subject.
        columns: covariates, terms x subjects.
    """

    response: Floats
    columns: Floats

    def value(self, beta: Floats) -> float:
        """The log likelihood."""
        eta = self._eta(beta)
        return float((self.response * eta).sum() - np.logaddexp(0.0, eta).sum())

    def derivatives(self, beta: Floats) -> tuple[Floats, Floats]:
        """Score and information."""
        rate = np.exp(-np.logaddexp(0.0, -self._eta(beta)))
        rest, spread = self.response - rate, rate * (1 - rate)
        whole = np.vstack((np.ones((1, rest.size)), self.columns))
        return np.einsum("ji,i->j", whole, rest), np.einsum("ji,ki->jk", whole * spread, whole)

    def _eta(self, beta: Floats) -> Floats:
        predictors: Floats = beta[0] + np.einsum("j,ji->i", beta[1:], self.columns)
        return predictors
