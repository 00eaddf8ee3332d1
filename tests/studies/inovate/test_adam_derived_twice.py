"""ADaM as written to XPT against a second derivation from the written SDTM: each cell, each subject."""

from collections.abc import Callable

import pandas as pd
import pytest
from second_baseline import derive_baseline
from second_derivation import derive_adsl, derive_emergence, derive_responses, derive_times

Datasets = Callable[[str], pd.DataFrame]
KEPT = ["STARTDT", "ADT", "CNSR", "AVAL", "EVNTDESC", "CNSDTDSC"]


@pytest.fixture(scope="module")
def adsl(sdtm: Datasets) -> pd.DataFrame:
    return derive_adsl(sdtm)


@pytest.fixture(scope="module")
def responses(sdtm: Datasets, adsl: pd.DataFrame) -> pd.DataFrame:
    return derive_responses(sdtm, adsl)


@pytest.fixture(scope="module")
def times(sdtm: Datasets, adsl: pd.DataFrame, responses: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return derive_times(sdtm, adsl, responses)


def assert_same(ours: pd.Series, theirs: pd.Series, name: str) -> None:
    """Equal in every row; none equals none, whatever its kind."""
    both = pd.DataFrame({"written": ours, "derived": theirs.reindex(ours.index)}).astype(object)
    both = both.mask(both.isna() | (both == ""), None)
    unequal = both[(both["written"] != both["derived"]) & ~(both["written"].isna() & both["derived"].isna())]
    assert unequal.empty, f"{name}: {len(unequal)} of {len(both)} differ\n{unequal.head(10)}"


def test_adsl_has_the_randomised_subjects(adam: Datasets, adsl: pd.DataFrame) -> None:
    assert sorted(adam("ADSL")["USUBJID"]) == sorted(adsl.index)
    assert len(adsl) == 326


@pytest.mark.parametrize(
    "name",
    [
        *("TRT01P", "RANDDT", "TRTSDT", "TRTEDT", "EOTDT", "ITTFL", "SAFFL", "ITT218FL"),
        *("CD22BL", "CD22GR1", "CD22GR1N", "MESFBL", "SCREG"),
        *("STRAT1R", "STRAT2R", "STRAT3R", "STRAT1V", "STRAT2V", "STRAT3V"),
        *("DTHDT", "LSTALVDT", "HSCTDT", "HSCTFL", "NEWTRTDT", "TEAEEDT"),
    ],
)
@pytest.mark.bad_input("B101")
def test_a_variable_of_adsl_is_as_derived_again(adam: Datasets, adsl: pd.DataFrame, name: str) -> None:
    assert_same(adam("ADSL").set_index("USUBJID")[name], adsl[name], name)


@pytest.fixture(scope="module")
def baseline(sdtm: Datasets, adsl: pd.DataFrame) -> pd.DataFrame:
    return derive_baseline(sdtm, adsl["RANDDT"])


@pytest.mark.parametrize(
    "name",
    [
        *("AGE", "AGEGR1", "SEX", "RACE", "REGION1", "BSABL", "ECOGBL", "SALVCRF", "PRREGGR1", "PRHSCTFL", "PHFL"),
        *("KARYOGR1", "BMBLBL", "BMBLGR1", "PBBLBL", "WBCBL", "PLATBL", "HGBBL", "EMDFL"),
    ],
)
def test_a_baseline_characteristic_is_as_derived_again(adam: Datasets, baseline: pd.DataFrame, name: str) -> None:
    assert baseline[name].nunique() > 1
    assert_same(adam("ADSL").set_index("USUBJID")[name], baseline[name], name)


def test_no_subject_of_adsl_is_a_mere_guess(adsl: pd.DataFrame) -> None:
    """The second derivation finds both answers of each question, so that equality says something."""
    assert set(adsl["SAFFL"]) == set(adsl["ITT218FL"]) == set(adsl["HSCTFL"]) == {"Y", "N"}
    assert set(adsl["CD22GR1N"]) == {1, 2, 9}
    assert adsl["DTHDT"].notna().any()
    assert set(adsl["GONE"]) == {"", "Withdrew consent", "Lost to follow-up"}


@pytest.mark.parametrize("name", ["BORINV", "BOREAC", "CRCRIINV", "CRCRIEAC", "MRDINV", "MRDEAC"])
def test_a_response_is_as_derived_again(adam: Datasets, responses: pd.DataFrame, name: str) -> None:
    rows = adam("ADRS")[lambda all_: all_["PARAMCD"] == name].set_index("USUBJID")
    assert rows.index.is_unique
    assert set(rows.index) == set(responses.index[responses[name].notna()])
    assert_same(rows["AVALC"], responses[name], name)
    assert_same(rows["ADT"], responses[f"{name}.ADT"], f"{name} date")


@pytest.mark.parametrize("name", ["OS", "PFS", "PFSSTD", "DOR"])
def test_a_time_to_event_is_as_derived_again(adam: Datasets, times: dict[str, pd.DataFrame], name: str) -> None:
    rows = adam("ADTTE")[lambda all_: all_["PARAMCD"] == name].set_index("USUBJID")
    assert rows.index.is_unique
    assert set(rows.index) == set(times[name].index)
    for column in KEPT:
        assert_same(rows[column], times[name][column], f"{name} {column}")


def test_treatment_emergence_is_as_derived_again(sdtm: Datasets, adam: Datasets, adsl: pd.DataFrame) -> None:
    keys = ["USUBJID", "AESEQ"]
    ours, theirs = adam("ADAE").set_index(keys), derive_emergence(sdtm, adsl).set_index(keys)
    assert set(ours.index) == set(theirs.index)
    for name in ("ASTDT", "TRTEMFL"):
        assert_same(ours[name], theirs[name], name)
    assert set(theirs["TRTEMFL"]) == {"Y", ""}
