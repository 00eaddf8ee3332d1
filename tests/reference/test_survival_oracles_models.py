"""Scales of the band, restricted means, tests of several groups and Cox models against R, and that none is left out.

survfit(s ~ grp, conf.type = "log" or "plain"); survival:::survmean(., rmean = "common")
survdiff(s ~ grp, rho = 0 or 1), survdiff(s ~ grp + strata(strata))
coxph(s ~ grp [+ age ...] [+ strata(strata)], ties = "efron" or "breslow")
"""

import numpy as np
import pytest

from sdtm2adam.analysis.survival import (
    band,
    cox_model,
    kaplan_meier,
    log_rank_groups,
    quantile,
    restricted_mean,
    survival_rate,
)

pytestmark = pytest.mark.shared

CASES = (
    "aml", "lung_sex", "ovarian", "pharmaverse_OS", "pharmaverse_PFS", "synthetic_heavy_ties", "tern_OS", "veteran",
)  # fmt: skip
SCALES = {"log-log": ("loglog", 0.95), "log-log_90": ("loglog", 0.90), "log": ("log", 0.95), "plain": ("plain", 0.95)}
KNOWN = {
    "case", "source", "licence", "n", "group_levels", "reference", "covariates",
    "km", "logrank", "logrank_stratified", "peto_peto_rho1", "cox", "cox_stratified", "cox_adjusted", "pairwise",
}  # fmt: skip
KNOWN_OF_CURVES = {"n", "events", "rmean", "rmean_se", "quantile", "curve", "landmark"}
KNOWN_TIES = {"efron", "breslow", "exact"}  # exact: not offered


def listed(values):
    """R writes a vector of one as a number."""
    return np.array([np.nan if v is None else v for v in (values if isinstance(values, list) else [values])], float)


def near(values, rel=1e-6, absolute=1e-9):
    return pytest.approx(listed(values), rel=rel, abs=absolute, nan_ok=True)


def curves(trial, answers, scale):
    for group, expected in answers["km"][scale].items():
        here = trial["grp"] == group
        yield kaplan_meier(trial["time"][here], trial["event"][here]), expected


@pytest.mark.parametrize("case", CASES)
def test_every_answer_of_r_is_known(survival_case, case):
    _, answers = survival_case(case)
    assert set(answers) <= KNOWN
    assert set(answers["km"]) == set(SCALES)
    assert all(set(curve) == KNOWN_OF_CURVES for scale in SCALES for curve in answers["km"][scale].values())
    assert all(set(answers[name]) <= KNOWN_TIES for name in answers if name.startswith("cox"))


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("case", CASES)
def test_bands_equal_survfit(survival_case, case, scale):
    trial, answers = survival_case(case)
    conf_type, conf = SCALES[scale]
    for km, expected in curves(trial, answers, scale):
        started = km.survival < 1  # before the first event R prints 1 to 1, or nothing
        for ours, theirs in zip(band(km, conf, conf_type), ("lower", "upper"), strict=True):
            assert ours[started] == near(listed(expected["curve"][theirs])[started].tolist())
        assert (km.at_risk[0], km.events.sum()) == (expected["n"], expected["events"])


@pytest.mark.parametrize("scale", ["log", "plain"])
@pytest.mark.parametrize("case", CASES)
def test_quantiles_and_landmarks_on_the_other_scales(survival_case, case, scale):
    trial, answers = survival_case(case)
    for km, expected in curves(trial, answers, scale):
        asked = expected["quantile"]
        for q, *numbers in zip(asked["p"], asked["est"], asked["lower"], asked["upper"], strict=True):
            ours = [getattr(quantile(km, q, conf_type=scale), name) for name in ("estimate", "lower", "upper")]
            upper = band(km, conf_type=scale)[1]
            if (np.diff(upper[km.survival > 0]) > 0).any():
                ours.pop(), numbers.pop()  # R sorts a band that rises again, we take the first time it falls below
            assert listed(ours) == near(numbers)
        asked = expected["landmark"]
        for t, rate, error, *limits in zip(
            *(listed(asked[name]) for name in ("time", "surv", "std_err", "lower", "upper")), strict=True
        ):
            ours = survival_rate(km, t, conf_type=scale)
            if 0 < rate < 1 and t <= km.time[-1]:
                assert [ours.estimate, ours.lower, ours.upper] == near([rate, *limits])
                at = np.searchsorted(km.time, t, side="right") - 1
                assert np.sqrt(km.variance[at]) == near(error)


