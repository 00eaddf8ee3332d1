"""Proportions against R 4.2.2: 30 random tables, 9 edges, and stratified tables.

The R calls, for x1 of n1 (treatment) and x2 of n2 (control):

    binom.test(x, n, conf.level =)$conf.int                                         Clopper-Pearson
    ratesci::scoreci(x1, n1, x2, n2, contrast = "RD", skew = FALSE)                 Miettinen-Nurminen
    p1 - p2 -/+ qnorm(0.975) * sqrt(p1 (1 - p1) / n1 + p2 (1 - p2) / n2)            Wald
    chisq.test(correct = FALSE), fisher.test(alternative = "greater")
    mantelhaen.test(correct = FALSE)

All agree to 8 significant digits or more.
"""

import numpy as np
import pytest
from scipy import special

from sdtm2adam.analysis.proportions import cmh_test, difference, one_sided_test, proportion

pytestmark = pytest.mark.shared


@pytest.fixture
def cases(oracle):
    return oracle("binary_tables.json")["cases"]


def table(overall):
    return tuple(overall[name] for name in ("x1", "n1", "x2", "n2"))


def test_exact_intervals_equal_binom_test(cases):
    asked = [case[key] for case in cases for key in ("ci_trt", "ci_trt_90") if key in case]
    assert len(asked) > len(cases)
    for answer in asked:
        ours = proportion(answer["x"], answer["n"], answer["conf"])
        assert [ours.lower, ours.upper] == pytest.approx(answer["clopper_pearson"], rel=1e-9, abs=1e-12)


def test_score_intervals_equal_ratesci(cases):
    for case in cases:
        ours = difference(*table(case["overall"]))
        expected = case["overall"]["rd"]["miettinen_nurminen"]
        assert [ours.lower, ours.upper] == pytest.approx(expected, rel=1e-8, abs=1e-9), case["id"]


def test_wald_intervals_equal_the_formula_in_r(cases):
    for case in cases:
        ours, expected = difference(*table(case["overall"]), method="wald"), case["overall"]["rd"]["wald"]
        assert ours.estimate == pytest.approx(expected["diff"], rel=1e-9, abs=1e-12)
        assert [ours.lower, ours.upper] == pytest.approx(expected["ci"], rel=1e-9, abs=1e-12), case["id"]


def test_one_sided_tests_equal_half_of_chisq_test_or_fisher_test(cases):
    seen = set()
    for case in cases:
        ours, overall = one_sided_test(*table(case["overall"])), case["overall"]
        seen.add(ours.test)
        if ours.test == "FISHER":
            assert ours.p == pytest.approx(overall["fisher_greater"], rel=1e-9), case["id"]
        elif ours.test == "CHISQ":
            assert ours.statistic**2 == pytest.approx(overall["chisq"]["stat"], rel=1e-9, abs=1e-12), case["id"]
            assert ours.p == pytest.approx(special.ndtr(-ours.statistic), rel=1e-12)
            assert (ours.p < 0.5) == (overall["x1"] / overall["n1"] > overall["x2"] / overall["n2"])
        else:
            assert overall["x1"] + overall["x2"] in (0, overall["n1"] + overall["n2"])
    assert seen == {"FISHER", "CHISQ", ""}


def test_every_table_has_fisher_upper_tail_where_fisher_is_asked_for(cases):
    for case in cases:
        ours = one_sided_test(*table(case["overall"]), fisher_below=np.inf)
        if ours.status == "OK":
            assert ours.p == pytest.approx(case["overall"]["fisher_greater"], rel=1e-8), case["id"]


def test_stratified_tests_equal_mantelhaen_test(cases):
    stratified = [case["stratified"] for case in cases if case.get("stratified")]
    assert len(stratified) == 21
    for answer in stratified:
        ours = cmh_test(*(np.atleast_1d(answer["strata"][name]) for name in ("x1", "n1", "x2", "n2")))
        assert ours.statistic**2 == pytest.approx(answer["cmh"]["stat"], rel=1e-9)
        assert 2 * min(ours.p, 1 - ours.p) == pytest.approx(answer["cmh"]["p"], rel=1e-9)
