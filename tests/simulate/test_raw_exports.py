"""The raw exports say what the truth says, and nothing after death, loss or the data cut-off."""

import re
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from sdtm2adam.resources import shelf
from sdtm2adam.simulate import FORMS, expect, observe, simulate_trial
from sdtm2adam.simulate.codes import code_list
from sdtm2adam.simulate.forms import SUBJECT_COLUMN
from sdtm2adam.simulate.observation import observe_parts
from sdtm2adam.simulate.parameters import read_parameters

Raw = dict[str, pd.DataFrame]
_DATE = re.compile(r"^\d\d [A-Z]{3} \d{4}$")


def as_date(text: Any) -> Any:
    """`DD MON YYYY` as time stamps; partial dates are missing."""
    return pd.to_datetime(text, format="%d %b %Y", errors="coerce")


def subjects(ids: Any) -> Any:
    return "INO-SIM-1022-" + ids


def test_each_form_has_exactly_its_columns_and_only_text(forms: dict[str, Any]) -> None:
    assert list(forms) == list(FORMS)
    for name, form in forms.items():
        assert tuple(form.column_names) == FORMS[name].columns
        assert set(form.schema.types) == {pa.string()}
        assert form.num_rows > 0, name


def test_every_record_of_a_form_has_its_own_id(raw: Raw) -> None:
    ids = pd.concat([form["RECORDID"] for name, form in raw.items() if FORMS[name].kind == "form"])
    assert ids.notna().all()
    assert ids.is_unique


def test_a_code_belongs_to_its_label(raw: Raw) -> None:
    for name, form in FORMS.items():
        for field in form.coded:
            pairs = code_list(name, field)
            assert (raw[name][field].map(pairs).fillna("") == raw[name][f"{field}_STD"].fillna("")).all(), field


def test_every_record_is_marked_as_synthetic(raw: Raw) -> None:
    for name, form in FORMS.items():
        if form.kind == "form":
            assert (raw[name]["PROJECTID"] == "INO-SIM-1022").all()


def test_a_longer_trial_has_the_same_records_of_the_same_subjects(raw: Raw, trial: Any) -> None:
    longer = {name: form.to_pandas() for name, form in observe(simulate_trial(1000, trial.seed)).items()}
    for name, form in raw.items():
        column = "SUBJECT" if FORMS[name].kind == "form" else SUBJECT_COLUMN.get(name)
        key = (
            [column] if column else {"CODING": ["FORM", "RECORDID"], "SITES": ["SITEID"], "LABRANGES": ["LABID"]}[name]
        )
        wanted = longer[name].merge(form[key].drop_duplicates(), on=key)
        order = list(form.columns)
        pd.testing.assert_frame_equal(
            wanted[order].sort_values(order, ignore_index=True), form.sort_values(order, ignore_index=True)
        )


def test_the_parts_observed_at_a_time_change_nothing(forms: dict[str, Any], trial: Any) -> None:
    parts = list(observe_parts(trial, 100))
    for name in FORMS:
        together = pa.concat_tables([part[name] for part in parts]).to_pandas()
        order = list(together.columns)
        pd.testing.assert_frame_equal(
            together.sort_values(order, ignore_index=True),
            forms[name].to_pandas().sort_values(order, ignore_index=True),
        )


def test_nothing_is_dated_after_the_cut_off(raw: Raw) -> None:
    cut = pd.Timestamp(read_parameters("design")["cutoff"])
    looked_at = 0
    for name, form in raw.items():
        for column in form.columns:
            texts = form[column].dropna().astype(str)
            if (name in ("CFLOW", "EAC") and column.endswith(("Date", "DT"))) or column == "ACTDTM":
                days = pd.to_datetime(texts)
            elif name == "ECG" and column == "ECGDTM":
                days = pd.to_datetime(texts.str.slice(0, 10), format="%m/%d/%Y")
            elif name in ("IVRS", "MRD") and column in ("RANDDT", "COLDT"):
                days = pd.to_datetime(texts, format="%d%b%Y")
            elif len(texts) and texts.str.match(_DATE).any():
                days = as_date(texts).dropna()
            else:
                continue
            looked_at += len(days)
            assert days.max() <= cut, (name, column)
    assert looked_at > 20_000


