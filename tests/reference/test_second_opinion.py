"""A second opinion from statsmodels on random trials with ties and strata."""

import numpy as np
import pytest
from statsmodels.discrete.discrete_model import Logit
from statsmodels.duration.hazard_regression import PHReg
from statsmodels.duration.survfunc import SurvfuncRight, survdiff
from statsmodels.stats.contingency_tables import StratifiedTable

from sdtm2adam.analysis.proportions import cmh_test, logistic_model
from sdtm2adam.analysis.survival import cox, cox_model, kaplan_meier, log_rank, split_at

SEEDS = range(8)


def trial(seed):
    random = np.random.default_rng(seed)
    n = int(random.integers(60, 200))
    arm, strata = random.integers(0, 2, n), random.integers(1, 5, n)
    time = np.ceil(random.exponential(15 * (1 + 0.5 * arm)))
    return time, random.integers(0, 4, n) > 0, arm, strata


@pytest.mark.parametrize("ties", ["efron", "breslow"])
@pytest.mark.parametrize("seed", SEEDS)
def test_hazard_ratios_equal_phreg(seed, ties):
    time, event, arm, strata = trial(seed)
    for by in (None, strata):
        fit = PHReg(time, arm[:, None], status=event.astype(int), strata=by, ties=ties).fit()
        ours = cox(time, event, arm, by, ties)
        assert np.log(ours.estimate) == pytest.approx(fit.params[0], rel=1e-6, abs=1e-9)
        assert ours.p == pytest.approx(fit.pvalues[0], rel=1e-6)


@pytest.mark.parametrize("seed", SEEDS)
def test_log_rank_equals_survdiff(seed):
    time, event, arm, strata = trial(seed)
    for by in (None, strata):
        chi_square, _ = survdiff(time, event.astype(int), arm, strata=by)
        assert log_rank(time, event, arm, by).statistic ** 2 == pytest.approx(chi_square, rel=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_curves_equal_survfunc(seed):
    time, event, _, _ = trial(seed)
    theirs, ours = SurvfuncRight(time, event.astype(int)), kaplan_meier(time, event)
    at_events = ours.events > 0
    assert ours.survival[at_events] == pytest.approx(theirs.surv_prob)
    left = ours.survival[at_events] > 0
    assert np.sqrt(ours.variance[at_events][left]) == pytest.approx(theirs.surv_prob_se[left])


@pytest.mark.parametrize("seed", SEEDS)
def test_the_stratified_test_of_proportions_equals_stratified_table(seed):
    random = np.random.default_rng(seed)
    n1, n2 = random.integers(3, 30, 6), random.integers(3, 30, 6)
    x1, x2 = random.binomial(n1, 0.6), random.binomial(n2, 0.4)
    tables = [np.array([[a, m - a], [b, n - b]]) for a, m, b, n in zip(x1, n1, x2, n2, strict=True)]
    expected = StratifiedTable(tables).test_null_odds(correction=False).statistic
    assert cmh_test(x1, n1, x2, n2).statistic ** 2 == pytest.approx(expected)


@pytest.mark.parametrize("ties", ["efron", "breslow"])
@pytest.mark.parametrize("seed", SEEDS)
def test_models_with_a_covariate_that_changes_in_time_equal_phreg_with_entry(seed, ties):
    time, event, arm, strata = trial(seed)
    random = np.random.default_rng(100 + seed)
    age, change = (
        random.normal(55, 12, time.size),
        np.where(random.random(time.size) < 0.4, random.integers(0, 20, time.size), np.nan),
    )
    rows = split_at(time, event, change)
    columns = {"arm": arm[rows.subject], "age": age[rows.subject], "hsct": rows.changed}
    entry = (
        rows.start + 0.5
    )  # whole days: statsmodels has a row at risk on the day it enters, R and we from the day after
    for by in (None, strata[rows.subject]):
        fit = PHReg(
            rows.stop, np.column_stack(list(columns.values())), rows.event.astype(int), entry, by, ties=ties
        ).fit()
        ours = cox_model(rows.stop, rows.event, columns, start=rows.start, subject=rows.subject, strata=by, ties=ties)
        theirs = dict(zip(columns, zip(fit.params, fit.bse, strict=True), strict=True))
        for each in ours.effects:
            coefficient, error = theirs[each.term.covariate]
            assert np.log(each.ratio.estimate) == pytest.approx(coefficient, rel=1e-5, abs=1e-8)
            assert np.log(each.ratio.upper) == pytest.approx(
                coefficient + 1.959963984540054 * error, rel=1e-5, abs=1e-7
            )


@pytest.mark.parametrize("seed", SEEDS)
def test_odds_ratios_equal_logit(seed):
    time, event, arm, strata = trial(seed)
    columns = np.column_stack((np.ones(time.size), arm, time, strata == 2))
    fit = Logit(event.astype(int), columns).fit(disp=0, tol=1e-12)
    ours = logistic_model(event, {"arm": arm, "time": time, "two": strata == 2})
    assert [np.log(each.ratio.estimate) for each in ours.effects] == pytest.approx(fit.params[1:], rel=1e-6)
    assert [each.ratio.p for each in ours.effects] == pytest.approx(fit.pvalues[1:], rel=1e-6)
