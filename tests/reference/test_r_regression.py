"""Cox and logistic models of several covariates against R 4.2.2, survival 3.5-3, on the invented trial.

With its columns in a data frame d, line a factor, s <- Surv(d$time, d$event), and an id for each subject:

    coxph(s ~ arm + age + line [+ strata(strata)], d, ties = ties, control = coxph.control(eps = 1e-14))
    td <- tmerge(d, d, id = id, death = event(time, event)); td <- tmerge(td, d, id = id, hsct = tdc(change))
    coxph(Surv(tstart, tstop, death) ~ arm + age + line + hsct [+ strata(strata)], td, ties = ties)
    glm(resp ~ arm + age + line, binomial, d, control = glm.control(epsilon = 1e-14)); confint.default()
"""

import numpy as np
import pytest
from invented_trial import AGE, ARM, CHANGE, EVENT, LINE, RESPONSE, STRATA, TIME

from sdtm2adam.analysis.logistic import logistic_model
from sdtm2adam.analysis.survival import cox, cox_model, split_at

COVARIATES = {"arm": ARM, "age": AGE, "line": LINE}

# coef, se of arm, age, CRi, NR (and hsct); log likelihood; likelihood ratio, score and Wald chi-square
COX = {
    ("efron", False): (
        [-0.341511816065491, 0.001515493724395, -0.102513782192351, -0.724557333040778],
        [0.37137931136195, 0.01187310872395, 0.44093774842561, 0.46003847591607],
        (-96.64054255757, -94.76803572439),
        (3.745013666345, 3.605406326984, 3.494352493505),
    ),
    ("efron", True): (
        [-0.240680861494395, -0.000448718799506, -0.240936407570252, -0.839411900336606],
        [0.38869761729513, 0.01215248398747, 0.45214788381546, 0.48554329010492],
        (-64.13504261451, -62.33009906551),
        (3.609887098001, 3.453712061848, 3.313639355747),
    ),
    ("breslow", False): (
        [-0.345740437440045, 0.001583410982035, -0.086254769975905, -0.695571488438789],
        [0.37207733626931, 0.01184273580369, 0.44273455992420, 0.46039946161184],
        (-97.45860764471, -95.68716709669),
        (3.542881096048, 3.411966208002, 3.314824292558),
    ),
    ("breslow", True): (
        [-0.2585541096481536, -0.0006712281794113, -0.2301656306792104, -0.8081675966105482],
        [0.38967963160948, 0.01211791351729, 0.45509817364612, 0.48690130713052],
        (-64.71054713042, -63.01203592245),
        (3.397022415935, 3.248451979576, 3.127050132050),
    ),
}
COX_IN_TIME = {
    ("efron", False): (
        [-0.5058165475290655, 0.0003522031817969, -0.1433052561130386, -0.6929566252306845, 0.7230908822343257],
        [0.40509750957174, 0.01200790994937, 0.44413043258694, 0.46259759733578, 0.56617461036769],
        (-96.64054255757, -94.01914533422),
        (5.242794446694, 5.147138979840, 4.939653596328),
    ),
    ("efron", True): (
        [-0.389906135229386, -0.001116231681042, -0.241795498850828, -0.795149112790377, 0.593336472667354],
        [0.42570778478506, 0.01226718093691, 0.44978393161305, 0.48962252693660, 0.61887936997827],
        (-64.13504261451, -61.89050908909),
        (4.489067050840, 4.294858808723, 4.101535009600),
    ),
    ("breslow", False): (
        [-0.504568197571668, 0.000359494811606, -0.127456730902806, -0.665257178271551, 0.700696565803446],
        [0.40529902399559, 0.01198691593234, 0.44617828086658, 0.46296887026088, 0.56500975267367],
        (-97.45860764471, -94.97959059314),
        (4.958034103137, 4.857078400191, 4.671724656132),
    ),
    ("breslow", True): (
        [-0.410604604562126, -0.001258092923589, -0.234758047804792, -0.766153973500048, 0.610462198826001],
        [0.42620848812418, 0.01222758878027, 0.45284653978886, 0.49075649403200, 0.61759948764065],
        (-64.71054713042, -62.54556566936),
        (4.329962922116, 4.141573546373, 3.965809756590),
    ),
}


def near(values, rel=1e-8):
    return pytest.approx(values, rel=rel)


def agrees(model, expected):
    coefficients, errors, log_likelihood, tests = expected
    z = 1.959963984540054
    effects = [each.ratio for each in model.effects]
    assert [np.log(ratio.estimate) for ratio in effects] == near(coefficients, 1e-7)
    limits = [(b - z * e, b + z * e) for b, e in zip(coefficients, errors, strict=True)]
    assert [(np.log(ratio.lower), np.log(ratio.upper)) for ratio in effects] == [near(limit) for limit in limits]
    assert [ratio.statistic for ratio in effects] == near([b / e for b, e in zip(coefficients, errors, strict=True)])
    assert model.log_likelihood == near(log_likelihood, 1e-11)
    assert [test.statistic for test in (model.likelihood_ratio, model.score, model.wald)] == near(tests)


