"""Random streams are laid out per subject; laws are inverse functions of one uniform number."""

import numpy as np
import pytest
from scipy import stats

from sdtm2adam.simulate import streams
from sdtm2adam.simulate.streams import Streams


def test_any_part_of_a_stream_is_a_part_of_the_whole() -> None:
    whole = Streams(5).uniform("stage", 50, 7)
    assert np.array_equal(Streams(5).uniform("stage", 20, 7, start=13), whole[13:33])


def test_stages_and_seeds_do_not_share_numbers() -> None:
    draws = [Streams(seed, prefix).uniform(name, 100, 4) for seed in (1, 2) for prefix in ("", "p") for name in "ab"]
    assert len({each.tobytes() for each in draws}) == 8


def test_uniform_numbers_are_strictly_inside() -> None:
    u = Streams(1).uniform("stage", 100_000, 1)
    assert u.min() > 0
    assert u.max() < 1
    assert stats.kstest(u[:, 0], "uniform").pvalue > 0.001


@pytest.mark.parametrize(
    ("drawn", "law"),
    [
        (lambda u: streams.normal(u), stats.norm()),
        (lambda u: streams.exponential(u, 3.0), stats.expon(scale=3.0)),
        (lambda u: streams.lognormal(u, 2.0, 0.5), stats.lognorm(0.5, scale=2.0)),
    ],
)
def test_a_law_is_the_inverse_of_its_distribution(drawn: object, law: object) -> None:
    u = np.array([0.001, 0.2, 0.5, 0.9, 0.999])
    assert drawn(u) == pytest.approx(law.ppf(u))


def test_whole_numbers_include_both_ends() -> None:
    assert streams.whole(np.array([1e-12, 1 - 1e-12]), 3, 5).tolist() == [3, 5]
