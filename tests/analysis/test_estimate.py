"""Estimates, and the reasons why there are none."""

from sdtm2adam.analysis.estimate import Estimate, not_estimable, too_small


def test_a_limit_has_a_status_of_its_own():
    reached = Estimate(estimate=7.7, lower=6.0)
    assert (reached.status, reached.lower_status, reached.upper_status) == ("OK", "OK", "NE")


def test_without_a_number_the_limits_share_the_reason():
    nothing, small = not_estimable("no events"), too_small(3, 30)
    assert (nothing.status, nothing.lower_status, nothing.upper_status) == ("NE", "NE", "NE")
    assert (small.status, small.lower_status, small.upper_status) == ("NC", "NC", "NC")


def test_the_size_rule_looks_at_each_arm_and_at_the_events_of_both():
    assert too_small(5, 5) is None
    assert too_small(4, 50).status == "NC"
    assert too_small(50, 4).status == "NC"
    assert too_small(50, 50, events=9).reason == "fewer than 10 events"
    assert too_small(50, 50, events=10) is None
    assert too_small(2, 2, events=1, min_subjects=2, min_events=1) is None
