"""Questionnaires, transfusions, deviations, concentrations, queries and visits not made agree with the other forms."""

from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from sdtm2adam.simulate import FORMS, expect, observe, simulate_trial
from sdtm2adam.simulate.forms import SYSTEM

Raw = dict[str, pd.DataFrame]
CORE = [f"Q{number}" for number in range(1, 31)]
FIVE = ["MOBILITY", "SELFCARE", "ACTIVITY", "PAIN", "ANXIETY"]
LATER = ("QLQC30", "EQ5D", "TRANSF", "DV", "PK", "QUERIES")


def as_date(text: Any) -> Any:
    return pd.to_datetime(text, format="%d %b %Y")


def as_number(text: Any) -> Any:
    return text.astype(float)


def with_arm(raw: Raw, form: str) -> pd.DataFrame:
    arms = raw["IVRS"].set_index("SUBJ")["ARMTXT"]
    return raw[form].assign(
        INO=raw[form]["SUBJECT"].map(arms) == "Arm A - InO", BASE=raw[form]["FOLDER"] == "Screening"
    )


def test_the_same_seed_makes_the_same_records(forms: dict[str, Any], trial: Any) -> None:
    again = observe(trial)
    assert all(again[name].equals(forms[name]) for name in LATER)


def test_one_subject_alone_has_its_records_of_the_large_trial() -> None:
    alone, more = observe(simulate_trial(1, 7)), observe(simulate_trial(40, 7))
    for name in LATER:
        column = "SUBJ" if name == "PK" else "SUBJECT"
        first = set(alone["ENROL"]["SUBJECT"].to_pylist())
        mine = [row for row in more[name].to_pylist() if row[column] in first]
        assert sorted(map(str, alone[name].to_pylist())) == sorted(map(str, mine)), name


def test_answers_are_in_the_range_of_their_item(raw: Raw) -> None:
    core, five = raw["QLQC30"], raw["EQ5D"]
    assert set(as_number(core[CORE[:28]]).stack().dropna()) == {1, 2, 3, 4}
    assert as_number(core[["Q29", "Q30"]]).stack().dropna().between(1, 7).all()
    assert set(as_number(five[FIVE]).stack().dropna()) == {1, 2, 3}
    assert as_number(five["VAS"].dropna()).between(0, 100).all()


def test_a_questionnaire_not_filled_in_has_a_reason_and_no_answers(raw: Raw) -> None:
    for form, items in (("QLQC30", CORE), ("EQ5D", [*FIVE, "VAS"])):
        missed = raw[form]["QSND"] == "1"
        assert 0.1 < missed.mean() < 0.3
        assert raw[form].loc[missed, items].isna().all(axis=None)
        assert raw[form].loc[~missed, items].notna().any(axis=1).all()
        assert (raw[form]["QSNDR"].notna() == missed).all()
    assert (raw["QLQC30"]["QSND"].fillna("") == raw["EQ5D"]["QSND"].fillna("")).all()  # handed out together


def test_questionnaires_are_handed_out_at_visits_that_were_made(raw: Raw) -> None:
    made = raw["VISIT"][raw["VISIT"]["VISYN"] == "Yes"].set_index(["SUBJECT", "FOLDER"])["VISDAT"]
    for form in ("QLQC30", "EQ5D"):
        asked = raw[form].set_index(["SUBJECT", "FOLDER"])["QSDAT"]
        assert asked.index.is_unique
        assert (made.reindex(asked.index) == asked).all()


def test_completion_by_arm_is_the_published_one() -> None:
    """85 percent on inotuzumab ozogamicin and 65 percent on standard of care, once treatment has begun."""
    large = {name: form.to_pandas() for name, form in observe(simulate_trial(3000, 3)).items()}
    later = with_arm(large, "QLQC30")[lambda rows: ~rows["BASE"]]
    filled_in = later["QSND"].isna().groupby(later["INO"]).mean()
    assert abs(filled_in[True] - 0.85) < 0.02
    assert abs(filled_in[False] - 0.65) < 0.03


