"""Intervals, ratios, tests and stratified differences by name against R 4.2.2, and that no answer is left out.

PropCIs, tern::prop_wilson and the like: wilson, wilson_cc, wald, agresti_coull, jeffreys
tern::prop_diff_*: wald_cc, anderson_hauck, newcombe, newcombe_cc; ratesci::scoreci(bcf = FALSE): mee
ratesci::scoreci(stratified = TRUE, weighting = "MH", "MN", "INV", skew = FALSE)
tern::prop_diff_cmh, prop_diff_strat_nc(weights_method = "cmh"), metafor::rma.mh(measure = "RD", "OR")
mantelhaen.test(correct = TRUE), fisher.test, chisq.test
"""

import numpy as np
import pytest

from sdtm2adam.analysis.proportions import (
    cmh_test,
    common_odds_ratio,
    difference,
    odds_ratio,
    one_sided_test,
    proportion,
    relative_risk,
    stratified_difference,
    two_sided_test,
)

pytestmark = pytest.mark.shared

HERE = "tested here"
BESIDE = "tested in test_binary_oracles"
KNOWN = {
    "id": "a name",
    "overall.x1": "input",
    "overall.n1": "input",
    "overall.x2": "input",
    "overall.n2": "input",
    "overall.fisher_two_sided.p": HERE,
    "overall.fisher_two_sided.or_cmle": "not offered: conditional odds ratio",
    "overall.fisher_two_sided.ci": "not offered: conditional odds ratio",
    "overall.fisher_less": HERE,
    "overall.fisher_greater": BESIDE,
    "overall.chisq": BESIDE,
    "overall.chisq_yates": HERE,
    "overall.likelihood_ratio_G2": HERE,
    "overall.rd.wald": BESIDE,
    "overall.rd.wald_cc": HERE,
    "overall.rd.anderson_hauck": HERE,
    "overall.rd.newcombe": HERE,
    "overall.rd.newcombe_cc": HERE,
    "overall.rd.miettinen_nurminen": BESIDE,
    "overall.rd.mee_no_bias_correction": HERE,
    "overall.rd.propcis_diffscoreci": HERE,
    "overall.rr.miettinen_nurminen": "not offered: score interval of a relative risk",
    "overall.rr.log_wald": HERE,
    "overall.or.miettinen_nurminen": "not offered: score interval of an odds ratio",
    "overall.or.log_wald_woolf": HERE,
    "overall.mcnemar_na": "empty",
    **{
        f"{ci}.{name}": BESIDE if name == "clopper_pearson" else HERE
        for ci in ("ci_trt", "ci_trt_90")
        for name in ("clopper_pearson", "wilson", "wilson_cc", "wald", "agresti_coull", "jeffreys")
    },
    **{f"{ci}.{name}": "input" for ci in ("ci_trt", "ci_trt_90") for name in ("x", "n", "conf")},
    "ci_trt.binom_test_p_vs_half": "not offered: test of one proportion",
    "ci_trt_90.binom_test_p_vs_half": "not offered: test of one proportion",
    "stratified.strata": "input",
    "stratified.cmh.stat": BESIDE,
    "stratified.cmh.df": BESIDE,
    "stratified.cmh.p": BESIDE,
    "stratified.cmh.mh_or": HERE,
    "stratified.cmh.mh_or_ci95_rbg": HERE,
    "stratified.cmh_cc": HERE,
    "stratified.cmh_exact": "not offered: exact conditional test over strata",
    "stratified.mh_or.est": HERE,
    "stratified.mh_or.se": HERE,
    "stratified.mh_or.ci": HERE,
    "stratified.mh_or.p": HERE,
    "stratified.mh_or": "not offered: tests of homogeneity of odds ratios (the interaction test is M_INT)",
    "stratified.mh_rr": "not offered: common relative risk",
    "stratified.mh_rd_sato.est": HERE,
    "stratified.mh_rd_sato.se": HERE,
    "stratified.mh_rd_sato.ci": HERE,
    "stratified.mh_rd_sato": "not offered: tests of homogeneity",
    "stratified.tern_prop_diff_cmh.diff": HERE,
    "stratified.tern_prop_diff_cmh.ci": HERE,
    "stratified.tern_prop_diff_cmh": "parts of the estimate",
    "stratified.tern_strat_newcombe_cmh": HERE,
    "stratified.tern_strat_newcombe_wilson": "not offered: Newcombe's interval with weights by iteration",
    "stratified.strat_mn_weights_MN": HERE,
    "stratified.strat_mn_weights_MH": HERE,
    "stratified.strat_mn_weights_INV": HERE,
    "stratified.strat_mn_OR": "not offered: stratified score interval of an odds ratio",
    "stratified.strat_mn_RR": "not offered: stratified score interval of a relative risk",
    "stratified.clogit": "not offered: conditional logistic regression",
}
"""Every answer of R in the file, by its place (the longest that fits), and what becomes of it."""


@pytest.fixture
def answers(oracle):
    return oracle("binary_tables.json")


@pytest.fixture
def cases(answers):
    return answers["cases"]


def counts(part):
    return tuple(part[name] for name in ("x1", "n1", "x2", "n2"))


def strata(part):
    return tuple(np.atleast_1d(part["strata"][name]) for name in ("x1", "n1", "x2", "n2"))


def close(expected, rel=1e-8):
    return pytest.approx(np.array(expected, dtype=float), rel=rel, abs=1e-9, nan_ok=True)


def limits(estimate):
    return [estimate.lower, estimate.upper]


def places(part, path=()):
    for name, value in part.items():
        if isinstance(value, dict):
            yield from places(value, (*path, name))
        else:
            yield ".".join((*path, name))