@pytest.mark.parametrize(("ties", "stratified"), COX)
def test_hazard_ratios_of_several_covariates(ties, stratified):
    model = cox_model(TIME, EVENT, COVARIATES, strata=STRATA if stratified else None, ties=ties)
    agrees(model, COX[ties, stratified])
    assert [(each.term.covariate, each.term.level) for each in model.effects] == [
        ("arm", ""), ("age", ""), ("line", "CRi"), ("line", "NR")
    ]  # fmt: skip
    assert (model.counts.rows, model.counts.events, model.counts.strata) == (48, 31, 3 if stratified else 1)


@pytest.mark.parametrize(("ties", "stratified"), COX_IN_TIME)
def test_hazard_ratios_with_a_covariate_that_changes_in_time(ties, stratified):
    rows = split_at(TIME, EVENT, CHANGE)
    assert rows.subject.size == 54
    model = cox_model(
        rows.stop,
        rows.event,
        {name: values[rows.subject] for name, values in COVARIATES.items()} | {"hsct": rows.changed},
        start=rows.start,
        subject=rows.subject,
        strata=STRATA[rows.subject] if stratified else None,
        ties=ties,
    )
    agrees(model, COX_IN_TIME[ties, stratified])
    assert (model.counts.rows, model.counts.subjects) == (54, 48)


def test_p_values_and_the_test_of_a_factor():
    model = cox_model(TIME, EVENT, COVARIATES)
    assert [each.ratio.p for each in model.effects] == near(
        [0.3577939306006, 0.8984331995812, 0.8161571625880, 0.1152580835325]
    )
    # b <- coef(m)[3:4]; v <- vcov(m)[3:4, 3:4]; sum(b * solve(v, b))
    assert (model.by_covariate["line"].statistic, model.by_covariate["line"].df) == (near(2.663439807543), 2)


def test_an_infinite_ratio_is_not_estimable_and_the_others_are_as_in_r():
    # e <- ifelse(line == "NR", 0, event): R warns that the coefficient of NR may be infinite, and prints 2e-09
    model = cox_model(TIME, np.where(LINE == "NR", 0, EVENT), COVARIATES)
    runs = model.effect("line", "NR")
    assert (runs.status, runs.estimate, runs.p) == ("NE", None, None)
    assert "no maximum" in runs.reason
    arm, age, cri = (model.effect(*name) for name in (("arm",), ("age",), ("line", "CRi")))
    assert [arm.estimate, arm.lower, arm.upper] == near([0.9598899876252, 0.3958467550467, 2.327640119810], 1e-7)
    assert [age.estimate, age.lower, age.upper] == near([0.9987830677793, 0.9721765762071, 1.026117724801], 1e-7)
    assert [cri.estimate, cri.lower, cri.upper] == near([0.8738289412534, 0.3601447258041, 2.120194921270], 1e-7)
    assert model.likelihood_ratio.statistic == near(22.90834206484502, 1e-7)


def test_one_covariate_is_the_model_of_treatment_alone():
    for strata in (None, STRATA):
        ours, alone = cox_model(TIME, EVENT, {"arm": ARM}, strata=strata).effect("arm"), cox(TIME, EVENT, ARM, strata)
        assert [ours.estimate, ours.lower, ours.upper, ours.p] == near(
            [alone.estimate, alone.lower, alone.upper, alone.p]
        )


def test_odds_ratios_of_several_covariates():
    model = logistic_model(RESPONSE, COVARIATES)
    ratios = [each.ratio for each in model.effects]
    assert [ratio.estimate for ratio in ratios] == near(
        [3.1101806961119, 1.0143440607793, 3.9505135679153, 1.2302871273782]
    )
    assert [ratio.lower for ratio in ratios] == near(
        [0.89369069145450, 0.97776509588259, 0.85288858512442, 0.28246932312843]
    )
    assert [ratio.upper for ratio in ratios] == near([10.823905916177, 1.052291473659, 18.298471479726, 5.358480698112])
    assert [ratio.p for ratio in ratios] == near(
        [0.07453457763032, 0.44724076891623, 0.07900055034247, 0.78250510233806]
    )
    assert model.log_likelihood == near((-33.10420456114, -29.78025437407))
    assert model.score.statistic == near(
        6.343184964839
    )  # anova(glm(resp ~ 1), m, test = "Rao"), epsilon = 1e-14 in both


def test_separation_leaves_the_other_odds_ratios_as_in_r():
    # r <- ifelse(line == "NR", 0, resp): R prints exp(-32) with limits 0 and Inf for NR
    model = logistic_model(np.where(LINE == "NR", 0, RESPONSE), COVARIATES)
    assert model.effect("line", "NR").status == "NE"
    others = [model.effect(*name) for name in (("arm",), ("age",), ("line", "CRi"))]
    assert [np.log(ratio.estimate) for ratio in others] == near(
        [1.1669523073770, 0.0489055804575, 1.8153161873036], 1e-7
    )
    assert [ratio.upper for ratio in others] == near([16.3755061243895, 1.1069393651925, 35.0206875018230], 1e-7)
    assert [ratio.p for ratio in others] == near([0.16026382449987, 0.06889965367326, 0.04094665731310], 1e-6)
