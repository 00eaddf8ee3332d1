"""ADEX as written against a second derivation from the written SDTM, and against the doses of the simulated truth."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from second_derivation import complete, derive_adsl, derive_responses, with_supplement

from sdtm2adam.simulate import dosing
from sdtm2adam.simulate.screening import screen
from sdtm2adam.simulate.truth import Trial
from sdtm2adam.simulate.visits import plan_visits

Datasets = Callable[[str], pd.DataFrame]
SUMS = {"CUMDOSE": "INOTUZUMAB OZOGAMICIN", "CUMARA": "CYTARABINE", "CUMFLU": "FLUDARABINE", "CUMMXN": "MITOXANTRONE",
        "CUMGCS": "FILGRASTIM"}  # fmt: skip


@pytest.fixture(scope="module")
def adsl(sdtm: Datasets) -> pd.DataFrame:
    return derive_adsl(sdtm)


@pytest.fixture(scope="module")
def given(sdtm: Datasets) -> pd.DataFrame:
    """Doses given, with their day and the cycle of their visit (C2D8 is of cycle 2)."""
    ex = sdtm("EX")
    return ex.assign(DAY=complete(ex["EXSTDTC"]), CYCLE=ex["VISIT"].str.extract(r"^C(\d)D", expand=False).astype(int))


@pytest.fixture(scope="module")
def due(sdtm: Datasets) -> pd.DataFrame:
    """Doses of inotuzumab ozogamicin that were due, given or not, as the form tells them."""
    ec = with_supplement(sdtm("EC"), sdtm("SUPPEC"), "ECADJCRF", "ECINT")
    return ec[(ec["ECTRT"] == "INOTUZUMAB OZOGAMICIN") & (ec["ECMOOD"] == "PERFORMED")]


@pytest.fixture(scope="module")
def cycles(sdtm: Datasets, adsl: pd.DataFrame, given: pd.DataFrame) -> pd.DataFrame:
    """Cycles started of inotuzumab ozogamicin with the dose given and the dose planned."""
    ino = given[given["EXTRT"] == "INOTUZUMAB OZOGAMICIN"]
    found = ino.groupby(["USUBJID", "CYCLE"]).agg(DOSE=("EXDOSE", "sum"), START=("DAY", "min")).reset_index()
    answers = derive_responses(sdtm, adsl)
    remission = answers["CRCRIINV.ADT"].where(answers["CRCRIINV"] == "Y")
    in_remission = found["USUBJID"].map(remission) <= found["START"]
    return found.assign(PLAN=np.where(in_remission, 1.5, 1.8))


def parameter(adam: Datasets, code: str, value: str = "AVAL") -> pd.Series:
    """The value of each subject."""
    rows = adam("ADEX")[lambda all_: all_["PARAMCD"] == code].set_index("USUBJID")
    assert rows.index.is_unique
    return rows[value].sort_index()


def assert_same(ours: pd.Series, theirs: pd.Series) -> None:
    theirs = theirs.sort_index()
    assert list(ours.index) == list(theirs.index)
    assert np.allclose(ours.to_numpy(dtype=float), theirs.to_numpy(dtype=float), rtol=0, atol=1e-9)


@pytest.mark.parametrize("code", SUMS)
def test_the_cumulative_dose_is_the_sum_of_the_doses_given(adam: Datasets, given: pd.DataFrame, code: str) -> None:
    rows = given[given["EXTRT"] == SUMS[code]]
    assert_same(parameter(adam, code), rows.groupby("USUBJID")["EXDOSE"].sum())


def test_cycles_started_are_those_with_a_dose(adam: Datasets, given: pd.DataFrame, adsl: pd.DataFrame) -> None:
    ours = parameter(adam, "NCYC")
    assert set(ours.index) == set(adsl.index[adsl["SAFFL"] == "Y"])
    assert_same(ours, given.groupby("USUBJID")["CYCLE"].nunique())
    assert (parameter(adam, "NCYC", "AVALC").astype(int) == ours).all()


def test_duration_in_weeks_runs_from_the_first_dose_to_the_last(adam: Datasets, adsl: pd.DataFrame) -> None:
    dosed = adsl[adsl["SAFFL"] == "Y"]
    assert_same(parameter(adam, "TRTDUR"), ((dosed["TRTEDT"] - dosed["TRTSDT"]).dt.days + 1) / 7)


def test_relative_dose_intensity_is_given_over_planned_in_cycles_started(adam: Datasets, cycles: pd.DataFrame) -> None:
    sums = cycles.groupby("USUBJID").agg(DOSE=("DOSE", "sum"), PLAN=("PLAN", "sum"), N=("CYCLE", "size"))
    assert_same(parameter(adam, "PLANDOSE"), sums["PLAN"])
    assert_same(parameter(adam, "RDI"), 100 * sums["DOSE"] / sums["PLAN"])
    assert_same(parameter(adam, "ADI"), sums["DOSE"] / sums["N"])
    assert_same(parameter(adam, "PDI"), sums["PLAN"] / sums["N"])
    assert set(cycles["PLAN"]) == {1.5, 1.8}
    assert parameter(adam, "RDI").between(30, 110).all()


def test_each_cycle_has_its_dose_and_its_plan(adam: Datasets, cycles: pd.DataFrame) -> None:
    rows = adam("ADEX")
    for code, column in (("CYCINO", "DOSE"), ("CYCPLAN", "PLAN")):
        ours = rows[rows["PARAMCD"] == code].set_index(["USUBJID", "AVISITN"])["AVAL"].sort_index()
        assert_same(ours, cycles.set_index(["USUBJID", "CYCLE"])[column])


@pytest.mark.parametrize(
    ("code", "column", "answer"),
    [
        ("DELAY", "ECADJCRF", "Delayed"),
        ("REDUC", "ECADJCRF", "Reduced"),
        ("OMIT", "ECOCCUR", "N"),
        ("INTER", "ECINT", "Yes"),
    ],
)
def test_changes_of_doses_are_counted(adam: Datasets, due: pd.DataFrame, code: str, column: str, answer: str) -> None:
    counts = due[column].eq(answer).groupby(due["USUBJID"]).sum()
    assert counts.max() > 0
    assert_same(parameter(adam, f"N{code}"), counts)
    assert (parameter(adam, f"ANY{code}", "AVALC") == counts.sort_index().gt(0).map({True: "Y", False: "N"})).all()


def test_each_dose_that_was_due_is_a_record(adam: Datasets, due: pd.DataFrame, given: pd.DataFrame) -> None:
    rows = adam("ADEX")
    ours = rows[rows["PARAMCD"] == "DOSEINO"].merge(due, on=["USUBJID", "ECSEQ"], how="outer", validate="1:1")
    assert len(ours) == len(due)
    doses = given.set_index(["USUBJID", "EXLNKID"])["EXDOSE"]
    wanted = doses.reindex(pd.MultiIndex.from_frame(ours[["USUBJID", "ECLNKID_y"]])).fillna(0)
    assert np.allclose(ours["AVAL"], wanted)
    assert ((ours["AVAL"] == 0) == (ours["ECOCCUR"] == "N")).all()
    others = rows[rows["PARCAT1"].eq("DOSE") & rows["PARAMCD"].ne("DOSEINO")]
    assert others["AVAL"].sum() == pytest.approx(given.loc[given["EXTRT"] != "INOTUZUMAB OZOGAMICIN", "EXDOSE"].sum())


def test_the_regimen_received_is_the_one_chosen(adam: Datasets) -> None:
    ours = parameter(adam, "SCREGA", "AVALC")
    chosen = adam("ADSL").set_index("USUBJID")["SCREG"]
    assert (ours == chosen[ours.index]).all()
    assert set(ours) == {"FLAG", "MXN", "HIDAC"}


def test_dose_parameters_are_of_their_arm_only(adam: Datasets) -> None:
    """Empty cells, not counts of 0: the forms of standard of care do not ask for delays."""
    rows = adam("ADEX")
    arms = rows.groupby("PARAMCD")["TRT01AN"].agg(lambda arm: sorted(set(arm)))
    assert arms["NCYC"] == arms["TRTDUR"] == [1, 2]
    assert all(arms[code] == [1] for code in ("CUMDOSE", "RDI", "NDELAY", "ANYINTER", "DOSEINO"))
    assert all(arms[code] == [2] for code in ("CUMARA", "SCREGA", "DOSEFLU"))


def test_doses_given_are_those_of_the_truth(adam: Datasets, trial: Trial) -> None:
    cohort = screen(trial)[0]
    doses = dosing.plan_doses(cohort, plan_visits(cohort))
    names = np.array([f"INO-SIM-1022-{subject}" for subject in cohort.subject.to_pylist()])
    ino = doses.where(doses.regimen == -1)
    assert_same(parameter(adam, "NDOSE"), pd.Series(ino.given).groupby(names[ino.who]).sum())
    assert_same(parameter(adam, "NOMIT"), pd.Series(~ino.given).groupby(names[ino.who]).sum())
    some = doses.where(doses.given)
    assert_same(parameter(adam, "NCYC"), pd.Series(some.cycle).groupby(names[some.who]).nunique())
