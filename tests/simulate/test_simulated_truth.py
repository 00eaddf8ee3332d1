"""The truth of a trial obeys the laws of the disease course, whatever the seed."""

import numpy as np
import pytest

from sdtm2adam.errors import UsageError
from sdtm2adam.simulate import simulate_trial
from sdtm2adam.simulate.truth import Trial


@pytest.fixture(scope="module")
def large() -> Trial:
    return simulate_trial(5000, 3)


def test_a_longer_trial_begins_with_the_shorter_one() -> None:
    short, long = simulate_trial(326, 9).truth, simulate_trial(1000, 9).truth
    assert all(np.array_equal(short[name], long[name][:326]) for name in short)


def test_death_is_not_before_any_other_event(large: Trial) -> None:
    truth = large.truth
    for name in ("response_day", "hsct_day", "vod_day", "new_therapy_day", "pfs_event_day", "remission_end_day"):
        happened = np.isfinite(truth[name])
        assert (truth[name][happened] <= truth["death_day"][happened]).all(), name


def test_transplant_directly_after_remission_follows_the_response(large: Trial) -> None:
    direct = large.truth["hsct_direct"]
    assert direct.any()
    assert (large.truth["hsct_day"][direct] > large.truth["response_day"][direct]).all()


def test_vod_after_transplant_begins_within_57_days(large: Trial) -> None:
    after = np.isfinite(large.truth["vod_day"]) & np.isfinite(large.truth["hsct_vod_day"])
    delay = large.truth["vod_day"][after] - large.truth["hsct_day"][after]
    assert delay.min() >= 3
    assert delay.max() <= 57


def test_only_treated_subjects_respond_and_only_responders_are_mrd_negative(large: Trial) -> None:
    truth = large.truth
    assert not (truth["responder"] & ~truth["treated"]).any()
    assert not (truth["mrd_negative"] & ~truth["responder"]).any()
    assert (truth["cycles"][truth["treated"]] >= 1).all()
    assert (truth["cycles"][~truth["treated"]] == 0).all()


def test_a_response_falls_in_a_cycle_that_was_given(large: Trial) -> None:
    truth = large.truth
    assert (truth["response_cycle"] <= truth["cycles"])[truth["responder"]].all()


def test_blocks_of_four_balance_the_arms_in_each_stratum(large: Trial) -> None:
    arm, stratum = large.truth["arm"], large.truth["stratum"]
    sums = [np.cumsum(1 - 2 * arm[stratum == s]) for s in range(8)]
    assert max(np.abs(each).max() for each in sums) <= 2
    assert all((each[3::4] == 0).all() for each in sums)


def test_a_trial_without_subjects_is_refused() -> None:
    with pytest.raises(UsageError, match="at least one subject"):
        simulate_trial(0)


def test_a_trial_of_one_subject_is_drawn() -> None:
    assert simulate_trial(1, 4).subjects == 1


def test_the_truth_as_a_frame_has_one_row_per_subject(large: Trial) -> None:
    frame = large.frame
    assert len(frame) == large.subjects == 5000
    assert {"arm", "response_day", "death_day", "assessment_days_1", "assessment_days_6"} <= set(frame.columns)
