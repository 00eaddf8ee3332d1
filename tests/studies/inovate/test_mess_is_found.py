"""Every kind of planted mess is reported, normalised or kept, record by record, and nothing else is said."""

from pathlib import Path

import pytest
from mess_recall import SAID_BY, Recall, as_expected, false_alarms, reported
from messy_study import MessyStudy

from sdtm2adam.simulate import FORMS, KINDS

WAITING = {"unit-mix-chemistry": "LB_CHEM", "open-query": "QUERIES"}
"""Kinds whose form the export may not have yet."""


TRUE_OF_THE_CLEAN_EXPORT = {"raw-too-long"}
"""Deviations are told in more than 200 characters there too."""


def judge(study: MessyStudy) -> None:
    assert {issue.rule for issue in study.clean.issues if issue.severity != "note"} <= TRUE_OF_THE_CLEAN_EXPORT
    told, rest = reported(study), as_expected(study)
    assert all(recall.share >= 0.99 for recall in told.values()), missed(told)
    assert not missed(rest)
    everyone = sum(len(recall.planted) for recall in told.values())
    assert sum(len(recall.missed) for recall in told.values()) <= 0.01 * everyone, missed(told)
    planted = {kind.name for kind in KINDS} - {"drift"} - {k for k, form in WAITING.items() if form not in FORMS}
    assert set(told) | set(rest) == planted
    assert set(told) == planted & set(SAID_BY)
    assert not false_alarms(study)


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
