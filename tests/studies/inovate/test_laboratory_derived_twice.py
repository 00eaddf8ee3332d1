"""ADLB as written against a second derivation from the written SDTM: each record, peaks and Hy's law."""

from collections.abc import Callable

import pandas as pd
import pytest
from second_derivation import derive_adsl
from second_laboratory import BOTTOM, MULTIPLES, SHARES, TOP, derive_laboratory

Datasets = Callable[[str], pd.DataFrame]
KEYS = ["USUBJID", "PARAMCD", "LBSEQ"]
PEAKS = {"PKALT": "ALT", "PKAST": "AST", "PKBILI": "BILI", "PKALP": "ALP"}


@pytest.fixture(scope="module")
def adsl(sdtm: Datasets) -> pd.DataFrame:
    return derive_adsl(sdtm)


@pytest.fixture(scope="module")
def derived(sdtm: Datasets, adsl: pd.DataFrame) -> pd.DataFrame:
    return derive_laboratory(sdtm, adsl)


@pytest.fixture(scope="module")
def written(adam: Datasets) -> pd.DataFrame:
    return adam("ADLB")


@pytest.fixture(scope="module")
def both(written: pd.DataFrame, derived: pd.DataFrame) -> pd.DataFrame:
    results = written[written["PARCAT1"] != "LIVER SAFETY"]
    found = results.merge(derived, on=KEYS, how="outer", suffixes=("", "_2"), validate="1:1", indicator=True)
    assert (found["_merge"] == "both").all()
    assert len(found) > 120_000
    return found


def assert_equal(frame: pd.DataFrame, one: str, other: str) -> None:
    """Equal in every record; none equals none."""
    left, right = (
        frame[name].astype(object).mask(frame[name].isna() | (frame[name] == ""), None) for name in (one, other)
    )
    unequal = frame[(left != right) & ~(left.isna() & right.isna())]
    assert unequal.empty, f"{one}: {len(unequal)} of {len(frame)}\n{unequal[[*KEYS, one, other]].head(10)}"


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("AVAL", "LBSTRESN"), ("ADT", "ADT_2"), ("ANRLO", "LBSTNRLO"), ("ANRHI", "LBSTNRHI"), ("ANRIND", "LBNRIND"),
        ("ATOXGRL", "ATOXGRL_2"), ("ATOXGRH", "ATOXGRH_2"), ("ABLFL", "ABLFL_2"), ("ONTRTFL", "ONTRTFL_2"),
        ("BASE", "BASE_2"), ("BNRIND", "BNRIND_2"), ("BTOXGRL", "BTOXGRL_2"), ("BTOXGRH", "BTOXGRH_2"),
        ("ANL02FL", "WORSTL"), ("ANL03FL", "WORSTH"),
    ],
)  # fmt: skip
def test_a_variable_is_as_derived_again(both: pd.DataFrame, ours: str, theirs: str) -> None:
    assert both[ours].nunique() > 1
    assert_equal(both, ours, theirs)


def test_every_graded_test_is_in_the_data_and_no_other_has_a_grade(both: pd.DataFrame) -> None:
    for column, tests in (("ATOXGRL", {**BOTTOM, **SHARES}), ("ATOXGRH", {**TOP, **MULTIPLES})):
        graded = both.loc[both[column] != "", "PARAMCD"]
        assert set(graded) == set(tests)
        assert set(both[column]) == {"", "0", "1", "2", "3", "4"}
    assert (both["TOXREAS"] == "").all()


def test_a_grade_above_zero_is_a_result_outside_the_limits_of_normal(both: pd.DataFrame) -> None:
    low, high = both["ATOXGRL"].isin(list("1234")), both["ATOXGRH"].isin(list("1234"))
    assert set(both.loc[low, "ANRIND"]) == {"LOW"}
    assert set(both.loc[high, "ANRIND"]) == {"HIGH"}
    assert not (low & high).any()


