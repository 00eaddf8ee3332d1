"""Time to event against R 4.2.2, survival 3.5-3, on public and generated data.

The R calls, for each data set with s <- Surv(time, status):

    survfit(s ~ grp, conf.type = "log-log", conf.int = 0.95 or 0.90), its quantile() and summary(times =, extend = TRUE)
    survdiff(s ~ grp), survdiff(s ~ grp + strata(strata))
    coxph(s ~ grp, ties = "efron" or "breslow"), coxph(s ~ grp + strata(strata), ties = ...)

Where a method of ours differs by definition: after the last observed time R (extend = TRUE) carries S(t) forward, we
say NE; R gives limits of 1 before the first event, we say NE. R's quantile uses the same midpoint rule.
"""

import numpy as np
import pytest

from sdtm2adam.analysis.survival import cox, kaplan_meier, log_rank, quantile, survival_rate

pytestmark = pytest.mark.shared

CASES = (
    "aml",
    "lung_sex",
    "ovarian",
    "pharmaverse_OS",
    "pharmaverse_PFS",
    "synthetic_heavy_ties",
    "tern_OS",
    "veteran",
)
STRATIFIED = tuple(case for case in CASES if case != "aml")
THREE_ARMS = ("pharmaverse_OS", "pharmaverse_PFS", "tern_OS")
LEVELS = (("log-log", 0.95), ("log-log_90", 0.90))


def near(value):
    return pytest.approx(np.nan if value is None else value, rel=1e-6, nan_ok=True)


def number(value):
    return np.nan if value is None else value


def listed(values):
    """R writes a vector of one as a number."""
    return np.array([number(v) for v in (values if isinstance(values, list) else [values])], dtype=float)


def curves(trial, answers, level):
    for grp, expected in answers["km"][level].items():
        here = trial["grp"] == grp
        yield kaplan_meier(trial["time"][here], trial["event"][here]), expected


@pytest.mark.parametrize("case", CASES)
def test_curves_equal_survfit(survival_case, case):
    trial, answers = survival_case(case)
    for km, expected in curves(trial, answers, "log-log"):
        curve = expected["curve"]
        assert km.time == pytest.approx(listed(curve["time"]))
        assert km.at_risk.tolist() == listed(curve["n_risk"]).tolist()
        assert km.events.tolist() == listed(curve["n_event"]).tolist()
        assert km.censored.tolist() == listed(curve["n_censor"]).tolist()
        assert km.survival == pytest.approx(listed(curve["surv"]), rel=1e-9, abs=1e-12)
        with np.errstate(invalid="ignore", divide="ignore"):
            assert np.sqrt(km.variance) / km.survival == near(listed(curve["std_err_cumhaz"]))


@pytest.mark.parametrize(("level", "conf"), LEVELS)
@pytest.mark.parametrize("case", CASES)
def test_quantiles_and_their_limits_equal_quantile_of_survfit(survival_case, case, level, conf):
    trial, answers = survival_case(case)
    for km, expected in curves(trial, answers, level):
        asked = expected["quantile"]
        for q, point, lower, upper in zip(asked["p"], asked["est"], asked["lower"], asked["upper"], strict=True):
            ours = quantile(km, q, conf)
            assert [number(ours.estimate), number(ours.lower), number(ours.upper)] == [
                near(point),
                near(lower),
                near(upper),
            ]


@pytest.mark.parametrize(("level", "conf"), LEVELS)
@pytest.mark.parametrize("case", CASES)
def test_landmark_rates_equal_summary_of_survfit_within_the_observed_times(survival_case, case, level, conf):
    trial, answers = survival_case(case)
    for km, expected in curves(trial, answers, level):
        asked = expected["landmark"]
        columns = (listed(asked[name]) for name in ("time", "surv", "lower", "upper"))
        for t, rate, lower, upper in zip(*columns, strict=True):
            ours = survival_rate(km, t, conf)
            if t > km.time[-1] and rate > 0:  # R carries forward
                assert (ours.status, ours.estimate) == ("NE", None)
            elif rate in (0, 1):  # R prints 1 to 1 before the first event
                assert (ours.estimate, ours.lower, ours.upper) == (rate, None, None)
            else:
                assert [ours.estimate, ours.lower, ours.upper] == [near(rate), near(lower), near(upper)]


def two_arms(trial, answers, pair=None):
    """Time, event, arm and strata; treatment is the second level of the factor, as in R."""
    control, treatment = pair or answers["group_levels"]
    here = np.isin(trial["grp"], (control, treatment))
    arm = (trial["grp"][here] == treatment).astype(int)
    return trial["time"][here], trial["event"][here], arm, trial["strata"][here]


@pytest.mark.parametrize("case", [case for case in CASES if case not in THREE_ARMS])
def test_the_log_rank_test_equals_survdiff(survival_case, case):
    trial, answers = survival_case(case)
    time, event, arm, strata = two_arms(trial, answers)
    for key, by in (("logrank", None), ("logrank_stratified", strata)):
        if key in answers:
            ours = log_rank(time, event, arm, by)
            assert ours.statistic**2 == near(answers[key]["chisq"])
            assert 2 * min(ours.p, 1 - ours.p) == near(answers[key]["p"])
            assert (ours.statistic < 0) == (answers[key]["obs"][1] < answers[key]["exp"][1])


@pytest.mark.parametrize("ties", ["efron", "breslow"])
@pytest.mark.parametrize("case", [case for case in CASES if case not in THREE_ARMS])
def test_hazard_ratios_equal_coxph(survival_case, case, ties):
    trial, answers = survival_case(case)
    time, event, arm, strata = two_arms(trial, answers)
    for key, by in (("cox", None), ("cox_stratified", strata)):
        if key in answers:
            ours, expected = cox(time, event, arm, by, ties), answers[key][ties]
            assert ours.estimate == near(expected["hr"])
            assert ours.lower == near(expected["hr_lower95"])
            assert ours.upper == near(expected["hr_upper95"])
            assert ours.statistic == near(expected["z"])
            assert ours.p == near(expected["p"])


@pytest.mark.parametrize("case", THREE_ARMS)
def test_pairs_of_three_arms_equal_survdiff_and_coxph_of_the_two(survival_case, case):
    trial, answers = survival_case(case)
    for pair in answers["pairwise"]:
        time, event, arm, strata = two_arms(trial, answers, pair["groups"])
        for suffix, by in (("", None), ("_stratified", strata)):
            assert log_rank(time, event, arm, by).statistic ** 2 == near(pair[f"logrank{suffix}"]["chisq"])
            for ties in ("efron", "breslow"):
                ours, expected = cox(time, event, arm, by, ties), pair[f"cox_{ties}{suffix}"]
                if expected["warnings"]:
                    assert ours.status == "NE"
                    continue
                assert ours.estimate == near(expected["hr"])
                assert ours.lower == near(expected["hr_lower95"])
                assert ours.upper == near(expected["hr_upper95"])
