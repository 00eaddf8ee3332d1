"""Settings of the statistics in outputs: the numbers are those of R, told in MPARAM and in the footnotes."""

import pytest
from laws import check_all
from method_outputs import RESPONSE, SUMMARY, TIMES, ages, leukemia, report_of, responders, spec_of

from sdtm2adam.analysis.settings import SETTINGS
from sdtm2adam.spec.method_settings import DEFAULTS
from sdtm2adam.tlf import analyse, lay_out

# binom.test, prop.test, PropCIs, ratesci::scoreci, tern::prop_diff_*, metafor::rma.mh(measure = "RD")
PROPORTIONS = {
    "clopper_pearson": (0.545343642937, 0.679374563703),
    "wilson": (0.547420531313, 0.676485853995),
    "wilson_cc": (0.545065713105, 0.678699030821),
    "agresti_coull": (0.547390081456, 0.676516303851),
    "jeffreys": (0.547709288149, 0.677152729195),
    "wald": (0.548878153304, 0.679028823440),
}
DIFFERENCES = {
    "miettinen_nurminen": (-0.190586159402, -0.011156276374),
    "mee": (-0.190481589987, -0.011264952784),
    "newcombe": (-0.189649106887, -0.011218185528),
    "newcombe_cc": (-0.192901135023, -0.007837717084),
    "wald": (-0.191546233829, -0.011919338448),
    "wald_cc": (-0.196322795616, -0.007142776659),
    "anderson_hauck": (-0.194212202710, -0.009253369565),
}
STRATIFIED = {
    "miettinen_nurminen": (-0.193346533804, -0.013194912644),
    "newcombe": (-0.192421187922, -0.013215643323),
    "wald": (-0.194143814718, -0.014166123519),
    "sato": (-0.194456951446, -0.013852986791),
}
WEIGHTED = {
    "mantel_haenszel": (-0.193346533804, -0.013194912644),
    "miettinen_nurminen": (-0.192711418909, -0.013154171771),
    "inverse_variance": (-0.191009225466, -0.011514400390),
}
# quantile(survfit(s ~ arm, aml, conf.type =), .5), summary(survfit(), times = 24), of the maintained arm
CURVES = {
    "loglog": (13, None, 0.265752040000, 0.8352992433),
    "log": (18, None, 0.3768670595, 0.9991576002),
    "plain": (18, 48, 0.3144824919, 0.9127902353),
}
# coxph(s ~ arm, aml, ties =); pchisq of the likelihood ratio of arm * g against arm + g
COX = {
    "efron": (0.4003033777, 0.1467675382, 1.0918136, 0.937130909661),
    "breslow": (0.4048576627, 0.1483461072, 1.104914245, 0.921790160035),
}
LOG_RANK = {"logrank": 0.03266966102, "peto_peto": 0.0477455577}  # survdiff(s ~ arm, aml, rho = 0, 1)
QUANTILE = {"midpoint": (13.0, 6.5), "first": (13.0, 5.0)}  # at S(t) = 5/6, which 5 to 8 months have
PERCENTILE = {"sas5": (2, 16), "sas4": (1.75, 20), "r7": (2.5, 14)}  # quantile(c(1,2,4,8,16,32), type = 2, 6, 7)


@pytest.fixture
def made(tmp_path, naming):
    """Analyses a small output under some settings: its results by operation and arm, and its display."""

    def make(text, data, **words):
        report = report_of(tmp_path, naming, words)
        spec = spec_of(tmp_path, report, text)
        results = analyse(spec, report, data)
        display = lay_out(spec, report, results)
        check_all(results, display)
        return results.frame.set_index(["op_id", "g1_level"]).sort_index(), display

    return make


def numbers(frame, *operations: tuple[str, str]) -> list[float | None]:
    """Each statistic of an operation and arm; None where it is not estimable."""
    found = [frame.loc[[operation], :].xs(arm, level=1).iloc[0] for operation, arm in operations]
    return [None if one["status"] != "OK" else float(one["stat"]) for one in found]


def params(frame, operation: str) -> str:
    return str(frame.loc[operation, "params"].iloc[0])


def notes(display) -> str:
    return " ".join(display.footnotes)


def percent(values) -> object:
    return pytest.approx([100 * value for value in values], rel=1e-6)


