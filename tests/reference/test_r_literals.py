"""Small references that travel with the tests: an invented trial, R's calls and answers (4.2.2, survival 3.5-3).

With the columns of invented_trial in a data frame d, s <- Surv(d$time, d$event), and g <- factor(d$grp).
"""

import numpy as np
import pytest
from invented_trial import ARM, EVENT, GROUP, RESPONSE, STRATA, TIME

from sdtm2adam.analysis.proportions import logistic_interaction
from sdtm2adam.analysis.summary import percentile, percentile5, summarise
from sdtm2adam.analysis.survival import (
    cox,
    cox_interaction,
    follow_up,
    kaplan_meier,
    log_rank,
    log_rank_groups,
    quantile,
    rate_difference,
    restricted_mean,
    survival_rate,
)


def near(*values):
    return pytest.approx(values, rel=2e-7, nan_ok=True)


def limits(estimate):
    return tuple(np.nan if v is None else v for v in (estimate.estimate, estimate.lower, estimate.upper))


@pytest.fixture
def curves():
    return [kaplan_meier(TIME[arm == ARM], EVENT[arm == ARM]) for arm in (0, 1)]


def test_quantiles_of_both_arms(curves):
    # quantile(survfit(s ~ 1, subset = arm == k, conf.type = "log-log"), c(.25, .5, .75))
    assert [limits(quantile(curves[0], q)) for q in (0.25, 0.5, 0.75)] == [
        near(3.5, 1, 7),  # S(t) = 0.75 exactly: midpoint of 3 and 4
        near(7, 4, np.nan),
        near(20, 7, np.nan),
    ]
    assert [limits(quantile(curves[1], q)) for q in (0.25, 0.5, 0.75)] == [
        near(6, 2, 9),
        near(10, 7, 15),
        near(17, 10, np.nan),
    ]
    # conf.int = 0.975
    assert [limits(quantile(km, 0.5, 0.975)) for km in curves] == [near(7, 3, np.nan), near(10, 6, 15)]


def test_landmark_rates_of_both_arms(curves):
    # summary(survfit(s ~ 1, subset = arm == k, conf.type = "log-log"), times = c(3, 6, 12))
    assert [limits(survival_rate(curves[0], t)) for t in (3, 6, 12)] == [
        near(0.75, 0.526177512474, 0.879072629145),
        near(0.619047619048, 0.394243604136, 0.781068415030),
        near(0.481481481481, 0.247887977557, 0.681814636311),
    ]
    assert [limits(survival_rate(curves[1], t)) for t in (3, 6, 12)] == [
        near(0.916666666667, 0.706055267844, 0.978483036574),
        near(0.743750000000, 0.515814749273, 0.875995837369),
        near(0.353365384615, 0.161641981638, 0.552224383791),
    ]


def test_landmark_difference(curves):
    # x1$surv - x0$surv -/+ qnorm(.975) * sqrt(x1$std.err^2 + x0$std.err^2), x <- summary(survfit(...), times = 6)
    assert limits(rate_difference(curves[1], curves[0], 6)) == near(0.124702380952, -0.140167414468, 0.389572176373)


def test_follow_up_of_both_arms():
    # quantile(survfit(Surv(time, 1 - event) ~ 1, subset = arm == k, conf.type = "log-log"), .5)
    assert limits(follow_up(TIME[ARM == 0], EVENT[ARM == 0])) == near(8, 6, np.nan)
    assert limits(follow_up(TIME[ARM == 1], EVENT[ARM == 1])) == near(21, 18, np.nan)


def test_log_rank_unstratified_and_stratified():
    # l <- survdiff(s ~ arm [+ strata(strata)]); z <- (O - E of arm 1) / sqrt(l$var[2, 2]); pnorm(z)
    plain, stratified = log_rank(TIME, EVENT, ARM), log_rank(TIME, EVENT, ARM, STRATA)
    assert (plain.statistic, plain.p, plain.strata) == near(-0.955372147374, 0.169694767003, 1)
    assert (stratified.statistic, stratified.p, stratified.strata) == near(-0.602988867187, 0.273258047657, 3)


@pytest.mark.parametrize(
    ("ties", "by", "conf", "expected"),
    [
        # m <- coxph(s ~ arm [+ strata(strata)], ties = ties, control = coxph.control(eps = 1e-12)); exp(confint(m))
        ("efron", None, 0.95, (0.712539908176, 0.34714647693, 1.46253283407)),
        ("efron", STRATA, 0.95, (0.807283010645, 0.375950052998, 1.733490537051)),
        ("efron", STRATA, 0.975, (0.807283010645, 0.336877480, 1.934548606)),
        ("breslow", None, 0.95, (0.711658828302, 0.346334555232, 1.462338309155)),
        ("breslow", STRATA, 0.95, (0.79440229047, 0.369718776686, 1.706905461394)),
        ("breslow", STRATA, 0.975, (0.79440229047, 0.3312638843, 1.9050522227)),
    ],
)
def test_hazard_ratios_with_both_treatments_of_ties(ties, by, conf, expected):
    assert limits(cox(TIME, EVENT, ARM, by, ties, conf)) == near(*expected)


