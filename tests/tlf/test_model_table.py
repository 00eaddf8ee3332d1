"""Kind model: terms, references, subjects left out, a covariate that changes in time."""

import numpy as np
import pandas as pd
import pytest
from adam_frames import trial
from laws import check_all

from sdtm2adam.errors import InputError, SpecErrors
from sdtm2adam.spec.display import load_display_specs
from sdtm2adam.tlf import analyse, lay_out
from sdtm2adam.tlf.kinds import KINDS

SPEC = """
id: T1
number: Table 1
kind: model
title: Cox model
population: AS_ITT
method: M_COXM
data: {dataset: ADTTE, where: "ADTTE.PARAMCD = 'OS'", time: {var: AVAL, unit: days}, censor: CNSR}
columns:
  - {label: Covariate, width: 61}
  - {label: n, show: n, width: 14}
  - {label: HR, show: hr, width: 18}
  - {label: 95% CI, show: ci2, width: 24}
  - {label: p, show: p, width: 16}
covariates:
  - {label: Age (per 10 years), var: ADSL.AGE, per: 10}
  - {label: Sex, var: ADSL.SEX, levels: {F: Female, M: Male}, ref: Male}
  - {label: HSCT, var: ADSL.HSCTDT, changes: true}
"""


def load(folder, report, text):
    (folder / "T1.yaml").write_text(text, encoding="utf-8")
    return load_display_specs([folder / "T1.yaml"], report, KINDS)["T1"]


def made(tmp_path, report, data, text=SPEC):
    spec = load(tmp_path, report, text)
    results = analyse(spec, report, data)
    display = lay_out(spec, report, results)
    check_all(results, display)
    return results, display


def test_a_line_per_term_and_the_reference_without_ratio(tmp_path, report, seen):
    data = trial()
    _, display = made(tmp_path, report, data)
    lines = seen(display).splitlines()
    assert [line.split(" |")[0] for line in lines] == [
        "Subjects in the model", "Events", "Left out, a covariate is missing",
        "Age (per 10 years)", "Sex", "  Female", "  Male (reference)", "HSCT",
    ]  # fmt: skip
    assert lines[6] == f"  Male (reference) | {(data['ADSL']['SEX'] == 'M').sum()} |  |  |"
    assert len(lines[5].split(" | ")) == 5
    assert lines[4] == "Sex"


def test_units_and_reference_turn_the_ratio(tmp_path, report):
    results, _ = made(tmp_path, report, trial())
    other, _ = made(
        tmp_path, report, trial(), SPEC.replace("per: 10", "per: 1").replace(", ref: Male", ", ref: Female")
    )
    ratios, turned = (
        part.frame[part.frame["op_id"] == "M_COXM.est"].set_index("g1_level")["stat"] for part in (results, other)
    )
    assert ratios["Age (per 10 years)"] == pytest.approx(turned["Age (per 10 years)"] ** 10)
    assert ratios["Sex"] == pytest.approx(1 / turned["Sex"])
    assert set(results.frame.loc[results.frame["method_id"] == "M_COXM", "params"]) == {
        "conf=0.95;ties=efron;sides=2;strata=none"
    }


def test_subjects_without_a_covariate_are_left_out_and_counted(tmp_path, report, seen):
    data = trial()
    subject = data["ADSL"].assign(AGE=data["ADSL"]["AGE"].astype(float))
    subject.loc[:2, "AGE"] = np.nan
    results, display = made(tmp_path, report, {**data, "ADSL": subject})
    assert "Left out, a covariate is missing | 3" in seen(display)
    model = results.frame[results.frame["op_id"] == "M_COXM.est"].iloc[0]
    assert model["n_subj"] == len(subject) - 3
    members = results.members[results.members["member_id"] == model["member_id"]]
    assert set(members["role"]) == {"EVENT", "CENSOR"}