@pytest.mark.parametrize("word", PROPORTIONS)
def test_intervals_of_a_proportion(made, word):
    frame, display = made(RESPONSE, responders(), ci_prop=word)
    assert numbers(frame, ("M_CP.lower", "InO"), ("M_CP.upper", "InO")) == percent(PROPORTIONS[word])
    assert params(frame, "M_CP.lower") == f"conf=0.95;ci={word}"
    said = SETTINGS["ci_prop"].says[word]
    assert f"[a] {said[0].upper()}{said[1:]}." in notes(display)


@pytest.mark.parametrize("word", DIFFERENCES)
def test_intervals_of_a_difference(made, word):
    frame, display = made(RESPONSE, responders(), ci_diff=word)
    assert numbers(frame, ("M_DIFF.lower", ""), ("M_DIFF.upper", "")) == percent(DIFFERENCES[word])
    assert params(frame, "M_DIFF.lower") == f"conf=0.95;ci={word}"
    assert f"[b] {SETTINGS['ci_diff'].says[word]}." in notes(display)


@pytest.mark.parametrize(
    ("words", "limits"),
    [
        *(({"ci_diff_strat": word}, limits) for word, limits in STRATIFIED.items()),
        *(({"weights": word}, limits) for word, limits in WEIGHTED.items()),
    ],
    ids=str,
)
def test_intervals_of_a_stratified_difference(made, words, limits):
    frame, display = made(RESPONSE, responders(), **words)
    assert numbers(frame, ("M_DIFFS.lower", ""), ("M_DIFFS.upper", "")) == percent(limits)
    chosen = {**DEFAULTS, **words}
    strata = "strata=ADSL.STRAT1R+ADSL.STRAT2R+ADSL.STRAT3R"
    told = f"conf=0.95;ci={chosen['ci_diff_strat']};weights={chosen['weights']};{strata}"
    assert params(frame, "M_DIFFS.lower") == told
    said = [SETTINGS[name].says[chosen[name]] for name in ("ci_diff_strat", "weights")]
    assert f"[c] Interval: {', '.join(said)}." in notes(display)


def test_ratios_and_two_sided_tests_of_proportions(made, seen):
    """fisher.test, log-scale Wald limits by Woolf and Katz, mantelhaen.test(correct = FALSE)."""
    frame, display = made(RESPONSE, responders())
    for method, wanted in {
        "M_ORT": (0.631787423667, 0.419373857382, 0.951788819637),
        "M_RRT": (0.857852819369, 0.748168586886, 0.983617158751),
        "M_ORS": (0.626876929730, 0.416204796838, 0.944185862377),
    }.items():
        operations = [(f"{method}.{name}", "") for name in ("est", "lower", "upper")]
        assert numbers(frame, *operations) == pytest.approx(wanted, rel=1e-6)
    assert numbers(frame, ("M_PROP_2.p", ""), ("M_ORS.p", "")) == pytest.approx([0.0301085637388, 0.0254305180709])
    assert params(frame, "M_PROP_2.p") == "sides=2;test=fisher"
    assert seen(display, "Odds ratio").splitlines() == [
        "Odds ratio | 0.63",
        "95% CI | (0.42, 0.95)",
        "Relative risk | 0.86",
        "95% CI | (0.75, 0.98)",
        "Common odds ratio | 0.63",
        "95% CI | (0.42, 0.94)",
        "Common odds ratio p | 0.0254",
        "2-sided p-value | 0.0301",
    ]


@pytest.mark.parametrize("word", CURVES)
def test_scales_of_kaplan_meier_intervals(made, word):
    frame, display = made(TIMES, leukemia(), km_ci=word)
    lower, upper, low, high = CURVES[word]
    assert numbers(frame, ("M_KMQ.lower", "InO"), ("M_KMQ.upper", "InO")) == [lower, upper]
    assert numbers(frame, ("M_KMT.lower", "InO"), ("M_KMT.upper", "InO")) == percent((low, high))
    assert params(frame, "M_KMT.lower") == f"t=24;conf=0.95;ci={word}"
    assert f"[a] Scale: {SETTINGS['km_ci'].says[word]}." in notes(display)


@pytest.mark.parametrize("word", COX)
def test_ties_of_cox_models_and_of_their_interactions(made, word):
    frame, display = made(TIMES, leukemia(), ties=word)
    operations = [("M_COX.est", ""), ("M_COX.lower", ""), ("M_COX.upper", ""), ("M_INT.p", "")]
    assert numbers(frame, *operations) == pytest.approx(COX[word], rel=1e-6)
    assert params(frame, "M_COX.est") == f"conf=0.95;ties={word};strata=none"
    told = "sides=2;by=G_CD22;levels=GE90+LT90"
    assert params(frame, "M_INT.p") == (told if word == "efron" else f"{told};ties=breslow")
    assert f"[b] {SETTINGS['ties'].says[word]} ties." in notes(display)