def test_every_answer_of_r_is_tested_or_said_not_to_be_offered(answers):
    assert set(answers) == {"made_with", "note", "cases", "rxc"}  # rxc: tables larger than 2 x 2, no output has one
    unknown = {
        place
        for case in answers["cases"]
        for place in places(case)
        if not any(place == known or place.startswith(f"{known}.") for known in KNOWN)
    }
    assert not unknown - {"stratified"}


@pytest.mark.parametrize("method", ["wilson", "wilson_cc", "wald", "agresti_coull", "jeffreys"])
def test_intervals_of_one_proportion(cases, method):
    for case in cases:
        for part in (case[key] for key in ("ci_trt", "ci_trt_90") if key in case):
            if method == "wilson_cc" and 2 * part["x"] == part["n"]:
                continue  # prop.test makes no correction where the rate is one half
            assert limits(proportion(part["x"], part["n"], part["conf"], method)) == close(part[method]), case["id"]


@pytest.mark.parametrize("method", ["wald_cc", "anderson_hauck", "newcombe", "newcombe_cc"])
def test_intervals_of_a_difference(cases, method):
    for case in cases:
        ours, expected = difference(*counts(case["overall"]), method=method), case["overall"]["rd"][method]["ci"]
        if None in expected:  # one subject in an arm
            assert (ours.lower_status, ours.status) == ("NE", "OK")
        else:
            assert limits(ours) == close(expected), case["id"]


def test_mee_intervals(cases):
    for case in cases:
        expected = case["overall"]["rd"]["mee_no_bias_correction"]
        assert limits(difference(*counts(case["overall"]), method="mee")) == close(expected, 1e-7), case["id"]


def test_score_intervals_of_a_second_package_to_its_precision(cases):
    for case in cases:
        expected = case["overall"]["rd"]["propcis_diffscoreci"]
        assert limits(difference(*counts(case["overall"]))) == pytest.approx(expected, abs=1e-7), case["id"]


@pytest.mark.parametrize(
    ("method", "scale", "name"), [(odds_ratio, "or", "log_wald_woolf"), (relative_risk, "rr", "log_wald")]
)
def test_ratios_or_no_number_where_r_has_zero_infinity_or_none(cases, method, scale, name):
    for case in cases:
        ours, expected = method(*counts(case["overall"])), case["overall"][scale][name]
        if ours.status == "NE":
            assert None in expected or 0 in expected, case["id"]
        elif ours.lower is None:
            assert expected == [1, 1, 1], case["id"]  # all respond: R prints an interval of no width
        else:
            assert [ours.estimate, *limits(ours)] == close(expected), case["id"]


def test_two_sided_tests(cases):
    for case in cases:
        overall = case["overall"]
        for test, name in (("CHISQ", "chisq"), ("CHISQ_CC", "chisq_yates"), ("LRT", "likelihood_ratio_G2")):
            ours = two_sided_test(*counts(overall), test)
            if ours.status == "OK":
                assert (ours.statistic, ours.p) == close((overall[name]["stat"], overall[name]["p"])), case["id"]
        exact = two_sided_test(*counts(overall))
        if exact.status == "OK":
            assert exact.p == close(overall["fisher_two_sided"]["p"]), case["id"]


def test_the_lower_tail_of_fishers_test_is_the_upper_one_of_the_other_arm(cases):
    for case in cases:
        x1, n1, x2, n2 = counts(case["overall"])
        ours = one_sided_test(x2, n2, x1, n1, fisher_below=np.inf)
        if ours.status == "OK":
            assert ours.p == close(case["overall"]["fisher_less"]), case["id"]


@pytest.mark.parametrize(
    ("weights", "name"), [("mantel_haenszel", "MH"), ("miettinen_nurminen", "MN"), ("inverse_variance", "INV")]
)
def test_stratified_score_intervals(cases, weights, name):
    for part in (case["stratified"] for case in cases if case.get("stratified")):
        ours, expected = stratified_difference(*strata(part), weights=weights), part[f"strat_mn_weights_{name}"]
        assert [ours.estimate, *limits(ours)] == close([expected["est"], *expected["ci"]], 1e-7)


@pytest.mark.parametrize(
    ("method", "name"),
    [("wald", "tern_prop_diff_cmh"), ("newcombe", "tern_strat_newcombe_cmh"), ("sato", "mh_rd_sato")],
)
def test_stratified_intervals_in_closed_form(cases, method, name):
    for part in (case["stratified"] for case in cases if case.get("stratified")):
        ours, expected = stratified_difference(*strata(part), method=method), part[name]
        if "error" in expected:  # all respond in an arm: R stops
            assert ours.lower_status == "NE"
            continue
        assert ours.estimate == close(expected.get("diff", expected.get("est")))
        assert limits(ours) == close(expected["ci"])


def test_common_odds_ratios(cases):
    for part in (case["stratified"] for case in cases if case.get("stratified")):
        ours, other = common_odds_ratio(*strata(part)), part["mh_or"]
        if part["cmh"]["mh_or_ci95_rbg"] == [None, None]:
            assert ours.status == "NE"  # R: 0, without limits
            continue
        assert [ours.estimate, *limits(ours)] == close([part["cmh"]["mh_or"], *part["cmh"]["mh_or_ci95_rbg"]])
        assert np.log([ours.estimate, *limits(ours)]) == close([other["est"], *other["ci"]])
        assert (ours.p, np.log(ours.estimate) / ours.statistic) == close((other["p"], other["se"]))


def test_stratified_tests_with_correction(cases):
    for part in (case["stratified"] for case in cases if case.get("stratified")):
        ours = cmh_test(*strata(part), correction=True)
        assert ours.statistic**2 == close(part["cmh_cc"]["stat"])
        assert 2 * min(ours.p, 1 - ours.p) == close(part["cmh_cc"]["p"])
