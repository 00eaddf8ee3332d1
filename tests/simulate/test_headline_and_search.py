"""The headline numbers are near the published ones, and the quick statistics are right."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.duration.hazard_regression import PHReg

from sdtm2adam.simulate import REFERENCE_SEED, headline, simulate_trial
from sdtm2adam.simulate.headline import read_targets
from sdtm2adam.simulate.quick import hazard_ratio, kaplan_meier, median_days, survival_at
from sdtm2adam.simulate.search import search_seeds, seed_loss
from sdtm2adam.simulate.truth import Trial, count_arms


def test_the_published_numbers_lie_within_the_spread_of_simulated_trials() -> None:
    trials = [headline(simulate_trial(326, seed))["simulated"] for seed in range(1, 31)]
    many = pd.concat(trials, axis=1)
    z = (headline(simulate_trial(326, 1))["published"] - many.mean(axis=1)) / many.std(axis=1)
    assert z.abs().max() < 2.5


def test_the_reference_trial_resembles_the_publication(trial: Trial) -> None:
    assert count_arms(trial.truth) == (164, 162)
    table = headline(trial).merge(read_targets(), on=["measure", "arm", "published"])
    chosen = table[table["in_search"]]
    distance = ((chosen["simulated"] - chosen["published"]) / chosen["spread"]).abs()
    assert len(chosen) == 32
    assert distance.max() < 1.5


def test_the_search_finds_the_loss_of_the_reference_seed() -> None:
    found = list(search_seeds(REFERENCE_SEED, 1))
    assert [seed for seed, _ in found] == [REFERENCE_SEED]
    assert found[0][1] == pytest.approx(10.68, abs=0.005)


def test_a_seed_with_other_arm_sizes_is_no_candidate() -> None:
    seeds = [seed for seed in range(30) if count_arms(simulate_trial(326, seed).truth) != (164, 162)]
    assert seeds
    assert seed_loss(seeds[0], {}) == np.inf


@pytest.fixture
def survival() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """300 subjects with ties, two arms, three strata."""
    rng = np.random.default_rng(3)
    arm, stratum = rng.integers(0, 2, 300), rng.integers(0, 3, 300)
    days = np.ceil(rng.exponential(60 + 30 * arm + 20 * stratum))
    return days, rng.random(300) < 0.7, arm, stratum


def test_hazard_ratio_is_that_of_statsmodels(survival: tuple[np.ndarray, ...]) -> None:
    days, event, arm, stratum = survival
    for strata in (None, stratum):
        model = PHReg(days, (arm == 0).astype(float)[:, None], event.astype(int), strata=strata, ties="breslow")
        assert hazard_ratio(days, event, arm, strata) == pytest.approx(np.exp(model.fit().params[0]), rel=1e-6)


def test_product_limit_estimate_and_median_by_hand() -> None:
    # time 1 2 2 3 4; the second subject at 2 is censored
    days, event = np.array([1.0, 2.0, 2.0, 3.0, 4.0]), np.array([True, True, False, True, True])
    times, survival = kaplan_meier(days, event)
    assert times.tolist() == [1, 2, 3, 4]
    assert survival == pytest.approx([0.8, 0.6, 0.3, 0.0])
    assert median_days(days, event) == 3
    assert survival_at(days, event, 2.5) == pytest.approx(0.6)
    assert survival_at(days, event, 0.5) == 1


def test_median_not_reached_is_missing() -> None:
    assert np.isnan(median_days(np.array([1.0, 2.0, 3.0]), np.array([True, False, False])))


def test_one_arm_has_no_hazard_ratio() -> None:
    assert np.isnan(hazard_ratio(np.array([1.0, 2.0]), np.array([True, True]), np.array([0, 0])))
