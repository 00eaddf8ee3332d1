"""Defects planted into a conforming study: each is told, of its dataset, variable and subject, under its own rule."""

from collections.abc import Mapping

import planted_adam
import planted_results
import planted_sdtm
import planted_subjects
import pytest
from planted_defects import Defect, Planted, Told, told

from sdtm2adam.model import Dataset
from sdtm2adam.validate.examine import Checks, examine, read_checks

PLANTED = {
    "sdtm": planted_subjects.DEFECTS + planted_sdtm.DEFECTS,
    "adam": planted_adam.DEFECTS + planted_results.DEFECTS,
}
CONCERNED = (
    "DM", "SUPPDM", "DS", "SE", "SV", "TA", "TE", "TI", "TS", "TV", "AE", "SUPPAE", "CM", "SUPPCM", "EX", "LB", "MH",
    "VS", "RELREC", "ADSL", "ADAE", "ADLB", "ADEG", "ADTTE", "ADRS",
)  # fmt: skip
"""The datasets that are planted into, and those they lead to."""


@pytest.fixture(scope="module")
def conforming(small_trial: Mapping[str, Dataset]) -> dict[str, Dataset]:
    """The small trial, without datasets that nothing is planted into."""
    return {name: small_trial[name] for name in CONCERNED}


@pytest.fixture(scope="module")
def checks() -> Checks:
    return read_checks()


@pytest.fixture(scope="module")
def subjects() -> dict[str, dict[str, str]]:
    """Of each stage and defect the subject into whose records it was planted."""
    return {stage: {} for stage in PLANTED}


@pytest.fixture(scope="module")
def tellings(
    conforming: Mapping[str, Dataset], checks: Checks, subjects: dict[str, dict[str, str]]
) -> dict[str, set[Told]]:
    """What is told of a copy with the defects of a stage. What both copies tell is no matter of what was planted."""
    all_told = {}
    for stage, defects in PLANTED.items():
        copy = Planted(conforming)
        subjects[stage] |= {defect.name: defect.plant(copy) for defect in defects}
        all_told[stage] = told(examine(copy.with_rows(), checks).report.issues)
    both = all_told["sdtm"] & all_told["adam"]
    return {stage: found - both for stage, found in all_told.items()}


@pytest.mark.parametrize(
    ("stage", "defect"),
    [pytest.param(stage, one, id=f"{stage}: {one.name}") for stage, defects in PLANTED.items() for one in defects],
)
def test_a_planted_defect_is_told_under_its_rule(
    stage: str, defect: Defect, tellings: dict[str, set[Told]], subjects: dict[str, dict[str, str]]
) -> None:
    subject = subjects[stage][defect.name]
    near = [one for one in tellings[stage] if one.dataset == defect.dataset and subject in one.where]
    rules = {one.rule for one in near if one.variable == defect.variable}
    assert defect.rule in rules, sorted((one.rule, one.variable) for one in near)


def test_at_least_forty_defects_are_planted_into_each_stage() -> None:
    assert all(len({one.name for one in defects}) >= 40 for defects in PLANTED.values())
