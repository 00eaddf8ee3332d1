"""What a reviewer looks for first: epochs of partial dates, units beside results only, visits, days and origins."""

from collections.abc import Callable

import pandas as pd
import pytest

Datasets = Callable[[str], pd.DataFrame]
DATED = ("AE", "CM", "DV", "EC", "EX", "FA", "LB", "PR", "RS", "VS")


def test_a_date_without_its_day_has_no_epoch_that_it_may_lie_before(sdtm: Datasets) -> None:
    starts = sdtm("SE").groupby(["USUBJID", "EPOCH"])["SESTDTC"].min()
    partial = 0
    for name in DATED:
        records = sdtm(name)
        date = next(c for c in (f"{name}STDTC", f"{name}DTC") if c in records)
        told = records[(records[date].str.len() < 10) & (records[date] != "") & (records["EPOCH"] != "")]
        partial += (records[date].str.len().between(4, 9)).sum()
        begun = pd.Series(
            [starts[key] for key in zip(told["USUBJID"], told["EPOCH"], strict=True)], told.index, dtype=str
        )
        assert (begun.str.slice(0, 7).str.ljust(7) < told[date].str.ljust(7)).all(), name
    assert partial > 0
    prior = sdtm("CM")
    prior = prior[(prior["CMCAT"] == "PRIOR ANTICANCER THERAPY") & (prior["CMSTDTC"].str.len() < 10)]
    assert (prior["EPOCH"] == "").all()


@pytest.mark.parametrize("name", ["CP", "EG", "FA", "LB", "PC", "VS"])
def test_units_and_limits_stand_beside_results_only(sdtm: Datasets, name: str) -> None:
    records = sdtm(name)
    without = records[records[f"{name}ORRES"] == ""]
    beside = [c for c in ("ORRESU", "STRESU", "ORNRLO", "ORNRHI") if name + c in records]
    assert (without[[name + c for c in beside]] == "").all().all()
    assert "ORRESU" in beside


def test_treatment_is_left_in_the_epoch_of_treatment(sdtm: Datasets) -> None:
    ds = sdtm("DS")
    left = ds[ds["DSSCAT"] == "STUDY TREATMENT"]
    assert (left["EPOCH"] == "TREATMENT").eq(left["DSDECOD"] != "NEVER DOSED").all()


def test_findings_of_the_screening_forms_belong_to_the_screening_visit(sdtm: Datasets) -> None:
    fa = sdtm("FA")
    screened = fa["FACAT"].isin(["CYTOGENETICS", "LEUKEMIA HISTORY"])
    assert set(fa.loc[screened, "VISIT"]) == {"SCREENING"}
    assert set(fa.loc[screened, "VISITNUM"]) == {1}
    assert fa.loc[fa["FATESTCD"] == "BILI", "FASTRESN"].notna().all()


def test_every_answer_of_a_form_is_collected(sdtm: Datasets) -> None:
    for name, qualifiers in (("DV", {"DVMAJ"}), ("CM", {"CMINTENT"}), ("EC", {"ECVOL"})):
        supp = sdtm(f"SUPP{name}")
        assert set(supp.loc[supp["QNAM"].isin(qualifiers), "QORIG"]) == {"Collected"}