def test_quality_of_life_follows_performance_status_and_arm(raw: Raw) -> None:
    rows = with_arm(raw, "QLQC30")
    health = (as_number(rows[["Q29", "Q30"]]).mean(axis=1) - 1) / 6 * 100
    function = (1 - (as_number(rows[CORE[:5]]).mean(axis=1) - 1) / 3) * 100
    assert abs(health[rows["BASE"]].mean() - 56) < 3  # published: 56.5 and 55.2
    status = raw["ECOG"].set_index(["SUBJECT", "FOLDER"])["ECOG"].str[0].astype(int)
    score = status.reindex(pd.MultiIndex.from_frame(rows[["SUBJECT", "FOLDER"]])).to_numpy()
    by_status = function.groupby(score).mean()
    assert by_status[0] > by_status[1] + 5 > by_status[2] + 10
    later = ~rows["BASE"]
    assert function[later & rows["INO"]].mean() > function[later & ~rows["INO"]].mean() + 3
    assert abs(function[~later & rows["INO"]].mean() - function[~later & ~rows["INO"]].mean()) < 4


def test_transfusions_answer_low_counts_of_that_day_or_the_day_before(raw: Raw) -> None:
    lab, given = raw["LB_HEM"], raw["TRANSF"]
    factor = lab["PLAT_U"].map({"/mm3": 0.001}).fillna(1)
    counts = pd.DataFrame(
        {
            "SUBJECT": lab["SUBJECT"],
            "DAY": as_date(lab["LBDAT"]),
            "HGB": as_number(lab["HGB"]) * lab["HGB_U"].map({"g/dL": 10, "g/L": 1}),
            "PLAT": as_number(lab["PLAT"]) * factor,
        }
    )
    day = as_date(given["TFDAT"])
    found = []
    for back in (0, 1):
        at = given.assign(DAY=day - pd.Timedelta(days=back)).reset_index()
        both = at.merge(counts, on=["SUBJECT", "DAY"])
        low = both["TFPROD"].map({"PRBC": 1, "Platelets": 2, "FFP": 3})
        enough = ((low != 2) & (both["HGB"] < 80.05)) | ((low != 1) & (both["PLAT"] < 20))
        found.append(both.loc[enough, "index"])
    assert set(pd.concat(found)) == set(given.index)
    share = (counts["PLAT"] < 10).sum()
    assert (given["TFPROD"] == "Platelets").sum() >= 0.95 * share > 100
    assert as_number(given["TFUNITS"]).between(1, 4).all()
    assert not given.duplicated(["SUBJECT", "TFDAT", "TFPROD"]).any()


def test_a_subject_has_a_few_deviations_and_some_are_told_at_length(raw: Raw) -> None:
    number = raw["DV"].groupby("SUBJECT").size().reindex(raw["IVRS"]["SUBJ"]).fillna(0)
    assert 1.0 < number.mean() < 1.6
    assert number.max() <= 5
    length = raw["DV"]["DVTERM"].str.len()
    assert 0.06 < (length > 120).mean() < 0.2
    assert length.max() <= 200
    consent = as_date(raw["ENROL"].set_index("SUBJECT")["ICFDAT"])
    assert (as_date(raw["DV"]["DVDAT"]) >= raw["DV"]["SUBJECT"].map(consent)).all()
    assert set(raw["DV"]["DVMAJ"]) == {"Yes", "No"}


@pytest.mark.parametrize("seed", [321187, 40547])
def test_no_event_no_drug_and_no_transfusion_stands_twice_in_the_export(seed: int) -> None:
    forms = observe(simulate_trial(326, seed))
    own = {"RECORDID", "RECPOS", "AENO", "CMAENO", "AERELINO", "AERELINO_STD", *SYSTEM}
    for name in ("AE", "CM", "TRANSF"):
        rows = forms[name].to_pandas()
        assert not rows.duplicated([column for column in rows if column not in own]).any(), name


