"""Of planted errors 98 % are found, with at most one false alarm in 1,000 records, and none in a clean export."""

from pathlib import Path

import pytest
from edit_check_recall import BUNDLED, OWN, edit_checks, false_alarms, named, records_of, said, weighty
from mess_recall import reported
from messy_study import MessyStudy

from sdtm2adam.validate.sql.check import read_edit_checks
from sdtm2adam.validate.sql.examples import edit_check_examples, self_test

OF_EDIT_CHECKS = {
    "wrong-visit", "duplicate", "dose-unit", "last-dose", "death-date", "fatal-event", "screened-twice",
    "central-sample", "committee",
}  # fmt: skip
"""Kinds that edit checks find alone, without what the build says."""


def judge(study: MessyStudy) -> None:
    clean, messy = said(study, "clean"), said(study, "messy")
    assert not [(one.rule, one.key, one.value) for one in weighty(clean)]
    build = reported(study)
    everyone = {record for one in build.values() for record in one.planted}
    missed = {record for one in build.values() for record in one.missed} - named(messy, everyone)
    assert len(missed) <= 0.02 * len(everyone), sorted(missed)
    own = {kind: one.planted for kind, one in build.items() if kind in OF_EDIT_CHECKS}
    assert len(own) >= 7
    shares = {kind: len(named(messy, planted)) / len(planted) for kind, planted in own.items()}
    assert min(shares.values()) >= 0.98, shares
    alarms = false_alarms(study, weighty(messy))
    assert len(alarms) <= records_of(study) / 1_000, [(one.rule, one.key, one.value) for one in alarms]


@pytest.mark.parametrize("name", sorted(path.name for path in OWN.glob("*.yaml")))
def test_each_edit_check_of_the_trial_tells_its_examples_apart(name: str) -> None:
    checks = [check for check in read_edit_checks(OWN) if check.source.startswith(f"{name}:")]
    tried = self_test(checks, edit_check_examples(OWN))
    assert tried.tried > 0
    assert not tried.faults


def test_the_trial_has_its_edit_checks_and_each_asks_the_site() -> None:
    checks = read_edit_checks(OWN)
    assert len(checks) >= 50
    assert not [check.id for check in checks if not check.asks]


def test_no_file_of_the_trial_hides_bundled_checks() -> None:
    own, bundled = ({path.name for path in folder.glob("*.yaml")} for folder in (OWN, BUNDLED))
    assert own
    assert not own & bundled
    assert len(edit_checks()) == len(read_edit_checks(OWN)) + len(read_edit_checks(BUNDLED))


@pytest.mark.long
def test_planted_errors_are_found_with_few_false_alarms(tmp_path: Path) -> None:
    judge(MessyStudy(tmp_path, subjects=40, seed=610, mess_seed=61, adam=False, keep_raw=True))


@pytest.mark.long
@pytest.mark.parametrize(("seed", "mess_seed"), [(7001, 71), (7002, 72), (7003, 73)])
def test_planted_errors_of_other_seeds_are_found_too(tmp_path: Path, seed: int, mess_seed: int) -> None:
    judge(MessyStudy(tmp_path, subjects=326, seed=seed, mess_seed=mess_seed, keep_raw=True))
