"""Every kind of planted mess is reported, normalised or kept, record by record, and nothing else is said."""

from pathlib import Path

import pytest
from mess_recall import SAID_BY, Recall, as_expected, false_alarms, reported
from messy_study import MessyStudy

from sdtm2adam.simulate import FORMS, KINDS

WAITING = {"unit-mix-chemistry": "LB_CHEM", "open-query": "QUERIES"}
"""Kinds whose form the export may not have yet."""


def judge(study: MessyStudy) -> None:
    assert not [issue for issue in study.clean.issues if issue.severity != "note"]
    told, rest = reported(study), as_expected(study)
    assert all(recall.share >= 0.99 for recall in told.values()), missed(told)
    assert not missed(rest)
    everyone = sum(len(recall.planted) for recall in told.values())
    assert sum(len(recall.missed) for recall in told.values()) <= 0.01 * everyone, missed(told)
    planted = {kind.name for kind in KINDS} - {"drift"} - {k for k, form in WAITING.items() if form not in FORMS}
    assert set(told) | set(rest) == planted
    assert set(told) == planted & set(SAID_BY)
    assert not false_alarms(study)
    assert_that_long_deviations_lose_no_word(study)


def assert_that_long_deviations_lose_no_word(study: MessyStudy) -> None:
    """A deviation of more than 200 characters goes on in supplemental qualifiers, cut between words, all collected."""
    told = study.forms["DV"].to_pandas().set_index("RECORDID")["DVTERM"]
    dv, supp = study.frame("messy", "DV"), study.frame("messy", "SUPPDV")
    parts = supp[supp["QNAM"].isin(["DVTERM1", "DVTERM2"])]
    assert set(parts["QORIG"]) == {"Collected"}
    more = parts.pivot(index=["USUBJID", "IDVARVAL"], columns="QNAM", values="QVAL").reset_index()
    dv = dv.assign(IDVARVAL=dv["DVSEQ"].astype(int).astype(str)).merge(more, on=["USUBJID", "IDVARVAL"], how="left")
    pieces = dv.set_index("DVSPID")[["DVTERM", "DVTERM1", "DVTERM2"]].reindex(told.index).fillna("")
    assert pieces.apply(lambda row: " ".join(part for part in row if part), axis=1).tolist() == told.tolist()
    assert told.str.len().max() > 400
    assert pieces.apply(lambda part: part.str.len()).to_numpy().max() <= 200


def missed(found: dict[str, Recall]) -> dict[str, list[object]]:
    """The records that were not dealt with as expected, by kind."""
    return {kind: sorted(recall.missed) for kind, recall in found.items() if recall.missed}


@pytest.mark.bad_input("B031", "B041", "B049", "B050", "B058", "B059", "B061", "B064", "B066", "B073")
def test_planted_errors_are_found_and_nothing_else(tmp_path: Path) -> None:
    judge(MessyStudy(tmp_path, subjects=80, seed=7, mess_seed=9, adam=False))


@pytest.mark.long
@pytest.mark.parametrize(("seed", "mess_seed"), [(321187, 1), (11, 12), (23, 5), (99, 100)])
def test_errors_of_other_seeds_are_found_too(tmp_path: Path, seed: int, mess_seed: int) -> None:
    judge(MessyStudy(tmp_path, subjects=326, seed=seed, mess_seed=mess_seed))