@pytest.mark.parametrize("case", CASES)
def test_restricted_means_equal_survmean(survival_case, case):
    trial, answers = survival_case(case)
    until = trial["time"].max()
    for km, expected in curves(trial, answers, "log-log"):
        ours = restricted_mean(km, until)
        assert ours.estimate == near(expected["rmean"])
        if ours.upper is None:
            assert expected["rmean_se"] == 0 == km.events.sum()
        else:
            assert (ours.upper - ours.estimate) / 1.959963984540054 == near(expected["rmean_se"])


@pytest.mark.parametrize("case", CASES)
def test_tests_of_all_groups_equal_survdiff(survival_case, case):
    trial, answers = survival_case(case)
    time, event, group = trial["time"], trial["event"], trial["grp"]
    for name, strata, weight in (
        ("logrank", None, "logrank"),
        ("logrank_stratified", trial["strata"], "logrank"),
        ("peto_peto_rho1", None, "peto_peto"),
    ):
        if name in answers:
            ours = log_rank_groups(time, event, group, strata, weight)
            assert (ours.statistic, ours.df, ours.p) == near([answers[name][key] for key in ("chisq", "df", "p")])


def agrees(model, expected):
    """Every term, or NE where R warns of an infinite coefficient; log likelihoods and the tests of the model."""
    terms = listed(expected["coef"]).size
    assert len(model.effects) == terms
    for place, each in enumerate(model.effects):
        theirs = {name: listed(expected[name])[place] for name in ("hr", "hr_lower95", "hr_upper95", "z", "p", "se")}
        if theirs["se"] > 1000:
            assert (each.ratio.status, bool(expected["warnings"])) == ("NE", True)
            continue
        ours = [each.ratio.estimate, each.ratio.lower, each.ratio.upper, each.ratio.statistic, each.ratio.p]
        assert ours == near([theirs[name] for name in ("hr", "hr_lower95", "hr_upper95", "z", "p")], 2e-6)
    assert model.log_likelihood == near(expected["loglik"])
    assert model.counts.events == expected["nevent"]
    for test, name in ((model.likelihood_ratio, "lr_test"), (model.score, "score_test"), (model.wald, "wald_test")):
        statistic, df, p = expected[name]
        if name == "wald_test":  # R keeps two decimals of this chi-square
            if test.status == "OK":
                assert (round(test.statistic, 2), test.df, test.p) == near([statistic, df, p])
        else:
            assert (test.statistic, test.df) == near([statistic, df])
            assert test.p == near(p, 1e-5)


@pytest.mark.parametrize("ties", ["efron", "breslow"])
@pytest.mark.parametrize("case", CASES)
def test_models_equal_coxph(survival_case, case, ties):
    trial, answers = survival_case(case)
    time, event, group = trial["time"], trial["event"], {"grp": trial["grp"]}
    told = ~np.isin(trial["strata"], ["", "NA"])
    agrees(cox_model(time, event, group, ties=ties), answers["cox"][ties])
    if "cox_stratified" in answers:
        model = cox_model(time[told], event[told], {"grp": trial["grp"][told]}, strata=trial["strata"][told], ties=ties)
        agrees(model, answers["cox_stratified"][ties])
    if "cox_adjusted" in answers:
        names = answers["covariates"] if isinstance(answers["covariates"], list) else [answers["covariates"]]
        model = cox_model(time, event, group | {name: trial[name] for name in names}, ties=ties)
        agrees(model, answers["cox_adjusted"][ties])
