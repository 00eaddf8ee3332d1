"""What stands in the raw forms and feeds stands in SDTM: every answer, sample, transfusion, deviation and dose."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sdtm2adam.simulate import dosing
from sdtm2adam.simulate.screening import screen
from sdtm2adam.simulate.truth import Trial
from sdtm2adam.simulate.visits import plan_visits

Datasets = Callable[[str], pd.DataFrame]
Raw = Callable[[str], pd.DataFrame]
CORE = {f"Q{number}": f"EOR01{number:02d}" for number in range(1, 31)}
FIVE = ["MOBILITY", "SELFCARE", "ACTIVITY", "PAIN", "ANXIETY", "VAS"]
FIVE_CODES = {name: f"EQ5D010{number}" for number, name in enumerate(FIVE, start=1)}


@pytest.fixture(scope="module")
def raw(study: Path) -> Raw:
    """A raw export as text, with USUBJID where it has subjects."""

    def read(name: str) -> pd.DataFrame:
        rows = pd.read_csv(study / "raw" / f"{name}.csv", dtype=str, keep_default_na=False)
        subject = next((column for column in ("SUBJECT", "SUBJ") if column in rows), None)
        return rows.assign(USUBJID="INO-SIM-1022-" + rows[subject]) if subject else rows

    return read


def iso(dates: pd.Series) -> pd.Series:
    """`DD MON YYYY` as ISO 8601, nothing as nothing."""
    return pd.to_datetime(dates, format="%d %b %Y").dt.strftime("%Y-%m-%d").fillna("")


def supplement(sdtm: Datasets, domain: str, qualifier: str) -> pd.Series:
    """The values of a qualifier by subject and sequence."""
    rows = sdtm(f"SUPP{domain}")[lambda all_: all_["QNAM"] == qualifier]
    return rows.assign(SEQ=rows["IDVARVAL"].astype(float)).set_index(["USUBJID", "SEQ"])["QVAL"]


@pytest.mark.parametrize(
    ("form", "codes", "category"), [("QLQC30", CORE, "EORTC QLQ-C30 V3.0"), ("EQ5D", FIVE_CODES, "EQ-5D-3L")]
)
def test_every_answer_is_one_record(raw: Raw, sdtm: Datasets, form: str, codes: dict[str, str], category: str) -> None:
    long = raw(form).melt(["USUBJID", "RECORDID", "QSDAT"], list(codes), "ITEM", "ANSWER")
    long = long[long["ANSWER"] != ""].assign(CODE=lambda x: x["ITEM"].map(codes), DAY=lambda x: iso(x["QSDAT"]))
    qs = sdtm("QS")[lambda all_: (all_["QSCAT"] == category) & (all_["QSSTAT"] == "")]
    wanted = set(zip(long["USUBJID"], long["RECORDID"], long["CODE"], long["DAY"], long["ANSWER"], strict=True))
    ours = set(zip(qs["USUBJID"], qs["QSSPID"], qs["QSTESTCD"], qs["QSDTC"], qs["QSORRES"], strict=True))
    assert len(wanted) > 4000
    assert ours == wanted
    assert len(qs) == len(wanted)
    assert (qs["QSSTRESN"] == qs["QSORRES"].astype(float)).all()


def test_a_questionnaire_not_filled_in_is_one_record_without_answers(raw: Raw, sdtm: Datasets) -> None:
    qs = sdtm("QS")[lambda all_: all_["QSSTAT"] == "NOT DONE"]
    missed = pd.concat([raw(form)[lambda rows: rows["QSND"] == "1"] for form in ("QLQC30", "EQ5D")])
    assert sorted(qs["QSSPID"]) == sorted(missed["RECORDID"])
    assert set(qs["QSTESTCD"]) == {"QSALL"}
    assert (qs["QSORRES"] == "").all()
    reasons = missed.set_index("RECORDID")["QSNDR"].str.upper()
    assert (qs.set_index("QSSPID")["QSREASND"] == reasons.reindex(qs["QSSPID"])).all()


def test_the_last_answers_before_the_first_dose_are_flagged(sdtm: Datasets) -> None:
    qs, dosed = sdtm("QS"), sdtm("DM").set_index("USUBJID")["RFXSTDTC"].str.slice(0, 10)
    flagged = qs[qs["QSLOBXFL"] == "Y"]
    assert (flagged["QSDTC"] <= flagged["USUBJID"].map(dosed)).all()
    before = qs[(qs["QSORRES"] != "") & (qs["QSDTC"] <= qs["USUBJID"].map(dosed)) & (qs["USUBJID"].map(dosed) != "")]
    assert not flagged.duplicated(["USUBJID", "QSTESTCD"]).any()
    assert len(flagged) == len(before.drop_duplicates(["USUBJID", "QSTESTCD"])) > 5000


def test_every_sample_is_one_concentration_after_the_dose_of_its_visit(raw: Raw, sdtm: Datasets) -> None:
    samples, pc = raw("PK"), sdtm("PC")
    wanted = set(zip(samples["USUBJID"], samples["ACTDTM"].str.replace(" ", "T"), samples["CONC"], strict=True))
    assert set(zip(pc["USUBJID"], pc["PCDTC"], pc["PCORRES"], strict=True)) == wanted
    assert len(pc) == len(samples) > 1000
    low = pc["PCORRES"].str.startswith("<")
    assert pc["PCSTRESN"].isna().equals(low)
    assert len(supplement(sdtm, "PC", "PCBLQ")) == low.sum() == (samples["FLAG"] == "BLQ").sum()
    ex = sdtm("EX")[lambda all_: all_["EXTRT"] == "INOTUZUMAB OZOGAMICIN"].set_index(["USUBJID", "VISITNUM"])["EXSTDTC"]
    assert (ex.reindex(pd.MultiIndex.from_frame(pc[["USUBJID", "VISITNUM"]])).to_numpy() == pc["PCRFTDTC"]).all()
    assert ((pc["PCDTC"] > pc["PCRFTDTC"]) == (pc["PCTPTNUM"] > 1)).all()


def test_every_transfusion_is_one_procedure(raw: Raw, sdtm: Datasets) -> None:
    given = raw("TRANSF").set_index("RECORDID")
    pr = sdtm("PR")[lambda all_: all_["PRCAT"] == "TRANSFUSION"].set_index("PRSPID").reindex(given.index)
    names = {"PRBC": "RED BLOOD CELL TRANSFUSION", "Platelets": "PLATELET TRANSFUSION", "FFP": "PLASMA TRANSFUSION"}
    assert len(sdtm("PR")[lambda all_: all_["PRCAT"] == "TRANSFUSION"]) == len(given)
    assert (pr["PRTRT"] == given["TFPROD"].map(names)).all()
    assert (pr["PRSTDTC"] == iso(given["TFDAT"])).all()
    assert (pr["PRDOSE"] == given["TFUNITS"].astype(float)).all()


def test_every_deviation_stands_in_sdtm(raw: Raw, sdtm: Datasets) -> None:
    told = raw("DV").set_index("RECORDID")
    dv = sdtm("DV").set_index("DVSPID").reindex(told.index)
    assert len(sdtm("DV")) == len(told)
    assert (dv["DVTERM"] == told["DVTERM"]).all()
    assert (dv["DVSTDTC"] == iso(told["DVDAT"])).all()
    major = supplement(sdtm, "DV", "DVMAJ").reindex(pd.MultiIndex.from_frame(dv[["USUBJID", "DVSEQ"]]))
    assert (major.to_numpy() == told["DVMAJ"].str[0].to_numpy()).all()


def test_doses_planned_and_not_given_are_the_true_ones(trial: Trial, sdtm: Datasets) -> None:
    cohort, _, _ = screen(trial)
    planned = dosing.plan_infusions(cohort, dosing.plan_doses(cohort, plan_visits(cohort)))
    names = np.array([f"INO-SIM-1022-{subject}" for subject in cohort.subject.to_pylist()])[planned.doses.who]
    visits = [
        f"C{cycle}D{(1, 8, 15)[place - 1]}"
        for cycle, place in zip(planned.doses.cycle, planned.doses.place, strict=True)
    ]
    truth = pd.DataFrame({"GIVEN": planned.doses.given, "PLANNED": planned.planned}, index=[names, visits]).sort_index()
    ec = sdtm("EC")[lambda all_: all_["ECTRT"] == "INOTUZUMAB OZOGAMICIN"]
    scheduled, performed = (
        ec[ec["ECMOOD"] == mood].set_index(["USUBJID", "VISIT"]).sort_index() for mood in ("SCHEDULED", "PERFORMED")
    )
    assert scheduled.index.tolist() == performed.index.tolist() == truth.index.tolist()
    assert (scheduled["ECDOSE"] == truth["PLANNED"]).all()
    assert ((performed["ECOCCUR"] == "Y") == truth["GIVEN"]).all()
    assert ((performed["ECREASOC"] != "") == ~truth["GIVEN"]).all()
    assert (~truth["GIVEN"]).any()
    assert (performed["ECDOSE"].notna() == truth["GIVEN"]).all()
    assert (scheduled["ECLNKGRP"].to_numpy() == performed["ECLNKGRP"].to_numpy()).all()


def test_exposure_is_what_was_collected_of_doses_given(sdtm: Datasets) -> None:
    ec, ex = sdtm("EC"), sdtm("EX")
    given = ec[(ec["ECMOOD"] == "PERFORMED") & (ec["ECOCCUR"] == "Y")]
    linked = given.set_index(["USUBJID", "ECLNKID"]).sort_index()
    ours = ex.set_index(["USUBJID", "EXLNKID"]).sort_index()
    assert ours.index.is_unique
    assert ours.index.tolist() == linked.index.tolist()
    for mine, theirs in (("EXTRT", "ECTRT"), ("EXSTDTC", "ECSTDTC"), ("EXENDTC", "ECENDTC"), ("EXLOT", "ECLOT")):
        assert (ours[mine].to_numpy() == linked[theirs].to_numpy()).all()
    milligrams = (linked["ECDOSU"] == "mg").to_numpy()
    assert (ours["EXDOSE"].to_numpy()[~milligrams] == linked["ECDOSE"].to_numpy()[~milligrams]).all()
    surface = supplement(sdtm, "EC", "ECBSA").astype(float)
    area = surface.reindex(pd.MultiIndex.from_arrays([linked.index.get_level_values(0), linked["ECSEQ"]])).to_numpy()
    exact = linked["ECDOSE"].to_numpy()[milligrams] / area[milligrams]
    assert np.abs(ours["EXDOSE"].to_numpy()[milligrams] - exact).max() <= 0.005 + 1e-9
    assert set(ex["EXDOSU"]) == {"mg/m2", "ug/kg"}
    assert not (ec["ECLNKID"][~ec.index.isin(given.index)] != "").any()


def test_who_stopped_coming_has_visits_not_made_with_their_reason(raw: Raw, sdtm: Datasets) -> None:
    missed = raw("VISIT")[lambda rows: rows["VISYN"] == "No"]
    not_reached = ("Subject dead", "Subject not reached")  # survival contacts, which have no page of their own here
    sv = sdtm("SV")[lambda all_: (all_["SVOCCUR"] == "N") & ~all_["SVREASOC"].isin(not_reached)]
    assert set(zip(sv["USUBJID"], sv["VISIT"], sv["SVREASOC"], strict=True)) == set(
        zip(missed["USUBJID"], missed["FOLDER"].str.upper(), missed["VISREAS"], strict=True)
    )
    assert set(sdtm("SV")["SVCNTMOD"]) == {"", "IN PERSON", "TELEPHONE CALL"}


@pytest.mark.parametrize(
    ("left", "number", "right"), [("CM", "CMAENO", "AE"), ("FA", "FAAENO", "AE"), ("DD", "DDAENO", "AE")]
)
def test_what_belongs_to_an_event_names_one_there_is(sdtm: Datasets, left: str, number: str, right: str) -> None:
    """The link that related records are made of."""
    named = supplement(sdtm, left, number)
    events = set(zip(sdtm(right)["USUBJID"], sdtm(right)["AESPID"], strict=True))
    assert len(named)
    assert {(subject, value) for (subject, _), value in named.items()} <= events


def test_who_was_never_dosed_says_so_in_the_disposition(sdtm: Datasets) -> None:
    ds, dm = sdtm("DS"), sdtm("DM")
    never = ds[ds["DSDECOD"] == "NEVER DOSED"]
    assert sorted(never["USUBJID"]) == sorted(dm.loc[dm["ARMNRS"] == "ASSIGNED, NOT TREATED", "USUBJID"])
    assert set(never["DSSCAT"]) == {"STUDY TREATMENT"}
    assert len(ds[ds["DSSCAT"] == "STUDY TREATMENT"]) == (dm["ARMCD"] != "").sum()
