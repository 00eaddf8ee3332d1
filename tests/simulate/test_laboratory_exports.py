"""The laboratory's forms: units of the site, boxes for what was not done, values that follow disease and treatment."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from sdtm2adam.simulate import FORMS, observe, simulate_trial
from sdtm2adam.simulate.forms import LB_CHEM_TESTS, LB_COAG_TESTS, LB_HEM_TESTS
from sdtm2adam.simulate.laboratory import read_tests
from sdtm2adam.simulate.screening import site_countries, site_numbers
from sdtm2adam.simulate.streams import Streams

Raw = dict[str, pd.DataFrame]
CONVENTIONAL, KATAL = {"USA", "JPN", "KOR", "TWN"}, {"SWE", "CZE"}
ENZYMES = ("ALP", "ALT", "AST", "GGT", "LDH", "LIPASE", "AMYLASE")
PANELS = {"LB_HEM": LB_HEM_TESTS, "LB_CHEM": LB_CHEM_TESTS, "LB_COAG": LB_COAG_TESTS}
MG_PER_DL = 10_000 / 584.66
"""One mg/dL of bilirubin in µmol/L."""


def country(lab: pd.DataFrame) -> pd.Series:
    places = dict(zip(site_numbers(), site_countries(), strict=True))
    return lab["SUBJECT"].str.slice(0, 4).map(places)


def bilirubin(lab: pd.DataFrame) -> pd.Series:
    """In µmol/L."""
    return pd.to_numeric(lab["BILI"]) * np.where(lab["BILI_U"] == "mg/dL", MG_PER_DL, 1)


@pytest.fixture(scope="module")
def many() -> Raw:
    """A larger trial, for rates."""
    wanted = ("LB_CHEM", "IVRS", "BM", "AE", "EX_INO", "VOD", "IE", "LB_COAG")
    return {name: form.to_pandas() for name, form in observe(simulate_trial(1500, 5)).items() if name in wanted}


def test_the_lists_of_tests_are_those_of_the_forms() -> None:
    assert tuple(read_tests("hematology")) == LB_HEM_TESTS
    assert tuple(read_tests("chemistry")) == LB_CHEM_TESTS
    assert tuple(read_tests("coagulation")) == LB_COAG_TESTS


def test_a_laboratory_prints_in_the_units_of_its_country(raw: Raw) -> None:
    lab = raw["LB_CHEM"]
    where, has = country(lab), lambda test: lab[test].notna()
    for test in ("BILI", "CREAT", "GLUC", "CA", "UREA"):
        assert ((lab[f"{test}_U"] == "mg/dL") == where.isin(CONVENTIONAL))[has(test)].all()
    for test in ENZYMES:
        assert ((lab[f"{test}_U"] == "µkat/L") == where.isin(KATAL))[has(test)].all()
        assert set(lab[f"{test}_U"].dropna()) == {"U/L", "µkat/L"}
    assert (raw["LB_COAG"]["INR_U"].isna()).all()


def test_each_test_has_a_result_with_its_unit_or_a_box(raw: Raw) -> None:
    boxes = 0
    for form, tests in PANELS.items():
        lab = raw[form]
        for test in tests:
            assert (lab[test].notna() ^ (lab[f"{test}_ND"] == "1")).all(), test
            if test != "INR":
                assert (lab[test].notna() == lab[f"{test}_U"].notna()).all(), test
            boxes += int((lab[f"{test}_ND"] == "1").sum())
    for form in ("LB_CHEM", "LB_COAG"):
        some = raw[form][[f"{test}_ND" for test in PANELS[form]]].notna().any(axis=1)
        assert (raw[form]["LBNDR"].notna() == some).all()
    assert 100 < boxes < 1000


def test_every_result_has_limits_in_its_unit_on_its_day(raw: Raw) -> None:
    limits = raw["LABRANGES"]
    first = limits.groupby(["LABID", "TEST", "UNIT"], dropna=False)["EFFDT"].min()
    for form, tests in PANELS.items():
        for test in tests:
            lab = raw[form][raw[form][test].notna()]
            day = pd.to_datetime(lab["LBDAT"], format="%d %b %Y").dt.strftime("%Y-%m-%d")
            key = pd.MultiIndex.from_arrays([lab["LABID"], [test] * len(lab), lab[f"{test}_U"]])
            since = first.reindex(key)
            assert since.notna().all(), test
            assert (since.to_numpy() <= day.to_numpy()).all()


def test_limits_have_decimal_commas_and_change_while_the_trial_runs(raw: Raw) -> None:
    limits = raw["LABRANGES"]
    low, high = (pd.to_numeric(limits[end].str.replace(",", ".")) for end in ("LO", "HI"))
    assert high.notna().all()
    assert (low[low.notna()] <= high[low.notna()]).all()
    assert not limits["HI"].str.contains(".", regex=False).any()
    changed = limits.groupby("LABID")["EFFDT"].nunique()
    assert 0.2 < (changed > 1).mean() < 0.5
    assert limits["LABID"].nunique() == len(site_numbers())
    "".join(limits["UNIT"].dropna().unique()).encode(FORMS["LABRANGES"].encoding)


def test_limits_of_one_laboratory_leave_no_age_and_no_sex_out(raw: Raw) -> None:
    limits = raw["LABRANGES"].astype({"AGELO": int, "AGEHI": int})
    for sex in ("M", "F"):
        mine = limits[limits["SEX"].isin([sex, "B"])]
        covered = (mine["AGEHI"] - mine["AGELO"] + 1).groupby([mine["LABID"], mine["TEST"], mine["EFFDT"]]).sum()
        assert (covered == 120 - 18 + 1).all()


def test_bilirubin_at_a_vod_is_that_of_its_form(raw: Raw) -> None:
    vod = raw["VOD"].merge(raw["LB_CHEM"], left_on=["SUBJECT", "VDDAT"], right_on=["SUBJECT", "LBDAT"], validate="1:1")
    vod = vod[vod["BILI"].notna()]
    assert len(vod) > 15
    told, printed = pd.to_numeric(vod["VDBILI"]), bilirubin(vod)
    assert ((told - printed).abs() <= np.where(vod["BILI_U"] == "mg/dL", 0.05 * MG_PER_DL + 1e-6, 1e-9)).all()
    assert (pd.to_numeric(vod["BILDIR"]) < pd.to_numeric(vod["BILI"])).all()


def test_a_vod_raises_transaminases_and_clotting_times(many: Raw) -> None:
    days = many["VOD"].set_index("SUBJECT")["VDDAT"]
    chemistry, clotting = many["LB_CHEM"], many["LB_COAG"]
    at_vod = [(lab["SUBJECT"].map(days) == lab["LBDAT"]) for lab in (chemistry, clotting)]
    normal = [chemistry["AST_U"] == "U/L", clotting["INR"].notna()]
    for lab, test, vod, known, times in (
        (chemistry, "AST", at_vod[0], normal[0], 3.0),
        (clotting, "INR", at_vod[1], normal[1], 1.3),
    ):
        values = pd.to_numeric(lab[test])
        assert values[vod & known].median() > times * values[~vod & known].median()


def test_an_adverse_event_of_the_liver_is_seen_in_its_test(many: Raw) -> None:
    events = many["AE"][(many["AE"]["AETERM"] == "bilirubin increased") & (many["AE"]["GRADE"] >= "Grade 3")]
    both = events.merge(many["LB_CHEM"], on="SUBJECT")
    day, start, end = (pd.to_datetime(both[name], format="%d %b %Y") for name in ("LBDAT", "AESTDAT", "AEENDAT"))
    during = both[(day >= start) & (day <= end) & both["BILI"].notna()]
    vod = set(many["VOD"]["SUBJECT"])
    during = during[~during["SUBJECT"].isin(vod)]
    assert len(during) > 15
    assert (bilirubin(during) >= 3 * 20.5).all()


def test_ldh_goes_with_the_blasts(many: Raw) -> None:
    lab = many["LB_CHEM"][many["LB_CHEM"]["FOLDER"] == "Screening"].set_index("SUBJECT")
    ldh = np.log(pd.to_numeric(lab["LDH"]) * np.where(lab["LDH_U"] == "µkat/L", 60, 1)).dropna()
    marrow = many["BM"][many["BM"]["FOLDER"] == "Screening"].set_index("SUBJECT")["BMBLAST"].astype(float)
    assert np.corrcoef(ldh, marrow.reindex(ldh.index))[0, 1] > 0.5


def test_who_failed_screening_for_bilirubin_has_too_much(many: Raw) -> None:
    lab = many["LB_CHEM"][many["LB_CHEM"]["FOLDER"] == "Screening"].set_index("SUBJECT")
    excluded = set(many["IE"].loc[many["IE"]["IECODE"] == "E11", "SUBJECT"])
    value = bilirubin(lab).dropna()
    randomised = value[value.index.isin(many["IVRS"]["SUBJ"])]
    assert (value[value.index.isin(excluded)] > 1.5 * 20.5).all()
    assert (randomised > 1.5 * 20.5).mean() < 0.002


@pytest.mark.parametrize(
    ("test", "limit", "shares"),
    [("AST", 40, (71, 38)), ("ALT", 40, (49, 46)), ("GGT", 55, (67, 68)), ("ALP", 120, (57, 52)),
     ("BILI", 20.5, (36, 35)), ("LIPASE", 60, (32, 20)), ("AMYLASE", 100, (15, 9))],
)  # fmt: skip
def test_raised_tests_on_treatment_are_as_common_as_published(
    many: Raw, test: str, limit: float, shares: tuple[float, float]
) -> None:
    """Of subjects with a sample on treatment; events and VOD come on top of the law, so a little above it."""
    lab = many["LB_CHEM"][many["LB_CHEM"]["FOLDER"].str.match("C[1-6]|End")]
    values = bilirubin(lab) if test == "BILI" else pd.to_numeric(lab[test])
    values = values * np.where(lab[f"{test}_U"] == "µkat/L", 60, 1)
    highest = values.groupby(lab["SUBJECT"]).max()
    arm = many["IVRS"].set_index("SUBJ")["ARMTXT"].reindex(highest.index)
    for name, share in zip(("Arm A - InO", "Arm B - SC"), shares, strict=True):
        assert 100 * (highest[arm == name] > limit).mean() == pytest.approx(share, abs=10)


def test_a_pregnancy_test_is_of_women_who_can_bear_children(raw: Raw) -> None:
    fertile = set(raw["ENROL"].loc[raw["ENROL"]["CHILDPOT"] == "Yes", "SUBJECT"])
    tested = raw["LB_SERO"][raw["LB_SERO"]["PREG"].notna()]
    assert set(tested["SUBJECT"]) == fertile
    first = raw["LB_SERO"][raw["LB_SERO"]["FOLDER"] == "Screening"]
    assert set(first["SUBJECT"]) == set(raw["ENROL"]["SUBJECT"])
    assert first[["HBSAG", "HBCAB", "HCAB"]].notna().all().all()


def test_urine_is_one_row_per_test(raw: Raw) -> None:
    urine = raw["LB_URIN"]
    assert (urine.groupby(["SUBJECT", "LBDAT"])["UTEST"].nunique() == 8).all()
    acidity = urine.loc[urine["UTEST"] == "pH", "URES"].astype(float)
    gravity = urine.loc[urine["UTEST"] == "Specific gravity", "URES"].astype(float)
    assert acidity.between(5, 8.5).all()
    assert gravity.between(1.005, 1.03).all()
    words = set(urine.loc[~urine["UTEST"].isin(["pH", "Specific gravity"]), "URES"])
    assert words == {"Negative", "Trace", "1+", "2+", "3+", "Positive"}


def test_stages_of_the_laboratory_are_drawn_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """No stage of the new forms is one of the old: the same name would give the same numbers twice."""
    asked: dict[str, Any] = {}
    drawn = Streams.uniform

    def noted(self: Streams, stage: str, subjects: int, draws: int, start: int = 0) -> Any:
        asked.setdefault(self.prefix + stage, set()).add(draws)
        return drawn(self, stage, subjects, draws, start)

    monkeypatch.setattr(Streams, "uniform", noted)
    observe(simulate_trial(20, 3))
    assert {"chemistry", "coagulation by subject", "urine", "heart", "laboratory limits"} <= set(asked)
    assert all(len(widths) == 1 for widths in asked.values()), asked