def test_nothing_is_dated_after_death(raw: Raw) -> None:
    death = as_date(raw["DEATH"].set_index("SUBJECT")["DTHDAT"])
    for name, form in raw.items():
        if FORMS[name].kind != "form":
            continue
        for column in form.columns.difference(["SAVETS"]):
            texts = form[column].dropna().astype(str)
            if len(texts) and texts.str.match(_DATE).any():
                days, died = as_date(texts), form.loc[texts.index, "SUBJECT"].map(death)
                assert not (days > died).any(), (name, column)


def test_overall_survival_from_the_forms_is_the_truth(raw: Raw, expected: Raw) -> None:
    start = pd.to_datetime(raw["IVRS"].set_index("SUBJ")["RANDDT"], format="%d%b%Y")
    death = as_date(raw["DEATH"].set_index("SUBJECT")["DTHDAT"]).reindex(start.index)
    alive = as_date(raw["SURV"]["SVLASTAL"]).groupby(raw["SURV"]["SUBJECT"]).max().reindex(start.index)
    days = (death.fillna(alive) - start).dt.days + 1
    truth = expected["subjects"].set_index("USUBJID")
    days.index = subjects(days.index)
    assert (truth["OSDAYS"] == days).all()
    assert int(truth["DEATH"].sum()) == len(raw["DEATH"])


def test_progression_free_survival_from_the_forms_is_the_truth(raw: Raw, expected: Raw) -> None:
    start = pd.to_datetime(raw["IVRS"].set_index("SUBJ")["RANDDT"], format="%d%b%Y")
    resp = raw["RESP"].assign(DAY=as_date(raw["RESP"]["RSDAT"]))
    remission = set(resp.loc[resp["RESP"].isin(["CR", "CRi"]), "SUBJECT"])
    failed = resp[resp["RESP"].isin(["Progressive disease", "Relapse"])].groupby("SUBJECT")["DAY"].min()
    new = raw["FUTX"][raw["FUTX"]["FTINTENT"] == "Induction"]
    hsct = raw["HSCT"]
    treated = pd.concat([as_date(new.set_index("SUBJECT")["FTSTDAT"]), as_date(hsct.set_index("SUBJECT")["HSDAT"])])
    treated = treated[~treated.index.isin(remission)].groupby(level=0).min()
    death = as_date(raw["DEATH"].set_index("SUBJECT")["DTHDAT"])
    event = pd.concat([failed, treated, death], axis=1).reindex(start.index).min(axis=1)
    last = resp.groupby("SUBJECT")["DAY"].max().reindex(start.index).fillna(start)
    days = (event.fillna(last) - start).dt.days + 1
    truth = expected["subjects"].set_index("USUBJID")
    days.index = subjects(days.index)
    event.index = days.index
    assert (truth["PFSEVENT"] == event.notna()).all()
    assert (truth["PFSDAYS"] == days).all()


def test_response_from_the_forms_is_the_truth(raw: Raw, expected: Raw) -> None:
    resp = raw["RESP"].assign(DAY=as_date(raw["RESP"]["RSDAT"]))
    good = resp[resp["RESP"].isin(["CR", "CRi"])].sort_values("DAY").groupby("SUBJECT").first()
    good.index = subjects(good.index)
    truth = expected["subjects"].set_index("USUBJID")
    responders = truth[truth["BEST"] != "None"]
    assert set(good.index) == set(responders.index)
    assert (good["DAY"].reindex(responders.index) == responders["RESPDT"]).all()
    assert (good["RESP"].reindex(responders.index) == responders["BEST"]).all()