def test_concentrations_are_of_doses_given(raw: Raw) -> None:
    pk = raw["PK"].assign(
        VISIT=raw["PK"]["NOMTIME"].str.split(" ").str[0], TIME=raw["PK"]["NOMTIME"].str.split(" ", n=1).str[1]
    )
    doses = raw["EX_INO"][raw["EX_INO"]["EXYN"] == "Yes"].set_index(["SUBJECT", "FOLDER"])
    dose = doses.reindex(pd.MultiIndex.from_frame(pk[["SUBJ", "VISIT"]])).reset_index(drop=True)
    assert dose["EXDAT"].notna().all()
    begin = pd.to_datetime(dose["EXDAT"] + " " + dose["EXSTTIM"], format="%d %b %Y %H:%M")
    drawn = pd.to_datetime(pk["ACTDTM"], format="%Y-%m-%d %H:%M")
    minutes = (drawn - begin).dt.total_seconds() / 60
    for time, (low, high) in {
        "Pre-dose": (-30, 0),
        "End of infusion": (60, 70),
        "3 h after infusion": (240, 250),
    }.items():
        assert minutes[pk["TIME"] == time].between(low, high).all()
    assert (pk["FLAG"].eq("BLQ") == pk["CONC"].str.startswith("<")).all()
    first = pk["NOMTIME"] == "C1D1 Pre-dose"
    assert (pk["FLAG"].eq("BLQ") == first).mean() > 0.98
    level = pd.to_numeric(pk["CONC"], errors="coerce").groupby([pk["VISIT"], pk["TIME"]]).median()
    for visit in ("C1D8", "C1D15", "C2D1"):
        assert level[visit, "End of infusion"] > 1.5 * level[visit, "Pre-dose"] > 0
    assert raw["PK"].set_index(["SUBJ", "NOMTIME"]).index.is_unique


def test_a_query_asks_about_a_field_of_a_record_and_open_ones_are_counted(raw: Raw) -> None:
    queries = raw["QUERIES"]
    for form, rows in queries.groupby("FORM"):
        records = raw[str(form)].set_index("RECORDID")
        asked = records.reindex(rows["RECORDID"])
        assert (asked["SUBJECT"].to_numpy() == rows["SUBJECT"].to_numpy()).all()
        assert set(rows["FIELD"]) <= set(FORMS[str(form)].columns) - set(SYSTEM)
    is_open = queries[queries["STATUS"] == "Open"]
    assert 0.7 < len(is_open) / len(raw["ENROL"]) < 1.7
    counted = pd.concat([form[["RECORDID", "QUERYCNT"]] for name, form in raw.items() if FORMS[name].kind == "form"])
    told = counted.set_index("RECORDID")["QUERYCNT"].astype(int)
    assert told[told > 0].to_dict() == is_open.groupby("RECORDID").size().to_dict()


def test_a_visit_not_made_has_a_reason_and_no_record_of_its_day(raw: Raw) -> None:
    visits = raw["VISIT"]
    missed = visits[visits["VISYN"] == "No"]
    assert len(missed) > 5
    assert missed[["VISDAT", "CONTMODE"]].isna().all(axis=None)
    assert missed["VISREAS"].notna().all()
    assert visits.set_index(["SUBJECT", "FOLDER"]).index.is_unique
    absent = set(zip(missed["SUBJECT"], missed["FOLDER"], strict=True))
    for form in ("VS", "LB_HEM", "EX_INO"):
        assert not absent & set(zip(raw[form]["SUBJECT"], raw[form]["FOLDER"], strict=True))


def test_the_truth_of_earlier_forms_is_what_it_was(forms: dict[str, pa.Table], trial: Any) -> None:
    """Record ids of the forms that were there first: subject, place of the form, place of the record."""
    for place, name in enumerate(FORMS, start=1):
        if FORMS[name].kind == "form":
            ids = forms[name]["RECORDID"].to_pandas().astype(int)
            assert (ids // 1000 % 100 == place).all()
    assert len(expect(trial)["adverse_events"]) == (forms["AE"]["AETERM"].to_pandas().notna()).sum()