@pytest.mark.parametrize(
    ("ties", "two_groups", "four_groups", "trend"),
    [
        # anova(coxph(s ~ arm + g), coxph(s ~ arm * g)), also with g <- d$grp > 2; trend: s ~ arm + g + I(arm * grp)
        ("efron", (1.7731326618, 0.182994862), (2.16407973829, 0.539058152), (1.14966275976, 0.28361975693)),
        ("breslow", (1.6471275809, 0.199350334), (1.9529605497, 0.582227092), (1.07663158674, 0.29945231696)),
    ],
)
def test_interaction_on_the_hazard_scale(ties, two_groups, four_groups, trend):
    two = cox_interaction(TIME, EVENT, ARM, GROUP > 2, ties)
    four = cox_interaction(TIME, EVENT, ARM, GROUP, ties)
    line = cox_interaction(TIME, EVENT, ARM, GROUP, ties, trend=True)
    assert (two.df, four.df, line.df) == (1, 3, 1)
    assert (two.statistic, two.p) == near(*two_groups)
    assert (four.statistic, four.p) == near(*four_groups)
    assert (line.statistic, line.p) == near(*trend)


def test_interaction_on_the_hazard_scale_stays_finite_with_an_empty_cell():
    # e <- ifelse(arm == 1 & grp == 4, 0, event); anova(coxph(Surv(time, e) ~ arm + g), coxph(Surv(time, e) ~ arm * g))
    test = cox_interaction(TIME, np.where((ARM == 1) & (GROUP == 4), 0, EVENT), ARM, GROUP)
    assert (test.statistic, test.df, test.p) == near(3.71483209865, 3, 0.29394922)


def test_interaction_on_the_odds_scale():
    # anova(glm(resp ~ arm + g, binomial), glm(resp ~ arm * g, binomial), test = "LRT"), glm.control(epsilon = 1e-14)
    four, two = logistic_interaction(RESPONSE, ARM, GROUP), logistic_interaction(RESPONSE, ARM, GROUP > 2)
    line = logistic_interaction(RESPONSE, ARM, GROUP, trend=True)
    assert (four.statistic, four.df, four.p) == near(11.6211189461, 3, 0.00880042993036)
    assert (two.statistic, two.df, two.p) == near(9.70464515096, 1, 0.00183802811882)
    assert (line.statistic, line.df, line.p) == near(6.28530027748, 1, 0.0121743449466)


def test_interaction_on_the_odds_scale_stays_finite_with_an_empty_cell():
    # resp[arm == 0 & grp == 2] <- 0, beside the cell that has no responders already; the same call
    test = logistic_interaction(np.where((ARM == 0) & (GROUP == 2), 0, RESPONSE), ARM, GROUP)
    assert (test.statistic, test.df, test.p) == near(8.96736695785, 3, 0.0297279217706)


def test_quartiles_of_type_two():
    # quantile(c(3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5), c(.1, .25, .5, .75, .9), type = 2); sd()
    values = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5]
    assert [percentile5(values, p) for p in (0.1, 0.25, 0.5, 0.75, 0.9)] == [1, 2, 4, 5, 6]
    assert summarise(values)["sd"] == pytest.approx(2.36643191324)


def test_percentiles_of_types_six_and_seven():
    # quantile(values, c(.1, .25, .5, .75, .9), type = 6); type = 7
    values = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5]
    assert [percentile(values, p, "sas4") for p in (0.1, 0.25, 0.5, 0.75, 0.9)] == near(1, 2, 4, 5, 8.4)
    assert [percentile(values, p, "r7") for p in (0.1, 0.25, 0.5, 0.75, 0.9)] == near(1, 2.5, 4, 5, 6)


@pytest.mark.parametrize(
    ("scale", "medians", "rates"),
    [
        # survfit(s ~ arm, conf.type = scale): quantile(., .5), summary(., times = 6)
        (
            "log",
            [(7, 5, np.nan), (10, 7, 17)],
            [(0.4504113488547, 0.8508221553985), (0.5860816872380, 0.9438344083175)],
        ),
        (
            "plain",
            [(7, 4, np.nan), (10, 7, 15)],
            [(0.4221775226607, 0.8159177154345), (0.5665547018831, 0.9209452981169)],
        ),
    ],
)
def test_curves_on_other_scales(curves, scale, medians, rates):
    assert [limits(quantile(km, 0.5, conf_type=scale)) for km in curves] == [near(*median) for median in medians]
    assert [limits(survival_rate(km, 6, conf_type=scale))[1:] for km in curves] == [near(*rate) for rate in rates]


def test_restricted_means_of_both_arms(curves):
    # survival:::survmean(survfit(s ~ arm), rmean = 18)$matrix
    means = [restricted_mean(km, 18) for km in curves]
    assert [mean.estimate for mean in means] == near(9.664329805996, 10.751762820513)
    errors = [(mean.upper - mean.estimate) / 1.959963984540054 for mean in means]
    assert errors == near(1.468197538764, 1.099444572720)


def test_log_rank_of_four_groups_and_the_peto_peto_variant():
    # survdiff(s ~ grp)$chisq, with + strata(strata); survdiff(s ~ arm, rho = 1), with + strata(strata)
    plain, stratified = log_rank_groups(TIME, EVENT, GROUP), log_rank_groups(TIME, EVENT, GROUP, STRATA)
    assert (plain.statistic, plain.df, stratified.statistic) == near(1.583994661502, 3, 3.385014744101)
    peto = [log_rank(TIME, EVENT, ARM, strata, "peto_peto").statistic ** 2 for strata in (None, STRATA)]
    assert peto == near(1.452386572565, 1.16404374909)