def test_complete_remission_has_recovered_counts_and_an_empty_marrow(raw: Raw) -> None:
    lab = in_si_units(raw["LB_HEM"])
    resp = raw["RESP"].merge(lab, left_on=["SUBJECT", "RSDAT"], right_on=["SUBJECT", "LBDAT"], validate="1:1")
    assert len(resp) == len(raw["RESP"])
    complete, incomplete = resp[resp["RESP"] == "CR"], resp[resp["RESP"] == "CRi"]
    assert len(complete) > 100
    assert (complete["PLAT"] >= 100).all()
    assert (complete["NEUT"] >= 1).all()
    assert ((incomplete["PLAT"] < 100) | (incomplete["NEUT"] < 1)).all()
    assert (complete["BLAST"] == 0).all()
    marrow = raw["BM"].merge(raw["RESP"], left_on=["SUBJECT", "BMDAT"], right_on=["SUBJECT", "RSDAT"])
    blasts = marrow["BMBLAST"].astype(float)
    remission, aplasia = marrow["RESP"].isin(["CR", "CRi"]), marrow["RESP"] == "Aplasia/indeterminate"
    assert (blasts[remission] < 5).all()
    assert (blasts[~remission & ~aplasia] >= 5).all()
    assert (blasts[marrow["RESP"] == "PR"] <= 25).all()
    assert (marrow["BMQUAL"][blasts.isna()] == "Dry tap").all()


def in_si_units(lab: pd.DataFrame) -> pd.DataFrame:
    """Platelets, neutrophils and blasts in 10^9/L."""
    values = {
        test: np.where(lab[f"{test}_U"] == "/mm3", 0.001, 1) * lab[test].astype(float)
        for test in ("PLAT", "NEUT", "BLAST")
    }
    return pd.DataFrame({"SUBJECT": lab["SUBJECT"], "LBDAT": lab["LBDAT"], **values})


def test_last_dose_on_the_form_is_the_last_dose_given(raw: Raw, expected: Raw) -> None:
    last = as_date(raw["EOT"].set_index("SUBJECT")["LASTDOSE"])
    last.index = subjects(last.index)
    truth = expected["subjects"].set_index("USUBJID")["TRTEDT"].dropna()
    assert (last.reindex(truth.index) == truth).all()
    assert last.notna().sum() == len(truth)


def test_who_left_for_an_adverse_event_has_one_that_ended_treatment(raw: Raw) -> None:
    left = set(raw["EOT"].loc[raw["EOT"]["EOTRSN"] == "Adverse event", "SUBJECT"])
    ended = set(raw["AE"].loc[raw["AE"]["AEACN"] == "Drug withdrawn", "SUBJECT"])
    assert ended <= left
    assert len(ended) > 0.8 * len(left) > 5


def test_subjects_never_dosed_have_no_exposure_and_no_reason_to_stop(raw: Raw) -> None:
    dosed = {s for name in ("EX_INO", "EX_FLAG", "EX_MXN", "EX_HIDAC") for s in raw[name]["SUBJECT"]}
    never = set(raw["IVRS"]["SUBJ"]) - dosed
    assert never
    ended = raw["EOT"].set_index("SUBJECT")
    assert set(ended.index) == dosed | never
    assert ended.loc[sorted(never), ["LASTDOSE", "EOTRSN", "NCYC"]].isna().all(axis=None)
    assert ended.loc[sorted(dosed), ["LASTDOSE", "EOTRSN", "NCYC"]].notna().all(axis=None)
    assert set(raw["AE"]["SUBJECT"]) == dosed
    arms = raw["IVRS"].set_index("SUBJ")["ARMTXT"]
    assert set(arms[sorted(never)]) == {"Arm B - SC"}


def test_screen_failures_have_a_reason_and_no_arm(raw: Raw) -> None:
    failed = set(raw["ENROL"]["SUBJECT"]) - set(raw["IVRS"]["SUBJ"])
    ineligible = raw["IE"][raw["IE"]["ELIG"] == "No"]
    assert set(ineligible["SUBJECT"]) == failed
    assert ineligible["SFREAS"].notna().all()
    assert 0.12 < len(failed) / len(raw["ENROL"]) < 0.32


def test_the_committee_reads_the_first_218_randomised(raw: Raw) -> None:
    order = raw["IVRS"].assign(DAY=pd.to_datetime(raw["IVRS"]["RANDDT"], format="%d%b%Y"))
    first = order.sort_values(["DAY", "SUBJ"]).head(218)
    assert set(raw["EAC"]["SUBJ"]) <= set(first["SUBJ"])