def test_changes_and_shifts_begin_after_the_first_dose(both: pd.DataFrame) -> None:
    after = ~both["BEFORE"]
    assert (both.loc[~after, ["SHIFT1", "SHIFT2", "SHIFT3"]] == "").all().all()
    assert both.loc[~after, "CHG"].isna().all()
    change = both.loc[after, "AVAL"] - both.loc[after, "BASE"]
    assert both.loc[after & both["BASE"].notna(), "CHG"].notna().all()
    assert ((both.loc[after, "CHG"] - change).abs().fillna(0) < 1e-9).all()
    for name, old, new in (
        ("SHIFT1", "BNRIND", "ANRIND"),
        ("SHIFT2", "BTOXGRL", "ATOXGRL"),
        ("SHIFT3", "BTOXGRH", "ATOXGRH"),
    ):
        told = after & (both[old] != "") & (both[new] != "")
        assert (both.loc[told, name] == both.loc[told, old] + " to " + both.loc[told, new]).all()
        assert (both.loc[~told, name] == "").all()


def test_one_result_of_each_planned_visit_is_analysed(both: pd.DataFrame) -> None:
    analysed = both[both["ANL01FL"] == "Y"]
    assert not analysed.duplicated(["USUBJID", "PARAMCD", "AVISIT"]).any()
    assert (analysed["AVISIT"] != "").all()
    assert not both["AVISIT"].str.startswith("UNSCHEDULED").any()
    candidates = both[(both["ABLFL"] == "Y") | (~both["BEFORE"] & (both["AVISIT"] != ""))]
    assert candidates.groupby(["USUBJID", "PARAMCD", "AVISIT"]).ngroups == len(analysed)
    unscheduled = both["VISIT"].str.startswith("UNSCHEDULED")
    assert (both.loc[unscheduled, ["ANL02FL", "ANL03FL"]] == "Y").any().all()


def test_worst_grades_are_the_highest_of_each_subject(both: pd.DataFrame) -> None:
    for flag, grade in (("ANL02FL", "ATOXGRL"), ("ANL03FL", "ATOXGRH")):
        on = both[(both["ONTRTFL"] == "Y") & (both[grade] != "")]
        highest = on.groupby(["USUBJID", "PARAMCD"])[grade].max()
        flagged = both[both[flag] == "Y"].set_index(["USUBJID", "PARAMCD"])[grade]
        assert flagged.index.is_unique
        assert flagged.sort_index().equals(highest.sort_index())


def test_peaks_and_potential_hys_law_are_those_of_the_treatment_period(
    written: pd.DataFrame, derived: pd.DataFrame, adsl: pd.DataFrame
) -> None:
    on = derived[derived["ONTRTFL"] == "Y"]
    multiple = pd.to_numeric(on["LBORRES"]) / pd.to_numeric(on["LBORNRHI"])
    peak = multiple.groupby([on["PARAMCD"], on["USUBJID"]]).max()
    for code, test in PEAKS.items():
        ours = written[written["PARAMCD"] == code].set_index("USUBJID")["AVAL"]
        assert set(ours.index) == set(peak[test].index)
        assert ((ours - peak[test]).abs() < 1e-9).all()
    dosed = adsl.index[adsl["TRTSDT"].notna()]
    alt, ast, bili, alp = (peak[test].reindex(dosed).round(9) for test in ("ALT", "AST", "BILI", "ALP"))
    known = alt.notna() & ast.notna() & bili.notna() & alp.notna()
    yes = (alt.ge(3) | ast.ge(3)) & bili.gt(2) & alp.lt(2)
    told = written[written["PARAMCD"] == "HYSLAW"].set_index("USUBJID")["AVALC"]
    assert set(told.index) == set(dosed)
    assert told[known[known].index].eq(yes[known].map({True: "Y", False: "N"})).all()
    assert (told[known[~known].index] == "").all()
    assert (told == "Y").sum() > 3


def test_worst_grades_resemble_the_published_ones(written: pd.DataFrame) -> None:
    """Percent with grade 3 or 4: platelets 76 and 99, hemoglobin 40 and 70, ALT 4 and 4 (figures from memory)."""

    def severe(flag: str, grade: str, test: str) -> pd.Series:
        worst = written[(written[flag] == "Y") & (written["PARAMCD"] == test)]
        return worst[grade].ge("3").groupby(worst["TRT01AN"]).mean() * 100

    platelets, hemoglobin = severe("ANL02FL", "ATOXGRL", "PLAT"), severe("ANL02FL", "ATOXGRL", "HGB")
    assert platelets[1] > 70
    assert platelets[2] > platelets[1]
    assert 35 < hemoglobin[1] < hemoglobin[2]
    assert (severe("ANL03FL", "ATOXGRH", "ALT") < 10).all()