@pytest.mark.parametrize("word", LOG_RANK)
def test_weights_of_the_log_rank_test_and_the_label_of_its_row(made, seen, word):
    frame, display = made(TIMES, leukemia(), log_rank=word)
    assert numbers(frame, ("M_LR.p", "")) == pytest.approx([LOG_RANK[word]], rel=1e-6)
    assert params(frame, "M_LR.p") == "sides=1;strata=none" + ("" if word == "logrank" else ";log_rank=peto_peto")
    said = {"logrank": "Log-rank p-value | 0.0327", "peto_peto": "Peto-Peto p-value | 0.0477"}[word]
    assert said in seen(display)


@pytest.mark.parametrize("word", QUANTILE)
def test_a_quantile_that_the_curve_has_for_a_while(made, word):
    frame, display = made(TIMES, leukemia(), km_quantile=word)
    estimates = frame.loc["M_KMQ.est"].sort_values("analysis_id")
    sixth = estimates[~estimates["params"].str.startswith("q=0.5")]
    assert tuple(sixth["stat"]) == QUANTILE[word]
    assert set(sixth["params"].str.endswith(";km_quantile=first")) == {word == "first"}
    told = "Kaplan-Meier quantiles: first time at which survival is 1 - q or less."
    assert (told in display.footnotes) == (word == "first")


def test_the_mean_up_to_a_time(made, seen):
    """summary(survfit(s ~ arm, aml), rmean = 30)$table"""
    frame, display = made(TIMES, leukemia())
    operations = [(f"M_RMST.{name}", arm) for arm in ("InO", "SC") for name in ("est", "lower", "upper")]
    wanted = [24.6022727273, 20.0685832569, 29.1359621977, 19.6944444444, 13.7083264986, 25.6805623903]
    assert numbers(frame, *operations) == pytest.approx(wanted, rel=1e-9)
    assert params(frame, "M_RMST.est") == "t=30;conf=0.95;ci=wald"
    assert "Mean up to 30 | 24.6 | 19.7" in seen(display)


@pytest.mark.parametrize("word", PERCENTILE)
def test_definitions_of_percentiles(made, word):
    frame, display = made(SUMMARY, ages(), percentile=word)
    quartiles = (("M_CONT.q1", "InO"), ("M_CONT.q3", "InO"))
    assert numbers(frame, *quartiles, ("M_CONT.median", "InO")) == [*PERCENTILE[word], 6]
    assert params(frame, "M_CONT.q1") == ("" if word == "sas5" else f"percentile={word}")
    assert params(frame, "M_CONT.median") == ""
    told = f"Percentiles: {SETTINGS['percentile'].says[word]}."
    assert (told in display.footnotes) == (word != "sas5")


def test_a_setting_changes_the_ids_of_its_results_and_of_no_other(made):
    default, _ = made(TIMES, leukemia())
    other, _ = made(TIMES, leukemia(), ties="breslow")
    changed = default["result_id"].to_numpy() != other["result_id"].to_numpy()
    assert set(default.index.get_level_values(0)[changed]) == {"M_COX.est", "M_COX.lower", "M_COX.upper", "M_INT.p"}


@pytest.mark.parametrize(
    ("profile", "said", "cells"),
    [
        ("sas", "[a] Scale: log-log. [b] Breslow ties.", ["0.40", "(0.15, 1.10)", "(13.0, NE)"]),
        ("r", "[a] Scale: log. [b] Efron ties.", ["0.40", "(0.15, 1.09)", "(18.0, NE)"]),
    ],
)
def test_a_profile_fills_what_is_not_said(made, seen, profile, said, cells):
    """coxph(ties = "breslow"), as SAS; survfit(conf.type = "log"), as R."""
    _, display = made(TIMES, leukemia(), like=profile)
    assert said in notes(display)
    shown = seen(display)
    assert [cell in shown for cell in cells] == [True] * 3
    _, display = made(TIMES, leukemia(), like=profile, ties="efron", km_ci="plain")
    assert "[a] Scale: linear. [b] Efron ties." in notes(display)