def test_a_transplant_on_the_last_day_or_later_never_counts(tmp_path, report, seen):
    data = trial()
    last = data["ADSL"]["LSTALVDT"]
    results, display = made(tmp_path, report, {**data, "ADSL": data["ADSL"].assign(HSCTDT=last)})
    line = next(line for line in seen(display).splitlines() if line.startswith("HSCT"))
    assert line == "HSCT | 0 | NE | (NE, NE) | NE"
    terms = results.frame[results.frame["g1_level"] == "HSCT"]
    assert (terms.loc[terms["status"] == "NE", "status_reason"] != "").all()


@pytest.mark.bad_input("B094")
def test_nobody_dies(tmp_path, report, seen):
    data = trial()
    _, display = made(tmp_path, report, {**data, "ADTTE": data["ADTTE"].assign(CNSR=1)})
    assert "Events | 0" in seen(display)
    assert "NE | (NE, NE) | NE" in seen(display)


def test_nobody_is_in_the_set(tmp_path, report, seen):
    data = trial()
    _, display = made(tmp_path, report, {**data, "ADSL": data["ADSL"].assign(ITTFL="N")})
    assert "Subjects in the model | 0" in seen(display)


def test_stratified_by_the_factors_of_the_report(tmp_path, report):
    plain, _ = made(tmp_path, report, trial())
    strata, _ = made(tmp_path, report, trial(), SPEC.replace("method: M_COXM", "method: M_COXM\nstrata: true"))
    first, second = (part.frame[part.frame["op_id"] == "M_COXM.est"] for part in (plain, strata))
    assert (first["stat"].to_numpy() != second["stat"].to_numpy()).all()
    assert "strata=ADSL.STRAT1R+ADSL.STRAT2R+ADSL.STRAT3R" in second["params"].iloc[0]


def test_a_value_that_is_no_level_stops(tmp_path, report):
    data = trial()
    subject = data["ADSL"].assign(SEX=data["ADSL"]["SEX"].where(data["ADSL"].index != 4, "U"))
    with pytest.raises(InputError, match=r"1 subjects have a value of ADSL.SEX that is no level: U"):
        made(tmp_path, report, {**data, "ADSL": subject})


def test_the_shell(tmp_path, report, seen):
    shell = lay_out(load(tmp_path, report, SPEC), report, None)
    assert seen(shell).splitlines()[3] == "Age (per 10 years) | xxx | x.xx | (x.xx, x.xx) | x.xxxx"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("ref: Male", "ref: Man", "unknown level 'Man'"),
        ("var: ADSL.AGE", "var: ADLB.AGE", "'ADLB.AGE' is no variable of ADSL"),
        ("show: hr", "show: n_pct", "the format n_pct asks for n, pct"),
        ("show: hr", "show: hazard", "unknown format 'hazard'"),
        ("width: 18", "width: 17", "the widths of the columns sum to 132, not 133"),
        (", censor: CNSR", "", "a Cox model needs time and censor"),
        ("per: 10", "per: 10, ref: x", "a number has no reference"),
        ("label: HSCT,", "label: Sex,", "two covariates are called 'Sex'"),
        ("var: ADSL.AGE, per: 10", "var: ADSL.AGE, changes: true", "a second covariate changes in time"),
        ("label: Sex", "label: 'Sex [a]'", r"the marker \[a\] has no footnote"),
        ("method: M_COXM", "method: M_GLM", "'M_GLM' is not one of M_COXM"),
    ],
)
def test_faults_are_told(tmp_path, report, old, new, said):
    with pytest.raises(SpecErrors, match=said):
        load(tmp_path, report, SPEC.replace(old, new))


def test_the_order_of_subjects_does_not_count(tmp_path, report):
    data = trial()
    first, _ = made(tmp_path, report, data)
    turned = {name: frame.iloc[::-1].reset_index(drop=True) for name, frame in data.items()}
    again, _ = made(tmp_path, report, turned)
    pd.testing.assert_frame_equal(first.frame, again.frame)
