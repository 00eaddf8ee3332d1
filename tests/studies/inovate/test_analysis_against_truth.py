"""Analysis variables of all subjects against what happened to them in the trial; no rule of the specs is read."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from sdtm2adam.simulate import dosing
from sdtm2adam.simulate.ending import CAUSES, cause_of_death, treatment_end_reason
from sdtm2adam.simulate.entry import local_cd22
from sdtm2adam.simulate.screening import Cohort, screen
from sdtm2adam.simulate.truth import Trial
from sdtm2adam.simulate.visits import plan_visits

Datasets = Callable[[str], pd.DataFrame]
VOD_DAYS = 730
"""VOD/SOS is counted in the treated, up to this day from randomisation."""
END_REASONS = [
    None, "PROCEEDED TO HSCT", "ADVERSE EVENT", "PROGRESSIVE DISEASE", "LACK OF EFFICACY", "WITHDRAWAL BY SUBJECT",
    "DEATH", "PHYSICIAN DECISION",
]  # fmt: skip


@pytest.fixture(scope="module")
def cohort(trial: Trial) -> Cohort:
    return screen(trial)[0]


@pytest.fixture(scope="module")
def truth(cohort: Cohort) -> pd.DataFrame:
    """The truth of each subject as seen at the cut-off; days count from randomisation, infinite is never."""
    flat = {name: values for name, values in cohort.truth.items() if values.ndim == 1}
    index = pd.Index([f"INO-SIM-1022-{subject}" for subject in cohort.subject.to_pylist()], name="USUBJID")
    frame = pd.DataFrame(flat, index=index)
    doses = dosing.plan_doses(cohort, plan_visits(cohort))
    frame["last_dose_day"] = dosing.last_dose_day(cohort, doses)
    frame["first"] = np.arange(len(frame)) < 218
    for name in ("hsct", "vod", "new_therapy"):
        frame[f"{name}_seen"] = frame[f"{name}_day"] <= frame["until"]
    return frame.sort_index()


@pytest.fixture(scope="module")
def adsl(adam: Datasets) -> pd.DataFrame:
    return adam("ADSL").set_index("USUBJID").sort_index()


@pytest.fixture(scope="module")
def parameter(adam: Datasets) -> Callable[[str], pd.DataFrame]:
    """The records of a parameter by subject, whatever dataset has it."""
    rows = pd.concat([adam(name) for name in ("ADRS", "ADTTE")])

    def of(name: str) -> pd.DataFrame:
        chosen = rows[rows["PARAMCD"] == name].set_index("USUBJID").sort_index()
        assert chosen.index.is_unique
        return chosen

    return of


def equal(ours: pd.Series, true: object) -> None:
    """Every record has the true value; a flag is true where it is Y; none equals none."""
    wanted = true.reindex(ours.index) if isinstance(true, pd.Series) else pd.Series(true, ours.index)
    if wanted.dtype == bool and ours.dtype != bool:
        ours = ours == "Y"
    both = pd.DataFrame({"ours": ours, "true": wanted}).astype(object)
    both = both.mask(both.isna() | (both == ""), None)
    unequal = both[(both["ours"] != both["true"]) & ~(both["ours"].isna() & both["true"].isna())]
    assert unequal.empty, f"{len(unequal)} of {len(both)} differ\n{unequal.head(10)}"


# --- subjects --------------------------------------------------------------------------------------------------------


def test_populations(truth: pd.DataFrame, adsl: pd.DataFrame) -> None:
    equal(adsl["ITT218FL"], truth["first"])
    equal(adsl["SAFFL"], truth["treated"])
    equal(adsl["CD22EVFL"], ~truth["cd22_missing"])
    equal(adsl["RESPFL"], truth["responder"])
    equal(adsl["MRDNGFL"], truth["mrd_negative"])
    equal(adsl["MRDEVFL"], truth["responder"])  # a marrow is measured whenever a remission is found
    flags = ["ITTFL", "ITT218FL", "SAFFL", "RESPFL", "RESPEFL", "RSPEVFL", "CD22EVFL", "MRDEVFL", "MRDNGFL", "HSCTFL"]
    assert adsl[flags].isin(["Y", "N"]).all().all()


def test_groups_by_cd22_and_by_intensity(truth: pd.DataFrame, adsl: pd.DataFrame) -> None:
    known, cd22 = ~truth["cd22_missing"], truth["cd22"]
    group = np.select([~known, cd22 < 70, cd22 < 90], ["Missing", "<70%", "70-<90%"], ">=90%")
    equal(adsl["CD22GR2"], group)
    equal(adsl["CD22GR2N"], pd.Series(group, truth.index).map({">=90%": 1, "70-<90%": 2, "<70%": 3, "Missing": 9}))
    assert set(adsl["CD22NERS"][~known]) == {"No sample", "Insufficient blasts"}
    assert (adsl["CD22NERS"][known] == "").all()
    mesf = np.rint(truth["mesf"].where(known))
    cuts = np.quantile(mesf.dropna(), [0.25, 0.5, 0.75], method="averaged_inverted_cdf")
    quartile = np.select([mesf <= cut for cut in cuts], ["Q1", "Q2", "Q3"], "Q4")
    equal(adsl["MESFGR1"], pd.Series(quartile, truth.index).where(known, ""))
    assert adsl["MESFGR1"].value_counts()[["Q1", "Q2", "Q3", "Q4"]].between(68, 70).all()


def test_the_local_laboratory(cohort: Cohort, adsl: pd.DataFrame) -> None:
    form = local_cd22(cohort).to_pandas()
    form.index = "INO-SIM-1022-" + form["SUBJECT"].str.removeprefix("INO-SIM-1022-")
    share = form["CDPCT"].astype(float).sort_index()
    equal(adsl["CD22LBL"], share)
    equal(adsl["CD22LGR1"], np.select([share >= 90, share < 90], [">=90%", "<90%"], "Missing"))
    equal(adsl["CD22LRS"], form["CDRES"])


def test_regimen_of_standard_of_care(truth: pd.DataFrame, adsl: pd.DataFrame) -> None:
    regimen = pd.Series(np.array(["FLAG", "MXN", "HIDAC"])[truth["sc_choice"]], truth.index)
    equal(adsl["SCREG"], regimen)
    equal(adsl["SCREGA"], regimen.where((truth["arm"] == 1) & truth["treated"], ""))


def test_disposition(cohort: Cohort, truth: pd.DataFrame, adsl: pd.DataFrame) -> None:
    reason = pd.Series(treatment_end_reason(cohort), [f"INO-SIM-1022-{s}" for s in cohort.subject.to_pylist()])
    why = reason.map(dict(enumerate(END_REASONS))).reindex(adsl.index).where(truth["treated"]).fillna("")
    equal(adsl["DCTREAS"], why)
    status = np.select([~truth["treated"], why != ""], ["", "DISCONTINUED"], "COMPLETED")
    equal(adsl["EOTSTT"], status)
    lost = ~truth["died"] & (truth["lost_day"] <= truth["until"])
    left = [truth["died"], lost & truth["withdrew"], lost]
    equal(adsl["DCSREAS"], np.select(left, ["DEATH", "WITHDRAWAL BY SUBJECT", "LOST TO FOLLOW-UP"], ""))
    equal(adsl["EOSSTT"], np.where(adsl["DCSREAS"] != "", "DISCONTINUED", "ONGOING"))


def test_deaths(cohort: Cohort, truth: pd.DataFrame, adsl: pd.DataFrame) -> None:
    names = [f"INO-SIM-1022-{subject}" for subject in cohort.subject.to_pylist()]
    cause = pd.Series(np.array([*CAUSES, ""])[cause_of_death(cohort)], names)
    equal(adsl["DTHCAUS"], cause.str.upper())
    equal(adsl["DTHCGR1"], cause.replace({"VOD": "VOD/SOS", "GVHD": "Other"}))
    died, day = truth["died"], truth["death_day"]
    since = (day - truth["last_dose_day"]).where(died & truth["treated"])
    equal(adsl["LDDTHELD"], since)
    equal(adsl["DTH30LFL"], since <= 30)
    equal(adsl["DTH30FFL"], died & truth["treated"] & (day - truth["first_dose_day"] <= 30))
    equal(adsl["DTH100FL"], died & truth["hsct_seen"] & (day - truth["hsct_day"] <= 100))
    again = truth["hsct_relapse_day"] <= truth["until"]
    equal(adsl["NRMFL"], died & truth["hsct_seen"] & ~again)


def test_transplants(truth: pd.DataFrame, adsl: pd.DataFrame) -> None:
    equal(adsl["HSCTFL"], truth["hsct_seen"])
    equal(adsl["HSCTDIR"], truth["hsct_seen"] & truth["hsct_direct"])


def test_last_known_alive(truth: pd.DataFrame, adsl: pd.DataFrame) -> None:
    days = (adsl["LSTALVDT"] - adsl["RANDDT"]).dt.days
    equal(days[~truth["died"]], truth["until"][~truth["died"]])
    assert (days <= truth["until"]).all()


# --- responses -------------------------------------------------------------------------------------------------------


def test_remission_by_kind_cycle_and_mrd(truth: pd.DataFrame, parameter: Callable[[str], pd.DataFrame]) -> None:
    responder, complete = truth["responder"], truth["complete"]
    equal(parameter("CRINV")["AVALC"], responder & complete)
    equal(parameter("CRIINV")["AVALC"], responder & ~complete)
    cycle = parameter("RCYCINV")
    assert set(cycle.index) == set(truth.index[responder])
    equal(cycle["AVAL"], truth["response_cycle"])
    equal((cycle["ADT"] - cycle["RANDDT"]).dt.days, truth["response_day"])
    measured = parameter("MRDSINV")["AVALC"]
    equal(measured, pd.Series(np.where(truth["mrd_negative"], "NEGATIVE", "POSITIVE"), truth.index))
    equal(parameter("RELAPSE")["AVALC"], truth["remission_end_day"] <= truth["until"])


def test_remission_by_the_committee(
    cohort: Cohort, truth: pd.DataFrame, adsl: pd.DataFrame, parameter: Callable[[str], pd.DataFrame]
) -> None:
    """Of a few responders the committee accepts no remission, of a few it calls CR what was CRi, or the other way."""
    names = [f"INO-SIM-1022-{subject}" for subject in cohort.subject.to_pylist()]
    turn = pd.Series(cohort.uniform("committee by subject", 1)[:, 0], names).reindex(truth.index)
    accepted = truth["first"] & truth["responder"] & ~(turn > 1 - 0.03)
    equal(adsl["RESPEFL"], accepted)
    complete = truth["complete"] ^ (turn < 0.09)
    equal(parameter("CREAC")["AVALC"], accepted & complete)
    equal(parameter("CRIEAC")["AVALC"], accepted & ~complete)
    assert set(parameter("BOREAC").index) == set(truth.index[truth["first"]])


# --- times -----------------------------------------------------------------------------------------------------------


def test_times_to_one_event(truth: pd.DataFrame, parameter: Callable[[str], pd.DataFrame]) -> None:
    """The event of each subject who has it, and its day; the others are censored, not later than what was seen."""
    zero = pd.Series(0.0, truth.index)
    vod_counted = truth["vod_seen"] & (truth["vod_day"] <= VOD_DAYS)
    for name, start, day, there in (
        ("OS", zero, truth["death_day"], truth["died"]),
        ("TTR", zero, truth["response_day"], truth["responder"]),
        ("TTHSCT", zero, truth["hsct_day"], truth["hsct_seen"]),
        ("TTVOD", truth["first_dose_day"][truth["treated"]], truth["vod_day"], vod_counted),
        ("OSHSCT", truth["hsct_day"][truth["hsct_seen"]], truth["death_day"], truth["died"]),
    ):
        rows = parameter(name)
        assert list(rows.index) == list(start.index)
        event = there.reindex(rows.index)
        equal(rows["CNSR"] == 0, event)
        equal(rows["AVAL"][event], (day - start + 1).reindex(rows.index)[event])
        assert (rows["AVAL"] <= (truth["until"] - start + 1).reindex(rows.index)).all()


def test_censorings_of_survival_and_of_competing_deaths(
    truth: pd.DataFrame, parameter: Callable[[str], pd.DataFrame]
) -> None:
    lost = ~truth["died"] & (truth["lost_day"] <= truth["until"])
    why = np.select(
        [truth["died"], lost & truth["withdrew"], lost], ["", "Withdrew consent", "Lost to follow-up"], "Alive"
    )
    equal(parameter("OS")["CNSDTDSC"].str.replace("Alive at data cut-off", "Alive"), why)
    rows = parameter("TTHSCT")
    equal(rows["CNSDTDSC"] == "Died without event", truth["died"] & ~truth["hsct_seen"])
    equal(rows["CNSR"] == 2, truth["died"] & ~truth["hsct_seen"])


def test_duration_of_remission(truth: pd.DataFrame, parameter: Callable[[str], pd.DataFrame]) -> None:
    responder, complete = truth["responder"], truth["complete"]
    for name, who in (("DOR", responder), ("DORCR", responder & complete), ("DORCRI", responder & ~complete)):
        rows, true = parameter(name), truth[who]
        assert list(rows.index) == list(true.index)
        failed = true["failed"]
        equal(rows["CNSR"] == 0, failed)
        equal(rows["AVAL"][failed], (true["pfs_event_day"] - true["response_day"] + 1)[failed])
        relapsed = failed & (true["remission_end_day"] == true["pfs_event_day"])
        equal(rows["EVNTDESC"], np.select([relapsed, failed], ["Relapse from CR/CRi", "Death"], "Censored"))


def test_events_of_progression_free_survival(truth: pd.DataFrame, parameter: Callable[[str], pd.DataFrame]) -> None:
    """What ended it: relapse, death, new therapy where that was how failure was seen, transplant, progression."""
    day, failed = truth["pfs_event_day"], truth["failed"]
    what = np.select(
        [
            ~failed,
            truth["responder"] & (truth["remission_end_day"] == day),
            truth["death_day"] == day,
            truth["new_therapy_is_failure"] & (truth["new_therapy_day"] == day),
            truth["hsct_day"] == day,
        ],
        ["Censored", "Relapse from CR/CRi", "Death", "New induction therapy without CR/CRi", "HSCT without CR/CRi"],
        "Progressive disease",
    )
    equal(parameter("PFS")["EVNTDESC"], what)
    treated_anew = truth["new_therapy_is_failure"]
    standard, alike = parameter("PFSSTD"), ~treated_anew & (what != "HSCT without CR/CRi")
    for name in ("AVAL", "CNSR", "EVNTDESC"):
        equal(standard[name][alike], parameter("PFS")[name][alike])
    later = standard[treated_anew]
    equal(later["CNSR"] == 0, truth["died"][treated_anew])
    equal(later["AVAL"][later["CNSR"] == 0], (truth["death_day"] + 1)[treated_anew])


# --- adverse events --------------------------------------------------------------------------------------------------


def test_first_and_worst_events(expected: dict[str, pd.DataFrame], adam: Datasets) -> None:
    """Each subject has one flagged record at each level; it is of the first day, and of the worst grade."""
    truth = expected["adverse_events"]
    truth = truth[truth["TRTEMFL"] == "Y"].assign(D=lambda all_: pd.to_datetime(all_["ASTDT"]))
    ours = adam("ADAE")
    for level, first, worst in (
        ([], "AOCCFL", "AOCCIFL"),
        (["AEBODSYS"], "AOCCSFL", "AOCCSIFL"),
        (["AEBODSYS", "AEDECOD"], "AOCCPFL", "AOCCPIFL"),
    ):
        by = ["USUBJID", *level]
        groups = truth.groupby(by)
        began = ours[ours[first] == "Y"].set_index(by)["ASTDT"].sort_index()
        grade = ours[ours[worst] == "Y"].set_index(by)["ATOXGRN"].sort_index()
        equal(began.dt.normalize().astype("datetime64[s]"), groups["D"].min().astype("datetime64[s]"))
        equal(grade, groups["AETOXGR"].max())


def test_fatal_events_durations_and_phases(
    expected: dict[str, pd.DataFrame], truth: pd.DataFrame, adam: Datasets
) -> None:
    events = expected["adverse_events"].assign(AENO=lambda x: x["AENO"].astype(int)).set_index(["USUBJID", "AENO"])
    ours = adam("ADAE").assign(AENO=lambda x: x["AESPID"].astype(int)).set_index(["USUBJID", "AENO"])
    ours = ours.reindex(events.index)
    equal(ours["AFATFL"], events["AETOXGR"] == 5)
    vod = events["AEDECOD"] == "Venoocclusive liver disease"
    who = ours.index.get_level_values("USUBJID")
    start = (ours["ASTDT"] - ours["RANDDT"]).dt.days
    equal(ours["ANL01FL"], vod & truth["treated"].reindex(who).to_numpy() & (start <= VOD_DAYS))
    hsct = truth["hsct_day"].where(truth["hsct_seen"], np.inf).reindex(who).to_numpy()
    equal(ours["APHASE"], np.where(start >= hsct, "POST-HSCT", "PRE-HSCT"))
    equal(ours["ADYHSCT"], (start - hsct).where(start >= hsct))
    equal(ours["ADYLDOSE"], start - truth["last_dose_day"].reindex(who).to_numpy())
    assert (vod & (ours["APHASE"] == "POST-HSCT")).sum() == (truth["hsct_vod_day"] <= truth["until"]).sum()
    ended = ours["AENDT"].notna()
    equal(ours["ADURN"][ended], ((ours["AENDT"] - ours["ASTDT"]).dt.days + 1)[ended])
    assert (ours["ADURN"][~ended].isna()).all()
    assert (ours["ADURN"][ended] > 0).all()
