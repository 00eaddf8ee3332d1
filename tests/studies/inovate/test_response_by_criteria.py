"""ADRESP: the trial's criteria beside what investigator and committee recorded, and why they differ where they do."""

from pathlib import Path

import pandas as pd
import pytest


@pytest.fixture(scope="module")
def adresp(adam):
    return adam("ADRESP")


def test_each_assessment_with_a_marrow_up_to_new_therapy_is_judged(adresp, sdtm, adam):
    lb, adsl = sdtm("LB"), adam("ADSL")
    marrow = lb[lb["LBTESTCD"].isin(["BLASTCE", "CELLULAR"])][["USUBJID", "LBDTC"]].drop_duplicates()
    marrow = marrow.merge(adsl[["USUBJID", "RANDDT", "NEWTRTDT", "HSCTDT"]], on="USUBJID")
    day = pd.to_datetime(marrow["LBDTC"].str[:10])
    end = marrow[["NEWTRTDT", "HSCTDT"]].apply(pd.to_datetime).min(axis=1)
    judged = marrow[(day > pd.to_datetime(marrow["RANDDT"])) & ~(day >= end)]
    assert len(adresp) == len(judged)
    assert set(adresp["USUBJID"]) == set(judged["USUBJID"])


def test_remission_and_relapse_are_those_of_the_investigator(adresp):
    for response in ("CR", "CRi", "RELAPSED DISEASE FROM CR"):
        assert ((adresp["AVALC"] == response) == (adresp["INVRESP"] == response)).all()


def test_each_difference_to_the_investigator_has_its_reason(adresp):
    """Blood and disease elsewhere beside an empty marrow; 99 % cannot be a quarter more; rounding of a half."""
    differs = adresp[adresp["AGRINVFL"] == "N"]
    assert 0 < len(differs) < 0.05 * len(adresp)
    assert (differs["AVALC"] == "TREATMENT FAILURE").all()
    for response, row in zip(differs["INVRESP"], differs.to_dict("records"), strict=True):
        if response == "INDETERMINATE RESPONSE":
            assert row["PBLAST"] > 0 or row["EMD"] == "PRESENT"
        elif response == "PD":
            assert row["MARROW"] == 99
        else:
            assert (response, row["MARROW"] > 5) == ("PR", True)


def test_the_page_tells_how_many_differ(adresp):
    page = (Path(__file__).parents[3] / "docs" / "response.md").read_text(encoding="utf-8")
    agree = (adresp["AGRINVFL"] == "Y").sum()
    assert f"{agree} of {len(adresp)} assessments" in page
    told = {"aplasia": "INDETERMINATE RESPONSE", "progression": "PD", "partial response": "PR"}
    counts = adresp.loc[adresp["AGRINVFL"] == "N", "INVRESP"].value_counts()
    for words, response in told.items():
        assert f"| {words} | resistant disease | {counts[response]} |" in page
    assert counts.sum() == len(adresp) - agree


def test_each_response_says_why_and_names_records(adresp, sdtm):
    assert adresp["RESPWHY"].str.len().between(1, 200).all()
    named = adresp.loc[adresp["AVALC"] != "NE", "RESPREC"]
    assert named.str.fullmatch(r"(LB|RS|CP) \d+(, (LB|RS|CP) \d+)*").all()
    first = adresp[adresp["AVALC"] == "CR"].iloc[0]
    numbers = [int(one.split()[1]) for one in first["RESPREC"].split(", ") if one.startswith("LB")]
    lb = sdtm("LB")
    found = lb[(lb["USUBJID"] == first["USUBJID"]) & lb["LBSEQ"].isin(numbers)]
    assert set(found["LBTESTCD"]) == {"BLASTCE", "BLAST", "NEUT", "PLAT"}


def test_mrd_is_negative_below_one_in_ten_thousand_in_remission_only(adresp):
    negative = adresp[adresp["MRDSTAT"] == "NEGATIVE"]
    assert len(negative) > 50
    assert (negative["MRD"] < 0.01).all()
    assert (negative["REMFL"] == "Y").all()
    assert (adresp.loc[adresp["MRDSTAT"] == "POSITIVE", "MRD"] >= 0.01).all()