def test_missing_cd22_is_missing_in_the_feed(raw: Raw, expected: Raw) -> None:
    base = raw["CFLOW"][(raw["CFLOW"]["Visit"] == "Screening") & raw["CFLOW"]["CD22Pct"].notna()]
    told = base.set_index(subjects(base["Patient"]))["CD22Pct"].astype(float)
    truth = expected["subjects"].set_index("USUBJID")["CD22BL"].dropna()
    pd.testing.assert_series_equal(told.sort_index(), truth.sort_index(), check_names=False)
    unread = raw["CFLOW"][raw["CFLOW"]["CD22Pct"].isna()]
    assert (unread["Comment"] == "QNS").all()


def test_every_coded_record_is_in_the_coding_feed(raw: Raw) -> None:
    for form, column in (("AE", "AETERM"), ("MH", "MHTERM"), ("CM", "CMTRT")):
        coded = raw["CODING"][raw["CODING"]["FORM"] == form]
        assert set(coded["RECORDID"]) == set(raw[form].loc[raw[form][column].notna(), "RECORDID"])


def test_fatal_events_name_the_day_of_death(raw: Raw) -> None:
    fatal = raw["AE"][raw["AE"]["AEOUT"] == "Fatal"].set_index("SUBJECT")
    assert len(fatal)
    death = raw["DEATH"].set_index("SUBJECT").reindex(fatal.index)
    assert (fatal["AEENDAT"] == death["DTHDAT"]).all()
    assert (fatal["AENO"] == death["DTHAENO"]).all()
    assert (fatal["GRADE"] == "Grade 5").all()


def test_treatment_emergent_rates_are_the_published_ones() -> None:
    large = expect(simulate_trial(8000, 2))
    events, people = large["adverse_events"].to_pandas(), large["subjects"].to_pandas()
    emergent = events[events["TRTEMFL"] == "Y"]
    for arm, anaemia in (("INO", (0.36, 0.24)), ("SC", (0.59, 0.47))):
        treated = people[(people["ARMCD"] == arm) & people["TRTSDT"].notna()]
        mine = emergent[emergent["USUBJID"].isin(treated["USUBJID"]) & (emergent["AEDECOD"] == "Anaemia")]
        any_grade = mine["USUBJID"].nunique() / len(treated)
        severe = mine.loc[mine["AETOXGR"] >= 3, "USUBJID"].nunique() / len(treated)
        assert (any_grade, severe) == pytest.approx(anaemia, abs=0.03)


@pytest.mark.parametrize("seed", range(6))
def test_a_trial_of_one_subject_is_observed(seed: int) -> None:
    forms = observe(simulate_trial(1, seed))
    assert forms["IVRS"].num_rows == 1
    assert all(tuple(form.column_names) == FORMS[name].columns for name, form in forms.items())


def test_progression_free_and_overall_survival_hold_for_other_seeds() -> None:
    for seed in (11,):
        trial = simulate_trial(700, seed)
        forms = {name: form.to_pandas() for name, form in observe(trial).items()}
        told = {name: rows.to_pandas() for name, rows in expect(trial).items()}
        test_overall_survival_from_the_forms_is_the_truth(forms, told)
        test_progression_free_survival_from_the_forms_is_the_truth(forms, told)
        test_response_from_the_forms_is_the_truth(forms, told)
        test_complete_remission_has_recovered_counts_and_an_empty_marrow(forms)
        test_last_dose_on_the_form_is_the_last_dose_given(forms, told)
        test_nothing_is_dated_after_death(forms)
        test_fatal_events_name_the_day_of_death(forms)


def test_visit_labels_are_in_the_visit_table_of_the_study(raw: Raw) -> None:
    table = shelf("specs") / "inovate" / "tables" / "visits.csv"
    known = set(pd.read_csv(table)["LABEL"]) | {"Log", "Unscheduled"}
    folders = {folder for name, form in raw.items() if FORMS[name].kind == "form" for folder in form["FOLDER"]}
    assert folders <= known
