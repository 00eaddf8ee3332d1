"""Kaplan-Meier: the curve, its quantiles, its landmarks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdtm2adam.analysis.survival import (
    at_risk,
    band,
    follow_up,
    kaplan_meier,
    quantile,
    rate_difference,
    restricted_mean,
    survival_rate,
)
from sdtm2adam.errors import UsageError

trials = st.lists(st.tuples(st.integers(1, 12), st.booleans()), min_size=1, max_size=40)


def curve(text):
    """A curve of times as a listing prints them: `7` an event, `7+` censored."""
    times = text.split()
    return kaplan_meier([float(t.rstrip("+")) for t in times], [not t.endswith("+") for t in times])


def three(estimate):
    return estimate.estimate, estimate.lower, estimate.upper


def test_a_curve_steps_at_events_and_keeps_the_censored_at_risk_until_their_time():
    km = curve("1 2 2 2+ 3+ 5")
    assert km.time.tolist() == [1, 2, 3, 5]
    assert km.at_risk.tolist() == [6, 5, 2, 1]
    assert km.events.tolist() == [1, 2, 0, 1]
    assert km.censored.tolist() == [0, 1, 1, 0]
    assert km.survival == pytest.approx([5 / 6, 1 / 2, 1 / 2, 0])
    assert km.variance[0] == pytest.approx(5 / 6 * 1 / 6 / 6)  # the binomial variance, as long as none is censored
    assert np.isnan(km.variance[3])


@given(trials)
def test_the_order_of_the_subjects_does_not_matter(trial):
    forth, back = (
        kaplan_meier([t for t, _ in subjects], [e for _, e in subjects]) for subjects in (trial, trial[::-1])
    )
    for name in ("time", "at_risk", "events", "censored", "survival", "variance"):
        assert np.array_equal(getattr(forth, name), getattr(back, name), equal_nan=True)


@given(st.lists(st.integers(1, 12), min_size=1, max_size=40))
def test_without_censoring_the_curve_is_the_share_still_without_the_event(times):
    km = kaplan_meier(times, [True] * len(times))
    assert km.survival == pytest.approx([np.mean(np.array(times) > t) for t in km.time], abs=1e-12)


@given(trials)
def test_limits_hold_their_quantile(trial):
    km = kaplan_meier([t for t, _ in trial], [e for _, e in trial])
    for q in (0.25, 0.5, 0.75):
        point, lower, upper = three(quantile(km, q))
        assert point is None or lower is None or lower <= point
        assert point is None or upper is None or point <= upper
        assert upper is None or point is not None


def test_a_median_at_exactly_one_half_is_the_midpoint_to_the_next_event():
    assert quantile(curve("1 2 3 4"), 0.5).estimate == 2.5
    assert quantile(curve("1 2 3+ 4"), 0.5).estimate == 3
    assert quantile(curve("1 2 3+ 9+"), 0.5).estimate == 5.5  # no event follows: the last observed time


def test_a_median_at_one_half_but_for_binary_noise_is_the_midpoint_too():
    km = curve(" ".join(str(t) for t in range(1, 11)))  # 9/10 * 8/9 * ... is not 0.5 to the last bit
    assert quantile(km, 0.5).estimate == 5.5


def test_a_median_not_reached_is_not_estimable_but_may_have_a_lower_limit():
    # quantile(survfit(Surv(1:8, c(1, 1, 1, 0, 0, 0, 0, 0)) ~ 1, conf.type = "log-log"), 0.5): NA, lower 1, upper NA
    median = quantile(curve("1 2 3 4+ 5+ 6+ 7+ 8+"), 0.5)
    assert (median.status, median.reason, three(median)) == ("NE", "quantile not reached", (None, 1.0, None))
    assert (median.lower_status, median.upper_status) == ("OK", "NE")


@pytest.mark.parametrize(("text", "reason"), [("", "no subjects"), ("1+ 2+", "no events")])
def test_a_median_without_subjects_or_events_is_not_estimable(text, reason):
    median = quantile(curve(text), 0.5)
    assert (median.status, median.reason, three(median)) == ("NE", reason, (None, None, None))


@pytest.mark.bad_input("B094")
def test_a_single_event_has_a_median_without_limits():
    assert three(quantile(curve("4"), 0.5)) == (4.0, None, None)


@pytest.mark.parametrize("q", [0, 1, 50])
def test_a_quantile_is_asked_for_as_a_fraction(q):
    with pytest.raises(UsageError, match="q = "):
        quantile(curve("1 2"), q)


def test_a_rate_before_the_first_event_is_one_without_limits():
    rate = survival_rate(curve("1+ 5 6 7+"), 3)
    assert (rate.status, three(rate)) == ("OK", (1.0, None, None))
    assert (rate.lower_status, rate.upper_status) == ("NE", "NE")
    assert three(survival_rate(curve("5 6 7+"), 3)) == (1.0, None, None)


def test_a_rate_after_the_last_observed_time_is_not_carried_forward():
    assert survival_rate(curve("1 2 3+"), 3).estimate == pytest.approx(1 / 3)
    beyond = survival_rate(curve("1 2 3+"), 3.1)
    assert (beyond.status, beyond.reason, three(beyond)) == ("NE", "after the last observed time", (None, None, None))
    assert survival_rate(curve("1+ 2+"), 3).status == "NE"


def test_a_rate_after_all_have_had_the_event_is_zero_without_limits():
    assert three(survival_rate(curve("1 2 3"), 3)) == (0.0, None, None)
    assert three(survival_rate(curve("1 2 3"), 99)) == (0.0, None, None)


def test_a_rate_at_an_event_time_counts_the_event():
    assert [survival_rate(curve("1 2 3 4"), t).estimate for t in (1.9, 2)] == [0.75, 0.5]


def test_a_rate_without_subjects_is_not_estimable():
    assert survival_rate(curve(""), 1).reason == "no subjects"


def test_a_difference_of_rates_is_treatment_minus_control():
    effect = rate_difference(curve("2 4 6 8"), curve("1 2 6 8"), 3)
    half = 1.959963984540054 * np.sqrt(0.75 * 0.25 / 4 + 0.5 * 0.5 / 4)
    assert three(effect) == pytest.approx((0.25, 0.25 - half, 0.25 + half))


def test_a_difference_is_not_estimable_where_a_rate_is_not():
    assert rate_difference(curve("1 2 3+"), curve("1 2 9"), 5).status == "NE"
    assert rate_difference(curve("1 2 9"), curve(""), 5).status == "NE"


def test_a_difference_has_no_limits_where_a_rate_has_none():
    effect = rate_difference(curve("5 6 7"), curve("1 2 9"), 3)
    assert (effect.status, three(effect)) == ("OK", (pytest.approx(2 / 3), None, None))


def test_follow_up_turns_events_and_censorings_round():
    assert follow_up([5, 1, 6, 7], [0, 1, 0, 0]).estimate == 6
    assert follow_up([1, 2], [1, 1]).status == "NE"
    assert follow_up([], []).status == "NE"


def test_at_risk_counts_subjects_at_or_after_the_tick():
    assert at_risk([1, 2, 2, 3], [0, 1, 2, 2.5, 3, 4]).tolist() == [4, 4, 3, 1, 1, 0]
    assert at_risk([], [0, 3]).tolist() == [0, 0]


@pytest.mark.parametrize(
    ("time", "event", "message"),
    [
        ([1, np.nan], [1, 1], "1 of 2 times are missing"),
        ([1, np.inf], [1, 1], "1 of 2 times are missing"),
        ([1, 2], [1, 2], "other than 0 and 1"),
        ([1, 2], [1, np.nan], "other than 0 and 1"),
        ([1, 2], [1], "1 values of event for 2 subjects"),
    ],
)
def test_times_and_flags_that_say_nothing_are_refused(time, event, message):
    with pytest.raises(UsageError, match=message):
        kaplan_meier(time, event)


def test_the_input_is_not_changed():
    time, event = np.array([3.0, 1.0, 2.0]), np.array([1, 0, 1])
    quantile(kaplan_meier(time, event), 0.5)
    assert (time.tolist(), event.tolist()) == ([3, 1, 2], [1, 0, 1])


@pytest.mark.parametrize("scale", ["loglog", "log", "plain"])
@given(trials)
def test_a_band_holds_its_curve_and_stays_within_0_and_1(scale, trial):
    km = kaplan_meier([t for t, _ in trial], [e for _, e in trial])
    lower, upper = band(km, conf_type=scale)
    left = km.survival > 0
    assert np.isnan(lower[~left]).all()
    assert (lower[left] >= 0).all()
    assert (upper[left] <= 1).all()
    assert (lower[left] <= km.survival[left] + 1e-12).all()
    assert (km.survival[left] <= upper[left] + 1e-12).all()


def test_an_empty_curve_has_an_empty_band():
    assert [part.size for part in band(curve(""))] == [0, 0]


def test_the_first_time_is_an_alternative_to_the_midpoint():
    assert quantile(curve("1 2 3 4"), 0.5, definition="first").estimate == 2
    assert quantile(curve("1 2 3+ 4"), 0.5, definition="first").estimate == 2
    assert follow_up([1, 2, 3, 4], [0, 0, 0, 0], definition="first").estimate == 2


def test_a_restricted_mean_is_the_area_under_the_curve():
    assert restricted_mean(curve("1 2 3 4"), 4).estimate == 2.5
    assert restricted_mean(curve("1 2 3 4"), 2.5).estimate == pytest.approx(1 + 0.75 + 0.25)
    assert restricted_mean(curve("1 2+ 3+"), 9).estimate == pytest.approx(1 + 8 * 2 / 3)  # carried forward


def test_a_restricted_mean_without_an_event_has_no_limits_and_without_subjects_no_number():
    whole = restricted_mean(curve("1+ 5+"), 4)
    assert (whole.estimate, whole.lower_status, whole.upper_status) == (4, "NE", "NE")
    assert restricted_mean(curve("6 7"), 4).lower is None
    assert restricted_mean(curve(""), 4).status == "NE"
    for until in (0, -1, np.inf, np.nan):
        with pytest.raises(UsageError, match="until = "):
            restricted_mean(curve("1 2"), until)


@pytest.mark.parametrize("t", [-1, np.nan, np.inf])
def test_a_landmark_is_a_time(t):
    with pytest.raises(UsageError, match="t = "):
        survival_rate(curve("1 2"), t)
    with pytest.raises(UsageError, match="t = "):
        rate_difference(curve("1 2"), curve("1 3"), t)
